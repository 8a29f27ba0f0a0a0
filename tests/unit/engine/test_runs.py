"""Several runs in one process: children on the budget, the trace and the approvals of their root."""

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Bench, Hand, Step, bench, calls, says
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import Verdict
from workbench.core.errors import ReadOnlySession, UnknownSession, WorkbenchError
from workbench.core.messages import Text, ToolUse
from workbench.core.requests import Delta, ModelRequest, Reply
from workbench.core.spend import Usage
from workbench.core.tools import ToolContext, ToolOutput
from workbench.cost import BudgetPolicy, SpendLedger
from workbench.engine import Policies, assemble_request
from workbench.providers.rehearsal.validity import faults

PARTS = 8
SMALL = WindowPolicy(20_000, 0.9, 1_024)
"""A window whose reply is as small as one may be, so that a reservation never shrinks."""


class Delegate(Hand):
    """A tool that gives its task to a child session."""

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        return await context.delegate("research", arguments["what"])


def team(root: Path, *hands: Hand, parts: int = PARTS, **more: Any) -> Bench:
    """A bench whose model gives `parts` parts away, has each child use the first of `hands` once, and answers."""
    made = bench(root, hands=[Delegate("delegate", "memory"), *hands], **more)

    def choose(request: ModelRequest) -> Step:
        asked = re.findall(r"part \d+|go on|all of it", str(request.messages))
        used = "tool_result" in str(request.messages[-1])
        if asked[0] == "all of it" and not used:
            return calls(*(("delegate", {"what": f"part {n}"}) for n in range(parts)))
        if asked[0].startswith("part") and hands and not used and asked[-1] != "go on":
            return calls((hands[0].name, {"what": asked[0]}))
        return says(f"done with {asked[0]}")

    made.model.choose = choose
    return made


async def probe(root: Path) -> tuple[int, int]:
    """Tokens that a team has spent when its children begin, and that each of them reserves."""
    made = team(root / "probe", parts=1, policies=Policies(window=SMALL))
    await made.ask("all of it")
    reserved = next(event.tokens for event in made.of(e.BudgetReserved) if event.child)
    await made.engine.close()
    return made.of(e.BudgetSettled)[0].usage.total, reserved


async def children_of(made: Bench) -> list[Any]:
    """The sessions of all children, as they stand on the disk."""
    return [await made.engine.inspect(event.session) for event in made.of(e.SubtaskStarted)]


def assert_valid(events: tuple[e.Stamped, ...] | list[e.Stamped]) -> None:
    """Each prefix folds to a request that the Messages API accepts, once somebody says something."""
    conversation = Conversation()
    for stamped in events:
        conversation.apply(stamped)
        if conversation.epoch is not None:
            request = assemble_request(conversation, 1)
            body = {"model": "m", "max_tokens": 1, "system": request.system, "tools": request.tools}
            told = [*request.messages]
            if not told or told[-1]["role"] == "assistant":
                told.append({"role": "user", "content": [{"type": "text", "text": "go on"}]})
            assert faults(body | {"messages": told}) == [], stamped.seq


async def test_eight_runs_at_once_share_a_budget_and_each_journal_is_valid(tmp_path: Path) -> None:
    """All eight children are in their tool at the same time; none goes on before the last has come."""
    look = Hand(barrier=asyncio.Barrier(PARTS))
    made = team(tmp_path, look)
    await made.ask("all of it")
    root, children = made.engine.session, await children_of(made)
    assert made.of(e.TurnFinished)[-1].text == "done with all of it"
    assert (look.most, len(children)) == (PARTS, PARTS)
    for session in (root, *children):
        assert_valid(session.events)
        assert [stamped.seq for stamped in session.events] == list(range(1, len(session.events) + 1))
        assert {stamped.session for stamped in session.events} == {session.id}

    own, _ = root.add_up(child="")
    spent = [child.spend.reading() for child in children]
    assert all(reading.tokens for reading in spent)
    reading = root.spend.reading()
    assert reading.tokens == own.total + sum(child.tokens for child in spent)
    assert reading.usd == pytest.approx(own.total / 1e6 + sum(child.usd or 0.0 for child in spent))
    assert reading.reserved_tokens == 0
    again = SpendLedger(BudgetPolicy(), as_if=False)
    for stamped in root.events:
        again.apply(stamped)
    assert (again.reading().tokens, again.reading().usd) == (reading.tokens, reading.usd)
    assert made.of(e.TurnFinished)[-1].usage.total == reading.tokens
    assert Counter(event.usage.total for event in made.of(e.SubtaskFinished)) == Counter(one.tokens for one in spent)
    await made.engine.close()


