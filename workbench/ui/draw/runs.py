"""Lines of text in Rich styles, measured in cells: wrapped, clipped, padded. What scrolls in lines is made of them.

A run is `(text, style)`; a line is runs that fit the width, and how it joins the line before when it is copied.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rich.cells import cell_len, set_cell_size, split_graphemes
from rich.style import Style
from textual.color import Color, ColorParseError

from workbench.core import figures
from workbench.ui.draw.written import Stretch, Written

FALLBACK = {"background": "#14171C", "foreground": "#DDE2E9"}


class Styles:
    """Gives a Rich style for a role and a ground, by the names of theme variables.

    `faded` ones write everything in `faint` without grounds: what the model no longer sees.
    """

    def __init__(self, variables: Mapping[str, str], *, faded: bool = False, plain: bool = False) -> None:
        self._variables = dict(variables)
        self._faded = faded
        self._styles: dict[tuple[str, str, str], Style] = {}
        self.plain = plain
        """True without colour: letters and `│` stand in the gutter."""

    def faint(self) -> "Styles":
        """The same theme for what left the window."""
        return Styles(self._variables, faded=True, plain=self.plain)

    def __call__(self, role: str, ground: str = "", attributes: str = "") -> Style:
        """The style for variable `role` on variable `ground` (empty: the widget's own) with `bold underline …`."""
        key = (role, ground, attributes)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._resolve(role, ground, attributes)
        return style

    def link(self, href: str, style: Style) -> Style:
        """`style` as something to click that opens `href`."""
        return style + Style.from_meta({"@click": ("follow_link", (href,))})

    def _resolve(self, role: str, ground: str, attributes: str) -> Style:
        if self._faded:
            role, ground, attributes = "faint", "", attributes.replace("bold", "")
        style = Style(color=self._colour(role), bgcolor=self._colour(ground) if ground else None)
        return style + Style.parse(attributes) if attributes.strip() else style

    def _colour(self, name: str) -> str | None:
        return _hex(self._variables.get(name, FALLBACK.get(name, FALLBACK["foreground"])))


@cache
def _hex(value: str) -> str | None:
    """A colour as Rich takes it; None (the terminal's own) for what is not a fixed colour."""
    try:
        colour = Color.parse(value)
        return None if colour.ansi is not None else colour.hex6
    except ColorParseError:
        return None


StyledRun = tuple[str, Style]

_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_LOOK = 8
"""Characters that are looked at for each cell when a line is cut: what is joined by accents and joiners is longer."""
_JOINED = "[\ufe0f\u200d\U0001f3fb-\U0001f3ff]"
_WORDS = re.compile(rf"\n|[^\S\n]+|[{_WIDE}]{_JOINED}*(?:(?<=\u200d)[{_WIDE}]{_JOINED}*)*|[^\s{_WIDE}]+")
_GAPS = re.compile(r"\s+|[,;(\[{]")
"""After these a line of code may be folded rather than in the middle of a word."""
NULL = Style.null()
TAB = "    "
"""What a tab is drawn as."""


@dataclass(slots=True)
class TextLine:
    """One row."""

    runs: list[StyledRun]
    join: str = "\n"
    """What stands between this line and the one before when both are copied: a soft wrap is a space or nothing."""
    before: int = 0
    """Characters at its left that are only drawn (an inset, a bar, a line number) and never copied."""
    after: int = 0
    """Characters at its right that are only drawn, such as a ground that is filled up and the mark of a fold."""
    source: int = -1
    """Line of the source that it shows, counted from where its block begins; -1 where it shows none."""
    stretches: tuple[Stretch, ...] = ()
    """Which characters of `text` show which piece of the source."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    def copy(self, start: int = 0, end: int | None = None) -> str:
        """What was written between the characters `start` and `end` of `text`."""
        text = self.text
        if len(self.stretches) == 1:
            return self.stretches[0].copy(start, len(text) if end is None else end)
        stop = len(text) - self.after
        piece = text[max(start, self.before) : stop if end is None else min(end, stop)]
        return piece if self.after else piece.rstrip()


def escape_controls(text: str) -> str:
    """Words as they may be shown (control characters visible, tabs as four spaces)."""
    if text.isascii() and text.isprintable():
        return text
    return figures.readable(text).replace("\t", TAB)


def escape_unseen(text: str) -> str:
    """Code, a command, a path or an address as it may be shown: what is not seen is made visible too."""
    if text.isascii() and text.isprintable():
        return text
    return figures.visible(text).replace("\t", TAB)


def measure(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def count_fitting(text: str, width: int) -> int:
    """How many characters of `text` fit `width` cells; at least one, so that folding always ends."""
    if text.isascii():
        return max(1, min(len(text), width))
    used = 0
    for start, end, size in split_graphemes(text)[0]:
        used += size
        if used > width:
            return start or end
    return max(1, len(text))


def clip(text: str, width: int) -> str:
    """`text` cut with `…` where it is wider than `width`."""
    if measure(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    kept = text[: count_fitting(text, width - 1)]
    return set_cell_size(kept, min(measure(kept), width - 1)).rstrip() + "…"


def break_words(text: str, width: int) -> list[tuple[int, int, str]]:
    """Where to break `text`: `(start, end, join)` for each line of at most `width` cells."""
    width = max(1, width)
    if len(text) <= width and text.isascii() and "\n" not in text:
        return [(0, len(text), "\n")]
    found: list[tuple[int, int, str]] = []
    start = end = used = 0
    join = "\n"
    for match in _WORDS.finditer(text):
        word, at = match.group(), match.start()
        if word == "\n":
            found.append((start, end, join))
            start = end = at + 1
            used, join = 0, "\n"
            continue
        size = measure(word)
        if word.isspace():
            used += size
            continue
        if used + size > width and end > start:
            found.append((start, end, join))
            join = " " if end < at else ""
            start, used = at, 0
        if used + size > width:
            start, used, join = _break_word(found, text, (max(start, at), match.end()), width, join)
        else:
            used += size
        end = match.end()
    found.append((start, max(start, end), join))
    return found


def _break_word(
    found: list[tuple[int, int, str]], text: str, word: tuple[int, int], width: int, join: str
) -> tuple[int, int, str]:
    """Break one word that is wider than a line; returns where its last piece starts, its cells, and its join."""
    start, stop = word
    while measure(text[start:stop]) > width:
        taken = count_fitting(text[start : min(stop, start + _LOOK * width)], width)
        if start + taken >= stop:
            break
        found.append((start, start + taken, join))
        start, join = start + taken, ""
    return start, measure(text[start:stop]), join


def cut(runs: Sequence[StyledRun], pieces: Iterable[tuple[int, int, str]]) -> list[TextLine]:
    """`runs` cut into lines at `pieces`, which are in order."""
    lines: list[TextLine] = []
    index, base = 0, 0
    for start, end, join in pieces:
        taken: list[StyledRun] = []
        while index < len(runs):
            text, style = runs[index]
            low, high = max(start - base, 0), end - base
            if low < len(text) and high > 0 and (piece := text[low:high]):
                taken.append((piece, style))
            if base + len(text) > end:
                break
            base += len(text)
            index += 1
        lines.append(TextLine(taken, join))
    return lines


def wrap(runs: Sequence[StyledRun], width: int, written: Written | None = None) -> list[TextLine]:
    """`runs` as prose, broken between words; they show all of `written`."""
    pieces = break_words("".join(text for text, _ in runs), width)
    lines = cut(runs, pieces)
    if written:
        for line, (start, end, _) in zip(lines, pieces, strict=True):
            line.stretches = (Stretch(0, end - start, written, start),)
    return lines


def fold(runs: Sequence[StyledRun], width: int) -> list[TextLine]:
    """`runs` of one line of code in rows of at most `width` cells: every character stays, and words where they can."""
    text = "".join(text for text, _ in runs)
    width = max(1, width)
    if measure(text) <= width:
        return [TextLine(list(runs))]
    found: list[tuple[int, int, str]] = []
    start = 0
    while start < len(text):
        taken = count_fitting(text[start : start + _LOOK * width], width)
        end = start + taken
        if end < len(text):
            end = max((gap.end() for gap in _GAPS.finditer(text, start + taken // 2, end)), default=end)
        found.append((start, end, "" if found else "\n"))
        start = end
    return cut(runs, found)


def indent(lines: Sequence[TextLine], first: Sequence[StyledRun], rest: Sequence[StyledRun]) -> list[TextLine]:
    """`lines` behind a prefix: `first` on the first of them, `rest` on the others.

    What goes on from the line above, and what is framed, is copied without it.
    """
    found: list[TextLine] = []
    for place, line in enumerate(lines):
        prefix = first if place == 0 else rest
        size = sum(len(text) for text, _ in prefix)
        before = line.before + size if line.before or line.join != "\n" else 0
        moved = tuple(stretch.move(size) for stretch in line.stretches)
        found.append(TextLine([*prefix, *line.runs], line.join, before, line.after, line.source, moved))
    return found


def measure_runs(runs: Iterable[StyledRun]) -> int:
    """Cells of all runs."""
    return sum(measure(text) for text, _ in runs)


def clip_runs(runs: Sequence[StyledRun], width: int) -> list[StyledRun]:
    """`runs` cut with `…` at `width` cells."""
    kept: list[StyledRun] = []
    for text, style in runs:
        size = measure(text)
        if size > width:
            kept.append((clip(text, width), style))
            return kept
        kept.append((text, style))
        width -= size
    return kept


def pad(runs: Sequence[StyledRun], width: int, ground: Style) -> list[StyledRun]:
    """`runs` filled up to `width` cells with `ground`."""
    missing = width - measure_runs(runs)
    return [*runs, (" " * missing, ground)] if missing > 0 else list(runs)


def spread(left: Sequence[StyledRun], right: Sequence[StyledRun], width: int, ground: Style = NULL) -> list[StyledRun]:
    """`left` clip_runs and `right` at the right edge, two cells between them."""
    space = width - measure_runs(right)
    if space < 8:
        return clip_runs(left, width)
    kept = clip_runs(left, space - 2)
    return [*pad(kept, space, ground), *right]
