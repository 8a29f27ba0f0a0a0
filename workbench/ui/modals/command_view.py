"""A command, to be read before it runs: every piece that asks is underlined, blanks that could hide one are counted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from workbench.core.decisions import Preview, Proposal
from workbench.core.effects import MOST_JOURNALLED, ShellLine
from workbench.ui.draw.spelling import spell_command
from workbench.ui.draw.text import faint, plain, wrap
from workbench.ui.modals.asked import AskedView
from workbench.ui.widgets.drawn import build_strip

PROMPT = "$ "
MOST_BLANKS = 24
"""Blanks in a row that are shown; more of them could push something out of sight, and are counted instead."""
BLANKS = re.compile(rf"[^\S\n]{{{MOST_BLANKS + 1},}}")
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
CUT = "…"
ASKS = "asks"

Span = tuple[int, int]
"""From one character of the command to another."""


@dataclass(frozen=True)
class DrawnCommand:
    """Its rows, and the last row of each piece that asks."""

    rows: tuple[Content, ...]
    asking: tuple[int, ...] = ()
    all_known: bool = True
    """False where its last pieces were not kept: any of them may ask."""


def find_asking(preview: Preview, line: ShellLine | None) -> tuple[tuple[Span, ...], Span | None]:
    """Where the pieces stand that ask, and which of them is the one that is asked about."""
    text, spans, at = preview.text, list[Span](), 0
    for segment in line.open if line else ():
        wanted = segment.text.removesuffix(CUT) if segment.text not in text else segment.text
        start = text.find(wanted, at)
        if wanted and start >= 0:
            at = start + len(wanted)
            spans.append((start, at))
    if _is_cut(line) and at < len(text):
        rest = len(text) - len(text[at:].lstrip(" \t\n;&|"))
        spans.append((rest, len(text.rstrip())))  # no more of it was kept: all the rest may ask
    start = text.find(preview.segment) if preview.segment else -1
    main = (start, start + len(preview.segment)) if start >= 0 else None
    if main and not any(a < main[1] and main[0] < b for a, b in spans):
        spans = sorted([*spans, main])
    return tuple(span for span in spans if span[0] < span[1]), main


def _is_cut(line: ShellLine | None) -> bool:
    return line is not None and len(line.segments) >= MOST_JOURNALLED


def draw_command(preview: Preview, width: int, line: ShellLine | None = None) -> DrawnCommand:
    """The command at `width` cells, or what else a call shows, as text."""
    if preview.kind != "command":
        return DrawnCommand(tuple(wrap(Content.assemble(*_write(preview.text, "")), width)))
    room = max(8, width - len(PROMPT))
    spans, main = find_asking(preview, line)
    rows = [row for part in _lay_out(preview.text, spans, main, room) for row in wrap(part, room)]
    drawn = tuple((faint(PROMPT) if i == 0 else Content(" " * len(PROMPT))) + row for i, row in enumerate(rows))
    last: dict[int, int] = {}
    for place, row in enumerate(drawn):
        last |= dict.fromkeys(_list_asking(row), place)
    return DrawnCommand(drawn, tuple(last.values()), not _is_cut(line))


def _lay_out(text: str, spans: Sequence[Span], main: Span | None, room: int) -> Iterator[Content]:
    """Its lines; one line that is too long is broken before the pieces that ask, where that keeps them whole."""
    parts = [*_pieces(text, spans, main)]
    whole = Content.assemble(*(part for _, part in parts))
    if "\n" in text or whole.cell_length <= room:
        yield from whole.split("\n", allow_blank=True)
        return
    current = Content()
    for asks, part in parts:
        if asks and current and part.cell_length <= room and "\n" not in part.plain:
            yield current.rstrip()
            current = Content()
        current += part
    yield from current.split("\n", allow_blank=True)


def _pieces(text: str, spans: Sequence[Span], main: Span | None) -> Iterator[tuple[bool, Content]]:
    at = 0
    for number, (start, end) in enumerate(spans):
        yield False, Content.assemble(*_write(text[at:start], "$muted" if main else ""))
        asked_about = main is not None and start < main[1] and main[0] < end
        style = "bold underline $foreground" if asked_about else "underline $foreground"
        yield True, Content.assemble(*_write(text[start:end], style)).stylize(Style.from_meta({ASKS: number}))
        at = end
    yield False, Content.assemble(*_write(text[at:], "$muted" if main else ""))


def _write(text: str, style: str) -> Iterator[Content]:
    """`text` with nothing hidden: blank lines and long runs of blanks are counted."""
    at = 0
    found = sorted([*BLANK_LINES.finditer(text), *BLANKS.finditer(text)], key=lambda match: match.start())
    for match in found:
        if match.start() < at:
            continue
        yield plain(spell_command(text[at : match.start()]), style)
        at = match.end()
        if match[0].startswith("\n"):
            yield faint(f"\n⋯ {match[0].count(chr(10)) - 1:,} blank lines\n")
        else:
            yield faint(f" ⋯ {len(match[0]):,} blanks ⋯ ")
    yield plain(spell_command(text[at:]), style)


def _list_asking(row: Content) -> set[int]:
    return {
        int(span.style.meta[ASKS]) for span in row.spans if isinstance(span.style, Style) and ASKS in span.style.meta
    }


class CommandView(AskedView):
    """A command or the text of a call."""

    def __init__(self, preview: Preview, proposal: Proposal | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.add_class("code")
        self._preview = preview
        self._line = proposal.line if proposal else None
        self._drawn = DrawnCommand(())
        self._width = 0

    @property
    def lines(self) -> int:
        return len(self._drawn.rows)

    @property
    def padding_rows(self) -> int:
        return 0 if self.screen.has_class("-low") else 1 if self.screen.has_class("-tight") else 2

    def lay_out(self, width: int) -> int:
        """Draw it at `width` cells, the ground's edges included; returns the rows that it wants."""
        room = width - PADDING - 1
        if room != self._width:
            self._width, self._drawn = room, draw_command(self._preview, room, self._line)
            self.measure(room)
            self.refresh()
        return self.lines + self.padding_rows

    def tell_asking(self) -> Content:
        count = sum(row >= self.bottom for row in self._drawn.asking)
        if not count:
            return Content()
        words = f"{count} more that asks" if count == 1 else f"{count} more that ask"
        words = words if self._drawn.all_known else f"{count} or more that ask"
        return plain(f"{words} below", "bold $warning")

    def render_line(self, y: int) -> Strip:
        width, row = self.scrollable_content_region.width, y + round(self.scroll_y)
        if row >= self.lines:
            return Strip.blank(width, self.rich_style)
        return build_strip(self._drawn.rows[row], self.visual_style, width)


PADDING = 4
"""Cells that the code ground keeps free at both sides."""
