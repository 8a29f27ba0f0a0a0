"""One model request from reservation to settlement, with a retry ladder that the person sees and can stop.

reserve ─▶ stream ─▶ settle
             └ fault ─▶ settle what was used ─▶ RetryScheduled ─▶ wait ─▶ stream …      no call escapes the bill
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import msgspec

from workbench.confidence import TrailerFilter
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.errors import ProviderFault, StoreFault
from workbench.core.messages import Part, Text
from workbench.core.requests import CallDelta, Delta, ModelRequest, Reply, ReplyBegan, TextDelta, ThinkingDelta
from workbench.core.surrogates import replace_surrogates
from workbench.core.usage import Usage
from workbench.engine.acceptance import accepted
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session, today
from workbench.reliability import compute_delay

CHARACTERS_A_TOKEN = 3
"""Of a call's arguments that broke off; nobody counts what did not arrive whole."""


@dataclass
class Draft:
    """What has arrived of a reply."""

    pieces: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    """Characters of each call's arguments so far."""
    began: ReplyBegan | None = None
    filter: TrailerFilter = field(default_factory=TrailerFilter)

    @property
    def text(self) -> str:
        """The text so far that is fit to keep, without its trailer."""
        return "".join(self.shown).rstrip()

    def called(self, size: int) -> None:
        """A call's arguments have grown to `size` characters; each call begins at 0."""
        if size and self.calls:
            self.calls[-1] = size
        else:
            self.calls.append(size)


@dataclass(frozen=True)
class Outcome:
    """A complete reply, with its assessment."""

    reply: Reply
    confidence: Confidence | None


class ModelCall:
    """Sends one request. After a failure or a cancellation `draft` holds what had arrived."""

    def __init__(self, session: Session, parts: EngineDependencies, turn: int, step: int) -> None:
        self._session, self._parts = session, parts
        self._turn, self._step = turn, step
        self.draft = Draft()
        self._on_text: Callable[[str], None] | None = None

    async def send(self, request: ModelRequest, on_text: Callable[[str], None] | None = None) -> Outcome:
        """The reply to `request`. Raises ProviderFault when the ladder is at its end."""
        self._on_text = on_text
        clock, policy = self._parts.clock, self._parts.policies
        began, attempt = clock.monotonic(), 1
        while True:
            self._reserve(request)
            try:
                left = policy.turn.deadline_s - (clock.monotonic() - began)
                return await self._attempt(request, None if attempt == 1 else left)
            except ProviderFault as fault:
                wait = compute_delay(attempt, fault.retry_after, policy.retry, self._parts.jitter)
                late = clock.monotonic() + wait - began > policy.turn.deadline_s
                if not fault.retryable or attempt >= policy.retry.attempts or late:
                    raise
                attempt += 1
                of = policy.retry.attempts
                self._session.emit(e.RetryScheduled(self._turn, attempt, of, wait, fault.kind, fault.message))
                await clock.sleep(wait)

    async def _attempt(self, request: ModelRequest, first_s: float | None) -> Outcome:
        """One try; `first_s` bounds the wait for its first delta, so that the last try ends in time too."""
        self.draft = Draft()
        settled = False
        stream = self._parts.model.stream(request)
        try:
            async for delta in stream if first_s is None else promptly(stream, first_s):
                if isinstance(delta, Reply):
                    settled = True
                    self._settle(request, delta.usage)
                    return self._complete(delta)
                self._take(delta)
            raise ProviderFault("cut", "the answer broke off", retryable=True)
        finally:
            if not settled:
                self._settle(request, self._used())

    def _take(self, delta: Delta) -> None:
        match delta:
            case TextDelta(text=text):
                self._arrived(replace_surrogates(text))
            case ThinkingDelta(text=text):
                self.draft.thoughts.append(text)
                self._session.emit(e.ThinkingArrived(self._turn, self._step, text))
            case CallDelta(size=size):
                self.draft.called(size)
            case ReplyBegan():
                self.draft.began = delta

    def _arrived(self, text: str) -> None:
        self.draft.pieces.append(text)
        if shown := self.draft.filter.feed(text):
            self.draft.shown.append(shown)
            if self._on_text is not None:
                self._on_text(shown)

    def _complete(self, reply: Reply) -> Outcome:
        rest, confidence = self.draft.filter.close()
        if rest.strip() and self._on_text is not None:
            self._on_text(rest)
        parts = accepted(reply.parts, self._session.conversation.call_ids)
        return Outcome(msgspec.structs.replace(reply, parts=parts), confidence)

    def _used(self) -> Usage:
        """What a broken stream used: its prompt as reported, its reply as counted here."""
        if self.draft.began is None:
            return Usage()
        said = self._parts.estimator.count("".join((*self.draft.thoughts, *self.draft.pieces)))
        counted = said + sum(self.draft.calls) // CHARACTERS_A_TOKEN
        return self.draft.began.usage + Usage(output_tokens=counted, estimated=True)

    def _reserve(self, request: ModelRequest) -> None:
        tokens, usd = reservation(self._session, self._parts, request.model, request.max_tokens)
        self._session.emit(e.BudgetReserved(self._turn, self._step, tokens, usd))

    def _settle(self, request: ModelRequest, usage: Usage) -> None:
        parts, facts = self._parts, self._parts.facts
        usd = parts.prices.cost(request.model, usage)
        model, purpose = request.model, request.purpose
        settled = e.BudgetSettled(self._turn, self._step, model, usage, usd, facts.as_if, purpose)
        before = self._session.spend.reading().tier
        self._session.emit(settled)
        after = self._session.spend.reading()
        if after.tier != before:
            self._session.emit(e.TierChanged(after.tier, f"{after.share:.0%} of the budget is spent"))
        if not facts.as_if and usage.total:
            self._count_day(usd or 0.0, usage.total)

    def _count_day(self, usd: float, tokens: int) -> None:
        """The day's ledger is beside the journal: where it cannot be written, the reply is not lost for it."""
        parts = self._parts
        try:
            parts.days.add(today(parts), parts.user, self._session.id, usd, tokens)
        except StoreFault as fault:
            self._session.emit(e.Noticed(f"the day's budget misses this request: {fault.message}", "warning"))


