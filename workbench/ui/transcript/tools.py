"""Tool lines: one call in one line, what it gave back below it, and runs of calls in one line."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from rich.style import Style

from workbench.core import figures
from workbench.core.program_output import resolve_output
from workbench.core.tools import FileChange
from workbench.ui.draw.code import PatchRow, find_lexer, frame, highlight, parse_patch
from workbench.ui.draw.differences import mark_differences
from workbench.ui.draw.runs import (
    NULL,
    StyledRun,
    Styles,
    TextLine,
    clip,
    clip_runs,
    escape_controls,
    escape_unseen,
    fold,
    indent,
    spread,
)
from workbench.ui.draw.text import count, flatten, flatten_exactly
from workbench.ui.state import Tool, ToolState
from workbench.ui.transcript.remarks import read_all

Fold = Literal["closed", "glance", "open"]
"""`glance` is what stands open by itself."""

CAPS: dict[Fold, int] = {"closed": 0, "glance": 20, "open": 40}
"""Lines of output or diff that are shown below a call; the pager has all of them."""
LONGEST = 2_000
"""Characters of one line of output that are looked at: no more are shown in `ROWS` rows."""
ROWS = 3
"""Rows that one line of output takes at most."""
SMALL_DIFF = 12
"""A finished edit of at most so many lines is open from the start."""
NUMBERS = 5
"""Cells of a line number."""
SIGNS = {
    "same": (" ", "foreground", ""),
    "added": ("+", "added", "added-ground"),
    "removed": ("−", "removed", "removed-ground"),
}
"""Sign, text and ground of a diff's rows."""
NARROW = 44
"""Below so many cells the figures go."""

MARKS: dict[ToolState, tuple[str, str, str]] = {
    "proposed": ("○", "faint", ""),
    "waiting": ("◆", "accent", "waits for you"),
    "running": ("●", "accent", ""),
    "done": ("✓", "success", ""),
    "failed": ("✗", "error", "failed"),
    "rejected": ("⊘", "warning", "rejected"),
    "unanswered": ("◌", "muted", "unanswered"),
    "stopped": ("■", "muted", "stopped"),
}
"""Mark, its style, and the word where nothing else is said."""


def choose_fold(tool: Tool) -> Fold:
    """How a tool stands before anyone folds it: failures and small changes are open."""
    if tool.state == "failed" and tool.output:
        return "glance"
    if tool.state == "done" and tool.changes and tool.in_window:
        size = sum(change.diff.count("\n") for change in tool.changes)
        if 0 < size <= SMALL_DIFF + 4 * len(tool.changes):
            rows = sum(len(parse_patch(change.diff)) for change in tool.changes)
            return "glance" if rows <= SMALL_DIFF else "closed"
    return "closed"


def draw_tool(tool: Tool, fold: Fold, width: int, styles: Styles, now: float, inset: int = 0) -> list[TextLine]:
    """A call: its line, and below it what `fold` shows. `inset` cells to the right inside an open run."""
    lines = [_headline(tool, fold, width - inset, styles, now)]
    if fold != "closed":
        lines.extend(_body(tool, fold, width - inset, styles))
    space = [(" " * inset, styles("foreground"))] if inset else []
    return indent(lines, space, space) if inset else lines


def draw_run(tools: Sequence[Tool], opened: bool, width: int, styles: Styles) -> TextLine:
    """A run in one line: `▸ 4 tools  3 read · 1 search · 2 noted`, and its time; of bookkeeping alone `▸ 2 noted`."""
    counts = Counter(tool.name for tool in tools if not tool.quiet)
    words = [f"{count} {name}" for name, count in counts.items()]
    if noted := sum(tool.quiet for tool in tools):
        words.append(f"{noted} noted")
    if masked := sum(tool.masked for tool in tools):
        words.append(f"{masked} masked")
    title = count(sum(counts.values()), "tool") + "  " if counts else ""
    left = [
        ("▾ " if opened else "▸ ", styles("faint")),
        (title, styles("info", "", "bold")),
        (flatten(" · ".join(words)), styles("foreground" if counts else "muted")),
    ]
    time = figures.span(sum(tool.seconds for tool in tools))
    return TextLine(spread(left, draw_figures(time, "done", width, styles), width))


def draw_figures(time: str, state: ToolState, width: int, styles: Styles) -> list[StyledRun]:
    """The right-hand columns: time and mark. What a result takes of the window, the window alone says."""
    mark, role, _ = MARKS[state]
    right: list[StyledRun] = [(mark, styles(role))]
    if width >= NARROW:
        right.insert(0, (f"{time:>4}  ", styles("muted")))
    return right


