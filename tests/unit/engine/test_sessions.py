"""Sessions across processes, crashes, compactions and handoffs, on real files."""

import asyncio
import itertools
from pathlib import Path

import pytest

from tests.fakes import Hand, bench, calls, says
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import ReadOnlySession, UnknownSession, WorkbenchError
from workbench.core.messages import Text
from workbench.engine import Policies
from workbench.strategies import CompactionPolicy

FEW = Policies(compaction=CompactionPolicy(keep_last=2))


async def test_a_reopened_session_holds_the_same_conversation_window_and_bill(tmp_path: Path) -> None:
    first = bench(tmp_path, [calls(("look", {"what": "x"})), says("one"), says("two")], hands=[Hand()])
    await first.ask("a question", "another")
    id, session = first.engine.session_id, first.engine.session
    messages, window, spend = session.conversation.messages(), session.window(), session.spend.reading()
    await first.engine.close()
    again = bench(tmp_path, hands=[Hand()])
    await again.engine.handle(c.OpenSession(id[:4]))
    reopened = again.engine.session
    assert reopened.conversation.messages() == messages
    assert reopened.window() == window
    assert reopened.spend.reading() == spend
    await again.engine.close()


@pytest.mark.parametrize("cut", range(1, 14))
async def test_a_journal_cut_anywhere_resumes_and_answers(tmp_path: Path, cut: int) -> None:
    """What kill -9 between any two events leaves behind."""
    first = bench(tmp_path, [calls(("look", {"what": "x"}), ("look", {"what": "y"})), says("one")], hands=[Hand()])
    await first.ask("a question")
    events = tuple(first.engine.session.events[:cut])
    await first.engine.close()
    id = await first.engine.adopt(events)
    again = bench(tmp_path, [says("went on")], hands=[Hand()])
    await again.engine.handle(c.OpenSession(id))
    await again.ask("go on")
    assert again.of(e.TurnFinished)[-1].text == "went on"
    assert not again.engine.session.conversation.pending
    assert sum(1 for s in again.engine.session.events if isinstance(s.event, e.TurnStarted)) == sum(
        1 for s in again.engine.session.events if isinstance(s.event, e.TurnFinished | e.TurnFailed)
    )
    await again.engine.close()


async def test_a_second_process_gets_the_session_read_only(tmp_path: Path) -> None:
    first, second = bench(tmp_path, [says("one")]), bench(tmp_path)
    await first.ask("a question")
    await second.engine.handle(c.OpenSession(first.engine.session_id))
    assert "read-only" in second.engine.read_only
    with pytest.raises(ReadOnlySession):
        await second.engine.handle(c.SendPrompt("mine"))
    await second.engine.close()
    await first.engine.close()


async def test_an_unknown_session_is_named_and_the_open_one_stays(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])
    await made.ask("a question")
    before = made.engine.session_id
    with pytest.raises(UnknownSession):
        await made.engine.handle(c.OpenSession("nowhere"))
    assert made.engine.session_id == before
    await made.engine.close()


async def test_compacting_is_reviewed_first_and_undone_to_the_word(tmp_path: Path) -> None:
    made = bench(
        tmp_path, [*(says(f"answer {n} in src/a{n}.py") for n in range(4)), says("## Goal\nshort")], policies=FEW
    )
    await made.ask(*(f"question {n}" for n in range(4)))
    before = made.engine.session.conversation.messages()
    await made.engine.handle(c.PlanCompaction())
    plan = (await made.until(e.CompactionPlanned)).plan
    assert made.engine.session.conversation.messages() == before
    assert sum(line.tokens for line in plan.lines) == plan.before
    await made.engine.idle()
    await made.engine.handle(c.Compact(plan.id, "my own words"))
    after = str(made.engine.session.conversation.messages())
    assert "my own words" in after
    assert "question 3" in after
    assert "answer 0" not in after.replace(plan.evidence, "")
    await made.engine.handle(c.UndoCompaction())
    assert made.engine.session.conversation.messages() == before
    with pytest.raises(WorkbenchError):
        await made.engine.handle(c.UndoCompaction())
    await made.engine.close()


async def test_the_window_compacts_by_itself_at_the_trigger_and_the_turn_goes_on(tmp_path: Path) -> None:
    tight = CompactionPolicy(keep_last=2)
    policies = Policies(window=WindowPolicy(20_000, 0.15, 2_000), compaction=tight)
    long = " ".join(["word"] * 1_500)
    steps = [says(long), says(long), says("## Goal\nshort"), says("fits")]
    made = bench(tmp_path, steps, policies=policies)
    await made.ask("one", "two", "three")
    opened = [event for event in made.of(e.EpochOpened) if event.reason == "compacted"]
    assert len(opened) == 1
    assert opened[0].after < opened[0].before
    assert made.of(e.TurnFinished)[-1].text == "fits"
    await made.engine.close()


