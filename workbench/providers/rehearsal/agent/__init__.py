"""A small rule-based agent: it sees only the body of a request, and answers with a scene.

    body ─▶ conversation ─▶ patterns ─▶ a skill's plan ─▶ plans.advance ─▶ reply ─▶ Scene
              └─ with a purpose ─▶ internal_requests   summary, handoff, title; one extractive answer for all else

It has no language model and no memory: what it knows it takes from the messages, each time anew. What an answer says
stood in a tool's result or in the request (`extract`), or it is not said.
"""

from typing import Any

from workbench.providers.rehearsal.agent.conversation import parse
from workbench.providers.rehearsal.agent.internal_requests import answer_request
from workbench.providers.rehearsal.agent.patterns import choose_plan
from workbench.providers.rehearsal.agent.plans import advance, compose, compose_document
from workbench.providers.rehearsal.sse import Scene

__all__ = ["respond"]


def respond(body: dict[str, Any], purpose: str = "turn") -> Scene:
    """The reply to a request. Pure: the same body and purpose get the same blocks, ids included.

    `purpose` is `turn` for a person's prompt, else the name of one of the workbench's own requests.
    """
    talk = parse(body)
    if purpose != "turn":
        return compose_document(answer_request(purpose, talk), talk)
    return compose(advance(choose_plan(talk), talk), talk)
