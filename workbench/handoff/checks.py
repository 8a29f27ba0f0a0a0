"""A handoff document under review: filled where the model left a gap, checked against the journal (seed §4)."""

from collections.abc import Callable
from typing import Literal

from workbench.core.notes import Note
from workbench.core.plans import Checked, HandoffPlan, HandoffSection
from workbench.handoff.digest import Digest
from workbench.handoff.document import BECAUSE, MOST, parse_sections, write_from_digest, write_sections

State = Literal["done", "partly", "missing"]

MOST_COMMANDS = 20
"""Distinct commands that are looked for; the newest."""


def build_plan(id: str, markdown: str, digest: Digest, window_total: int, count: Callable[[str], int]) -> HandoffPlan:
    """The plan of a document, from a model or a person's hand. `window_total` is what it stands for, in tokens.

    A section that is missing is filled from the digest; what is there stays as it is written.
    """
    sections = _fill(parse_sections(markdown), parse_sections(write_from_digest(digest)))
    document = write_sections(sections)
    checked = _check(document, digest)
    return HandoffPlan(
        id=id,
        document=document,
        tokens=count(document),
        window=window_total,
        sections=tuple(_remark(section, digest, checked) for section in sections),
        checked=checked,
        left_behind=digest.left_behind,
    )


def _fill(sections: tuple[HandoffSection, ...], own: tuple[HandoffSection, ...]) -> tuple[HandoffSection, ...]:
    return tuple(section if section.body else spare for section, spare in zip(sections, own, strict=True))


def _check(document: str, digest: Digest) -> tuple[Checked, ...]:
    """How many facts of the journal the document names; kinds without any are left out."""
    paths = [change.path for change in digest.files] + list(digest.examined[-MOST:])
    facts: dict[str, list[str]] = {
        "paths": list(dict.fromkeys(paths)),
        "commands": [command.line for command in digest.commands[-MOST_COMMANDS:]],
        "decisions": [note.text for note in digest.decisions],
        "preferences": list(digest.preferences),
    }
    normal = _normal(document)
    counts = []
    for kind, every in facts.items():
        missing = tuple(fact for fact in every if _normal(fact) not in normal)
        if every:
            counts.append(Checked(kind, len(every) - len(missing), len(every), missing))
    return tuple(counts)


def _remark(section: HandoffSection, digest: Digest, checked: tuple[Checked, ...]) -> HandoffSection:
    """The section with what a person should know of it."""
    missing = {check.kind: check.missing for check in checked}
    items = sum(1 for line in section.body.splitlines() if line.startswith(("- ", "* ", "+ ")))
    state: State = "done" if section.body else "missing"
    remark = f"{items}" if items else ""
    match section.number:
        case 1:
            state, remark = ("done", "complete") if digest.finished else ("partly", "not finished")
        case 2:
            state, remark = _remark_decisions(section, digest, missing.get("decisions", ()))
        case 3:
            lost = [change.path for change in digest.files if change.path in missing.get("paths", ())]
            state = "partly" if lost else "done"
            remark = (
                f"{len(lost)} missing"
                if lost
                else f"{len(digest.files)}, as in the journal"
                if digest.files
                else "none"
            )
        case 4:
            open_items = items or len(digest.open_items)
            state, remark = "done", f"{open_items}" if open_items else "none"
        case _:
            remark = (f"{items} fact" + ("s" if items != 1 else "")) if items else remark
    return HandoffSection(section.number, section.title, section.body, state, remark)


def _remark_decisions(section: HandoffSection, digest: Digest, missing: tuple[str, ...]) -> tuple[State, str]:
    if missing:
        return "partly", f"{len(missing)} of {len(digest.decisions)} missing"
    if not digest.decisions:
        return "done", "none recorded"
    unexplained = sum(not _is_explained(note, section.body) for note in digest.decisions)
    if unexplained:
        return "partly", f"{len(digest.decisions)}, {unexplained} without reasons"
    return "done", f"{len(digest.decisions)}, all with reasons"


def _is_explained(note: Note, body: str) -> bool:
    """A reason stands with it, in the journal's words or in others."""
    if not note.reasoning:
        return False
    normal = _normal(body)
    after = normal.partition(_normal(note.text))[2][:200]
    return _normal(note.reasoning) in normal or _normal(BECAUSE) in after or len(after.partition(" - ")[0]) > 20


def _normal(text: str) -> str:
    return " ".join(text.replace("`", "").replace("**", "").split()).casefold()
