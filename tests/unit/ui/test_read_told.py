"""What is read whole as sentences: each cell with its column, each change in a word, copied as it was written."""

from workbench.ui.reading.document import Document, Piece
from workbench.ui.reading.lines import DiffLines, GridLines, PlainLines
from workbench.ui.reading.told import tell_document

DIFF = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"


def lines_of(piece: Piece) -> list[str]:
    told = tell_document(Document("d", (piece,))).pieces[0].lines
    assert told.copy() == piece.lines.copy()
    return [told.text(line) for line in range(len(told))]


def test_a_cell_says_its_column() -> None:
    grid = GridLines(("name", "tries"), (("retry", "3"), ("send",)), (), "source")
    assert lines_of(Piece("table", grid)) == [
        *("row 1 of 2", "name: retry", "tries: 3"),
        *("row 2 of 2", "name: send", "tries: "),
    ]


def test_a_change_says_what_it_is_and_where() -> None:
    assert lines_of(Piece("diff", DiffLines([("x", DIFF)])))[-3:] == [
        "one",
        "line 2, removed: two",
        "line 2, added: three",
    ]


def test_of_several_files_each_says_its_name() -> None:
    assert "file b.py:" in lines_of(Piece("diff", DiffLines([("a.py", DIFF), ("b.py", DIFF)])))


def test_prose_is_read_without_its_signs_and_an_output_as_it_is() -> None:
    assert lines_of(Piece("answer", PlainLines("# Plan\n- **one**"), prose=True)) == ["heading: Plan", "item: one"]
    assert lines_of(Piece("output", PlainLines("# 1  2"))) == ["# 1  2"]
