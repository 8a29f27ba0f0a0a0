"""Request assembly: the fold of the journal as the Messages API takes it.

tools · system · memory │ summary · history · current        static head │ messages that only grow
"""

from collections.abc import Callable
from typing import Any

from workbench.caching import place_breakpoints
from workbench.core.conversation import Conversation
from workbench.core.requests import ModelRequest
from workbench.core.window import Window

LEAST_REPLY = 1_024
"""Tokens below which an answer is not worth a request."""


def assembled(conversation: Conversation, max_tokens: int, *, tools_off: bool = False) -> ModelRequest:
    """The next request of the open epoch, with its cache breakpoints."""
    epoch = conversation.epoch
    if epoch is None:
        raise ValueError("no epoch is open")
    system: list[dict[str, Any]] = [{"type": "text", "text": epoch.system}]
    system += [{"type": "text", "text": f"<{d.kind} name={d.name!r}>\n{d.text}\n</{d.kind}>"} for d in epoch.memory]
    tools = [tool.definition for tool in epoch.tools]
    system, tools, messages = place_breakpoints(system, tools, conversation.messages(), bool(epoch.summary))
    return ModelRequest(epoch.model, max_tokens, system, messages, tools, tools_off)


def reply_room(window: Window, affordable: Callable[[int], bool]) -> int:
    """Tokens the reply may take: what is reserved, less where the window or the budget is nearly full, at least 1,024.

    `affordable` says whether the budget allows a reply of so many tokens.
    """
    room = max(LEAST_REPLY, min(window.reserved, window.size - window.total))
    while room > LEAST_REPLY and not affordable(room):
        room = max(LEAST_REPLY, room // 2)
    return room
