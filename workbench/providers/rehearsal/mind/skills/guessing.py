"""Anything else: search for what the words name, read the best place, and say how little that is."""

import re
from collections import Counter

from workbench.providers.rehearsal.mind import words
from workbench.providers.rehearsal.mind.evidence import source
from workbench.providers.rehearsal.mind.evidence.matches import Match, by_file, defines, matches
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, fence, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import grep, read
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, finding, opening
from workbench.providers.rehearsal.mind.skills.trouble import failures
from workbench.providers.rehearsal.mind.steps import Answer, Plan, Step

_CREATIVE = (
    r"^(implement|refactor|fix|improve|optimi[sz]e|rewrite|design|plan|debug|build|develop|translate|port|"
    r"convert|migrate|code|write|add|solve|compose|draft|deploy|send|publish|install|upgrade|generate)\b"
)
SHOWN = 12
"""Lines shown."""


class Guess:
    """The last resort, and it says so."""

    def matches(self, request: Request) -> bool:
        return True

    def plan(self, request: Request) -> Plan:
        wanted = [*request.quoted[:2], *words.keywords(words.unquoted(request.bare))]
        wanted = list(dict.fromkeys(w.strip() for w in wanted if len(w.strip()) > 2 and "\n" not in w))[:4]
        if not wanted:
            return _unable(request, [])
        say = f"I know no recipe for that, so I search for {names(wanted)}."
        results = (yield opening(request, say, *(grep(f"(?i){re.escape(word)}") for word in wanted)))[1:]
        found = {w: matches(r, request.talk) for w, r in zip(wanted, results, strict=True)}
        best = _best(found)
        if best is None:
            yield closing(f"nothing in the workspace speaks of {', '.join(wanted)}", status="blocked")
            return _unable(request, wanted, failures(results))
        text = (yield Step((finding(f"{best.path} speaks most of {', '.join(w for w in wanted if found[w])}"),
                            read(best.path, max(1, best.line - 3), best.line + 12))))[1]  # fmt: skip
        yield closing(status="done")
        return _told(request, found, best, text.text if text.ok else "")


def _best(found: dict[str, list[Match]]) -> Match | None:
    """A line of the file in which most of the words stand; a definition before other lines."""
    spread: Counter[str] = Counter()
    for lines in found.values():
        spread.update(by_file(lines).keys())
    if not spread:
        return None
    top = max(spread, key=lambda path: (spread[path], source.is_source(path), -path.count("/"), path))
    inside = [(defines(m, word), m) for word, lines in found.items() for m in lines if m.path == top]
    return max(inside, key=lambda pair: (pair[0], -pair[1].line))[1]


def _told(request: Request, found: dict[str, list[Match]], best: Match, text: str) -> Answer:
    hits = {word: lines for word, lines in found.items() if lines}
    lines = [f"{code(word)}: {count(len(ms), 'line')} in {names(by_file(ms), 4)}" for word, ms in hits.items()]
    unseen = [word for word, ms in found.items() if not ms]
    lines += [f"{names(unseen)}: nowhere"] if unseen else []
    order = sorted((m for ms in hits.values() for m in ms), key=lambda m: (m.path != best.path, m.path, m.line))
    quotes = bullets(
        f"{code(f'{m.path}:{m.line}')} {code(clip(m.text, 100))}" for m in dict.fromkeys(order[:40]) if m.text
    )
    quotes = "\n".join(quotes.splitlines()[:SHOWN])
    lead = (
        "A rehearsal has no language model, so I cannot do that; what I can do is show where the workspace "
        "speaks of it."
    ) if request.match(
        _CREATIVE) else "I cannot reason about this question; here is where the workspace speaks of it."  # fmt: skip
    pieces = [lead, bullets(lines), quotes]
    if text.strip():
        pieces.append(f"Around {code(f'{best.path}:{best.line}')}:\n\n{fence(text, source.language(best.path))}")
    share = len(hits) / len(found)
    sure = 0.4 if request.match(_CREATIVE) else round(0.42 + 0.2 * share, 2)
    others = (f"Read {best.path}", f"Search for {next(iter(hits))} only", "Explain the project")
    return Answer(
        "\n\n".join(pieces),
        sure,
        f"{len(hits)} of {len(found)} words were found; whether that answers you I cannot judge.",
        others,
    )


def _unable(request: Request, wanted: list[str], trouble: str = "") -> Answer:
    looked = f" I searched for {names(wanted)} and found no line." if wanted else ""
    text = (
        f"I cannot answer that.{looked} A rehearsal has rules instead of a language model: it can look into "
        "files, change text, run commands "
        "and remember, and it quotes what it finds. A model behind an API key (`ANTHROPIC_API_KEY`) could answer."
    )
    others = (
        "Explain the project",
        f"Search for {wanted[0]} in another spelling" if wanted else "List the files here",
        "Say what you can do",
    )
    return Answer(f"{text}\n\n{trouble}".strip(), 0.3, "No rule fits and nothing in the workspace matches.", others)
