"""A session in one row: what lists and `--continue` need, folded from its journal."""

from collections.abc import Sequence

import msgspec

from workbench.core import events as e

_COUNTED = frozenset(
    {
        e.RequestSent,
        e.BudgetReserved,
        e.CacheReported,
        e.ToolProposed,
        e.ToolStarted,
        e.ToolFinished,
        e.AnswerRouted,
    }
)
"""Kinds of which a row tells only that they came: most of a journal."""
_LATEST = frozenset({e.MessageAdded, e.ConfidenceScored})
"""Kinds of which it tells only the latest, in fields that no other kind changes."""
MOST_CHARACTERS = 2_000
"""Of each text of a row: more than a list shows, and what is searched."""


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
    """The scratchpad's task, or how the first prompt begins."""


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
            change |= {"model": event.epoch.model, "provider": event.epoch.provider or summary.provider}
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
    bounded = {key: value[:MOST_CHARACTERS] if isinstance(value, str) else value for key, value in change.items()}
    return msgspec.structs.replace(summary, **bounded)


def fold_summaries(summary: SessionSummary, events: Sequence[e.Stamped]) -> SessionSummary:
    """`summary` after all of `events`, as `fold_summary` makes it one by one."""
    count, latest = summary.events + len(events), {}
    for stamped in events:
        kind = type(stamped.event)
        if kind in _LATEST:
            latest[kind] = stamped
        elif kind not in _COUNTED:
            summary = fold_summary(summary, stamped)
    for stamped in latest.values():
        summary = fold_summary(summary, stamped)
    return msgspec.structs.replace(summary, events=count, updated_at=events[-1].at) if events else summary
