"""Listing names and reading files."""

import re
from pathlib import PurePosixPath

from workbench.providers.rehearsal.agent.conversation import Outcome
from workbench.providers.rehearsal.agent.extract import describe
from workbench.providers.rehearsal.agent.markdown import count, fence, join_names, quote, write_list
from workbench.providers.rehearsal.agent.plans import Answer, Plan, Step, begin, finish, glob, quote_result, read
from workbench.providers.rehearsal.agent.prompts import TOKEN, Request, find_paths, unquote

KINDS = {"python": "py", "javascript": "js", "typescript": "ts", "markdown": "md", "rust": "rs", "text": "txt"}
"""Extensions of files that are called by another name."""
MOST_SHOWN = 60
"""Names in one answer."""
_HERE = r"(?:this|the|here|it|project|workspace|repo(?:sitory)?|folder|directory|files)\b"
_FOLDER = rf"\b(?:in|inside|under|ls|list) (?:the )?(?:folder )?(?!{_HERE})([\w./-]+)(?: folder)?[.?!]*$"


def list_names(outcome: Outcome) -> list[str]:
    """The paths of a listing, folders with a slash; none of one that failed."""
    lines = outcome.text.splitlines() if outcome.ok else []
    return [line for line in lines if line and line != "no matches" and not line.startswith("[")]


def escape(name: str) -> str:
    """`name` as a glob pattern: it matches that name, and few others."""
    return re.sub(r"[*\[{]", "?", name.strip("/"))


def list_files(request: Request) -> Plan:
    """Names by pattern, kind or folder, without opening anything."""
    named = re.search(rf"\b(?:named|called) ({TOKEN})", request.text, re.I)
    starred = next((path for path in find_paths(request.text) if "*" in path), "")
    starred = f"**/*{escape(unquote(named[1]))}*" if named else starred
    found = re.search(_FOLDER, request.text, re.I)
    folder = found[1].strip("./") if found and not starred else ""
    kind = re.search(r"(\.?)(\w+) (?:source )?files?\b", request.text, re.I)
    extension = KINDS.get(kind[2].lower(), kind[2] if kind[1] else "") if kind else ""
    pattern = starred or (f"**/*.{extension}" if extension else "*" if folder else "**/*")
    look = (yield begin(request.talk, f"I will list {quote(pattern)}.", glob(pattern, folder)))[1]
    paths, where = sorted(list_names(look)), f" in {quote(folder + '/')}" if folder else ""
    yield finish(f"{count(len(paths), 'name')} for {pattern} in {folder or 'the workspace'}")
    if not paths:
        text = f"Nothing matches {quote(pattern)}{where}." if look.ok else f"I could not list it: {quote_result(look)}"
        return Answer(text, 0.75, "That is what the listing says.", ("List the files", "What is in this project?"))
    cut = " The listing was cut; there may be more." if "\n[" in look.text else ""
    more = f"\n\n… and {len(paths) - MOST_SHOWN} more." if len(paths) > MOST_SHOWN else ""
    head = f"{count(len(paths), 'name')} for {quote(pattern)}{where}.{cut}"
    text = f"{head}\n\n{write_list(map(quote, paths[:MOST_SHOWN]))}{more}"
    return Answer(text, 0.8 if cut else 0.92, "The names come straight from the listing.")


def read_files(request: Request) -> Plan:
    """Texts as they are; where none of the names is there, those that are like them are offered."""
    paths = find_paths(request.text)[:4]
    outcomes = (yield begin(request.talk, f"I will read {join_names(paths)}.", *map(read, paths)))[1:]
    if not any(outcome.ok for outcome in outcomes):
        return (yield from _offer_similar(paths, quote_result(outcomes[0])))
    pieces, facts = [], []
    for path, outcome in zip(paths, outcomes, strict=True):
        if outcome.ok:
            pieces.append(f"{quote(path)}, {count(len(outcome.text.splitlines()), 'line')}:\n\n{fence(outcome.text)}")
            facts += [f"{path}: {said}" for said in [describe(path, outcome.text)] if said]
        else:
            pieces.append(f"I could not read {quote(path)}: {quote_result(outcome)}")
    yield finish(*facts)
    whole = all(outcome.ok for outcome in outcomes)
    sure, why = (0.93, "Quoted as it was just read.") if whole else (0.75, "One name could not be read.")
    return Answer("\n\n".join(pieces), sure, why)


def _offer_similar(paths: list[str], failure: str) -> Plan:
    looks = yield Step(tuple(glob(f"**/*{escape(PurePosixPath(path).stem)}*") for path in paths))
    near = sorted({name for look in looks for name in list_names(look) if not name.endswith("/")})
    near.sort(key=lambda name: not name.endswith(tuple(paths)))
    yield finish(f"not read: {', '.join(paths)}", status="blocked")
    text = f"I could not read {join_names(paths)}: {failure}"
    if not near:
        return Answer(text, 0.75, "I also looked for such a name in every folder.")
    ways = tuple(f"Read {path}" for path in near[:3])
    return Answer(f"{text}\n\nDid you mean {join_names(near)}?", 0.5, "Only similar names are there.", ways)
