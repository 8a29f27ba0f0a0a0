"""Searching the contents: where a name is defined, which lines hold a text."""

import re
from typing import NamedTuple

from workbench.providers.rehearsal.agent.conversation import Outcome
from workbench.providers.rehearsal.agent.extract import defines, drop_repeats
from workbench.providers.rehearsal.agent.markdown import clip, count, fence, join_names, quote, write_list
from workbench.providers.rehearsal.agent.plans import Answer, Call, Plan, Step, begin, finish, quote_result, read
from workbench.providers.rehearsal.agent.prompts import Request

MOST_SHOWN = 30
"""Lines in one answer."""
CONTEXT = 12
"""Lines read from a definition on."""


class Match(NamedTuple):
    """A line that a search found."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def grep(text: str, path: str = "") -> Call:
    """Search contents for `text` as it is."""
    pattern = re.escape(text).replace(r"\ ", " ")
    return Call("grep", {"pattern": pattern, "path": path} if path else {"pattern": pattern})


def find_matches(outcome: Outcome) -> list[Match]:
    """The lines of a search's result."""
    found = re.findall(r"^([^\n:]+):(\d+):(.*)$", outcome.text, re.M) if outcome.ok else []
    return [Match(path, int(line), text.strip()) for path, line, text in found]


def search_contents(request: Request) -> Plan:
    """Grep, and read on from a definition."""
    term, folder = request.word("term"), request.word("path").rstrip("/")
    look = (yield begin(request.talk, f"I will search for {quote(term)}.", grep(term, folder)))[1]
    found = find_matches(look)
    if not found:
        yield finish(f"no line holds {term}" if look.ok else "")
        text = f"No line holds {quote(term)}." if look.ok else f"The search failed: {quote_result(look)}"
        ways = ("List the files", "What is in this project?")
        return Answer(text, 0.78, "I searched for it as it is written; ignored files were not searched.", ways)
    paths, context = drop_repeats(match.path for match in found), ""
    defined = next((match for match in found if defines(match.text, term)), None)
    if defined:
        lines = (yield Step((read(defined.path, defined.line, defined.line + CONTEXT - 1),)))[0]
        context = f"{quote(term)} is defined in {quote(str(defined))}.\n\n{fence(lines.text)}\n\n"
    yield finish(f"{term} is defined in {defined}" if defined else f"{term} is in {', '.join(paths[:4])}")
    shown = write_list(
        f"{quote(str(match))} {quote(clip(match.text, 110))}" for match in found[:MOST_SHOWN] if match.text
    )
    more = f"\n\n… and {len(found) - MOST_SHOWN} more, in {join_names(paths)}." if len(found) > MOST_SHOWN else ""
    head = f"{quote(term)} stands in {count(len(found), 'line')} of {count(len(paths), 'file')}."
    return Answer(f"{context}{head}\n\n{shown}{more}", 0.92, "Every line is quoted from the search, with its number.")
