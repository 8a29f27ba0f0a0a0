"""The two ways to read the scratchpad (seed §3).

Note ─▶ core.notes.Notepad ─▶ pad ─▶ digest       a few lines: what the model was not told yet
                                 └──▶ as_markdown  all of it, for `read_scratchpad` and exports
"""

from workbench.core.notes import Note, Scratchpad

FINDINGS, DECISIONS, QUESTIONS = 5, 12, 12
"""How many of each a digest lists, the newest ones."""
LINE = 240
"""Characters of an entry in a digest."""


def digest(pad: Scratchpad, told: Scratchpad | None = None) -> str:
    """What of `pad` is news to who was told of `told`: counts first, then what was added, changed and closed.

    Without `told` the whole memory in brief. About 2,000 tokens at most, whatever the pad holds; empty for no news.
    """
    known = told or Scratchpad()
    lines = [f"Task: {_shorten(pad.task) or 'none'}"] if pad.task != known.task else []
    lines += [f"Status: {_shorten(pad.status)}"] if told is None or pad.status != known.status else []
    new = "New " if told else ""
    found, decided, asked = _list_news(pad, known)
    lines += _write_list(f"{new}findings", [finding.text for finding in found], FINDINGS)
    lines += _write_list(f"{new}decisions", [_write_decision(decision) for decision in decided], DECISIONS)
    lines += _write_list(f"{new}open questions", [question.text for question in asked], QUESTIONS)
    still = {question.text for question in pad.open_questions}
    lines += _write_list("closed questions", [q.text for q in known.open_questions if q.text not in still], QUESTIONS)
    if not lines or pad == Scratchpad() == known:
        return ""
    return "\n".join([f"Scratchpad: {_count_entries(pad)} examined.", *lines])


def _list_news(pad: Scratchpad, known: Scratchpad) -> tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]:
    """Findings, decisions and open questions that `known` has not. The first two are only ever added to."""
    before = {question.text for question in known.open_questions}
    asked = tuple(question for question in pad.open_questions if question.text not in before)
    return pad.findings[len(known.findings) :], pad.decisions[len(known.decisions) :], asked


def as_markdown(pad: Scratchpad) -> str:
    """The full scratchpad under a heading for each field; fields without entries say so."""
    return "\n\n".join(
        [
            "# Scratchpad",
            f"**Task:** {_line(pad.task) or 'none'}\n**Status:** {_line(pad.status)}",
            _write_section("Findings", [_line(finding.text) for finding in pad.findings]),
            _write_section("Decisions", [_write_decision(decision) for decision in pad.decisions]),
            _write_section("Open questions", [_line(question.text) for question in pad.open_questions]),
            _write_section("Files examined", [f"`{path}`" for path in pad.files_examined]),
        ]
    )


def _count_entries(pad: Scratchpad) -> str:
    counts = {
        "finding": pad.findings,
        "decision": pad.decisions,
        "open question": pad.open_questions,
        "file": pad.files_examined,
    }
    return ", ".join(f"{len(found)} {noun}{'' if len(found) == 1 else 's'}" for noun, found in counts.items())


def _write_decision(decision: Note) -> str:
    return _line(f"{decision.text} (because: {decision.reasoning})" if decision.reasoning else decision.text)


def _line(text: str) -> str:
    """`text` on one line, so that no entry can look like two."""
    return " ".join(text.split())


def _shorten(text: str) -> str:
    line = _line(text)
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"


def _write_list(noun: str, entries: list[str], most: int) -> list[str]:
    """The newest `most` of `entries` under their title, which says how many there are before them."""
    if not entries:
        return []
    older = len(entries) - most
    title = f"latest {noun.lower()} ({older} older ones in read_scratchpad)" if older > 0 else noun
    return [f"{title[0].upper()}{title[1:]}:", *(f"- {_shorten(entry)}" for entry in entries[-most:])]


def _write_section(title: str, entries: list[str]) -> str:
    return f"## {title}\n\n" + ("\n".join(f"- {entry}" for entry in entries) or "None.")
