"""What is not prose and not a tool: your prompt, a question, a line across, the line under a turn."""

import time

from workbench.core import figures
from workbench.ui.entries import Asked, Level, Marker, Prompt, TurnEnd
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line, Run, cells, clip, oneline, padded, shown, spread, width_of, wrap

LEVELS: dict[Level, str] = {"info": "accent", "success": "success", "warning": "warning", "error": "error"}
ENDS = {
    "interrupted": "■ stopped",
    "turn_limit": "step limit",
    "budget": "budget spent",
    "escalation": "◌ unanswered",
    "error": "✗ failed",
}
ROUTES = {
    "sent": ("●", "success", "sent"),
    "review": ("◐", "warning", "for you to review"),
    "asked": ("◇", "error", "asked you"),
    "unrated": ("○", "muted", "unrated"),
}


def prompt_lines(prompt: Prompt, inside: bool, width: int, ink: Ink) -> list[Line]:
    """Your words with the turn's number and the time; one line once they left the window."""
    number = f"{prompt.turn or ''}  ".lstrip()
    when = time.strftime("%H:%M", time.localtime(prompt.at)) if prompt.at and width >= 32 else ""
    ground = "surface" if inside else ""
    bold, quiet = ink("foreground", ground, "bold"), ink("muted", ground)
    if not inside:
        left: list[Run] = [(number, quiet), (oneline(prompt.text), bold)]
        return [Line(spread(left, [(when, quiet)], width))]
    room = width - len(number) - (len(when) + 2 if when else 1)
    lines: list[Line] = []
    for place, line in enumerate(wrap([(shown(prompt.text.strip("\n")), bold)], max(8, room))):
        left = [(number if place == 0 else " " * len(number), ink("muted", ground, "bold")), *line.runs]
        right: list[Run] = [(when, quiet)] if place == 0 and when else []
        runs = spread(left, right, width, bold) if right else padded(left, width, bold)
        lines.append(Line(runs, line.join))
    return lines


def asked_lines(asked: Asked, width: int, ink: Ink) -> list[Line]:
    """What was asked and what became of it, in one line."""
    match asked.state:
        case "waiting":
            mark, role, words = "◆", "accent", "waits for you"
        case "unanswered":
            mark, role, words = "◌", "muted", asked.answer or "unanswered; this is not a no"
        case _:
            mark, role = ("✓", "success") if asked.allowed else ("⊘", "warning")
            words = asked.answer
    words, message = oneline(words), oneline(asked.message)
    waited = f"{figures.clock(asked.waited):>5}  " if asked.waited and width >= 32 else ""
    right: list[Run] = [(waited, ink("muted")), (mark, ink(role))]
    room = width - width_of(right) - 2 - 9
    words = clip(words, max(room // 2, room - cells(message) - 2))
    left: list[Run] = [
        ("◆ ", ink("accent")),
        ("asked", ink("accent", "", "bold")),
        (f"  {clip(message, max(8, room - cells(words) - 2))}", ink("foreground")),
        (f"  {words}", ink("muted")),
    ]
    return [Line(spread(left, right, width))]


def marker_lines(marker: Marker, width: int, ink: Ink) -> list[Line]:
    """`┄┄ compacted 118.4k → 31.0k ┄┄ 4 decisions kept ┄┄┄┄ u undo`, from edge to edge."""
    role = LEVELS[marker.level]
    rule = ink(role)
    key: list[Run] = []
    if marker.key:
        key = [(f" {marker.key} ", ink("accent", "", "bold")), (marker.action, ink("muted"))]
    title = oneline(marker.title)
    left: list[Run] = [("┄┄ ", rule), (clip(title, max(8, width - 6)), ink(role, "", "bold")), (" ", rule)]
    room = width - width_of(left) - width_of(key) - 6
    fits = cells(oneline(marker.detail)) <= room
    if marker.detail and fits:
        left += [("┄┄ ", rule), (oneline(marker.detail), ink("foreground")), (" ", rule)]
    rest = width - width_of(left) - width_of(key)
    if rest < 0:
        return [Line(left)]
    lines = [Line([*left, ("┄" * rest, rule), *key])]
    if marker.detail and not fits:
        lines += wrap([(shown(marker.detail), ink("muted"))], width)
    return lines


def turn_end_lines(end: TurnEnd, width: int, ink: Ink) -> list[Line]:
    """`6 steps · 38 s · $0.11 · cache 94 % · ● 0.91 sent`."""
    quiet = ink("muted")
    took = f"{end.seconds:.0f} s" if end.seconds < 60 else figures.clock(end.seconds)
    words = [f"{end.steps} step{'' if end.steps == 1 else 's'}", took]
    words.append(figures.dollars(end.cost) + (" as if" if end.as_if and end.cost is not None else ""))
    words.append(f"cache {figures.percent(end.cached)}")
    if end.stop_reason in ENDS:
        words.insert(0, ENDS[end.stop_reason])
    runs: list[Run] = [(" · ".join(words), quiet)]
    if end.stop_reason != "error":
        mark, role, word = ROUTES["unrated" if end.confidence is None else end.route]
        value = f"{end.confidence.value:.2f} " if end.confidence is not None and end.route != "unrated" else ""
        runs += [(" · ", quiet), (f"{mark} ", ink(role)), (f"{value}{word}", quiet)]
    return wrap(runs, width)
