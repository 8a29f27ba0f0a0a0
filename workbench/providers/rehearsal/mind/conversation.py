"""A request of the Messages API as the rehearsal sees it: prompts, calls and their results, notices, tools offered."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

NOTICE = re.compile(r"\s*\[[A-Z][A-Z]")
"""A text block that the app adds to a user message, and that is not the person's own."""
SUMMARY = "[CONVERSATION SUMMARY]"
ASSESSMENT = re.compile(r"<assessment>(?:(?!<assessment>).)*\Z", re.S)
_OWN_HEADS = re.compile(
    r"\s*\[(WORKING MEMORY|BUDGET|NOTICE|CONVERSATION|SCRATCHPAD|RECALL|TIME|EVIDENCE|HANDOFF|REFERENCE)"
)
_CONFIDENCE = ("confidence", "confidence_reason")


@dataclass(frozen=True)
class Outcome:
    """A call and what came of it."""

    name: str
    arguments: dict[str, Any]
    text: str = ""
    error: bool = False
    missing: bool = False
    """True when it could not be asked for: the tool is not offered, or tools are off."""
    media: bool = False
    """True when it gave an image or a document instead of text."""

    edited: str = ""
    """What ran instead, when the person edited the arguments."""

    @property
    def ok(self) -> bool:
        """It ran and did not fail."""
        return not self.error and not self.missing


@dataclass
class Exchange:
    """One prompt and what followed."""

    prompt: str
    calls: list[Outcome] = field(default_factory=list)
    steps: int = 0
    answer: str = ""


@dataclass(frozen=True)
class Conversation:
    """Everything a request says, parsed once."""

    offered: frozenset[str]
    """Names of the tools that may be called now; empty when tools are off."""
    system: str
    turns: tuple[Exchange, ...]
    """Oldest first; the last one is running."""
    notices: str
    """What the app added to user messages, newest last."""
    summary: str
    room: int
    """The largest reply, in tokens."""
    ids: frozenset[str]
    """Ids of calls already made."""
    digest: str
    """What tells this request from any other, for new ids."""

    @property
    def turn(self) -> Exchange:
        """The running exchange."""
        return self.turns[-1]

    @property
    def before(self) -> tuple[Exchange, ...]:
        """The exchanges before the running one."""
        return self.turns[:-1]


def key(name: str, arguments: dict[str, Any]) -> str:
    """What makes two calls the same: the name and the arguments without the confidence."""
    plain = {k: v for k, v in arguments.items() if k not in _CONFIDENCE}
    return f"{name} {json.dumps(plain, sort_keys=True, default=str)}"


def content_text(content: Any) -> str:
    """The text of a message's or a tool result's content, blocks joined by a newline."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(str(b.get("text", "")) for b in blocks if isinstance(b, dict) and b.get("type") == "text")


def blocks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """A message's content as blocks; a bare string is one text block."""
    content = message.get("content", "")
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content if isinstance(block, dict)]


def tools_of(body: dict[str, Any]) -> frozenset[str]:
    """Names of the tools that may be called; none when `tool_choice` says so."""
    if (body.get("tool_choice") or {}).get("type") == "none":
        return frozenset()
    return frozenset(str(tool.get("name", "")) for tool in body.get("tools") or ())
