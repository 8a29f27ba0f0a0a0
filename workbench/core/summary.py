"""A session in one row: what lists and `--continue` need, folded from its journal."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import msgspec

from workbench.core import events as e

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


def _open(row: dict[str, Any], event: e.SessionOpened, at: float) -> None:
    row |= {"title": event.title, "workspace": event.workspace, "provider": event.provider, "model": event.model}
    row |= {"as_if": event.as_if, "parent": event.parent, "root": event.root, "role": event.role, "opened_at": at}


def _open_epoch(row: dict[str, Any], event: e.EpochOpened, _: float) -> None:
    row |= {"model": event.epoch.model, "provider": event.epoch.provider or row["provider"]}


def _start_turn(row: dict[str, Any], event: e.TurnStarted, _: float) -> None:
    row |= {"turns": event.turn, "state": "running", "task": row["task"] or event.prompt}


def _finish_turn(row: dict[str, Any], event: e.TurnFinished, _: float) -> None:
    row["state"] = "spent" if event.stop_reason == "budget" else "idle"


def _settle(row: dict[str, Any], event: e.BudgetSettled, _: float) -> None:
    name = "as_if_usd" if event.as_if else "usd"
    row["tokens"] += event.usage.total
    row[name] = None if row[name] is None or event.usd is None else row[name] + event.usd


def _add_message(row: dict[str, Any], event: e.MessageAdded, _: float) -> None:
    row["window"] = event.usage.prompt


def _score(row: dict[str, Any], event: e.ConfidenceScored, _: float) -> None:
    row["confidence"] = event.confidence.value


def _note(row: dict[str, Any], event: e.ScratchpadChanged, _: float) -> None:
    if event.note.kind == "task":
        row["task"] = event.note.text


def _rename(row: dict[str, Any], event: e.SessionRenamed, _: float) -> None:
    row["title"] = event.title


def _become(state: str) -> Callable[[dict[str, Any], Any, float], None]:
    return lambda row, _, __: row.update(state=state)


class SummaryFold:
    """A row that grows with its session. Mutated by `apply`."""

    HANDLERS: ClassVar[dict[type, Callable[[dict[str, Any], Any, float], None]]] = {
        e.SessionOpened: _open,
        e.SessionRenamed: _rename,
        e.SessionHandedOff: _become("handed off"),
        e.EpochOpened: _open_epoch,
        e.TurnStarted: _start_turn,
        e.MessageAdded: _add_message,
        e.BudgetSettled: _settle,
        e.ConfidenceScored: _score,
        e.EscalationRaised: _become("waiting"),
        e.EscalationResolved: _become("running"),
        e.EscalationExpired: _become("running"),
        e.ScratchpadChanged: _note,
        e.TurnFinished: _finish_turn,
        e.TurnFailed: _become("failed"),
    }
    """What each kind of event does to the row, told with its time; of all others a row says only that they came."""

    def __init__(self, summary: SessionSummary) -> None:
        self._row: dict[str, Any] = msgspec.structs.asdict(summary)

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in; those that do not concern the row change nothing."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self._row, stamped.event, stamped.at)

    def read(self, events: Sequence[e.Stamped]) -> SessionSummary:
        """The row after `events`, which are all that were stored."""
        row: dict[str, Any] = {
            key: said[:MOST_CHARACTERS] if isinstance(said, str) else said for key, said in self._row.items()
        }
        if events:
            row |= {"events": len(events), "updated_at": events[-1].at}
        return SessionSummary(**row)


def summarise(summary: SessionSummary, events: Sequence[e.Stamped]) -> SessionSummary:
    """`summary`, of a session of which nothing is known yet, after all of its `events`."""
    fold = SummaryFold(summary)
    for stamped in events:
        fold.apply(stamped)
    return fold.read(events)
