"""What was written is what is copied: all of it as its source, code exactly, and never what is only drawn."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual.geometry import Offset
from textual.selection import Selection

from workbench.ui.draw.runs import Styles
from workbench.ui.state import Answer, AnyEntry, Prompt
from workbench.ui.transcript.layout import LEFT, Layout

PARTS = [
    "# A *heading* with `code`\n\n",
    "Set\nup\n===\n",
    "Some **bold** words &amp; more\\* than one line of this width can hold, and [a link](https://x.y/z).\nsecond\n\n",
    "- one\n- two\n  - nested **deep**\n\n    still\n- three\n\n",
    "-\tfoo\n\t-\tbar\n\n",
    "3. first\n4. second, which is much longer than the width of what it is drawn in\n\n",
    '```python\ndef f(x):\n\treturn "a" + x  # long enough that it must be folded at the edge\n\n\nend\n```\n\n',
    "- item\n\n  ```\n  code in   it\n\n    x\n  ```\n\n",
    "> quoted\n> > twice\n> ```\n> in quotes\n> ```\n\n",
    "| a | b \\| c |\n|---|--:|\n| one<br>two | `1` |\n| two two two two two two two two two two | 22 |\n\n",
    "| " + " | ".join(f"c{n}" for n in range(30)) + " |\n" + "|-" * 30 + "|\n\n",
    "    indented\tcode\n\n    more\n\n",
    "---\n\n",
    "$$\nx_1 * y_1\n- z\n$$\n\n",
    "שלום\u200f, soft\u00adhyphen 日本語、**強調。**後 👨\u200d👩\u200d👧\r\nwindows\r\n\r\n",
    "[ref]: https://x.y\n\n[ref] and <https://a.b>\n\n",
    "a\x1b[31mb\x07&#27;\n\n",
]
DOCUMENTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)


def page(*entries: AnyEntry, width: int = 40) -> Layout:
    made = Layout(list(entries), lambda: 0.0)
    made.dress(Styles({}), width)
    for index in range(len(entries)):
        made.lay_out(index)
    return made


def rows(made: Layout) -> list[str]:
    return [row.text for index in range(len(made.entries)) for row in (made.lay_out(index).lines)]


def find(made: Layout, text: str, words: str) -> Offset:
    """Where `words` begin on the screen."""
    for index in range(len(made.entries)):
        laid = made.lay_out(index)
        for row in range(len(laid.lines)):
            at = laid.lines[row].text.find(words)
            if at >= 0:
                return Offset(at + LEFT, made.heights.offset(index) + laid.gap + row)
    raise AssertionError(f"{words!r} is not drawn of {text!r}")


def copied(text: str, begin: str, end: str, width: int = 40) -> str:
    """What is copied of `text` from the first drawn `begin` to the end of the first drawn `end`."""
    made = page(Answer(text=text), width=width)
    last = find(made, text, end)
    return made.copy(Selection(find(made, text, begin), Offset(last.x + len(end), last.y)))


@given(DOCUMENTS, st.integers(12, 90))
def test_all_of_an_answer_is_copied_as_its_source(text: str, width: int) -> None:
    assert page(Answer(text=text), width=width).copy(Selection(None, None)) == text


@given(st.text(max_size=120), st.integers(12, 60))
def test_any_text_at_all_is_copied_as_it_was_written(text: str, width: int) -> None:
    copied = page(Prompt(text="x"), Answer(text=text), width=width).copy(Selection(None, None))
    assert copied == (f"x\n\n{text}" if rows(page(Answer(text=text))) else "x")


@given(DOCUMENTS, st.integers(12, 90))
def test_a_drag_from_the_first_row_to_the_last_copies_the_source(document: str, width: int) -> None:
    text = f"begin\n\n{document}\n\nend"
    made = page(Answer(text=text), width=width)
    assert made.copy(Selection(Offset(0, 0), Offset(width, made.heights.total - 1))) == text


@given(
    st.lists(st.text(st.characters(exclude_characters="`~\r\n\0", exclude_categories=["Cs"]), max_size=70), max_size=6),
    st.sampled_from(["", "- ", "> ", "1. > "]),
    st.integers(12, 60),
)
def test_selecting_a_fence_copies_exactly_what_is_in_it(lines: list[str], mark: str, width: int) -> None:
    assume(not any(word in line for line in lines for word in ("begin", "end")))  # they say where the drag goes
    # The parser opens a tab at the left of code in a list or a quote: only a part of it belongs to the code.
    lines = ["begin", *(line.lstrip("\t") if mark else line for line in lines), "end"]
    rest = mark.replace("-", " ").replace("1.", "  ")
    source = f"before\n\n{mark}```\n" + "".join(f"{rest}{line}\n" for line in lines) + f"{rest}```\n\nafter\n"
    assert copied(source, "begin", "end", width) == "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "begin", "end", "right"),
    [
        ("some **bold words** that go on", "old", "go", "old words that go"),
        ("**bold** words", "bold", "words", "**bold** words"),
        ("a &amp; b \\* c", "&", "*", "& b *"),
        ("- one\n- two\n\nafter words", "one", "two", "- one\n- two"),
        ("- one\n- two\n\nafter words", "• one", "after", "- one\n- two\n\nafter"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\nafter", "a", "after", "| a | b |\n|---|---|\n| 1 | 2 |\n\nafter"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "1", "2", "1 | **2**"),
        ("x\n\n```py\ncode\n```\n\ny", "x", "y", "x\n\n```py\ncode\n```\n\ny"),
        ("x\n\n```py\ncode\n```", "x", "code", "x\n\n```py\ncode\n```"),
        ("```py\n\tone\n\ttwo\n```", "    one", "two", "\tone\n\ttwo"),
        ("# Head\n\ntext", "Head", "Head", "Head"),
        ("# Head\n\ntext", "Head", "text", "# Head\n\ntext"),
        ("soft\u00adhyphens here", "soft", "hyphens", "soft\u00adhyphens"),
    ],
)
def test_a_part_is_copied_as_it_was_written(text: str, begin: str, end: str, right: str) -> None:
    assert copied(text, begin, end) == right


def test_a_folded_line_of_code_is_copied_without_blanks_bars_and_breaks() -> None:
    code = "curl --fail  --location https://example.org/a/long/path --output /tmp/a/longer/path/still"
    text = f"> - run\n>\n>   ```\n>   {code}\n>   ```\n"
    assert copied(text, "curl", "still", 30) == code
    assert copied(text, "--fail", "--output", 30) == code[code.index("--fail") : code.index(" /tmp")]


def test_a_wrapped_paragraph_is_copied_as_one_line() -> None:
    text = "Some words that are wrapped over some lines of a narrow screen,  twice  blank."
    assert copied(text, "Some", "blank.", 24) == text
    assert copied(text, "words", "twice", 24) == text[5:-8]


def test_your_words_are_copied_without_their_number_and_time() -> None:
    made = page(Prompt(turn=3, text="first\tline of words that are wrapped\n\nsecond", at=1.0), width=34)
    assert made.copy(Selection(Offset(0, 1), Offset(34, 4))) == "first\tline of words that are wrapped\n\nsecond"