async def test_a_handoff_starts_a_session_that_knows_it_and_leaves_a_file(tmp_path: Path) -> None:
    document = "\n\n".join(
        f"## {n}. {title}\n\nbody {n}"
        for n, title in enumerate(
            ("TASK STATUS", "DECISIONS MADE", "FILES CHANGED", "OPEN ITEMS", "CONTEXT FOR NEXT SESSION"), 1
        )
    )
    made = bench(tmp_path, [says("one"), (Text(document),), says("continued")])
    await made.ask("a question")
    old = made.engine.session_id
    await made.engine.handle(c.DraftHandoff())
    draft = (await made.until(e.HandoffDrafted)).plan
    assert [section.number for section in draft.sections] == [1, 2, 3, 4, 5]
    await made.engine.idle()
    await made.engine.handle(c.HandOff(draft.id))
    assert made.engine.session_id != old
    await made.ask("go on")
    system = " ".join(block["text"] for block in made.model.asked[-1].system)
    assert "continuing a task from a previous session" in system
    assert "body 4" in system
    assert "## 1. TASK STATUS" in _text(made.of(e.SessionHandedOff)[0].path)
    assert {row.id for row in made.engine.sessions()} == {old, made.engine.session_id}
    await made.engine.close()


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


async def test_the_sent_prefix_only_grows_within_an_epoch(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": "x"})), says("one"), calls(("look", {"what": "y"})), says("two")]
    made = bench(tmp_path, steps, hands=[Hand()])
    await made.ask("first", "second")
    bare = [_unmarked(request.messages) for request in made.model.asked]
    for earlier, later in itertools.pairwise(bare):
        assert later[: len(earlier)] == earlier
    heads = [(request.system, request.tools) for request in made.model.asked]
    assert all(head == heads[0] for head in heads)
    await made.engine.close()


def _unmarked(messages: list[dict]) -> list[dict]:  # type: ignore[type-arg]
    """Blocks one by one without cache marks, since a mark moves with the tail and roles merge."""
    return [
        {"role": message["role"]} | {key: value for key, value in block.items() if key != "cache_control"}
        for message in messages
        for block in message["content"]
    ]


async def test_a_day_budget_counts_all_sessions_of_the_day(tmp_path: Path) -> None:
    first = bench(tmp_path, [says("one")])
    await first.ask("a question")
    await first.engine.close()
    second = bench(tmp_path, [says("two")])
    await second.ask("another")
    assert second.engine.session.spend.reading().day_tokens == 240
    await second.engine.close()


async def test_nothing_is_written_before_the_first_prompt(tmp_path: Path) -> None:
    made = bench(tmp_path)
    await made.engine.handle(c.NewSession())
    await made.engine.close()
    assert not list((tmp_path / "sessions").glob("*session*"))


async def test_a_listener_that_fails_is_logged_and_the_turn_goes_on(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])

    def broken(_: e.Stamped) -> None:
        raise RuntimeError("listener")

    made.engine.subscribe(broken)
    await made.ask("a question")
    assert made.of(e.TurnFinished)
    await made.engine.close()


async def test_compacting_while_a_turn_runs_is_refused(tmp_path: Path) -> None:
    made = bench(tmp_path, [(Text("slow"),)])
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TextArrived)
    with pytest.raises(WorkbenchError, match="while something runs"):
        await made.engine.handle(c.PlanCompaction())
    await made.engine.close()


async def test_a_session_that_is_not_open_gets_another_title(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), says("two")])
    await made.ask("first")
    first = made.engine.session_id
    await made.engine.handle(c.NewSession())
    await made.ask("second")
    await made.engine.handle(c.RenameSession("  a better\ntitle ", first))
    assert {row.id: row.title for row in made.engine.sessions()}[first] == "a better title"
    assert made.engine.session_id != first
    with pytest.raises(WorkbenchError, match="at least one character"):
        await made.engine.handle(c.RenameSession(" ", first))
    with pytest.raises(UnknownSession):
        await made.engine.handle(c.RenameSession("x", "nowhere"))
    await made.engine.close()


async def test_a_session_that_is_written_elsewhere_keeps_its_title(tmp_path: Path) -> None:
    made, other = bench(tmp_path, [says("one")]), bench(tmp_path, [])
    await made.ask("first")
    with pytest.raises(WorkbenchError, match="open in this workbench already"):
        await other.engine.handle(c.RenameSession("mine now", made.engine.session_id))
    await made.engine.close()
    await other.engine.close()
