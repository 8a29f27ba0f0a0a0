"""What is drawn as sentences: marks go, columns get commas, and whatever is written stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.draw.text import bold, faint, heading, join, muted, plain
from workbench.ui.draw.told import MARKS, lay_told, tell, tell_pieces


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (plain("✓ can be undone") + "   " + plain("the file comes back"), "can be undone, the file comes back"),
        (heading("EVIDENCE INDEX") + "   " + faint("stays word for word"), "Evidence index: stays word for word"),
        (join([bold("before"), muted("61.4k → 24.1k")]), "before, 61.4k to 24.1k"),
        (plain("Delete it?") + "   " + plain("It cannot come back."), "Delete it? It cannot come back."),
        (plain("50 lines · all of it"), "50 lines, all of it"),
        (plain("▆▄▂▄▆  Sessions"), "Sessions"),
        (plain("README   ID"), "README, ID"),
    ],
)
def test_a_row_is_told_without_marks_and_columns(row: object, said: str) -> None:
    assert tell(row) == said  # type: ignore[arg-type]


@given(st.text())
def test_no_mark_and_no_column_is_left_of_any_row(text: str) -> None:
    said = tell(plain(text))
    assert not MARKS.search(said)
    assert "  " not in said


@given(st.lists(st.text(alphabet="ab .,:", max_size=5)), st.integers(8, 40))
def test_sentences_fit_their_place(pieces: list[str], width: int) -> None:
    rows = lay_told([tell_pieces(pieces)], width)
    assert all(row.cell_length <= width for row in rows)


def test_the_dots_of_an_empty_bar_and_an_arrow_down_are_not_told() -> None:
    assert tell(plain("window ······ 61.4k")) == "window, 61.4k"
    assert tell(plain("↓ 12 more lines")) == "12 more lines"
