"""Reading in a real terminal: a long output whole, a word in what was said, a fault that is tried again at once."""

import fcntl
import struct
import termios

import pytest

from tests.e2e.person import Opened, Person

SHIFT_TAB, END, UP, DOWN, ESC = "\x1b[Z", "\x1b[F", "\x1b[A", "\x1b[B", "\x1b"
CTRL_F = "\x06"
FENCE = "\n".join(f"row {n:04} of the data" for n in range(2_000))
TALK = [{"thinking": "I look first.", "text": f"Here it is:\n\n```\n{FENCE}\n```\n\nThat was all of it.", "pace": 0}]


def to_transcript(person: Person) -> None:
    """The newest entry of the transcript is chosen."""
    person.type(SHIFT_TAB)
    person.wait_for("▶", within=10)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_long_fence_is_read_searched_and_left(opened: Opened, size: tuple[int, int]) -> None:
    person = opened(size=size, script=TALK)
    person.ask("show me the rows")
    person.settled("That was all of it.")
    to_transcript(person)
    person.type(UP + "\r")  # the answer, above the line under the turn
    person.wait_for("answer, 1 of 2", within=10)
    person.type("]")
    person.wait_for("2,000 lines", within=10)
    person.type("/1957")
    person.wait_for("row 1957 of the data", within=10)
    person.wait_for("1 of 1", within=10)
    person.type("\r")
    person.wait_for("“1957” 1 of 1", within=10)
    person.type("g")
    person.wait_for("row 0000 of the data", within=10)
    person.type(ESC)
    person.wait_for("Ask for something", within=10)
    person.wait_for("Here it is:", within=10)


def test_ctrl_f_finds_from_the_prompt_and_esc_is_back(opened: Opened) -> None:
    person = opened(size=(80, 24), script=TALK)
    person.ask("show me the rows")
    person.settled("That was all of it.")
    person.type(f"{CTRL_F}row 0042")
    person.wait_for("1 of 1", within=10)
    person.wait_for("row 0042 of the data", within=10)
    person.type(ESC)
    person.wait_for("That was all of it.", within=10)
    person.wait_without("row 0042", within=10)


def test_a_wait_that_is_cut_short_is_tried_at_once(opened: Opened) -> None:
    busy = {"fault": {"status": 529, "message": "Overloaded. " + "Come back later. " * 20, "retry_after": 55}}
    person = opened(size=(80, 24), script=[busy, busy, {"text": "Here I am."}])
    person.ask("hello")
    person.wait_for("try 2 of", within=20)
    person.wait_for("in 0:5", within=10)
    to_transcript(person)
    person.type("r")
    person.wait_for("try 3 of", within=10)
    assert "try 2 of" not in person.text
    person.type("\r")
    person.wait_for("what went wrong", within=10)
    person.type("r")
    person.settled("Here I am.")
    person.wait_for("went through", within=10)


def settle_top(person: Person) -> str:
    """The last word of the first line that is read, once the screen stands still."""
    before, now = "", person.screen.display[3]
    while now != before:
        person.rest(0.7)
        before, now = now, person.screen.display[3]
    return now.split()[-1]


def test_the_text_at_the_top_stays_there_when_the_terminal_changes_its_size(opened: Opened) -> None:
    words = " ".join(f"w{n}" for n in range(3_000))
    person = opened(size=(100, 30), script=[{"text": f"{words}\n\nThe end of it.", "pace": 0}])
    person.ask("many words")
    person.settled("The end of it.")
    person.type("\x1b[5~" * 3)
    person.wait_without("The end of it.", within=10)
    top = settle_top(person)
    for columns, rows in ((60, 30), (140, 40), (80, 24), (100, 30)):
        fcntl.ioctl(person._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        person.screen.resize(rows, columns)
        for _ in range(20):
            person.pump(0.05)
    assert settle_top(person) == top
