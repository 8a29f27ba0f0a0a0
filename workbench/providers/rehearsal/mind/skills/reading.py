"""Show or summarise files."""

import re

from workbench.providers.rehearsal.mind.evidence import prose, source
from workbench.providers.rehearsal.mind.evidence.manifest import manifest
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, fence, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.locate import Found, readings, unclear, unread
from workbench.providers.rehearsal.mind.skills.scratchpad import closing
from workbench.providers.rehearsal.mind.steps import Answer, Plan

SHOWN = 80
"""Lines shown of one file."""


class Read:
    """The files named: shown as they are, or told in short."""

    def matches(self, request: Request) -> bool:
        asks = request.match(
            r"^(read|show|open|display|cat|print|view|summari[sz]e|explain|describe|what|tell|give|look|see|"
            r"how|why|which|"
            r"is|are|does|do|have|check|outline|quote|compare|diff)\b"
        )
        return bool(request.paths and asks)

    def plan(self, request: Request) -> Plan:
        found = yield from readings(request, request.paths[:5], f"I will read {names(request.paths[:5])}.")
        read = [f for f in found if f.ok]
        yield closing(*(file_fact(f) for f in read), status="done" if read else "blocked", files=[f.path for f in read])
        if not read:
            return unclear(found)
        shows = request.match(r"^(read|show|open|display|cat|print|view|quote)\b") and not request.match(
            r"summar|explain|about"
        )
        pieces = [shown(f, request) if shows else told(f) for f in read]
        missing = unread([f for f in found if not f.ok])
        confidence = (0.93 if shows else 0.86) - (0.15 if missing else 0)
        reason = f"Everything said is quoted from {', '.join(f.path for f in read)}, read just now."
        return Answer("\n\n".join([*pieces, missing]).strip(), confidence, reason)


def shown(found: Found, request: Request) -> str:
    """The text itself, cut where it is long."""
    lines = found.text.splitlines()
    if not lines:
        return f"{code(found.path)} is empty."
    first, last = _range(request, len(lines))
    piece = fence("\n".join(lines[first - 1 : last]), source.language(found.path))
    where = f", lines {first}–{last}" if (first, last) != (1, len(lines)) else ""
    return f"{code(found.path)} ({count(len(lines), 'line')}{where}):\n\n{piece}"


def _range(request: Request, total: int) -> tuple[int, int]:
    if match := request.match(r"\blines? (\d+)(?:\s*(?:-|–|to|through|and)\s*(\d+))?"):
        first = min(max(1, int(match[1])), total)
        return first, min(total, max(first, int(match[2] or match[1])))
    if match := request.match(r"\b(first|last) (\d+) lines"):
        size = max(1, int(match[2]))
        return (1, min(total, size)) if match[1].lower() == "first" else (max(1, total - size + 1), total)
    return 1, min(total, SHOWN)


def told(found: Found) -> str:
    """What the file says of itself: its opening, headings or definitions, and marks."""
    path, text = found.path, found.text
    if not text.strip():
        return f"{code(path)} is empty."
    pieces = [f"{code(path)} has {count(prose.lines(text), 'line')}."]
    if source.is_source(path):
        pieces.append(_source_told(path, text))
    elif (known := manifest(path, text)) and (known.name or known.scripts or known.dependencies):
        parts = (("name", known.name), ("version", known.version), ("description", known.description))
        lines = [f"{label}: {clip(value)}" for label, value in parts if value]
        lines += [f"depends on {names(known.dependencies, 10)}"] if known.dependencies else []
        lines += [f"defines {names(known.scripts, 10)}"] if known.scripts else []
        pieces.append(bullets(lines))
    else:
        pieces.append(_prose_told(text))
    if marks := prose.marks(text):
        pieces.append(
            "Marked as open: " + ", ".join(f"line {m.line} {code(clip(m.text, 80))}" for m in marks[:4]) + "."
        )
    return "\n\n".join(piece for piece in pieces if piece)


def _source_told(path: str, text: str) -> str:
    said = source.opening(path, text)
    quote = f"> {clip(said, 400)}" if said else ""
    lines = [f"{d.kind} {code(d.name)}, line {d.line}" + (f": {clip(d.doc, 120)}" if d.doc else "")
             for d in source.definitions(path, text)[:14]]  # fmt: skip
    rest = [] if lines else [fence("\n".join(text.splitlines()[:20]), source.language(path))]
    return "\n\n".join(piece for piece in (quote, bullets(lines), *rest) if piece)


def _prose_told(text: str) -> str:
    said = " ".join(prose.sentences(prose.paragraph(text))[:3])
    quote = f"> {clip(said, 500)}" if said else ""
    lines = []
    for heading in prose.headings(text)[:14]:
        first = prose.sentences(prose.paragraph(prose.section(text, heading)))
        lines.append(
            f"**{clip(heading.title, 80)}** (line {heading.line})" + (f": {clip(first[0], 140)}" if first else "")
        )
    rest = [] if quote or lines else [fence("\n".join(text.splitlines()[:20]))]
    return "\n\n".join(piece for piece in (quote, bullets(lines), *rest) if piece)


def file_fact(found: Found) -> str:
    """One line on a file that was read, for the scratchpad."""
    text, path = found.text, found.path
    said = source.opening(path, text) if source.is_source(path) else prose.title(text) or prose.paragraph(text)
    defined = [d.name for d in source.definitions(path, text)][:6]
    more = f"; defines {', '.join(defined)}" if defined else ""
    about = f": {clip(re.sub(r'[#*`]', '', said), 160)}" if said else ""
    return f"{path}: {count(prose.lines(text), 'line')}{about}{more}"
