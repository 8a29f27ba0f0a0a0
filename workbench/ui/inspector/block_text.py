"""The text of the block under the cursor: with line numbers, as code where it is code, and why it is here."""

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from workbench.ui.commands import OffersCommands, offer_in_part
from workbench.ui.draw.runs import Styles, clip_runs, cut, escape_controls
from workbench.ui.draw.text import blank, faint, heading, plain, wrap
from workbench.ui.reading.lines import CodeLines, DrawnLine, Lines, PlainLines
from workbench.ui.reading.page import Page
from workbench.ui.widgets.drawn import build_strip

MOST_COLOURED = 30_000
"""Characters up to which a text is coloured here: it is drawn at each step of the cursor."""
LEAST = 3
"""Rows that the text keeps however much is to be said of it."""


class TokenLines(PlainLines):
    """A text in the pieces of a tokenizer, every other one on another ground."""

    def __init__(self, text: str, pieces: Sequence[str]) -> None:
        super().__init__(text)
        self._pieces: list[list[tuple[str, bool]]] = [[]]
        for place, piece in enumerate(pieces):
            for line, part in enumerate(piece.split("\n")):
                if line:
                    self._pieces.append([])
                if part:
                    self._pieces[-1].append((escape_controls(part), place % 2 == 1))

    def __len__(self) -> int:
        return len(self._pieces)

    def text(self, line: int) -> str:
        return "".join(text for text, _ in self._pieces[line])

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        grounds = (styles("foreground", "code"), styles("foreground", "line", "underline" if styles.plain else ""))
        return DrawnLine([], [(text, grounds[odd]) for text, odd in self._pieces[line]])


def open_lines(text: str, path: str = "") -> Lines:
    """`text` as lines, in the colours of the language that `path` is written in."""
    return CodeLines(text, "", path) if path and len(text) <= MOST_COLOURED else PlainLines(text.strip("\n"))


class BlockText(OffersCommands, Widget, can_focus=True):
    """Scrolls one text between what it is and why it is here."""

    OFFERS = offer_in_part(
        "IN THE TEXT",
        ("scroll_up", "up,k", "move(-1)", "Scroll the text"),
        ("scroll_down", "down,j", "move(1)", ""),
        ("scroll_page_up", "pageup", "page(-1)", "Scroll the text by a page"),
        ("scroll_page_down", "pagedown", "page(1)", ""),
        ("scroll_to_first", "home", "ends(0)", "To the beginning of the text or its end"),
        ("scroll_to_last", "end", "ends(1)", ""),
    )

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head: Sequence[Content] = ()
        self._why: tuple[Sequence[str], str] = ((), "")
        self._first = 1
        self._page = Page(PlainLines(""), wraps=True)
        self._strips: list[Strip] | None = None

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._redraw())

    def on_resize(self) -> None:
        self._redraw()

    def read(self, head: Sequence[Content], lines: Lines, first: int, why: Sequence[str], warning: str) -> None:
        """Show another text. `first`: the number of its first line, where they are cut; 0 where lines are wrapped."""
        self._head, self._first, self._why = head, first, (why, warning)
        self._page = Page(lines, wraps=not first)
        self._redraw()

    def _redraw(self) -> None:
        self._strips = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if self._strips is None:
            self._strips = self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _paint(self) -> list[Strip]:
        width, height = self.size
        inner = max(8, width - 4)
        above = [row for each in self._head for row in wrap(each, inner)]
        below = self._explain(inner)
        room = max(LEAST, height - len(above) - len(below) - 2)
        below = below[: max(0, height - len(above) - room - 2)]
        page, style = self._page, self.visual_style
        digits = len(str(self._first + len(page.lines))) + 1 if self._first else 0
        page.fit(max(4, inner - digits - (1 if digits else 0)), room)
        rows = [blank(width), *(Content("  ") + row for row in above)]
        strips = [build_strip(row, style, width) for row in rows]
        strips += self._paint_text(digits)
        return strips + [build_strip(Content("  ") + row, style, width) for row in below]

    def _paint_text(self, digits: int) -> list[Strip]:
        page, styles = self._page, Styles(self.app.theme_variables, plain=self.app.no_color)
        strips, base = [], self.rich_style
        seen = list(page.seen())
        hidden = len(page.lines) - (seen[-1].line + 1) if seen else 0
        for row in seen[: -1 if hidden and len(seen) > 1 else None]:
            number = f"{self._first + row.line}" if digits and not row.start else ""
            goes_on = row.start > 0 and page.lines.text(row.line)[row.start] == " "
            runs = cut(page.lines.draw(row.line, styles).runs, [(row.start + goes_on, row.end, "")])[0].runs
            runs = clip_runs(runs, page.width)
            fixed = f"  {number:>{digits}} " if digits else "  "
            segments = [Segment(fixed, base + styles("faint")), *(Segment(text, base + style) for text, style in runs)]
            strips.append(Strip(segments).adjust_cell_length(self.size.width, base))
        if hidden and len(seen) > 1:
            more = hidden + 1
            told = faint(f"  {' ' * digits + ' ' if digits else ''}⋯ {more:,} more {'line' if more == 1 else 'lines'}")
            strips.append(build_strip(told, self.visual_style, self.size.width))
        return strips

    def _explain(self, width: int) -> list[Content]:
        why, warning = self._why
        rows = [Content(), heading("WHY IT IS HERE")] if why else []
        rows += [row for sentence in why for row in wrap(plain(sentence), width)]
        if warning:
            said = wrap(plain(warning), max(8, width - 2))
            rows += [
                Content(),
                *((plain("! ", "bold $warning") if not at else Content("  ")) + r for at, r in enumerate(said)),
            ]
        return rows

    def action_move(self, by: int) -> None:
        self._page.move(by)
        self._redraw()

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self._page.height - 2))

    def action_ends(self, last: int) -> None:
        if last:
            self._page.go_to_end()
        else:
            self._page.go_to(0)
        self._redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-3)
