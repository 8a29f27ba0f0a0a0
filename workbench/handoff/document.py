"""The handoff document: its five sections in Markdown, and how the next session starts from it (seed §4)."""

import re
import time
import unicodedata
from collections.abc import Sequence

from workbench.core.plans import HandoffSection

TITLES = ("TASK STATUS", "DECISIONS MADE", "FILES CHANGED", "OPEN ITEMS", "CONTEXT FOR NEXT SESSION")
OPENING = "You are continuing a task from a previous session. Here is the handoff document:"
CLOSING = "Resume work from where the previous session left off."
NOTHING = "Nothing recorded."
LONGEST = 120
"""Characters of a fact in one line."""
WIDEST = 2_000
"""Characters of a line that are looked at for a heading."""

_HEADING = re.compile(
    r"^\s*(?:#{1,6}\s*)?[*_]{0,2}\s*(?:\(?(\d)\)?[.):]?\s+)?[*_]{0,2}("
    + "|".join(re.escape(title).replace(r"\ ", r"\s+") for title in TITLES)
    + r")[*_]{0,2}\s*(?:[:.–—-]+[*_]{0,2}\s*(.*))?[*_]{0,2}\s*$",
    re.I,
)


def parse_sections(markdown: str) -> tuple[HandoffSection, ...]:
    """The five sections of a document, whatever its headings look like; a missing one has no body and says so.

    Text before the first heading belongs to the first section; a section that comes twice is joined.
    """
    bodies: dict[int, list[str]] = {}
    current, fenced, lines = 1, False, markdown.splitlines()
    closed = sum(map(_is_fence, lines)) % 2 == 0
    for line in lines:
        fenced ^= closed and _is_fence(line)
        body, heading = line, None if fenced else _HEADING.match(line.strip()[:WIDEST])
        if heading and not _is_sentence(line, heading):
            current = TITLES.index(" ".join(heading.group(2).upper().split())) + 1
            body = line.strip()[heading.start(3) :] if heading.group(3) else ""
        bodies.setdefault(current, []).append(body)
    return tuple(make_section(number, "\n".join(bodies.get(number, ())).strip()) for number in range(1, 6))


def write_sections(sections: Sequence[HandoffSection]) -> str:
    """Canonical Markdown with exactly the five headings."""
    bodies = {section.number: section.body for section in sections}
    parts = (f"## {n}. {title}\n\n{bodies.get(n, '').strip() or NOTHING}" for n, title in enumerate(TITLES, 1))
    return "\n\n".join(parts) + "\n"


def memory_text(document: str) -> str:
    """The document as a piece of the next session's memory."""
    return f"{OPENING}\n\n{document.strip()}\n\n{CLOSING}"


def document_in(memory: str) -> str:
    """The document again, out of the text that `memory_text` made of it."""
    return memory.strip().removeprefix(OPENING).removesuffix(CLOSING).strip()


def export_name(title: str, at: float) -> str:
    """A file name for the exported document: `handoff-retry-ladder-20261122-140901.md`, always plain ASCII."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(at))
    return f"handoff-{slug}-{stamp}.md" if slug else f"handoff-{stamp}.md"


def shorten(text: str, limit: int = LONGEST) -> str:
    """One line, cut with `…`."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clip(text: str, limit: int) -> str:
    """Whole lines of `text` up to `limit` characters, the end marked where more was cut."""
    return text if len(text) <= limit else text[:limit].rpartition("\n")[0] + "\n…"


def make_section(number: int, body: str) -> HandoffSection:
    return HandoffSection(number, TITLES[number - 1].capitalize(), body, "done" if body else "missing")


def _is_fence(line: str) -> bool:
    return line.lstrip().startswith("```")


def _is_sentence(line: str, heading: re.Match[str]) -> bool:
    """`Open items - none of them urgent`, without a number, a `#`, bold or capitals, is a sentence."""
    marked = heading.group(1) or line.lstrip().startswith(("#", "*", "_"))
    return not marked and not heading.group(2).isupper() and bool(heading.group(3))
