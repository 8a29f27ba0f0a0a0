"""What is not prose and not a tool: your prompt, a question, a line across, the line under a turn."""

import math

from workbench.core import figures
from workbench.ui.draw.bar import ROUTE_MARKS
from workbench.ui.draw.runs import (
    StyledRun,
    Styles,
    TextLine,
    clip,
    clip_runs,
    escape_controls,
    indent,
    measure,
    measure_runs,
    pad,
    spread,
    wrap,
)
from workbench.ui.draw.text import count, flatten, write_cost
from workbench.ui.draw.written import Written
from workbench.ui.state import Asked, Level, Marker, Prompt, Thought, TurnEnd
from workbench.ui.transcript.blocks import CONTINUED

LEVELS: dict[Level, str] = {"info": "accent", "success": "success", "warning": "warning", "error": "error"}
MOST_ROWS = 40
"""Rows of thinking that are shown below its line; the pager has all of it."""
LONGEST = 8_000
"""Characters of it that are looked at."""
MOST_OF_FAULT = 8
"""Rows of a line across that has much to say."""
ENDS = {
    "interrupted": "■ stopped",
    "turn_limit": "step limit",
    "budget": "budget spent",
    "escalation": "◌ unanswered",
    "error": "✗ failed",
}


def draw_prompt(prompt: Prompt, inside: bool, width: int, styles: Styles) -> list[TextLine]:
    """Your words with the turn's number and the time; one line once they left the window."""
    number = f"{prompt.turn or ''}  ".lstrip()
    when = figures.date(prompt.at, "%H:%M") if prompt.at and width >= 32 else ""
    when = "starting" if prompt.starting else when
    ground = "surface" if inside else ""
    bold, quiet = styles("foreground", ground, "bold"), styles("muted", ground)
    if not inside:
        left: list[StyledRun] = [(number, quiet), (flatten(prompt.text), bold)]
        return [TextLine(spread(left, [(when, quiet)], width))]
    room = width - len(number) - (len(when) + 2 if when else 1)
    lines: list[TextLine] = []
    text = prompt.text.strip("\n")
    written = Written(text, escape_controls(text))
    for place, line in enumerate(wrap([(written.shown, bold)], max(8, room), written)):
        left = [(number if place == 0 else " " * len(number), styles("muted", ground, "bold")), *line.runs]
        right: list[StyledRun] = [(when, quiet)] if place == 0 and when else []
        runs = spread(left, right, width, bold) if right else pad(left, width, bold)
        after = sum(len(text) for text, _ in runs) - sum(len(text) for text, _ in left)
        lines.append(TextLine(runs, line.join, len(number), max(0, after)))
        lines[-1].stretches = tuple(stretch.move(len(number)) for stretch in line.stretches)
    return lines


