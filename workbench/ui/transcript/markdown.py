"""An answer's Markdown as lines: split into top-level blocks, each laid out once and remembered.

text ─▶ blocks (source, tokens) ─▶ lines, cached by source, so that a block that is closed is never laid out again
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from textual.cache import LRUCache

from workbench.ui.draw.code import OpenCode, draw_code, find_lexer, highlight
from workbench.ui.draw.runs import StyledRun, Styles, TextLine, clip_runs, indent, measure_runs, wrap
from workbench.ui.state import Answer, AnyEntry
from workbench.ui.transcript.inline import draw_inline
from workbench.ui.transcript.tables import CONTINUED, Table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

LINE_END = re.compile(r"\r\n?|\n")
"""What the parser takes for the end of a line."""
NARROWEST = 8
"""Nested parts are never laid out narrower than so many cells."""


TableParts = tuple[list[list[StyledRun]], list[str], list[list[list[StyledRun]]]]


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """One top-level block: its tokens, and which lines and characters of the parsed text it takes."""

    kind: str
    tokens: "list[Token]"
    line: int
    start: int
    source: str
    references: dict[str, Any]


@cache
def _parser(*, inline: bool) -> "MarkdownIt":
    """`inline` False splits a text; what is inside each block is parsed when that is laid out."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser if inline else parser.disable("inline")


def split_blocks(text: str) -> list[MarkdownBlock]:
    """The top-level blocks of `text`, in order."""
    env: dict[str, Any] = {}
    groups: list[list[Token]] = []
    for token in _parser(inline=False).parse(text, env):
        if token.level == 0 and token.nesting >= 0:
            groups.append([])
        groups[-1].append(token)
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    firsts = [group[0].map[0] if group[0].map else 0 for group in groups]
    found: list[MarkdownBlock] = []
    for place, group in enumerate(groups):
        end = starts[firsts[place + 1]] if place + 1 < len(groups) else len(text)
        start = starts[firsts[place]]
        kind = group[0].type.removesuffix("_open")
        found.append(MarkdownBlock(kind, group, firsts[place], start, text[start:end], env.get("references", {})))
    return found


def find_code(entry: AnyEntry) -> str:
    """The newest fenced code of an answer, whole; empty where there is none."""
    if not isinstance(entry, Answer):
        return ""
    fences = [token for block in split_blocks(entry.text) for token in block.tokens if token.type == "fence"]
    return fences[-1].content if fences else ""


@dataclass(frozen=True, slots=True)
class Room:
    """Cells for prose, and for code and tables, which may be wider."""

    prose: int
    pane: int

    def beside(self, prefix: int) -> "Room | None":
        """What is left beside a prefix of so many cells; None where it would be too narrow to be read."""
        return Room(self.prose - prefix, self.pane - prefix) if self.prose - prefix >= NARROWEST else None


