"""Masking: old results become one true line each; auto masks where that alone makes enough room."""

from collections.abc import Callable

import pytest

from tests.unit.strategies.talk import Answering, Fixed, Silent, Talk, ids, labels, valid
from workbench.core import events as e
from workbench.core.messages import Media, Text, ToolResult
from workbench.core.plans import CompactionPlan
from workbench.strategies import BlockFate, Draft
from workbench.strategies.plan import remark


def reads(count: int, tokens: int = 900) -> Talk:
    """So many turns that each read a file, then ten messages of talk."""
    talk = Talk("## Goal\nkeep it small\n\n## Evidence\n### Paths\n- docs/adr.md")
    for number in range(count):
        talk.ask(f"read {number}").call("read", "x" * 400, tokens, file_path=f"src/f{number}.py")
        talk.say(Text(f"read it {number}")).end()
    return talk.exchanges(5)


def words(talk: Talk, plan: CompactionPlan) -> list[str]:
    """What masked results say once `plan` is carried out."""
    talk.compact(plan)
    entries = [entry for entry in talk.conversation.entries if entry.content]
    return [entry.part.text for entry in entries if isinstance(entry.part, ToolResult)]


def test_an_old_result_becomes_one_line_with_what_it_was_its_size_and_its_id() -> None:
    talk = reads(1, 2_100)
    [result] = [entry.id for entry in talk.conversation.entries if isinstance(entry.part, ToolResult)]
    plan = talk.plan("mask")
    assert words(talk, plan) == [f'[read src/f0.py: 2.1k tokens left the window; recall("{result}") brings it back]']
    valid(talk.conversation)


def test_masking_asks_no_model_and_leaves_every_word_and_the_earlier_summary() -> None:
    talk, model = reads(3), Answering("a new summary")
    before = talk.conversation.entries
    plan = talk.plan("mask", model=model)
    assert model.asked == []
    assert not plan.summarises
    assert (plan.summary, plan.evidence) == ("## Goal\nkeep it small", "## Evidence\n### Paths\n- docs/adr.md")
    assert plan.checked == ()
    talk.compact(plan)
    assert [entry.id for entry in talk.conversation.entries] == [entry.id for entry in before]
    assert all(new == old or new.content for new, old in zip(talk.conversation.entries, before, strict=True))


def test_the_plan_tells_masked_blocks_apart() -> None:
    plan = reads(3).plan("mask")
    assert (plan.strategy, plan.asked) == ("mask", "")
    assert labels(plan, "masked") == ["3 old results"]
    assert ids(plan, "summarised") == ids(plan, "dropped") == []
    assert remark(plan) == "3 masked"
    assert plan.before - plan.after == 3 * 900 - sum(line.after for line in plan.lines if line.fate == "masked")
    assert plan.why == "3 old results (2.6k): 2.6k that nobody needs word for word."


@pytest.mark.parametrize(
    ("what", "talk"),
    [
        ("small", lambda: reads(3, 100)),
        ("in the tail", lambda: Talk().ask("go").call("read", tokens=900, file_path="a.py").say(Text("ok")).end()),
        ("of the running turn", lambda: _long_turn(Talk())),
    ],
)
def test_results_stay_that_are(what: str, talk: Callable[[], Talk]) -> None:
    assert talk().possible_plan("mask") is None


def _long_turn(talk: Talk) -> Talk:
    talk.ask("go")
    for number in range(12):
        talk.call("read", tokens=900, file_path=f"{number}.py")
    return talk


def test_a_masked_result_is_not_masked_again() -> None:
    talk = reads(3)
    talk.compact(talk.plan("mask"))
    assert talk.possible_plan("mask") is None


def test_a_failed_result_stays_a_failure_and_a_picture_leaves_with_its_words() -> None:
    talk = (
        Talk()
        .ask("look")
        .call("read", "shot.png", 1_600, media=(Media("image", "image/png", "aGk="),), file_path="shot.png")
    )
    talk.call("shell", "boom " * 300, 300, error=True, command="make\n  all").end().exchanges(5)
    picture, failure = words(talk, talk.plan("mask"))
    assert picture.startswith('[read shot.png: 1.6k tokens with image left the window; recall("e')
    assert failure.startswith('[shell make all: 300 tokens left the window; recall("e')
    masked = [entry.part for entry in talk.conversation.entries if isinstance(entry.part, ToolResult)]
    assert [(part.error, part.media) for part in masked] == [(False, ()), (True, ())]


def test_a_summary_after_a_mask_keeps_what_is_masked_in_its_tail() -> None:
    talk = reads(3)
    talk.compact(talk.plan("mask"))
    later = talk.exchanges(1).plan("summarise")
    talk.compact(later)
    valid(talk.conversation)
    assert later.strategy == "summarise"


def test_auto_masks_only_where_that_makes_the_room_that_is_lacking() -> None:
    full = reads(8, 11_000)
    plan = full.plan("auto", size=150_000)
    assert (plan.strategy, plan.asked) == ("mask", "auto")
    assert plan.why.startswith(
        "Masking frees 87.6k for $0.09 (2.2k written to the cache again), which makes enough room"
    )
    assert "a summary would free" in plan.why
    assert plan.after <= 0.6 * 0.7 * 150_000
    assert full.plan("auto", size=1_000_000).strategy == "summarise"
    wordy = reads(1, 1_000)
    for _ in range(8):
        wordy.ask("say more").say(Text("word"), tokens=11_000).end()
    plan = wordy.plan("auto", size=120_000, model=Silent())
    assert (plan.strategy, plan.asked) == ("summarise", "auto")
    assert "## Goal" in plan.summary


def test_what_had_left_is_brought_back_by_whole_turns_and_undo_takes_it_away_again() -> None:
    talk = reads(3)
    talk.compact(talk.plan("mask"))
    talk.compact(talk.plan("summarise"))
    before = list(talk.conversation.entries)
    turn = {entry.id for entry in talk.view().left.values() if entry.turn == 1}
    plan = talk.plan(Fixed(Draft({id: BlockFate("brought back") for id in turn})))
    assert labels(plan, "brought back") == ["turn 1"]
    talk.compact(plan)
    valid(talk.conversation)
    back = [entry for entry in talk.conversation.entries if entry.turn == 1]
    assert back == [talk.conversation.archive[entry.id] for entry in back]
    assert {entry.id for entry in back} == turn | {"e2"}, "the person's own message never left"
    talk.ask("since").end().add(e.CompactionUndone(9))
    assert talk.conversation.entries[:-1] == before


def test_what_was_masked_speaks_again_when_it_is_brought_back_and_the_others_stay_masked() -> None:
    talk = reads(3)
    original = list(talk.conversation.entries)
    talk.compact(talk.plan("mask"))
    first, *others = talk.conversation.replaced
    talk.compact(talk.plan(Fixed(Draft({first: BlockFate("brought back")}))))
    assert list(talk.conversation.replaced) == others
    assert [entry for entry in talk.conversation.entries if entry.id == first] == [
        entry for entry in original if entry.id == first
    ]
