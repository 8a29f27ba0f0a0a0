"""What a person who looks elsewhere is told, in a real pty."""

import os
import signal
from pathlib import Path

from tests.e2e.left_on import left_on
from tests.e2e.person import Opened

BLUR, FOCUS, BELL = "\x1b[O", "\x1b[I", b"\x07"
ANSWER: list[object] = [{"text": "fine", "repeat": 0}]


def without_sequences(sent: bytes) -> bytes:
    """What is left when every OSC that ends with a bell is taken away."""
    parts = sent.split(b"\x1b]")
    return parts[0] + b"".join(part.partition(BELL)[2] for part in parts[1:])


def test_a_short_turn_that_one_watches_ends_without_a_sign(opened: Opened) -> None:
    person = opened(script=ANSWER)
    person.ask("hello")
    person.settled("fine")
    person.rest(0.3)
    assert BELL not in without_sequences(person.sent)


def test_a_turn_that_ends_while_one_looks_elsewhere_has_a_sign(opened: Opened) -> None:
    person = opened(script=[{"text": "fine " * 60, "pace": 60}])
    person.ask("hello")
    person.type(BLUR)
    person.settled("1 step", within=20)
    person.rest(0.5)
    assert without_sequences(person.sent).count(BELL) == 1


def test_a_question_that_waits_while_one_looks_elsewhere_has_a_sign(opened: Opened) -> None:
    calls = [{"tool": "shell", "arguments": {"command": "touch made"}}]
    person = opened(script=[{"text": "word " * 80, "pace": 60, "calls": calls}, {"text": "fine"}])
    person.ask("hello")
    person.type(BLUR)
    person.wait_for("unanswered in", within=20)
    person.rest(0.3)
    assert without_sequences(person.sent).count(BELL) == 1


def test_the_sign_is_the_one_that_was_set_and_says_what_is_over(opened: Opened, project: Path) -> None:
    config = project.parent / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('notify = "osc777"\nprogress = "always"\n')
    person = opened(script=[{"text": "fine " * 60, "pace": 60}])
    person.ask("hello")
    person.type(BLUR)
    person.settled("1 step", within=20)
    person.rest(0.5)
    assert b"\x1b]777;notify;workbench;hello is done\x07" in person.sent
    assert b"\x1b]9;4;3\x07" in person.sent
    assert left_on(person.sent) & {"progress"} == set()


def test_the_window_says_what_it_shows_and_has_its_own_title_back_at_the_end(opened: Opened) -> None:
    person = opened(script=[{"text": "fine " * 60, "pace": 60}])
    person.wait_for("Ask for something", within=20)
    person.type("tidy \u200f up")
    person.wait_for("tidy", within=10)
    person.type("\r")
    person.settled("1 step", within=20)
    assert b"\x1b[22;0t" in person.sent
    titles = [part.partition(BELL)[0].decode() for part in person.sent.split(b"\x1b]2;")[1:]]
    assert any(title.startswith("● ") for title in titles)
    assert titles[-1].endswith("· workbench")
    assert all(title.isprintable() for title in titles)
    os.kill(person.pid, signal.SIGTERM)
    assert person.ended() == 143
    assert left_on(person.sent) == set()
