"""The body of a Messages request as the agent reads it: turns with their calls and results, and the tools offered."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

SUMMARY = "[CONVERSATION SUMMARY]"
_NOTICE = re.compile(r"\s*\[(?:NOTICE|WORKING MEMORY|BUDGET|CONVERSATION|SCRATCHPAD|RECALL|EVIDENCE)[A-Z ]*\]")
"""How the texts begin that the workbench adds to a user message."""


@dataclass(frozen=True)
class Outcome:
    """A call and what came of it."""

    name: str
    arguments: dict[str, Any]
    text: str = ""
    ok: bool = True
    """False when it failed, was refused, or could not be asked for."""


@dataclass
class Turn:
    """One prompt, and the calls that it led to."""

    prompt: str
    calls: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Conversation:
    """Everything that a request says."""

    offered: frozenset[str]
    """Names of the tools that may be called now; empty when tools are off."""
    system: str
    turns: tuple[Turn, ...]
    """Oldest first; the first has no prompt, the last one is running."""
    summary: str
    """What stands for the messages that left the window."""
    room: int
    """The largest reply, in tokens."""
    digest: str
    """Tells these messages from any others."""

    @property
    def turn(self) -> Turn:
        """The running turn."""
        return self.turns[-1]


def parse(body: dict[str, Any]) -> Conversation:
    """The conversation of `body`."""
    off = (body.get("tool_choice") or {}).get("type") == "none"
    reader, messages = _Reader(), body.get("messages") or []
    for message in messages:
        read = reader.read_assistant if message.get("role") == "assistant" else reader.read_user
        read(_blocks(message.get("content")))
    return Conversation(
        frozenset() if off else frozenset(str(tool.get("name")) for tool in body.get("tools") or ()),
        _text(body.get("system")),
        tuple(reader.turns),
        reader.summary,
        int(body.get("max_tokens") or 4096),
        hashlib.blake2b(json.dumps(messages, default=str).encode(), digest_size=16).hexdigest(),
    )


class _Reader:
    """Reads messages in order."""

    def __init__(self) -> None:
        self.turns = [Turn("")]
        self.summary = ""
        self._asked: dict[str, tuple[str, dict[str, Any]]] = {}

    def read_user(self, blocks: list[dict[str, Any]]) -> None:
        """Results close calls; the person's own text starts a turn; what the workbench added does not."""
        for block in blocks:
            text = str(block.get("text", ""))
            if asked := self._asked.get(str(block.get("tool_use_id"))):
                self.turns[-1].calls.append(Outcome(*asked, _text(block.get("content")), not block.get("is_error")))
            elif text.lstrip().startswith(SUMMARY):
                self.summary = text.lstrip().removeprefix(SUMMARY).strip()
            elif text.strip() and not _NOTICE.match(text):
                self.turns.append(Turn(text.strip()))

    def read_assistant(self, blocks: list[dict[str, Any]]) -> None:
        """Calls wait for their results."""
        for block in blocks:
            if block.get("type") == "tool_use":
                self._asked[str(block.get("id"))] = str(block.get("name")), dict(block.get("input") or {})


def _blocks(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content or () if isinstance(block, dict)]


def _text(content: Any) -> str:
    """The text of a content, blocks joined by a newline."""
    return "\n".join(str(block.get("text", "")) for block in _blocks(content) if block.get("type") == "text")
