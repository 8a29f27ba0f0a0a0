"""From a request's body to a `Conversation`: who said what, which call got which result."""

import hashlib
import json
import re
from typing import Any

from workbench.providers.rehearsal.mind.conversation import (
    _OWN_HEADS,
    ASSESSMENT,
    NOTICE,
    SUMMARY,
    Conversation,
    Exchange,
    Outcome,
    blocks_of,
    content_text,
    tools_of,
)


def parse(body: dict[str, Any]) -> Conversation:
    """The conversation of `body`. It always has a last exchange, if need be with an empty prompt."""
    reader = _Reader(tools_off=not tools_of(body))
    messages = body.get("messages") or []
    for message in messages:
        if message.get("role") == "user":
            reader.user(blocks_of(message))
        else:
            reader.assistant(blocks_of(message))
    digest = hashlib.blake2b(
        json.dumps(messages, sort_keys=True, default=str).encode("utf-8", "replace"), digest_size=16
    )
    return Conversation(
        offered=tools_of(body),
        system=content_text(body.get("system") or ""),
        turns=tuple(reader.turns) or (Exchange(""),),
        notices="\n".join(reader.notices),
        summary=reader.summary,
        room=int(body.get("max_tokens") or 4096),
        ids=frozenset(reader.asked),
        digest=digest.hexdigest(),
    )


_EDITED = re.compile(r"\[The (?:developer|person|user) edited the arguments; what ran was (.*?)\]\n", re.S)
_EMPTY = re.compile(r"\[[^\n]* (?:is empty|has no lines [^\n]*)\]")
"""How the read tool says that there is nothing to read."""


class _Reader:
    """Reads messages in order."""

    def __init__(self, tools_off: bool) -> None:
        self.tools_off = tools_off
        self.turns: list[Exchange] = []
        self.notices: list[str] = []
        self.summary = ""
        self.asked: dict[str, tuple[str, dict[str, Any]]] = {}

    def user(self, blocks: list[dict[str, Any]]) -> None:
        """Results close calls; the person's own text starts an exchange; the rest are notices."""
        results = [b for b in blocks if b.get("type") == "tool_result"]
        texts = [str(b.get("text", "")) for b in blocks if b.get("type") == "text"]
        for block in results:
            self._result(block)
        own = [text for text in texts if text.strip() and not NOTICE.match(text)]
        if not own and not results:
            own = [text for text in texts if text.strip() and not _OWN_HEADS.match(text)][:1]
        if results and self.tools_off:
            own = []  # what comes with the last results when tools are off is the instruction to finish
        for text in texts:
            if text in own:
                self.turns.append(Exchange(text.strip()))
            elif text.lstrip().startswith(SUMMARY):
                self.summary = text.lstrip()[len(SUMMARY) :].strip()
            else:
                self.notices.append(text.strip())

    def assistant(self, blocks: list[dict[str, Any]]) -> None:
        """Calls wait for their results; text without calls is the answer."""
        if not self.turns:
            self.turns.append(Exchange(""))
        calls = [b for b in blocks if b.get("type") == "tool_use"]
        text = "".join(str(b.get("text", "")) for b in blocks if b.get("type") == "text")
        if calls:
            self.turns[-1].steps += 1
        else:
            self.turns[-1].answer = ASSESSMENT.sub("", text).strip()
        for block in calls:
            arguments = block.get("input")
            self.asked[str(block.get("id"))] = (
                str(block.get("name")),
                arguments if isinstance(arguments, dict) else {},
            )

    def _result(self, block: dict[str, Any]) -> None:
        asked = self.asked.get(str(block.get("tool_use_id")))
        if asked is None:
            return
        if not self.turns:
            self.turns.append(Exchange(""))
        content = block.get("content", "")
        media = isinstance(content, list) and any(b.get("type") in ("image", "document") for b in content)
        text, edited = content_text(content), ""
        if head := _EDITED.match(text):
            text, edited = text[head.end() :], head[1]
        if asked[0] == "read" and _EMPTY.fullmatch(text.strip()):
            text = ""
        self.turns[-1].calls.append(Outcome(*asked, text, bool(block.get("is_error")), media=media, edited=edited))
