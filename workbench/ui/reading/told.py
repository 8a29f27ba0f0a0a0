"""What is read whole, told in sentences: no columns, no signs at the left, each cell with the name of its column."""

from dataclasses import replace

from workbench.ui.draw.code import PatchRow
from workbench.ui.reading.document import Document, Piece
from workbench.ui.reading.lines import DiffLines, GridLines, Lines, PlainLines
from workbench.ui.transcript.prose import read_prose

SAID = {"added": "added: ", "removed": "removed: ", "same": "", "gap": "further on: "}


class ToldLines(PlainLines):
    """Sentences; what is copied is what was written."""

    def __init__(self, said: str, written: Lines) -> None:
        super().__init__(said)
        self._source = written

    def copy(self) -> str:
        return self._source.copy()


def tell_document(document: Document) -> Document:
    """Every piece of it in sentences, broken between words."""
    return replace(document, pieces=tuple(map(_tell_piece, document.pieces)))


def _tell_piece(piece: Piece) -> Piece:
    lines = piece.lines
    match lines:
        case GridLines():
            said = _tell_table(lines)
        case DiffLines():
            said = _tell_diff(lines)
        case _:
            said = read_prose(lines.copy()) if piece.prose else lines.copy()
    return Piece(piece.name, ToldLines(said, lines), prose=True)


def _tell_table(table: GridLines) -> str:
    """`row 1 of 3`, and below it a line for each cell."""
    names, *rows = table.cells
    said = []
    for place, row in enumerate(rows, 1):
        said.append(f"row {place} of {len(rows)}")
        said += [f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=True)]
    return "\n".join(said)


def _tell_diff(diff: DiffLines) -> str:
    return "\n".join(f"file {row}:" if isinstance(row, str) else tell_change(row) for row in diff.rows)


def tell_change(row: PatchRow) -> str:
    """`line 12, removed: the old one`; the text alone where nothing changed."""
    said, end = SAID[row.kind], f", {row.end}" if row.end else ""
    return f"line {row.number}, {said}{row.text}{end}" if said and row.number else f"{said}{row.text}{end}"
