"""Rows of Textual `Content`: words in a theme colour made safe to show, cut, padded, and set at both ends of a row."""

import re
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from workbench.core import figures

_ACTED_ON = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
)
"""Controls, what turns the direction of writing round, and what terminals disagree about; none takes a cell."""
_OF_ONE_CELL = re.compile("[\u00ad\ud800-\udfff]")
"""A soft hyphen, which terminals draw or not, and what no encoding holds."""


class ControlFilter(LineFilter):
    """Takes out of every line what a terminal would act on, whatever drew it; `plain` makes it visible before that.

    Such a character has no width, so that a line keeps its own.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` without control characters in their text."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else Segment(_tame(segment.text), segment.style) for segment in segments]


def _tame(text: str) -> str:
    return _OF_ONE_CELL.sub("\ufffd", _ACTED_ON.sub("", text))


def plain(text: str, style: str = "") -> Content:
    """`text` in `style`, with control characters made visible; markup in it means nothing."""
    return Content.styled(figures.visible(text), style) if style else Content(figures.visible(text))


def muted(text: str) -> Content:
    """A label."""
    return plain(text, "$muted")


def faint(text: str) -> Content:
    """An aside."""
    return plain(text, "$faint")


def bold(text: str, colour: str = "$foreground") -> Content:
    """A title or the one number of a block."""
    return plain(text, f"bold {colour}")


HEADING = "bold $muted"


def heading(text: str) -> Content:
    """The name of a block, in capitals."""
    return plain(text, HEADING)


def name_key(key: str, word: str) -> Content:
    """`F8 compact`: a key in brass and what it does."""
    return bold(key, "$accent") + muted(f" {word}")


def flatten(text: str) -> str:
    """Words on one line, control characters made visible."""
    return " ".join(figures.readable(text).split())


def flatten_exactly(text: str) -> str:
    """A command, a path or a name on one line, with what is not seen made visible."""
    return " ".join(figures.visible(text).split())


def count(number: int, what: str) -> str:
    """`1 turn`, `3 turns`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def lower_first(sentence: str) -> str:
    """A sentence as the end of another: `The budget is spent` after `asks because`; names and figures stay."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def write_cost(usd: float | None, as_if: bool) -> str:
    """`$0.42`, `$0.42 as if` where nobody pays, `n/a` where the price is unknown."""
    return figures.dollars(usd) + (" as if" if as_if and usd is not None else "")


def cut_path(path: str, width: int) -> str:
    """A path cut once: at the front, or within the file's name where that alone is too long."""
    path, width = figures.visible(path), max(8, width)
    if cell_len(path) <= width:
        return path
    name = path.rstrip("/").rpartition("/")[2]
    head = _take_cells(path, 0 if cell_len(name) < width else width // 3)
    return f"{head}…{_take_cells(path[::-1], width - 1 - cell_len(head))[::-1]}"


def _take_cells(text: str, width: int) -> str:
    """As much of the front of `text` as takes at most `width` cells."""
    taken = text[:width]
    while cell_len(taken) > width:
        taken = taken[:-1]
    return taken


def join(parts: Sequence[Content], between: str = "   ") -> Content:
    """The parts that are not empty, with `between` between them."""
    return Content(between).join([part for part in parts if part])


def stack(rows: Sequence[Content]) -> Content:
    """Rows below each other, as a widget renders them."""
    return Content("\n").join(rows)


def fit(content: Content, width: int) -> Content:
    """`content` cut or padded to exactly `width` cells."""
    return content.truncate(max(0, width), ellipsis=True, pad=True)


def blank(width: int) -> Content:
    """An empty row."""
    return Content(" " * max(0, width))


def fill(rows: list[Content], height: int, width: int) -> list[Content]:
    """Exactly `height` rows."""
    return [*rows[:height], *(blank(width) for _ in range(height - len(rows)))]


def wrap(content: Content, width: int, least: int = 8) -> list[Content]:
    """`content` broken between words into rows of at most `width` cells, which is taken as `least` at least."""
    return list(content.wrap(max(least, width)))


def cut_rows(rows: list[Content], most: int, key: str) -> list[Content]:
    """At most `most` rows: where there are more, the last says how many lines are left out; `key` shows all."""
    if len(rows) <= most:
        return rows
    return [*rows[: most - 1], faint(f"… {len(rows) - most + 1:,} more lines") + "   " + name_key(key, "shows all")]


def select(row: Content, width: int) -> Content:
    """`row` as the chosen one: on its own ground up to `width` cells."""
    return row.pad_right(max(0, width - row.cell_length)).stylize_before("on $select")


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a row of exactly `width` cells; `left` is cut with `…` where it must."""
    width = max(0, width)
    if right.cell_length >= width:
        return fit(right, width)
    room = width - right.cell_length - (1 if right else 0)
    return fit(left, room) + (" " + right if right else right)


def spread_title(left: Content, right: Content, width: int) -> Content:
    """As `spread`, two cells apart; `right` is dropped where `left` would be cut to less than a third."""
    room = width - right.cell_length - 2
    if not right or (room < width // 3 and left.cell_length > room):
        return left.truncate(width, ellipsis=True)
    return fit(left, room) + "  " + right


def draw_choice(chosen: bool, label: str) -> Content:
    """`◉ label` where it is chosen, else `○ label`."""
    return (plain("◉ ", "$accent") if chosen else muted("○ ")) + plain(label)


def shorten_home(path: str) -> str:
    """`path` with `~` for the person's home, and nothing in it that a terminal would obey."""
    home = str(Path.home())
    inside = path == home or path.startswith(f"{home}/")
    return figures.visible(f"~{path.removeprefix(home)}" if inside else path)
