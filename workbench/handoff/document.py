"""The handoff document: its request, its five sections, and the one that needs no model (seed §4)."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from workbench.core.plans import HandoffSection
from workbench.handoff.digest import Digest
from workbench.handoff.extracts import clip, shorten

SYSTEM = "You are creating a handoff document for the next agent session. Be concise but complete."
TITLES = ("TASK STATUS", "DECISIONS MADE", "FILES CHANGED", "OPEN ITEMS", "CONTEXT FOR NEXT SESSION")
ASKED = (
    "What was the goal? Is it complete?",
    "List every decision and its rationale.",
    "Exact paths and what was changed.",
    "What still needs to be done?",
    "Anything the next agent must know.",
)
OMIT = "Omit: intermediate reasoning, failed attempts, verbose outputs."
BECAUSE = "\n  because "
NOTHING = "Nothing recorded."
MOST = 40
"""Items of one list; the newest stay."""
LONG = 2_000
"""Characters of a decision or a reason."""
WIDEST = 2_000
"""Characters of a line that are looked at for a heading."""
INHERITED = 2_000
"""Characters of a section that is handed on from the session before."""

_HEADING = re.compile(
    r"^\s*(?:#{1,6}\s*)?[*_]{0,2}\s*(?:\(?(\d)\)?[.):]?\s+)?[*_]{0,2}("
    + "|".join(re.escape(title).replace(r"\ ", r"\s+") for title in TITLES)
    + r")[*_]{0,2}\s*(?:[:.–—-]+[*_]{0,2}\s*(.*))?[*_]{0,2}\s*$",
    re.I,
)


def build_prompt(digest: Digest, turns: int) -> tuple[str, str]:
    """System and user prompt that ask a model for the document."""
    state = msgspec.json.format(msgspec.json.encode(digest.pad), indent=2).decode()
    wanted = "\n".join(f"{n}. {title}: {asked}" for n, (title, asked) in enumerate(zip(TITLES, ASKED, strict=True), 1))
    facts = "\n\n".join(f"{name}:\n{body}" for name, body in _facts(digest))
    user = (
        f"Conversation had {turns} turns.\nScratchpad state:\n{state}\n\n"
        f"What the journal says; copy paths and commands exactly:\n{facts}\n\n"
        f"Create a handoff document with these sections:\n{wanted}\n{OMIT}\n"
        "Answer in Markdown, with each section's number and title as a `##` heading."
    )
    return SYSTEM, user


def parse_sections(markdown: str) -> tuple[HandoffSection, ...]:
    """The five sections of a document, whatever its headings look like; a missing one has no body and says so.

    Text before the first heading belongs to the first section; a section that comes twice is joined.
    """
    bodies: dict[int, list[str]] = {}
    current, fenced, lines = 1, False, markdown.splitlines()
    closed = sum(map(_is_fence, lines)) % 2 == 0
    for line in lines:
        fenced ^= closed and _is_fence(line)
        heading = None if fenced else _HEADING.match(line.strip()[:WIDEST])
        begins = heading is not None and not _is_sentence(line, heading)
        if heading and begins:
            current = _number(heading.group(2))
        bodies.setdefault(current, []).append(_same_line(heading, line) if heading and begins else line)
    return tuple(_section(number, "\n".join(bodies.get(number, ())).strip()) for number in range(1, 6))


def write_sections(sections: Sequence[HandoffSection]) -> str:
    """Canonical Markdown with exactly the five headings."""
    bodies = {section.number: section.body for section in sections}
    parts = (f"## {n}. {title}\n\n{bodies.get(n, '').strip() or NOTHING}" for n, title in enumerate(TITLES, 1))
    return "\n\n".join(parts) + "\n"


def write_from_digest(digest: Digest) -> str:
    """The whole document from the digest alone, for when no model answers."""
    bodies = (_status(digest), _decisions(digest), _files(digest), _open(digest), _context(digest))
    return write_sections([_section(number, body) for number, body in enumerate(bodies, 1)])


def _section(number: int, body: str) -> HandoffSection:
    return HandoffSection(number, TITLES[number - 1].capitalize(), body, "done" if body else "missing")


def _same_line(heading: re.Match[str], line: str) -> str:
    """What stands behind the heading in its own line."""
    return line.strip()[heading.start(3) :] if heading.group(3) else ""


def _is_fence(line: str) -> bool:
    return line.lstrip().startswith("```")


def _is_sentence(line: str, heading: re.Match[str]) -> bool:
    """`Open items - none of them urgent`, without a number, a `#`, bold or capitals, is a sentence."""
    marked = heading.group(1) or line.lstrip().startswith(("#", "*", "_"))
    return not marked and not heading.group(2).isupper() and bool(heading.group(3))


def _number(title: str) -> int:
    return TITLES.index(" ".join(title.upper().split())) + 1


def _facts(digest: Digest) -> Iterator[tuple[str, str]]:
    """The digest as named lists, for a model; empty ones are left out."""
    yield "Requests", _list(shorten(text, 600) for text in digest.requests[-12:])
    alone = msgspec.structs.replace(digest, inherited="")
    lists = (
        ("Decisions", _decisions(alone)),
        ("Files", _files(digest)),
        ("Preferences of the person", _list(digest.preferences)),
        ("Open", _list(digest.open_items)),
        ("Commands", _commands(digest)),
        ("Errors", _errors(digest)),
        ("Findings", _list(digest.findings[-MOST:])),
        ("Last answer", shorten(digest.answer, 1_200)),
        ("The handoff that this session started from", digest.inherited),
    )
    for name, body in lists:
        if body and body != NOTHING:
            yield name, body


def _status(digest: Digest) -> str:
    goal = shorten(digest.task, 600) or "No task was stated."
    state = "Complete." if digest.finished else f"Not finished (status: {digest.status})."
    answer = f"\n\nLast answer: {shorten(digest.answer, 400)}" if digest.answer else ""
    return f"{goal}\n\n**{state}** {digest.turns} {'turn' if digest.turns == 1 else 'turns'} so far.{answer}"


def _decisions(digest: Digest) -> str:
    own = _list(
        shorten(note.text, LONG) + (f"{BECAUSE}{shorten(note.reasoning, LONG)}" if note.reasoning else "")
        for note in digest.decisions
    )
    return "\n".join(body for body in (_before(digest, 2), own) if body)


def _before(digest: Digest, number: int) -> str:
    """What the document that this session started from said in one section, not to lose it on the way."""
    if not digest.inherited:
        return ""
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
    words = [f"+{added}" if added else "", f"-{removed}" if removed else ""]
    return "".join(f" {word}" for word in words if word)


def _list(items: "Iterator[str] | Sequence[str]") -> str:
    return "\n".join(f"- {item}" for item in items)
