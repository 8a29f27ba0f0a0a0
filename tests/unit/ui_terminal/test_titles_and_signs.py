"""Titles, progress and signs hold nothing but what they say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.terminal.capabilities import Capabilities
from workbench.ui.terminal.signs import write_progress, write_sign, write_title

FULL = Capabilities()


@given(st.text(), st.sampled_from(["idle", "running", "waiting"]), st.booleans())
def test_a_title_is_one_short_line_without_a_control(text: str, standing: str, unicode: bool) -> None:
    title = write_title(text, standing, Capabilities(unicode=unicode))
    assert title.isprintable()
    assert len(title) <= 80
    assert unicode or title.isascii()
    assert title.endswith("workbench")


@pytest.mark.parametrize(
    ("standing", "begins"), [("idle", "mend it"), ("running", "● mend it"), ("waiting", "◆ mend it")]
)
def test_the_title_says_how_it_stands(standing: str, begins: str) -> None:
    assert write_title("mend it", standing, FULL) == f"{begins} · workbench"


@given(st.text(), st.sampled_from(["auto", "bell", "osc9", "osc777", "none"]))
def test_a_sign_is_one_sequence(text: str, wanted: str) -> None:
    sign = write_sign(text, wanted, FULL)
    assert re.fullmatch(r"|\x07|\x1b\][^\x00-\x1f\x7f-\x9f]*\x07", sign)


@pytest.mark.parametrize(
    ("wanted", "terminal", "sign"),
    [
        ("auto", FULL, "\x07"),
        ("auto", Capabilities(sign="osc9"), "\x1b]9;a; b is done\x07"),
        ("osc777", FULL, "\x1b]777;notify;workbench;a, b is done\x07"),
        ("osc9", Capabilities(multiplexer="tmux"), "\x1bPtmux;\x1b\x1b]9;a; b is done\x07\x1b\\"),
        ("none", Capabilities(sign="osc9"), ""),
    ],
)
def test_which_sign(wanted: str, terminal: Capabilities, sign: str) -> None:
    assert write_sign("a; b is done", wanted, terminal) == sign


def test_progress_ends() -> None:
    assert [write_progress(standing) for standing in ("running", "waiting", "idle")] == [
        "\x1b]9;4;3\x07",
        "\x1b]9;4;4\x07",
        "\x1b]9;4;0\x07",
    ]


def test_a_title_that_is_read_aloud_says_it_in_words() -> None:
    assert write_title("mend it", "waiting", FULL, told=True) == "waits for you: mend it, workbench"
    assert write_title("mend it", "running", FULL, told=True) == "works: mend it, workbench"
