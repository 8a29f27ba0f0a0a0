"""The theme that is picked, the ground that the terminal tells of, and the mouse, in a real pty."""

import re
from pathlib import Path

from tests.e2e.left_on import left_on
from tests.e2e.person import Opened, Person

CTRL_T, DOWN, ESC = "\x14", "\x1b[B", "\x1b"
PAPER, NIGHT, CHALK = b"48;2;251;249;244", b"48;2;20;23;28", b"48;2;0;0;0"
"""The grounds of Daylight, Lamplight and Chalk."""
LIGHT = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"


def started(person: Person) -> Person:
    person.wait_for("Ask for something", within=20)
    person.rest(0.5)
    return person


def test_where_the_terminal_says_that_it_is_light_the_theme_is(opened: Opened) -> None:
    person = started(opened())
    assert b"\x1b]11;?" in person.sent
    assert PAPER not in person.sent
    person.type(LIGHT)
    person.rest(1)
    assert PAPER in person.sent
    assert "rgb" not in person.text


def test_an_answer_that_is_late_changes_nothing_and_types_nothing(opened: Opened) -> None:
    person = started(opened())
    person.rest(3.2)
    person.type(LIGHT)
    person.rest(0.7)
    assert PAPER not in person.sent
    assert "rgb" not in person.text


def test_who_chose_a_theme_is_not_asked_again(opened: Opened) -> None:
    person = started(opened("--theme", "lamplight"))
    person.type(LIGHT)
    person.rest(0.7)
    assert b"\x1b]11;?" not in person.sent
    assert PAPER not in person.sent


def test_a_theme_is_seen_while_one_moves_and_kept_over_a_restart(opened: Opened, project: Path) -> None:
    config = project.parent / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('theme = "lamplight"\n')
    person = started(opened())
    person.type(CTRL_T)
    person.wait_for("▶ lamplight", within=10)
    person.type(DOWN)
    person.wait_for("▶ daylight", within=10)
    person.rest(0.7)
    assert PAPER in person.sent
    person.type(ESC)
    person.wait_without("▶ daylight", within=10)
    mark = len(person.sent)
    person.rest(0.5)
    person.type("x")
    person.rest(0.5)
    assert PAPER not in person.sent[mark + 20_000 :]
    person.type(CTRL_T + DOWN + "\r")
    person.wait_for("theme daylight, from now on", within=10)
    person.type("\x03\x03\x03")
    assert person.ended() == 0
    assert (config / "config.toml").read_text() == 'theme = "lamplight"\n'
    again = started(opened())
    assert PAPER in again.sent
    assert NIGHT not in again.sent
    again.type("\x03\x03")
    (config / "config.toml").write_text('theme = "chalk"\n')
    last = started(opened())
    assert CHALK in last.sent, "what the file says later is what counts"


def test_a_palette_that_cannot_be_read_is_named_in_the_list_with_its_reason(opened: Opened, project: Path) -> None:
    themes = project.parent / "config" / "workbench" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text('name = "mine"\n[colours]\nbackground = "#102030"\n')
    (themes / "odd.toml").write_text("not toml [")
    person = started(opened())
    person.type(CTRL_T)
    person.wait_for("mine", within=10)
    person.wait_for("odd.toml", within=10)
    person.wait_for("cannot be read", within=10)


def test_the_mouse_can_be_left_to_the_terminal_and_taken_back(opened: Opened, project: Path) -> None:
    person = started(opened())
    assert "?1003" in left_on(person.sent)
    person.type("/mouse\r")
    person.wait_for("the mouse is the terminal's", within=10)
    assert not {"?1000", "?1003", "?1006", "?1016"} & left_on(person.sent)
    person.type("/mouse\r")
    person.wait_for("the workbench's again", within=10)
    assert "?1003" in left_on(person.sent)
    config = project.parent / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("mouse = false\n")
    without = started(opened())
    assert not re.search(rb"\x1b\[\?100[0-3]h", without.sent)


def test_with_reduced_motion_no_seconds_are_counted(opened: Opened, project: Path) -> None:
    config = project.parent / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('motion = "reduced"\n')
    script: list[object] = [{"calls": [{"tool": "shell", "arguments": {"command": "sleep 4"}}]}, {"text": "done"}]
    person = started(opened(script=script))
    person.ask("wait")
    person.wait_for("unanswered in", within=20)
    person.type("1")
    person.rest(1)
    person.type("\r")
    person.wait_for("running", "sleep 4", within=10)
    person.rest(1.5)
    mark = len(person.sent)
    person.rest(1.8)
    assert len(person.sent) - mark < 400, "nothing is drawn while nothing happens"
