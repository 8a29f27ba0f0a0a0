"""A step or an answer as content blocks of the Messages API, with ids and the assessment trailer."""

import hashlib
import json
import re
from typing import Any

from workbench.providers.rehearsal.agent.conversation import Conversation
from workbench.providers.rehearsal.agent.plans import Answer, Call, Step
from workbench.providers.rehearsal.sse import Scene

CHARACTERS_PER_TOKEN = 3
"""A cautious guess for fitting a text into a reply."""
TRAILER_ROOM = 200
"""Tokens kept free for the trailer."""


def compose(move: Step | Answer, talk: Conversation) -> Scene:
    """`move` as a reply to `talk`."""
    if isinstance(move, Answer):
        return Scene((_text(f"{fit(move.text, talk.room - TRAILER_ROOM)}\n\n{_trailer(move)}"),))
    said = [_text(move.say)] if move.say else []
    return Scene((*said, *(_tool_use(call, place, talk) for place, call in enumerate(move.calls))), "tool_use")


def compose_document(text: str, talk: Conversation) -> Scene:
    """`text` as a reply without an assessment."""
    return Scene((_text(fit(text, talk.room)),))


def fit(text: str, tokens: int) -> str:
    """`text` cut at a line's end so that it holds about `tokens` tokens at most; an open fence is closed."""
    size = max(120, tokens * CHARACTERS_PER_TOKEN)
    if len(text) <= size:
        return text
    cut = text[:size].rpartition("\n")[0] or text[:size]
    opened = re.findall(r"^(`{3,})", cut, re.M)
    closing = f"\n{opened[-1]}" if len(opened) % 2 else ""
    return f"{cut}{closing}\n\n… (cut: the reply is limited to {tokens} tokens)"


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _trailer(answer: Answer) -> str:
    """The answer's assessment of itself (seed §7), as the workbench reads it."""
    fields = {
        "confidence": answer.confidence,
        "confidence_reasoning": answer.reasoning,
        "alternative_interpretations": answer.alternatives,
    }
    # What is quoted may hold the closing tag; escaped it cannot end the trailer.
    written = json.dumps(fields, ensure_ascii=False).replace("<", "\\u003c")
    return f"<assessment>{written}</assessment>"


def _tool_use(call: Call, place: int, talk: Conversation) -> dict[str, Any]:
    """The id comes from the messages so far and the place: the same request gets the same ids, no other does."""
    rating = {"confidence": call.confidence, "confidence_reason": call.reason} if call.confidence is not None else {}
    id = "toolu_" + hashlib.blake2b(f"{talk.digest} {place}".encode(), digest_size=12).hexdigest()
    return {"type": "tool_use", "id": id, "name": call.name, "input": call.arguments | rating}
