"""Within an epoch a prefix never breaks; where it does, the journal says where and why, and a person is told."""

from collections.abc import AsyncIterator
from pathlib import Path

from tests.fakes import Hand, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.requests import Delta, ModelRequest, Reply, ReplyBegan
from workbench.core.spend import Usage


def reads(read: int, written: int, text: str = "yes"):
    """A reply whose prompt was read from the cache and written to it so far."""

    async def play(request: ModelRequest) -> AsyncIterator[Delta]:
        usage = Usage(10, 20, read, written)
        yield ReplyBegan("msg", request.model, usage)
        yield Reply("msg", request.model, (Text(text),), "end_turn", usage)

    return play


async def test_steps_and_turns_of_an_epoch_break_no_prefix(tmp_path: Path) -> None:
    look = calls(("look", {"what": "it"}))
    made = bench(tmp_path, [look, says("seen"), look, says("again")], hands=[Hand()])
    await made.ask("look", "look again")
    assert made.of(e.PrefixBroken) == []
    await made.engine.close()


async def test_another_epoch_names_the_place_and_its_reason(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), says("two")])
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("large"))
    await made.ask("another")
    [broken] = made.of(e.PrefixBroken)
    assert (broken.part, broken.reason) == ("model", "model")
    await made.engine.close()


async def test_a_miss_that_nothing_explains_is_told_with_its_size(tmp_path: Path) -> None:
    made = bench(tmp_path, [reads(0, 40_000), reads(0, 40_000)])
    await made.ask("a question", "another")
    assert [(each.missed, each.why) for each in made.of(e.CacheReported)] == [(0, ""), (40_000, "unknown")]
    told = [notice for notice in made.of(e.Noticed) if "the cache missed" in notice.message]
    assert [notice.message for notice in told] == ["the cache missed 40k tokens that were paid for again:"]
    await made.engine.close()


async def test_one_that_a_pause_explains_is_not(tmp_path: Path) -> None:
    made = bench(tmp_path, [reads(0, 40_000), reads(0, 40_000)])
    await made.ask("a question")
    made.clock.advance(400)
    await made.ask("another")
    assert made.of(e.CacheReported)[-1].why == "cold"
    assert not [notice for notice in made.of(e.Noticed) if "the cache missed" in notice.message]
    await made.engine.close()


async def test_marks_are_carried_out_once_the_cache_is_cold_and_not_before(tmp_path: Path) -> None:
    look = calls(("look", {"what": "it"}))
    long = Hand(result="word " * 400)
    made = bench(tmp_path, [look, reads(0, 40_000), reads(40_000, 100), reads(0, 40_000)], hands=[long])
    await made.ask("look")
    [result] = [
        each.id
        for each in made.engine.session.list_blocks().blocks
        if each.section == "results" and each.role == "user"
    ]
    await made.engine.handle(c.MarkBlock(result, "mask"))
    await made.ask("while it is warm")
    assert "left the window" not in str(made.model.asked[-1].messages)
    made.clock.advance(400)
    await made.ask("and cold")
    assert "left the window" in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_warming_reads_the_window_and_asks_for_no_answer(tmp_path: Path) -> None:
    made = bench(tmp_path, [reads(0, 40_000), reads(40_000, 12, ""), reads(40_000, 40)])
    await made.ask("a question")
    await made.engine.handle(c.WarmCache())
    await made.engine.idle()
    warm = made.model.asked[-1]
    assert (warm.max_tokens, warm.purpose, warm.messages[-1]["role"]) == (0, "warm", "user")
    assert made.of(e.Noticed)[-1].message.startswith("the cache is warm for five minutes: 40k read, 12 written")
    before = len(made.engine.session.conversation.entries)
    await made.ask("another")
    assert made.of(e.PrefixBroken) == []
    assert made.of(e.CacheReported)[-1].why == ""
    assert len(made.engine.session.conversation.entries) == before + 2, "nothing of it stays in the conversation"
    await made.engine.close()
