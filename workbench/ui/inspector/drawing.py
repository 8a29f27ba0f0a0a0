"""How the inspector's rows look: a block, what left, a finding, the names of the columns, what the marks mean."""

from dataclasses import dataclass

from textual.content import Content

from workbench.core import figures
from workbench.core.inspection import Finding, LeftBlock
from workbench.ui.draw.bar import draw_chip
from workbench.ui.draw.text import bold, count, faint, fit, flatten, heading, muted, name_key, plain, spread, wrap
from workbench.ui.inspector.rows import BlockRow, Order
from workbench.ui.state import UiState

CHIP = 5
"""Cells before the label: what was chosen, the letter, a blank."""
PARTS = (("zone", 9), ("age", 4), ("tokens", 8), ("bar", 9), ("marks", 7))
"""Columns after the label and their cells; those at the right go first where it is narrow, but for the marks."""
LEAST_LABEL = 20
BAR = 8
CACHED, PINNED, DROP, MASK = ("▀", "$success"), ("■", "$accent"), ("-", "$error"), ("~", "$warning")
"""Sign and colour of what a block is."""
DEEDS = {"drop": "drops", "mask": "masks", "lift": "lifts", "compact": "compacts"}
"""What the key that mends a finding does."""


@dataclass(frozen=True)
class Columns:
    """What of a row fits a width."""

    width: int
    label: int
    shown: frozenset[str]

    @classmethod
    def of(cls, width: int) -> "Columns":
        """The columns of a list of `width` cells."""
        shown, cells = {"marks"}, dict(PARTS)
        for name in ("tokens", "zone", "age", "bar"):
            if CHIP + LEAST_LABEL + sum(cells[each] for each in shown) + cells[name] <= width:
                shown.add(name)
        return cls(width, max(4, width - CHIP - sum(cells[name] for name in shown)), frozenset(shown))

    def find(self, x: int) -> str:
        """The column at cell `x`, by its name as an order; empty where there is none."""
        at = CHIP + self.label
        if x < at:
            return "block"
        for name, cells in PARTS:
            if name in self.shown:
                if x < at + cells:
                    if name == "marks":
                        return ("cached", "pinned", "marked")[min(2, max(0, (x - at - 1) // 2))]
                    return "tokens" if name == "bar" else name
                at += cells
        return ""


def draw_head(columns: Columns, order: Order) -> Content:
    """The names of the columns; an arrow at the one that the rows are sorted by."""
    arrow = "▴" if order.backwards else "▾"

    def name(column: str, word: str, cells: int) -> Content:
        return heading((word + (arrow if order.column == column else "")).ljust(cells))

    signs = (("cached", CACHED), ("pinned", PINNED), ("marked", DROP))
    drawn = (plain(*sign) + heading(arrow if order.column == column else " ") for column, sign in signs)
    parts = {
        "zone": name("zone", "ZONE", 9),
        "age": name("age", "AGE", 4),
        "tokens": name("tokens", " TOKENS", 8),
        "bar": Content(" " * (BAR + 1)),
        "marks": Content("").join([Content(" "), *drawn]),
    }
    shown = [parts[each] for each, _ in PARTS if each in columns.shown]
    return fit(Content("").join([Content(" " * CHIP), name("block", "BLOCK", columns.label), *shown]), columns.width)


def draw_block(row: BlockRow, columns: Columns, largest: int, digits: int, state: UiState) -> Content:
    """One row; `largest` are the tokens of a full bar, `digits` the cells of a turn's number."""
    if state.options.linear:
        return fit(plain(" " + speak_block(row)), columns.width - 1)
    quiet = "$faint" if row.leaves else ""
    label = f"{row.turn:>{digits}}  " if row.turn else ""
    words = plain(label + flatten(row.label), quiet and f"strike {quiet}")
    parts = {
        "zone": plain(
            f"{row.zone}{' !' if row.drifts else ''}".ljust(9), "$warning" if row.drifts else quiet or "$muted"
        ),
        "age": plain(("–" if row.age is None else str(row.age)).rjust(3) + " ", quiet or "$muted"),
        "tokens": plain(figures.tokens(row.tokens).rjust(7) + " ", quiet),
        "bar": _draw_bar(row, largest, state.patterns),
        "marks": draw_signs(row),
    }
    shown = [fit(words, columns.label - 1) + " ", *(parts[each] for each, _ in PARTS if each in columns.shown)]
    return Content("").join([draw_chip(row.section, state.patterns), Content(" "), *shown])


def _draw_bar(row: BlockRow, largest: int, patterns: bool) -> Content:
    halves = max(1, min(2 * BAR, round(row.tokens / largest * 2 * BAR))) if largest and row.tokens else 0
    drawn = "━" * (halves // 2) + "╸" * (halves % 2)
    style = "" if patterns else "$line" if row.leaves else f"$section-{row.section}"
    return plain(drawn.ljust(BAR + 1), style)


def draw_signs(row: BlockRow) -> Content:
    """Seven cells: cached, pinned, marked."""
    cached = plain(*CACHED) if row.cached else faint("·")
    pinned = plain(*PINNED) if row.mark == "pin" else Content(" ")
    marked = plain(*(DROP if row.mark == "drop" else MASK)) if row.leaves else faint("┊" if row.masked else " ")
    return Content(" ").join([Content(), cached, pinned, marked]) + " "


def speak_block(row: BlockRow) -> str:
    """The row in words."""
    told = [f"{row.section}: {flatten(row.label)}", f"turn {row.turn}" if row.turn else "", row.zone]
    told += [f"{figures.tokens(row.tokens)} tokens", "cached" if row.cached else "", name_state(row)]
    told += ["drifting into the middle" if row.drifts else ""]
    return ", ".join(filter(None, told))


def name_state(row: BlockRow) -> str:
    """`pinned`, `marked to drop`, `masked`; empty where nothing was said of it."""
    if row.leaves:
        return f"marked to {row.mark}"
    return "pinned" if row.mark == "pin" else "masked" if row.masked else ""


def draw_left(left: LeftBlock, columns: Columns, digits: int, linear: bool = False) -> Content:
    """A block that left: faint, with a broken line in the place of its colour."""
    if linear:
        return fit(plain(" " + speak_left(left)), columns.width - 1)
    words = fit(muted(f"{left.turn:>{digits}}  {flatten(left.label)}"), columns.label - 1)
    how = f"{left.fate} in turn {left.left_turn}"
    tail = muted(figures.tokens(left.tokens).rjust(7) + "   ") + faint(how)
    return fit(faint(" ┊  ") + words + " " + tail, columns.width - 1)


def speak_left(left: LeftBlock) -> str:
    """The row in words."""
    told = f"turn {left.turn}", f"{figures.tokens(left.tokens)} tokens", f"{left.fate} in turn {left.left_turn}"
    return ", ".join([f"out of the window: {flatten(left.label)}", *told])


def draw_finding(finding: Finding, width: int, as_if: bool, key: str) -> list[Content]:
    """What it is, then what it costs and the `key` that mends it."""
    rows = wrap(plain(flatten(finding.text)), max(8, width - 4))
    rows = [(plain("▪ ", "$warning") if place == 0 else Content("  ")) + row for place, row in enumerate(rows)]
    usd = figures.dollars(finding.usd_a_turn) + (" as if" if as_if and finding.usd_a_turn is not None else "")
    told = muted(f"  {figures.tokens(finding.tokens)} · {usd} a turn")
    if key and finding.remedy in DEEDS:
        word = DEEDS[finding.remedy]
        what = "" if finding.remedy == "compact" else " it"
        told += "   " + name_key(key, f"{word}{what}")
    return [*rows, told]


def draw_legend(findings: int, width: int, key: str) -> Content:
    """What the signs mean, as many as fit, and how many findings there are, with the `key` that shows them."""
    right = Content()
    if findings:
        right = plain("▪ ", "$warning") + muted(f"{count(findings, 'finding')} ") + bold(key, "$accent") + " "
    signs = ((CACHED, "cached"), (PINNED, "pinned, survives compaction"), (DROP, "to drop"), (MASK, "to mask"))
    left = Content(" ")
    for sign, word in signs:
        piece = plain(*sign) + muted(f" {word}   ")
        if left.cell_length + piece.cell_length + right.cell_length <= width:
            left += piece
    return spread(left, right, width)
