"""One model request from reservation to settlement, with a retry ladder that the person sees and can stop.

reserve ─▶ stream ─▶ settle
             └ fault ─▶ settle what was used ─▶ RetryScheduled ─▶ wait ─▶ stream …      no call escapes the bill
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.confidence import TrailerFilter
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.errors import ProviderFault
from workbench.core.messages import Part, Text
from workbench.core.requests import ModelRequest, Reply, ReplyBegan, TextDelta, ThinkingDelta
from workbench.core.usage import Usage
from workbench.engine.parts import Parts
from workbench.engine.session import Session, today
from workbench.reliability import delay


@dataclass
class Draft:
    """What has arrived of a reply."""

    pieces: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    began: ReplyBegan | None = None
    filter: TrailerFilter = field(default_factory=TrailerFilter)

    @property
    def text(self) -> str:
        """The text so far that is fit to keep, without its trailer."""
        return "".join(self.shown).rstrip()


@dataclass(frozen=True)
class Outcome:
    """A complete reply, with its assessment."""

    reply: Reply
    confidence: Confidence | None


class Exchange:
    """Sends one request. After a failure or a cancellation `draft` holds what had arrived."""

    def __init__(self, session: Session, parts: Parts, turn: int, step: int) -> None:
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
                return await self._attempt(request)
            except ProviderFault as fault:
                wait = delay(attempt, fault.retry_after, policy.retry, self._parts.jitter)
                late = clock.monotonic() + wait - began > policy.turn.deadline_s
                if not fault.retryable or attempt >= policy.retry.attempts or late:
                    raise
                attempt += 1
                of = policy.retry.attempts
                self._session.tell(e.RetryScheduled(self._turn, attempt, of, wait, fault.kind, fault.message))
                await clock.sleep(wait)

    async def _attempt(self, request: ModelRequest) -> Outcome:
        self.draft = Draft()
        settled = False
        try:
            async for delta in self._parts.model.stream(request):
                match delta:
                    case TextDelta(text=text):
                        self._arrived(text)
                    case ThinkingDelta(text=text):
                        self._session.tell(e.ThinkingArrived(self._turn, self._step, text))
                    case ReplyBegan():
                        self.draft.began = delta
                    case Reply():
                        self._settle(request, delta.usage)
                        settled = True
                        return self._complete(delta)
            raise ProviderFault("cut", "the answer broke off", retryable=True)
        finally:
            if not settled:
                self._settle(request, self._used())

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
        return Outcome(reply, confidence)

    def _used(self) -> Usage:
        """What a broken stream used: its prompt as reported, its reply as counted here."""
        if self.draft.began is None:
            return Usage()
        counted = self._parts.estimator.count("".join(self.draft.pieces)) if self.draft.pieces else 0
        return self.draft.began.usage + Usage(output_tokens=counted, estimated=True)

    def _reserve(self, request: ModelRequest) -> None:
        tokens, usd = reservation(self._session, self._parts, request.model, request.max_tokens)
        self._session.tell(e.BudgetReserved(self._turn, self._step, tokens, usd))

    def _settle(self, request: ModelRequest, usage: Usage) -> None:
        parts, facts = self._parts, self._parts.facts
        usd = parts.prices.cost(request.model, usage)
        model, purpose = request.model, request.purpose
        settled = e.BudgetSettled(self._turn, self._step, model, usage, usd, facts.as_if, purpose)
        before = self._session.spend.reading().tier
        self._session.tell(settled)
        after = self._session.spend.reading()
        if after.tier != before:
            self._session.tell(e.TierChanged(after.tier, f"{after.share:.0%} of the budget is spent"))
        if not facts.as_if and usage.total:
            parts.days.add(today(parts), parts.user, self._session.id, usd or 0.0, usage.total)


def reservation(session: Session, parts: Parts, model: str, reply: int) -> tuple[int, float | None]:
    """The window total plus the maximum reply: tokens, and dollars at full price."""
    usage = Usage(input_tokens=session.window().total, output_tokens=reply)
    return usage.total, parts.prices.cost(model, usage)


def refusal(session: Session, parts: Parts, model: str, reply: int) -> str:
    """Why the budget has no room for a reply of so many tokens, or nothing."""
    return session.spend.refusal(*reservation(session, parts, model, reply))


async def ask(session: Session, parts: Parts, request: ModelRequest) -> str:
    """The text of a reply to one of the workbench's own requests (a summary, a handoff). Raises ProviderFault."""
    exchange = Exchange(session, parts, session.conversation.turn, session.conversation.step)
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
