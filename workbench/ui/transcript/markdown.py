"""An answer's Markdown as lines: split into top-level blocks, each laid out once and remembered.

text ─▶ blocks (source, tokens) ─▶ lines, cached by source, so that a block that is closed is never laid out again
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.cache import LRUCache

from workbench.ui.draw.code import OpenCode, draw_code, find_lexer, highlight
from workbench.ui.draw.runs import (
    StyledRun,
    Styles,
    TextLine,
    clip_runs,
    escape_controls,
    escape_unseen,
    indent,
    measure_runs,
    wrap,
)
from workbench.ui.draw.written import Stretch, Written
from workbench.ui.transcript.blocks import BlockSource, MarkdownBlock, Span, parse_spans, split_blocks
from workbench.ui.transcript.inline import draw_inline
from workbench.ui.transcript.tables import Cell, Table

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

NARROWEST = 8
"""Nested parts are never laid out narrower than so many cells."""


TableParts = tuple[list[Cell], list[str], list[list[Cell]]]


class BlockPlace(NamedTuple):
    """Where a block begins: its first row, and its line and character in the text."""

    row: int
    line: int
    start: int


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

    def render_with_sources(self, text: str) -> tuple[list[TextLine], list[BlockPlace]]:
        """The same, and where each block begins."""
        lines: list[TextLine] = []
        blocks: list[BlockPlace] = []
        for block in split_blocks(text):
            if lines:
                lines.append(TextLine([]))
            blocks.append(BlockPlace(len(lines), block.line, block.start))
            lines.extend(self.render_block(block))
        return lines, blocks

    def render_block(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is complete; remembered."""
        key = (block.source.rstrip("\n"), bool(block.references))
        lines = self._laid.get(key)
        if lines is None or block.references:
            lines = self._laid[key] = self._node(parse_spans(block), BlockSource(block), self.room)
        return lines

    def render_growing(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is still being written: code in it is not lexed again from its beginning."""
        with self._open_code():
            return self._node(parse_spans(block), BlockSource(block), self.room)

    @contextmanager
    def _open_code(self) -> Iterator[None]:
        self._grows = True
        try:
            yield
        finally:
            self._grows = False

    def render_items(self, block: MarkdownBlock, number: int | None = None) -> list[list[TextLine]]:
        """The items of a list that is being written, each with the blank line that follows it in the source."""
        with self._open_code():
            return self._items(parse_spans(block), BlockSource(block), self.room, number)

    def read_table(self, block: MarkdownBlock) -> TableParts:
        """A table's header, its alignments, and its rows."""
        return self._read_table(parse_spans(block), BlockSource(block))

    def _read_table(self, node: "SyntaxTreeNode", source: BlockSource) -> TableParts:
        header, *rows = [row for part in node.children for row in part.children]
        aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in header.children]
        return self._cells(header, source, "bold"), aligns, [self._cells(row, source) for row in rows]

    def _cells(self, row: "SyntaxTreeNode", source: BlockSource, attributes: str = "") -> list[Cell]:
        found: list[Cell] = []
        line = row.map[0] if row.map else 0
        outer = source.span(line)
        end = outer[0]
        for cell in row.children:
            content = cell.children[0].content if cell.children else ""
            runs, written = self._inline(cell, attributes=attributes)
            if content and not self._grows:
                written.start, written.end = source.find(content.replace("|", "\\|"), line, max(1, end))
                written.outer, end = outer, written.end
            found.append(Cell(runs, written if content else None))
        return found

    def _inline(
        self, node: "SyntaxTreeNode", role: str = "foreground", attributes: str = ""
    ) -> tuple[list[StyledRun], Written]:
        """The words of a node as they are drawn, and as they were written."""
        inline = node if node.type == "inline" else node.children[0] if node.children else None
        tokens = inline.token.children if inline is not None and inline.token else None
        return draw_inline(tokens or [], self.styles, role, attributes)

    def _words(self, node: "SyntaxTreeNode", source: BlockSource, width: int, look: tuple[str, str]) -> list[TextLine]:
        runs, written = self._inline(node, *look)
        first, end = node.map or (0, 0)
        inner = node.children[0].content if node.children else ""
        if self._grows:  # as with code: only what is complete is copied as its source
            return wrap(runs, width, written)
        written.outer = source.lines(first, end)
        written.start, written.end = source.find(inner, first)
        return wrap(runs, width, written)

    def _node(
        self, node: "SyntaxTreeNode", source: BlockSource, room: Room, role: str = "foreground"
    ) -> list[TextLine]:
        lines = self._draw_node(node, source, room, role)
        if node.map:
            source.note(lines, node.type, *node.map)
        return lines

    def _draw_node(self, node: "SyntaxTreeNode", source: BlockSource, room: Room, role: str) -> list[TextLine]:
        match node.type:
            case "heading":
                return self._words(node, source, room.prose, (role, "bold"))
            case "paragraph":
                return self._words(node, source, room.prose, (role, ""))
            case "fence" | "code_block":
                lines = self._code(node.info.split()[0] if node.info.split() else "", node.content, room.pane)
                return self._note_code(lines, node, source)
            case "formula":
                style = self.styles(role)
                rows = [[(line, style)] if line else [] for line in escape_unseen(node.content).split("\n")]
                return self._note_code([part for row in rows for part in wrap(row, room.prose)], node, source)
            case "bullet_list" | "ordered_list":
                lines = [line for item in self._items(node, source, room) for line in item]
                return lines[:-1] if lines and not lines[-1].runs else lines
            case "blockquote":
                bar = [("│ ", self.styles("line"))]
                return self._behind(bar, bar, node, source, room, "muted")
            case "table":
                return self._table(node, source, room.pane)
            case "hr":
                return self._rule(source.lines(*(node.map or (0, 0))), room.prose)
        return wrap([(escape_controls(node.content.rstrip("\n")), self.styles(role))], room.prose)

    def _rule(self, place: Span, width: int) -> list[TextLine]:
        written = Written("", "─" * width, *place, place, atomic=True)
        line = TextLine([(written.shown, self.styles("line"))])
        line.stretches = (Stretch(0, width, written, 0),)
        return [line]

    def _note_code(self, lines: list[TextLine], node: "SyntaxTreeNode", source: BlockSource) -> list[TextLine]:
        """Say of each row which line of the code it shows."""
        if self._grows:  # copied as it is drawn, and noted when it is complete
            return lines
        first, end = node.map or (0, 0)
        outer, content = source.lines(first, end), node.content.removesuffix("\n")
        places = source.find_lines(content, first + (node.type == "fence"))
        at, line = 0, -1
        texts = content.split("\n")
        for row in lines:
            if row.join == "\n":
                at, line = 0, line + 1
                text = texts[min(line, len(texts) - 1)]
                written = Written(text, escape_unseen(text), *places[min(line, len(places) - 1)], outer, code=True)
            size = len(row.text) - row.before - row.after
            row.stretches = (Stretch(row.before, row.before + size, written, at),)
            at += size
        return lines

    def _behind(
        self,
        first: list[StyledRun],
        rest: list[StyledRun],
        node: "SyntaxTreeNode",
        source: BlockSource,
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

    def _table(self, node: "SyntaxTreeNode", source: BlockSource, width: int) -> list[TextLine]:
        header, aligns, rows = self._read_table(node, source)
        table = Table(header, aligns, width, self.styles)
        table.add(rows)
        return table.lines

    def _items(
        self, node: "SyntaxTreeNode", source: BlockSource, room: Room, number: int | None = None
    ) -> list[list[TextLine]]:
        ordered = node.type == "ordered_list"
        first = number if number is not None else int(node.attrs.get("start", 1))
        found: list[list[TextLine]] = []
        for place, item in enumerate(node.children):
            # As wide as its own number: how many items follow is not known while they stream.
            mark = f"{first + place}. " if ordered else "• "
            space = [(" " * len(mark), self.styles("foreground"))]
            laid = self._behind([(mark, self.styles("accent"))], space, item, source, room, "foreground")
            if item.map:
                source.note(laid, item.type, *item.map)
                laid += self._blank_line(source, item.map[1] - 1)
            found.append(laid)
        return found

    def _blank_line(self, source: BlockSource, line: int) -> list[TextLine]:
        """A blank row for a blank line, else none."""
        if not source.blank(line):
            return []
        blank = [TextLine([])]
        source.note(blank, "blank", line, line + 1)
        return blank

    def _stack(self, nodes: "Sequence[SyntaxTreeNode]", source: BlockSource, room: Room, role: str) -> list[TextLine]:
        """Blocks below each other, with a blank line where the source has one."""
        lines: list[TextLine] = []
        for node in nodes:
            if lines and node.map:
                lines += self._blank_line(source, node.map[0] - 1)
            lines.extend(self._node(node, source, room, role))
        return lines
