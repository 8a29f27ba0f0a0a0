"""A diff in the transcript tells the same as the question about it: how it ends, and what the eye would not see."""

from workbench.core.tools import FileChange
from workbench.tools.diffs import compare
from workbench.ui.draw.runs import Styles
from workbench.ui.transcript.tools import draw_diff

STYLES = Styles({})


def drawn(before: str, after: str) -> list[str]:
    """The rows of the diff."""
    change = FileChange("x.py", "modified", diff=compare(before, after, "x.py").text)
    lines, _ = draw_diff(change, 80, STYLES, 40)
    return ["".join(text for text, _ in line.runs).rstrip() for line in lines]


def test_a_final_newline_and_blanks_at_the_end_are_told() -> None:
    assert [row.split(maxsplit=2)[2] for row in drawn("omega", "omega\n")] == [
        "omega  no newline at the end",
        "omega  newline at the end",
    ]
    assert drawn("end\n", "end  \n")[1].endswith("end··")


def test_an_indent_that_all_rows_share_is_left_out_and_no_letter_is_lost() -> None:
    rows = drawn("    one two\n    same\n", "    one ten\n    same\n")
    assert [row.split(maxsplit=1)[1].lstrip("−+- ") for row in rows] == ["one two", "one ten", "same"]
