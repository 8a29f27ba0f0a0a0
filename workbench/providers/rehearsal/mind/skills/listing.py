"""List files: all, in a folder, of a kind, by pattern."""

import re
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.evidence.tree import tree_of
from workbench.providers.rehearsal.mind.markdown import code, count
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import said
from workbench.providers.rehearsal.mind.steps import Answer, Plan

SHOWN = 60
"""Names shown at most."""
_KINDS = {
    "python": "*.py", "javascript": "*.js", "typescript": "*.ts", "markdown": "*.md", "rust": "*.rs", "go": "*.go",
    "json": "*.json", "toml": "*.toml", "yaml": "*.y*ml", "text": "*.txt", "html": "*.html", "css": "*.css",
    "shell": "*.sh", "java": "*.java", "ruby": "*.rb", "log": "*.log", "csv": "*.csv",
    "test": "*test*", "image": "*.png",
}  # fmt: skip
_THINGS = r"(?:files?|folders?|director(?:y|ies)|modules?|tests?|scripts?|images?|logs?|documents?|names|contents?)"


class List:
    """Names, without opening anything."""

    def matches(self, request: Request) -> bool:
        if request.match(r"^(ls|tree|dir|list|enumerate)\b"):
            return not request.match(r"\b(function|class|todo|depend|decision|finding|question)")
        if request.match(r"^what(?:'s| is| are) (?:in|inside|under)\b"):
            return bool(_folder(request)) and not _file(_folder(request))
        asks = request.match(rf"^(show|which|what|how many|count|give|are there|find|tell)\b[^.?!]*\b{_THINGS}\b")
        if not asks or request.quoted or any(_file(path) for path in request.paths):
            return False
        if request.match(
            r"\b(contain|mention|use|import|say|changed|project|define|declare|implement|call|"
            r"larg|long)\w*\b"
        ):
            return False
        every = rf"\b(all|every|how many|the|any|which|what)\s+(?:the\s+|of the\s+|other\s+)?{_THINGS}\b[\w ]*"
        return bool(_pattern(request) or request.match(rf"{every}(in|are|do|does|here|there|exist|$|\?)"))

    def plan(self, request: Request) -> Plan:
        base = next((path.rstrip("/") for path in request.paths if "*" not in path and not _file(path)), "") or _folder(
            request
        )
        pattern = _pattern(request) or "**/*"
        listing = (yield opening(request, f"I will list {code(pattern)}.", glob(pattern, base)))[1]
        tree = tree_of((listing,), request.talk, generated=True)
        paths = tree.files or tree.paths
        where = f" in {code(base + '/')}" if base else ""
        yield closing(f"{count(len(paths), 'file')} match {pattern}{f' in {base}' if base else ''}")
        if not listing.ok:
            return Answer(f"I could not list the files{where}: {said(listing)}", 0.6, "The listing failed.", _OTHERS)
        if not paths:
            return Answer(f"Nothing matches {code(pattern)}{where}.", 0.82, "The listing came back empty.", _OTHERS)
        more = " The listing was cut at 200 names; there may be more." if tree.capped else ""
        head = f"{count(len(paths), 'file')} match{'es' if len(paths) == 1 else ''} {code(pattern)}{where}.{more}"
        reason = "The names come straight from the listing; hidden folders and caches are left out."
        return Answer(f"{head}\n\n{grouped(paths)}", 0.85 if tree.capped else 0.92, reason)


_OTHERS = ("List every file in the workspace", "Search the contents instead of the names", "Look in another folder")


def grouped(paths: tuple[str, ...]) -> str:
    """Names below their folders."""
    lines: list[str] = []
    folder = None
    for path in sorted(paths, key=lambda p: (str(PurePosixPath(p).parent), p))[:SHOWN]:
        parent = str(PurePosixPath(path).parent)
        if parent != folder:
            folder = parent
            lines.append(f"\n**{'at the top' if parent == '.' else code(parent + '/')}**\n")
        lines.append(f"- {code(PurePosixPath(path).name)}")
    rest = [f"\n… and {len(paths) - SHOWN} more."] if len(paths) > SHOWN else []
    return "\n".join([*lines, *rest]).strip()


def _file(path: str) -> bool:
    return re.search(r"\.[A-Za-z][A-Za-z0-9]{0,5}$", path) is not None


def _folder(request: Request) -> str:
    named = request.match(r"\b(?:in|inside|under|below|of) (?:the )?([\w.-]+)(?:/| folder| directory)")
    bare = request.match(r"^(?:ls|tree|dir)\s+([\w./-]+)$") or request.match(
        r"\b(?:in|inside|under|below) (?:the )?([\w.-]+)[.?!]*$"
    )
    found = named or bare
    word = found[1] if found else ""
    return (
        ""
        if word.lower()
        in (
            "this",
            "the",
            "that",
            "my",
            "project",
            "current",
            "workspace",
            "root",
            "same",
            "here",
            "there",
            "it",
            "all",
        )
        else word
    )


def _pattern(request: Request) -> str:
    starred = [text for text in (*request.quoted, *request.bare.split()) if "*" in text and " " not in text]
    if starred:
        pattern = starred[0].strip("`'\",.;:?!").lstrip("/")
        return pattern if "/" in pattern else f"**/{pattern}"
    if dotted := request.match(r"(?:^|\s)\.([A-Za-z][A-Za-z0-9]{0,5})\s+(?:files?|documents?|logs?)"):
        return f"**/*.{dotted[1]}"
    for word, pattern in _KINDS.items():
        if request.match(rf"\b{word}s?\b(?:\s+(?:source\s+)?(?:files?|modules?|scripts?)|\s*$|\?|\s+(?:are|do|in)\b)"):
            return f"**/{pattern}"
    return ""
