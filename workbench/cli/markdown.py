"""A session's conversation as Markdown, for reading outside the workbench."""

from collections.abc import Iterable

from workbench.core import events as e
from workbench.core import figures
from workbench.core.messages import Text, without_trailer


def as_markdown(events: Iterable[e.Stamped]) -> str:
    """Prompts as headings, answers as they are, calls and markers as one line each."""
    return "\n\n".join(piece for stamped in events if (piece := _piece(stamped.event)))


def _piece(event: object) -> str:
    match event:
        case e.SessionOpened():
            return f"# {event.title}\n\n{event.provider} · {event.model} · {event.workspace}"
        case e.TurnStarted():
            return f"## {event.turn}  {event.prompt}"
        case e.MessageAdded():
            text = without_trailer("".join(part.text for part in event.parts if isinstance(part, Text))).strip()
            return f"{text}\n\n*stopped here*" if event.draft and text else text
        case e.ToolProposed():
            return f"`{event.proposal.verb or event.proposal.tool}` {event.proposal.subject}"
        case e.ToolFailed():
            return f"> {event.cause}: {event.text}"
        case e.EscalationResolved():
            note = f": {event.verdict.note}" if event.verdict.note else ""
            return f"> {event.verdict.by}: {event.verdict.answer}{note}"
        case e.EscalationExpired():
            return "> nobody answered"
        case e.EpochOpened(reason="compacted"):
            return f"---\n\ncompacted {figures.tokens(event.before)} → {figures.tokens(event.after)}"
        case e.CompactionUndone():
            return "---\n\ncompaction undone"
        case e.SessionHandedOff():
            return f"---\n\nhanded off {event.to}\n\n{event.document}"
        case e.TurnFinished():
            cost = figures.dollars(event.cost)
            return f"*{event.steps} steps · {figures.span(event.seconds)} · {cost} · {event.stop_reason}*"
        case e.TurnFailed():
            return f"> failed: {event.message} {event.hint}".rstrip()
    return ""
