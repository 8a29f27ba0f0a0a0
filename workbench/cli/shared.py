"""What several commands share: where they work, and how they build an engine."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.cli.faults import complain
from workbench.core import commands as c
from workbench.core.errors import UnknownSession
from workbench.core.ports import EngineClient

if TYPE_CHECKING:
    from workbench.engine import Engine


@dataclass(frozen=True)
class Where:
    """The root command's options."""

    workspace: Path = Path()
    provider: str = ""
    model: str = ""
    sessions: Path | None = None
    theme: str = ""
    resume_last: bool = False
    resume_id: str = ""


def built(where: Where, **chosen: Any) -> "Engine":
    """An engine for `where`; faults in settings files are told on stderr."""
    from workbench.bootstrap import Choice, choose
    from workbench.bootstrap.build import build

    made = choose(Choice(where.workspace, where.provider, where.model, where.sessions, **chosen))
    engine = build(made)
    for fault in made.settings.faults:
        complain(fault)
    return engine


async def resume(client: EngineClient, where: Where) -> None:
    """Open the session that the options name, if they name one. Raises UnknownSession."""
    if id := session_to_open(client, where):
        await client.handle(c.OpenSession(id))


def session_to_open(client: EngineClient, where: Where) -> str:
    """The id that `--resume` or `--continue` means; empty for a new session."""
    if where.resume_id:
        return where.resume_id
    if not where.resume_last:
        return ""
    here = client.facts.workspace
    for summary in client.sessions():
        if summary.workspace == here:
            return summary.id
    raise UnknownSession(f"there is no session of {here} to continue.", "Start one with `workbench`.")


def complete(work: Coroutine[Any, Any, Any]) -> Any:
    """Run `work` to its end."""
    return asyncio.run(work)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
