"""However the workbench ends, in a real pty: the terminal is as it was found, and no traceback is on it."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.left_on import left_on
from tests.e2e.person import Opened, Person

ANSWERS = "\x1b[?2026;2$y\x1b[?2048;2$y"
"""Of a terminal that knows synchronised output and tells of its size in band, and so gets the mouse in pixels."""
SIGNALS = [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT]
BROKEN = """
import sys
from workbench.ui.screens.main import MainScreen
def fail(screen, step):
    {deed}
MainScreen.action_page = fail
from workbench.cli import main
sys.argv = ["workbench"]
main()
"""
PAGE_UP = "\x1b[5~"


def begun(person: Person) -> list[object]:
    """See it start and give it the answers of a modern terminal; how the terminal was set before."""
    before = person.settings
    person.wait_for("THIS IS A REHEARSAL", within=20)
    person.type(ANSWERS)
    until = time.monotonic() + 5
    while b"\x1b[?1016h" not in person.sent and time.monotonic() < until:
        person.pump(0.05)
    assert "?1049" in left_on(person.sent)
    return before


def assert_as_before(person: Person, before: list[object]) -> None:
    assert left_on(person.sent) == set()
    assert person.settings == before
    assert "Traceback" not in person.text


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_puts_everything_back(opened: Opened, number: signal.Signals) -> None:
    person = opened()
    before = begun(person)
    os.kill(person.pid, number)
    assert person.ended() == 128 + number
    assert_as_before(person, before)


def test_two_keys_put_everything_back(opened: Opened) -> None:
    person = opened()
    before = begun(person)
    person.type("\x03")
    person.wait_for("ctrl+c again quits", within=10)
    person.type("\x03")
    assert person.ended() == 0
    assert_as_before(person, before)


@pytest.fixture
def broken(project: Path, env: dict[str, str], request: pytest.FixtureRequest) -> Callable[[str], Person]:
    """A workbench in which the page key does what it is given."""

    def start(deed: str) -> Person:
        command = [sys.executable, "-c", BROKEN.format(deed=deed)]
        person = Person(command, env=env, cwd=project, columns=100, rows=30)
        request.addfinalizer(person.close)
        return person

    return start


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("raise ValueError('a widget fails')", 1),
        ("sys.exit(3)", 3),
        ("raise KeyboardInterrupt", 130),
        ("screen.app.run_worker(lambda: 1 / 0, thread=True)", 1),
        ("screen.app._driver.write = None; screen.app.bell()", 1),
        ("screen.app._driver.process_message = None", 1),
    ],
    ids=["widget", "exit", "interrupt", "worker", "driver", "reader"],
)
def test_what_fails_inside_puts_everything_back_and_says_so_in_a_line(
    broken: Callable[[str], Person], deed: str, code: int
) -> None:
    person = broken(deed)
    before = begun(person)
    person.type(PAGE_UP)
    person.rest(0.7)
    person.type(PAGE_UP)
    assert person.ended() == code
    assert_as_before(person, before)


def test_a_terminal_that_takes_no_write_does_not_keep_it_from_ending(broken: Callable[[str], Person]) -> None:
    """As over a connection that broke: nobody hangs up, and every write fails."""
    person = broken("import os; os.dup2(os.open('/dev/full', os.O_WRONLY), screen.app._driver._file.fileno())")
    before = begun(person)
    person.type(PAGE_UP)
    person.rest(0.7)
    person.type("still here")
    person.rest(0.7)
    os.kill(person.pid, signal.SIGTERM)
    assert person.ended() == 128 + signal.SIGTERM
    assert person.settings == before


def test_a_tool_that_kills_itself_leaves_terminal_and_workbench_alone(opened: Opened) -> None:
    calls = [{"tool": "shell", "arguments": {"command": "kill -9 $$"}}]
    person = opened(script=[{"calls": calls}, {"text": "it died"}])
    before = begun(person)
    person.ask("go")
    person.wait_for("unanswered in", within=20)
    person.type("1")
    person.wait_for("enter run once", "enter", within=10)
    person.type("\r")
    person.settled("it died")
    os.kill(person.pid, signal.SIGTERM)
    assert person.ended() == 128 + signal.SIGTERM
    assert_as_before(person, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_stopped_reading_does_not_hold_up_a_signal(opened: Opened, number: signal.Signals) -> None:
    person = opened(script=[{"text": "word after word " * 4000, "pace": 8000}, {"text": "end"}], cold=True)
    before = begun(person)
    person.ask("say much")
    person.wait_for("word after word", within=20)
    time.sleep(3)  # nothing is read: the pty fills, and then the queue of what is to be written
    os.kill(person.pid, number)
    until = time.monotonic() + 9
    while time.monotonic() < until and os.waitid(os.P_PID, person.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.05)
    assert time.monotonic() < until, "it waits for its grace to pass, or for ever"
    assert person.ended() == 128 + number
    assert person.settings == before
    assert left_on(person.sent) == set()


def test_a_child_that_made_the_terminal_not_wait_does_not_freeze_it(opened: Opened, project: Path) -> None:
    """Some programs leave the file that they share with us non-blocking; a write may then fail at any time."""
    person = opened(script=[{"text": "so it goes " * 700 + "the end.", "pace": 20_000}])
    before = begun(person)
    os.set_blocking(os.open(f"/proc/{person.pid}/fd/2", os.O_RDWR), False)
    person.ask("say much")
    time.sleep(1.5)
    person.settled("the end.")
    os.kill(person.pid, signal.SIGTERM)
    assert person.ended() == 128 + signal.SIGTERM
    assert_as_before(person, before)


def test_a_terminal_that_goes_away_ends_it(opened: Opened) -> None:
    person = opened()
    begun(person)
    person.hang_up()
    assert person.ended() == 128 + signal.SIGHUP