def _headline(tool: Tool, fold: Fold, width: int, styles: Styles, now: float) -> TextLine:
    opens = bool(tool.output or tool.changes)
    arrow = ("▾ " if fold != "closed" else "▸ ") if opens else "  "
    summary, headline = flatten_exactly(tool.summary), choose_headline(tool)
    right = draw_figures(_time(tool, now), tool.state, width, styles)
    room = width - sum(len(text) for text, _ in right) - 2 - len(tool.name) - 4
    if headline:
        summary = clip(summary, max(room - len(headline) - 2, room // 2, 8))
    left = [
        (arrow, styles("faint")),
        (flatten_exactly(tool.name), styles("muted") if tool.quiet else styles("info", "", "bold")),
        (f"  {summary}" if summary else "", styles("muted" if tool.quiet else "foreground")),
        (f"  {headline}" if headline else "", styles("error" if tool.state == "failed" else "muted")),
    ]
    return TextLine(spread([run for run in left if run[0]], right, width))


def choose_headline(tool: Tool) -> str:
    """The few words behind a call's target, and whether the window holds one line of what it gave back."""
    words = flatten("" if tool.quiet else tool.headline) or MARKS[tool.state][2]
    if not words and tool.state == "done" and tool.changes:
        words = f"+{sum(change.added for change in tool.changes)} −{sum(change.removed for change in tool.changes)}"
    return " · ".join(filter(None, (words, "masked" if tool.masked else "")))


def _time(tool: Tool, now: float) -> str:
    if tool.state == "running" and tool.started_at:
        return figures.clock(now - tool.started_at)
    return figures.span(tool.seconds) if tool.seconds or tool.state == "done" else ""


def _body(tool: Tool, fold: Fold, width: int, styles: Styles) -> list[TextLine]:
    lines: list[TextLine] = []
    left = CAPS[fold]
    hidden = 0
    for change in tool.changes:
        if len(tool.changes) > 1:
            path = clip(escape_unseen(change.path), width - 2)
            lines.append(TextLine([("  ", styles("muted")), (path, styles("muted", "", "bold"))]))
        part, total = draw_diff(change, width, styles, left)
        lines.extend(part)
        hidden += max(0, total - left)
        left = max(0, left - total)
    if hidden:
        lines.append(_more(hidden, styles))
    if not tool.changes or tool.state == "failed":
        lines.extend(_output(tool, fold, width, styles))
    return lines


def _output(tool: Tool, fold: Fold, width: int, styles: Styles) -> list[TextLine]:
    """The first lines of what the call gave back; a running one shows its end."""
    cap, running = CAPS[fold], tool.state == "running"
    text = tool.output.rstrip("\n")
    if not text:
        return []
    cut = text.rsplit("\n", cap)[-cap:] if running else text.split("\n", cap)[:cap]
    lines: list[TextLine] = []
    if running:  # what has run was resolved by its tool
        cut = resolve_output("\n".join(cut)).split("\n")
    shortened = False
    for line in cut:
        rows, whole = _output_line(line, width, styles)
        lines += rows
        shortened |= not whole
    hidden = text.count("\n") + 1 - len(cut)
    if running and hidden:
        return [_more(hidden, styles, "earlier"), *lines]
    return [*lines, _more(hidden, styles)] if hidden or shortened else lines


def _output_line(text: str, width: int, styles: Styles) -> tuple[list[TextLine], bool]:
    """One line of output, cut with `…` after `ROWS` rows, and whether that is all of it."""
    room, muted = max(2, width - 3), styles("muted")
    shown = escape_controls(text[:LONGEST])
    pieces, whole = _shorten(fold([(shown, muted)] if shown else [], room), room, len(text) <= LONGEST)
    margin = [("  ", muted)]
    return frame(pieces, margin, margin, width, styles), whole


def _shorten(pieces: list[TextLine], room: int, whole: bool) -> tuple[list[TextLine], bool]:
    """At most `ROWS` of the rows of one line; the last ends with `…` where that is not all."""
    if len(pieces) <= ROWS and whole:
        return pieces, True
    kept = pieces[:ROWS]
    last, style = kept[-1], kept[-1].runs[-1][1] if kept[-1].runs else NULL
    kept[-1] = TextLine([*clip_runs(last.runs, room - 2), (" …", style)], last.join)
    return kept, False


def _more(count: int, styles: Styles, which: str = "more") -> TextLine:
    """`… 1,960 more lines · enter reads all`."""
    return read_all(styles, f"{count:,} {which} line{'s' * (count != 1)} · " if count else "")


def draw_diff(change: FileChange, width: int, styles: Styles, most: int) -> tuple[list[TextLine], int]:
    """At most `most` rows of a changed file, and how many there are."""
    found = parse_patch(change.diff)
    cut = mark_differences(found[:most])
    inset = min((len(row.text) - len(row.text.lstrip()) for row in cut if row.text.strip()), default=0)
    lines: list[TextLine] = []
    for row in cut:
        text = escape_unseen(row.text[:LONGEST])
        lines.extend(_draw_row(row, text if row.text[:inset].strip(" ") else text[inset:], change.path, width, styles))
    return lines, len(found)


def _draw_row(row: PatchRow, text: str, path: str, width: int, styles: Styles) -> list[TextLine]:
    if row.kind == "gap":
        return [TextLine([("⋯".rjust(NUMBERS), styles("faint"))])]
    sign, role, ground = SIGNS[row.kind]
    style = styles(role, ground)
    same = row.kind == "same"
    strong = styles(role, ground, "bold")
    code = highlight(text, find_lexer("", path), styles, "")[0] if same else _mark(row, text, style, strong)
    if row.end:
        code = [*code, (f"  {row.end}", styles("faint", ground))]
    outer = max(NUMBERS + 6, width - 1)
    edge = styles("faint", ground)
    first = [(f"{row.number:>{NUMBERS}} ", edge), (f"{sign} ", strong)]
    rest = [(" " * (NUMBERS + 3), edge)]
    room = outer - NUMBERS - 4
    pieces, _ = _shorten(fold(code, room), room, len(row.text) <= LONGEST)
    return frame(pieces, first, rest, outer, styles, ground)


def _mark(row: PatchRow, text: str, style: Style, strong: Style) -> list[StyledRun]:
    """A changed line, of which `text` is left, with what differs from the other side in `strong`."""
    runs, at, before = list[StyledRun](), 0, min(len(row.text), LONGEST) - len(text)
    for start, end in row.marks:
        first, last = max(at, start - before), max(at, min(len(text), end - before))
        runs += [(text[at:first], style), (text[first:last], strong)]
        at = last
    return [run for run in [*runs, (text[at:], style)] if run[0]]
