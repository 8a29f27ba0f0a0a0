"""An answer reads the same whether it arrived at once or in pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.ui.draw.runs import Styles, TextLine, measure
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.streaming import Stream

STYLES = Styles({"foreground": "#DDE2E9", "code": "#1F242B", "syntax-keyword": "#D3A6E8"})
BLOCKS = [
    "# A heading\n\n",
    "Some **bold** words and `code`, more words than one line of this width can hold, and a [link](https://x.y).\n\n",
    "- one\n- two\n  - nested\n- three\n\n",
    "3. first\n4. second\n\n",
    "- loose\n\n- list\n\n",
    '```python\ndef f(x):\n    """Doc\n    string."""\n\n    return "a" + x  # why\n```\n\n',
    "```\nplain\n\n\nlines\n```\n",
    "| a | b |\n|---|--:|\n| one | 1 |\n| two two | 22 |\n\n",
    "> quoted words that go on for a while, over the edge\n> - item\n\n",
    "---\n\n",
    '1. item\n\n   ```go\n   func main() {\n    \tfmt.Println("a line that is too wide", 日本語)\n   }\n   ```\n\n',
    "> ```\n> quoted code that is longer than what is around it\n>\n> 👨‍👩‍👧 ❤️ 👍🏽 e\u0301\n> ```\n\n",
    "- a\n  - b\n    - c\n      - d\n        - e\n          - far in, with a few words\n\n",
    "| 列 | a | b | c | d | e | f | g |\n|-|-|-|-|-|-|-|-|\n| 日本語日本語 | 👨‍👩‍👧 | word | 3 | 4 | 5 | 6 | x |\n\n",
    "-\tfoo\n\t-\tbar\n\n",
    "so\n$$\nx_1\n- b\n$$\nand\n\n",
    "a\r\nb &#13; \x1b[0m\r\n\r\n",
    "  ```\r\n  in\tset\r\n  ```\r\n",
    "last words\n",
]
DOCUMENTS = st.lists(st.sampled_from(BLOCKS), max_size=8).map("".join)


def texts(lines: list[TextLine]) -> list[str]:
    return [line.text.rstrip() for line in lines]


@example("3. first\n4. second\n\n" * 4, [1], 12, 12)
@given(DOCUMENTS, st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(12, 60), st.integers(0, 60))
def test_a_stream_ends_as_the_whole(document: str, sizes: list[int], prose: int, more: int) -> None:
    stream, place, turn = Stream(MarkdownRenderer(prose, STYLES, prose + more)), 0, 0
    while place < len(document):
        place += sizes[turn % len(sizes)]
        turn += 1
        stream.grow(document[:place])
    streamed = texts([*stream.frozen, *stream.open])
    assert streamed == texts(MarkdownRenderer(prose, STYLES, prose + more).render(document))


@given(DOCUMENTS, st.integers(12, 60), st.integers(0, 60))
def test_no_line_is_wider_than_the_pane(document: str, prose: int, more: int) -> None:
    renderer = MarkdownRenderer(prose, STYLES, prose + more)
    assert all(measure(line.text) <= prose + more for line in renderer.render(document))


def test_words_keep_to_the_prose_while_code_and_tables_take_the_pane() -> None:
    code = "assert measure(line) == 73  # a line of code that is as wide as the pane"
    words = "word " * 30
    row = "| " + " | ".join(["a cell of some words"] * 4) + " |\n"
    table = row + "|--|--|--|--|\n" + row
    lines = texts(MarkdownRenderer(40, STYLES, 86).render(f"{words}\n\n```python\n{code}\n```\n\n{table}"))
    prose, others = lines[: lines.index("")], lines[lines.index("") :]
    assert all(len(line) <= 40 for line in prose)
    assert f"  {code}" in others
    assert "  ".join(["a cell of some words"] * 4) in others


def test_a_line_of_code_that_goes_on_below_is_marked_and_copied_whole() -> None:
    code = "result = collect(first_argument,  second_argument, third_argument)"
    lines = MarkdownRenderer(30, STYLES).render(f"- why\n\n  ```\n  {code}\n  ```\n")[2:]
    assert [line.text for line in lines] == [
        "    result = collect(        ↩",
        "    first_argument,          ↩",
        "    second_argument,         ↩",
        "    third_argument)           ",
    ]
    assert "".join(line.join * (place > 0) + line.copy() for place, line in enumerate(lines)) == code


@pytest.mark.parametrize("line", ["x" * 300, "日本語" * 60, "👨‍👩‍👧" * 40, "❤️" * 70, "a b" * 90, " " * 200 + "x"])
def test_folded_code_keeps_to_the_pane_and_loses_nothing(line: str) -> None:
    lines = MarkdownRenderer(20, STYLES, 41).render(f"```\n{line}\n```")
    assert all(measure(row.text) <= 41 for row in lines)
    assert "".join(row.copy() for row in lines) == line
    assert [row.text.endswith("↩") for row in lines] == [True] * (len(lines) - 1) + [False]


@given(st.text(max_size=200), st.integers(1, 9))
def test_any_text_at_all_is_laid_out(text: str, size: int) -> None:
    stream = Stream(MarkdownRenderer(20, STYLES))
    for place in range(0, len(text) + size, size):
        stream.grow(text[:place])
    MarkdownRenderer(20, STYLES).render(text)


@pytest.mark.parametrize("unit", ["word ", "- item\n", "| a | b |\n", "> quoted\n", "x = 1\n"])
def test_what_is_laid_out_again_stays_small_however_long_the_block(unit: str) -> None:
    head = {"| a | b |\n": "| h | i |\n|---|---|\n", "x = 1\n": "```python\n"}.get(unit, "")
    stream = Stream(MarkdownRenderer(60, STYLES))
    text = head
    for _ in range(60):
        text += unit * 40
        stream.grow(text)
        assert len(stream._tail) < 14_000
    assert len(stream) > 60


def test_a_table_shrinks_to_the_width_and_aligns_its_columns() -> None:
    table = "| name | tokens |\n|---|--:|\n| a rather long name that must be wrapped | 1.2k |\n| b | 22.0k |\n"
    assert texts(MarkdownRenderer(24, STYLES).render(table)) == [
        "name              tokens",
        "────────────────────────",
        "a rather long       1.2k",
        "name that must",
        "be wrapped",
        "b                  22.0k",
    ]


def test_a_table_of_more_columns_than_fit_is_cut_with_a_mark_and_says_how_many() -> None:
    row = "| " + " | ".join(f"column {n}" for n in range(30)) + " |\n"
    lines = texts(MarkdownRenderer(76, STYLES).render(row + "|--" * 30 + "|\n" + row))
    assert all(measure(line) <= 76 for line in lines)
    assert lines[0].endswith("…")
    shown = lines[0].count("col")
    assert lines[-1] == f"+{30 - shown} columns · enter reads all"


def test_a_break_in_a_cell_ends_a_line_and_nothing_elsewhere() -> None:
    table = "| a | b |\n|---|--:|\n| one<br>two<BR/>three | 1 |\n\na<br>b\n"
    assert texts(MarkdownRenderer(40, STYLES).render(table)) == [
        "a      b",
        "────────",
        "one    1",
        "two",
        "three",
        "",
        "a<br>b",
    ]


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ("-\tfoo\n\t-\tbar\n\t\t-\tbaz\n", ["• foo", "  • bar", "    • baz"]),
        ("1.\tone\n\t-\ttwo\n2.\tthree\n", ["1. one", "   • two", "2. three"]),
        ("-\tfoo\n\n\tbar\n", ["• foo", "", "  bar"]),
        (">\t- a\n>\t\t- b\n", ["│ • a", "│   • b"]),
        ("\tcode\tx\n", ["  code    x"]),
    ],
)
def test_tabs_nest_as_they_should(source: str, right: list[str]) -> None:
    assert texts(MarkdownRenderer(40, STYLES).render(source)) == right


@pytest.mark.parametrize(
    ("source", "right"),
    [
        (r"$\forall\,\varepsilon$ and \(x^2*y*\) and $$\underbrace{a}_{P_1}$$", "="),
        (r"\[ \sum_{i=1}^n x_i \] and $a_1 * b_2 * c$", "="),
        ("$5 and $10, or *US$5_a_b*", "$5 and $10, or US$5_a_b"),
        ("$HOME and $PATH, *$x$*", "$HOME and $PATH, $x$"),
        (
            "see https://x.example/y（注）, **https://x.y/a_b_c**。",
            "see https://x.example/y（注）, https://x.y/a_b_c。",
        ),
        ("https://e.org/pkg/__init__/mod.py and *x*", "https://e.org/pkg/__init__/mod.py and x"),
        ("src/__init__.py, docs/*/x_*.md, **/*.py, *.toml and __init__", "="),
        ("**src/a_b_c/main.py**: *either/or* `x` __bold__", "src/a_b_c/main.py: either/or x bold"),
        (r"C:\Users\_x_\[y", "="),
        ("这是**“重点”**内容。**注意：**请先备份。", "这是“重点”内容。注意：请先备份。"),
        ("**스크립트(script)**는 ~~「古い」~~の **テスト。**です", "스크립트(script)는 「古い」の テスト。です"),
        (r"\*no emphasis\* and \[no link\]", "*no emphasis* and [no link]"),
    ],
)
def test_what_markdown_would_take_is_kept(source: str, right: str) -> None:
    assert texts(MarkdownRenderer(200, STYLES).render(source)) == [source if right == "=" else right]


def test_wide_writing_is_bold_where_its_readers_expect_it() -> None:
    (line,) = MarkdownRenderer(80, STYLES).render("这是**“重点”**内容。**注意：**请先备份。")
    assert [text for text, style in line.runs if style.bold] == ["“重点”", "注意："]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://x.example/y（注）", "https://x.example/y"),
        ("(see https://en.wikipedia.org/wiki/Foo_(bar))", "https://en.wikipedia.org/wiki/Foo_(bar)"),
        ("**https://a.b/__init__/c**,", "https://a.b/__init__/c"),
        ("“https://a.b/c”。", "https://a.b/c"),
        ("http://[::1]:8080/x*y_z?", "http://[::1]:8080/x*y_z"),
        ("<https://a.b/*c*>", "https://a.b/*c*"),
        ("前https://ja.example/日本語、後", "https://ja.example/日本語"),
    ],
)
def test_an_address_ends_where_it_ends(source: str, address: str) -> None:
    (line,) = MarkdownRenderer(80, STYLES).render(source)
    assert [style.meta["@click"][1][0] for _, style in line.runs if style.meta] == [address]


def test_a_formula_over_several_lines_is_no_list_and_no_heading() -> None:
    source = "so:\n$$\nx_1 * y_1\n- b\n===\n$$\nand\n"
    assert texts(MarkdownRenderer(40, STYLES).render(source)) == [
        "so:",
        "",
        "$$",
        "x_1 * y_1",
        "- b",
        "===",
        "$$",
        "",
        "and",
    ]


def test_a_link_can_be_clicked_and_html_is_text() -> None:
    lines = MarkdownRenderer(60, STYLES).render("See [here](https://a.b) <b>x</b>, [bad](javascript:x)")
    clicks = [style.meta for text, style in lines[0].runs if text == "here"]
    assert clicks == [{"@click": ("follow_link", ("https://a.b",))}]
    assert lines[0].text == "See here <b>x</b>, [bad](javascript:x)"


@pytest.mark.parametrize(
    "source",
    ["- [ ] open\n- [x] done", "about ~5 and ~home/~x", "www.example.org and a_b@c.example", "<b>x</b> <!-- y -->"],
)
def test_what_is_not_understood_on_purpose_is_shown_as_it_was_written(source: str) -> None:
    lines = MarkdownRenderer(80, STYLES).render(source)
    assert "\n".join(texts(lines)).replace("•", "-") == source
    assert not [style for line in lines for _, style in line.runs if style.meta]
