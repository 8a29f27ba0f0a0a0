"""What stands at the top stays there at any sequence of widths: the same line of the source of the same entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.tools import FileChange
from workbench.ui.draw.runs import Styles
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.layout import Layout

STYLES = Styles({})
WIDTHS = st.integers(12, 160)
WORDS = st.lists(st.sampled_from(["word", "日本語", "a/long/path/to/file.py", "x" * 30]), min_size=1, max_size=30)
BLOCKS = st.one_of(
    WORDS.map(" ".join),
    WORDS.map(lambda words: "\n".join(f"- {word} and more of it" for word in words)),
    WORDS.map(lambda words: "1. one\n   - " + " ".join(words) + "\n     - deeper\n\n       " + " ".join(words)),
    WORDS.map(
        lambda words: (
            "- a\n  - b\n    - c\n      - " + " ".join(words) + "\n        - > deeper\n\n          " + words[0]
        )
    ),
    WORDS.map(lambda words: "> " + " ".join(words) + "\n> > " + " ".join(words)),
    WORDS.map(lambda words: "```py\n" + "\n".join(words) + "\n}\n}\n\n```"),
    WORDS.map(lambda words: "    indented\n    " + " ".join(words)),
    WORDS.map(lambda words: "|a|b|c|\n|-|-|-|\n" + "".join(f"|{w}|{w} again {w}|end|\n" for w in words)),
    st.just("# A heading of some words that is long enough to be wrapped\n\n---\n\nafter it"),
)
DIFF = "@@ -1,2 +1,3 @@\n same\n" + "+" + "added words " * 20 + "\n-gone\n"
ENTRIES = st.one_of(
    st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join).map(lambda text: Answer(turn=1, text=text)),
    WORDS.map(lambda words: Prompt(turn=1, text="\n".join([" ".join(words), *words]))),
    WORDS.map(lambda words: Tool(turn=1, name="run", state="failed", output="\n".join([" ".join(words) * 9, *words]))),
    st.just(Tool(turn=1, name="edit", state="done", changes=(FileChange("x.py", "modified", 2, 1, DIFF),))),
    st.just(Tool(turn=1, name="read", state="done", reads_only=True, output="x")),
    st.just(Asked(message="may it?")),
    st.just(Marker(title="compacted", detail="a few words " * 9)),
    st.just(TurnEnd(turn=1, steps=3)),
)


def dressed(entries: list[AnyEntry], width: int) -> Layout:
    page = Layout(entries, lambda: 1.0)
    page.dress(STYLES, width)
    for index in range(len(entries)):
        page.lay_out(index)
    return page


def test_a_remark_that_is_cut_at_one_width_stays_at_the_top_at_another() -> None:
    page = dressed([Marker(title="compacted", detail="a few words " * 9)], 12)
    places = [page.find_anchor(0, row) for row in range(page.heights.total)]
    page.dress(STYLES, 19)
    assert {page.find_anchor(*page.find_line(kept)).source for kept in places} == {kept.source for kept in places}


@given(st.lists(ENTRIES, min_size=1, max_size=5), WIDTHS, st.lists(WIDTHS, min_size=1, max_size=4), st.data())
def test_the_same_source_line_stays_at_the_top(
    entries: list[AnyEntry], width: int, others: list[int], data: st.DataObject
) -> None:
    page = dressed(entries, width)
    if not page.heights.total:
        return
    top = page.heights.find(data.draw(st.integers(0, page.heights.total - 1)))
    kept = page.find_anchor(*top)
    for other in others:
        page.dress(STYLES, other)
        index, within = page.find_line(kept)
        now = page.find_anchor(index, within)
        assert (now.entry, now.source) == (kept.entry, kept.source)
        assert now.offset <= max(kept.offset, 0)
    page.dress(STYLES, width)
    assert page.find_line(kept) == top


LOOSE = "1. one\n   - word\n     - deeper\n\n       word\n\n" * 3
CUT = Tool(turn=1, name="run", state="failed", output="word word " * 9 + "\nword\nword")


@pytest.mark.parametrize(
    "entry", [Answer(turn=1, text=LOOSE), CUT, Marker(title="compacted", detail="a few words " * 9)]
)
def test_blank_rows_of_a_list_marks_alone_and_what_stands_for_more_have_places_of_their_own(entry: AnyEntry) -> None:
    page = dressed([entry], 12)
    for row in range(page.heights.total):
        kept = page.find_anchor(0, row)
        page.dress(STYLES, 40)
        wide = page.find_anchor(*page.find_line(kept))
        page.dress(STYLES, 12)
        assert page.find_line(kept) == (0, row)
        assert wide.source == kept.source
