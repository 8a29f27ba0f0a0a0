"""An answer reads the same whether it arrived at once or in pieces."""

import pytest
from hypothesis import example, given, settings
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
    "last words\n",
]
DOCUMENTS = st.lists(st.sampled_from(BLOCKS), max_size=8).map("".join)


def texts(lines: list[TextLine]) -> list[str]:
    return [line.text.rstrip() for line in lines]


@settings(deadline=None)
@example("3. first\n4. second\n\n" * 4, [1], 10)
@given(DOCUMENTS, st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(10, 60))
def test_a_stream_ends_as_the_whole(document: str, sizes: list[int], width: int) -> None:
    stream, place, turn = Stream(MarkdownRenderer(width, STYLES)), 0, 0
    while place < len(document):
        place += sizes[turn % len(sizes)]
        turn += 1
        stream.grow(document[:place])
    streamed = texts([*stream.frozen, *stream.open])
    assert streamed == texts(MarkdownRenderer(width, STYLES).render(document))


@settings(deadline=None)
@given(DOCUMENTS, st.integers(3, 60))
def test_lines_fit_the_width(document: str, width: int) -> None:
    renderer = MarkdownRenderer(width, STYLES)
    assert all(measure(line.text) <= max(8, width) + 6 for line in renderer.render(document))


@settings(deadline=None)
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


def test_a_link_can_be_clicked_and_html_is_text() -> None:
    lines = MarkdownRenderer(60, STYLES).render("See [here](https://a.b) <b>x</b>, [bad](javascript:x)")
    clicks = [style.meta for text, style in lines[0].runs if text == "here"]
    assert clicks == [{"@click": ("follow_link", ("https://a.b",))}]
    assert lines[0].text == "See here <b>x</b>, [bad](javascript:x)"
