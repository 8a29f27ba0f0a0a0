"""The scratchpad's content (seed §3): the facts that survive when the window does not."""

from dataclasses import dataclass, field
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


@dataclass
class Notepad:
    """The scratchpad while it is written: a note costs the same however many there are. Mutated by `add`."""

    _task: str = ""
    _status: str = Scratchpad().status
    _findings: dict[tuple[str, str], Note] = field(default_factory=dict)
    """By text and reason, as the others."""
    _decisions: dict[tuple[str, str], Note] = field(default_factory=dict)
    _questions: dict[tuple[str, str], Note] = field(default_factory=dict)
    _reasons: dict[str, list[str]] = field(default_factory=dict)
    """Of the open questions, by their text."""
    _files: dict[str, None] = field(default_factory=dict)
    _pad: Scratchpad | None = field(default=None, compare=False)

    @property
    def pad(self) -> Scratchpad:
        """What it holds; made once after each note that was added, O(notes)."""
        if self._pad is None:
            findings, decisions = tuple(self._findings.values()), tuple(self._decisions.values())
            questions, files = tuple(self._questions.values()), tuple(self._files)
            self._pad = Scratchpad(self._task, findings, decisions, questions, files, self._status)
        return self._pad

    def add(self, note: Note) -> None:
        """Take a note in. A blank or repeated entry changes nothing; a blank task or status clears it."""
        note = msgspec.structs.replace(note, text=note.text.strip(), reasoning=note.reasoning.strip())
        key, self._pad = (note.text, note.reasoning), None
        match note.kind:
            case "task":
                self._task = note.text
            case "status":
                self._status = note.text or Scratchpad().status
            case "question" if note.closed:
                for reason in self._reasons.pop(note.text, ()):
                    del self._questions[note.text, reason]
            case _ if not note.text:
                return
            case "finding":
                self._findings.setdefault(key, note)
            case "decision":
                self._decisions.setdefault(key, note)
            case "question" if key not in self._questions:
                self._questions[key] = note
                self._reasons.setdefault(note.text, []).append(note.reasoning)
            case "file":
                self._files[note.text] = None
