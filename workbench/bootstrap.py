"""The only place that chooses: settings and environment in, a running engine out."""

import getpass
import logging
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.context import Estimator
from workbench.core.clock import Clock, SystemClock
from workbench.core.errors import SettingsFault, WorkbenchError
from workbench.core.ports import DeskFacts, Model
from workbench.core.tools import ToolSpec
from workbench.cost import GenaiPrices
from workbench.engine import Engine, Parts, Policies
from workbench.engine.parts import Unattended
from workbench.escalation import answer, effects_of
from workbench.providers.anthropic import MessagesModel
from workbench.providers.clients import anthropic_client, endpoint_client, has_credentials
from workbench.providers.tokenizer import TiktokenCounter
from workbench.settings import Settings, loaded, policies
from workbench.store.catalog import FileCatalog
from workbench.store.ledger import DayLedger
from workbench.store.sessions import FileSessions
from workbench.workspace import branch, instructions

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

    from workbench.escalation import Approve

log = logging.getLogger(__name__)

DEFAULT_MODEL = "claude-opus-5-5"
REHEARSAL_PACE = 150.0
"""Tokens a second at which a rehearsal answers a person; nobody waits for it headless."""


@dataclass(frozen=True)
class Choice:
    """What the command line chose; None and empty leave it to settings and environment."""

    workspace: Path
    provider: str = ""
    model: str = ""
    sessions: Path | None = None
    approve: "Approve | None" = None
    """For a run without a person; None where one answers."""
    max_steps: int | None = None
    max_usd: float | None = None


@dataclass(frozen=True)
class Built:
    """The engine and what the user interface needs beside it."""

    engine: Engine
    settings: Settings
    sessions: Path
    clock: Clock


def build(choice: Choice, env: Mapping[str, str] | None = None) -> Built:
    """An engine for `choice`. Raises SettingsFault and WorkbenchError with a message for a person."""
    env = os.environ if env is None else env
    workspace = _workspace(choice.workspace)
    settings = loaded(workspace)
    provider = _provider(choice.provider or settings["provider"], settings, env)
    root = sessions_folder(choice.sessions, workspace, settings, env)
    clock, counter = SystemClock(), TiktokenCounter()
    model = choice.model or settings["model"] or ("rehearsal" if provider == "rehearsal" else DEFAULT_MODEL)
    facts = DeskFacts(provider, model, provider == "rehearsal", str(workspace), branch(workspace), str(root))
    parts = Parts(
        facts=facts,
        model=_model(provider, workspace, settings, env, paced=choice.approve is None, counter=counter, clock=clock),
        store=FileSessions(root),
        catalog=FileCatalog(root),
        days=DayLedger(root),
        estimator=Estimator(counter),
        prices=GenaiPrices(as_if={"rehearsal": DEFAULT_MODEL}),
        clock=clock,
        load_tools=lambda: _tools(workspace),
        instructions=lambda: instructions(workspace),
        exports=root / "handoffs",
        user=env.get("WORKBENCH_USER") or _login(),
        policies=_limited(settings, choice),
        jitter=random.random,
        unattended=_unattended(choice.approve),
    )
    return Built(Engine(parts), settings, root, clock)


def sessions_folder(chosen: Path | None, workspace: Path, settings: Settings, env: Mapping[str, str]) -> Path:
    """Where sessions are kept: option, environment, workspace file, user data directory, in this order."""
    if chosen is not None:
        return chosen.expanduser().absolute()
    if folder := env.get("WORKBENCH_SESSIONS"):
        return Path(folder).expanduser().absolute()
    if settings["sessions"]:
        return (workspace / Path(settings["sessions"]).expanduser()).absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("workbench")) / "sessions"


def _workspace(folder: Path) -> Path:
    path = folder.expanduser().absolute()
    if not path.is_dir():
        what = "is not a folder" if path.exists() else "does not exist"
        raise WorkbenchError(f"the workspace {path} {what}.", "Name another with --workspace DIR.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise WorkbenchError(f"the workspace {path} cannot be read.", "Check its permissions.")
    return path.resolve()


def _provider(wanted: str, settings: Settings, env: Mapping[str, str]) -> str:
    if wanted == "endpoint" and not _base_url(settings, env):
        raise SettingsFault("the provider endpoint needs an address.", hint="Set ANTHROPIC_BASE_URL.")
    if wanted == "anthropic" and not has_credentials(env):
        raise SettingsFault(
            "the provider anthropic needs a key.", hint="Set ANTHROPIC_API_KEY, or use --provider rehearsal."
        )
    if wanted:
        return wanted
    if has_credentials(env):
        return "endpoint" if _base_url(settings, env) else "anthropic"
    return "rehearsal"


def _base_url(settings: Settings, env: Mapping[str, str]) -> str:
    return env.get("ANTHROPIC_BASE_URL") or settings["base_url"]


def _model(
    provider: str,
    workspace: Path,
    settings: Settings,
    env: Mapping[str, str],
    *,
    paced: bool,
    counter: TiktokenCounter,
    clock: Clock,
) -> Model:
    stall = settings["stream.stall_s"]
    if provider == "anthropic":
        return MessagesModel(anthropic_client, stall, thinking=True)
    if provider == "endpoint":
        url = _base_url(settings, env)
        return MessagesModel(lambda: endpoint_client(url), stall)
    script = Path(env["WORKBENCH_REHEARSAL"]) if env.get("WORKBENCH_REHEARSAL") else None
    pace = REHEARSAL_PACE if paced else 0.0

    def client() -> "AsyncAnthropic":
        from workbench.providers.rehearsal.client import rehearsal_client

        return rehearsal_client(workspace, pace=pace, script=script, count=counter.count, now=clock.now)

    return MessagesModel(client, stall)


def _tools(workspace: Path) -> tuple[ToolSpec, ...]:
    from workbench.tools.toolset import load_tools

    return load_tools(workspace, lambda tool, arguments: effects_of(tool, arguments, workspace))


def _limited(settings: Settings, choice: Choice) -> Policies:
    """The policies, with the limits of the command line."""
    chosen = policies(settings)
    if choice.max_steps is not None:
        chosen = replace(chosen, turn=msgspec.structs.replace(chosen.turn, max_steps=choice.max_steps))
    if choice.max_usd is not None:
        chosen = replace(chosen, budget=msgspec.structs.replace(chosen.budget, session_usd=choice.max_usd))
    return chosen


def _unattended(approve: "Approve | None") -> Unattended | None:
    if approve is None:
        return None
    return lambda request: answer(request, approve)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
