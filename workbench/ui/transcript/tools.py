"""Tool lines: one call in one line, what it gave back below it, and runs of calls in one line."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from workbench.core import figures
from workbench.ui.entries import Tool, ToolState
from workbench.ui.transcript.diffs import diff_lines, rows
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line, Run, clip, fold, indented, oneline, shown, spread

Fold = Literal["closed", "open", "full"]

CAP = 20
"""Lines of output or diff that an open tool shows."""
SMALL_DIFF = 12
"""A finished edit of at most so many lines is open from the start."""
NARROW = 44
"""Below so many cells the figures go."""

MARKS: dict[ToolState, tuple[str, str]] = {
    "proposed": ("○", "faint"),
    "waiting": ("◆", "accent"),
    "running": ("●", "accent"),
    "done": ("✓", "success"),
    "failed": ("✗", "error"),
    "rejected": ("⊘", "warning"),
    "unanswered": ("◌", "muted"),
    "stopped": ("■", "muted"),
}
WORDS: dict[ToolState, str] = {
    "waiting": "waits for you",
    "rejected": "rejected",
    "unanswered": "unanswered",
    "stopped": "stopped",
    "failed": "failed",
}


def default_fold(tool: Tool) -> Fold:
    """How a tool stands before anyone folds it: failures and small changes are open."""
    if tool.state == "failed" and tool.output:
        return "open"
    if tool.state == "done" and tool.changes and tool.in_window:
        size = 0
        for change in tool.changes:
            size += change.diff.count("\n")
            if size > SMALL_DIFF + 4 * len(tool.changes):
                return "closed"
        return "open" if size and sum(1 for c in tool.changes for _ in rows(c.diff)) <= SMALL_DIFF else "closed"
    return "closed"


def tool_lines(tool: Tool, fold: Fold, width: int, ink: Ink, now: float, inset: int = 0) -> list[Line]:
    """A call: its line, and below it what `fold` shows. `inset` cells to the right inside an open run."""
    lines = [_headline(tool, fold, width - inset, ink, now)]
    if fold != "closed":
        lines.extend(_body(tool, fold, width - inset, ink))
    space = [(" " * inset, ink("foreground"))] if inset else []
    return indented(lines, space, space) if inset else lines


def run_line(tools: Sequence[Tool], opened: bool, width: int, ink: Ink) -> Line:
    """A run in one line: `▸ 4 tools  3 read · 1 search`, its tokens and its time."""
    counts = Counter(tool.name for tool in tools)
    words = " · ".join(f"{count} {name}" for name, count in counts.items())
    left = [
        ("▾ " if opened else "▸ ", ink("faint")),
        (f"{len(tools)} tools", ink("info", "", "bold")),
        (f"  {oneline(words)}", ink("foreground")),
    ]
    tokens, seconds = sum(tool.tokens for tool in tools), sum(tool.seconds for tool in tools)
    return Line(spread(left, figures_of(tokens, figures.span(seconds), "done", width, ink), width))


def figures_of(tokens: int, time: str, state: ToolState, width: int, ink: Ink) -> list[Run]:
    """The right-hand columns: tokens, time, mark."""
    mark, role = MARKS[state]
    right: list[Run] = [(mark, ink(role))]
    if width >= NARROW:
        count = figures.tokens(tokens) if tokens else ""
        right.insert(0, (f"{count:>5}  {time:>4}  ", ink("muted")))
    return right


def _headline(tool: Tool, fold: Fold, width: int, ink: Ink, now: float) -> Line:
    opens = bool(tool.output or tool.changes)
    arrow = ("▾ " if fold != "closed" else "▸ ") if opens else "  "
    summary, headline = oneline(tool.summary), headline_of(tool)
    right = figures_of(tool.tokens, _time(tool, now), tool.state, width, ink)
    room = width - sum(len(text) for text, _ in right) - 2 - len(tool.name) - 4
    if headline:
        summary = clip(summary, max(room - len(headline) - 2, room // 2, 8))
    left = [
        (arrow, ink("faint")),
        (oneline(tool.name), ink("info", "", "bold")),
        (f"  {summary}" if summary else "", ink("foreground")),
        (f"  {headline}" if headline else "", ink("error" if tool.state == "failed" else "muted")),
    ]
    return Line(spread([run for run in left if run[0]], right, width))


def headline_of(tool: Tool) -> str:
    """The few words behind a call's target."""
    if tool.headline:
        return oneline(tool.headline)
    if tool.state == "done" and tool.changes:
        added, removed = sum(c.added for c in tool.changes), sum(c.removed for c in tool.changes)
        return f"+{added} −{removed}"
    return WORDS.get(tool.state, "")


def _time(tool: Tool, now: float) -> str:
    if tool.state == "running" and tool.started_at:
        return figures.clock(now - tool.started_at)
    return figures.span(tool.seconds) if tool.seconds or tool.state == "done" else ""


def _body(tool: Tool, fold: Fold, width: int, ink: Ink) -> list[Line]:
    lines: list[Line] = []
    left = 1_000_000 if fold == "full" else CAP
    hidden = 0
    for change in tool.changes:
        if len(tool.changes) > 1:
            lines.append(Line([("  ", ink("muted")), (clip(shown(change.path), width - 2), ink("muted", "", "bold"))]))
        part, total = diff_lines(change, width, ink, left)
        lines.extend(part)
        hidden += max(0, total - left)
        left = max(0, left - total)
    if hidden:
        lines.append(_more(hidden, "more lines", ink))
    if not tool.changes or tool.state == "failed":
        lines.extend(_output(tool, fold, width, ink))
    return lines


def _output(tool: Tool, fold: Fold, width: int, ink: Ink) -> list[Line]:
    """What the call gave back; a running one shows its end."""
    text = tool.output.rstrip("\n")
    if not text:
        return []
    all_lines = text.split("\n")
    style = ink("muted")
    cut = all_lines if fold == "full" else all_lines[-CAP:] if tool.state == "running" else all_lines[:CAP]
    lines: list[Line] = []
    for line in cut:
        lines.extend(indented(fold_output(shown(line[:2_000]), width - 3, ink), [("  ", style)], [("  ", style)]))
    if len(cut) < len(all_lines):
        lines.append(_more(len(all_lines), "lines", ink))
    return lines


def fold_output(text: str, width: int, ink: Ink) -> list[Line]:
    """One line of output, at most three rows of it."""
    pieces = fold([(text, ink("muted"))] if text else [], width)
    if len(pieces) <= 3:
        return pieces
    kept = pieces[:3]
    kept[2] = Line([*kept[2].runs[:-1], (clip(kept[2].text, width - 1).rstrip("…") + "…", ink("muted"))], kept[2].join)
    return kept


def _more(count: int, what: str, ink: Ink) -> Line:
    return Line(
        [(f"  … {count} {what}, ", ink("faint")), ("enter", ink("accent", "", "bold")), (" for all", ink("faint"))]
    )
