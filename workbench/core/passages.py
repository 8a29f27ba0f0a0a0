"""Passages: stretches of a conversation that are recalled as one, by the id of the entry that they begin with.

An index of what left the window names a passage with one short id. Where they begin depends on the journal alone, and
no later entry moves it.
"""

from collections.abc import Iterable, Iterator, Mapping

from workbench.core.entries import Entry
from workbench.core.messages import RedactedThinking, Thinking

MOST = 3_000
"""Tokens of a passage, unless one entry alone has more."""


def cut_passages(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """All of `entries`, oldest first, as passages; thinking is in none."""
    passage, tokens = list[Entry](), 0
    for entry in entries:
        if isinstance(entry.part, Thinking | RedactedThinking):
            continue
        if passage and tokens + entry.tokens > MOST:
            yield passage
            passage, tokens = [], 0
        passage.append(entry)
        tokens += entry.tokens
    if passage:
        yield passage


def name_passage(passage: list[Entry]) -> str:
    """Its id: that of its first entry, without the part's place where it is the first of its message."""
    return passage[0].id.removesuffix(".0")


def find_passage(archive: Mapping[str, Entry], id: str) -> list[Entry]:
    """The passage that is named `id`; else the one entry, or the parts of the one message; empty for none."""
    named = next((passage for passage in cut_passages(archive.values()) if id == name_passage(passage)), None)
    if named is not None:
        return named
    return [archive[id]] if id in archive else [e for e in archive.values() if e.id.rpartition(".")[0] == id]
