"""The pure parts of the dialogs: diffs as rows, revisions, headings, rows shared out, lines that fit."""

import difflib
import json

import pytest
from dialog_stage import DIFF, DOCUMENT, draft, plan
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from workbench.core.decisions import Preview, Proposal
from workbench.core.plans import Checked
from workbench.ui.draw.code import find_hunks, pair_rows, parse_patch
from workbench.ui.draw.text import cut_path, plain, spread_title
from workbench.ui.modals.command_view import draw_command
from workbench.ui.modals.dialog import share_rows
from workbench.ui.modals.editing import InvalidRevision, plan_revision
from workbench.ui.modals.handoff import add_missing, find_heading, list_missing
from workbench.ui.modals.plan_rows import draw_bars, draw_blocks, draw_costs

LINES = st.lists(st.text(st.characters(exclude_characters="\n\r", codec="utf-8"), max_size=20), max_size=30)


@given(LINES, LINES)
def test_a_diff_parses_to_the_lines_that_both_sides_have(old: list[str], new: list[str]) -> None:
    diff = "\n".join(difflib.unified_diff(old, new, "a", "b", lineterm="", n=1_000))
    rows = parse_patch(diff)
    if old != new:
        assert [row.text for row in rows if row.kind in ("same", "removed")] == old
        assert [row.text for row in rows if row.kind in ("same", "added")] == new
        assert [row.old for row in rows if row.kind in ("same", "removed")] == list(range(1, len(old) + 1))
        assert [row.new for row in rows if row.kind in ("same", "added")] == list(range(1, len(new) + 1))


@given(LINES, LINES)
def test_side_by_side_loses_no_row(old: list[str], new: list[str]) -> None:
    rows = parse_patch("\n".join(difflib.unified_diff(old, new, "a", "b", lineterm="")))
    pairs = pair_rows(rows)
    assert [pair.left for pair in pairs if pair.left] == [row for row in rows if row.kind != "added"]
    assert [pair.right for pair in pairs if pair.right] == [row for row in rows if row.kind != "removed"]


def test_hunks_begin_after_their_gap() -> None:
    rows = parse_patch(DIFF)
    assert len(find_hunks(rows)) == 2
    assert rows[find_hunks(rows)[1]].number == 93


def test_a_line_separator_inside_a_line_does_not_make_another() -> None:
    rows = parse_patch("@@ -1 +1 @@\n-a\n+b\u2028+c\x0b-d\n")
    assert [row.kind for row in rows] == ["removed", "added"]


def test_text_that_is_no_diff_is_shown_as_it_is() -> None:
    assert [row.text for row in parse_patch("one\ntwo")] == ["one", "two"]
    assert parse_patch("") == ()


@given(st.integers(-5, 80), st.integers(0, 3_000), st.integers(0, 60))
def test_rows_shared_out_never_exceed_the_room(room: int, first: int, second: int) -> None:
    given_first, given_second = share_rows(room, first, second)
    assert given_first + given_second <= max(2, room)
    assert 0 <= given_first <= first and 0 <= given_second <= second
    if first and second:
        assert given_first and given_second


@given(st.text(max_size=40), st.text(max_size=20), st.integers(0, 60))
def test_a_line_with_two_ends_is_never_too_wide(left: str, right: str, width: int) -> None:
    assert spread_title(plain(left).first_line, plain(right).first_line, width).cell_length <= width


def test_a_path_is_cut_at_the_front() -> None:
    assert cut_path("src/acme/client.py", 10) == "…client.py"
    assert cut_path("client.py", 20) == "client.py"


def test_a_file_name_that_is_too_long_is_cut_inside_so_that_its_folder_stays() -> None:
    assert cut_path("src/" + "x" * 40 + ".py", 21) == "src/xxx…xxxxxxxxxx.py"


@given(st.text(max_size=40), st.integers(8, 60))
def test_a_cut_path_is_cut_once_and_never_too_wide(path: str, width: int) -> None:
    cut = cut_path(path.replace("…", ""), width)
    assert plain(cut).cell_length <= width and cut.count("…") <= 1


@given(st.text(max_size=300), st.integers(20, 100))
def test_a_command_is_wrapped_and_not_cut(text: str, width: int) -> None:
    lines = draw_command(Preview("command", text, segment=text[5:20]), width).rows
    assert all(line.cell_length <= width for line in lines)


def test_the_asking_piece_stays_whole_where_it_can() -> None:
    text = "git fetch origin && git push --force-with-lease origin HEAD"
    lines = [line.plain for line in draw_command(Preview("command", text, segment=text[20:]), 50).rows]
    assert lines == ["$ git fetch origin &&", "  git push --force-with-lease origin HEAD"]


def proposal(preview: Preview | None, **arguments: object) -> Proposal:
    return Proposal("c", "tool", dict(arguments), (), preview)


