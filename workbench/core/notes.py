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
