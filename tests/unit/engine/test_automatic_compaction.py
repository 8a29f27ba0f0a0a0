"""A window that compacts by itself: told, never larger than before, never in a loop, and the last request stays."""

from pathlib import Path

from tests.fakes import Bench, bench, says
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.plans import tell_score
from workbench.core.window import Window
from workbench.engine import Policies
from workbench.engine.brake import AGAIN, TRIES, Brake
from workbench.strategies import CompactionPolicy

LONG = "word " * 1_500
TIGHT = Policies(window=WindowPolicy(20_000, 0.15, 2_000), compaction=CompactionPolicy(keep_last=2))


def notices(made: Bench) -> list[str]:
    return [event.message for event in made.of(e.Noticed)]


def window(total: int, size: int = 1_000, trigger: int = 700) -> Window:
    return Window(size, 0, trigger, total, size - total, True, ())


async def test_it_says_what_it_kept_and_what_the_window_still_knows(tmp_path: Path) -> None:
    said = f"{LONG} The fault is in src/acme/retry.py."
    made = bench(tmp_path, [says(said), says(LONG), says("## Goal\nshort"), says("fits")], policies=TIGHT)
    await made.ask("one", "two", "three: do not lose me")
    [opened] = [event for event in made.of(e.EpochOpened) if event.reason == "compacted"]
    [probed] = made.of(e.CompactionProbed)
    assert opened.after < opened.before
    assert "1 path kept" in opened.remark
    assert (probed.epoch, probed.by) == (opened.epoch.number, "code")
    assert tell_score(probed.scores).startswith("2 of 2 facts word for word")
    assert "three: do not lose me" in str(made.model.asked[-1].messages[-1])
    await made.engine.close()


async def test_what_would_make_the_window_larger_is_not_done_and_said(tmp_path: Path) -> None:
    policies = Policies(window=WindowPolicy(9_000, 0.12, 2_000), compaction=CompactionPolicy(keep_last=1))
    made = bench(tmp_path, [says("a"), says("## Goal\n" + "x " * 60), says("b"), says("c")], policies=policies)
    await made.ask("go on", "word " * 1_100, "and on")
    assert [event for event in made.of(e.EpochOpened) if event.reason == "compacted"] == []
    assert "compacting would not make the window smaller: nothing was changed" in notices(made)
    assert len(made.of(e.TurnFinished)) == 3
    await made.engine.close()


async def test_a_summary_that_is_none_is_replaced_and_the_turn_goes_on(tmp_path: Path) -> None:
    made = bench(tmp_path, [says(LONG), says(LONG), (Text('{"goal": 1}'),), says("fits")], policies=TIGHT)
    await made.ask("one", "two", "three")
    assert "the summary is JSON, so a mechanical one stands in its place" in notices(made)
    assert made.of(e.TurnFinished)[-1].text == "fits"
    await made.engine.close()


async def test_a_model_is_asked_what_it_knows_only_where_that_is_wanted(tmp_path: Path) -> None:
    probing = CompactionPolicy(keep_last=2, probe_model=True)
    policies = Policies(window=TIGHT.window, compaction=probing)
    said = f"{LONG}\nThe fault is in src/acme/retry.py."
    steps = [says(said), says(LONG), says("## Goal\nshort"), says("1: src/acme/retry.py"), says("fits")]
    made = bench(tmp_path, steps, policies=policies)
    await made.ask("one", "two", "three")
    by_model = [event for event in made.of(e.CompactionProbed) if event.by == "model"]
    assert [(s.kind, s.found, s.total) for s in by_model[0].scores] == [("paths", 1, 1)]
    await made.engine.close()


async def test_undoing_and_compacting_by_hand_are_probed_alike(tmp_path: Path) -> None:
    steps = [says(f"{LONG} See src/a{n}.py.") for n in range(4)]
    made = bench(
        tmp_path, [*steps, says("## Goal\nshort")], policies=Policies(compaction=CompactionPolicy(keep_last=2))
    )
    await made.ask("one", "two", "three", "four")
    await made.engine.handle(c.PlanCompaction("summarise", "keep the paths"))
    plan = (await made.until(e.CompactionPlanned)).plan
    await made.engine.idle()
    await made.engine.handle(c.Compact(plan.id))
    assert "keep the paths" in str(made.model.asked[-1].messages)
    assert len(made.of(e.CompactionProbed)) == 1
    await made.engine.close()


def test_a_window_does_not_compact_again_before_it_has_grown() -> None:
    brake = Brake()
    assert brake.allows(window(700))
    assert not brake.note(window(700), window(500))
    assert not brake.allows(window(500 + int(1_000 * AGAIN) - 1))
    assert brake.allows(window(500 + int(1_000 * AGAIN)))


def test_after_three_that_brought_too_little_it_stops_until_the_person_acts_or_gives_more_room() -> None:
    brake = Brake()
    told = [brake.note(window(900), window(890)) for _ in range(TRIES + 1)]
    assert told == [False, False, True, False], "it is told once"
    assert not brake.allows(window(2_000))
    assert brake.allows(window(900, 2_000, 1_400)), "a larger window"
    brake.release()
    assert brake.allows(window(890))


def test_one_that_frees_enough_begins_the_count_anew() -> None:
    brake = Brake()
    for after in (890, 890, 400, 890, 890):
        assert not brake.note(window(900), window(after))
