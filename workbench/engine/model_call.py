"""One model request from reservation to settlement, with a retry ladder that the person sees and can stop.

reserve ─▶ stream ─▶ settle
             └ fault ─▶ settle what was used ─▶ RetryScheduled ─▶ wait ─▶ stream …      no call escapes the bill
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import msgspec

from workbench.confidence import TrailerFilter
from workbench.context import Estimator, check_usage
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.errors import ProviderFault
from workbench.core.ids import begin_span
from workbench.core.messages import ToolUse, replace_surrogates, without_trailer
from workbench.core.ports import Clock, Model, RequestCounter
from workbench.core.requests import (
    DECLINED,
    CallDelta,
    Delta,
    ModelRequest,
    Reply,
    ReplyBegan,
    TextDelta,
    ThinkingDelta,
)
from workbench.core.spend import Usage
from workbench.engine.billing import Billing, Booking, BudgetExceeded
from workbench.engine.pause import Pause
from workbench.engine.request import accept_reply, find_repeated
from workbench.engine.session import Session
from workbench.reliability import RetryPolicy, compute_delay, is_long_wait

CHARACTERS_A_TOKEN = 3
"""Of text that is still arriving, or of a call's arguments that broke off: nobody counts what is not there whole."""
METER_S = 0.5
"""Seconds between two readings of the window while an answer arrives."""


@dataclass(frozen=True)
class ModelAccess:
    """What a request needs beside its session and its bill: who answers, who counts, how long to try."""

    model: Model
    estimator: Estimator
    clock: Clock
    retry: RetryPolicy
    deadline_s: float
    """How long a fault may be retried."""
    jitter: Callable[[], float]
    counter: RequestCounter
    pause: Pause


@dataclass
class PartialReply:
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

    def grow_call(self, size: int) -> None:
        """A call's arguments have grown to `size` characters; each call begins at 0."""
        if size and self.calls:
            self.calls[-1] = size
        else:
            self.calls.append(size)


@dataclass(frozen=True)
class CompleteReply:
    """A complete reply, with its assessment."""

    reply: Reply
    confidence: Confidence | None
    lost_call: bool = False
    """True where the reply was cut in the middle of a call."""
    repeated: frozenset[str] = frozenset()
    """Ids of calls that were sent and made before under the same id: the server sent them again."""


