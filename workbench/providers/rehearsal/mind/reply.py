"""From a step or an answer to content blocks of the Messages API, with ids and the assessment trailer."""

import hashlib
import json
from typing import Any

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.markdown import fit
from workbench.providers.rehearsal.mind.steps import Answer, Call, Step
from workbench.providers.rehearsal.scene import Scene


def scene_of(move: Step | Answer, talk: Conversation) -> Scene:
    """`move` as a reply to `talk`."""
    if isinstance(move, Answer):
        return Scene((text_block(fit(move.text, talk.room - 200) + "\n\n" + trailer(move)),))
    said = (text_block(move.say),) if move.say else ()
    calls = tuple(_tool_use(call, place, talk) for place, call in enumerate(move.calls))
    return Scene((*said, *calls), "tool_use")


def text_block(text: str) -> dict[str, Any]:
    """A text content block."""
    return {"type": "text", "text": text}


def trailer(answer: Answer) -> str:
    """The answer's assessment of itself (seed §7), as the app reads it."""
    fields = {
        "confidence": round(min(1.0, max(0.0, answer.confidence)), 2),
        "confidence_reasoning": answer.reasoning,
        "alternative_interpretations": list(answer.alternatives),
    }
    # What is quoted may hold the closing tag; escaped it cannot end the trailer.
    written = json.dumps(fields, ensure_ascii=False).replace("<", "\\u003c")
    return f"<assessment>{written}</assessment>"


def _tool_use(call: Call, place: int, talk: Conversation) -> dict[str, Any]:
    arguments = dict(call.arguments)
    if call.confidence is not None:
        arguments |= {"confidence": call.confidence, "confidence_reason": call.reason}
    return {"type": "tool_use", "id": _id(call, place, talk), "name": call.name, "input": arguments}


def _id(call: Call, place: int, talk: Conversation) -> str:
    """From the conversation so far, the place and the content: the same request gets the same ids, no other does."""
    salt = 0
    while True:
        seed = json.dumps([talk.digest, place, call.name, call.arguments, salt], sort_keys=True, default=str)
        made = "toolu_" + hashlib.blake2b(seed.encode("utf-8", "replace"), digest_size=12).hexdigest()
        if made not in talk.ids:
            return made
        salt += 1