class MarkdownRenderer:
    """Lays out Markdown, prose at `width` and the rest as wide as the pane, in the styles of one theme."""

    def __init__(self, width: int, styles: Styles, pane: int | None = None) -> None:
        width = max(NARROWEST, width)
        self.room, self.styles = Room(width, width if pane is None else max(width, pane)), styles
        self._laid: LRUCache[tuple[str, bool], list[TextLine]] = LRUCache(4_096)
        self._grows = False
        self._growing: dict[tuple[str, int], tuple[str, OpenCode, list[TextLine]]] = {}

    def render(self, text: str) -> list[TextLine]:
        """All of `text`, a blank line between blocks."""
        return self.render_with_sources(text)[0]

    def render_with_sources(self, text: str) -> tuple[list[TextLine], list[tuple[int, int]]]:
        """The same, and of each block its first row and the line of `text` at which it begins."""
        lines: list[TextLine] = []
        blocks: list[tuple[int, int]] = []
        for block in split_blocks(text):
            if lines:
                lines.append(TextLine([]))
            blocks.append((len(lines), block.line))
            lines.extend(self.render_block(block))
        return lines, blocks

    def render_block(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is complete; remembered."""
        key = (block.source.rstrip("\n"), bool(block.references))
        lines = self._laid.get(key)
        if lines is None or block.references:
            lines = self._laid[key] = self._node(self._parse(block), _Source(block), self.room)
        return lines

    def render_growing(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is still being written: code in it is not lexed again from its beginning."""
        with self._open_code():
            return self._node(self._parse(block), _Source(block), self.room)

    @contextmanager
    def _open_code(self) -> Iterator[None]:
        self._grows = True
        try:
            yield
        finally:
            self._grows = False

    def _parse(self, block: MarkdownBlock) -> "SyntaxTreeNode":
        from markdown_it.tree import SyntaxTreeNode

        parser, env = _parser(inline=True), {"references": block.references}
        for token in block.tokens:
            if token.type == "inline" and not token.children:
                token.children = []
                parser.inline.parse(token.content, parser, env, token.children)
        return SyntaxTreeNode(block.tokens).children[0]

    def render_items(self, block: MarkdownBlock, number: int | None = None) -> list[list[TextLine]]:
        """The items of a list that is being written, each with the blank line that follows it in the source."""
        with self._open_code():
            return self._items(self._parse(block), _Source(block), self.room, number)

    def read_table(self, block: MarkdownBlock) -> TableParts:
        """A table's header, its alignments, and its rows, as runs."""
        return self._read_table(self._parse(block))

    def _read_table(self, node: "SyntaxTreeNode") -> TableParts:
        rows = [row for part in node.children for row in part.children]
        aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children]
        header = [self._inline(cell, attributes="bold") for cell in rows[0].children]
        return header, aligns, [[self._inline(cell) for cell in row.children] for row in rows[1:]]

    def _inline(self, node: "SyntaxTreeNode", role: str = "foreground", attributes: str = "") -> list[StyledRun]:
        inline = node if node.type == "inline" else node.children[0] if node.children else None
        tokens = inline.token.children if inline is not None and inline.token else None
        return draw_inline(tokens or [], self.styles, role, attributes)

    def _node(self, node: "SyntaxTreeNode", source: "_Source", room: Room, role: str = "foreground") -> list[TextLine]:
        lines = self._draw_node(node, source, room, role)
        if node.map:
            source.note(lines, node.type, *node.map)
        return lines

    def _draw_node(self, node: "SyntaxTreeNode", source: "_Source", room: Room, role: str) -> list[TextLine]:
        match node.type:
            case "heading":
                return wrap(self._inline(node, role, "bold"), room.prose)
            case "paragraph":
                return wrap(self._inline(node, role), room.prose)
            case "fence" | "code_block":
                return self._code(node.info.split()[0] if node.info.split() else "", node.content, room.pane)
            case "bullet_list" | "ordered_list":
                lines = [line for item in self._items(node, source, room) for line in item]
                return lines[:-1] if lines and not lines[-1].runs else lines
            case "blockquote":
                bar = [("│ ", self.styles("line"))]
                return self._behind(bar, bar, node, source, room, "muted")
            case "table":
                return self._table(node, room.pane)
            case "hr":
                return [TextLine([("─" * room.prose, self.styles("line"))])]
        return wrap([(node.content.rstrip("\n"), self.styles(role))], room.prose)

    def _behind(
        self,
        first: list[StyledRun],
        rest: list[StyledRun],
        node: "SyntaxTreeNode",
        source: "_Source",
        room: Room,
        role: str,
    ) -> list[TextLine]:
        """What is in `node` behind a mark or a bar; below it where that is nested too deep to have room beside it."""
        beside = room.beside(measure_runs(first))
        if beside is not None:
            return indent(self._stack(node.children, source, beside, role) or [TextLine([])], first, rest)
        return [TextLine(clip_runs(first, room.prose)), *self._stack(node.children, source, room, role)]

    def _code(self, language: str, content: str, width: int) -> list[TextLine]:
        content = content.removesuffix("\n")
        if not self._grows:
            return draw_code(highlight(content, find_lexer(language), self.styles), width, self.styles)
        fed, code, lines = self._growing.get((language, width), ("", OpenCode(language, self.styles), []))
        if not content.startswith(fed):
            fed, code, lines = "", OpenCode(language, self.styles), []
        lines += draw_code(code.feed(content[len(fed) :]), width, self.styles)
        self._growing[(language, width)] = content, code, lines
        return [*lines, *draw_code(code.open, width, self.styles)]

    def _table(self, node: "SyntaxTreeNode", width: int) -> list[TextLine]:
        header, aligns, rows = self._read_table(node)
        table = Table(header, aligns, width, self.styles)
        table.add(rows)
        return table.lines

    def _items(
        self, node: "SyntaxTreeNode", source: "_Source", room: Room, number: int | None = None
    ) -> list[list[TextLine]]:
        ordered = node.type == "ordered_list"
        first = number if number is not None else int(node.attrs.get("start", 1))
        found: list[list[TextLine]] = []
        for place, item in enumerate(node.children):
            # As wide as its own number: how many items follow is not known while they stream.
            mark = f"{first + place}. " if ordered else "• "
            space = [(" " * len(mark), self.styles("foreground"))]
            laid = self._behind([(mark, self.styles("accent"))], space, item, source, room, "foreground")
            if item.map and source.blank(item.map[1] - 1):
                laid.append(TextLine([]))
            found.append(laid)
        return found

    def _stack(self, nodes: "Sequence[SyntaxTreeNode]", source: "_Source", room: Room, role: str) -> list[TextLine]:
        """Blocks below each other, with a blank line where the source has one."""
        lines: list[TextLine] = []
        for node in nodes:
            if lines and node.map and source.blank(node.map[0] - 1):
                lines.append(TextLine([]))
            lines.extend(self._node(node, source, room, role))
        return lines


class _Source:
    """The lines of a block's source, by their number in the text that was parsed."""

    def __init__(self, block: MarkdownBlock) -> None:
        self._first, self._lines = block.line, block.source.split("\n")

    def blank(self, line: int) -> bool:
        """True where that line is blank, quote marks aside."""
        place = line - self._first
        return 0 <= place < len(self._lines) and not self._lines[place].strip(" >\t")

    def note(self, lines: Sequence[TextLine], kind: str, first: int, end: int) -> None:
        """Say of what was drawn of a node which line each row shows: code and tables have one for each of theirs."""
        at = first - self._first
        each = kind in ("fence", "code_block", "table")
        line = at if kind == "fence" else at - 1
        for row in lines:
            if each:
                line += row.join == "\n" and row.source != CONTINUED
                row.source = min(line, max(at, end - 1 - self._first))
            elif row.source < 0:
                row.source = at
