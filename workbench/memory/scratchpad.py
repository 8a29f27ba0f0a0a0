"""The two ways to read the scratchpad (seed §3).

Note ─▶ core.notes.add_note ─▶ pad ─▶ digest       a few lines, sent to the model when they changed
                                 └──▶ as_markdown  all of it, for `read_scratchpad` and exports
"""

from workbench.core.notes import Note, Scratchpad

RECENT = 5
"""How many findings the digest repeats."""


def digest(pad: Scratchpad) -> str:
    """The compact memory summary, counts first and the latest findings after them; empty for an empty pad."""
    if pad == Scratchpad():
        return ""
    lines = [f"Scratchpad: {_count_entries(pad)} examined."]
    if pad.task:
        lines.append(f"Task: {_line(pad.task)}")
    lines.append(f"Status: {_line(pad.status)}")
    older = len(pad.findings) - RECENT
    title = f"Latest findings ({older} older ones in read_scratchpad)" if older > 0 else "Findings"
    lines += _write_list(f"{title}:", [_line(finding.text) for finding in pad.findings[-RECENT:]])
    lines += _write_list("Decisions:", [_write_decision(decision) for decision in pad.decisions])
    lines += _write_list("Open questions:", [_line(question.text) for question in pad.open_questions])
    return "\n".join(lines)


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


def _write_list(title: str, entries: list[str]) -> list[str]:
    return [title, *(f"- {entry}" for entry in entries)] if entries else []


def _write_section(title: str, entries: list[str]) -> str:
    return f"## {title}\n\n" + ("\n".join(f"- {entry}" for entry in entries) or "None.")
