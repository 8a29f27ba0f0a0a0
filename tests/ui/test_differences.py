"""A diff shows what differs: blanks, ends of lines and files, look-alikes; and nothing that is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tools.diffs import compare
from workbench.ui.draw.code import PatchRow, parse_patch
from workbench.ui.draw.differences import mark_differences


def changed(before: str, after: str) -> list[PatchRow]:
    """The changed rows of the diff, as they are drawn."""
    rows = mark_differences(parse_patch(compare(before, after, "x").text))
    return [row for row in rows if row.kind in ("added", "removed")]


def pieces(row: PatchRow) -> list[str]:
    """What is marked in a row."""
    return [row.text[start:end] for start, end in row.marks]


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("end\n", "end   \n", [], ["···"]),
        ("end \t\n", "end\n", ["·→   "], []),
        ("\tx\n", "        x\n", ["→       "], ["········"]),
        ("a\r\n", "a\n", ["␍"], []),
        ("a b\n", "a\u00a0b\n", ["·"], ["<U+00A0>"]),
        ("paypal\n", "p\u0430ypal\n", ["paypal"], ["p\u0430<U+0430>ypal"]),
        ("ab\n", "a\u200bb\n", ["ab"], ["a<U+200B>b"]),
        ("caf\u00e9\n", "cafe\u0301\n", ["caf\u00e9<U+00E9>"], ["cafe<U+0301>"]),
        ("x - y\n", "x \u2010 y\n", ["-"], ["\u2010<U+2010>"]),
        ("f(a, b)\n", "f(a, c, b)\n", [], ["c, "]),
        ("x=1\n", "x = 1\n", [], ["·", "·"]),
        ("\ufeffx\n", "x\n", ["<U+FEFF>"], []),
    ],
)
def test_what_differs_is_marked(before: str, after: str, removed: list[str], added: list[str]) -> None:
    old, new = changed(before, after)
    assert (pieces(old), pieces(new)) == (removed, added)


def test_a_final_newline_is_told_where_it_differs() -> None:
    assert [row.end for row in changed("omega", "omega\n")] == ["no newline at the end", "newline at the end"]
    assert [row.end for row in changed("omega\n", "omega")] == ["newline at the end", "no newline at the end"]
    assert [row.end for row in changed("", "new")] == ["no newline at the end"]
    assert [row.end for row in changed("a\nomega", "a\nomegas")] == ["", ""]
    assert [row.end for row in changed("a\nb\nc\nd\ne", "A\nb\nc\nd\ne")] == ["", ""]


def test_what_is_the_same_on_both_sides_is_not_marked() -> None:
    rows = changed("\tone \u00a0two  \r\nlast\r\n", "\tone \u00a0ten  \r\nlast\r\n")
    assert [pieces(row) for row in rows] == [["two"], ["ten"]]
    assert not any("·" in row.text or "␍" in row.text or "<U+" in row.text for row in rows)


def test_lines_that_have_nothing_in_common_are_not_marked_piece_by_piece() -> None:
    assert [pieces(row) for row in changed("for a in b:\n", "while True:\n")] == [[], []]


LINES = st.lists(st.text(" \tab\r\u00a0\u0430é", max_size=12), max_size=6).map("\n".join)


@given(LINES, LINES)
def test_no_row_and_no_letter_is_lost(before: str, after: str) -> None:
    rows = parse_patch(compare(before, after, "x").text)
    drawn = mark_differences(rows)
    assert [row.kind for row in drawn] == [row.kind for row in rows]
    for row, shown in zip(rows, drawn, strict=True):
        assert [c for c in shown.text if c in "ab"] == [c for c in row.text if c in "ab"]
        assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
        assert shown.text.isprintable()


def test_a_very_long_line_is_compared_quickly() -> None:
    old, new = changed("x" * 50_000 + "a" + "y" * 50_000, "x" * 50_000 + "b" + "y" * 50_000)
    assert (pieces(old), pieces(new)) == (["a"], ["b"])