async def test_children_stand_in_no_list_and_go_with_their_root(tmp_path: Path) -> None:
    made = team(tmp_path, parts=2)
    await made.ask("all of it")
    root, (child, _) = made.engine.session_id, await children_of(made)
    assert [row.id for row in made.engine.sessions()] == [root]
    assert (child.summary.root, child.summary.role, child.summary.parent) == (root, "research", "")
    with pytest.raises(WorkbenchError, match="not at work"):
        await made.engine.handle(c.SendPrompt("and now?", child.id))
    await made.engine.handle(c.NewSession())
    await made.engine.handle(c.DeleteSession(root))
    for id in (root, child.id):
        with pytest.raises(UnknownSession):
            await made.engine.inspect(id)
    await made.engine.close()


async def test_a_budget_for_five_of_eight_stops_the_rest_politely(tmp_path: Path) -> None:
    """Five requests are under way and hold their reservations; the others find that the rest does not cover theirs."""
    before, a_child = await probe(tmp_path)
    five = asyncio.Event()

    def held(text: str) -> Any:
        async def play(request: ModelRequest) -> AsyncIterator[Delta]:
            await five.wait()
            yield Reply("msg", request.model, says(text), "end_turn", Usage(input_tokens=100, output_tokens=20))

        return play

    limit = before + 5 * a_child + a_child // 2
    policies = Policies(window=SMALL, budget=BudgetPolicy(session_tokens=limit))
    made = team(tmp_path, policies=policies, unattended=lambda _: None)
    first = made.model.choose
    assert first is not None

    def choose(request: ModelRequest) -> Step:
        step = first(request)
        part = re.match(r"done with (part \d+)", step[0].text if isinstance(step[0], Text) else "")  # type: ignore
        return held(f"done with {part[1]}") if part else step

    made.model.choose = choose
    await made.engine.handle(c.SendPrompt("all of it"))
    await made.until(e.SubtaskFinished, 3)
    assert made.engine.session.spend.reading().reserved_tokens == 5 * a_child
    five.set()
    await asyncio.wait_for(made.engine.idle(), 10)
    finished = made.of(e.SubtaskFinished)
    assert Counter(event.state for event in finished) == {"done": 5, "budget": 3}
    assert all("budget" in event.text for event in finished if event.state == "budget")
    again = SpendLedger(BudgetPolicy(), as_if=False)
    for stamped in made.engine.session.events:
        again.apply(stamped)
        assert again.reading().tokens + again.reading().reserved_tokens <= limit
    assert made.of(e.TurnFinished)[-1].text == "done with all of it"
    for session in (made.engine.session, *await children_of(made)):
        assert_valid(session.events)
    await made.engine.close()


async def test_a_yes_that_a_child_gets_for_more_money_raises_the_roots_limit(tmp_path: Path) -> None:
    before, a_child = await probe(tmp_path)
    policies = Policies(window=SMALL, budget=BudgetPolicy(session_tokens=before + a_child))
    made = team(tmp_path, parts=3, policies=policies, unattended=lambda _: Verdict("once"))
    await made.ask("all of it")
    assert {event.state for event in made.of(e.SubtaskFinished)} == {"done"}
    raised = [stamped for stamped in made.emitted if isinstance(stamped.event, e.BudgetRaised)]
    assert raised
    assert {stamped.session for stamped in raised} == {made.engine.session_id}
    await made.engine.close()


async def test_stopping_the_root_stops_its_children_and_their_tools(tmp_path: Path) -> None:
    look = Hand(hold=asyncio.Event())
    made = team(tmp_path, look)
    await made.engine.handle(c.SendPrompt("all of it"))
    await made.until(e.ToolStarted, 2 * PARTS)
    await made.engine.handle(c.CancelTurn())
    assert look.stopped
    assert look.running == 0
    assert not made.engine.busy
    assert [event.state for event in made.of(e.SubtaskFinished)] == ["interrupted"] * PARTS
    for session in (made.engine.session, *await children_of(made)):
        assert isinstance(session.events[-1].event, e.TurnFinished)
        assert session.events[-1].event.stop_reason == "interrupted"
        assert not session.conversation.pending
        assert_valid(session.events)
    assert made.engine.session.spend.reading().reserved_tokens == 0
    await made.engine.close()


