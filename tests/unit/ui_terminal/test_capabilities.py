"""What terminals are taken to be able to do, by what they say of themselves."""

import pytest

from workbench.ui.terminal.capabilities import read_background, read_capabilities


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "full"),
        ({"TERM": "xterm-kitty"}, "full"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "full"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, "full"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "screen-256color", "VTE_VERSION": "7200"}, "256"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "screen"}, "16"),
        ({}, "16"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
    ],
)
def test_colours(environment: dict[str, str], depth: str) -> None:
    assert read_capabilities(environment).depth == depth


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("iso8859-1", False), ("", False)]
)
def test_characters(encoding: str, unicode: bool) -> None:
    assert read_capabilities({"TERM": "xterm"}, encoding).unicode is unicode


@pytest.mark.parametrize(
    ("colours", "light"),
    [
        ("0;15", True),
        ("0;default;15", True),
        ("15;0", False),
        ("15;8", False),
        ("", None),
        ("x;y", None),
        ("1;99", None),
    ],
)
def test_the_ground_that_a_terminal_names_in_the_environment(colours: str, light: bool | None) -> None:
    assert read_capabilities({"COLORFGBG": colours}).light is light


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", True),
        ("\x1b]11;rgb:1e/1e/1e\x07", False),
        ("\x1b]11;rgba:fbfb/f9f9/f4f4/ffff\x07", True),
        ("\x1b]11;?\x07", None),
        ("\x1b]10;rgb:ffff/ffff/ffff\x07", None),
    ],
)
def test_the_ground_that_a_terminal_answers(answer: str, light: bool | None) -> None:
    assert read_background(answer) is light


@pytest.mark.parametrize("term", ["dumb", "unknown", "DUMB"])
def test_where_nothing_can_be_drawn(term: str) -> None:
    assert not read_capabilities({"TERM": term}).drawable


@pytest.mark.parametrize(
    ("environment", "titled", "progress", "sign"),
    [
        ({"TERM": "xterm-256color"}, True, False, "bell"),
        ({"TERM": "xterm-ghostty"}, True, True, "osc9"),
        ({"TERM": "foot"}, True, False, "osc777"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0", "TERM_PROGRAM": "tmux"}, True, False, "bell"),
        ({"TERM": "screen", "TERM_PROGRAM": "ghostty"}, True, False, "bell"),
        ({"TERM": "linux"}, False, False, "bell"),
        ({}, False, False, "bell"),
    ],
)
def test_title_progress_and_sign(environment: dict[str, str], titled: bool, progress: bool, sign: str) -> None:
    known = read_capabilities(environment)
    assert (known.titled, known.progress, known.sign) == (titled, progress, sign)
