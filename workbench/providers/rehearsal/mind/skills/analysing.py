"""Analyse a document or a source: size, structure, marks, longest functions."""

from workbench.providers.rehearsal.mind.evidence import prose, source
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, names, table
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.locate import Found, readings, unclear, unread
from workbench.providers.rehearsal.mind.skills.scratchpad import closing
from workbench.providers.rehearsal.mind.steps import Answer, Plan


class Analyse:
    """Figures and places, from the text as it was read."""

    def matches(self, request: Request) -> bool:
        asks = request.match(
            r"^(analy[sz]e|review|audit|inspect|examine|assess|measure|count|study|how (?:long|big|"
            r"many (?:lines|words|functions|headings))"
            r"|(?:what|which|show|find|list|tell|give)\b.*\b(?:longest|headings?|todos?|functions|classes|"
            r"outline|definitions)\b)"
        )
        return bool(asks and request.paths and not all(path.endswith("/") for path in request.paths))

    def plan(self, request: Request) -> Plan:
        paths = request.paths[:6]
        found = yield from readings(request, paths, f"I will read {names(paths)} and take its measure.")
        read = [f for f in found if f.ok]
        yield closing(*(fact(f) for f in read), status="done" if read else "blocked", files=[f.path for f in read])
        if not read:
            return unclear(found)
        pieces = [analysis(f) for f in read] if len(read) < 4 else [_together(read)]
        missing = unread([f for f in found if not f.ok])
        reason = "Counted from the text just read; judged by form alone, not by meaning."
        return Answer("\n\n".join([*pieces, missing]).strip(), 0.78 if missing else 0.88, reason)


def fact(f: Found) -> str:
    """One line for the scratchpad."""
    longest = source.functions(source.definitions(f.path, f.text))[:1]
    more = (
        f", longest function {longest[0].name} ({longest[0].length} lines, line {longest[0].line})" if longest else ""
    )
    heads = len(prose.headings(f.text)) if not source.is_source(f.path) else 0
    titled = f", {count(heads, 'heading')}" if heads else ""
    return (
        f"{f.path}: {count(prose.lines(f.text), 'line')}{titled}, {count(len(prose.marks(f.text)), 'open mark')}{more}"
    )


def analysis(f: Found) -> str:
    """All measures of one file."""
    path, text = f.path, f.text
    defined, heads = source.definitions(path, text), [] if source.is_source(path) else prose.headings(text)
    rows = [("Lines", str(prose.lines(text))), ("Words", str(prose.words(text))), ("Characters", str(len(text)))]
    if defined:
        classes = [d for d in defined if d.kind not in source._FUNCTIONS]
        rows += [("Functions and methods", str(len(defined) - len(classes))), ("Classes and types", str(len(classes)))]
    if heads:
        rows.append(("Headings", str(len(heads))))
    rows.append(("Marked as open", str(len(prose.marks(text)))))
    pieces = [f"{code(path)} in figures:", table(("What", "How many"), rows), _opening(path, text)]
    if heads:
        pieces.append(
            "**Headings**\n\n"
            + "\n".join(
                f"{'  ' * (h.level - min(x.level for x in heads))}- {clip(h.title, 90)} (line {h.line})"
                for h in heads[:24]
            )
        )
    if longest := source.functions(defined)[:5]:
        lines = (f"{code(d.name)}: {count(d.length, 'line')}, from line {d.line}" for d in longest)
        pieces.append("**Longest functions**\n\n" + bullets(lines))
    if marks := prose.marks(text):
        pieces.append(
            "**Marked as open**\n\n" + bullets(f"line {m.line}: {code(clip(m.text, 110))}" for m in marks[:12])
        )
    return "\n\n".join(piece for piece in pieces if piece)


def _opening(path: str, text: str) -> str:
    said = (
        source.opening(path, text) if source.is_source(path) else " ".join(prose.sentences(prose.paragraph(text))[:2])
    )
    return f"> {clip(said, 400)}" if said else ""


def _together(found: list[Found]) -> str:
    rows = []
    for f in found:
        longest = source.functions(source.definitions(f.path, f.text))[:1]
        rows.append((code(f.path), str(prose.lines(f.text)), str(len(prose.marks(f.text))),
                     f"{code(longest[0].name)} ({longest[0].length})" if longest else "–"))  # fmt: skip
    return table(("File", "Lines", "Marked as open", "Longest function"), rows)
