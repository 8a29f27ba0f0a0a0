"""Turns: how one begins, asks and ends."""

from workbench.core import events as e
from workbench.ui.reduce.markers import quieten_retry
from workbench.ui.reduce.messages import discard_streamed
from workbench.ui.state import Change, Marker, Prompt, TurnEnd, UiState


def reduce_turn(state: UiState, stamped: e.Stamped) -> Change:
    """Fold the beginning of a turn, a request of it, or its end."""
    match stamped.event:
        case e.TurnStarted() as event:
            state.turn, state.step, state.running, state.started_at = event.turn, 0, True, stamped.at
            state.activity, state.prompt_at = "asking", len(state.entries)
            prompt = Prompt(seq=stamped.seq or 0, section="current", turn=event.turn, text=event.prompt, at=stamped.at)
            return Change.STATUS | state.add(prompt)
        case e.RequestSent() as event:
            state.step, state.model, state.activity = event.step, event.model, "asking"
            quieten_retry(state)
            return Change.STATUS | Change.ENTRIES
        case e.TurnFinished() as event:
            change = _ended(state)
            end = TurnEnd(
                seq=stamped.seq or 0,
                turn=event.turn,
                steps=event.steps,
                seconds=event.seconds,
                cost=event.cost,
                as_if=state.as_if,
                cached=event.usage.cached_share,
                stop_reason=event.stop_reason,
                confidence=event.confidence,
                route=event.route,
            )
            return change | state.add(end)
        case e.TurnFailed() as event:
            change = _ended(state)
            failed = Marker(seq=stamped.seq or 0, kind="failed", title=event.message, detail=event.hint, level="error")
            return change | state.add(failed)
    return Change.NOTHING


def _ended(state: UiState) -> Change:
    """Nothing runs; what was still streaming broke off."""
    state.running, state.activity = False, ""
    _age_prompt(state)
    quieten_retry(state)
    return Change.STATUS | Change.ENTRIES | discard_streamed(state)


def _age_prompt(state: UiState) -> None:
    """A prompt is `current` only while its turn runs."""
    if state.prompt_at is not None:
        state.entries[state.prompt_at].section = "history"
        state.touched.add(state.prompt_at)
