"""What of the window was named again later: by a path, by an id, or by a word that only one block brought.

People and the model name things, and calls do; results only bring them. A word belongs to the block that said it
first, and to none once a result says it too. Cheap, by code, at the cost of what came since it was asked last.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from workbench.core.decisions import Proposal
from workbench.core.entries import Entry, write_text
from workbench.core.messages import RedactedThinking, Thinking, ToolResult, ToolUse
from workbench.core.window import Epoch

MOST_READ = 40_000
"""Characters of a block that are looked at."""
SHORTEST = 5
"""Letters of a word that can belong to one block alone."""
_WORD = re.compile(r"[\w./~-]*\w")
_ID = re.compile(r"\be\d+(?:\.\d+)?\b")
_SHARED = ""
"""Owner of a word that more than one block brought."""


class References:
    """The last turn in which each block was named by what stands in the window, lifted, or, for a tool, called."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        """What the journal tells by itself, by block id: liftings, and calls of tools."""
        self._named: dict[str, int] = {}
        self._owners: dict[str, str] = {}
        """Of each word the block that brought it."""
        self._paths: dict[str, str] = {}
        """Of each path the newest block that holds what is there."""
        self._entries: Sequence[Entry] = ()
        self._epoch: Epoch | None = None
        self._count = 0

    def read(self, epoch: Epoch | None, entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> dict[str, int]:
        """Take in what came; the turns by id. Other entries or another head are read from their beginning."""
        if self._entries is not entries or self._epoch is not epoch or self._count > len(entries):
            self._begin(epoch, entries)
        for entry in entries[self._count :]:
            self._take(entry, proposals)
        self._count = len(entries)
        return self._named | {id: max(turn, self._named.get(id, 0)) for id, turn in self._told.items()}

    def tell(self, id: str, turn: int) -> None:
        """A person had the block said again, or the tool was called."""
        self._told[id] = turn

    def _begin(self, epoch: Epoch | None, entries: Sequence[Entry]) -> None:
        self._epoch, self._entries, self._count = epoch, entries, 0
        self._named, self._owners, self._paths = {}, {}, {}
        for place, document in enumerate(epoch.memory if epoch else (), 1):
            id = document.id or f"memory:{place}"
            self._bring(id, find_words(document.text))
            self._paths[document.name] = id
        if epoch and epoch.summary:
            self._bring("summary", find_words(epoch.summary))

    def _take(self, entry: Entry, proposals: Mapping[str, Proposal]) -> None:
        match entry.part:
            case Thinking() | RedactedThinking():
                return
            case ToolResult(tool_use_id=call, text=text):
                self._bring(entry.id, find_words(text))
                if proposal := proposals.get(call):
                    self._hold(entry.id, proposal)
                return
            case ToolUse() as use:
                text = write_text(use)
                for id in _ID.findall(text):
                    self._name(id, entry.turn)
            case part:
                text = write_text(part)
        words = find_words(text)
        for word in words:
            for known in (self._owners, self._paths):
                if owner := known.get(word, _SHARED):
                    self._name(owner, entry.turn)
        for word in words:
            self._owners.setdefault(word, entry.id)

    def _bring(self, id: str, words: Iterable[str]) -> None:
        for word in words:
            if self._owners.setdefault(word, id) != id:
                self._owners[word] = _SHARED

    def _hold(self, id: str, proposal: Proposal) -> None:
        """The result holds what is at the paths of its call, and is named by them, or by a file's name alone."""
        for effect in proposal.effects:
            for path in effect.targets[:1]:
                self._paths[path] = self._paths[path.rpartition("/")[2]] = id

    def _name(self, id: str, turn: int) -> None:
        self._named[id] = max(turn, self._named.get(id, 0))


def find_words(text: str) -> set[str]:
    """Paths, identifiers and figures in `text`: words that no dictionary has."""
    found = set(_WORD.findall(text[:MOST_READ]))
    return {word for word in found if len(word) >= SHORTEST and not _is_plain(word)}


def _is_plain(word: str) -> bool:
    """True for a word of plain language, or a small figure."""
    return word.isalpha() and (word.islower() or word.istitle() or word.isupper())
