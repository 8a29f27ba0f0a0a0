"""One part of a prompt, with what its words refer to."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.providers.rehearsal.mind import words
from workbench.providers.rehearsal.mind.conversation import Conversation

_REFERS = re.compile(
    r"\b(it|its|that file|this file|the file|the same file|that one|that folder|this document)\b", re.I
)


@dataclass(frozen=True)
class Request:
    """What is asked for, and in which conversation."""

    text: str
    """As it was written."""
    talk: Conversation
    focus: str = ""
    """The file that was spoken of last."""

    @cached_property
    def bare(self) -> str:
        """The text without politeness."""
        return words.plain(self.text)

    @cached_property
    def quoted(self) -> list[str]:
        """What stands in quotation marks."""
        return words.quoted(self.bare)

    @cached_property
    def paths(self) -> list[str]:
        """Paths in the text; where there is none and the text says "it", the file spoken of last."""
        found = words.paths(self.bare)
        return found or ([self.focus] if self.focus and _REFERS.search(self.bare) else [])

    def match(self, pattern: str) -> re.Match[str] | None:
        """Where `pattern` is found in the bare text, case ignored."""
        return re.search(pattern, self.bare, re.I | re.S)

    def offers(self, tool: str) -> bool:
        """True when `tool` can be called now."""
        return tool in self.talk.offered

    def part(self, text: str, focus: str) -> "Request":
        """Another part of the same prompt."""
        return replace(self, text=text, focus=focus)


def focus_of(talk: Conversation) -> str:
    """The file that the conversation spoke of last, before the running prompt."""
    for turn in reversed(talk.before):
        for outcome in reversed(turn.calls):
            path = outcome.arguments.get("file_path")
            if isinstance(path, str) and outcome.ok:
                return path
        if found := words.paths(turn.prompt):
            return found[-1]
    return ""
