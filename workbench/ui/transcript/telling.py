"""The order in which a transcript is told: each entry once it has ended, below all that was told before it.

What was told is not told in other words later, and nothing comes between: calls that run side by side are told as they
end, and what comes while an answer arrives waits for its end.
"""

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from msgspec.structs import replace

from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool
from workbench.ui.transcript.spoken import UNSETTLED


class Telling:
    """Entries as they are told. `source` is what the state holds, in the order in which things began."""

    def __init__(self, source: Sequence[AnyEntry]) -> None:
        self.source = source
        self.entries: list[AnyEntry] = []
        self._places: dict[int, int] = {}
        """Where each of `entries` stands, by its identity."""
        self._lines: dict[int, Marker] = {}
        """What a line across said when it was told last, by its identity: a copy, for the line offers less later."""
        self._origins: dict[int, Marker] = {}
        """The line that a copy is of, by the identity of the copy."""
        self._waiting: list[AnyEntry] = []
        self._tries: dict[int, int] = {}
        """How many tries of a line about them were told, by its identity."""
        self._seen = 0
        """How many of the source were looked at."""
        self.take(())

    @property
    def lost(self) -> bool:
        """True where the source has less than it had: it is to be told anew."""
        return len(self.source) < self._seen

    def take(self, touched: Iterable[int]) -> set[int]:
        """Tell what has ended; returns which of `entries` say more than before. `touched` are indexes of the source."""
        entries = [self.source[at] for at in touched if at < self._seen]
        changed = {self._find(entry) for entry in entries if isinstance(entry, Answer | Prompt)}
        again = [entry for entry in entries if isinstance(entry, Marker) and self._says_more(entry)]
        waiting, self._waiting = [*self._waiting, *again, *self.source[self._seen :]], []
        self._seen = len(self.source)
        for entry in waiting:
            if isinstance(entry, Marker) and entry.kind == "retry" and not self._arriving:
                self._tell_tries(entry)
            if has_ended(entry) and not self._arriving:
                if self._tries.pop(id(entry), 0) and isinstance(entry, Marker) and not entry.command:
                    continue  # each try was told, and what comes next says what became of them
                self._places[id(entry)] = len(self.entries)
                self.entries.append(self._keep(entry) if isinstance(entry, Marker) else entry)
            else:
                self._waiting.append(entry)
        return {at for at in changed if at is not None}

    def _tell_tries(self, line: Marker) -> None:
        """That a try failed and another follows, once each: the line itself says other words every time."""
        if line.due and len(line.tries) > self._tries.get(id(line), 0):
            self._tries[id(line)] = len(line.tries)
            self.entries.append(replace(line, kind="try"))

    def _keep(self, line: Marker) -> Marker:
        self._lines[id(line)] = copy = replace(line)
        self._origins[id(copy)] = line
        return copy

    def _says_more(self, line: Marker) -> bool:
        """True where a line that was told says something else now; what it offers is no news."""
        told = self._lines.get(id(line))
        return told is not None and (told.title, told.detail) != (line.title, line.detail)

    def find_origin(self, told: Marker) -> Marker:
        """The line of the source that `told` is a copy of."""
        return self._origins.get(id(told), told)

    @property
    def _arriving(self) -> bool:
        """True while more of the answer that was told last may come, as `UiState.streaming_at` knows it."""
        last = self.entries[-1] if self.entries else None
        if not isinstance(last, Answer) or not last.streaming:
            return False
        behind = dropwhile(lambda entry: isinstance(entry, Marker | Asked), reversed(self.source))
        return next(behind, None) is last

    def _find(self, entry: Answer | Prompt) -> int | None:
        """The place of an entry that was told; a prompt whose turn began takes the place of the one that was sent."""
        if (at := self._places.get(id(entry))) is not None or isinstance(entry, Answer):
            return at
        for at in range(len(self.entries) - 1, -1, -1):
            if isinstance(sent := self.entries[at], Prompt):
                if not sent.starting:
                    return None
                del self._places[id(sent)]
                self._places[id(entry)], self.entries[at] = at, entry
                return at
        return None


def find_action(line: Marker, telling: Telling | None) -> str:
    """What a line offers now, also where it was told long ago."""
    return (telling.find_origin(line) if telling else line).action


def has_ended(entry: AnyEntry) -> bool:
    """True where what is told of it stays; of an answer each line does once it has ended."""
    match entry:
        case Tool():
            return entry.state not in UNSETTLED
        case Thought():
            return not entry.streaming
        case Asked():
            return entry.state != "waiting"
        case Marker(kind="retry"):
            return entry.level != "error"
    return True