@pytest.mark.parametrize("name", ["command", "cmd", "script"])
def test_a_command_is_edited_under_whatever_name_it_has(name: str) -> None:
    made = plan_revision(proposal(Preview("command", "ls"), **{name: "ls", "timeout": 3}))
    assert (made.text, made.single) == ("ls", True)
    assert made.apply("ls -l") == {name: "ls -l", "timeout": 3}


@pytest.mark.parametrize("name", ["content", "new_string", "new_str"])
def test_the_new_text_of_a_change_is_edited(name: str) -> None:
    shown = Preview("diff", DIFF, before="old words\n", after="old new words\n")
    made = plan_revision(proposal(shown, file_path="p", old="old", **{name: "old new"}))
    assert (made.text, made.single) == ("old new", False)
    assert made.apply("") == {"file_path": "p", "old": "old", name: ""}


def test_the_empty_text_of_a_deletion_is_edited() -> None:
    shown = Preview("diff", DIFF, before="one two\n", after="one\n")
    assert plan_revision(proposal(shown, file_path="p", old=" two", new="")).argument == "new"


@pytest.mark.parametrize(
    ("before", "after", "arguments", "edited"),
    [
        ("one\ntwo\n", "one\n", {"content": "one\n"}, "content"),
        ("one\r\ntwo\r\n", "one\r\n", {"content": "one\n"}, "content"),
        ("one\ntwo\n", "one\n", {"old_string": "one\ntwo\n", "new_string": "one\n"}, "new_string"),
        ("p\nq\np\nq\n", "p\np\n", {"old_string": "p\nq\n", "new_string": "p\n"}, "new_string"),
        ("one\ntwo\nold\n", "one\nold\n", {"new_string": "", "old_string": "two\n"}, "new_string"),
        ("one\n", "", {"content": ""}, "content"),
    ],
)
def test_the_new_text_of_a_change_that_only_removes_lines_is_edited(
    before: str, after: str, arguments: dict[str, object], edited: str
) -> None:
    shown = Preview("diff", DIFF, before=before, after=after)
    made = plan_revision(proposal(shown, file_path="one", **arguments))
    assert (made.argument, made.text) == (edited, arguments[edited])


@given(st.text("ab\n", max_size=12), st.text("ab\n", min_size=1, max_size=4), st.text("ab\n", max_size=4))
def test_whatever_passage_is_replaced_its_new_text_is_edited(text: str, old: str, new: str) -> None:
    before, after = f"{text}{old}!", f"{text}{old}!".replace(old, new, 1)
    if before != after:
        made = plan_revision(
            proposal(Preview("diff", DIFF, before=before, after=after), old_string=old, new_string=new)
        )
        assert made.argument == "new_string"


def test_anything_else_is_edited_as_json() -> None:
    made = plan_revision(proposal(None, to="ü", count=2))
    assert json.loads(made.text) == {"to": "ü", "count": 2}
    assert made.apply('{"to": "x"}') == {"to": "x"}
    for wrong in ("", "{", "[1]", "nul"):
        with pytest.raises(InvalidRevision):
            made.apply(wrong)


def test_missing_facts_go_where_they_belong_and_only_once() -> None:
    sections = draft().sections
    checked = (
        Checked("paths", 0, 1, ("docs/adr/0007.md",)),
        Checked("decisions", 0, 1, ("409 is never retried",)),
        Checked("commands", 0, 1, ("make check",)),
    )
    document = add_missing(DOCUMENT, sections, checked)
    assert add_missing(document, sections, checked) == document
    assert list_missing(document, checked) == ()
    two, three, four, five = (document.index(f"# {n}.") for n in (2, 3, 4, 5))
    assert two < document.index("409 is never") < three < document.index("0007.md") < four < five
    assert five < document.index("- commands: make check")


@given(st.text(max_size=200), st.lists(st.text("abc/.", min_size=1, max_size=8), max_size=4))
def test_adding_keeps_every_line_that_was_there(document: str, facts: list[str]) -> None:
    after = add_missing(document, draft().sections, (Checked("paths", 0, len(facts), tuple(facts)),))
    kept = iter(after.split("\n"))
    assert all(line in kept for line in document.rstrip("\n").split("\n") if line.strip())
    assert all(fact in after for fact in facts)


@pytest.mark.parametrize(
    "form", ["# 2. DECISIONS MADE", "## 2. Decisions made", "2. DECISIONS MADE", "### Decisions made"]
)
def test_a_heading_is_found_in_any_usual_form(form: str) -> None:
    assert find_heading(f"intro\n\n{form}\nbody", draft().sections[1]) == 2


@pytest.mark.parametrize("width", [20, 46, 72, 106])
def test_a_plan_fits_its_width(width: int) -> None:
    rows: list[Content] = [
        *draw_bars(plan(), width, True, False),
        *(row for _, row in draw_blocks(plan(), width)),
        *draw_costs(plan(), width),
    ]
    assert all(row.cell_length <= width for row in rows)


def test_the_bars_are_to_one_scale() -> None:
    before, after = draw_bars(plan(before=100_000, after=25_000), 117, False, False)
    assert before.cell_length == 117
    assert after.plain.rstrip().endswith("−75k")
