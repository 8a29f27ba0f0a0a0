"""What the model that answers can take: learnt before the first request, held against a prompt before it is sent."""

import asyncio

from workbench.context import WindowPolicy
from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.ports import Models
from workbench.core.requests import ModelRequest
from workbench.engine.billing import LEAST_REPLY
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.request import keep_model
from workbench.engine.session import Session


async def learn_limits(session: Session, models: Models) -> None:
    """Take over what is known of the model that answers; its endpoint is asked once."""
    model = session.summary.model
    facts = await models.load(model)
    window, reply = session.ledger.knows(model)
    if (facts.window or window, facts.reply or reply) != (window, reply):
        why = "refused before" if facts.source == "refusal" else "the endpoint says so"
        session.emit(e.LimitLearnt(model, facts.window, facts.reply, why))


async def check_fits(prompt: str, session: Session, deps: EngineDependencies) -> None:
    """Raise WorkbenchError for a prompt that alone is larger than the window: it is neither sent nor stored."""
    window = session.window()
    if len(prompt.encode(errors="replace")) + LEAST_REPLY <= window.size // 2:
        return  # no text has more tokens than bytes
    model = keep_model(deps.facts, session).model
    size = WindowPolicy(window.size).limit((await deps.models.load(model)).window, None).size
    head = sum(section.tokens for section in window.sections[:3])
    room = size - LEAST_REPLY - (head if head < size // 2 else 0)
    tokens = await asyncio.to_thread(deps.estimator.count, prompt)
    alone = ModelRequest(model, LEAST_REPLY, [], [{"role": "user", "content": prompt}])
    if tokens > room and (await deps.counter.count_request(alone) or tokens) > room:
        raise WorkbenchError(
            f"the prompt alone is about {tokens:,} tokens, and the window takes {size:,}; it was not sent.",
            "Put the text into a file of the workspace and ask for it to be read in parts.",
        )
