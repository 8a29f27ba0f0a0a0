"""Words in the transcript: counted once each, whatever comes, goes, or is typed meanwhile."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.tools import FileChange
from workbench.ui.draw.runs import TextLine
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.finding import Found, TranscriptSearch
from workbench.ui.transcript.hits import DrawnHits

TEXT = st.text(alphabet="ab \n*", max_size=12)
ENTRIES = st.lists(
    st.one_of(TEXT.map(lambda text: Answer(text=text)), TEXT.map(lambda text: Prompt(text=text))), max_size=9
)


def complete(search: TranscriptSearch) -> TranscriptSearch:
    while not search.done:
        search.advance()
    return search


def counted(search: TranscriptSearch, count: int) -> list[int]:
    return [search.count_in(index) for index in range(count)]


def test_all_kinds_of_entries_are_looked_in_also_where_they_are_folded() -> None:
    entries: list[AnyEntry] = [
        Prompt(text="needle"),
        Answer(text="need**le** and a need`le`"),
        Tool(name="run", summary="needle", output="x\nneedle\n"),
        Tool(name="edit", state="done", changes=(FileChange("a", "modified", diff="+needle"),)),
        Asked(message="needle?", answer="you: once"),
        Marker(title="failed", detail="a needle"),
        TurnEnd(),
    ]
    search = complete(TranscriptSearch("needle", lambda: entries))
    assert counted(search, len(entries)) == [1, 2, 2, 1, 1, 1, 0]
    assert search.count == 8


def test_hits_are_gone_through_in_order_and_round() -> None:
    entries = [Prompt(text="a a"), Prompt(text="-"), Prompt(text="a")]
    search = complete(TranscriptSearch("a", lambda: entries))
    search.at = search.nearest(1)
    assert search.at == Found(0, 1) and search.place() == 1
    seen = []
    for _ in range(4):
        search.at = search.step(1)
        seen.append(search.place())
    assert seen == [2, 0, 1, 2]
    search.at = search.step(-1)
    assert search.place() == 1


@given(ENTRIES, st.text(alphabet="ab ", min_size=1, max_size=4), st.integers(0, 12))
def test_a_search_that_narrows_another_counts_as_one_from_the_beginning(
    entries: list[AnyEntry], words: str, looked: int
) -> None:
    known = None
    for end in range(1, len(words) + 1):
        known = TranscriptSearch(words[:end], lambda: entries, known)
        if looked % (end + 1):
            complete(known)
    assert known is not None
    fresh = complete(TranscriptSearch(words, lambda: entries))
    assert counted(complete(known), len(entries)) == counted(fresh, len(entries))


@given(ENTRIES, ENTRIES, ENTRIES)
def test_what_comes_before_and_after_is_counted_as_if_it_had_been_there(
    before: list[AnyEntry], entries: list[AnyEntry], after: list[AnyEntry]
) -> None:
    now = list(entries)
    search = complete(TranscriptSearch("a", lambda: now))
    now += after
    search.hear(set())
    now[:0] = before
    search.shift(len(before))
    fresh = complete(TranscriptSearch("a", lambda: now))
    assert counted(complete(search), len(now)) == counted(fresh, len(now))
    assert search.count == fresh.count


@given(st.text(alphabet="ab", min_size=1, max_size=30), st.integers(1, 9), st.sampled_from(["a", "ab", "abba"]))
def test_a_hit_that_is_broken_over_rows_is_marked_on_each(text: str, width: int, words: str) -> None:
    search = TranscriptSearch(words, list)
    pieces = [text[at : at + width] for at in range(0, len(text), width)]
    rows = [TextLine([("> " + piece, None)], "" if at else "\n", 2) for at, piece in enumerate(pieces)]  # type: ignore[list-item]
    drawn = DrawnHits(rows, search, 0)
    marked = "".join(rows[row].text[first:last] for row in sorted(drawn.spans) for first, last, _ in drawn.spans[row])
    assert marked == words * text.count(words)
    assert drawn.count == text.count(words)
    assert drawn.first_row == (text.index(words) // width if words in text else None)
