"""Changing files: replace a text or a setting's value, create a file. Read, change, read back."""

import re

from workbench.providers.rehearsal.agent.extract import drop_repeats
from workbench.providers.rehearsal.agent.markdown import clip, count, fence, join_names, quote
from workbench.providers.rehearsal.agent.plans import Answer, Call, Plan, Step, begin, finish, give_up, quote_edit, read
from workbench.providers.rehearsal.agent.prompts import QUOTED, Request
from workbench.providers.rehearsal.agent.skills.search import find_matches, grep


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
        return Answer(text, 0.8, "I read the file and looked for the text exactly.", (f"Read {path}",))
    return (yield from _edit(path, before.text, old, new))


def _edit(path: str, text: str, old: str, new: str) -> Plan:
    times = text.count(old)
    arguments = {"file_path": path, "old_string": old, "new_string": new} | ({"replace_all": True} if times > 1 else {})
    why = f"I read the file: the text stands in {count(times, 'place')}."
    outcome = (yield Step((Call("edit", arguments, 0.93 if times == 1 else 0.8, why),)))[0]
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
    outcome = (yield Step((Call("write", arguments, sure, why),)))[0]
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
        return Answer(f"I found {quote(old)} in no file, so I changed nothing.", 0.8, "I searched for it as written.")
    ways = tuple(f'Replace "{old}" with "{new}" in {path}' for path in paths[:3])
    text = f"I changed nothing: which file is meant? {quote(old)} stands in {join_names(paths)}."
    return Answer(text, 0.5, "The prompt names no file.", ways)


def _read_back(path: str, did: str, first: int, last: int) -> Plan:
    back = (yield Step((read(path, first, last),), "I read it back."))[0]
    yield finish(did)
    now = f" It reads now:\n\n{fence(back.text)}" if back.ok else ""
    return Answer(did + now, 0.92 if now else 0.8, "The tool reported success; I ran no tests.")