def draw_asked(asked: Asked, width: int, styles: Styles) -> list[TextLine]:
    """What was asked and what became of it, in one line."""
    match asked.state:
        case "waiting":
            mark, role, words = "◆", "accent", "waits for you"
        case "unanswered":
            mark, role, words = "◌", "muted", asked.answer or "unanswered; this is not a no"
        case _:
            mark, role = ("✓", "success") if asked.allowed else ("⊘", "warning")
            words = asked.answer
    words, message = flatten(words), flatten(asked.message)
    waited = f"{figures.clock(asked.waited):>5}  " if asked.waited and width >= 32 else ""
    right: list[StyledRun] = [(waited, styles("muted")), (mark, styles(role))]
    room = width - measure_runs(right) - 2 - 9
    words = clip(words, max(room // 2, room - measure(message) - 2))
    left: list[StyledRun] = [
        ("◆ ", styles("accent")),
        ("asked", styles("accent", "", "bold")),
        (f"  {clip(message, max(8, room - measure(words) - 2))}", styles("foreground")),
        (f"  {words}", styles("muted")),
    ]
    return [TextLine(spread(left, right, width))]


def draw_thought(thought: Thought, opened: bool, width: int, styles: Styles) -> list[TextLine]:
    """`▸ thought  0:12  the words it began with …`; below it all of it where that is not too long."""
    quiet, faint = styles("muted"), styles("faint")
    words = flatten(thought.text[-width * 4 :] if thought.streaming else thought.text[: width * 4])
    if thought.streaming and measure(words) > width // 2:
        words = "…" + words[-(width // 2) :]
    took = f"  {figures.clock(thought.seconds)}" if thought.seconds >= 1 else ""
    left: list[StyledRun] = [("▾ " if opened else "▸ ", faint), ("thinks" if thought.streaming else "thought", quiet)]
    left += [(took, quiet)] if took else []
    if not opened:
        return [TextLine(clip_runs([*left, (f"  {words}", faint)], width))]
    below = wrap([(escape_controls(thought.text.strip()[:LONGEST]), quiet)], max(8, width - 4))
    shown = indent(below[:MOST_ROWS], [("  ", quiet)], [("  ", quiet)])
    lines = [TextLine(clip_runs(left, width)), *shown]
    return [*lines, read_all(styles)] if len(below) > MOST_ROWS or len(thought.text) > LONGEST else lines


def read_all(styles: Styles, hidden: str = "") -> TextLine:
    """`… 1,960 more lines · enter reads all`; it stands for more of what is above it."""
    faint = styles("faint")
    runs = [(f"  … {hidden}", faint), ("enter", styles("accent", "", "bold")), (" reads all", faint)]
    return TextLine(runs, source=CONTINUED)


def draw_marker(marker: Marker, width: int, styles: Styles, now: float = 0.0) -> list[TextLine]:
    """`┄┄ compacted 118.4k → 31.0k ┄┄ 4 decisions kept ┄┄┄┄ u undo`, from edge to edge."""
    role = LEVELS[marker.level]
    rule = styles(role)
    key: list[StyledRun] = []
    if marker.key:
        key = [(f" {marker.key} ", styles("accent", "", "bold")), (flatten(marker.action), styles("muted"))]
    if marker.kind == "retry":
        return [_draw_try(marker, key, width, styles, now)]
    title, *rest = wrap([(flatten(marker.title), styles(role, "", "bold"))], max(8, width - 6))
    left: list[StyledRun] = [("┄┄ ", rule), *title.runs, (" ", rule)]
    room = width - measure_runs(left) - measure_runs(key) - 6
    fits = not rest and measure(flatten(marker.detail)) <= room
    if marker.detail and fits:
        left += [("┄┄ ", rule), (flatten(marker.detail), styles("foreground")), (" ", rule)]
    free = width - measure_runs(left) - measure_runs(key)
    lines = [TextLine([*left, ("┄" * free, rule), *key] if free >= 0 else left), *rest]
    if marker.detail and not fits:
        below = wrap([(escape_controls(marker.detail), styles("muted"))], width)
        below[0].join = " "  # one line across, which is what it is where there is room
        lines += below
    if len(lines) <= MOST_OF_FAULT:
        return lines
    more = read_all(styles)
    more.join = " "  # at a width at which all fits there is no such row
    return [*lines[: MOST_OF_FAULT - 1], more]


def _draw_try(marker: Marker, key: list[StyledRun], width: int, styles: Styles, now: float) -> TextLine:
    """`┄┄ try 3 of 6 in 0:07 · the model is overloaded ┄┄┄ r try now`, always in one line."""
    role = LEVELS[marker.level]
    words: list[StyledRun] = [("┄┄ ", styles(role)), (flatten(_write_try(marker, now)), styles(role, "", "bold"))]
    words = clip_runs(words, max(8, width - measure_runs(key) - 2))
    free = width - measure_runs(words) - measure_runs(key) - 1
    return TextLine([*words, (" " + "┄" * free, styles(role)), *key] if free >= 0 else clip_runs(words, width))


def _write_try(marker: Marker, now: float) -> str:
    """`try 3 of 6 in 0:07 · the model is overloaded`."""
    when = ""
    if marker.due:
        left = max(0.0, math.ceil(marker.due - now))
        when = f" in {figures.clock(left)}" if left else " now"
    return f"{marker.detail}{when} · {marker.title}"


def draw_turn_end(end: TurnEnd, width: int, styles: Styles) -> list[TextLine]:
    """`6 steps · 38 s · $0.11 · cache 94 % · ● 0.91 sent`."""
    quiet = styles("muted")
    took = f"{end.seconds:.0f} s" if end.seconds < 60 else figures.clock(end.seconds)
    words = [count(end.steps, "step"), took, write_cost(end.cost, end.as_if)]
    words.append(f"cache {figures.percent(end.cached)}")
    if end.stop_reason in ENDS:
        words.insert(0, ENDS[end.stop_reason])
    runs: list[StyledRun] = [(" · ".join(words), quiet)]
    if end.stop_reason != "error":
        rated = end.confidence if end.route != "unrated" else None
        mark, colour, word = ROUTE_MARKS[end.route if rated else "unrated"]
        word = "asked you" if word == "asks you" else word
        role = colour.removeprefix("$") if rated else "muted"
        value = f"{figures.score(rated.value)} " if rated else ""
        runs += [(" · ", quiet), (f"{mark} ", styles(role)), (f"{value}{word}", quiet)]
    return wrap(runs, width)
