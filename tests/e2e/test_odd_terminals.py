"""The workbench in terminals that can do less than most, of any size, in a real pty: it sends what they know."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Person

SGR = re.compile(rb"\x1b\[([\d;]*)m")
PALETTE, SESSIONS, ESC = "\x10", "\x0f", "\x1b"
MODERN = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
OF_COLOUR = re.compile(r"(?:^|;)(?:[34]8;[25]|3[0-79]|4[0-79]|9[0-7]|10[0-7])(?:;|$)")
Started = Callable[..., Person]


@pytest.fixture
def started(project: Path, env: dict[str, str], request: pytest.FixtureRequest) -> Started:
    """Opens the workbench in a terminal of a kind."""

    def start(kind: dict[str, str], size: tuple[int, int] = (100, 30), *arguments: str) -> Person:
        plain = {name: value for name, value in env.items() if name not in (*MODERN, "LANG")}
        command = [str(PROGRAM), *arguments]
        person = Person(command, env=plain | kind, cwd=project, columns=size[0], rows=size[1])
        request.addfinalizer(person.close)
        return person

    return start


def look_round(person: Person) -> None:
    """An answer, the menu of commands, the palette, the sessions, a question."""
    person.wait_for("THIS IS A REHEARSAL", within=20)
    person.type("what is in this project?\r")
    person.wait_for("I read every file.", within=20)
    person.wait_for("cache", within=10)
    for keys, shown in ((PALETTE, "Search for commands"), (SESSIONS, "TURNS")):
        person.type(keys)
        person.wait_for(shown, within=10)
        person.type(ESC)
        person.wait_without(shown, within=10)
    person.type("delete the folder old\r")
    person.wait_for("unanswered in", within=20)
    person.type("4")
    person.rest(0.3)


def sent_styles(person: Person) -> set[str]:
    return {found.decode() for found in SGR.findall(person.sent)}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_no_colour_means_none_and_signs_take_its_place(started: Started, size: tuple[int, int]) -> None:
    person = started(MODERN | {"NO_COLOR": "1"}, size)
    person.wait_for("THIS IS A REHEARSAL", within=20)
    person.type("what is in this project?\r")
    person.wait_for("I read every file.", within=20)
    if size[0] >= 110:
        person.wait_for("[ Compact", within=10)
    person.type(SESSIONS)
    person.wait_for("▶● what is in this pr", within=10)
    person.type(ESC)
    person.wait_without("TURNS", within=10)
    person.type("delete the folder old\r")
    person.wait_for("▶ 4   Reject", within=20)
    person.type(ESC)
    person.wait_for("did not delete old", within=20)
    person.type(PALETTE)
    person.wait_for("Search for commands", within=10)
    person.rest(0.5)
    coloured = {style for style in sent_styles(person) if OF_COLOUR.search(style)}
    assert coloured == set()
    assert "2" not in sent_styles(person), "faint by attribute is never used"


@pytest.mark.parametrize("term", ["xterm", "linux", "screen", "", "no-such-terminal"])
def test_with_sixteen_colours_only_those_are_sent_and_sections_are_told_apart(started: Started, term: str) -> None:
    kind = {"LC_ALL": "C.UTF-8"} | ({"TERM": term} if term else {})
    person = started(kind, (120, 40))
    look_round(person)
    styles = sent_styles(person)
    assert not any("38;" in style or "48;" in style for style in styles)
    used = {code for style in styles for code in style.split(";")}
    assert {"41", "42", "44", "45", "46"} <= used, (
        "tools, memory, history, system, results: each on a ground of its own"
    )


@pytest.mark.parametrize("term", ["xterm-256color", "screen-256color", "tmux-256color"])
def test_with_256_colours_those_of_the_terminal_itself_are_left_alone(started: Started, term: str) -> None:
    person = started({"TERM": term, "LC_ALL": "C.UTF-8"})
    look_round(person)
    styles = sent_styles(person)
    assert not any("38;2" in style or "48;2" in style for style in styles)
    numbers = {int(found) for style in styles for found in re.findall(r"[34]8;5;(\d+)", style)}
    assert numbers
    assert min(numbers) >= 16


def test_without_unicode_all_that_is_sent_is_ascii(started: Started) -> None:
    person = started(MODERN | {"LC_ALL": "C", "PYTHONUTF8": "0"}, (120, 40))
    person.wait_for("Ask for something...", within=20)
    look_round(person)
    assert person.sent.isascii()
    assert b"\\u" not in person.sent
    assert "* Run this command?" in person.text


def test_without_unicode_and_without_colour_patterns_are_ascii(started: Started) -> None:
    person = started(MODERN | {"LC_ALL": "C", "PYTHONUTF8": "0", "NO_COLOR": "1"}, (120, 40))
    look_round(person)
    assert person.sent.isascii()
    person.type(ESC)
    person.wait_for("%%%%tools%%%%", within=10)


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C"}, {}])
def test_a_locale_that_was_never_set_does_not_cost_the_drawing(started: Started, locale: dict[str, str]) -> None:
    person = started({"TERM": "xterm-256color", "COLORTERM": "truecolor"} | locale)
    person.wait_for("Ask for something…", within=20)
    assert "▌" in person.text


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_where_no_screen_can_be_drawn_it_says_what_to_do(started: Started, term: str) -> None:
    person = started({"TERM": term, "LC_ALL": "C.UTF-8"})
    assert person.ended() == 2
    assert b"\x1b" not in person.sent
    for said in (term, "TERM", "workbench run PROMPT"):
        assert said in person.text


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (7, 3), (20, 5), (40, 10), (79, 23), (400, 100)])
def test_any_size_at_the_start_is_survived(started: Started, size: tuple[int, int]) -> None:
    person = started(MODERN, size)
    person.stand_still()
    person.type("hello\r")
    person.stand_still()
    person.resize(100, 30)
    person.wait_for("Ask for something", within=20)
    person.type("\x03\x03\x03")
    assert person.ended() == 0


def test_any_size_by_and_by_is_survived_with_a_dialog_open(started: Started) -> None:
    person = started(MODERN)
    person.wait_for("THIS IS A REHEARSAL", within=20)
    person.type("delete the folder old\r")
    person.wait_for("unanswered in", within=20)
    for size in [(1, 1), (400, 100), (3, 40), (200, 2), (80, 24), (1, 100), (400, 1), (100, 30)]:
        person.resize(*size)
        person.rest(0.4)
    person.wait_for("Run this command?", within=20)
    person.type(ESC)
    person.wait_for("did not delete old", within=20)
    os.kill(person.pid, 15)
    assert person.ended() == 143
