"""Lines that a search found."""

import re
from collections import Counter
from typing import NamedTuple

from workbench.providers.rehearsal.mind.conversation import Conversation, Outcome
from workbench.providers.rehearsal.mind.evidence.tree import VENDORED, relative


class Match(NamedTuple):
    """One line."""

    path: str
    line: int
    text: str


_LINE = re.compile(r"^(?P<path>(?:[A-Za-z]:)?[^:\n]*?[^\s:]):(?P<line>\d+):(?P<text>.*)$")
_BARE = re.compile(r"^(?P<line>\d+):(?P<text>.*)$")


def matches(outcome: Outcome, talk: Conversation) -> list[Match]:
    """The lines of a grep result without generated files; a search in one file may name only numbers."""
    found = []
    for line in outcome.text.splitlines() if outcome.ok else ():
        if bare := _BARE.match(line):
            found.append(Match(str(outcome.arguments.get("path") or ""), int(bare["line"]), bare["text"].strip()))
        elif full := _LINE.match(line):
            found.append(Match(relative(full["path"], talk), int(full["line"]), full["text"].strip()))
    return [match for match in found if not VENDORED.search(match.path)]


def truncated(outcome: Outcome) -> bool:
    """True when the search says that it was cut."""
    return "truncated" in outcome.text[-200:]


def by_file(found: list[Match]) -> Counter[str]:
    """How many lines in each file."""
    return Counter(match.path for match in found)


_DEFINITION = (
    r"^(?:export\s+|default\s+|public\s+|private\s+|static\s+|async\s+|pub(?:\([\w:]+\))?\s+)*"
    r"(?:def|class|function\*?|fn|func(?:\s*\([^)]*\))?|struct|enum|trait|interface|type|const|let|"
    r"var)\s+{name}\b|^{name}\s*(?::[^=]+)?=(?!=)"
)


def defines(match: Match, name: str) -> bool:
    """True when the line looks like the definition of `name`."""
    return re.search(_DEFINITION.replace("{name}", re.escape(name)), match.text) is not None
