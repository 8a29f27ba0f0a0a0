"""Entries as plain sentences, for somebody who has the screen read aloud: who says it comes first, in a word.

What is not settled is not there yet, so that new text only comes after what was read.
"""

import re

from workbench.core import figures
from workbench.ui.draw.runs import Styles, TextLine, escape_controls, wrap
from workbench.ui.draw.text import count, flatten
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd

ENDS = {
    "interrupted": "stopped",
    "turn_limit": "stopped at the step limit",
    "budget": "stopped, the budget is spent",
    "escalation": "stopped, a question went unanswered",
    "error": "failed",
}
ROUTES = {"sent": "sent", "review": "for your review", "asked": "asked you"}
UNSETTLED = ("proposed", "waiting", "running")
_FENCE = re.compile(r"(?m)^\s*(?:`{3,}|~{3,})\s*(\w*).*$")
_HEADING = re.compile(r"(?m)^#{1,6}\s+")
_RULE = re.compile(r"(?m)^\s*(?:[-*_]\s*){3,}$\n?")
_BULLET = re.compile(r"(?m)^(\s*)[*+-]\s+")
_STRONG = re.compile(r"(\*\*|`)(?=\S)(.+?)(?<=\S)\1")
_CELLS = re.compile(r"(?m)^\s*\|(.*)\|\s*$")


def draw_spoken(entry: AnyEntry, width: int, styles: Styles) -> list[TextLine]:
    """The entry as lines; none while it is not settled."""
    said = escape_controls(speak(entry))
    return wrap([(said, styles("foreground"))], max(8, width)) if said else []


def speak(entry: AnyEntry) -> str:
    """The entry in words; empty while it is not settled."""
    match entry:
        case Prompt():
            return f"you: {entry.text.strip()}"
        case Answer():
            return _speak_answer(entry)
        case Tool():
            return _speak_tool(entry)
        case Asked():
            return _speak_asked(entry)
        case Thought():
            took = f" for {_speak_span(entry.seconds)}" if entry.seconds >= 1 else ""
            return "" if entry.streaming else f"thought{took}, enter reads it"
        case Marker():
            return _speak_marker(entry)
        case TurnEnd():
            return _speak_end(entry)
    return ""


def read_prose(markdown: str) -> str:
    """Markdown without its signs: what they mean is said in a word where nothing else says it."""
    opened = False
    lines: list[str | None] = []
    for line in markdown.strip("\n").split("\n"):
        if fence := _FENCE.fullmatch(line):
            opened = not opened
            lines.append(" ".join(filter(None, (fence[1], "code:"))) if opened else "end of code.")
        else:
            lines.append(line if opened else _read_line(line))
    return "\n".join(line for line in lines if line is not None)


def _read_line(line: str) -> str | None:
    """None where the line only draws."""
    if cells := _CELLS.fullmatch(line):
        written = [cell.strip() for cell in cells[1].split("|")]
        return None if not "".join(written).strip("-: ") else ", ".join(_strip(cell) for cell in written)
    if _RULE.fullmatch(line):
        return None
    if heading := _HEADING.match(line):
        return f"heading: {_strip(line[heading.end() :])}"
    return _strip(_BULLET.sub(r"\1item: ", line))


def _strip(text: str) -> str:
    return _STRONG.sub(r"\2", text)


def _speak_answer(answer: Answer) -> str:
    if answer.streaming:
        return ""
    end = ("\nthe answer broke off" if answer.broken else "\nthe answer was stopped") if answer.draft else ""
    return f"answer: {read_prose(answer.text)}{end}"


def _speak_tool(tool: Tool) -> str:
    if tool.state in UNSETTLED:
        return ""
    words = [f"{flatten(tool.name)} {flatten(tool.summary)}".strip(), tool.state, flatten(tool.headline)]
    if tool.state == "done" and tool.changes and not tool.headline:
        added, removed = (sum(getattr(change, name) for change in tool.changes) for name in ("added", "removed"))
        words.append(f"{count(added, 'line')} added, {removed} removed")
    if tool.seconds:
        words.append(_speak_span(tool.seconds))
    return ", ".join(filter(None, words))


def _speak_asked(asked: Asked) -> str:
    said = f"asks: {flatten(asked.message)}"
    if asked.state == "waiting":
        return said
    default = "unanswered, this is not a no" if asked.state == "unanswered" else "yes" if asked.allowed else "no"
    return f"{said}\nyour answer: {flatten(asked.answer).removeprefix('you: ') or default}"


def _speak_marker(marker: Marker) -> str:
    words = [flatten(marker.title), flatten(marker.detail)]
    if marker.key:
        words.append(f"{marker.key}: {marker.action}")
    return f"note: {', '.join(filter(None, words))}"


def _speak_end(end: TurnEnd) -> str:
    words = [ENDS.get(end.stop_reason, "turn over"), count(end.steps, "step"), _speak_span(end.seconds)]
    words.append(speak_cost(end.cost, end.as_if))
    if end.confidence and end.stop_reason != "error" and end.route != "unrated":
        words.append(f"confidence {figures.score(end.confidence.value)}, {ROUTES.get(end.route, end.route)}")
    return ", ".join(filter(None, words))


def speak_cost(usd: float | None, as_if: bool) -> str:
    """`costs 0.11 dollars`; nothing where the price is unknown."""
    if usd is None:
        return ""
    return f"would cost {usd:.2f} dollars" if as_if else f"costs {usd:.2f} dollars"


def _speak_span(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
