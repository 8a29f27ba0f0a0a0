"""The window ledger: sums, anchors, epochs, cache, replay."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.context import Ledger, WindowPolicy
from workbench.context.correction import share_out
from workbench.context.totals import merge_stretches
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import Proposal
from workbench.core.journal import from_document, to_document
from workbench.core.messages import Part, Text, Thinking, ToolUse
from workbench.core.models import TokenRatio
from workbench.core.spend import Usage
from workbench.core.window import OUTLINE, SECTIONS, Document, Epoch, ToolDef, Window

EPOCH = Epoch(
    1,
    "opus",
    "You are Workbench.",
    400,
    (ToolDef("read", {"name": "read"}, 300), ToolDef("run", {"name": "run"}, 300)),
    (Document("AGENTS.md", "instructions", "Small commits.", 200), Document("", "pinned", "keep me", 50)),
)


class Session:
    """A journal with the conversation and the ledger that it folds to."""

    def __init__(self, policy: WindowPolicy | None = None) -> None:
        self.conversation, self.ledger = Conversation(), Ledger(policy or WindowPolicy())
        self.journal: list[e.Stamped] = []

    def add(self, *happened: e.AnyEvent) -> "Session":
        for event in happened:
            self.replay(e.Stamped(len(self.journal) + 1, 0.0, "s", "t", event))
        return self

    def replay(self, stamped: e.Stamped) -> None:
        self.journal.append(stamped)
        self.conversation.apply(stamped)
        self.ledger.apply(stamped, self.conversation)

    def window(self, live: int = 0) -> Window:
        window = self.ledger.measure(self.conversation, live)
        agree(window)
        read_alike(window, self.ledger.read(self.conversation, live))
        return window

    def tokens(self) -> dict[str, int]:
        return {block.id: block.tokens for block in self.window().blocks}


def agree(window: Window) -> None:
    """Blocks, sections, total, room and cache say the same."""
    assert sum(block.tokens for block in window.blocks) == window.total
    assert [section.name for section in window.sections] == list(SECTIONS)
    for section in window.sections:
        assert section.tokens == sum(b.tokens for b in window.blocks if b.section == section.name)
        assert 0 <= section.cached <= section.tokens
    assert window.total + window.reserved + window.free == window.size
    assert sum(section.cached for section in window.sections) == window.cached
    assert sum(block.tokens for block in window.blocks if block.cached) <= window.cached
    assert all(block.exact for block in window.blocks) or not window.exact
    assert len({block.id for block in window.blocks}) == len(window.blocks)


def read_alike(window: Window, reading: Window) -> None:
    """The reading from running sums says what the blocks add up to, in the same order."""
    assert msgspec.structs.replace(reading, outline=()) == msgspec.structs.replace(window, blocks=())
    assert sum(stretch.tokens for stretch in reading.outline) == window.total
    if len(window.blocks) <= OUTLINE:
        assert reading.outline == merge_stretches(window.stretches)


def started(turn: int = 1, prompt: str = "read src/x.py", tokens: int = 10) -> e.TurnStarted:
    return e.TurnStarted(turn, prompt, tokens)


def message(*parts: Part, usage: Usage | None = None, turn: int = 1, **more: Any) -> e.MessageAdded:
    stop = "tool_use" if any(isinstance(part, ToolUse) for part in parts) else "end_turn"
    return e.MessageAdded(turn, 1, parts, tuple(20 for _ in parts), stop, usage or Usage(), **more)


def finished(call: str, tokens: int = 100, text: str = "text", turn: int = 1) -> e.ToolFinished:
    return e.ToolFinished(turn, call, "read", text, tokens, 0.1)


READ = ToolUse("t1", "read", {"path": "src/x.py"})


def test_an_empty_session_has_an_empty_exact_window() -> None:
    window = Session().window()
    assert (window.total, window.free, window.trigger, window.exact) == (0, 168_000, 140_000, True)


def test_the_head_comes_first_in_the_order_of_the_request() -> None:
    window = Session().add(e.EpochOpened(EPOCH), started()).window()
    assert [b.id for b in window.blocks] == ["tool:read", "tool:run", "system", "memory:1", "memory:2", "e2"]
    assert [b.label for b in window.blocks][2:] == ["system prompt", "AGENTS.md", "keep me", "read src/x.py"]
    assert [b.pinned for b in window.blocks] == [False] * 4 + [True, False]
    assert window.total == 1_260
    assert not window.exact


def test_reported_usage_is_what_the_blocks_that_were_sent_cost() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(Text("Done."), usage=Usage(1_500, 30)))
    window = session.window()
    assert window.total == 1_530
    assert window.exact
    assert window.blocks[-1].tokens == 30


def test_cached_tokens_are_part_of_the_prompt() -> None:
    usage = Usage(100, 30, cache_read_input_tokens=1_000, cache_creation_input_tokens=400)
    assert Session().add(e.EpochOpened(EPOCH), started(), message(Text("x"), usage=usage)).window().total == 1_530


def test_old_figures_do_not_move_when_a_later_request_reports() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(1_500, 30)))
    before = session.tokens()
    session.add(finished("t1", 100), message(Text("It says x."), usage=Usage(1_700, 10)))
    after = session.tokens()
    assert {id: after[id] for id in before} == before
    assert after["e4"] == 170
    assert session.window().total == 1_710


def test_what_is_new_is_estimated_with_the_ratio_that_was_learnt() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(2_520, 30)))
    window = session.add(finished("t1", 100)).window()
    assert session.ledger.ratio == 2.0
    assert window.blocks[-1].tokens == 200
    assert not window.exact


def test_thinking_tokens_go_to_thinking() -> None:
    session = Session().add(
        e.EpochOpened(EPOCH),
        started(),
        message(Thinking("hm", "sig"), Text("a"), Text("b"), usage=Usage(1_500, 100, thinking_tokens=61)),
    )
    assert [b.tokens for b in session.window().blocks][-3:] == [61, 20, 19]
    assert session.window().blocks[-3].label == "thinking"


def test_hidden_thinking_does_not_count_where_it_is_not_sent_back() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    session.add(message(Text("a"), usage=Usage(1_500, 100, thinking_tokens=61)))
    assert session.window().blocks[-1].tokens == 39


def test_a_draft_stays_an_estimate() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    session.add(message(Text("half an ans"), usage=Usage(1_500, 4, estimated=True), draft=True))
    window = session.window()
    assert not window.exact
    assert window.total == 1_280


def test_a_figure_that_cannot_be_moves_no_block_and_the_next_one_that_can_is_believed_again() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(1_500, 30)))
    before = session.tokens()
    session.add(finished("t1", 100), message(Text("x"), usage=Usage(700, 10)))
    window = session.window()
    assert {block.id: block.tokens for block in window.blocks if block.id in before} == before
    assert [(block.id, block.exact) for block in window.blocks if not block.exact] == [("e4", False)]
    session.add(started(2), message(Text("y"), turn=2, usage=Usage(1_700, 10)))
    assert (session.window().total, session.window().exact) == (1_710, True)
    assert {id: tokens for id, tokens in session.tokens().items() if id in before} == before


def test_a_report_that_finds_nothing_new_to_differ_makes_the_total_approximate_until_one_agrees() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(1_500, 30)))
    before = session.tokens()
    assert session.window().exact
    session.add(message(Text("b"), usage=Usage(700, 10)))  # less than what was sent before, and nothing left the window
    window = session.window()
    assert {id: tokens for id, tokens in session.tokens().items() if id in before} == before
    assert not window.exact
    session.add(started(2, tokens=100), message(Text("y"), turn=2, usage=Usage(window.total + 100, 10)))
    assert session.window().exact
    assert session.window().total == window.total + 110


def test_what_cost_more_than_anything_new_seems_to_is_put_to_what_is_new() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(1_500, 30)))
    before, ratio = session.tokens(), session.ledger.ratio
    session.add(finished("t1", 100), message(Text("x"), usage=Usage(9_530, 10)))
    after = session.tokens()
    assert {id: after[id] for id in before} == before
    assert (after["e4"], session.window().exact, session.ledger.ratio) == (8_000, True, ratio)


@pytest.mark.parametrize("reported", [1_529, 1_537, 9_530, 3])
def test_a_report_that_finds_no_new_block_to_put_a_difference_on_makes_the_window_approximate(reported: int) -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), e.PromptCounted(1_500))
    session.add(message(Text("ok"), usage=Usage(1_500)), started(2), message(Text("a"), usage=Usage(1_530)))
    session.add(e.CompactionUndone(1), message(Text(" "), usage=Usage(1_530, 20)), e.PromptCounted(1_550))
    assert session.window().total == 1_550
    session.add(message(Text(" "), usage=Usage(1_550)))
    assert (session.window().total, session.window().exact) == (1_550, True)
    session.add(message(Text(" "), usage=Usage(reported)))
    assert (session.window().exact, [b for b in session.window().blocks if b.exact]) == (False, [])
    session.add(started(3), message(Text("x"), turn=3, usage=Usage(1_600, 5)))
    assert (session.window().total, session.window().exact) == (1_605, True)


def test_what_the_endpoint_counted_gives_way_to_what_it_reports() -> None:
    session = Session().add(e.EpochOpened(EPOCH), e.PromptCounted(1_400))
    assert (session.window().total, session.window().exact) == (1_400, True)
    session.add(started(), message(Text("ok"), usage=Usage(1_395, 10)))
    assert (session.window().total, session.window().exact) == (1_405, True)


def test_a_count_that_cannot_be_moves_nothing_and_casts_no_doubt() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(Text("ok"), usage=Usage(1_500, 10)))
    before = session.window()
    assert session.add(e.PromptCounted(900)).window() == before


def test_each_content_class_has_a_ratio_of_its_own() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(1, "say", 0), message(READ, usage=Usage(1_250, 30)))
    for kind, ratio in (("code", 0.5), ("chinese", 2.0)) * 4:
        prompt = session.window().total + round(2_000 * ratio)
        result = msgspec.structs.replace(finished(f"t{len(session.journal)}", 2_000, "x" * 9_000), content_class=kind)
        call = ToolUse(result.call_id, "read", {})
        session.add(message(call), result, message(Text("ok"), usage=Usage(prompt - 10 + 10, 10)))
    session.add(message(ToolUse("l", "read", {}), ToolUse("m", "read", {})))
    session.add(msgspec.structs.replace(finished("l", 1_000, "x" * 9_000), content_class="code"))
    session.add(msgspec.structs.replace(finished("m", 1_000, "x" * 9_000), content_class="chinese"))
    code, chinese = (block.tokens for block in session.window().blocks[-2:])
    assert abs(code - 500) < 40
    assert abs(chinese - 2_000) < 120


def test_no_correction_makes_a_text_cost_more_than_its_bytes() -> None:
    session = Session().add(e.RatiosRecalled("opus", {"hex": TokenRatio(2.9, 9_000)}), e.EpochOpened(EPOCH))
    session.add(e.TurnStarted(1, "0f" * 500, 600, "hex"))
    assert session.window().blocks[-1].tokens == 1_000


def test_a_session_begins_from_the_ratios_that_others_learnt() -> None:
    known = {"code": TokenRatio(0.5, 9_000), "english": TokenRatio(2.0, 9_000)}
    session = Session().add(e.RatiosRecalled("opus", known), e.EpochOpened(EPOCH))
    session.add(e.TurnStarted(1, "words " * 200, 100, "english"))
    assert session.window().blocks[-1].tokens == 200
    assert session.ledger.learnt("opus") == known
    session.add(e.RatiosRecalled("opus", {"english": TokenRatio(1.0, 9_000)}))
    assert session.window().blocks[-1].tokens == 100


def test_a_server_that_counts_nothing_right_leaves_every_block_an_estimate() -> None:
    session = Session().add(e.EpochOpened(EPOCH))
    for turn in range(1, 30):
        session.add(started(turn), message(Text("ok"), turn=turn, usage=Usage(3 if turn % 2 else 7, 30)))
        assert session.window().total >= 1_250 + 30 * turn


def test_a_reply_that_shrinks_in_the_next_prompt_pays_for_it_alone() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, usage=Usage(1_500, 900)))
    before = session.tokens()
    session.add(finished("t1"), message(Text("x"), usage=Usage(1_900, 10)))
    after = session.tokens()
    assert {id: after[id] for id in before if id != "e3.0"} == {id: before[id] for id in before if id != "e3.0"}
    assert after["e3.0"] + after["e4"] == 400


def test_a_streaming_reply_is_a_block_of_history() -> None:
    window = Session().add(e.EpochOpened(EPOCH), started()).window(live=42)
    assert (window.blocks[-1].section, window.blocks[-1].tokens, window.exact) == ("history", 42, False)
    assert window.blocks[-1].zone == "recent"


def test_results_that_have_come_count_before_the_last_one_has() -> None:
    other = ToolUse("t2", "run", {"command": "pytest -q"})
    session = Session().add(e.EpochOpened(EPOCH), started(), message(READ, other, usage=Usage(1_500, 30)))
    session.add(finished("t2", 70))
    assert session.window().blocks[-1].label == "run pytest -q"
    total = session.window().total
    session.add(finished("t1", 0, ""))
    assert session.window().total == total
    assert [b.id for b in session.window().blocks][-2:] == ["e5", "e4"]


def test_a_result_is_named_after_its_call_whenever_it_is_measured() -> None:
    session = Session().add(e.EpochOpened(EPOCH), COMPACTED, started(), message(READ), finished("t1"))
    assert session.window().blocks[-1].label == "read src/x.py"
    session = Session().add(e.EpochOpened(EPOCH), COMPACTED, started(), message(READ, ToolUse("t2", "run", {})))
    session.add(finished("t1"), e.CompactionUndone(3))
    assert [block.label for block in session.window().blocks[-2:]] == ["read src/x.py", "run"]


def test_a_call_is_named_as_its_tool_names_it_once_that_has_spoken() -> None:
    call = ToolUse("t1", "grep", {"path": "src", "pattern": "urlopen"})
    session = Session().add(e.EpochOpened(EPOCH), started(), message(call))
    assert session.window().blocks[-1].label == "grep src"
    session.add(e.ToolProposed(1, 1, Proposal("t1", "grep", call.input, kind="read", subject="urlopen in src")))
    assert session.add(finished("t1")).window().blocks[-1].label == "grep urlopen in src"
    assert session.window().blocks[-2].label == "grep urlopen in src"


def test_a_notice_counts_with_the_current_prompt() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), e.RequestSent(1, 1, "opus", 99, "It is noon.", 5))
    assert {s.name: s.tokens for s in session.window().sections}["current"] == 15


def test_the_prompt_is_history_once_its_turn_has_ended() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(Text("x")))
    session.add(e.TurnFinished(1, "done", "x", 1, 0.1, Usage(), None))
    assert {s.name: s.tokens for s in session.window().sections}["current"] == 0


def _long(session: Session) -> Session:
    session.add(e.EpochOpened(EPOCH))
    for turn in range(1, 4):
        session.add(started(turn), message(Text("ok"), usage=Usage(1_000 + 500 * turn, 30), turn=turn))
        session.add(e.CacheReported(1_000 + 500 * turn, 0, 0, 300.0))
        session.add(e.TurnFinished(turn, "done", "ok", 1, 0.1, Usage(), None))
    return session


COMPACTED = e.EpochOpened(
    Epoch(2, "opus", EPOCH.system, 400, EPOCH.tools, EPOCH.memory, "## Goal\nx", 100), "compacted", ("e10", "e11.0")
)


def test_a_new_epoch_estimates_what_is_new_and_keeps_what_is_unchanged() -> None:
    session = _long(Session())
    before = session.tokens()
    after = session.add(COMPACTED).tokens()
    assert after["summary"] == round(100 * session.ledger.ratio)
    assert {id: after[id] for id in after if id != "summary"} == {id: before[id] for id in after if id != "summary"}
    assert not session.window().exact


def test_of_the_cache_only_the_unchanged_front_stays() -> None:
    session = _long(Session())
    assert session.window().cached == 2_500
    session.add(COMPACTED)
    assert session.window().cached == sum(b.tokens for b in session.window().blocks[:5])
    assert [b.cached for b in session.window().blocks] == [True] * 5 + [False] * 3


def test_an_undone_compaction_brings_the_exact_figures_back() -> None:
    session = _long(Session())
    before = session.window()
    after = session.add(COMPACTED, e.CompactionUndone(3)).window()
    assert [b.tokens for b in after.blocks] == [b.tokens for b in before.blocks]
    assert after.exact
    assert after.blocks[0].epoch == 3


def test_another_model_counts_anew() -> None:
    session = _long(Session())
    ids = tuple(entry.id for entry in session.conversation.entries)
    session.add(e.EpochOpened(Epoch(2, "haiku", EPOCH.system, 400, EPOCH.tools, EPOCH.memory), "model", ids))
    window = session.window()
    assert session.ledger.ratio == 1.0
    assert window.total == 1_250 + 3 * 30
    assert (window.cached, window.cold_at, any(b.exact for b in window.blocks)) == (0, None, False)


def test_blocks_within_what_was_read_and_written_are_cached() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(), message(Text("ok"), usage=Usage(1_260, 30)))
    window = session.add(e.CacheReported(600, 450, 210, 321.0)).window()
    assert [b.cached for b in window.blocks] == [True, True, True, False, False, False, False]
    assert (window.cached, window.cold_at) == (1_050, 321.0)
    assert session.add(e.CacheReported(0, 0, 1_260, 999.0)).window().cold_at is None


def test_a_reading_of_a_long_session_is_as_small_as_one_of_a_short_session() -> None:
    session = Session().add(e.EpochOpened(EPOCH))
    for turn in range(1, 400):
        session.add(started(turn), message(Text("ok"), turn=turn))
    session.window()
    reading = session.ledger.read(session.conversation)
    assert (len(reading.outline) <= OUTLINE, reading.blocks) == (True, ())
    assert [stretch.zone for stretch in reading.outline][:3] == ["primacy", "primacy", "primacy"]
    assert len(msgspec.json.encode(reading)) < 8_000


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**5), min_size=1, max_size=40))
def test_shares_are_whole_and_sum_to_the_total(total: int, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
    if sum(weights):
        assert all(abs(p - total * w / sum(weights)) < 1 for p, w in zip(parts, weights, strict=True))


CLASSES = st.sampled_from(["", "english", "code", "json", "hex"])


@st.composite
def journals(draw: st.DrawFn) -> list[e.AnyEvent]:
    """Any session that an engine could write, and its breaks."""
    happened: list[e.AnyEvent] = [e.EpochOpened(EPOCH)]
    turn, calls, count = 0, 0, st.integers(0, 5_000)
    pending: list[str] = []
    for kind in draw(st.lists(st.sampled_from("tmmmrrrcfnodupkla"), max_size=40)):
        usage = Usage(
            draw(count), draw(count), draw(count), draw(count), 0, draw(st.integers(0, 50)), draw(st.booleans())
        )
        match kind:
            case "t":
                turn, pending = turn + 1, []
                happened.append(e.TurnStarted(turn, draw(st.text(max_size=20)), draw(count), draw(CLASSES)))
            case "m" if turn and not pending:
                parts: list[Part] = [Thinking("hm", "s")] if draw(st.booleans()) else []
                parts.append(Text(draw(st.sampled_from(["", "  ", "words"]))))
                for _ in range(draw(st.integers(0, 3))):
                    calls += 1
                    pending.append(f"c{calls}")
                    parts.append(ToolUse(f"c{calls}", "read", {"path": "x.py"}))
                tokens = tuple(draw(count) for _ in parts)
                classes, draft = tuple(draw(CLASSES) for _ in parts[draw(st.integers(0, 1)) :]), draw(st.booleans())
                said = turn, 1, tuple(parts), tokens, "end_turn", usage
                happened.append(e.MessageAdded(*said, draft=draft, classes=classes))
            case "r" if pending:
                call = pending.pop(draw(st.integers(0, len(pending) - 1)))
                kinds = draw(CLASSES)
                happened.append(e.ToolFinished(turn, call, "read", "text", draw(count), 0.1, content_class=kinds))
            case "c":
                happened.append(e.CacheReported(draw(count), draw(count), 0, 9.0))
            case "f" if turn:
                pending = []
                happened.append(e.TurnFailed(turn, "cut", "x"))
            case "n" if turn:
                happened.append(e.RequestSent(turn, 1, "opus", 99, "now", draw(count)))
            case "o":
                kept = tuple(
                    draw(st.sets(st.sampled_from([f"e{n}" for n in range(60)] + [f"e{n}.1" for n in range(60)])))
                )
                reason: Any = draw(st.sampled_from(["compacted", "model", "resumed"]))
                epoch = Epoch(
                    2, draw(st.sampled_from(["opus", "haiku"])), "sys", draw(count), EPOCH.tools, (), "sum", 90
                )
                pending = []
                happened.append(e.EpochOpened(epoch, reason, kept))
            case "u":
                happened.append(e.CompactionUndone(9))
            case "p":
                happened.append(e.PromptCounted(draw(st.integers(0, 20_000))))
            case "k":
                ratio = TokenRatio(draw(st.floats(-1, 9)), draw(st.floats(-1, 1e9)))
                happened.append(e.RatiosRecalled(draw(st.sampled_from(["opus", "haiku"])), {draw(CLASSES): ratio}))
            case "l":
                happened.append(e.BlockLifted(f"e{draw(st.integers(1, 40))}", "words", draw(count), draw(CLASSES)))
            case "a":
                happened.append(e.BlockMarked(f"e{draw(st.integers(1, 40))}", draw(st.sampled_from(["", "pin"]))))
    return happened


@given(journals(), st.integers(0, 99))
def test_any_journal_sums_at_every_event_and_replays_to_the_same_window(happened: list[e.AnyEvent], live: int) -> None:
    session = Session()
    for event in happened:
        known = {b.id: b.tokens for b in session.window().blocks}
        session.add(event).window(live)
        if isinstance(event, e.MessageAdded) and event.usage.prompt and not event.usage.estimated:
            window = session.window()
            later = {entry.id for entry in session.conversation.waiting}
            sent = {b.id: b.tokens for b in window.blocks if b.seq != len(session.journal) and b.id not in later}
            if sum(sent.values()) != event.usage.prompt:  # it cannot be of these blocks, or they are not what it says
                assert not window.exact
                assert {id: tokens for id, tokens in known.items() if id in sent} == sent
    again = Session()
    for stamped in session.journal:
        again.replay(from_document(to_document(stamped)))
    assert again.window(live) == session.window(live)


@pytest.mark.parametrize("size", [0, 1_000])
def test_an_over_full_window_has_negative_room(size: int) -> None:
    session = Session(WindowPolicy(size=size, reserve=0)).add(e.EpochOpened(EPOCH))
    assert session.window().free == size - 1_250
