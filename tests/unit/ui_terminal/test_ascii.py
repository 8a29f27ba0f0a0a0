"""In ASCII every line is as wide as it was, and every sign that the workbench draws has a stand-in."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

import workbench
from workbench.ui.draw.bar import PATTERNS
from workbench.ui.terminal.ascii import AsciiFilter, write_ascii

UI = Path(workbench.__file__).parent / "ui"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_text_keeps_its_width(text: str) -> None:
    written = write_ascii(text)
    assert written.isascii()
    assert cell_len(written) == sum(map(cell_len, text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ask for something…  ", "Ask for something..."),
        ("something…", "somethi..."),
        ("…", "."),
        ("naïve Größe", "naive Gro?e"),
        ("日本", "? ? "),
        ("e\u0301", "e"),
        ("▎ ● done ✗ failed", "| * done x failed"),
    ],
)
def test_what_stands_for_what(text: str, written: str) -> None:
    assert write_ascii(text) == written


def test_the_patterns_of_sections_are_those_of_the_design() -> None:
    by_section = {name: write_ascii(pattern) for name, pattern in PATTERNS.items()}
    order = ("system", "tools", "memory", "summary", "history", "results", "current")
    assert "".join(by_section[name] for name in order) == "#%:.=/+"


def test_dots_take_the_blanks_of_the_next_piece() -> None:
    drawn = AsciiFilter().apply([Segment("something…"), Segment("    | x")], Color(0, 0, 0))
    assert "".join(segment.text for segment in drawn) == "something...  | x"


def test_every_sign_that_is_drawn_has_a_stand_in() -> None:
    """Read from the sources; the sanitiser's own characters are none."""
    signs = set()
    for path in UI.rglob("*.py"):
        if path.name not in ("ascii.py", "text.py"):
            signs |= set(re.findall(r"[^\x00-\x7f]", path.read_text(encoding="utf-8")))
    assert [sign for sign in sorted(signs) if "?" in write_ascii(sign)] == []
