"""A desk that shows its face at once and builds its engine at the first command."""

from pathlib import Path

import pytest

from workbench.bootstrap import Choice, choose
from workbench.bootstrap.deferred import DeferredDesk
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import UnknownSession, WorkbenchError


@pytest.fixture
def desk(tmp_path: Path) -> DeferredDesk:
    (tmp_path / "work").mkdir()
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    return DeferredDesk(choose(Choice(tmp_path / "work", sessions=tmp_path / "sessions", approve="never"), env))


async def test_before_the_first_command_there_is_a_face_and_no_engine(desk: DeferredDesk) -> None:
    assert (desk.session_id, desk.read_only, desk.busy, list(desk.history()), desk.sessions()) == (
        "",
        "",
        False,
        [],
        [],
    )
    assert desk.facts.provider == "rehearsal"
    await desk.close()


async def test_the_first_command_builds_one_engine_that_answers(desk: DeferredDesk) -> None:
    told: list[e.Stamped] = []
    desk.subscribe(told.append)
    await desk.handle(c.SendPrompt("hello"))
    await (await desk.engine()).idle()
    assert await desk.engine() is await desk.engine()
    assert any(isinstance(stamped.event, e.TurnFinished) for stamped in told)
    assert [row.id for row in desk.sessions()] == [desk.session_id]
    await desk.close()


async def test_a_listener_that_fails_keeps_no_other_from_hearing(desk: DeferredDesk) -> None:
    told: list[e.Stamped] = []

    def broken(_: e.Stamped) -> None:
        raise RuntimeError("listener")

    desk.subscribe(broken)
    stop = desk.subscribe(told.append)
    with pytest.raises(UnknownSession):
        await desk.handle(c.OpenSession("nowhere"))
    await desk.handle(c.SendPrompt("hello"))
    await (await desk.engine()).idle()
    assert told
    stop()
    stop()
    await desk.close()


async def test_a_setting_found_wrong_while_building_is_told(tmp_path: Path) -> None:
    (tmp_path / ".workbench.toml").write_text('[rules]\ndeny = ["shell(("]\n')
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    desk = DeferredDesk(choose(Choice(tmp_path, sessions=tmp_path / "sessions"), env))
    told: list[e.Stamped] = []
    desk.subscribe(told.append)
    await desk.engine()
    assert [stamped.event.level for stamped in told if isinstance(stamped.event, e.Noticed)] == ["warning"]
    await desk.close()


async def test_an_engine_that_cannot_be_built_is_a_message_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    desk = DeferredDesk(choose(Choice(tmp_path, sessions=tmp_path / "file" / "x"), env))
    for _ in range(2):
        with pytest.raises(WorkbenchError, match="cannot be made"):
            await desk.handle(c.SendPrompt("hello"))
    await desk.close()
