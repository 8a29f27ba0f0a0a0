"""Listing names, reading files, and an overview: names first, then the files that tell most, in their own words."""

import re
from collections import Counter
from pathlib import PurePosixPath

from workbench.providers.rehearsal.agent.conversation import TOKEN, Outcome, Request, find_paths, unquote
from workbench.providers.rehearsal.agent.plans import (
    Plan,
    PlanAnswer,
    PlanStep,
    begin,
    finish,
    glob,
    quote_result,
    read,
)
from workbench.providers.rehearsal.agent.texts import (
    count,
    describe,
    drop_repeats,
    fence,
    find_definitions,
    find_paragraph,
    join_names,
    quote,
    split_sentences,
    write_list,
)

KINDS = {"python": "py", "javascript": "js", "typescript": "ts", "markdown": "md", "rust": "rs", "text": "txt"}
"""Extensions of files that are called by another name."""
MOST_SHOWN = 60
"""Names in one answer."""
_HERE = r"(?:this|the|here|it|project|workspace|repo(?:sitory)?|folder|directory|files)\b"
_FOLDER = rf"\b(?:in|inside|under|ls|list) (?:the )?(?:folder )?(?!{_HERE})([\w./-]+)(?: folder)?[.?!]*$"
MOST_READ = 6
_README = re.compile(r"(?:^|/)readme[^/]*$", re.I)
_MANIFEST = re.compile(r"(?:^|/)(?:pyproject\.toml|package\.json|Cargo\.toml)$")
_ENTRY = re.compile(r"(?:^|/)(?:__main__|main|app|cli|index|server|lib|__init__)\.\w+$")
_TEXT = re.compile(r"\.(?:py|js|ts|tsx|rs|go|java|rb|c|cpp|cs|php|sh|md|rst|txt)$")


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
        return PlanAnswer(text, 0.75, "That is what the listing says.", ("List the files", "What is in this project?"))
    cut = " The listing was cut; there may be more." if "\n[" in look.text else ""
    more = f"\n\n… and {len(paths) - MOST_SHOWN} more." if len(paths) > MOST_SHOWN else ""
    head = f"{count(len(paths), 'name')} for {quote(pattern)}{where}.{cut}"
    text = f"{head}\n\n{write_list(map(quote, paths[:MOST_SHOWN]))}{more}"
    return PlanAnswer(text, 0.8 if cut else 0.92, "The names come straight from the listing.")


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
    return PlanAnswer("\n\n".join(pieces), sure, why)


def _offer_similar(paths: list[str], failure: str) -> Plan:
    looks = yield PlanStep(tuple(glob(f"**/*{escape(PurePosixPath(path).stem)}*") for path in paths))
    near = sorted({name for look in looks for name in list_names(look) if not name.endswith("/")})
    near.sort(key=lambda name: not name.endswith(tuple(paths)))
    yield finish(f"not read: {', '.join(paths)}", status="blocked")
    text = f"I could not read {join_names(paths)}: {failure}"
    if not near:
        return PlanAnswer(text, 0.75, "I also looked for such a name in every folder.")
    ways = tuple(f"Read {path}" for path in near[:3])
    return PlanAnswer(f"{text}\n\nDid you mean {join_names(near)}?", 0.5, "Only similar names are there.", ways)


def explain_project(request: Request) -> Plan:
    """List, read what tells most, keep findings, quote."""
    say = "I will look at what is here before I say anything."
    _, top, look = yield begin(request.talk, say, glob("*"), glob("**/*"))
    names = {*list_names(top), *list_names(look)}  # the deep listing gives the newest where there are very many
    files = sorted(path for path in names if not path.endswith("/"))
    cut = "\n[" in look.text
    folders = _list_folders(sorted(names), cut)
    if not files:
        yield finish()
        text = "The workspace is empty." if look.ok else f"I could not list it: {quote_result(look)}."
        return PlanAnswer(text, 0.9 if look.ok else 0.6, "That is what the listing says.")
    chosen = choose_files(files)
    outcomes = yield PlanStep(tuple(map(read, chosen)))
    texts = {path: outcome.text for path, outcome in zip(chosen, outcomes, strict=True) if outcome.ok}
    said = {path: describe(path, text) for path, text in texts.items()}
    facts = [f"{'README' if _README.search(path) else path}: {fact}" for path, fact in said.items() if fact]
    size = f"{'more than ' if cut else ''}{_count_kinds(files)}"
    yield finish(size, *facts[:4])
    rest = len(files) - len(texts)
    known = f"{count(rest, 'other file')} I know by name only." if rest else "I read every file."
    more = "The listing was cut: there are more files than these." if cut else ""
    pieces = (*_compose_paragraphs(size, folders, texts, said), known, more)
    kinds = {next((sign for sign in (_README, _MANIFEST) if sign.search(path)), None) for path in texts}
    sure = (0.7, 0.78, 0.86, 0.9)[len(kinds)]
    reason = f"I listed {count(len(files), 'file')} and read {', '.join(texts) or 'none of them'}."
    return PlanAnswer("\n\n".join(piece for piece in pieces if piece), sure, reason)


def _compose_paragraphs(size: str, folders: list[str], texts: dict[str, str], said: dict[str, str]) -> tuple[str, ...]:
    """Paragraphs: title and README, folders, and what the other files that were read say of themselves."""
    readme = next((text for path, text in texts.items() if _README.search(path)), "")
    title = re.search(r"^#\s+(.+)$", readme, re.M)
    quoted = " ".join(split_sentences(find_paragraph(readme))[:3])
    lines = []
    for path in (path for path in texts if not _README.search(path)):
        defined = find_definitions(texts[path])
        facts = (said[path], f"Defines {join_names(defined, 6)}." if defined else "")
        lines.append(": ".join(filter(None, (quote(path), " ".join(filter(None, facts))))))
    return (
        f"**{title[1].strip() if title else 'This folder'}**: {size}.",
        f"> {quoted}" if quoted else "",
        write_list(folders),
        f"**Where to start reading**\n\n{write_list(lines)}" if lines else "",
    )


def choose_files(files: list[str]) -> list[str]:
    """READMEs, manifests and entry points; where these are few, other texts: the outermost first, tests last."""
    tests = re.compile(r"(?:^|/)tests?[/_]")
    ordered = sorted(files, key=lambda path: (bool(tests.search(path)), path.endswith(".txt"), path.count("/"), path))
    picked = [path for sign in (_README, _MANIFEST, _ENTRY) for path in ordered if sign.search(path)]
    picked = [path for path in picked if not _ENTRY.search(path) or _TEXT.search(path)]
    return drop_repeats([*picked, *(path for path in ordered if _TEXT.search(path) and len(picked) < 4)])[:MOST_READ]


def _count_kinds(files: list[str]) -> str:
    kinds = Counter(PurePosixPath(path).suffix for path in files if PurePosixPath(path).suffix)
    told = ", ".join(f"{number} {suffix}" for suffix, number in kinds.most_common(4))
    return count(len(files), "file") + (f" ({told})" if told else "")


def _list_folders(names: list[str], cut: bool) -> list[str]:
    """A line for each folder, with its number of files unless the listing was cut, and one for files beside them."""
    inside = Counter({name.split("/")[0]: 0 for name in names if "/" in name})
    inside.update(name.split("/")[0] for name in names if "/" in name and not name.endswith("/"))
    loose = [name for name in names if "/" not in name]
    known = [(quote(f"{name}/"), number) for name, number in sorted(inside.items())[:12] if number or cut]
    lines = [name if cut else f"{name}: {count(number, 'file')}" for name, number in known]
    return lines + ([join_names(loose, 12)] if loose else [])
