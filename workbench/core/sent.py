"""The messages of an epoch as they are sent: acceptable to the API, and once handed out they only grow.

    entries ─▶ no blank text, no unsigned thinking ─▶ no message that ends in thinking ─▶ neighbours of a role merged

This is decided here and last, on what is really sent, whatever was left out before. Each entry is put on the wire once:
a request costs what came since the one before it, and a list of references. Each block knows the entry that it came
from, so that a refusal that names a block finds it.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol

from workbench.core.messages import AnyPart, RedactedThinking, Role, Text, Thinking, wire
from workbench.core.window import Epoch

SUMMARY_HEAD = "[CONVERSATION SUMMARY]\n"
CONTINUED = "[CONVERSATION CONTINUED] What was said before is not in this window."

Wire = list[dict[str, Any]]


class Said(Protocol):
    """An entry of the conversation, as far as a request needs it."""

    @property
    def id(self) -> str:
        """What the window calls it."""

    @property
    def seq(self) -> int:
        """The event that brought it, the same for all parts of one message."""

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
        self._origins: list[list[str]] = []
        """For each block of each message the entry that it came from; empty where it came from none."""
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
        for entry in filter_sendable(fresh):
            if not self._messages and entry.role == "assistant":
                self._add("user", {"type": "text", "text": CONTINUED}, "")
            self._add(entry.role, wire(entry.part), entry.id)
        self._count = len(entries)
        return list(self._messages)

    def find_origin(self, place: Sequence[int]) -> str:
        """The entry at `place`, message and block as a refusal of the newest request names them; empty for none."""
        if len(place) < 2 or not 0 <= place[0] < len(self._origins):
            return ""
        origins = self._origins[place[0]]
        return origins[place[1]] if 0 <= place[1] < len(origins) else ""

    def _begin(self, epoch: Epoch | None, entries: Sequence[Said]) -> None:
        self._messages, self._origins, self._entries, self._epoch, self._count = [], [], entries, epoch, 0
        if epoch and epoch.summary:
            self._add("user", {"type": "text", "text": SUMMARY_HEAD + epoch.summary}, "")

    def _add(self, role: Role, block: dict[str, Any], origin: str) -> None:
        _append(self._messages, role, block)
        if len(self._origins) < len(self._messages):
            self._origins.append([])
        self._origins[-1].append(origin)


def filter_sendable(entries: Iterable[Said]) -> list[Said]:
    """Those of `entries` that the API takes; what one message becomes depends on nothing that is said after it."""
    kept: list[Said] = []
    for _, message in groupby(entries, lambda entry: (entry.role, entry.seq)):
        parts = [entry for entry in message if _is_sendable(entry.part)]
        while parts and isinstance(parts[-1].part, Thinking | RedactedThinking):
            parts.pop()
        kept += parts
    return kept


def _is_sendable(part: AnyPart) -> bool:
    match part:
        case Text(text=text):
            return bool(text.strip())
        case Thinking(signature=signature):
            return bool(signature)
        case RedactedThinking(data=data):
            return bool(data)
    return True


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
