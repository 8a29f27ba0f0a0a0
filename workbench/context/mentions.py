"""Who speaks of which result: a later message or call that names it, its file, or what only this result brought.

A term is a path, an identifier, a number or a word. A result brings those that nobody said before it; a term that more
than a few results brought tells none of them apart. One path, identifier or number is a mention, and so is one word
that is quoted or looked for; of other words it takes several. In doubt it is one: what nothing mentions is not used.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workbench.core.decisions import Proposal
from workbench.core.entries import Entry, write_text
from workbench.core.messages import ToolResult, ToolUse

LEAST = 100
"""Estimated tokens from which a result is followed."""
MOST_BRINGERS = 3
"""Results that may have brought a term which still tells them apart."""
ENOUGH_WORDS = 3
"""Words of a result that a later text must have in common with it."""
LONG_WORD = 6
"""Characters of a word that counts as one of them."""
SHORT_ARGUMENT = 120
"""Characters of a call's argument in which each word is meant: a pattern, a name."""

_TERM = re.compile(r"[\w.-]+(?:/[\w.-]+)+|\w+(?:[.-]\w+)*")
_DISTINCT = re.compile(r".*[./-].*|.*[^\W\d]_.*|.*_[^\W\d].*|(?=.*\d)(?=.*[^\W\d]).{3,}|.*[a-z][A-Z].*|\d{3,}", re.S)
_QUOTED = re.compile(r"`([^`\n]{2,120})`|\"([^\"\n]{2,120})\"|'([^'\n]{2,120})'|“([^”\n]{2,120})”")
_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
"""Scripts that do not part their words, or seldom."""


@dataclass(frozen=True)
class Terms:
    """What a text names."""

    distinct: frozenset[str]
    """Paths and their last parts, identifiers, numbers, and what is quoted; one of them is enough."""
    words: frozenset[str]
    """In small letters; of scripts that do not part words, pairs of characters."""


@dataclass
class Followed:
    """A result, and when it was spoken of last; when it came, where it never was. Changed by `Mentions` alone."""

    came: int
    """The turn that brought it."""
    turn: int
    request: int
    """The number of requests before."""
    named: bool = False


class Mentions:
    """Follows results and what is said after them, entry by entry."""

    def __init__(self, said: Iterable[str] = ()) -> None:
        """`said` are texts that stand before the conversation."""
        self.results: dict[str, Followed] = {}
        """By the entry's id, those that brought anything of their own."""
        self.requests = 0
        self._answering = (0, 0)
        self._brought: dict[str, list[str]] = {}
        self._files: dict[str, list[str]] = {}
        self._said: set[str] = set()
        for text in said:
            self._note(find_terms(text))

    def add(self, entry: Entry, proposals: Mapping[str, Proposal]) -> None:
        """Take in the entry that comes next."""
        if isinstance(entry.part, ToolResult):
            self._follow(entry, entry.part, proposals.get(entry.part.tool_use_id))
            return
        if entry.role == "assistant" and (entry.turn, entry.step) != self._answering:
            self._answering, self.requests = (entry.turn, entry.step), self.requests + 1
        terms = (
            find_terms_of_call(entry.part) if isinstance(entry.part, ToolUse) else find_terms(write_text(entry.part))
        )
        for id in self._find_named(terms):
            self.results[id] = Followed(self.results[id].came, entry.turn, self.requests, named=True)
        self._note(terms)

    def _follow(self, entry: Entry, result: ToolResult, call: Proposal | None) -> None:
        """What it shows cannot be told in terms where it is a picture, and a line in its place is small."""
        if entry.tokens < LEAST or entry.content or result.media:
            return
        terms = find_terms(result.text)
        own = {term for term in terms.distinct | terms.words if term not in self._said}
        if not own:
            return
        self.results[entry.id] = Followed(entry.turn, entry.turn, self.requests)
        for term in own:
            self._brought.setdefault(term, []).append(entry.id)
        for name in _name_file(call.file) if call else ():
            self._files.setdefault(name, []).append(entry.id)

    def _find_named(self, terms: Terms) -> set[str]:
        if not self.results:
            return set()
        named = {id for term in terms.distinct for id in (*self._find(term), *self._files.get(term, ()))}
        named |= terms.distinct & self.results.keys()
        shared = Counter(
            id for word in terms.words if len(word) >= LONG_WORD or not word.isascii() for id in self._find(word)
        )
        return named | {id for id, count in shared.items() if count >= ENOUGH_WORDS}

    def _find(self, term: str) -> list[str]:
        bringers = self._brought.get(term, [])
        return bringers if len(bringers) <= MOST_BRINGERS else []

    def _note(self, terms: Terms) -> None:
        self._said |= terms.distinct
        self._said |= terms.words


def find_terms(text: str) -> Terms:
    """What `text` names."""
    distinct, words = _sort_out(text)
    if quoted := [piece for found in _QUOTED.findall(text) for piece in found if piece]:
        for told in map(_sort_out, quoted):
            distinct |= told[0] | told[1]
    return Terms(frozenset(distinct), frozenset(words))


def find_terms_of_call(call: ToolUse) -> Terms:
    """What a call names; each word of a short argument is meant."""
    distinct: set[str] = set()
    words: set[str] = set()
    for text in _list_texts(call.input):
        told = _sort_out(text)
        distinct |= told[0] | (told[1] if len(text) <= SHORT_ARGUMENT else set())
        words |= told[1]
    return Terms(frozenset(distinct), frozenset(words))


def _sort_out(text: str) -> tuple[set[str], set[str]]:
    distinct: set[str] = set()
    words: set[str] = set()
    for token in set(_TERM.findall(text)):
        told = _classify(token)
        distinct.update(told[0])
        words.update(told[1])
    return distinct, words


@lru_cache(maxsize=32_768)
def _classify(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The distinct terms and the words that a token stands for."""
    if not token.isascii() and _WITHOUT_BLANKS.search(token):
        return (), tuple(token[at : at + 2] for at in range(len(token) - 1))
    if _DISTINCT.fullmatch(token):
        return _name_file(token.strip(".-")) if "/" in token else (token.strip(".-"),), ()
    return (), (token.casefold(),) if len(token) >= 2 and not token.isdigit() else ()


def _name_file(path: str) -> tuple[str, ...]:
    """How a file is spoken of: by its path, or by its last part."""
    last = path.rpartition("/")[2]
    return tuple(dict.fromkeys(filter(None, (path.removeprefix("./"), last))))


def _list_texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _list_texts(each)
        case list() | tuple():
            for each in value:
                yield from _list_texts(each)
        case int() | float():
            yield str(value)
