"""What was switched on is switched off again, whatever the order, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.left_on import left_on
from workbench.ui.terminal.modes import Modes

SWITCHES = st.one_of(
    st.builds(
        "\x1b[?{}{}".format, st.sampled_from(["1000", "1003;1006", "1049", "2004", "7", "25"]), st.sampled_from("hl")
    ),
    st.sampled_from(["\x1b[>25u", "\x1b[<u", "\x1b[22;0t", "\x1b[23;0t", "\x1b]9;4;1;50\x07", "\x1b]9;4;0\x07"]),
    st.text(max_size=20),
)


def test_nothing_is_written_to_a_terminal_that_was_left_alone() -> None:
    modes = Modes()
    modes.note("only text, \x1b[31mcoloured\x1b[m")
    assert modes.undo() == ""


def test_key_protocols_leave_before_the_screen_that_they_belong_to() -> None:
    modes = Modes()
    modes.note("\x1b[?1049h\x1b[?25l\x1b[>25u\x1b[22;0t")
    assert modes.undo() == "\x1b[m\x1b[<u\x1b[23;0t\x1b[?1049l\x1b[?25h"


@given(st.lists(SWITCHES))
def test_after_the_undo_nothing_is_left_on_and_there_is_nothing_to_undo(written: list[str]) -> None:
    modes = Modes()
    for each in written:
        modes.note(each)
    sent = "".join(written) + modes.undo()
    assert left_on(sent.encode("utf-8", "replace")) == set()
    modes.note(modes.undo())
    assert modes.undo() == ""
