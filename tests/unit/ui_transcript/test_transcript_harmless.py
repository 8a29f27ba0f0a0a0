"""Nothing that is drawn acts on a terminal, however it was written; what many scripts need is not shown as a code."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from workbench.core import figures
from workbench.core.tools import FileChange
from workbench.ui.draw.runs import Styles, measure
from workbench.ui.draw.text import ControlFilter
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.layout import Layout

ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
EVIL = [
    "a&#13;b and &#8238;evil&#8236; x&#12;y",
    "a&#27;[2J &#x9b;2J &#8; &#7;",
    "`a\x1b[2Jb\u202e` ~~\x9b~~",
    "[t\x1bext&#27;](https://x/\x1b&#27; 'ti&#27;tle\x07')",
    "![al&#27;t\x07](\x1b)",
    "<https://x/\x1b]0;t\x07>",
    "```a&#27;b\x1b\n\x1b[31m\r\x0b\x0cred\u2066\n```",
    "    \x1b[31m\r\x08code",
    "| a&#27; | \x1b\r|\n|---|---|\n| \u202e&#8238; | <br>&#10; |",
    "# &#27;]52;c;aGk=\x07\n\n> &#155;\n\n- &#13;\n\n1. \x1b",
    "<b \x1b>&#27;</b>\n\n<!-- \x1b -->",
    "$$\n\x1b[2J\n$$ $\x1b$ https://x/\x1b\u202ey",
    "\u2028&#8232;&#8233;\x85",
]


def entries(text: str) -> list[AnyEntry]:
    change = FileChange(f"/{text}", f"--- a\n+++ b\n@@ -1 +1 @@\n-{text}\n+{text}\n")
    return [
        Prompt(turn=1, text=text),
        Prompt(turn=1, text=text, in_window=False),
        Answer(turn=1, text=text),
        Answer(turn=1, text=text, streaming=True),
        Tool(turn=1, name=text, summary=text, headline=text, output=text, state="failed", changes=(change,)),
        Tool(turn=1, name="write", summary=text, state="done", changes=(change, change)),
        Asked(message=text, answer=text, state="waiting"),
        Marker(title=text, detail=text),
        Marker(title="t", detail=text * 9, key="u", action=text),
        TurnEnd(turn=1),
    ]


def draw(text: str, width: int = 60) -> list[str]:
    made = Layout(entries(text), lambda: 0.0)
    made.dress(Styles({}), width)
    return [
        made.lay_out(index).lines[row].text
        for index in range(len(made.entries))
        for row in range(len(made.lay_out(index).lines))
    ]


@pytest.mark.parametrize("text", EVIL)
def test_what_is_decoded_is_made_harmless_after_it_and_before_it_is_measured(text: str) -> None:
    found = draw(text)
    assert not [row for row in found if ACTS.search(row)]
    assert all(measure(row) <= 60 for row in found)


@given(st.text(st.one_of(st.characters(max_codepoint=0x9F), st.characters(categories=["Cf", "Cc", "Zl"])), max_size=60))
def test_no_text_at_all_leaves_anything_that_acts(text: str) -> None:
    assert not [row for row in draw(text, 40) if ACTS.search(row)]


@given(st.text(max_size=60))
def test_the_last_filter_keeps_the_width_of_every_line(text: str) -> None:
    filtered = ControlFilter().apply([Segment(text)], Color.parse("black"))
    assert not ACTS.search(filtered[0].text)
    assert sum(map(cell_len, filtered[0].text)) == sum(map(cell_len, text))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("שלום\u200f (world)\u200e", "שלום (world)"),
        ("Donau\u00addampf\u00adschiff", "Donaudampfschiff"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u061cعربي \u0600", "عربي \u0600"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
        (FLAG, FLAG),
        ("no\u200bbreak\u2060 \ufeff", "nobreak "),
        ("\u202eevil\u2066 \U000e0041", "<U+202E>evil<U+2066> <U+E0041>"),
    ],
)
def test_what_scripts_need_is_no_code_point_in_words(written: str, shown: str) -> None:
    assert figures.readable(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("rm\u200f -rf\u00ad /", "rm<U+200F> -rf<U+00AD> /"),
        ("https://exa\u200bmple.org/\u200cx", "https://exa<U+200B>mple.org/<U+200C>x"),
        ("a\u3164b a\ufe01b \u034f", "a<U+3164>b a<U+FE01>b <U+034F>"),
        ("echo 👨\u200d👩\u200d👧 ❤\ufe0f", "echo 👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("\u202e\u2066", "<U+202E><U+2066>"),
        ("cd می\u200cخواهم\u200c", "cd می\u200cخواهم<U+200C>"),
    ],
)
def test_what_is_not_seen_shows_in_commands_paths_and_addresses(written: str, shown: str) -> None:
    assert figures.visible(written) == shown


def test_where_it_deceives_it_shows_and_where_it_does_not_it_is_left_out() -> None:
    hidden = "a\u200fb\u00adc"
    shown = "a<U+200F>b<U+00AD>c"
    assert draw(f"{hidden} `{hidden}` https://x.y/{hidden}")[2:3] == [f"abc {shown} https://x.y/{shown}"]
    made = Layout([Tool(name="run", summary=hidden, output=hidden, state="failed")], lambda: 0.0)
    made.dress(Styles({}), 60)
    lines = [line.text for line in made.lay_out(0).lines]
    assert shown in lines[0]
    assert lines[1].strip() == "abc"
