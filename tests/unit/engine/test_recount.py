"""What the next request holds before a report says it: ratios that are recalled, counts in the background."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes import Bench, FakeCounter, FakeModels, Hand, bench, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.models import TokenRatio
from workbench.core.requests import Delta, ModelRequest, Reply, ReplyBegan
from workbench.core.spend import Usage
from workbench.core.window import Window
from workbench.store.known_models import KnownModels


class Honest:
    """Answers with a word, and reports a token for each word of the whole request and a half."""

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        sent = len(str([request.tools, request.system, request.messages]).split())
        usage = Usage(round(sent * 1.5), 20)
        yield ReplyBegan("msg", request.model, usage)
        yield Reply("msg", request.model, (Text("seen"),), "end_turn", usage)


async def settled(made: Bench) -> Window:
    """The window once what was begun in the background had time to end."""
    for _ in range(50):
        await asyncio.sleep(0.002)
    return made.engine.session.window()


def stored(made: Bench) -> list[str]:
    return [type(stamped.event).__name__ for stamped in made.engine.session.events]


async def test_the_head_is_counted_before_the_first_turn_and_nothing_is_stored(tmp_path):
    made = bench(tmp_path, hands=[Hand()], counter=FakeCounter(1_001))
    await made.engine.warm_up()
    window = await settled(made)
    assert (window.total, window.exact, made.engine.session_id) == (1_000, True, "")
    assert [section.name for section in window.sections if section.tokens] == ["tools", "system"]
    assert made.of(e.WindowMeasured)[-1].window == window
    blocks = made.engine.session.list_blocks()
    assert (sum(block.tokens for block in blocks.blocks), blocks.total) == (1_000, 1_000)


async def test_without_a_count_the_head_is_estimated_before_the_first_turn(tmp_path):
    made = bench(tmp_path, hands=[Hand()])
    await made.engine.warm_up()
    window = await settled(made)
    assert window.total > 100
    assert not window.exact


async def test_the_first_turn_begins_with_the_counted_head(tmp_path):
    made = bench(tmp_path, [says("hello")], hands=[Hand()], counter=FakeCounter(1_001))
    await made.engine.warm_up()
    await settled(made)
    await made.ask("hi")
    assert stored(made)[:4] == ["SessionOpened", "EpochOpened", "PromptCounted", "TurnStarted"]


async def test_a_turn_does_not_wait_for_a_count(tmp_path):
    counter = FakeCounter(1_001, hold=asyncio.Event())
    made = bench(tmp_path, [says("hello")], hands=[Hand()], counter=counter)
    await made.engine.warm_up()
    await settled(made)
    await made.ask("hi")
    counter.hold.set()
    await settled(made)
    assert (counter.asked, "PromptCounted" in stored(made)) == (1, False)


async def test_what_nobody_looks_at_is_not_counted(tmp_path):
    counter = FakeCounter(1_001)
    made = bench(tmp_path, [says("hello")], counter=counter)
    await made.ask("hi")
    await settled(made)
    assert counter.asked == 0


async def test_a_session_is_counted_when_it_is_opened_unless_reports_cover_it(tmp_path):
    made = bench(tmp_path, hands=[Hand()], provider=Honest())
    await made.ask("look")
    id = made.engine.session_id
    await made.engine.close()
    counter = FakeCounter(7_001)
    again = bench(tmp_path, hands=[Hand()], counter=counter)
    await again.engine.handle(c.OpenSession(id))
    exact = again.engine.session.window()
    await again.engine.warm_up()
    assert (await settled(again), counter.asked, exact.exact) == (exact, 0, True)
    again.engine.session.emit(e.BlockLifted("e3", "look again at it", 900))
    again.engine.session.emit(e.TurnStarted(2, "words", 900))
    again.engine.session.emit(e.TurnFailed(2, "cut", "x"))
    await again.engine.close()
    third = bench(tmp_path, hands=[Hand()], counter=FakeCounter(1_001))
    await third.engine.warm_up()
    await third.engine.handle(c.OpenSession(id))
    window = await settled(third)
    assert third.engine.session.events[-1].event == e.PromptCounted(1_000)
    assert sum(section.tokens for section in window.sections) == window.total
    await third.engine.close()


async def test_another_model_is_counted_when_it_is_chosen_and_told_when_it_answers(tmp_path):
    made = bench(tmp_path, [says("one"), says("two")], hands=[Hand()], counter=(counter := FakeCounter(3_001)))
    await made.ask("hi")
    await made.engine.warm_up()
    await made.engine.handle(c.ChooseModel("other"))
    await settled(made)
    assert counter.last is not None
    assert (counter.last.model, counter.last.messages[-1]["role"]) == ("other", "user")
    assert "PromptCounted" not in stored(made)
    await made.ask("again")
    at = stored(made)
    assert at[at.index("PromptCounted") - 1 : at.index("PromptCounted") + 1] == ["EpochOpened", "PromptCounted"]


async def test_a_compaction_is_counted_when_it_was_carried_out(tmp_path):
    answers = [says("long words " * 90)] * 9
    made = bench(tmp_path, answers, hands=[Hand()], counter=FakeCounter(901))
    await made.engine.warm_up()
    await made.ask(*(f"prompt {n}" for n in range(9)))
    await made.engine.handle(c.PlanCompaction("summarise"))
    plan = (await made.until(e.CompactionPlanned)).plan
    await made.engine.idle()
    await made.engine.handle(c.Compact(plan.id))
    await settled(made)
    at = stored(made)
    assert "PromptCounted" in at[len(at) - 1 - at[::-1].index("EpochOpened") :]


async def test_what_a_session_learnt_is_kept_and_the_next_one_begins_from_it(tmp_path):
    models = FakeModels()
    made = bench(tmp_path, hands=[Hand()], models=models, provider=Honest())
    await made.ask("hi")
    learnt = dict(made.engine.session.ledger.learnt("scripted"))
    assert learnt
    assert models.learnt == {"scripted": learnt}
    await made.engine.handle(c.NewSession())
    await made.ask("hi")
    assert made.of(e.RatiosRecalled) == [e.RatiosRecalled("scripted", learnt)]
    assert stored(made)[:3] == ["SessionOpened", "RatiosRecalled", "EpochOpened"]


def test_ratios_are_kept_by_endpoint_and_model_beside_the_facts(tmp_path):
    code, words = {"code": TokenRatio(0.7, 900.0)}, {"english": TokenRatio(1.2, 80.0)}
    KnownModels(tmp_path, "http://one").write_ratios("m", code)
    KnownModels(tmp_path, "http://one").write("m", {})
    KnownModels(tmp_path, "http://one").write_ratios("m", words)
    assert KnownModels(tmp_path, "http://one").read_ratios("m") == code | words
    assert KnownModels(tmp_path, "http://one").read_ratios("n") == {}
    assert KnownModels(tmp_path, "http://two").read_ratios("m") == {}


@pytest.mark.parametrize("row", ["{}", '{"code": 3}', "[1]", '"x"'])
def test_ratios_that_cannot_be_read_are_learnt_anew(tmp_path, row):
    (tmp_path / "models.jsonlog").write_text(row)
    assert KnownModels(tmp_path, "http://one").read_ratios("m") == {}
