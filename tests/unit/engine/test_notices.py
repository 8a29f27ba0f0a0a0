"""What the model is told besides the prompt: each fact once in an epoch, and again when it changed."""

from itertools import count

from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.notes import Note, Notepad, Scratchpad
from workbench.core.spend import Spend
from workbench.core.window import Epoch, Replacement
from workbench.engine.notices import Notices

NOON = 1_764_331_200.0
DAY = 86_400.0
TASK = Note("task", "audit")
SEQ = count(1)
EPOCH = e.EpochOpened(Epoch(2, "opus", "sys", 9, ()), "compacted")


def noted(*notes: Note) -> Scratchpad:
    notepad = Notepad()
    for note in notes:
        notepad.add(note)
    return notepad.pad


def hear(notices: Notices, notice: str, pad: Scratchpad) -> None:
    notices.apply(next(SEQ), e.RequestSent(1, 1, "opus", 99, notice), pad)


def tell(notices: Notices, pad: Scratchpad, now: float = NOON, spend: Spend = Spend()) -> str:  # noqa: B008 - frozen
    """Write a notice and send it."""
    notice = notices.write(now, pad, spend)
    hear(notices, notice, pad)
    return notice


def test_a_fact_is_told_again_only_when_it_changed() -> None:
    notices, pad = Notices(), noted(TASK)
    assert tell(notices, pad).startswith("[NOTICE] Today is 2025-11-28.\n\n[WORKING MEMORY]\n")
    assert tell(notices, pad) == ""
    assert tell(notices, pad, NOON + DAY) == "[NOTICE] Today is 2025-11-29."
    spent = Spend(tier=2, share=0.78)
    assert tell(notices, pad, NOON + DAY, spent) == "[BUDGET] Tier thrifty: 78% of the budget is spent. Be brief."
    assert tell(notices, pad, NOON + DAY, spent) == ""


def test_a_new_epoch_is_told_the_whole_again() -> None:
    notices, pad = Notices(), noted(TASK)
    first = tell(notices, pad)
    for opened in (EPOCH, e.CompactionUndone(3)):
        notices.apply(next(SEQ), opened, pad)
        assert tell(notices, pad) == first


def test_after_a_repair_only_what_left_the_window_is_told_again() -> None:
    first, second = noted(TASK), noted(TASK, Note("finding", "x"))
    for kept, again in (
        (("e1", "e2"), []),
        (("e1",), ["[WORKING MEMORY]"]),
        (("e2",), ["[NOTICE] Today", "[WORKING MEMORY]"]),
        ((), ["[NOTICE] Today", "[WORKING MEMORY]"]),
    ):
        notices = Notices()
        notices.apply(1, e.RequestSent(1, 1, "opus", 99, notices.write(NOON, first, Spend())), first)
        notices.apply(2, e.RequestSent(1, 2, "opus", 99, notices.write(NOON, second, Spend())), second)
        notices.apply(3, e.EpochOpened(Epoch(2, "opus", "sys", 9, ()), "repaired", kept), second)
        told = notices.write(NOON, second, Spend())
        assert [begins for begins in ("[NOTICE] Today", "[WORKING MEMORY]") if begins in told] == again, kept
        assert ("1 finding" in told) == ("[WORKING MEMORY]" in again)


def test_a_notice_that_a_repair_left_out_is_told_again() -> None:
    notices, pad = Notices(), noted(TASK)
    notices.apply(1, e.RequestSent(1, 1, "opus", 99, first := notices.write(NOON, pad, Spend())), pad)
    note = {"e1": Replacement(Text("[Left out]"), 3)}
    notices.apply(2, e.EpochOpened(Epoch(2, "opus", "sys", 9, ()), "repaired", ("e1",), replaced=note), pad)
    assert notices.write(NOON, pad, Spend()) == first


def test_what_the_notices_of_a_long_session_say_grows_with_its_notes_alone() -> None:
    def talk(turns: int) -> int:
        notices, pad, said = Notices(), Notepad(), 0
        for turn in range(turns):
            pad.add(Note("decision", f"decision {turn} {'about a part ' * 8}", "because it is so"))
            said += len(tell(notices, pad.pad))
        return said

    assert talk(400) < 2.1 * talk(200)
    assert talk(200) < 200 * 300


def test_an_order_for_a_step_is_no_fact() -> None:
    notices, pad = Notices(), noted(TASK)
    tell(notices, pad)
    hear(notices, "[NOTICE] You paused. Go on from where you stopped.", noted(TASK, Note("finding", "x")))
    assert tell(notices, noted(TASK, Note("finding", "x"))).startswith("[WORKING MEMORY]\nScratchpad: 1 finding,")