async def promptly(stream: AsyncIterator[Delta], limit_s: float) -> AsyncIterator[Delta]:
    """`stream`, if its first delta comes within `limit_s` seconds. Raises ProviderFault `stalled`."""
    try:
        async with asyncio.timeout(max(limit_s, 1.0)):
            first = await anext(stream, None)
    except TimeoutError as error:
        raise ProviderFault("stalled", "The model server does not answer.", hint="Try again later.") from error
    if first is not None:
        yield first
        async for delta in stream:
            yield delta


def reservation(session: Session, parts: EngineDependencies, model: str, reply: int) -> tuple[int, float | None]:
    """The window total plus the maximum reply: tokens, and dollars at full price."""
    usage = Usage(input_tokens=session.window().total, output_tokens=reply)
    return usage.total, parts.prices.cost(model, usage)


def refusal(session: Session, parts: EngineDependencies, model: str, reply: int) -> str:
    """Why the budget has no room for a reply of so many tokens, or nothing."""
    return session.spend.refusal(*reservation(session, parts, model, reply))


async def ask(session: Session, parts: EngineDependencies, request: ModelRequest) -> str:
    """The text of a reply to one of the workbench's own requests (a summary, a handoff). Raises ProviderFault."""
    exchange = ModelCall(session, parts, session.conversation.turn, session.conversation.step)
    outcome = await exchange.send(request)
    return outcome.reply.text.strip()


def question(model: str, system: str, prompt: str, max_tokens: int, purpose: str) -> ModelRequest:
    """A request of the workbench's own: no tools, one user message."""
    blocks = [{"type": "text", "text": system}] if system else []
    return ModelRequest(
        model,
        max_tokens,
        blocks,
        [{"role": "user", "content": [{"type": "text", "text": prompt}]}],
        purpose=purpose,
    )


def spoken(parts: tuple[Part, ...]) -> str:
    """All text of a message, joined."""
    return "".join(part.text for part in parts if isinstance(part, Text))
