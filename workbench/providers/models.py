"""What a model can do, asked of the endpoint once and learnt from its refusals (core.ports.Models).

GET /v1/models/ID, and each of GET /v1/models
                  ─▶ facts of the endpoint ─┐
refusals ─▶ learn ─▶ facts of refusals ─────┴▶ ModelFacts: what was refused outweighs what was promised
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from workbench.core.models import ModelFacts, Source, TokenRatio, can_name_model

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""How long the first request of a session, and whoever chooses a model, wait for the endpoint's list."""
WINDOWS = ("max_input_tokens", "max_model_len", "context_length", "context_window")
"""Names of a window's size: the Messages API's, vLLM's, and those of gateways."""
REPLIES = ("max_tokens", "max_output_tokens", "max_completion_tokens")
MOST = 100_000_000
"""Tokens above which a limit is a mistake."""

MOST_LISTED = 100
"""Models of a list that are read."""

Known = Mapping[Source, ModelFacts]
"""Facts of a model by where they come from."""


class FactsMemory(Protocol):
    """What is kept of models between sessions, at one endpoint."""

    def read(self, model: str) -> Known:
        """What is known; nothing where nothing is, or the memory cannot be read."""

    def write(self, model: str, known: Known) -> None:
        """Remember it in the place of what was known. Never raises."""

    def read_ratios(self, model: str) -> Mapping[str, TokenRatio]:
        """What its tokens are to estimated ones, by content class; empty where that is not known."""

    def write_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Remember them beside what is known of other classes. Never raises."""


class EndpointModels:
    """Implements core.ports.Models over the client that also answers."""

    def __init__(self, client: "Callable[[], AsyncAnthropic]", memory: FactsMemory) -> None:
        """`client` is called in a thread, since it may import the SDK."""
        self._client = client
        self._memory = memory
        self._known: dict[str, dict[Source, ModelFacts]] = {}
        self._asked: dict[str, asyncio.Task[None]] = {}

    def facts(self, model: str) -> ModelFacts:
        """What is known now; asks nobody."""
        known = self._recall(model)
        return combine(known.get("endpoint", ModelFacts()), known.get("refusal", ModelFacts()))

    async def load(self, model: str) -> ModelFacts:
        """What is known once the endpoint was asked; it is asked once, for two seconds at most. Never raises."""
        if model not in self._asked:
            self._asked[model] = asyncio.create_task(self._ask(model))
        await asyncio.shield(self._asked[model])
        return self.facts(model)

    async def list(self) -> tuple[str, ...]:
        """The endpoint's models in its own order, for two seconds at most; what it says of each is known then.

        Empty where it has no list. Never raises.
        """
        try:
            client = await asyncio.to_thread(self._client)
            patient = client.with_options(max_retries=0, timeout=PATIENCE_S)
            async with asyncio.timeout(PATIENCE_S):
                page = await patient.models.list(limit=MOST_LISTED)
            found = parse_list(page.to_dict(warnings=False).get("data"))
            await asyncio.to_thread(self._take, found)
        except Exception as error:
            log.info("the endpoint lists no models: %s", type(error).__name__)
            return ()
        return tuple(found)

    def learn(self, model: str, facts: ModelFacts) -> ModelFacts:
        """Remember what a refusal told, or what an endpoint of `facts.source` does; None leaves what was known."""
        self._remember(model, facts.source or "refusal", facts)
        return self.facts(model)

    def ratios(self, model: str) -> Mapping[str, TokenRatio]:
        """What sessions learnt of its tokens, by content class."""
        return self._memory.read_ratios(model)

    def keep_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Remember it for other sessions."""
        self._memory.write_ratios(model, ratios)

    async def _ask(self, model: str) -> None:
        try:
            client = await asyncio.to_thread(self._client)
            async with asyncio.timeout(PATIENCE_S):
                info = await client.with_options(max_retries=0, timeout=PATIENCE_S).models.retrieve(model)
            found = parse_facts(info.to_dict())
        except Exception as error:
            log.info("the endpoint tells nothing of the model: %s", type(error).__name__)
            return
        if found != ModelFacts():
            self._remember(model, "endpoint", found)

    def _take(self, found: Mapping[str, ModelFacts]) -> None:
        """Know what a list says. It is not kept between sessions: a model that answers is asked about by its name."""
        for model, facts in found.items():
            known = self._recall(model)
            known["endpoint"] = overlay(known.get("endpoint", ModelFacts()), facts)

    def _recall(self, model: str) -> dict[Source, ModelFacts]:
        if model not in self._known:
            self._known[model] = dict(self._memory.read(model))
        return self._known[model]

    def _remember(self, model: str, source: Source, facts: ModelFacts) -> None:
        known = self._recall(model)
        before = known.get(source, ModelFacts())
        known[source] = after = overlay(before, facts)
        if after != before:
            self._memory.write(model, known)


class SessionMemory:
    """A memory that ends with the process: for a rehearsal, whose models are always the same."""

    def read(self, model: str) -> Known:
        """Nothing."""
        return {}

    def write(self, model: str, known: Known) -> None:
        """Nothing to keep."""

    def read_ratios(self, model: str) -> Mapping[str, TokenRatio]:
        """None."""
        return {}

    def write_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Nothing to keep."""


def overlay(below: ModelFacts, above: ModelFacts) -> ModelFacts:
    """`above` where it says something, else `below`."""
    said = {name: value for name, value in msgspec.structs.asdict(above).items() if value not in (None, "")}
    return msgspec.structs.replace(below, **said)


def combine(endpoint: ModelFacts, refusal: ModelFacts) -> ModelFacts:
    """What was refused outweighs what was promised; of two limits the smaller one holds, and names its source."""
    window, reply = _least(endpoint.window, refusal.window), _least(endpoint.reply, refusal.reply)
    taught = (window, reply) != (endpoint.window, endpoint.reply)
    told = endpoint.window is not None or endpoint.reply is not None
    source: Source = "refusal" if taught else "endpoint" if told else ""
    return msgspec.structs.replace(overlay(endpoint, refusal), window=window, reply=reply, source=source)


def parse_facts(info: Mapping[str, Any]) -> ModelFacts:
    """The facts in an entry of a list of models, each only where it is what it should be."""
    able = info.get("capabilities")
    line = info.get("line")
    return ModelFacts(
        window=_limit(info, WINDOWS),
        reply=_limit(info, REPLIES),
        thinking=_flag(able, "thinking", "types", "adaptive", "supported"),
        effort=_flag(able, "effort", "supported"),
        line=line if isinstance(line, str) and line.isalnum() and len(line) < 32 else "",
    )


def parse_list(entries: Any) -> dict[str, ModelFacts]:
    """The facts in a list of models by their names, in its order, without those that have no proper one."""
    found: dict[str, ModelFacts] = {}
    for info in entries if isinstance(entries, list) else ():
        name = info.get("id") if isinstance(info, Mapping) else None
        if isinstance(name, str) and can_name_model(name):
            found.setdefault(name, parse_facts(info))
    return dict(itertools.islice(found.items(), MOST_LISTED))


def _least(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _limit(info: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    said = (info.get(name) for name in names)
    return next((limit for limit in said if type(limit) is int and 0 < limit <= MOST), None)


def _flag(value: Any, *path: str) -> bool | None:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, bool) else None
