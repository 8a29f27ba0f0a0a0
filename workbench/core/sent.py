"""The messages of an epoch as they are sent: they only grow, and what was handed out stays as it was.

Each entry is put on the wire once. A request costs what came since the one before it, and a list of references.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from workbench.core.messages import AnyPart, Role, Text, wire
from workbench.core.window import Epoch

SUMMARY_HEAD = "[CONVERSATION SUMMARY]\n"
CONTINUED = "[CONVERSATION CONTINUED] What was said before is not in this window."

Wire = list[dict[str, Any]]


class Said(Protocol):
    """An entry of the conversation, as far as a request needs it."""

    @property
    def role(self) -> Role:
        """Who said it."""

    @property
    def part(self) -> AnyPart:
        """What was said."""


class SentMessages:
    """Messages built of entries, of which more come at the end; other entries or another head begin anew."""

    def __init__(self) -> None:
        self._messages: Wire = []
        self._entries: Sequence[Said] = ()
        self._epoch: Epoch | None = None
        self._count = 0
        """Entries that were taken in."""

    def extend(self, epoch: Epoch | None, entries: Sequence[Said]) -> Wire:
        """The messages of `entries`, summary first, neighbours of one role merged.

        The list is the caller's own; the messages in it are shared and must not be changed: see `put`.
        """
        if not (self._count and self._entries is entries and self._epoch is epoch and self._count <= len(entries)):
            self._begin(epoch, entries)
        fresh = entries[self._count :]
        if fresh and self._messages:
            self._messages[-1] = _copy(self._messages[-1])
        for entry in fresh:
            if not (isinstance(entry.part, Text) and not entry.part.text.strip()):
                _append(self._messages, entry.role, wire(entry.part))
        self._count = len(entries)
        return list(self._messages)

    def _begin(self, epoch: Epoch | None, entries: Sequence[Said]) -> None:
        self._messages, self._entries, self._epoch, self._count = [], entries, epoch, 0
        if epoch and epoch.summary:
            _append(self._messages, "user", {"type": "text", "text": SUMMARY_HEAD + epoch.summary})
        elif entries and entries[0].role == "assistant":
            _append(self._messages, "user", {"type": "text", "text": CONTINUED})


def put(messages: Wire, role: Role, blocks: Wire) -> None:
    """Add `blocks` to a list of messages that was handed out, without changing a message in it."""
    if blocks and messages:
        messages[-1] = _copy(messages[-1])
    for block in blocks:
        _append(messages, role, block)


def _copy(message: dict[str, Any]) -> dict[str, Any]:
    return {"role": message["role"], "content": list(message["content"])}


def _append(messages: Wire, role: Role, block: dict[str, Any]) -> None:
    if messages and messages[-1]["role"] == role:
        messages[-1]["content"].append(block)
    else:
        messages.append({"role": role, "content": [block]})
