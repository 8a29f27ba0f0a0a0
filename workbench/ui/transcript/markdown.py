"""An answer's Markdown as lines: split into top-level blocks, each laid out once and remembered.

text ─▶ blocks (source, tokens) ─▶ lines, cached by source, so that a block that is closed is never laid out again
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from textual.cache import LRUCache

from workbench.ui.transcript.highlight import OpenCode, code_lines, highlighted, lexer
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.inline import inline_runs
from workbench.ui.transcript.lines import Line, Run, indented, wrap
from workbench.ui.transcript.tables import Table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

NARROWEST = 8
"""Nested parts are never laid out narrower than so many cells."""


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block: its tokens, and which lines and characters of the parsed text it takes."""

    kind: str
    tokens: "list[Token]"
    line: int
    start: int
    source: str
    references: dict[str, Any]


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@cache
def _splitter() -> "MarkdownIt":
    """The same without inline parsing, which is done for each block when it is laid out."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("inline")


def blocks(text: str) -> list[Block]:
    """The top-level blocks of `text`, in order."""
    env: dict[str, Any] = {}
    groups: list[list[Token]] = []
    for token in _splitter().parse(text, env):
        if token.level == 0 and token.nesting >= 0:
            groups.append([])
        groups[-1].append(token)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    firsts = [group[0].map[0] if group[0].map else 0 for group in groups]
    found: list[Block] = []
    for place, group in enumerate(groups):
        end = starts[firsts[place + 1]] if place + 1 < len(groups) else len(text)
        start = starts[firsts[place]]
        kind = group[0].type.removesuffix("_open")
        found.append(Block(kind, group, firsts[place], start, text[start:end], env.get("references", {})))
    return found


class Typesetter:
    """Lays out Markdown at one width in one ink."""

    def __init__(self, width: int, ink: Ink) -> None:
        self.width, self.ink = max(NARROWEST, width), ink
        self._laid: LRUCache[tuple[str, bool], list[Line]] = LRUCache(4_096)
        self._grows = False
        self._growing: dict[tuple[str, int], tuple[str, OpenCode, list[Line]]] = {}

    def document(self, text: str) -> list[Line]:
        """All of `text`, a blank line between blocks."""
        lines: list[Line] = []
        for block in blocks(text):
            if lines:
                lines.append(Line([]))
            lines.extend(self.block(block))
        return lines

    def block(self, block: Block) -> list[Line]:
        """One top-level block that is complete; remembered."""
        key = (block.source.rstrip("\n"), bool(block.references))
        lines = self._laid.get(key)
        if lines is None or block.references:
            lines = self._laid[key] = self._node(self.tree(block), _Source(block), self.width)
        return lines

    def growing(self, block: Block) -> list[Line]:
        """One top-level block that is still being written: code in it is not lexed again from its beginning."""
        with self._open_code():
            return self._node(self.tree(block), _Source(block), self.width)

    @contextmanager
    def _open_code(self) -> Iterator[None]:
        self._grows = True
        try:
            yield
        finally:
            self._grows = False

    def tree(self, block: Block) -> "SyntaxTreeNode":
        """The block as a tree, its inline parts parsed."""
        from markdown_it.tree import SyntaxTreeNode

        parser, env = _parser(), {"references": block.references}
        for token in block.tokens:
            if token.type == "inline" and not token.children:
                token.children = []
                parser.inline.parse(token.content, parser, env, token.children)
        return SyntaxTreeNode(block.tokens).children[0]

    def items(self, block: Block, number: int | None = None) -> list[list[Line]]:
        """The items of a list that is being written, each with the blank line that follows it in the source."""
        with self._open_code():
            return self._items(self.tree(block), _Source(block), self.width, number)

    def cells(self, block: Block) -> tuple[list[list[Run]], list[str], list[list[list[Run]]]]:
        """A table's header, its alignments, and its rows, as runs."""
        rows = [row for part in self.tree(block).children for row in part.children]
        aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children]
        header = [self._inline(cell, attributes="bold") for cell in rows[0].children]
        return header, aligns, [[self._inline(cell) for cell in row.children] for row in rows[1:]]

    def _inline(self, node: "SyntaxTreeNode", role: str = "foreground", attributes: str = "") -> list[Run]:
        inline = node if node.type == "inline" else node.children[0] if node.children else None
        tokens = inline.token.children if inline is not None and inline.token else None
        return inline_runs(tokens or [], self.ink, role, attributes)

    def _node(self, node: "SyntaxTreeNode", source: "_Source", width: int, role: str = "foreground") -> list[Line]:
        width = max(NARROWEST, width)
        match node.type:
            case "heading":
                return wrap(self._inline(node, role, "bold"), width)
            case "paragraph":
                return wrap(self._inline(node, role), width)
            case "fence" | "code_block":
                return self._code(node.info.split()[0] if node.info.split() else "", node.content, width)
            case "bullet_list" | "ordered_list":
                lines = [line for item in self._items(node, source, width) for line in item]
                return lines[:-1] if lines and not lines[-1].runs else lines
            case "blockquote":
                bar = [("│ ", self.ink("line"))]
                return indented(self._stack(node.children, source, width - 2, "muted"), bar, bar)
            case "table":
                return self._table(node, width)
            case "hr":
                return [Line([("─" * width, self.ink("line"))])]
        return wrap([(node.content.rstrip("\n"), self.ink(role))], width)

    def _code(self, language: str, content: str, width: int) -> list[Line]:
        content = content.removesuffix("\n")
        if not self._grows:
            return code_lines(highlighted(content, lexer(language) if language else None, self.ink), width, self.ink)
        fed, code, lines = self._growing.get((language, width), ("", OpenCode(language, self.ink), []))
        if not content.startswith(fed):
            fed, code, lines = "", OpenCode(language, self.ink), []
        lines += code_lines(code.feed(content[len(fed) :]), width, self.ink)
        self._growing[(language, width)] = content, code, lines
        return [*lines, *code_lines(code.open, width, self.ink)]

    def _table(self, node: "SyntaxTreeNode", width: int) -> list[Line]:
        rows = [row for part in node.children for row in part.children]
        aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children]
        table = Table([self._inline(cell, attributes="bold") for cell in rows[0].children], aligns, width, self.ink)
        table.add([[self._inline(cell) for cell in row.children] for row in rows[1:]])
        return table.lines

    def _items(
        self, node: "SyntaxTreeNode", source: "_Source", width: int, number: int | None = None
    ) -> list[list[Line]]:
        ordered = node.type == "ordered_list"
        first = number if number is not None else int(node.attrs.get("start", 1))
        size = len(str(first + len(node.children) - 1)) + 2 if ordered else 2
        found: list[list[Line]] = []
        for place, item in enumerate(node.children):
            mark = f"{first + place}. ".rjust(size) if ordered else "• "
            lines = self._stack(item.children, source, width - size, "foreground") or [Line([])]
            laid = indented(lines, [(mark, self.ink("accent"))], [(" " * size, self.ink("foreground"))])
            if item.map and source.blank(item.map[1] - 1):
                laid.append(Line([]))
            found.append(laid)
        return found

    def _stack(self, nodes: "Sequence[SyntaxTreeNode]", source: "_Source", width: int, role: str) -> list[Line]:
        """Blocks below each other, with a blank line where the source has one."""
        lines: list[Line] = []
        for node in nodes:
            if lines and node.map and source.blank(node.map[0] - 1):
                lines.append(Line([]))
            lines.extend(self._node(node, source, width, role))
        return lines


class _Source:
    """The lines of a block's source, by their number in the text that was parsed."""

    def __init__(self, block: Block) -> None:
        self._first, self._lines = block.line, block.source.split("\n")

    def blank(self, line: int) -> bool:
        """True where that line is blank, quote marks aside."""
        place = line - self._first
        return 0 <= place < len(self._lines) and not self._lines[place].strip(" >\t")
