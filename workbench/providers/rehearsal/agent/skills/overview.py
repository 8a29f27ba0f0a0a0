"""An overview of the project: names first, then the files that tell most, then what these say of themselves."""

import re
from collections import Counter
from pathlib import PurePosixPath

from workbench.providers.rehearsal.agent import extract
from workbench.providers.rehearsal.agent.markdown import count, join_names, quote, write_list
from workbench.providers.rehearsal.agent.plans import Answer, Plan, Step, begin, finish, glob, quote_result, read
from workbench.providers.rehearsal.agent.prompts import Request
from workbench.providers.rehearsal.agent.skills.files import list_names

MOST_READ = 6
_README = re.compile(r"(?:^|/)readme[^/]*$", re.I)
_MANIFEST = re.compile(r"(?:^|/)(?:pyproject\.toml|package\.json|Cargo\.toml)$")
_ENTRY = re.compile(r"(?:^|/)(?:__main__|main|app|cli|index|server|lib|__init__)\.\w+$")
_TEXT = re.compile(r"\.(?:py|js|ts|tsx|rs|go|java|rb|c|cpp|cs|php|sh|md|rst|txt)$")


def explain_project(request: Request) -> Plan:
    """List, read what tells most, keep findings, quote."""
    look = (yield begin(request.talk, "I will look at what is here before I say anything.", glob("**/*")))[1]
    files = sorted(path for path in list_names(look) if not path.endswith("/"))
    if not files:
        yield finish()
        text = "The workspace is empty." if look.ok else f"I could not list it: {quote_result(look)}."
        return Answer(text, 0.9 if look.ok else 0.6, "That is what the listing says.")
    chosen = choose_files(files)
    outcomes = yield Step(tuple(map(read, chosen)))
    texts = {path: outcome.text for path, outcome in zip(chosen, outcomes, strict=True) if outcome.ok}
    said = {path: extract.describe(path, text) for path, text in texts.items()}
    facts = [f"{'README' if _README.search(path) else path}: {fact}" for path, fact in said.items() if fact]
    yield finish(_count_kinds(files), *facts[:4])
    rest = len(files) - len(texts)
    known = f"{count(rest, 'other file')} I know by name only." if rest else "I read every file."
    cut = "The listing was cut; there may be more." if "\n[" in look.text else ""
    pieces = (*_compose_paragraphs(files, texts, said), known, cut)
    kinds = {next((sign for sign in (_README, _MANIFEST) if sign.search(path)), None) for path in texts}
    sure = (0.7, 0.78, 0.86, 0.9)[len(kinds)]
    reason = f"I listed {count(len(files), 'file')} and read {', '.join(texts) or 'none of them'}."
    return Answer("\n\n".join(piece for piece in pieces if piece), sure, reason)


def _compose_paragraphs(files: list[str], texts: dict[str, str], said: dict[str, str]) -> tuple[str, ...]:
    """Paragraphs: title and README, folders, and what the other files that were read say of themselves."""
    readme = next((text for path, text in texts.items() if _README.search(path)), "")
    title = re.search(r"^#\s+(.+)$", readme, re.M)
    quoted = " ".join(extract.split_sentences(extract.find_paragraph(readme))[:3])
    lines = []
    for path in (path for path in texts if not _README.search(path)):
        defined = extract.find_definitions(texts[path])
        facts = (said[path], f"Defines {join_names(defined, 6)}." if defined else "")
        lines.append(f"{quote(path)}: {' '.join(filter(None, facts))}")
    return (
        f"**{title[1].strip() if title else 'This folder'}**: {_count_kinds(files)}.",
        f"> {quoted}" if quoted else "",
        write_list(_count_folders(files)),
        f"**Where to start reading**\n\n{write_list(lines)}" if lines else "",
    )


def choose_files(files: list[str]) -> list[str]:
    """READMEs, manifests and entry points; where these are few, other texts: the outermost first, tests last."""
    tests = re.compile(r"(?:^|/)tests?[/_]")
    ordered = sorted(files, key=lambda path: (bool(tests.search(path)), path.endswith(".txt"), path.count("/"), path))
    picked = [path for sign in (_README, _MANIFEST, _ENTRY) for path in ordered if sign.search(path)]
    return extract.drop_repeats([*picked, *(path for path in ordered if _TEXT.search(path) and len(picked) < 4)])[
        :MOST_READ
    ]


def _count_kinds(files: list[str]) -> str:
    kinds = Counter(PurePosixPath(path).suffix for path in files if PurePosixPath(path).suffix)
    told = ", ".join(f"{number} {suffix}" for suffix, number in kinds.most_common(4))
    return count(len(files), "file") + (f" ({told})" if told else "")


def _count_folders(files: list[str]) -> list[str]:
    """A line for each folder, and one for the files beside them."""
    inside = Counter(path.split("/")[0] for path in files if "/" in path)
    loose = [path for path in files if "/" not in path]
    lines = [f"{quote(name + '/')}: {count(number, 'file')}" for name, number in sorted(inside.items())[:12]]
    return lines + ([join_names(loose, 12)] if loose else [])
