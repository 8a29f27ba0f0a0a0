"""A session in one row: what lists and `--continue` need, folded from its journal."""

import msgspec

from workbench.core import events as e


class SessionSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of the sessions list."""

    id: str
    title: str = ""
    workspace: str = ""
    provider: str = ""
    model: str = ""
    as_if: bool = False
    parent: str = ""
    root: str = ""
    """The session that this one is a child of; empty for those that a person opened."""
    role: str = ""
    opened_at: float = 0.0
    updated_at: float = 0.0
    turns: int = 0
    events: int = 0
    tokens: int = 0
    """Settled tokens of all requests."""
    usd: float | None = 0.0
    """Settled real dollars; None where a price was unknown."""
    as_if_usd: float | None = 0.0
    """Settled dollars of rehearsals, which nobody pays."""
    window: int = 0
    """Prompt tokens of the last request."""
    confidence: float | None = None
    state: str = "idle"
    """idle, running, waiting (an escalation is open), handed off, failed, spent, damaged."""
    task: str = ""
    """The scratchpad's task, or the first prompt."""


def fold_summary(summary: SessionSummary, stamped: e.Stamped) -> SessionSummary:
    """`summary` after one more event."""
    event = stamped.event
    change: dict[str, object] = {"updated_at": stamped.at, "events": summary.events + 1}
    match event:
        case e.SessionOpened():
            change |= {"title": event.title, "workspace": event.workspace, "provider": event.provider}
            change |= {"model": event.model, "as_if": event.as_if, "parent": event.parent, "opened_at": stamped.at}
            change |= {"root": event.root, "role": event.role}
        case e.SessionRenamed():
            change["title"] = event.title
        case e.SessionHandedOff():
            change["state"] = "handed off"
        case e.EpochOpened():
            change["model"] = event.epoch.model
        case e.TurnStarted():
            change |= {"turns": event.turn, "state": "running", "task": summary.task or event.prompt}
        case e.MessageAdded():
            change["window"] = event.usage.prompt
        case e.BudgetSettled():
            name = "as_if_usd" if event.as_if else "usd"
            before = summary.as_if_usd if event.as_if else summary.usd
            change["tokens"] = summary.tokens + event.usage.total
            change[name] = None if before is None or event.usd is None else before + event.usd
        case e.ConfidenceScored():
            change["confidence"] = event.confidence.value
        case e.EscalationRaised():
            change["state"] = "waiting"
        case e.EscalationResolved() | e.EscalationExpired():
            change["state"] = "running"
        case e.ScratchpadChanged() if event.note.kind == "task":
            change["task"] = event.note.text
        case e.TurnFinished():
            change["state"] = "spent" if event.stop_reason == "budget" else "idle"
        case e.TurnFailed():
            change["state"] = "failed"
    return msgspec.structs.replace(summary, **change)
