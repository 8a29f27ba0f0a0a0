"""What is read whole: a title, and one or more pieces, such as an answer and the tables in it."""

from dataclasses import dataclass

from workbench.ui.reading.lines import Lines


@dataclass(frozen=True)
class Piece:
    """One long thing."""

    name: str
    """What it is: `output`, `table`, `diff`."""
    lines: Lines
    prose: bool = False
    """Wrapped from the start."""


@dataclass(frozen=True)
class Document:
    """What the pager shows."""

    title: str
    pieces: tuple[Piece, ...]
    first: int = 0
    """The piece that is shown first."""
    words: str = ""
    """Looked for from the start."""
    retries: bool = False
    """True for an error after which one can try again."""
