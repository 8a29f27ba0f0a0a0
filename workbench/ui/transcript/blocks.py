"""A text split into its top-level blocks, and where in the text each part of a block was written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.ui.draw.runs import TextLine
from workbench.ui.state import Answer, AnyEntry

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

LINE_END = re.compile(r"\r\n?|\n")
"""What the parser takes for the end of a line."""
CONTINUED = -2
"""Stands for the source of a line that goes on with the row above."""

Span = tuple[int, int]
"""Where something begins and ends in the source of its block."""


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
    from workbench.ui.transcript.syntax import make_parser

    return make_parser(inline=inline)


def split_blocks(text: str) -> list[MarkdownBlock]:
    """The top-level blocks of `text`, in order; what is inside each is parsed when that is laid out."""
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


def parse_spans(block: MarkdownBlock) -> "SyntaxTreeNode":
    """A block with what is inside it."""
    from markdown_it.tree import SyntaxTreeNode

    parser = _parser(inline=True)
    before = ""
    for token in block.tokens:
        if token.type == "inline" and not token.children:
            token.children = []
            env = {"references": block.references, "cell": before in ("th_open", "td_open")}
            parser.inline.parse(token.content, parser, env, token.children)
        before = token.type
    return SyntaxTreeNode(block.tokens).children[0]


def find_code(entry: AnyEntry) -> str:
    """The newest fenced code of an answer, whole; empty where there is none."""
    if not isinstance(entry, Answer):
        return ""
    fences = [token for block in split_blocks(entry.text) for token in block.tokens if token.type == "fence"]
    return fences[-1].content if fences else ""


class BlockSource:
    """The lines of a block's source, by their number in the text that was parsed."""

    def __init__(self, block: MarkdownBlock) -> None:
        self._first, self._text = block.line, block.source.replace("\0", "\ufffd")
        ends = [(end.start(), end.end()) for end in LINE_END.finditer(self._text)]
        self._spans = list(
            zip([0, *(after for _, after in ends)], [*(stop for stop, _ in ends), len(self._text)], strict=True)
        )

    def span(self, line: int) -> Span:
        """Where a line begins and ends."""
        return self._spans[min(max(0, line - self._first), len(self._spans) - 1)]

    def lines(self, first: int, end: int) -> Span:
        """Where the lines from `first` on, `end` not included, begin and end; blank ones at the end are left out."""
        while end - 1 > first and self.blank(end - 1):
            end -= 1
        return self.span(first)[0], self.span(max(first, end - 1))[1]

    def find(self, content: str, first: int, after: int = 0) -> Span:
        """Where `content`, which begins in line `first`, stands, behind the character `after`."""
        lines = content.split("\n")
        start, last = self._place(lines[0].strip(), first, after), len(lines) - 1
        if not last:
            return start
        return start[0], max(start[0], self._place(lines[last].strip(), first + last, 0)[1])

    def _place(self, words: str, line: int, after: int) -> Span:
        start, stop = self.span(line)
        start = max(start, min(after, stop))
        text = self._text[start:stop]
        at = len(text.rstrip()) - len(words) if not after and text.rstrip().endswith(words) else text.find(words)
        if at < 0:  # a tab of which only a part belongs to what is before it
            return start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        return start + at, start + at + len(words)

    def find_lines(self, content: str, first: int) -> list[Span]:
        """Where each line of code stands, without what is before it in a list or a quote."""
        found: list[Span] = []
        for place, line in enumerate(content.split("\n")):
            start, stop = self.span(first + place)
            fits = self._text.endswith(line, start, stop)
            at = stop - len(line) if fits else start + self._text[start:stop].find(line.strip())
            found.append((max(start, at), stop))
        return found

    def blank(self, line: int) -> bool:
        """True where that line is blank, quote marks aside."""
        if not 0 <= line - self._first < len(self._spans):
            return False
        start, stop = self.span(line)
        return not self._text[start:stop].strip(" >\t")

    def note(self, lines: Sequence[TextLine], kind: str, first: int, end: int) -> None:
        """Say of what was drawn of a node which line each row shows: code and tables have one for each of theirs."""
        at = first - self._first
        each = kind in ("fence", "code_block", "table", "formula")
        line = at if kind == "fence" else at - 1
        for row in lines:
            if each:
                line += row.join == "\n" and row.source != CONTINUED
                row.source = min(line, max(at, end - 1 - self._first))
            elif row.source < 0:
                row.source = at