async def test_one_child_is_stopped_by_its_name_and_the_others_go_on(tmp_path: Path) -> None:
    look = Hand(hold=asyncio.Event())
    made = team(tmp_path, look, parts=3)
    await made.engine.handle(c.SendPrompt("all of it"))
    await made.until(e.ToolStarted, 6)
    stopped = made.of(e.SubtaskStarted)[1].session
    await made.engine.handle(c.CancelTurn(stopped))
    look.hold.set()  # type: ignore[union-attr]
    await asyncio.wait_for(made.engine.idle(), 10)
    states = {event.session: event.state for event in made.of(e.SubtaskFinished)}
    assert Counter(states.values()) == {"done": 2, "interrupted": 1}
    assert states[stopped] == "interrupted"
    assert made.of(e.TurnFinished)[-1].text == "done with all of it"
    await made.engine.close()


async def test_each_of_them_goes_on_after_a_kill(tmp_path: Path) -> None:
    """The files are taken as they stand while eight children are in their tool, which is what a kill leaves."""
    made = team(tmp_path, Hand(hold=asyncio.Event()))
    await made.engine.handle(c.SendPrompt("all of it"))
    await made.until(e.ToolStarted, 2 * PARTS)
    root, ids = made.engine.session_id, [event.session for event in made.of(e.SubtaskStarted)]
    shutil.copytree(tmp_path / "sessions", tmp_path / "killed" / "sessions")
    await made.engine.close()

    again = team(tmp_path / "killed", Hand())
    await again.engine.handle(c.OpenSession(root))
    session = again.engine.session
    assert not session.open_subtasks
    assert session.spend.reading().reserved_tokens == 0
    assert [event.state for event in again_of(session.events, e.SubtaskFinished)] == ["interrupted"] * PARTS
    before = session.spend.reading().tokens
    came = await asyncio.gather(*(again.engine.front.delegate("research", "go on", resume=id) for id in ids))
    assert {finished.state for finished in came} == {"done"}
    assert session.spend.reading().tokens > before
    for id in ids:
        child = await again.engine.inspect(id)
        assert_valid(child.events)
        assert [type(event) for event in again_of(child.events, e.TurnFailed | e.TurnFinished)] == [
            e.TurnFailed,
            e.TurnFinished,
        ]
    await again.ask("all of it")
    assert_valid(session.events)
    await again.engine.close()


def again_of(events: Any, kinds: Any) -> list[Any]:
    return [stamped.event for stamped in events if isinstance(stamped.event, kinds)]


async def test_a_child_that_is_opened_in_front_is_read_and_not_written(tmp_path: Path) -> None:
    made = team(tmp_path, parts=1)
    await made.ask("all of it")
    root, (child,) = made.engine.session_id, await children_of(made)
    await made.engine.handle(c.OpenSession(child.id))
    assert root in made.engine.read_only
    assert [stamped.seq for stamped in made.engine.history() if stamped.seq] == [s.seq for s in child.events]
    with pytest.raises(ReadOnlySession, match=root):
        await made.engine.handle(c.SendPrompt("and?"))
    with pytest.raises(ReadOnlySession, match=root):
        await made.engine.front.delegate("research", "a part of a part")
    await made.engine.close()


async def test_work_is_given_away_only_by_a_session_that_has_begun_and_only_to_its_own_children(tmp_path: Path) -> None:
    made = team(tmp_path)
    with pytest.raises(WorkbenchError, match="no file yet"):
        await made.engine.front.delegate("research", "part 0")
    await made.ask("go on")
    other = made.engine.session_id
    await made.engine.handle(c.NewSession())
    await made.ask("go on")
    with pytest.raises(WorkbenchError, match="can go on with"):
        await made.engine.front.delegate("research", "go on", resume=other)
    assert not made.engine.session.open_subtasks
    await made.engine.close()


