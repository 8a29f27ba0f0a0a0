"""A person has another model answer: from the next prompt on, for as long as the session lives."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import Bench, FakeModels, bench, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import SettingsFault, WorkbenchError
from workbench.core.messages import Text, Thinking
from workbench.core.models import ModelFacts, ModelOffer
from workbench.core.window import Epoch
from workbench.cost import BudgetPolicy
from workbench.engine import Policies
from workbench.engine.model_choice import ModelChoice

FOUR = [says(f"answer {n}") for n in range(4)]


def asked(made: Bench) -> list[str]:
    """The model of each request."""
    return [request.model for request in made.model.asked]


async def resumed(root: Path, id: str, model: str = "scripted", *, default: bool = True) -> Bench:
    again = bench(root, FOUR, model=model, model_is_default=default)
    await again.engine.handle(c.OpenSession(id))
    return again


async def test_the_next_prompt_opens_an_epoch_of_its_own_without_thinking(tmp_path: Path) -> None:
    thought = (Thinking("hm", "signed"), Text(says("one")[0].text))  # type: ignore[union-attr]
    made = bench(tmp_path, [thought, says("two")], models=FakeModels(large=ModelFacts(window=48_000)))
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel(" large "))
    assert made.of(e.ModelChosen) == [e.ModelChosen("large", "scripted")]
    assert made.of(e.Noticed)[-1] == e.Noticed(
        "large answers from the next prompt on", "success", "the cache begins anew"
    )
    await made.ask("another one")
    assert asked(made) == ["scripted", "large"]
    assert [opened.reason for opened in made.of(e.EpochOpened)] == ["opened", "model"]
    assert "signed" not in str(made.model.asked[-1].messages)
    assert [learnt.model for learnt in made.of(e.LimitLearnt)] == ["large"], "its limits rule the window"
    assert made.of(e.BudgetSettled)[-1].model == "large"
    await made.engine.close()


async def test_a_session_that_goes_on_keeps_it_asked_or_not(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("large"))
    await made.engine.close()
    id = made.engine.session_id
    again = await resumed(tmp_path, id)
    assert "from now on large (scripted) does" in again.engine.describe_switch()
    told = [stamped for stamped in again.engine.history() if isinstance(stamped.event, e.ModelChosen)]
    assert [stamped.seq is None for stamped in told] == [False, True], "the last one is a reading, not stored"
    await again.ask("go on")
    await again.engine.close()
    third = await resumed(tmp_path, id)
    await third.ask("and on")
    assert asked(again) + asked(third) == ["large", "large"]
    await third.engine.close()


async def test_what_the_command_line_names_later_counts_and_so_does_a_choice_after_that(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("large"))
    await made.engine.close()
    id = made.engine.session_id
    named = await resumed(tmp_path, id, "scripted", default=False)
    await named.ask("go on")
    await named.engine.close()
    again = await resumed(tmp_path, id)
    await again.ask("and on")
    await again.engine.close()
    assert asked(named) + asked(again) == ["scripted", "scripted"]
    last = await resumed(tmp_path, id, "third", default=False)
    await last.engine.handle(c.ChooseModel("large"))
    await last.ask("one", "two")
    child = await last.engine.front.delegate("research", "look")
    assert (child.state, asked(last)) == ("done", ["large"] * 3)
    await last.engine.close()


async def test_a_running_turn_and_its_children_keep_theirs(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.ask("a question")
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.SendPrompt("slowly"))
    await made.until(e.RequestSent, 2)
    await made.engine.handle(c.SendPrompt("the one that waits"))
    await made.engine.handle(c.ChooseModel("large"))
    assert "the running turn keeps scripted" in made.of(e.Noticed)[-1].hint
    child = asyncio.create_task(made.engine.front.delegate("research", "look"))
    await made.until(e.SubtaskStarted)
    made.model.hold.set()
    await child
    await asyncio.wait_for(made.engine.idle(), 10)
    assert sorted(asked(made)) == ["large", "scripted", "scripted", "scripted"], "the child's may come last"
    await made.engine.close()


async def test_before_the_first_prompt_it_holds_for_that_one_and_stores_nothing(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.engine.handle(c.ChooseModel("large"))
    assert made.engine.session_id == "", "a choice alone begins no session"
    assert made.of(e.ModelChosen)
    await made.ask("a question", "and another")
    assert asked(made) == ["large", "large"]
    assert [opened.reason for opened in made.of(e.EpochOpened)] == ["opened"]
    assert made.of(e.SessionOpened)[0].model == "large"
    await made.engine.close()


async def test_a_session_that_it_is_handed_to_goes_on_with_it(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR, model="named")
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("large"))
    await made.engine.handle(c.DraftHandoff())
    await made.engine.idle()
    await made.engine.handle(c.HandOff(made.of(e.HandoffDrafted)[-1].plan.id, open=True))
    before = len(made.model.asked)
    await made.ask("go on", "and on")
    assert asked(made)[before:] == ["large", "large"]
    await made.engine.close()


async def test_a_price_that_is_not_known_is_said_once_and_then_tokens_rule(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("unknown"))
    told = made.of(e.Noticed)[-1]
    assert (told.level, "the token budget of 25M rules" in told.hint) == ("warning", True)
    assert "nothing is known of it" in told.hint
    assert not made.of(e.SpendMeasured)[-1].spend.priced
    said = len(made.of(e.Noticed))
    await made.ask("go on")
    assert len(made.of(e.Noticed)) == said
    await made.engine.handle(c.ChooseModel("scripted"))
    assert made.of(e.SpendMeasured)[-1].spend.priced
    await made.engine.close()


async def test_one_with_which_a_cap_could_not_be_kept_is_not_taken(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR, policies=Policies(budget=BudgetPolicy(session_usd=1.0, named=("session_usd",))))
    with pytest.raises(SettingsFault, match="the price of unknown is not known"):
        await made.engine.handle(c.ChooseModel("unknown"))
    await made.ask("a question")
    assert asked(made) == ["scripted"]
    await made.engine.close()


@pytest.mark.parametrize("name", ["", "  ", "two words", "a\x1b[2J", "a\nb", "x" * 201])
async def test_what_no_model_can_be_called_is_refused(tmp_path: Path, name: str) -> None:
    made = bench(tmp_path)
    with pytest.raises(WorkbenchError, match="one word"):
        await made.engine.handle(c.ChooseModel(name))
    await made.engine.close()


async def test_the_one_that_answers_already_changes_nothing(tmp_path: Path) -> None:
    made = bench(tmp_path, FOUR)
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("scripted"))
    assert not made.of(e.ModelChosen)
    await made.engine.close()


async def test_the_list_says_what_is_known_of_each_and_which_one_answers(tmp_path: Path) -> None:
    models = FakeModels(large=ModelFacts(window=1_000_000))
    made = bench(tmp_path, FOUR, models=models)
    assert await made.engine.list_models() == (ModelOffer("scripted", None, 1.0, 1.0, True),), "no list at all"
    models.listed = ("large", "unknown")
    await made.ask("a question")
    await made.engine.handle(c.ChooseModel("large"))
    assert await made.engine.list_models() == (
        ModelOffer("scripted", None, 1.0, 1.0),
        ModelOffer("large", 1_000_000, 1.0, 1.0, True),
        ModelOffer("unknown"),
    )
    await made.engine.close()


STEPS = st.lists(st.tuples(st.sampled_from(["choose", "model", "compacted"]), st.sampled_from("abc")), max_size=8)


@given(STEPS)
def test_the_last_choice_holds_until_a_later_epoch_has_another_model(steps: list[tuple[str, str]]) -> None:
    choice, expected = ModelChoice(), ""
    for step, model in steps:
        if step == "choose":
            choice.apply(e.Stamped(1, 0.0, "s", "t", e.ModelChosen(model, "p")))
            expected = model
        else:
            opened = e.EpochOpened(Epoch(1, model, "", 0, ()), step)  # type: ignore[arg-type]
            choice.apply(e.Stamped(1, 0.0, "s", "t", opened))
            expected = "" if step == "model" and model != expected else expected
    assert choice.find("p") == expected
    assert choice.find("another") == ""
