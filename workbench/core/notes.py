"""The scratchpad's content (seed §3): the facts that survive when the window does not."""

from typing import Literal

import msgspec

NoteKind = Literal["task", "finding", "decision", "question", "file", "status"]


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of the scratchpad, or one change to it.

    `task` and `status` replace; the others append; `closed` removes an open question with the same text.
    """

    kind: NoteKind
    text: str
    reasoning: str = ""
    """Why, for a decision."""
    by: str = "agent"
    at: float = 0.0
    turn: int = 0
    closed: bool = False


class Scratchpad(msgspec.Struct, frozen=True):
    """The seed's fields."""

    task: str = ""
    findings: tuple[Note, ...] = ()
    decisions: tuple[Note, ...] = ()
    open_questions: tuple[Note, ...] = ()
    files_examined: tuple[str, ...] = ()
    status: str = "in_progress"

    @property
    def notes(self) -> int:
        """Findings, decisions and open questions together."""
        return len(self.findings) + len(self.decisions) + len(self.open_questions)


def add_note(pad: Scratchpad, note: Note) -> Scratchpad:
    """`pad` after `note`. A blank or repeated entry changes nothing; a blank task or status clears it."""
    text = note.text.strip()
    note = msgspec.structs.replace(note, text=text, reasoning=note.reasoning.strip())
    match note.kind:
        case "task":
            return msgspec.structs.replace(pad, task=text)
        case "status":
            return msgspec.structs.replace(pad, status=text or Scratchpad().status)
        case "finding":
            return msgspec.structs.replace(pad, findings=_with(pad.findings, note))
        case "decision":
            return msgspec.structs.replace(pad, decisions=_with(pad.decisions, note))
        case "question" if note.closed:
            left = tuple(question for question in pad.open_questions if question.text != text)
            return msgspec.structs.replace(pad, open_questions=left)
        case "question":
            return msgspec.structs.replace(pad, open_questions=_with(pad.open_questions, note))
        case "file" if text and text not in pad.files_examined:
            return msgspec.structs.replace(pad, files_examined=(*pad.files_examined, text))
    return pad


def _with(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    """`notes` and `note`, unless it is blank or there already with the same reason."""
    if not note.text or any((known.text, known.reasoning) == (note.text, note.reasoning) for known in notes):
        return notes
    return (*notes, note)
