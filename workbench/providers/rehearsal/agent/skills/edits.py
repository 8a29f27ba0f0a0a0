"""Finding a text, and changing it: search, replace, create a file. Read, change, read back."""

import re
from typing import NamedTuple

from workbench.providers.rehearsal.agent.conversation import QUOTED, Outcome, Request
from workbench.providers.rehearsal.agent.plans import (
    Plan,
    PlanAnswer,
    PlannedCall,
    PlanStep,
    begin,
    finish,
    give_up,
    quote_edit,
    quote_result,
    read,
)
from workbench.providers.rehearsal.agent.texts import (
    clip,
    count,
    defines,
    drop_repeats,
    fence,
    join_names,
    quote,
    write_list,
)

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


def grep(text: str, path: str = "") -> PlannedCall:
    """Search contents for `text` as it is."""
    pattern = re.escape(text).replace(r"\ ", " ")
    return PlannedCall("grep", {"pattern": pattern, "path": path} if path else {"pattern": pattern})


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
        return PlanAnswer(text, 0.78, "I searched for it as it is written; ignored files were not searched.", ways)
    paths, context = drop_repeats(match.path for match in found), ""
    defined = next((match for match in found if defines(match.text, term)), None)
    if defined:
        lines = (yield PlanStep((read(defined.path, defined.line, defined.line + CONTEXT - 1),)))[0]
        context = f"{quote(term)} is defined in {quote(str(defined))}.\n\n{fence(lines.text)}\n\n"
    yield finish(f"{term} is defined in {defined}" if defined else f"{term} is in {', '.join(paths[:4])}")
    shown = write_list(
        f"{quote(str(match))} {quote(clip(match.text, 110))}" for match in found[:MOST_SHOWN] if match.text
    )
    more = f"\n\n… and {len(found) - MOST_SHOWN} more, in {join_names(paths)}." if len(found) > MOST_SHOWN else ""
    head = f"{quote(term)} stands in {count(len(found), 'line')} of {count(len(paths), 'file')}."
    return PlanAnswer(
        f"{context}{head}\n\n{shown}{more}", 0.92, "Every line is quoted from the search, with its number."
    )


def replace_text(request: Request) -> Plan:
    """One text for another in the file that is named."""
    path, old, new = request.word("path") or request.word("place"), request.word("old"), request.word("new")
    if not path:
        return (yield from _ask_where(request, old, new))
    before = (yield begin(request.talk, f"I will read {quote(path)} before I change anything.", read(path)))[1]
    if not before.ok:
        return (yield from give_up(f"change {quote(path)}", before))
    if not re.fullmatch(QUOTED, request.found["old"] or ""):
        old, new = find_setting(before.text, old, new)
    if old not in before.text:
        yield finish(f"{path} does not hold {old}", status="blocked")
        text = f"{quote(path)} does not hold {quote(old)}, so I changed nothing."
        return PlanAnswer(text, 0.8, "I read the file and looked for the text exactly.", (f"Read {path}",))
    return (yield from _edit(path, before.text, old, new))


def _edit(path: str, text: str, old: str, new: str) -> Plan:
    times = text.count(old)
    arguments = {"file_path": path, "old_string": old, "new_string": new} | ({"replace_all": True} if times > 1 else {})
    why = f"I read the file: the text stands in {count(times, 'place')}."
    outcome = (yield PlanStep((PlannedCall("edit", arguments, 0.93 if times == 1 else 0.8, why),)))[0]
    if not outcome.ok:
        return (yield from give_up(f"change {quote(path)}", outcome))
    line = text[: text.find(old)].count("\n") + 1
    did = f"In {quote(path)} I replaced {quote(clip(old, 80))} with {quote(clip(new, 80))}.{quote_edit(outcome)}"
    return (yield from _read_back(path, did, line - 1, line + new.count("\n") + 1))


def create_file(request: Request) -> Plan:
    """A file with the text given, empty where none is; one that is there is read before it is replaced."""
    path, content = request.word("path"), request.word("content")
    there = (yield begin(request.talk, f"I look first whether {quote(path)} is there.", read(path)))[1].ok
    sure, why = (0.72, "A file of that name would be replaced.") if there else (0.92, "No file has that name yet.")
    arguments = {"file_path": path, "content": f"{content}\n" if content else ""}
    outcome = (yield PlanStep((PlannedCall("write", arguments, sure, why),)))[0]
    if not outcome.ok:
        return (yield from give_up(f"write {quote(path)}", outcome))
    what = "." if content else ", empty, as no text was given."
    did = f"I {'replaced' if there else 'created'} {quote(path)}{what}{quote_edit(outcome)}"
    return (yield from _read_back(path, did, 1, max(1, content.count("\n") + 1)))


def find_setting(text: str, name: str, value: str) -> tuple[str, str]:
    """The line that sets `name`, and the same line with `value`; both as given where no line does."""
    found = re.search(rf"^\s*([\"']?{re.escape(name)}[\"']?\s*[:=]\s*)(\"[^\"\n]*\"|'[^'\n]*'|[^\s,#;]+)", text, re.M)
    if not found:
        return name, value
    mark = found[2][0] if found[2][0] in "\"'" else ""
    return found[1] + found[2], f"{found[1]}{mark}{value}{mark}"


def _ask_where(request: Request, old: str, new: str) -> Plan:
    """No file was named: offer those that hold the text."""
    look = (yield begin(request.talk, f"I will look for {quote(old)} first.", grep(old)))[1]
    paths = drop_repeats(match.path for match in find_matches(look))
    yield finish(status="blocked")
    if not paths:
        return PlanAnswer(
            f"I found {quote(old)} in no file, so I changed nothing.", 0.8, "I searched for it as written."
        )
    ways = tuple(f'Replace "{old}" with "{new}" in {path}' for path in paths[:3])
    text = f"I changed nothing: which file is meant? {quote(old)} stands in {join_names(paths)}."
    return PlanAnswer(text, 0.5, "The prompt names no file.", ways)


def _read_back(path: str, did: str, first: int, last: int) -> Plan:
    back = (yield PlanStep((read(path, first, last),), "I read it back."))[0]
    yield finish(did)
    now = f" It reads now:\n\n{fence(back.text)}" if back.ok else ""
    return PlanAnswer(did + now, 0.92 if now else 0.8, "The tool reported success; I ran no tests.")
