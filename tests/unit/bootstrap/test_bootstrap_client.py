"""A client that shows its face at once and builds its engine at the first command."""

from pathlib import Path

import pytest

from workbench.bootstrap import Choice, choose
from workbench.bootstrap.client import DeferredClient
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import UnknownSession, WorkbenchError


@pytest.fixture
def client(tmp_path: Path) -> DeferredClient:
    (tmp_path / "work").mkdir()
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    return DeferredClient(choose(Choice(tmp_path / "work", sessions=tmp_path / "sessions", approve="never"), env))


async def test_before_the_first_command_there_is_a_face_and_no_engine(client: DeferredClient) -> None:
    assert (client.session_id, client.read_only, client.busy, list(client.history()), client.sessions()) == (
        "",
        "",
        False,
        [],
        [],
    )
    assert client.facts.provider == "rehearsal"
    await client.close()


async def test_the_first_command_builds_one_engine_that_answers(client: DeferredClient) -> None:
    emitted: list[e.Stamped] = []
    client.subscribe(emitted.append)
    await client.handle(c.SendPrompt("hello"))
    await (await client.engine()).idle()
    assert await client.engine() is await client.engine()
    assert any(isinstance(stamped.event, e.TurnFinished) for stamped in emitted)
    assert [row.id for row in client.sessions()] == [client.session_id]
    await client.close()


async def test_a_listener_that_fails_keeps_no_other_from_hearing(client: DeferredClient) -> None:
    emitted: list[e.Stamped] = []

    def broken(_: e.Stamped) -> None:
        raise RuntimeError("listener")

    client.subscribe(broken)
    stop = client.subscribe(emitted.append)
    with pytest.raises(UnknownSession):
        await client.handle(c.OpenSession("nowhere"))
    await client.handle(c.SendPrompt("hello"))
    await (await client.engine()).idle()
    assert emitted
    stop()
    stop()
    await client.close()


async def test_an_engine_that_cannot_be_built_is_a_message_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    client = DeferredClient(choose(Choice(tmp_path, sessions=tmp_path / "file" / "x"), env))
    for _ in range(2):
        with pytest.raises(WorkbenchError, match="cannot be made"):
            await client.handle(c.SendPrompt("hello"))
    await client.close()
