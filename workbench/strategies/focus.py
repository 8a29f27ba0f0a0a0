"""What the person asked a compaction to heed, in their words (`/compact keep the API decisions`)."""

import re

from workbench.strategies.facts import FactKind

_KINDS: dict[str, FactKind] = {
    "decision": "decisions", "path": "paths", "file": "paths", "command": "commands", "number": "numbers",
    "figure": "numbers", "error": "errors", "failure": "errors", "url": "urls", "link": "urls",
    "identifier": "identifiers", "question": "questions", "preference": "preferences", "request": "requests",
}  # fmt: skip
_FILLER = frozenset(
    {"keep", "drop", "the", "and", "all", "any", "with", "what", "that", "this", "from", "about", "please", "only"}
    | {"important", "remember", "focus", "make", "sure", "summarise", "summarize", "compact", "preserve", "for", "not"}
)


class Focus:
    """Says whether a text is of what was asked for. Of nothing where nothing was asked."""

    def __init__(self, instructions: str) -> None:
        words = {_stem(word) for word in re.findall(r"[^\W_]{3,}", instructions.casefold())} - _FILLER
        self._kinds = {_KINDS[word] for word in words if word in _KINDS}
        self._words = words - _KINDS.keys()

    def wants(self, kind: FactKind | None, text: str) -> bool:
        """True for a fact of a kind that was named, about what was named: `the API decisions` are not all decisions."""
        if self._kinds and kind is not None and kind not in self._kinds:
            return False
        if not self._words:
            return bool(self._kinds) and kind is not None
        return not self._words.isdisjoint(_stem(word) for word in re.findall(r"[^\W_]{3,}", text.casefold()))

    def names(self, text: str) -> bool:
        """True for a text about what was named, of whatever kind."""
        return self.wants(None, text)


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
