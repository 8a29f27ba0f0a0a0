"""What a block tells of itself besides its tokens: when it was named last, whether an instruction drifts, its age."""

import pytest

from tests.unit.context.test_context_ledger import EPOCH, Session, finished, message, started
from workbench.context.attention import is_for_good
from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.effects import Effect
from workbench.core.messages import Text, ToolUse
from workbench.core.window import Block


def read(session: Session, call: str, path: str, text: str, turn: int) -> str:
    """A call that reads `path`, and its result; the id of the result's block."""
    session.add(message(ToolUse(call, "read", {"path": path}), turn=turn))
    effect = Effect("read", (path,), True)
    proposal = Proposal(call, "read", {"path": path}, (effect,), kind="read", verb="read", subject=path)
    session.add(e.ToolProposed(turn, 1, proposal), finished(call, 50, text, turn))
    return f"e{len(session.journal)}"


def block(session: Session, id: str) -> Block:
    return next(block for block in session.window().blocks if block.id == id)


def test_a_result_is_referenced_by_its_path_its_id_and_a_word_that_only_it_brought() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    first = read(session, "a", "src/retry.py", "class RetryLadder: pass", 1)
    assert block(session, first).referenced == 0
    session.add(started(2, "Rename RetryLadder, please."))
    assert block(session, first).referenced == 2
    session.add(started(3, "What does retry.py hold?"))
    assert block(session, first).referenced == 3
    session.add(started(4), message(ToolUse("r", "recall", {"id": first}), turn=4))
    assert block(session, first).referenced == 4


def test_a_word_that_two_results_brought_names_neither() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    first = read(session, "a", "a.py", "max_delay = 30", 1)
    second = read(session, "b", "b.py", "max_delay = 30", 1)
    session.add(started(2, "Where is max_delay set?"))
    assert (block(session, first).referenced, block(session, second).referenced) == (0, 0)


def test_words_of_plain_language_and_other_results_reference_nothing() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    first = read(session, "a", "a.txt", "The Ladder waits before each attempt; TOKEN_LIMIT", 1)
    session.add(started(2, "The ladder waits before each attempt"))
    read(session, "b", "b.txt", "TOKEN_LIMIT = 3", 2)
    assert block(session, first).referenced == 0


def test_a_tool_is_referenced_when_it_was_called_and_a_block_when_it_was_lifted() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started())
    first = read(session, "a", "a.py", "x", 1)
    assert (block(session, "tool:read").referenced, block(session, "tool:run").referenced) == (1, 0)
    session.add(started(2), e.BlockLifted(first, "[LIFTED] x", 5))
    assert block(session, first).referenced == 2


def test_the_age_of_a_block_is_told_in_turns() -> None:
    session = Session().add(e.EpochOpened(EPOCH), started(1), started(2), started(3))
    window = session.window()
    assert [window.age(block) for block in window.blocks[-3:]] == [2, 1, 0]


def talk(session: Session, turns: range) -> Session:
    for turn in turns:
        session.add(started(turn, "go on"), message(Text("done"), turn=turn))
    return session


def drifting(session: Session) -> list[str]:
    return [block.id for block in session.window().blocks if block.drifting]


def test_an_instruction_for_good_is_flagged_once_it_stands_in_the_middle() -> None:
    session = talk(Session().add(e.EpochOpened(EPOCH)), range(1, 5))
    session.add(started(5, "From now on, never touch src/vendor."), message(Text("Understood."), turn=5))
    id = f"e{len(session.journal) - 1}"
    assert drifting(session) == []
    assert drifting(talk(session, range(6, 12))) == [id]


def test_a_pinned_block_in_the_middle_is_flagged_until_it_is_unpinned() -> None:
    session = talk(Session().add(e.EpochOpened(EPOCH)), range(1, 15))
    middle = next(block.id for block in session.window().blocks if block.zone == "middle")
    assert drifting(session.add(e.BlockMarked(middle, "pin"))) == [middle]
    assert drifting(session.add(e.BlockMarked(middle, ""))) == []


def test_what_was_lifted_is_heard_again_until_that_drifts_too() -> None:
    session = talk(Session().add(e.EpochOpened(EPOCH)), range(1, 5))
    session.add(started(5, "You must never push."), message(Text("ok"), turn=5))
    id = f"e{len(session.journal) - 1}"
    talk(session, range(6, 12)).add(e.BlockLifted(id, "[LIFTED] You must never push.", 9))
    session.add(started(12, "go on"), e.RequestSent(12, 1, "opus", 99))
    assert drifting(session) == []
    assert drifting(talk(session, range(13, 20))) == [id]


def test_what_was_lifted_stands_at_the_tail_however_long_it_waits() -> None:
    session = talk(Session().add(e.EpochOpened(EPOCH)), range(1, 3)).add(e.BlockLifted("e2", "[LIFTED] it", 9))
    talk(session, range(3, 9))
    assert (session.window().blocks[-1].zone, session.window().blocks[-1].turn) == ("recent", 8)
    session.add(started(9), e.RequestSent(9, 1, "opus", 99))
    assert (session.window().blocks[-1].zone, session.window().blocks[-1].turn) == ("recent", 9)


@pytest.mark.parametrize(
    "text", ["Always run the tests.", "never commit", "It must not break.", "From now on: tabs.", "you MUST ask first"]
)
def test_what_holds_for_good_is_told_from_its_words(text: str) -> None:
    assert is_for_good(text)


@pytest.mark.parametrize(
    "text", ["run the tests", "Is it nevertheless slow?", "the mustard", "all ways lead to Rome", ""]
)
def test_other_words_hold_for_their_turn(text: str) -> None:
    assert not is_for_good(text)
