"""The prefix of each request: how long its cache marks live, where it breaks, what it missed (seed §8)."""

import msgspec

from workbench.caching import compute_read_ratio
from workbench.core import events as e
from workbench.core.figures import dollars, tokens
from workbench.core.ids import begin_span
from workbench.core.ports import Prices
from workbench.core.requests import ModelRequest
from workbench.core.spend import Usage
from workbench.engine.billing import Billing
from workbench.engine.model_call import ModelAccess, ModelCall
from workbench.engine.request import assemble_request
from workbench.engine.session import Session

WARMING = "(nothing is asked)"
"""Stands last where nobody asks: a request may not end with an answer."""
WORTH_TELLING = 10_000
"""Tokens missed for no known reason that a person is told of."""
FAULTS = {
    "changed": "what stands before them was sent otherwise than before; the journal names the byte",
    "unknown": "nothing before them changed: the server let them go early",
}


def prepare_request(session: Session, prices: Prices, now: float, room: int, *, tools_off: bool) -> ModelRequest:
    """The next request of `session`; where it breaks the prefix of the one before, that is journalled."""
    cache, conversation = session.cache, session.conversation
    cache.choose_ttl(now, lambda: compute_read_ratio(prices, session.summary.model))
    request = assemble_request(conversation, room, tools_off=tools_off, ttl=cache.ttl)
    request = msgspec.structs.replace(request, previous=session.prefix.reply)
    if found := session.prefix.check(request):
        entry = conversation.find((found.message, found.block)) if found.part == "messages" else None
        place = (found.part, found.message, found.block, found.byte, entry.id if entry else "")
        session.emit(e.PrefixBroken(conversation.turn, conversation.step, *place, cache.opened or "changed"))
    return request


async def warm_cache(session: Session, billing: Billing, access: ModelAccess) -> None:
    """Have the endpoint read the window without an answer. Raises ProviderFault; says what it read and cost."""
    cache, clock = session.cache, access.clock
    cache.choose_ttl(clock.now(), lambda: compute_read_ratio(billing.prices, session.summary.model))
    request = assemble_request(session.conversation, 0, ttl=cache.ttl)
    last = [*request.messages, {"role": "user", "content": [{"type": "text", "text": WARMING}]}]
    request = msgspec.structs.replace(request, messages=last, purpose="warm")
    spent = billing.session.spend.reading()
    with begin_span():
        reply = (await ModelCall(session, billing, access, shows=False).send(request)).reply
    session.emit(cache.report(reply.usage, clock.now()))
    now = session.spend.reading()
    cost = "" if now.own_usd is None or spent.own_usd is None else f", for {dollars(now.own_usd - spent.own_usd)}"
    read, written = tokens(reply.usage.cache_read_input_tokens), tokens(reply.usage.cache_creation_input_tokens)
    lives = "an hour" if cache.ttl == "1h" else "five minutes"
    session.emit(e.Noticed(f"the cache is warm for {lives}: {read} read, {written} written{cost}", "success"))
    session.measure()


def report_cache(session: Session, usage: Usage, now: float, diagnosis: str = "") -> None:
    """Tell what a request read from the cache and left in it, and a person where it missed for no good reason.

    `diagnosis`: the server's own word for it.
    """
    reported = session.cache.report(usage, now, diagnosis)
    session.emit(reported)
    if reported.why in FAULTS and reported.missed >= WORTH_TELLING:
        said = f"the cache missed {tokens(reported.missed)} tokens that were paid for again:"
        own_word = f" The server says {diagnosis}." if diagnosis else ""
        session.emit(e.Noticed(said, "warning", f"{FAULTS[reported.why]}.{own_word}"))
