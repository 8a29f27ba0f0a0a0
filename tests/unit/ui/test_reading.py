"""Long things as lines, what of them is seen, and words that are found in them."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.tools import FileChange
from workbench.ui.draw.runs import Styles, measure
from workbench.ui.reading.lines import CodeLines, DiffLines, GridLines, PlainLines
from workbench.ui.reading.marks import mark_runs
from workbench.ui.reading.page import Page
from workbench.ui.reading.words import Hit, LineSearch, compile_words
from workbench.ui.state import Answer, Asked, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.documents import open_entry

STYLES = Styles({})
TEXTS = st.lists(st.text(alphabet="ab 日é,(", max_size=60), min_size=1, max_size=12).map("\n".join)


def page_of(text: str, width: int, height: int, *, wraps: bool) -> Page:
    page = Page(PlainLines(text), wraps=wraps)
    page.fit(width, height)
    return page


def shown(page: Page) -> list[str]:
    return [page.lines.text(row.line)[row.start : row.end] for row in page.seen()]


def search(words: str, *lines: str) -> LineSearch:
    found = LineSearch(words, len(lines), lambda line: lines[line])
    while not found.done:
        found.advance(1)
    return found


@given(TEXTS, st.integers(1, 30), st.integers(1, 9))
def test_going_down_row_by_row_a_wrapped_text_is_read_whole(text: str, width: int, height: int) -> None:
    page = page_of(text, width, 1, wraps=True)
    rows = [*shown(page)]
    while not page.at_end:
        page.move(1)
        rows += shown(page)
    assert "".join(rows) == text.replace("\n", "")
    assert all(measure(row) <= max(width, 2) for row in rows)
    page.fit(width, height)
    page.go_to_end()
    assert page.at_end


@given(TEXTS, st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 30))
def test_the_character_at_the_top_is_the_same_at_every_width(text: str, widths: list[int], down: int) -> None:
    page = page_of(text, 20, 3, wraps=True)
    page.move(down)
    before = page.line, page.start
    for width in widths:
        page.fit(width, 3)
        assert (page.line, page.start) == before
        top = next(page.seen(), None)
        if top is None:
            return
        assert top.line == page.line and top.start <= page.start <= top.end


def test_without_wrapping_it_moves_sideways_as_far_as_its_lines_go() -> None:
    page = page_of("x" * 30 + "\nshort", 10, 2, wraps=False)
    page.move_sideways(8)
    page.move_sideways(800)
    assert page.left == 20
    page.wrap(True)
    assert page.left == 0
    page.move_sideways(8)
    assert page.left == 0


def test_a_page_shorter_than_its_text_ends_with_the_last_line() -> None:
    page = page_of("\n".join(str(n) for n in range(100)), 10, 5, wraps=False)
    page.go_to_end()
    assert shown(page) == ["95", "96", "97", "98", "99"]
    page.move(-1)
    assert shown(page)[0] == "94"
    page.move(-1_000)
    assert shown(page)[0] == "0"


def test_a_hit_is_brought_into_view_in_both_directions() -> None:
    page = page_of("\n".join("." * 90 + str(n) for n in range(100)), 20, 9, wraps=False)
    page.show(50, 90, 92)
    assert any(row.line == 50 for row in page.seen())
    assert page.left <= 90 and page.left + page.width >= 92


def test_an_empty_text_can_be_paged() -> None:
    page = page_of("", 10, 5, wraps=True)
    page.move(1)
    page.go_to_end()
    page.move_sideways(1)
    assert shown(page) == [] and page.at_end


def test_a_hundred_thousand_lines_are_read_without_looking_at_all_of_them() -> None:
    class Counted(PlainLines):
        asked = 0

        def text(self, line: int) -> str:
            self.asked += 1
            return super().text(line)

    lines = Counted("word " * 60 + "\n" + "line\n" * 100_000)
    page = Page(lines, wraps=True)
    page.go_to_end()
    list(page.seen())
    page.move(-40)
    assert lines.asked < 2_000


def test_a_capital_letter_makes_case_count() -> None:
    assert [hit.line for hit in search("fold", "Fold", "fold", "bold").hits] == [0, 1]
    assert [hit.line for hit in search("Fold", "Fold", "fold").hits] == [0]


def test_blanks_match_any_blanks_and_markup_is_looked_through() -> None:
    assert search("two words", "two   words").hits == [Hit(0, 0, 11)]
    pattern = compile_words("bold words", markdown=True)
    assert pattern and pattern.search("some **bold** `words` here")
    assert compile_words("  ") is None


def test_the_next_hit_after_the_last_is_the_first() -> None:
    found = search("a", "a b a", "b", "a")
    assert [found.find_next(0), found.find_next(0, 1), found.find_next(1), found.find_next(2, 1)] == [0, 1, 2, 0]
    assert found.on_line(0) == [Hit(0, 0, 1), Hit(0, 4, 5)]
    assert search("x", "a").find_next(0) is None


@given(
    st.lists(st.text(alphabet="aAb ", max_size=8), max_size=12),
    st.text(alphabet="aAb ", max_size=5),
    st.lists(st.integers(0, 3), max_size=5),
)
def test_words_that_grow_are_found_where_they_are_as_if_they_had_been_typed_at_once(
    lines: list[str], words: str, looks: list[int]
) -> None:
    grown = search("", *lines)
    for end, looked in enumerate([*looks, *[1] * len(words)][: len(words)], start=1):
        grown = (
            grown.narrow(words[:end])
            if words[: end - 1].strip()
            else LineSearch(words[:end], len(lines), lines.__getitem__)
        )
        grown.advance(looked)
    while not grown.done:
        grown.advance(2)
    assert grown.hits == (search(words, *lines).hits)


def test_of_the_lines_that_were_looked_at_only_those_with_hits_are_looked_at_again() -> None:
    looked: list[int] = []

    def read(line: int) -> str:
        looked.append(line)
        return "needle" if line % 50 == 7 else "hay"

    found = LineSearch("n", 2_000, read)
    found.advance(2_000)
    looked.clear()
    narrowed = found.narrow("ne")
    narrowed.advance(2_000)
    assert looked == list(range(7, 2_000, 50))
    assert narrowed.done
    assert [hit.line for hit in narrowed.hits] == looked


@given(st.text(alphabet="ab", max_size=20), st.sampled_from(["a", "ab", "bb"]))
def test_marking_changes_no_character(text: str, words: str) -> None:
    spans = [(hit.start, hit.end, False) for hit in search(words, text).hits]
    half = len(text) // 2
    runs = mark_runs([(text[:half], STYLES("muted")), (text[half:], STYLES("faint"))], spans, STYLES)
    assert "".join(piece for piece, _ in runs) == text
    marked = "".join(piece for piece, style in runs if style.underline)
    assert marked == "".join(text[first:last] for first, last, _ in spans)


def test_a_table_is_a_grid_with_its_header_and_first_column_in_place() -> None:
    grid = GridLines(["name", "size", "why"], [["a.py", "12", "x" * 200], ["日本", "7"]], ["", "right", ""], "source")
    assert len(grid) == 2
    head = grid.head(STYLES)
    assert ["".join(text for text, _ in line.fixed) for line in head] == ["name  ", "──────"]
    assert grid.text(0).startswith("  12  xxx") and grid.text(1).startswith("   7")
    assert len({measure(grid.text(line)) for line in range(2)}) == 1
    assert grid.copy() == "source"


def test_a_diff_keeps_numbers_and_signs_at_the_left_of_what_moves() -> None:
    diff = DiffLines([("x.py", "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-old\n+new\n")])
    drawn = [diff.draw(line, STYLES) for line in range(len(diff))]
    assert ["".join(text for text, _ in line.fixed).split() for line in drawn] == [["1", "−"], ["1", "+"]]
    assert [diff.text(line) for line in range(2)] == ["old", "new"]


def test_code_has_its_colours_and_its_characters() -> None:
    code = CodeLines("def f():\n\treturn '日'\n", "python")
    for line in range(len(code)):
        assert "".join(text for text, _ in code.draw(line, STYLES).runs) == code.text(line)


def names(entry: object, **how: object) -> list[str]:
    return [piece.name for piece in open_entry(entry, **how).pieces]  # type: ignore[arg-type]


def test_every_kind_of_entry_can_be_read_whole() -> None:
    change = FileChange("x.py", "modified", 1, 1, "@@ -1 +1 @@\n-a\n+b\n")
    assert names(Prompt(text="a\nb")) == ["prompt"]
    assert names(Tool(output="x\ny")) == ["output"]
    assert names(Tool(changes=(change,), output="no", state="failed")) == ["diff", "output"]
    assert names(Asked(message="git push")) == ["question"]
    assert names(TurnEnd()) == ["line"]
    assert open_entry(Marker(kind="failed", title="refused", detail="say less", command="retry", key="r")).retries


def test_an_answer_is_read_with_each_of_its_tables_and_fences_also_inside_lists() -> None:
    text = "Look:\n\n| a | b |\n|---|--:|\n| 1 | **2** |\n\n- item\n\n  ```py\n  x = 1\n  ```\n\n"
    text += "> | q |\n> |---|\n> | r |\n"
    document = open_entry(Answer(text=text), line=3)
    assert [piece.name for piece in document.pieces] == ["answer", "table", "py", "table"]
    assert document.first == 1
    table, code = document.pieces[1].lines, document.pieces[2].lines
    assert table.text(0).split() == ["2"]
    assert code.copy() == "x = 1\n"
    assert open_entry(Answer(text=text), line=10).first == 2
    assert open_entry(Answer(text=text)).first == 0


@given(st.text(alphabet="|-` \n*ab>:#\r1.", max_size=80))
def test_no_answer_is_too_odd_to_be_read(text: str) -> None:
    for piece in open_entry(Answer(text=text)).pieces:
        for line in range(len(piece.lines)):
            drawn = piece.lines.draw(line, STYLES)
            assert "".join(run for run, _ in drawn.runs) == piece.lines.text(line)
