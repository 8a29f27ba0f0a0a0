"""What the model is told besides the prompt: each fact once in an epoch, and again when it changed."""

from workbench.core import events as e
from workbench.core.notes import Note, Notepad, Scratchpad
from workbench.core.spend import Spend
from workbench.core.window import Epoch
from workbench.engine.notices import Notices

NOON = 1_764_331_200.0
DAY = 86_400.0
TASK = Note("task", "audit")
EPOCH = e.EpochOpened(Epoch(2, "opus", "sys", 9, ()), "compacted")


def noted(*notes: Note) -> Scratchpad:
    notepad = Notepad()
    for note in notes:
        notepad.add(note)
    return notepad.pad


def hear(notices: Notices, notice: str, pad: Scratchpad) -> None:
    notices.apply(e.RequestSent(1, 1, "opus", 99, notice), pad)


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
        notices.apply(opened, pad)
        assert tell(notices, pad) == first


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
