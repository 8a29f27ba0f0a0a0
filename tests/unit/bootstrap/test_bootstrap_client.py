"""A client that shows its face at once and builds its engine at the first command."""

import asyncio
import threading
from pathlib import Path

import pytest

from workbench.bootstrap import Choice, Chosen, choose
from workbench.bootstrap.client import DeferredClient
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import UnknownSession, WorkbenchError
from workbench.engine import Engine


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


def hold_the_build(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let no engine be built before the event is set."""
    from workbench.bootstrap import build as module

    may_build, build = threading.Event(), module.build

    def wait(chosen: Chosen) -> Engine:
        may_build.wait(10)
        return build(chosen)

    monkeypatch.setattr(module, "build", wait)
    return may_build


async def test_a_stop_overtakes_a_prompt_that_waits_for_the_engine(
    client: DeferredClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_build = hold_the_build(monkeypatch)
    sending = asyncio.ensure_future(client.handle(c.SendPrompt("hello")))
    await asyncio.sleep(0)
    assert client.busy
    await client.handle(c.CancelTurn())
    with pytest.raises(WorkbenchError, match="nothing ran"):
        await sending
    assert not client.busy
    may_build.set()
    await (await client.engine()).idle()
    assert client.session_id == ""
    await client.handle(c.SendPrompt("again"))
    await (await client.engine()).idle()
    assert [e.TurnStarted] == [type(s.event) for s in client.history() if isinstance(s.event, e.TurnStarted)]
    await client.close()


async def test_each_of_several_prompts_that_wait_is_stopped(
    client: DeferredClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_build = hold_the_build(monkeypatch)
    sending = [asyncio.ensure_future(client.handle(c.SendPrompt(text))) for text in ("one", "two")]
    await asyncio.sleep(0)
    await client.handle(c.CancelTurn())
    ended = await asyncio.gather(*sending, return_exceptions=True)
    assert all(isinstance(each, WorkbenchError) for each in ended)
    may_build.set()
    await client.close()
