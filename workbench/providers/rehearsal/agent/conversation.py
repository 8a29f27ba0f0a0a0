"""What a request holds, as the agent reads it: turns with their calls and results, and the words of the prompt."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.providers.rehearsal.agent.texts import drop_repeats

SUMMARY = "[CONVERSATION SUMMARY]"
_NOTICE = re.compile(r"\s*\[(?:NOTICE|WORKING MEMORY|BUDGET|CONVERSATION|SCRATCHPAD|RECALL|EVIDENCE)[A-Z ]*\]")
"""How the texts begin that the workbench adds to a user message."""
QUOTED = r"`[^`\n]+`|\"[^\"\n]*\"|“[^”\n]*”|'[^'\n]*'"
TOKEN = rf"(?:{QUOTED}|[^\s,;]+)"
"""A quotation or a word."""
PATH = r"[\w.@+*-]*/[\w.@+*/-]*|[\w@+*-][\w.@+*-]*\.[A-Za-z]\w{0,7}|\.\w[\w.]+|README|Makefile|Dockerfile|LICENSE"
"""A name with a slash or an extension, or a known one."""
_POLITE = r"^(?:(?:please|now|ok(?:ay)?|could you|can you|would you|then|let(?:'|’)s|i want you to)\b[\s,:]*)+"


@dataclass(frozen=True)
class Outcome:
    """A call and what came of it."""

    name: str
    arguments: dict[str, Any]
    text: str = ""
    ok: bool = True
    """False when it failed, was refused, or could not be asked for."""


@dataclass
class PastTurn:
    """One prompt, and the calls that it led to."""

    prompt: str
    calls: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class RequestView:
    """Everything that a request says."""

    offered: frozenset[str]
    """Names of the tools that may be called now; empty when tools are off."""
    system: str
    turns: tuple[PastTurn, ...]
    """Oldest first; the first has no prompt, the last one is running."""
    summary: str
    """What stands for the messages that left the window."""
    room: int
    """The largest reply, in tokens."""
    digest: str
    """Tells these messages from any others."""

    @property
    def turn(self) -> PastTurn:
        """The running turn."""
        return self.turns[-1]


def parse(body: dict[str, Any]) -> RequestView:
    """The conversation of `body`."""
    off = (body.get("tool_choice") or {}).get("type") == "none"
    turns, summary, messages = [PastTurn("")], "", body.get("messages") or []
    asked: dict[str, tuple[str, dict[str, Any]]] = {}
    for message in messages:
        for block in _blocks(message.get("content")):
            text = str(block.get("text", ""))
            if message.get("role") == "assistant":
                if block.get("type") == "tool_use":
                    asked[str(block.get("id"))] = str(block.get("name")), dict(block.get("input") or {})
            elif call := asked.get(str(block.get("tool_use_id"))):
                turns[-1].calls.append(Outcome(*call, _text(block.get("content")), not block.get("is_error")))
            elif text.lstrip().startswith(SUMMARY):
                summary = text.lstrip().removeprefix(SUMMARY).strip()
            elif text.strip() and not _NOTICE.match(text):
                turns.append(PastTurn(text.strip()))
    return RequestView(
        frozenset() if off else frozenset(str(tool.get("name")) for tool in body.get("tools") or ()),
        _text(body.get("system")),
        tuple(turns),
        summary,
        int(body.get("max_tokens") or 4096),
        hashlib.blake2b(json.dumps(messages, default=str).encode(), digest_size=16).hexdigest(),
    )


def _blocks(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content or () if isinstance(block, dict)]


def _text(content: Any) -> str:
    """The text of a content, blocks joined by a newline."""
    return "\n".join(str(block.get("text", "")) for block in _blocks(content) if block.get("type") == "text")


@dataclass(frozen=True)
class Request:
    """One thing that is asked for."""

    text: str
    """Without the politeness around it."""
    talk: RequestView
    found: Mapping[str, str | None]
    """What the pattern took from the text, by name."""

    def word(self, name: str) -> str:
        """What the pattern took under `name`, without quotation marks; empty where it took nothing."""
        return unquote(self.found.get(name) or "")


def strip_politeness(prompt: str) -> str:
    """`prompt` without the politeness around it; itself where nothing else is in it."""
    bare = re.sub(_POLITE, "", prompt.strip(), flags=re.I)
    return re.sub(r"[\s,]*\b(?:please|thanks|thank you)[.!]*$", "", bare, flags=re.I).strip() or prompt.strip()


def unquote(token: str) -> str:
    """`token` without the quotation marks around it, or the punctuation after it."""
    token = token.strip()
    return token[1:-1] if re.fullmatch(QUOTED, token) else token.rstrip(".,;:?!") or token


def find_paths(text: str) -> list[str]:
    """Names of files and folders in `text`; a quoted one may have spaces."""
    tokens = (unquote(token) for token in re.findall(TOKEN, text))
    paths = (token for token in tokens if re.fullmatch(PATH, token.replace(" ", "_")) and re.search(r"\w", token))
    return drop_repeats(path.removeprefix("@").removeprefix("./") for path in paths)