async def test_what_a_child_asks_reaches_who_listens_in_front_and_is_answered_by_id(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    made = team(tmp_path, touch, parts=2)
    heard: list[e.Stamped] = []
    made.engine.subscribe(heard.append)
    await made.engine.handle(c.SendPrompt("all of it"))
    await made.until(e.EscalationRaised, 4)
    root = made.engine.session_id
    asked = sorted((event.request for event in again_of(heard, e.EscalationRaised)), key=lambda asks: asks.question)
    assert {stamped.session for stamped in heard} == {root}
    assert [request.question for request in asked] == ["part 0", "part 1"]
    assert set(made.engine.session.open_escalations) == {request.id for request in asked}
    await made.engine.handle(c.ResolveEscalation(asked[0].id, Verdict("once")))
    await made.engine.handle(c.ResolveEscalation(asked[1].id, Verdict("reject", note="not that")))
    await asyncio.wait_for(made.engine.idle(), 10)
    assert touch.seen == [{"what": "part 0"}]
    assert not made.engine.session.open_escalations
    for child in await children_of(made):
        assert not child.open_escalations
        assert len(again_of(child.events, e.EscalationResolved)) == 1
    await made.engine.close()


async def test_spans_nest_from_turn_to_call_and_from_a_call_to_the_childs_turn(tmp_path: Path) -> None:
    look = Hand(barrier=asyncio.Barrier(2))
    made = team(tmp_path, look, parts=2)
    await made.ask("all of it")
    at: dict[str, list[e.Stamped]] = {}
    for stamped in made.emitted:
        at.setdefault(type(stamped.event).__name__, []).append(stamped)
    root = made.engine.session_id
    turns = {stamped.session: stamped for stamped in at["TurnStarted"]}
    assert turns[root].parent == ""
    for stamped in (*at["RequestSent"], *at["MessageAdded"], *at["BudgetSettled"], *at["ToolProposed"]):
        if stamped.session == root and getattr(stamped.event, "child", ""):
            continue  # a child's request, written down in the root's journal from within the child's span
        assert stamped.parent == turns[stamped.session].span
    assert len({stamped.span for stamped in at["RequestSent"]}) == len(at["RequestSent"])
    spans = {s.event.proposal.call_id: s.span for s in at["ToolProposed"]}  # type: ignore[union-attr]
    assert len(set(spans.values())) == len(spans) == 4
    for stamped in (*at["ToolStarted"], *at["ToolFinished"]):
        assert stamped.span == spans[stamped.event.call_id]  # type: ignore[union-attr]
    for stamped in at["SubtaskStarted"]:
        child = stamped.event.session  # type: ignore[union-attr]
        assert turns[child].parent == stamped.span == spans[stamped.event.call_id]  # type: ignore[union-attr]
    assert {stamped.trace for stamped in made.emitted if stamped.session != root} == {turns[root].trace}
    await made.engine.close()


async def test_what_a_childs_child_spends_is_on_the_outermost_bill_once(tmp_path: Path) -> None:
    made = bench(tmp_path, hands=[Delegate("delegate", "memory")])
    deeper = {"outermost": "middle", "middle": "innermost"}

    def choose(request: ModelRequest) -> Step:
        task = request.messages[0]["content"][0]["text"]
        if task in deeper and "tool_result" not in str(request.messages[-1]):
            return calls(("delegate", {"what": deeper[task]}))
        return says(f"done with {task}")

    made.model.choose = choose
    await made.ask("outermost")
    root, (middle, innermost) = made.engine.session, await children_of(made)
    assert made.of(e.TurnFinished)[-1].text == "done with outermost"
    assert innermost.summary.root == middle.summary.root == root.id
    own, _ = root.add_up(child="")
    parts = [session.spend.reading().tokens for session in (middle, innermost)]
    assert root.spend.reading().tokens == own.total + sum(parts)
    assert len({stamped.trace for session in (root, middle, innermost) for stamped in session.events[1:]}) <= 2
    await made.engine.close()


async def test_a_call_of_a_child_leaves_the_roots_conversation_alone(tmp_path: Path) -> None:
    made = team(tmp_path, Hand(), parts=2)
    await made.ask("all of it")
    used = [entry.part.name for entry in made.engine.session.conversation.entries if isinstance(entry.part, ToolUse)]
    assert used == ["delegate", "delegate"]
    await made.engine.close()


async def test_a_child_works_on_while_its_root_takes_another_turn(tmp_path: Path) -> None:
    look = Hand(hold=asyncio.Event())
    made = team(tmp_path, look, parts=0)
    await made.ask("go on")
    child = asyncio.ensure_future(made.engine.front.delegate("research", "part 0"))
    await made.until(e.ToolStarted)
    await made.engine.handle(c.SendPrompt("go on"))
    await made.until(e.TurnFinished, 2)
    assert set(made.engine.session.open_subtasks) == {made.of(e.SubtaskStarted)[0].session}
    with pytest.raises(WorkbenchError, match="while something runs"):
        await made.engine.handle(c.PlanCompaction())
    look.hold.set()  # type: ignore[union-attr]
    assert (await child).state == "done"
    assert_valid(made.engine.session.events)
    await made.engine.close()
