"""What wastes the window is priced, and told once, at the end of a turn and only where it is much."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Bench, FlatPrices, Hand, bench, calls, says
from tests.tool_sessions import SESSIONS, replay
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.spend import Usage
from workbench.engine import Policies

SMALL = Policies(window=WindowPolicy(size=20_000, reserve=1_000))
"""A window of which 2,000 tokens are a tenth."""


def output(name: str, lines: int) -> str:
    return "\n".join(f"{name} line_{line} says {line * 7919}" for line in range(lines))


def open_bench(root: Path, *steps: Any, lines: int = 900, **more: Any) -> Bench:
    hands = [Hand(result=output("log", lines)), Hand("peek", result=output("peek", 200))]
    return bench(root, steps, hands=hands, policies=SMALL, **more)


LOOK = calls(("look", {"what": "the log"}))


def told(made: Bench) -> list[e.Noticed]:
    return [notice for notice in made.of(e.Noticed) if " can free " in notice.message]


async def test_a_large_block_is_told_once_at_the_end_of_its_turn_with_the_key_that_mends_it(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"), says("yes"), says("yes"))
    await made.ask("look at the log")
    [notice] = told(made)
    assert notice.message.startswith("/window can free ")
    assert "look the log (turn 1) takes" in notice.message
    assert notice.level == "info"
    kinds = [type(stamped.event) for stamped in made.emitted]
    assert kinds.index(e.TurnFinished) < kinds.index(e.FindingTold) < kinds.index(e.Noticed)
    await made.ask("and now?", "and then?")
    assert len(told(made)) == 1
    await made.engine.close()


async def test_it_is_not_told_again_when_the_session_goes_on_later(tmp_path: Path) -> None:
    first = open_bench(tmp_path, LOOK, says("a long log"))
    await first.ask("look at the log")
    id = first.engine.session_id
    await first.engine.close()
    later = open_bench(tmp_path, says("yes"))
    await later.engine.handle(c.OpenSession(id))
    await later.ask("and now?")
    assert (told(later), len(later.engine.find_waste(later.engine.session))) == ([], 1)
    await later.engine.close()


async def test_where_nobody_looks_nothing_is_told(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"), unattended=lambda _: None)
    await made.ask("look at the log")
    assert made.engine.find_waste(made.engine.session)
    assert not made.of(e.FindingTold)
    await made.engine.close()


async def test_little_waste_is_found_and_not_told(tmp_path: Path) -> None:
    made = open_bench(tmp_path, *[calls(("peek", {"what": f"at {n}"})) if n % 2 == 0 else says("so") for n in range(8)])
    await made.ask(*(f"peek {n}" for n in range(4)))
    assert made.engine.find_waste(made.engine.session)
    assert not made.of(e.FindingTold)
    assert not told(made)
    await made.engine.close()


async def test_a_person_who_marked_it_is_told_nothing(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"), says("yes"))
    await made.ask("look at the log")
    [found] = made.engine.find_waste(made.engine.session)
    await made.engine.handle(c.MarkBlock(found.ids[0], "mask"))
    assert made.engine.find_waste(made.engine.session) == ()
    await made.engine.close()


async def test_what_is_remedied_frees_about_what_was_promised(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"))
    await made.ask("look at the log")
    [found] = made.engine.find_waste(made.engine.session)
    before = made.engine.session.window().total
    await made.engine.handle(c.MarkBlock(found.ids[0], found.remedy))  # type: ignore[arg-type]
    await made.engine.handle(c.PlanCompaction("marked"))
    await made.engine.idle()
    await made.engine.handle(c.Compact(made.of(e.CompactionPlanned)[-1].plan.id))
    assert before - made.engine.session.window().total == pytest.approx(found.tokens, abs=60)
    await made.engine.close()


class TieredPrices(FlatPrices):
    """A tenth for what is read from the cache; unknown where the model is."""

    def cost(self, model: str, usage: Usage) -> float | None:
        whole = usage.input_tokens + usage.cache_read_input_tokens / 10
        return None if model == "unknown" else whole / 1_000_000


async def test_tokens_cost_what_the_cache_asks_where_there_is_one(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"))
    await made.ask("look at the log")
    session = made.engine.session
    from workbench.engine.waste import find_waste

    [cold] = find_waste(session, TieredPrices())
    session.emit(e.CacheReported(3_000, 500, 0, 1e12))
    [warm] = find_waste(session, TieredPrices())
    assert cold.usd_a_turn == pytest.approx(cold.tokens / 1e6)
    assert warm.usd_a_turn == pytest.approx(warm.tokens / 1e7)
    await made.engine.close()


async def test_where_the_price_is_not_known_nothing_is_made_up(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"), model="unknown")
    await made.ask("look at the log")
    assert [found.usd_a_turn for found in made.engine.find_waste(made.engine.session)] == [None]
    await made.engine.close()


async def test_a_full_disk_at_the_end_of_a_turn_does_not_break_it(tmp_path: Path) -> None:
    made = open_bench(tmp_path, LOOK, says("a long log"))
    made.engine.subscribe(lambda stamped: _fill(made, stamped))
    await made.ask("look at the log")
    assert made.of(e.TurnFinished)
    assert not made.of(e.TurnFailed)
    await made.engine.close()


def _fill(made: Bench, stamped: e.Stamped) -> None:
    if isinstance(stamped.event, e.TurnFinished):
        made.disk.room = 0


async def test_a_long_session_with_real_tools_wastes_what_it_read_twice_and_nothing_else(tmp_path: Path) -> None:
    session = next(each for each in SESSIONS if each.name == "hunt a fault")
    made = (await replay(session, tmp_path)).made
    [found] = made.engine.find_waste(made.engine.session)
    assert found.text == "read billing/refund.py (turn 1) was read again in turn 2."
    assert found.usd_a_turn is not None
