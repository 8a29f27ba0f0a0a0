"""Text of a model at random: nothing of it acts on the terminal, streamed equals whole, its source is copied."""

import random
import re

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from workbench.ui.draw.runs import Styles, TextLine, measure
from workbench.ui.state import Answer
from workbench.ui.transcript.layout import LEFT, RIGHT, Layout
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.streaming import Stream

ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
MARKUP = [
    "# ",
    "## ",
    "- ",
    "* ",
    "1. ",
    "12) ",
    "> ",
    ">",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "```",
    "```py\n",
    "~~~\n",
    "`",
    "``",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "[",
    "](",
    ")",
    "![",
    "]",
    "<",
    ">",
    "https://x.y/a_b*c?d=(e)",
    "http://",
    "www.x.y",
    "---\n",
    "===\n",
    "***\n",
    "<br>",
    "<b>",
    "</b>",
    "<!-- ",
    "&amp;",
    "&#27;",
    "&#x9b;",
    "&#8238;",
    "&#13;",
    "&#0;",
    "\\",
    "\\*",
    "\\[",
    "\\]",
    "\\(",
    "\\)",
    "$",
    "$$",
    "$$\n",
    "$x^2$",
    "[ref]: /x\n",
    "[ref]",
    "src/__init__.py",
    "**/*.py",
    "C:\\_x_\\y",
    "|",
    "| a | b |\n|---|--:|\n",
    "| c | d |\n",
    "|" * 40,
]
WORDS = [
    "a",
    "word ",
    "words that go on ",
    "日本語",
    "**“重点”**",
    "한국어",
    "👨‍👩‍👧",
    "❤️",
    "e\u0301",
    "\u0301",
    "שלום\u200f ",
    "می\u200cخو ",
]
EVIL = [
    "\x1b[2J",
    "\x1b]0;t\x07",
    "\x1b",
    "\x9b",
    "\x00",
    "\x07",
    "\x08",
    "\x0b",
    "\x0c",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "\u2066",
]
EVIL += ["\u200b", "\u00ad", "\ufeff", "\U000e0041", "\ud800", "\ufffe", "\u3164"]


def make_text(chance: random.Random) -> str:
    pools = chance.choices([MARKUP, WORDS, EVIL], [5, 4, 1], k=chance.randint(1, 60))
    return "".join(chance.choice(pool) for pool in pools)


def check(seed: int) -> None:
    chance = random.Random(seed)
    text, width = make_text(chance), chance.randint(1, 100)
    made = Layout([Answer(text=text)], lambda: 0.0)
    made.dress(Styles({}), width)
    lines = made.lay_out(0).lines
    pane = max(12, width - LEFT - RIGHT)
    rows = [lines[row].text for row in range(len(lines))]
    assert not [row for row in rows if ACTS.search(row)]
    assert all(measure(row) <= pane for row in rows)
    assert not rows or made.copy(Selection(None, None)) == text
    ends = sorted((chance.randint(0, made.heights.total), chance.randint(0, width)) for _ in range(2))
    made.copy(Selection(*(Offset(column, row) for row, column in ends)))
    check_stream(text.replace("[ref]", "") + "\n", pane, chance)


def check_stream(text: str, pane: int, chance: random.Random) -> None:
    """Whatever pieces it comes in. What a link refers to may come later: that alone is found at the end."""
    stream, at = Stream(MarkdownRenderer(min(72, pane), Styles({}), pane)), 0
    while at < len(text):
        at += chance.randint(1, 9)
        stream.grow(text[:at])
        assert not any(ACTS.search(stream[row].text) for row in range(len(stream)))
    streamed = [stream[row] for row in range(len(stream))]
    assert texts(streamed) == texts(MarkdownRenderer(min(72, pane), Styles({}), pane).render(text))


def texts(lines: list[TextLine]) -> list[str]:
    rows = [line.text.rstrip() for line in lines]
    while rows and not rows[-1]:
        rows.pop()
    return rows


@pytest.mark.parametrize("seed", range(150))
def test_text_at_random(seed: int) -> None:
    check(seed)


@pytest.mark.torture
@pytest.mark.parametrize("start", range(0, 4_000, 500))
def test_a_lot_of_text_at_random(start: int) -> None:
    for seed in range(start, start + 500):
        check(seed)
