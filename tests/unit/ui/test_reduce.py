"""What the screen shows is a pure fold of events, whatever order they come in."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fake_client import FakeClient, state_of
from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Preview, Proposal, Verdict
from workbench.core.effects import Effect
from workbench.core.events.turn import Repair
from workbench.core.ids import entry_seq
from workbench.core.messages import Text, ToolUse
from workbench.core.notes import Note
from workbench.core.plans import Checked, CompactionPlan, HandoffPlan
from workbench.core.spend import Spend, Usage
from workbench.core.tools import FileChange
from workbench.core.window import Epoch, Replacement, Window
from workbench.ui.draw.runs import Styles
from workbench.ui.reduce import reduce_event
from workbench.ui.state import Answer, AnyEntry, Asked, Change, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.tools import draw_run, draw_tool

CLIENT = FakeClient()
EPOCH = Epoch(2, "m", "s", 1, ())
WINDOW = Window(10, 2, 7, 3, 5, True, (), ())
PLAN = CompactionPlan("plan_1", "auto", 10, 5, (), (), (), "s", 1)
ASKS = EscalationRequest("esc_1", "policy", "low", "Run it?", proposal=Proposal("c1", "shell", {}))
READ = Proposal("c1", "read", {"path": "a"}, (Effect("read", ("a",)),), kind="read", verb="read", subject="a")


class Told:
    """A state and the events told to it, stamped in order."""

    def __init__(self) -> None:
        self.state = state_of(CLIENT)
        self.seq = 0

    def __call__(self, *events: e.AnyEvent) -> Change:
        change = Change.NOTHING
        for event in events:
            stored = not isinstance(event, e.TRANSIENT)
            self.seq += stored
            change = reduce_event(self.state, e.Stamped(self.seq if stored else None, 100.0, "s", "t", event))
        return change

    @property
    def last(self) -> Any:
        return self.state.entries[-1]


def message(text: str, turn: int = 1, draft: bool = False) -> e.MessageAdded:
    return e.MessageAdded(turn, 1, (Text(text),), (1,), "end_turn", Usage(), draft=draft)


def finished(turn: int = 1) -> e.TurnFinished:
    return e.TurnFinished(turn, "done", "text", 2, 3.0, Usage(100, 10, 300), 0.5, confidence=Confidence(0.9))


def test_a_turn_is_a_prompt_an_answer_and_its_line() -> None:
    told = Told()
    told(e.SessionOpened("title", "/w", "p", "m", True), e.TurnStarted(1, "why?", 1))
    assert (told.state.running, told.state.activity, told.state.title) == (True, "asking", "title")
    assert told(e.TextArrived(1, 1, "be")) & Change.ADDED
    assert told(e.TextArrived(1, 1, "cause")) == Change.TAIL
    told(message("because\n"), finished())
    prompt, answer, end = told.state.entries
    assert isinstance(prompt, Prompt) and isinstance(answer, Answer) and isinstance(end, TurnEnd)
    assert (answer.text, answer.streaming, answer.draft) == ("because", False, False)
    assert (end.cached, end.as_if, end.steps) == (0.75, True, 2)
    assert not told.state.running


def test_a_message_that_never_streamed_is_an_answer_and_an_empty_one_is_none() -> None:
    told = Told()
    assert told(message("at once")) & Change.ADDED
    told(message(" "))
    told(e.MessageAdded(1, 1, (ToolUse("c", "n", {}),), (1,), "tool_use", Usage()))
    assert [entry.text for entry in told.state.entries] == ["at once"]


def test_an_answer_that_broke_off_before_a_retry_leaves_the_window_and_the_next_begins_anew() -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.TextArrived(1, 1, "half"))
    told(e.RetryScheduled(1, 2, 5, 3.0, "cut", "it broke"), e.TextArrived(1, 1, "whole"), message("whole"))
    _, half, marker, whole = told.state.entries
    assert (half.draft, half.streaming, half.in_window) == (True, False, False)
    assert (marker.kind, whole.text, whole.in_window) == ("retry", "whole", True)


def test_a_turn_that_fails_leaves_nothing_streaming() -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.TextArrived(1, 1, "half"), e.TurnFailed(1, "store", "full", "free some"))
    assert not any(getattr(entry, "streaming", False) for entry in told.state.entries)
    assert (told.last.kind, told.last.level, told.state.running) == ("failed", "error", False)


def test_a_call_goes_from_proposal_to_result_in_one_entry() -> None:
    told = Told()
    told(e.ToolProposed(1, 1, READ), e.ToolStarted(1, "c1"), e.ToolOutputArrived("c1", "li"))
    assert (told.last.state, told.last.output, told.last.reads_only) == ("running", "li", True)
    told(e.ToolFinished(1, "c1", "read", "line", 5, 0.1, "1 line", changes=(FileChange("a", "modified", 1),)))
    assert (told.last.state, told.last.headline, told.last.seq) == ("done", "1 line", 3)
    assert len(told.state.entries) == 1


def test_only_the_window_says_what_a_result_takes_of_it() -> None:
    told = Told()
    told(e.ToolProposed(1, 1, READ), e.ToolStarted(1, "c1"))
    told(e.ToolFinished(1, "c1", "read", "line", 44_600, 0.1, "900 lines"))
    for line in (
        draw_tool(told.last, "closed", 100, Styles({}), 0.0)[0],
        draw_run([told.last], False, 100, Styles({})),
    ):
        assert "k" not in line.text.replace(told.last.summary, "")
        assert line.text.endswith("0.1s  ✓")


def test_a_call_that_did_not_happen_says_how() -> None:
    states = []
    for cause in ("rejected", "unanswered", "interrupted", "denied", "invalid"):
        told = Told()
        told(e.ToolProposed(1, 1, READ), e.ToolFailed(1, "c1", "read", cause, "no", 1))  # type: ignore[arg-type]
        states.append(told.last.state)
    assert states == ["rejected", "unanswered", "stopped", "failed", "failed"]


def test_a_question_waits_is_answered_or_expires_and_these_are_three_states() -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.ToolProposed(1, 1, READ), e.EscalationRaised(ASKS, 700.0))
    assert (told.state.activity, told.state.expires, told.last.state) == (
        "waiting for you",
        {"esc_1": 700.0},
        "waiting",
    )
    assert isinstance(told.state.entries[1], Tool) and told.state.entries[1].state == "waiting"
    told(e.EscalationResolved("esc_1", Verdict("reject", note="keep it"), 2.0))
    assert (told.last.state, told.last.allowed) == ("answered", False)
    assert "keep it" in told.last.answer
    assert (told.state.escalations, told.state.expires, told.state.activity) == ([], {}, "working")
    expired = Told()
    expired(e.EscalationRaised(ASKS), e.EscalationExpired("esc_1"))
    assert isinstance(expired.last, Asked) and expired.last.state == "unanswered"


def compacted(*kept: str) -> e.EpochOpened:
    return e.EpochOpened(EPOCH, "compacted", kept, 100, 10)


def three_turns(told: Told) -> list[int]:
    """Three turns; the seq of each prompt."""
    prompts = []
    for turn in (1, 2, 3):
        told(e.TurnStarted(turn, "p", 1))
        prompts.append(told.seq)
        told(message("a", turn), finished(turn))
    return prompts


def inside(told: Told) -> list[bool]:
    return [entry.in_window for entry in told.state.entries if isinstance(entry, Prompt | Answer)]


def test_what_a_compaction_takes_out_is_marked_and_comes_back_with_its_undo() -> None:
    told = Told()
    third = three_turns(told)[2]
    told(compacted(f"e{third}", f"e{third + 1}.0"))
    assert inside(told) == [False] * 4 + [True] * 2
    assert (told.last.kind, told.last.key) == ("compacted", "u")
    assert told(e.CompactionUndone(3)) & Change.ENTRIES
    assert all(inside(told))


def test_the_score_of_a_compaction_stands_beside_it() -> None:
    told = Told()
    third = three_turns(told)[2]
    told(compacted(f"e{third}"), e.CompactionProbed(2, "code", (Checked("paths", 11, 12, ("a.py",), 1),)))
    assert isinstance(told.last, Marker)
    assert told.last.detail == "11 of 12 facts word for word, 1 by id"
    told(e.CompactionProbed(2, "model", (Checked("paths", 1, 2),)))
    assert told.last.detail.endswith("by id · the model knows 1 of 2")
    assert Told()(e.CompactionProbed(2, "code", ())) == Change.NOTHING, "of a compaction that is not on the screen"


def test_the_undo_of_one_compaction_leaves_an_earlier_one_standing() -> None:
    told = Told()
    _, second, third = three_turns(told)
    told(compacted(f"e{second}", f"e{second + 1}.0", f"e{third}", f"e{third + 1}.0"))
    once = inside(told)
    told(compacted(f"e{third}"))
    assert inside(told) == [False] * 4 + [True, False]
    told(e.CompactionUndone(4))
    assert inside(told) == once == [False] * 2 + [True] * 4


def read_once(told: Told) -> Tool:
    """One turn with a call that read a file; its entry."""
    told(e.TurnStarted(1, "p", 1), e.ToolProposed(1, 1, READ), e.ToolFinished(1, 1, "c1", "ok", 5, 0.1))
    tool = told.last
    told(message("read it"), finished())
    return tool


def test_what_a_compaction_masked_says_so_until_it_is_brought_back_or_undone() -> None:
    told = Told()
    tool = read_once(told)
    kept = tuple(f"e{entry.seq}" for entry in told.state.entries)
    masked = {f"e{tool.seq}": Replacement(Text("read a"), 3)}
    told.state.touched.clear()
    told(e.EpochOpened(EPOCH, "compacted", kept, replaced=masked))
    assert (tool.in_window, tool.masked) == (True, True)
    assert told.state.entries.index(tool) in told.state.touched
    told(compacted(*kept))
    assert not tool.masked
    told(e.CompactionUndone(4))
    assert tool.masked
    told(e.CompactionUndone(5))
    assert not tool.masked


def test_what_had_left_is_inside_again_when_a_later_compaction_brings_it_back() -> None:
    told = Told()
    tool = read_once(told)
    told(compacted())
    assert not tool.in_window
    told(compacted(f"e{tool.seq}"))
    assert tool.in_window
    told(e.CompactionUndone(4))
    assert not tool.in_window


@pytest.mark.parametrize("repair", get_args(Repair))
def test_every_repair_is_told_in_the_transcript(repair: Repair) -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.RequestRepaired(1, 1, "media", repair, "a picture is left out"))
    assert isinstance(told.last, Marker)
    assert (told.last.title, told.last.level) == ("a picture is left out", "warning")
    assert ("sent once more" in told.last.detail) == (repair != "drop_turn")


def test_an_undo_brings_no_broken_attempt_back() -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.TextArrived(1, 1, "half"), e.RetryScheduled(1, 2, 5, 1.0, "cut", "broke"))
    told(message("whole"), finished(), compacted(), e.CompactionUndone(3))
    assert inside(told) == [True, False, True]


def test_markers_say_what_happened_to_limits_and_models() -> None:
    told = Told()
    told(
        e.EpochOpened(EPOCH, "model"),
        e.TierChanged(4, "spent"),
        e.TurnLimitReached(1, 25),
        e.BudgetRaised(usd=10.0, steps=30),
        e.SessionHandedOff("d", 1, "next"),
    )
    assert [entry.kind for entry in told.state.entries if isinstance(entry, Marker)] == [
        "model",
        "tier",
        "limit",
        "budget",
        "handed off",
    ]
    before = len(told.state.entries)
    told(e.EpochOpened(EPOCH), e.EpochOpened(EPOCH, "resumed"))
    assert len(told.state.entries) == before


def test_readings_replace_what_was_read_before() -> None:
    told = Told()
    assert told(e.WindowMeasured(WINDOW)) == Change.WINDOW
    assert told(e.SpendMeasured(Spend(usd=1.0))) == Change.SPEND
    assert told(e.ScratchpadChanged(Note("finding", "f"))) == Change.SCRATCHPAD
    assert told(e.ConfidenceScored(1, Confidence(0.4))) == Change.CONFIDENCE
    assert told(e.AnswerRouted(1, "unrated")) == Change.CONFIDENCE
    assert told(e.CompactionPlanned(PLAN)) == Change.PLAN
    assert told(e.HandoffDrafted(HandoffPlan("p", "d", 1, 2, ()))) == Change.HANDOFF
    assert told(e.Noticed("hm")) == Change.NOTICE
    state = told.state
    assert (state.window, state.spend.usd, state.confidence, state.plan) == (WINDOW, 1.0, None, PLAN)
    assert state.scratchpad.notes == 1


def test_an_event_of_a_newer_version_changes_nothing() -> None:
    state = state_of(CLIENT)
    assert reduce_event(state, e.Stamped(1, 0.0, "s", "t", e.Unknown({"type": "Tomorrow"}))) == Change.NOTHING
    assert state == state_of(CLIENT)


IDS = st.sampled_from(["c1", "c2", "c3"])
SMALL = st.integers(0, 4)
KEPT = st.lists(st.integers(1, 30).map(lambda n: f"e{n}") | st.integers(1, 30).map(lambda n: f"e{n}.0"), max_size=5)
CAUSES = st.sampled_from(["rejected", "unanswered", "denied", "invalid", "unknown", "fault", "interrupted", "limit"])
ANSWERS = st.sampled_from(["once", "session", "edit", "reject", "reply", "leave"])


def asks(call: str, preview: bool) -> EscalationRequest:
    shown = Preview("command", "ls") if preview else None
    return msgspec.structs.replace(ASKS, id=f"esc_{call}", proposal=Proposal(call, "shell", {}, preview=shown))


EVENTS: st.SearchStrategy[e.AnyEvent] = st.one_of(
    st.builds(e.TurnStarted, SMALL, st.text(max_size=3), SMALL),
    st.builds(e.RequestSent, SMALL, SMALL, st.just("m"), SMALL),
    st.builds(e.TextArrived, SMALL, SMALL, st.text(max_size=3)),
    st.builds(e.ThinkingArrived, SMALL, SMALL, st.just("hm")),
    st.builds(message, st.text(max_size=3), SMALL, st.booleans()),
    st.builds(finished, SMALL),
    st.builds(e.TurnFailed, SMALL, st.just("crash"), st.just("it stopped")),
    st.builds(e.TurnLimitReached, SMALL, SMALL),
    st.builds(e.RetryScheduled, SMALL, SMALL, SMALL, st.just(1.0), st.just("cut"), st.just("broke")),
    IDS.map(lambda call: e.ToolProposed(1, 1, Proposal(call, "read", {}, subject="a"))),
    st.builds(e.ToolStarted, SMALL, IDS),
    st.builds(e.ToolOutputArrived, IDS, st.text(max_size=3)),
    st.builds(e.ToolFinished, SMALL, IDS, st.just("read"), st.text(max_size=3), SMALL, st.just(0.1)),
    st.builds(e.ToolFailed, SMALL, IDS, st.just("read"), CAUSES, st.just("no"), SMALL),
    st.builds(asks, IDS, st.booleans()).map(e.EscalationRaised),
    st.builds(e.EscalationResolved, IDS.map("esc_{}".format), st.builds(Verdict, ANSWERS)),
    st.builds(e.EscalationExpired, IDS.map("esc_{}".format)),
    KEPT.map(lambda kept: compacted(*kept)),
    st.builds(e.CompactionUndone, SMALL),
    st.just(e.EpochOpened(EPOCH, "model")),
    st.builds(e.TierChanged, st.integers(1, 4), st.just("why")),
    st.builds(e.BudgetRaised, st.none() | st.just(2.0), st.none() | st.just(9), st.none() | st.just(3)),
    st.builds(e.SessionHandedOff, st.just("d"), SMALL, st.sampled_from(["", "next"])),
    st.builds(e.AnswerRouted, SMALL, st.sampled_from(["sent", "review", "asked", "unrated"])),
    st.just(e.WindowMeasured(WINDOW)),
    st.just(e.Noticed("hm")),
)


@given(st.lists(EVENTS, max_size=30))
def test_no_order_of_events_breaks_the_fold(events: list[e.AnyEvent]) -> None:
    told = Told()
    for event in events:
        before = len(told.state.entries)
        change = told(event)
        assert len(told.state.entries) >= before
        assert (len(told.state.entries) > before) == bool(change & Change.ADDED)
    assert all(0 <= index < len(told.state.entries) for index in told.state.touched)


def stand(entry: AnyEntry, event: e.EpochOpened) -> tuple[bool, bool]:
    """Whether `entry` stands in the window of an epoch, and whether it is masked there."""
    kept, masked = ({entry_seq(id) for id in ids} for ids in (event.kept, event.replaced))
    if isinstance(entry, TurnEnd | Marker | Asked):
        return entry.in_window, entry.masked
    return entry.seq in kept, isinstance(entry, Tool) and entry.seq in masked


@given(st.lists(EVENTS, max_size=30), KEPT, KEPT, st.lists(EVENTS, max_size=10), KEPT)
def test_after_a_compaction_each_entry_says_whether_it_stands_in_the_window(
    events: list[e.AnyEvent], kept: list[str], masked: list[str], later: list[e.AnyEvent], at_last: list[str]
) -> None:
    told = Told()
    for happened, ids in ((events, kept), (later, at_last)):
        told(*happened)
        replaced = {id: Replacement(Text("x"), 1) for id in masked}
        opened = e.EpochOpened(EPOCH, "compacted", tuple(ids), replaced=replaced)
        expected = [stand(entry, opened) for entry in told.state.entries]
        told(opened)
        assert [(entry.in_window, entry.masked) for entry in told.state.entries[:-1]] == expected


@given(st.lists(EVENTS, max_size=25))
def test_the_same_events_fold_to_the_same_screen(events: list[e.AnyEvent]) -> None:
    one, two = Told(), Told()
    one(*events)
    two(*events)
    assert one.state == two.state


def test_a_retry_that_is_over_offers_no_other() -> None:
    told = Told()
    told(e.TurnStarted(1, "p", 1), e.RetryScheduled(1, 2, 5, 3.0, "cut", "it broke"))
    assert (told.last.key, told.last.action) == ("r", "try now")
    retry = told.last
    told(finished())
    assert (retry.key, retry.action) == ("", "")


def test_an_undone_compaction_says_so_and_offers_no_undo() -> None:
    told = Told()
    third = three_turns(told)[2]
    told(compacted(f"e{third}"))
    marker = told.last
    told(e.CompactionUndone(3))
    assert (marker.key, marker.action) == ("↶", "undone")


def test_a_session_that_starts_from_a_handoff_says_so() -> None:
    told = Told()
    told(e.SessionOpened("a tour", "/w", "rehearsal", "rehearsal", parent="7f3a0000"))
    assert told.last.title == "continues 7f3a0000"


@pytest.mark.parametrize(("stop", "broken"), [("cut", True), ("interrupted", False)])
def test_a_draft_says_whether_it_was_stopped_or_broke_off(stop: str, broken: bool) -> None:
    told = Told()
    told(e.MessageAdded(1, 1, (Text("half"),), (1,), stop, Usage(), draft=True))
    assert told.last.broken is broken


def test_a_call_that_a_person_edited_shows_what_ran() -> None:
    told = Told()
    told(e.ToolProposed(1, 1, Proposal("c1", "shell", {"command": "rm -rf old"}, subject="rm -rf old")))
    told(e.ToolStarted(1, "c1", proposal=Proposal("c1", "shell", {"command": "ls old"}, subject="ls old")))
    assert told.last.summary == "ls old"


@pytest.mark.parametrize(
    "across",
    [
        e.TierChanged(2, "75 % of the session's budget is used"),
        e.BudgetRaised(usd=2.0),
        e.TurnLimitReached(1, 15),
        e.EscalationRaised(ASKS),
    ],
)
def test_an_answer_is_shown_once_whatever_comes_across_before_it_is_whole(across: e.AnyEvent) -> None:
    told = Told()
    told(e.TurnStarted(1, "ask", 5), e.TextArrived(1, 1, "the ans"), across, e.TextArrived(1, 1, "wer"))
    told(message("the answer"), finished())
    answers = [entry for entry in told.state.entries if isinstance(entry, Answer)]
    assert [(answer.text, answer.streaming, answer.draft) for answer in answers] == [("the answer", False, False)]
    assert told.state.streaming is None


def test_an_answer_that_broke_off_behind_a_line_across_is_a_draft() -> None:
    told = Told()
    told(e.TurnStarted(1, "ask", 5), e.TextArrived(1, 1, "half"), e.TierChanged(2, "three quarters"))
    told(e.TurnFailed(1, "network", "gone", "try again"))
    (answer,) = (entry for entry in told.state.entries if isinstance(entry, Answer))
    assert (answer.streaming, answer.broken) == (False, True)
