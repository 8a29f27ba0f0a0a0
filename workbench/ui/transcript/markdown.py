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
from workbench.ui.draw.runs import StyledRun, Styles, TextLine, indent, wrap
from workbench.ui.state import Answer, AnyEntry
from workbench.ui.transcript.tables import Table

if TYPE_CHECKING:
    from markdown_it.token import Token

_URL = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}]")
_ATTRIBUTES = {"strong": "bold", "em": "italic", "s": "strike", "link": "underline"}


def draw_inline(
    tokens: "Sequence[Token]", styles: Styles, role: str = "foreground", attributes: str = ""
) -> list[StyledRun]:
    """`tokens` of one inline span, written in `role` unless they say otherwise."""
    runs: list[StyledRun] = []
    active = attributes.split()
    href = ""
    for token in tokens:
        kind, _, edge = token.type.rpartition("_")
        if edge == "open" and kind in _ATTRIBUTES:
            active.append(_ATTRIBUTES[kind])
            href = str(token.attrGet("href") or "") if kind == "link" else href
        elif edge == "close" and kind in _ATTRIBUTES:
            active.remove(_ATTRIBUTES[kind])
            href = "" if kind == "link" else href
        else:
            runs.extend(_leaf(token, styles, ("info" if href else role, " ".join(active)), href))
    return runs


def _leaf(token: "Token", styles: Styles, look: tuple[str, str], href: str) -> list[StyledRun]:
    role, attributes = look
    match token.type:
        case "softbreak":
            return [(" ", styles(role, "", attributes))]
        case "hardbreak":
            return [("\n", styles(role, "", attributes))]
        case "code_inline":
            style = styles("syntax-number", "code", attributes)
            return [(token.content, styles.link(href, style) if href else style)]
        case "image":
            address = str(token.attrGet("src") or "")
            style = styles("info", "", "underline")
            return [(token.content or address, styles.link(address, style))]
    style = styles(role, "", attributes)
    if href:
        return [(token.content, styles.link(href, style))]
    return _addresses(token.content, styles, look)


def _addresses(text: str, styles: Styles, look: tuple[str, str]) -> list[StyledRun]:
    """Plain text in which bare web addresses can be clicked."""
    role, attributes = look
    style = styles(role, "", attributes)
    if "://" not in text:
        return [(text, style)] if text else []
    runs: list[StyledRun] = []
    end = 0
    for match in _URL.finditer(text):
        runs.append((text[end : match.start()], style))
        runs.append((match.group(), styles.link(match.group(), styles("info", "", f"{attributes} underline".strip()))))
        end = match.end()
    runs.append((text[end:], style))
    return [run for run in runs if run[0]]


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


class MarkdownRenderer:
    """Lays out Markdown at one width in the styles of one theme."""

    def __init__(self, width: int, styles: Styles) -> None:
        self.width, self.styles = max(NARROWEST, width), styles
        self._laid: LRUCache[tuple[str, bool], list[TextLine]] = LRUCache(4_096)
        self._grows = False
        self._growing: dict[tuple[str, int], tuple[str, OpenCode, list[TextLine]]] = {}

    def render(self, text: str) -> list[TextLine]:
        """All of `text`, a blank line between blocks."""
        lines: list[TextLine] = []
        for block in split_blocks(text):
            if lines:
                lines.append(TextLine([]))
            lines.extend(self.render_block(block))
        return lines

    def render_block(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is complete; remembered."""
        key = (block.source.rstrip("\n"), bool(block.references))
        lines = self._laid.get(key)
        if lines is None or block.references:
            lines = self._laid[key] = self._node(self._parse(block), _Source(block), self.width)
        return lines

    def render_growing(self, block: MarkdownBlock) -> list[TextLine]:
        """One top-level block that is still being written: code in it is not lexed again from its beginning."""
        with self._open_code():
            return self._node(self._parse(block), _Source(block), self.width)

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
            return self._items(self._parse(block), _Source(block), self.width, number)

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

    def _node(self, node: "SyntaxTreeNode", source: "_Source", width: int, role: str = "foreground") -> list[TextLine]:
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
                bar = [("│ ", self.styles("line"))]
                return indent(self._stack(node.children, source, width - 2, "muted"), bar, bar)
            case "table":
                return self._table(node, width)
            case "hr":
                return [TextLine([("─" * width, self.styles("line"))])]
        return wrap([(node.content.rstrip("\n"), self.styles(role))], width)

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
        self, node: "SyntaxTreeNode", source: "_Source", width: int, number: int | None = None
    ) -> list[list[TextLine]]:
        ordered = node.type == "ordered_list"
        first = number if number is not None else int(node.attrs.get("start", 1))
        found: list[list[TextLine]] = []
        for place, item in enumerate(node.children):
            # As wide as its own number: how many items follow is not known while they stream.
            mark = f"{first + place}. " if ordered else "• "
            size = len(mark)
            lines = self._stack(item.children, source, width - size, "foreground") or [TextLine([])]
            laid = indent(lines, [(mark, self.styles("accent"))], [(" " * size, self.styles("foreground"))])
            if item.map and source.blank(item.map[1] - 1):
                laid.append(TextLine([]))
            found.append(laid)
        return found

    def _stack(self, nodes: "Sequence[SyntaxTreeNode]", source: "_Source", width: int, role: str) -> list[TextLine]:
        """Blocks below each other, with a blank line where the source has one."""
        lines: list[TextLine] = []
        for node in nodes:
            if lines and node.map and source.blank(node.map[0] - 1):
                lines.append(TextLine([]))
            lines.extend(self._node(node, source, width, role))
        return lines


class _Source:
    """The lines of a block's source, by their number in the text that was parsed."""

    def __init__(self, block: MarkdownBlock) -> None:
        self._first, self._lines = block.line, block.source.split("\n")

    def blank(self, line: int) -> bool:
        """True where that line is blank, quote marks aside."""
        place = line - self._first
        return 0 <= place < len(self._lines) and not self._lines[place].strip(" >\t")
