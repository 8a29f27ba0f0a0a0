"""Guards look and say; they change nothing themselves."""

from pathlib import Path

import msgspec
import pytest

from tests.fakes import Bench, FakeCounter, Hand, bench, calls, says
from workbench.context import WindowPolicy
from workbench.core import events as e
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.spend import Amount, DayTotal
from workbench.cost import BudgetPolicy
from workbench.engine import Policies
from workbench.engine.brake import Brake
from workbench.engine.guards import (
    BudgetGuard,
    CallOutcome,
    CompactFirst,
    Degrade,
    Escalate,
    LastStep,
    Proceed,
    StepGuard,
    TurnState,
    WindowGuard,
    apply_call,
)

TURN = TurnState(2, "go on")


async def spent(root: Path, policies: Policies) -> Bench:
    """A bench with one turn behind it."""
    made = bench(root, [calls(("look", {"what": "x"})), says("word " * 1_500)], hands=[Hand()], policies=policies)
    await made.ask("one")
    return made


async def test_a_window_at_its_trigger_is_compacted_and_again_once_it_has_grown(tmp_path: Path) -> None:
    made = await spent(tmp_path, Policies(window=WindowPolicy(4_000, 0.3, 1_024)))
    session, told = made.engine.session, len(made.emitted)
    guard, window = WindowGuard(session, Brake()), session.window()
    assert guard.check(TURN) == CompactFirst()
    assert WindowGuard(session, Brake(window.total, 1, window.trigger)).check(TURN) == Proceed()
    assert WindowGuard(session, Brake(window.total - 400, 1, window.trigger)).check(TURN) == CompactFirst()
    assert len(made.emitted) == told
    small = bench(tmp_path / "full", policies=Policies(window=WindowPolicy(900, 0.9, 100))).engine.session
    full = WindowGuard(small, Brake())
    with pytest.raises(ProviderFault, match="no room"):
        full.check(msgspec.structs.replace(TURN, counted=True))
    await made.engine.close()


@pytest.mark.parametrize(("tokens", "asked"), [(2_000, 1), (6_000, 0), (None, 0)])
async def test_an_estimate_alone_refuses_nothing_where_the_endpoint_counts(
    tmp_path: Path, tokens: int | None, asked: int
) -> None:
    counter = FakeCounter(tokens)
    window = WindowPolicy(5_000, 0.99, 1_024)
    made = bench(tmp_path, [says("it fits")], policies=Policies(window=window), counter=counter)
    if asked:
        await made.ask("word " * 4_500)
        assert made.of(e.TurnFinished)[0].text == "it fits"
        assert made.of(e.PromptCounted) == [e.PromptCounted(2_000)]
    else:
        with pytest.raises(WorkbenchError, match="the prompt alone"):
            await made.ask("word " * 4_500)
        assert not made.engine.session.begun, "nothing of it was stored"
    assert counter.asked == 1 + asked
    assert len(made.model.asked) == asked
    await made.engine.close()


async def test_a_budget_without_room_first_degrades_then_asks_and_lets_go_past_it_once_allowed(tmp_path: Path) -> None:
    made = await spent(tmp_path, Policies(budget=BudgetPolicy(session_tokens=5_000)))
    guard = BudgetGuard(made.engine.session, made.engine.front.billing)
    assert guard.check(TURN) == Proceed()
    made.engine.session.emit(e.BudgetRaised(tokens=2_600))
    told = len(made.emitted)
    first = guard.check(TURN)
    assert isinstance(first, Degrade)
    assert "tokens" in first.reason
    second = guard.check(msgspec.structs.replace(TURN, tier=first.tier))
    assert isinstance(second, Escalate)
    assert (second.request.reason, second.otherwise.reason) == ("cost", "budget")
    assert "The budget is spent." in second.otherwise.text
    assert guard.check(msgspec.structs.replace(TURN, over_budget=True)) == Proceed()
    assert len(made.emitted) == told
    await made.engine.close()


async def test_a_yes_acts_on_the_budget_that_the_question_named_whatever_has_room_by_then(tmp_path: Path) -> None:
    made = await spent(tmp_path, Policies(budget=BudgetPolicy(session_tokens=5_000)))
    billing, raised = made.engine.front.billing, made.of(e.BudgetRaised)
    assert billing.raise_limits("session_tokens") is False
    assert len(made.of(e.BudgetRaised)) == len(raised) + 1, "though it has room by now"
    made.engine.session.emit(e.BudgetRaised(tokens=10))
    told = len(made.emitted)
    assert billing.raise_limits("day_usd") is True
    assert len(made.emitted) == told, "though the session has no room by now"
    await made.engine.close()


async def test_a_yes_to_the_session_s_budget_does_not_go_past_the_day_s(tmp_path: Path) -> None:
    made = await spent(tmp_path, Policies(budget=BudgetPolicy(session_tokens=5_000, day_tokens=10_000)))
    made.engine.session.spend.begin_day(DayTotal(Amount(0.0, 10_000)))
    assert made.engine.front.billing.raise_limits("session_tokens") is False
    await made.engine.close()


@pytest.mark.parametrize(
    ("step", "last", "ruling"), [(0, False, Proceed()), (2, False, LastStep(3)), (5, True, Proceed())]
)
def test_the_last_step_of_a_turn_is_named_once(step: int, last: bool, ruling: object) -> None:
    assert StepGuard(3).check(msgspec.structs.replace(TURN, step=step, last_step=last)) == ruling


def test_what_a_call_found_stays_for_the_rest_of_the_turn() -> None:
    turn = apply_call(apply_call(TURN, CallOutcome(limit_reached=True, farewell="bye")), CallOutcome(unanswered=True))
    assert (turn.last_step, turn.farewell, turn.stop_reason) == (True, "bye", "escalation")
    assert apply_call(TURN, CallOutcome()) == TURN
