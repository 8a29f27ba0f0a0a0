"""Turns: how one begins, asks and ends."""

from workbench.core import events as e
from workbench.ui.entries import Marker, Prompt, TurnEnd
from workbench.ui.folds.answers import discard_streamed
from workbench.ui.folds.markers import quieten_retries
from workbench.ui.state import Change, Model, add


def turned(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.TurnStarted() as event:
            model.turn, model.step, model.running, model.started_at = event.turn, 0, True, stamped.at
            model.activity = "asking"
            prompt = Prompt(seq=stamped.seq or 0, section="current", turn=event.turn, text=event.prompt, at=stamped.at)
            return Change.STATUS | add(model, prompt)
        case e.RequestSent() as event:
            model.step, model.model, model.activity = event.step, event.model, "asking"
            quieten_retries(model)
            return Change.STATUS | Change.ENTRIES
        case e.TurnFinished() as event:
            change = _ended(model)
            end = TurnEnd(
                seq=stamped.seq or 0,
                turn=event.turn,
                steps=event.steps,
                seconds=event.seconds,
                cost=event.cost,
                as_if=model.as_if,
                cached=event.usage.cached_share,
                stop_reason=event.stop_reason,
                confidence=event.confidence,
                route=event.route,
            )
            return change | add(model, end)
        case e.TurnFailed() as event:
            change = _ended(model)
            failed = Marker(seq=stamped.seq or 0, kind="failed", title=event.message, detail=event.hint, level="error")
            return change | add(model, failed)
    return Change.NOTHING


def _ended(model: Model) -> Change:
    """Nothing runs; what was still streaming broke off."""
    model.running, model.activity = False, ""
    _age_prompt(model)
    quieten_retries(model)
    return Change.STATUS | Change.ENTRIES | discard_streamed(model)


def _age_prompt(model: Model) -> None:
    """A prompt is `current` only while its turn runs."""
    for index in range(len(model.entries) - 1, -1, -1):
        entry = model.entries[index]
        if isinstance(entry, Prompt):
            entry.section = "history"
            model.touched.add(index)
            return
