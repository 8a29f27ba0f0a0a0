"""Program output is what a terminal would show of it; pyte is the terminal that says so."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.program_output import CONTROL, resolve_output

MOVES = ["\r", "\b", "\n", "\x1b[2D", "\x1b[3C", "\x1b[5G", "\x1b[1A", "\x1b[1B"]
EDITS = ["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[2P", "\x1b[2X", "\x1b[2@"]
WORDS = ["abc", "N\bN", "_\bx", "日本", "\x1b[31m", "\x1b[0m", "\x1b(B", "\x1b]0;title\x07", " ", "e"]
PIECES = st.sampled_from([*WORDS, *MOVES, *EDITS])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b(B\x1b[mplain\x1b(B", "plain"),
        ("N\bNA\bAM\bME\bE _\bx_\by x\b_", "NAME xy x"),
        ("10%\r50%\r100%\n", "100%\n"),
        ("long line\rshort", "shortline"),
        ("long line\r\x1b[Kshort", "short"),
        ("abc\x1b[2DX\x1b[1CY", "aXcY"),
        ("one\ntwo\n\x1b[2A\x1b[2Kdone\n", "done\ntwo\n"),
        ("\x1b(0lqk\x1b(B box", "┌─┐ box"),
        ("\x1b]8;;https://x.y\x1b\\link\x1b]8;;\x1b\\ and \x1b]8;;https://x.y\x07more\x1b]8;;\x07", "link and more"),
        ("\x1b[38;2;1;2;3mred\x1b[4:3mcurly\x9b31mC1\x1bPq#0\x1b\\dcs", "redcurlyC1dcs"),
        ("\x1b[?25l\x1b[?1049hx\x1b=\x1b>\x1b7\x1b8", "x"),
        ("a\tb\x07", "a\tb"),
        ("ab\tc\r\n", "ab\tc\n"),
        ("12345678\r\tX", "12345678X"),
        ("日本\b\bX", "日X"),
        ("e\u0301\x1b[0m", "e\u0301"),
        ("cut\x1b[3", "cut"),
        ("cut\x1b", "cut"),
        ("\x1b[999999999Cx", " " * 10_000 + "x"),
        (f"\x1b[{'9' * 5_000}Cx", " " * 10_000 + "x"),
        ("a\r" + "\x1b[9999@" * 99, " " * 9_999 + "a"),
        ("plain\ttext\nand lines", "plain\ttext\nand lines"),
    ],
)
def test_output_reads_as_on_a_terminal(written: str, shown: str) -> None:
    assert resolve_output(written) == shown


@given(st.lists(PIECES, max_size=24).map("".join))
def test_it_agrees_with_a_terminal(written: str) -> None:
    screen = pyte.Screen(200, 60)
    screen.set_mode(pyte.modes.LNM)
    written = written.replace("_\bx", "y").replace("日本", "jp")  # pyte keeps no half of a wide letter as terminals do
    pyte.Stream(screen).feed(written)
    ours = [line.rstrip() for line in resolve_output(written).split("\n")]
    theirs = [line.rstrip() for line in screen.display]
    assert ours == theirs[: len(ours)]
    assert not any(theirs[len(ours) :])


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    found = resolve_output(text)
    assert not CONTROL.search(found)
    assert resolve_output(found) == found
