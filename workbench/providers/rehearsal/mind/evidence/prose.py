"""Facts in a document: headings, paragraphs, sentences, marks, counts."""

import re
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading, and where it stands."""

    level: int
    title: str
    line: int


class Mark(NamedTuple):
    """A line that its author marked as unfinished."""

    line: int
    text: str


_MARK = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD)\b")
_NOISE = re.compile(r"^\s*(?:\[?!\[|<|\|?\s*:?-{3,}|={3,}|>\s*\[!|---|\.\. )")


def headings(text: str) -> list[Heading]:
    """Markdown headings (`#` and underlined) outside fences; also numbered section lines of plain text."""
    found: list[Heading] = []
    lines, fenced = text.splitlines(), False
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*(```|~~~)", line):
            fenced = not fenced
        elif fenced:
            continue
        elif match := re.match(r"(#{1,6})\s+(.+?)\s*#*$", line):
            found.append(Heading(len(match[1]), match[2], number))
        elif number < len(lines) and line.strip() and re.fullmatch(r"(={3,}|-{3,})\s*", lines[number]):
            if number == 1 or not lines[number - 2].strip():
                found.append(Heading(1 if lines[number][0] == "=" else 2, line.strip(), number))
        elif match := re.match(r"(?:Section |Chapter )?\d{1,2}[.:]\s+([A-Z][^.!?]{2,80})$", line):
            found.append(Heading(2, line.strip(), number))
    return found


def title(text: str) -> str:
    """The first heading's title, or nothing."""
    found = headings(text)
    return found[0].title if found else ""


def paragraph(text: str) -> str:
    """The first paragraph of prose: no heading, badge, list, table or code. On one line."""
    taken: list[str] = []
    fenced = False
    own = {heading.line for heading in headings(text)}
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*(```|~~~)", line):
            fenced = not fenced
        bad = fenced or number in own or _NOISE.match(line) or re.match(r"\s*([-*+]\s|\d+[.)]\s|#|\||```)", line)
        if line.strip() and not bad:
            taken.append(line.strip())
        elif taken:
            break
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", " ".join(taken))


def sentences(text: str) -> list[str]:
    """`text` cut into sentences; abbreviations and versions do not end one."""
    flat = " ".join(text.split())
    pieces = re.split(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<=[.!?])\s+(?=[\"'“(`*]?[^\Wa-z_])", flat)
    return [piece for piece in pieces if piece]


def marks(text: str) -> list[Mark]:
    """Lines with TODO, FIXME, XXX, HACK or TBD."""
    return [Mark(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if _MARK.search(line)]


def section(text: str, heading: Heading) -> str:
    """What stands below `heading`, to the next one of its level or above."""
    after = [h.line for h in headings(text) if h.line > heading.line and h.level <= heading.level]
    end = after[0] - 1 if after else None
    return "\n".join(text.splitlines()[heading.line : end]).strip()


def lines(text: str) -> int:
    """How many lines; an end without a newline counts."""
    return len(text.splitlines())


def words(text: str) -> int:
    """How many words."""
    return len(text.split())