class ModelCall:
    """Sends one request. After a failure or a cancellation `draft` holds what had arrived.

    `shows`: the text is told as it arrives, and at most twice a second what the window holds with it.
    """

    def __init__(self, session: Session, billing: Billing, access: ModelAccess, *, shows: bool) -> None:
        self._session, self._billing, self._access, self._shows = session, billing, access, shows
        self._turn, self._step = session.conversation.turn, session.conversation.step
        self.draft = PartialReply()
        self._request: ModelRequest | None = None
        self._characters, self._measured_at = 0, access.clock.monotonic()

    async def send(self, request: ModelRequest, *, over_budget: bool = False) -> CompleteReply:
        """The reply to `request`. Raises ProviderFault when the ladder is at its end.

        Each try is reserved: raises BudgetExceeded where the budget has no room for it, unless a person went
        `over_budget`.
        """
        self._request = request
        began, attempt = self._access.clock.monotonic(), 1
        while True:
            booking = await self._billing.reserve(request, over_budget=over_budget)
            try:
                left = self._access.deadline_s - (self._access.clock.monotonic() - began)
                return await self._attempt(booking, None if attempt == 1 else left)
            except ProviderFault as fault:
                attempt += 1
                await self._wait(fault, attempt, began)

    async def _wait(self, fault: ProviderFault, attempt: int, began: float) -> None:
        """Wait for the next try, told to the person; raises `fault` where none follows."""
        clock, retry = self._access.clock, self._access.retry
        wait = compute_delay(attempt - 1, fault.retry_after, retry, self._access.jitter)
        late = clock.monotonic() + wait - began > self._access.deadline_s
        if not fault.retryable or attempt > retry.attempts or late or is_long_wait(fault):
            raise fault
        self._session.emit(e.RetryScheduled(self._turn, attempt, retry.attempts, wait, fault.kind, fault.message))
        await self._access.pause.wait(wait)

    async def _attempt(self, booking: Booking, first_s: float | None) -> CompleteReply:
        """One try; `first_s` bounds the wait for its first delta, so that the last try ends in time too."""
        self.draft = PartialReply()
        settled = False
        stream = self._access.model.stream(booking.request)
        try:
            async for delta in stream if first_s is None else promptly(stream, first_s):
                if isinstance(delta, Reply):
                    settled = True
                    reply = self._check(delta)
                    await self._billing.settle(booking, reply.usage)
                    return self._complete(reply)
                self._take(delta)
            raise ProviderFault("cut", "the answer broke off", retryable=True)
        finally:
            if not settled:
                await self._billing.settle(booking, self._used(booking.request.max_tokens))

    def _take(self, delta: Delta) -> None:
        match delta:
            case TextDelta(text=text):
                text = replace_surrogates(text)
                self.draft.pieces.append(text)
                if shown := self.draft.filter.feed(text):
                    self.draft.shown.append(shown)
                    self._show(shown)
            case ThinkingDelta(text=text):
                self.draft.thoughts.append(text)
                self._session.emit(e.ThinkingArrived(self._turn, self._step, text))
            case CallDelta(size=size):
                self.draft.grow_call(size)
            case ReplyBegan():
                self.draft.began = msgspec.structs.replace(
                    delta, usage=check_usage(delta.usage, self._count_prompt(), 0)
                )

    def _show(self, text: str) -> None:
        if not self._shows:
            return
        self._session.emit(e.TextArrived(self._turn, self._step, text))
        self._characters += len(text)
        if (now := self._access.clock.monotonic()) - self._measured_at >= METER_S:
            self._measured_at = now
            self._session.emit(e.WindowMeasured(self._session.window(self._characters // CHARACTERS_A_TOKEN)))

    def _complete(self, reply: Reply) -> CompleteReply:
        rest, confidence = self.draft.filter.close()
        if rest.strip():
            self._show(rest)
        conversation = self._session.conversation
        parts = accept_reply(reply.parts, conversation.call_ids)
        called = self.draft.calls or any(isinstance(part, ToolUse) for part in parts)
        lost = bool(called) and reply.stop_reason == "max_tokens"
        return CompleteReply(
            msgspec.structs.replace(reply, parts=parts),
            confidence,
            lost,
            find_repeated(reply.parts, parts, conversation),
        )

    def _used(self, most: int) -> Usage:
        """What a broken stream used: its prompt as reported, its reply as counted here, `most` tokens at most."""
        if self.draft.began is None:
            return Usage()
        reported = self.draft.began.usage
        reply = max(reported.output_tokens, min(self._count_reply(), most))
        return msgspec.structs.replace(reported, output_tokens=reply, estimated=True)

    def _count_prompt(self) -> int:
        """Tokens of the prompt by estimate: a turn's is what the window holds."""
        request = self._request
        if request is None or request.purpose in ("turn", "warm"):
            return self._session.window().total
        return self._access.estimator.count_json([request.system, request.messages])

    def _count_reply(self) -> int:
        said = self._access.estimator.count("".join((*self.draft.thoughts, *self.draft.pieces)))
        return said + sum(self.draft.calls) // CHARACTERS_A_TOKEN

    def _check(self, reply: Reply) -> Reply:
        """`reply`, its usage by estimate where the server reports what cannot be; that is told once a session."""
        usage = check_usage(reply.usage, self._count_prompt(), self._count_reply())
        if usage is reply.usage:
            return reply
        if not self._session.root.spend.reading().estimated:
            said, hint = "the model server reports no usage that can be:", "what it uses is counted by estimate (≈)."
            self._session.emit(e.Noticed(said, "warning", hint))
        return msgspec.structs.replace(reply, usage=usage)


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


@dataclass(frozen=True)
class SessionModel:
    """`core.ports.TextModel` for requests of the workbench's own (a summary, a handoff): on the session's bill, with
    its retries and its trace.
    """

    session: Session
    billing: Billing
    access: ModelAccess

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        """The answer. Raises ProviderFault, `spend` where the budget has no room for it."""
        if refused := self.billing.refusal(max_tokens):
            raise BudgetExceeded(refused)
        blocks = [{"type": "text", "text": system}] if system else []
        messages = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
        request = ModelRequest(self.session.summary.model, max_tokens, blocks, messages, purpose=purpose)
        with begin_span():
            outcome = await ModelCall(self.session, self.billing, self.access, shows=False).send(request)
        if outcome.reply.stop_reason == DECLINED:
            raise ProviderFault("declined", "The model declined to answer.")
        return without_trailer(outcome.reply.text).strip()
