"""A session keeps the model that answers in it, and gives it to those that come of it."""

from pathlib import Path

from tests.fakes import Bench, bench, says
from workbench.core import commands as c
from workbench.core import events as e


async def begun(tmp_path: Path, model: str) -> str:
    """The id of a session of one turn, answered by `model`."""
    first = bench(tmp_path, [says("one")], model=model)
    await first.ask("a question")
    await first.engine.close()
    return first.engine.session_id


async def resumed(tmp_path: Path, id: str, model: str, *, default: bool = True) -> Bench:
    again = bench(tmp_path, [says(f"answer {n}") for n in range(4)], model=model, model_is_default=default)
    await again.engine.handle(c.OpenSession(id))
    return again


async def test_it_goes_on_with_its_own_unless_another_is_named(tmp_path: Path) -> None:
    id = await begun(tmp_path, "small")
    kept = await resumed(tmp_path, id, "large")
    assert kept.engine.describe_switch() == ""
    await kept.ask("go on")
    assert [request.model for request in kept.model.asked] == ["small"]
    assert not kept.of(e.EpochOpened)
    await kept.engine.close()
    named = await resumed(tmp_path, id, "large", default=False)
    assert named.engine.describe_switch() == (
        "until now small (scripted) answered here; from now on large (scripted) does"
    )
    assert [s.event for s in named.engine.history() if isinstance(s.event, e.Noticed)]
    await named.ask("go on")
    assert [event.reason for event in named.of(e.EpochOpened)] == ["model"]
    assert named.engine.describe_switch() == ""
    await named.engine.close()
    again = await resumed(tmp_path, id, "small")
    await again.ask("and on")
    assert [request.model for request in again.model.asked] == ["large"], "the last one that was named"
    await again.engine.close()


async def test_a_session_that_it_is_handed_to_and_a_child_have_its_model_too(tmp_path: Path) -> None:
    id = await begun(tmp_path, "small")
    bench_ = await resumed(tmp_path, id, "large")
    child = await bench_.engine.front.delegate("research", "look into it")
    assert child.state == "done"
    await bench_.engine.handle(c.DraftHandoff())
    await bench_.engine.idle()
    draft = bench_.of(e.HandoffDrafted)[-1].plan
    await bench_.engine.handle(c.HandOff(draft.id, open=True))
    await bench_.ask("go on")
    assert {request.model for request in bench_.model.asked} == {"small"}
    await bench_.engine.close()


async def test_a_new_session_has_the_model_that_was_chosen(tmp_path: Path) -> None:
    id = await begun(tmp_path, "small")
    again = await resumed(tmp_path, id, "large")
    await again.engine.handle(c.NewSession())
    await again.ask("something else")
    assert [request.model for request in again.model.asked] == ["large"]
    await again.engine.close()
