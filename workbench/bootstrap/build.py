"""The engine of what was chosen: every port gets its adapter here."""

import getpass
import os
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from workbench.bootstrap.choice import DEFAULT_MODEL, Choice, Chosen, data_folder
from workbench.context import Estimator
from workbench.core.errors import WorkbenchError
from workbench.core.spend import BudgetName
from workbench.core.tools import ToolSpec, propose
from workbench.cost import BudgetPolicy, GenaiPrices
from workbench.engine import Engine, EngineDependencies, Policies, Unattended
from workbench.escalation import Roots, analyse, answer, explain
from workbench.providers.anthropic import MessagesModel
from workbench.providers.clients import anthropic_client, endpoint_client
from workbench.providers.models import EndpointModels, FactsMemory, SessionMemory
from workbench.providers.tokenizer import TiktokenCounter
from workbench.settings import Settings
from workbench.store.catalog import FileCatalog
from workbench.store.day_ledger import DayLedger
from workbench.store.known_models import KnownModels
from workbench.store.sessions import FileSessions
from workbench.workspace import instructions

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

    from workbench.escalation import Approve

REHEARSAL_PACE = 150.0
"""Tokens a second at which a rehearsal answers a person; nobody waits for it headless."""


def build(chosen: Chosen) -> Engine:
    """An engine, which makes nothing on disk before it writes. Raises WorkbenchError without a place for sessions."""
    root, workspace, counter = chosen.sessions, chosen.workspace, TiktokenCounter()
    roots = Roots(workspace, chosen.choice.add_dirs)
    found = next(each for each in (root, *root.parents) if os.path.lexists(each))
    if not found.is_dir():
        raise WorkbenchError(
            f"the sessions folder {root} cannot be made: {found} is no folder.", "Name another with --sessions DIR."
        )
    client = cache(_client(chosen, counter))
    models = EndpointModels(client, _memory(chosen))
    model = MessagesModel(
        client,
        models,
        chosen.settings.number("stream.stall_s"),
        proxy=chosen.proxy,
        diagnoses=chosen.facts.provider == "anthropic",
    )
    parts = EngineDependencies(
        facts=chosen.facts,
        model=model,
        models=models,
        counter=model,
        store=FileSessions(root),
        catalog=FileCatalog(root),
        days=DayLedger(data_folder(chosen.env)),
        estimator=Estimator(counter),
        prices=GenaiPrices(as_if={"rehearsal": DEFAULT_MODEL}),
        clock=chosen.clock,
        load_tools=lambda: _tools(roots),
        instructions=lambda: instructions(workspace),
        exports=root / "handoffs",
        user=chosen.env.get("WORKBENCH_USER") or _login(),
        policies=_limited(chosen.settings, chosen.choice),
        jitter=random.random,
        unattended=_unattended(chosen.choice.approve),
        split_tokens=counter.split,
    )
    return Engine(parts)


def build_explainer(chosen: Chosen) -> Callable[[str], dict[str, Any]]:
    """What the gate would say to a shell line in this workspace: see `workbench.escalation.explain`."""
    from workbench.tools.shell import ShellTool

    roots, policy = Roots(chosen.workspace, chosen.choice.add_dirs), _limited(chosen.settings, chosen.choice).escalation
    shell = ShellTool(roots.workspace, lambda line: analyse(line, roots)).spec()
    return lambda line: explain(propose(shell, "explain", {"command": line}), roots.workspace, policy)


def _client(chosen: Chosen, counter: TiktokenCounter) -> "Callable[[], AsyncAnthropic]":
    """How to reach the model, once it is needed."""
    match chosen.facts.provider:
        case "anthropic":
            return lambda: anthropic_client(chosen.env)
        case "endpoint":
            return lambda: endpoint_client(chosen.base_url, chosen.env)
    script = Path(chosen.env["WORKBENCH_REHEARSAL"]) if chosen.env.get("WORKBENCH_REHEARSAL") else None
    pace = REHEARSAL_PACE if chosen.choice.approve is None else 0.0

    def client() -> "AsyncAnthropic":
        from workbench.providers.rehearsal.transport import rehearsal_client

        count, now = counter.count, chosen.clock.now
        return rehearsal_client(chosen.workspace, pace=pace, script=script, count=count, now=now)

    return client


def _memory(chosen: Chosen) -> FactsMemory:
    """What is kept of models between sessions; a rehearsal's are always the same."""
    if chosen.facts.as_if:
        return SessionMemory()
    return KnownModels(data_folder(chosen.env), chosen.address, chosen.clock.now)


def _tools(roots: Roots) -> tuple[ToolSpec, ...]:
    from workbench.tools.toolset import load_tools

    return load_tools(
        roots.workspace, classify=roots.effect, analyse=lambda line: analyse(line, roots), added=roots.added
    )


def _limited(settings: Settings, choice: Choice) -> Policies:
    """The policies, with the limits of the command line."""
    chosen = settings.policies()
    if choice.max_steps is not None:
        chosen = replace(chosen, turn=msgspec.structs.replace(chosen.turn, max_steps=choice.max_steps))
    return replace(chosen, budget=_named(chosen.budget, settings, choice.max_usd))


def _named(budget: BudgetPolicy, settings: Settings, max_usd: float | None) -> BudgetPolicy:
    """`budget` with the command line's cap, and with the budgets that a person named."""
    limits = get_args(BudgetName)
    if max_usd is None:
        return msgspec.structs.replace(budget, named=tuple(n for n in limits if f"budget.{n}" in settings.given))
    named = tuple(n for n in limits if n == "session_usd" or f"budget.{n}" in settings.given)
    return msgspec.structs.replace(budget, session_usd=max_usd, cap_usd=max_usd, named=named)


def _unattended(approve: "Approve | None") -> Unattended | None:
    if approve is None:
        return None
    return lambda request: answer(request, approve)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
