"""Entries as plain sentences, for somebody who has the screen read aloud: who says it comes first, in a word.

What is not settled is not there yet, so that new text only comes after what was read.
"""

import re

from workbench.core import figures
from workbench.ui.draw.runs import Styles, TextLine, escape_controls, wrap
from workbench.ui.draw.text import count, flatten
from workbench.ui.draw.told import tell_pieces
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.prose import ProseReader, read_marks, read_prose
from workbench.ui.transcript.streaming import Stream

ENDS = {
    "interrupted": "stopped",
    "turn_limit": "stopped at the step limit",
    "budget": "stopped, the budget is spent",
    "escalation": "stopped, a question went unanswered",
    "error": "failed",
}
ROUTES = {"sent": "sent", "review": "for your review", "asked": "asked you"}
ANSWER = "answer: "
LONGEST_REASON = 80
"""Characters of why a call failed; the pager has all of it."""
_SENTENCE = re.compile(r"(?<=[a-z0-9`'\")][.;])\s")
UNSETTLED = ("proposed", "waiting", "running")


def draw_spoken(entry: AnyEntry, width: int, styles: Styles) -> list[TextLine]:
    """The entry as lines; none while it is not settled."""
    said = speak(entry)
    lines = said.split("\n") if said else []
    return [row for line in lines for row in _lay_out(line, width, styles)]


class SpokenStream(Stream):
    """An answer while it arrives: each of its lines once it has ended, none of them ever in other words."""

    def __init__(self, renderer: MarkdownRenderer) -> None:
        super().__init__(renderer)
        self._reader, self._rest = ProseReader(), ""

    def grow(self, text: str) -> int:
        """Take what `text` has more than before; returns the first line that may have changed."""
        first = len(self.frozen)
        *ended, self._rest = (self._rest + text[self.seen :]).split("\n")
        self.seen = len(text)
        for line in ended:
            for said in self._reader.read(line):
                begins = "" if self.frozen else ANSWER
                self.frozen += _lay_out(f"{begins}{said}", self._renderer.room.pane, self._renderer.styles)
        return first


def _lay_out(said: str, width: int, styles: Styles) -> list[TextLine]:
    return wrap([(escape_controls(said), styles("foreground"))], max(8, width)) if said else [TextLine([])]


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


def _speak_answer(answer: Answer) -> str:
    if answer.streaming:
        return ""
    end = ("\nthe answer broke off" if answer.broken else "\nthe answer was stopped") if answer.draft else ""
    return f"{ANSWER}{read_prose(answer.text)}{end}"


def _speak_tool(tool: Tool) -> str:
    """`read src/a.py: 120 lines, 0.1 s`, `run pytest, failed, exit 1`."""
    if tool.state in UNSETTLED:
        return ""
    about = read_marks(tool.summary) if tool.reads_only or tool.quiet else tool.summary  # a shell has its own use
    who, gave = f"{flatten(tool.name.replace('_', ' '))} {flatten(about)}".strip(), read_marks(flatten(tool.headline))
    if tool.state == "done" and tool.changes and not gave:
        added, removed = (sum(getattr(change, name) for change in tool.changes) for name in ("added", "removed"))
        gave = f"{count(added, 'line')} added, {removed} removed"
    if tool.state == "failed" and not gave:
        gave = _give_reason(tool.output)
    if tool.quiet and tool.state == "done":
        return who
    words = [f"{who}: {gave}"] if tool.state == "done" and gave else [who, tool.state, gave]
    if tool.seconds:
        words.append(_speak_span(tool.seconds))
    return tell_pieces(words)


def _give_reason(output: str) -> str:
    """Why a call failed, in a few words: the first sentence of what it said."""
    line = next((line.strip() for line in output.splitlines() if line.strip()), "")
    said = read_marks(flatten(_SENTENCE.split(line, maxsplit=1)[0])).rstrip(".")
    return said if len(said) <= LONGEST_REASON else f"{said[: LONGEST_REASON - 1].rstrip()}…"


def _speak_asked(asked: Asked) -> str:
    said = f"asks: {read_marks(flatten(asked.message))}"
    if asked.state == "waiting":
        return said
    default = "unanswered, this is not a no" if asked.state == "unanswered" else "yes" if asked.allowed else "no"
    return f"{said}\nyour answer: {flatten(asked.answer).removeprefix('you: ') or default}"


def _speak_marker(marker: Marker) -> str:
    words = [flatten(marker.title).replace(" → ", " to "), flatten(marker.detail).replace(" · ", ", ")]
    if marker.key:  # else a sign stands there, for what was done
        words.append(f"{marker.key}: {marker.action}" if marker.key.isascii() else marker.action)
    return f"note: {read_marks(tell_pieces(words))}"


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
