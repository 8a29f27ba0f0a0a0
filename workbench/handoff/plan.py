"""What is written of a digest, asked of a model, and checked against the journal (seed §4)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from workbench.core.encoding import write_pretty
from workbench.core.notes import Note
from workbench.core.plans import Checked, HandoffPlan, HandoffSection
from workbench.handoff.digest import Digest
from workbench.handoff.document import NOTHING, TITLES, clip, make_section, parse_sections, shorten, write_sections

State = Literal["done", "partly", "missing"]

SYSTEM = "You are creating a handoff document for the next agent session. Be concise but complete."
ASKED = (
    "What was the goal? Is it complete?",
    "List every decision and its rationale.",
    "Exact paths and what was changed.",
    "What still needs to be done?",
    "Anything the next agent must know.",
)
OMIT = "Omit: intermediate reasoning, failed attempts, verbose outputs."
BECAUSE = "\n  because "
MOST = 40
"""Items of one list; the newest stay."""
LONG = 2_000
"""Characters of a decision or a reason."""
INHERITED = 2_000
"""Characters of a section that is handed on from the session before."""
MOST_COMMANDS = 20
"""Distinct commands that are looked for; the newest."""


def build_prompt(digest: Digest, turns: int) -> tuple[str, str]:
    """System and user prompt that ask a model for the document."""
    state = write_pretty(digest.pad, 2)
    wanted = "\n".join(f"{n}. {title}: {asked}" for n, (title, asked) in enumerate(zip(TITLES, ASKED, strict=True), 1))
    facts = "\n\n".join(f"{name}:\n{body}" for name, body in _facts(digest))
    user = (
        f"Conversation had {turns} turns.\nScratchpad state:\n{state}\n\n"
        f"What the journal says; copy paths and commands exactly:\n{facts}\n\n"
        f"Create a handoff document with these sections:\n{wanted}\n{OMIT}\n"
        "Answer in Markdown, with each section's number and title as a `##` heading."
    )
    return SYSTEM, user


def write_from_digest(digest: Digest) -> str:
    """The whole document from the digest alone, for when no model answers."""
    bodies = (_status(digest), _decisions(digest), _files(digest), _open(digest), _context(digest))
    return write_sections([make_section(number, body) for number, body in enumerate(bodies, 1)])


def build_plan(id: str, markdown: str, digest: Digest, window_total: int, count: Callable[[str], int]) -> HandoffPlan:
    """The plan of a document, from a model or a person's hand. `window_total` is what it stands for, in tokens.

    A section that is missing is filled from the digest; what is there stays as it is written.
    """
    own = parse_sections(write_from_digest(digest))
    sections = [section if section.body else own[section.number - 1] for section in parse_sections(markdown)]
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
    missing = {kind: tuple(fact for fact in every if _normal(fact) not in normal) for kind, every in facts.items()}
    counts = ((kind, len(every), missing[kind]) for kind, every in facts.items() if every)
    return tuple(Checked(kind, total - len(lost), total, lost) for kind, total, lost in counts)


def _remark(section: HandoffSection, digest: Digest, checked: tuple[Checked, ...]) -> HandoffSection:
    """The section with what a person should know of it."""
    missing = {check.kind: check.missing for check in checked}
    items = sum(1 for line in section.body.splitlines() if line.startswith(("- ", "* ", "+ ")))
    state: State = "done" if section.body else "missing"
    remark = ""
    match section.number:
        case 1:
            state, remark = ("done", "complete") if digest.finished else ("partly", "not finished")
        case 2:
            state, remark = _remark_decisions(section, digest, missing.get("decisions", ()))
        case 3:
            lost = [change.path for change in digest.files if change.path in missing.get("paths", ())]
            state = "partly" if lost else "done"
            there = f"{len(digest.files)}, as in the journal" if digest.files else "none"
            remark = f"{len(lost)} missing" if lost else there
        case 4:
            state, remark = "done", str(items or len(digest.open_items) or "none")
        case _ if items:
            remark = f"{items} {'fact' if items == 1 else 'facts'}"
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


def _facts(digest: Digest) -> Iterator[tuple[str, str]]:
    """The digest as named lists, for a model; empty ones are left out."""
    yield "Requests", _list(shorten(text, 600) for text in digest.requests[-12:])
    lists = (
        ("Decisions", _decisions(msgspec.structs.replace(digest, inherited=""))),
        ("Files", _files(digest)),
        ("Preferences of the person", _list(digest.preferences)),
        ("Open", _list(digest.open_items)),
        ("Commands", _commands(digest)),
        ("Errors", _errors(digest)),
        ("Findings", _list(digest.findings[-MOST:])),
        ("Last answer", shorten(digest.answer, 1_200)),
        ("The handoff that this session started from", digest.inherited),
    )
    yield from ((name, body) for name, body in lists if body and body != NOTHING)


def _status(digest: Digest) -> str:
    goal = shorten(digest.task, 600) or "No task was stated."
    state = "Complete." if digest.finished else f"Not finished (status: {digest.status})."
    answer = f"\n\nLast answer: {shorten(digest.answer, 400)}" if digest.answer else ""
    return f"{goal}\n\n**{state}** {digest.turns} {'turn' if digest.turns == 1 else 'turns'} so far.{answer}"


def _decisions(digest: Digest) -> str:
    notes = ((shorten(note.text, LONG), shorten(note.reasoning, LONG)) for note in digest.decisions)
    own = _list(f"{text}{BECAUSE}{reason}" if reason else text for text, reason in notes)
    return "\n".join(body for body in (_before(digest, 2), own) if body)


def _before(digest: Digest, number: int) -> str:
    """What the document that this session started from said in one section, not to lose it on the way."""
    body = parse_sections(digest.inherited)[number - 1].body
    return "" if body == NOTHING else clip(body, INHERITED)


def _files(digest: Digest) -> str:
    return _list(f"{f.path}  {f.action}{_delta(f.added, f.removed)}" for f in digest.files)


def _open(digest: Digest) -> str:
    own = "\n".join(f"- [ ] {shorten(item, 400)}" for item in digest.open_items)
    before = "" if digest.finished else _before(digest, 4)
    return "\n\n".join(body for body in (own, f"Open when this session began:\n{before}" if before else "") if body)


def _context(digest: Digest) -> str:
    parts = (
        ("Preferences", _list(digest.preferences)),
        ("Facts", _list(digest.findings[-MOST:])),
        ("Commands", _commands(digest)),
        ("Errors met", _errors(digest)),
        ("Files looked at", _list(digest.examined[-MOST:])),
        ("From the sessions before", _before(digest, 5)),
    )
    return "\n\n".join(f"{name}:\n{body}" for name, body in parts if body)


def _commands(digest: Digest) -> str:
    return _list(f"`{c.line}`" + (f": {c.outcome}" if c.outcome else "") for c in digest.commands[-MOST:])


def _errors(digest: Digest) -> str:
    return _list(f"{p.tool}: {p.text}" + (f" ({p.times} times)" if p.times > 1 else "") for p in digest.errors[-MOST:])


def _delta(added: int, removed: int) -> str:
    return (f" +{added}" if added else "") + (f" -{removed}" if removed else "")


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
