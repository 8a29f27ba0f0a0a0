"""Facts in a source file: its language, what it defines, what it says of itself."""

import ast
import re
from pathlib import PurePosixPath
from typing import NamedTuple


class Definition(NamedTuple):
    """A function, class or type."""

    kind: str
    name: str
    line: int
    length: int
    """Lines from its first to its last."""
    doc: str = ""
    """First line of its docstring."""
    indent: int = 0


_LANGUAGES = {
    "py": "python", "pyi": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "jsx",
    "ts": "typescript", "tsx": "tsx", "rs": "rust", "go": "go", "java": "java", "rb": "ruby", "c": "c", "h": "c",
    "cpp": "cpp", "hpp": "cpp", "cs": "csharp", "php": "php", "swift": "swift", "kt": "kotlin", "sh": "bash",
    "toml": "toml", "json": "json", "yaml": "yaml", "yml": "yaml", "md": "markdown", "css": "css", "html": "html",
    "sql": "sql", "lua": "lua", "ini": "ini", "cfg": "ini", "xml": "xml",
}  # fmt: skip
_DATA = {"toml", "json", "yaml", "markdown", "css", "html", "ini", "xml", "sql"}
_DEFINES = re.compile(
    r"^(?P<indent>[ \t]*)(?:export\s+|default\s+|public\s+|private\s+|protected\s+|static\s+|async\s+|"
    r"abstract\s+|final\s+|"
    r"pub(?:\([\w:]+\))?\s+|unsafe\s+|const\s+(?=fn)|extern\s+\"C\"\s+)*"
    r"(?:(?P<kind>function|class|def|fn|func|struct|enum|trait|impl|interface|module|"
    r"type)\b\*?\s+(?:\([^)]*\)\s*)?(?P<name>[\w$]+)"
    r"|(?:const|let|var)\s+(?P<arrow>[\w$]+)\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>|[\w$]+\s*=>))",
    re.M,
)
_FUNCTIONS = ("function", "async function", "method", "def", "fn", "func")


def language(path: str) -> str:
    """The fence language of `path`, empty when unknown."""
    name = PurePosixPath(path).name.lower()
    special = {"makefile": "make", "dockerfile": "dockerfile", "go.mod": "go"}
    return special.get(name) or _LANGUAGES.get(PurePosixPath(path).suffix.lower().lstrip("."), "")


def is_source(path: str) -> bool:
    """True for program text, false for data and prose."""
    known = language(path)
    return bool(known) and known not in _DATA


def definitions(path: str, text: str) -> list[Definition]:
    """What `text` defines, in its order: by syntax for Python, by its lines' beginnings for others."""
    if language(path) == "python":
        try:
            return sorted(_python(ast.parse(text)), key=lambda d: d.line)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return _by_lines(text) if is_source(path) else []


def functions(found: list[Definition]) -> list[Definition]:
    """The functions and methods among `found`, the longest first."""
    return sorted((d for d in found if d.kind in _FUNCTIONS), key=lambda d: (-d.length, d.line))


def opening(path: str, text: str) -> str:
    """What a source says of itself first: the module docstring or the leading comment, on one line."""
    if language(path) == "python":
        try:
            doc = ast.get_docstring(ast.parse(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            doc = None
        if doc:
            return " ".join(doc.split("\n\n")[0].split())
    taken: list[str] = []
    for line in text.splitlines()[:40]:
        match = re.match(r"\s*(?:#(?!!)|//[/!]?|/\*\*?|\*(?!/)|--|;;?)\s?(.*?)(?:\*/)?$", line)
        if match and match[1].strip() and "coding:" not in line:
            taken.append(match[1].strip())
        elif taken or (line.strip() and not match and not line.startswith("#!")):
            break
    return " ".join(taken)


def _python(tree: ast.Module) -> list[Definition]:
    found: list[Definition] = []

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                kind = "class" if isinstance(child, ast.ClassDef) else "method" if prefix else "function"
                doc = (ast.get_docstring(child) or "").split("\n")[0]
                length = (child.end_lineno or child.lineno) - child.lineno + 1
                found.append(Definition(kind, prefix + child.name, child.lineno, length, doc, child.col_offset))
                visit(child, f"{prefix}{child.name}." if kind == "class" else prefix)
            elif isinstance(child, ast.If | ast.Try):
                visit(child, prefix)

    visit(tree, "")
    return found


def _by_lines(text: str) -> list[Definition]:
    lines, found = text.splitlines(), []
    for match in _DEFINES.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        kind, name = match["kind"] or "function", match["name"] or match["arrow"]
        indent = len(match["indent"].expandtabs(4))
        found.append(Definition(kind, name, line, _extent(lines, line - 1, indent), "", indent))
    return found


def _extent(lines: list[str], start: int, indent: int) -> int:
    """Lines of a definition: to the brace that closes it, else to the next line that is not deeper."""
    depth, opened = 0, False
    for offset, line in enumerate(lines[start:], 1):
        depth += line.count("{") - line.count("}")
        opened = opened or "{" in line
        if opened and depth <= 0:
            return offset
        shallow = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()) <= indent
        if not opened and offset > 1 and line.strip() and shallow:
            return offset if line.strip() in ("end", ")") else offset - 1
    return len(lines) - start
