"""Rows of the inspector: every token in one row, calls with their results, sorted and found without losing one."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fake_client import state_of
from workbench.core.commands import LiftBlock, MarkBlock
from workbench.core.inspection import Finding, Inspection, LeftBlock
from workbench.core.window import SECTIONS, ZONES, Block, Window
from workbench.ui.inspector.acts import lift_items, mark_items, take_back
from workbench.ui.inspector.drawing import (
    Columns,
    draw_block,
    draw_finding,
    draw_head,
    draw_left,
    draw_legend,
    speak_block,
)
from workbench.ui.inspector.places import find_place, read_seq
from workbench.ui.inspector.rows import COLUMNS, BlockRow, Order, build_rows, find_rows
from workbench.ui.state import Answer, Prompt, Tool
from workbench.ui.terminal.ascii import write_ascii

LABELS = st.text(max_size=80) | st.sampled_from(["read src/a.py", "世界" * 30, "\x1b[31m", "", "a\nb"])
BLOCKS = st.lists(
    st.builds(
        Block,
        id=st.uuids().map(str),
        section=st.sampled_from(SECTIONS),
        role=st.sampled_from(["user", "assistant", "system"]),
        tokens=st.integers(0, 90_000),
        exact=st.booleans(),
        turn=st.integers(0, 40),
        seq=st.integers(1, 900),
        label=LABELS,
        zone=st.sampled_from(ZONES),
        mark=st.sampled_from(["", "pin", "drop", "mask"]),
        cached=st.booleans(),
    ),
    max_size=30,
)


def inspection(blocks: list[Block], left: tuple[LeftBlock, ...] = ()) -> Inspection:
    total = sum(block.tokens for block in blocks)
    return Inspection(Window(200_000, 0, 140_000, total, 0, True, (), tuple(blocks)), left)


def block(id: str, section: str = "results", role: str = "user", **more: object) -> Block:
    known: dict[str, object] = {"tokens": 10, "exact": True, "turn": 1, "seq": 1, "label": "read a.py"}
    return Block(id, section, role, **(known | more))  # type: ignore[arg-type]


def row(id: str, **more: object) -> BlockRow:
    return build_rows(inspection([block(id, **more)]))[0]


@given(BLOCKS)
def test_each_block_stands_in_one_row_and_no_token_is_lost(blocks: list[Block]) -> None:
    rows = build_rows(inspection(blocks))
    assert sorted(id for each in rows for id in each.ids) == sorted(block.id for block in blocks)
    assert sum(each.tokens for each in rows) == sum(block.tokens for block in blocks)


@given(BLOCKS, st.sampled_from(list(COLUMNS)), st.booleans(), st.text(max_size=6))
def test_sorting_loses_no_row_and_finding_adds_none(
    blocks: list[Block], column: str, backwards: bool, sought: str
) -> None:
    rows = build_rows(inspection(blocks))
    ordered = Order(column, backwards).sort(rows)
    assert sorted(each.place for each in ordered) == [each.place for each in rows]
    keys = [COLUMNS[column](each) for each in ordered]
    assert keys == sorted(keys, reverse=backwards)
    assert {each.place for each in find_rows(rows, sought)} <= {each.place for each in rows}
    assert find_rows(rows, "") == rows


@given(BLOCKS, st.integers(20, 200))
def test_a_row_is_as_wide_as_its_place_whatever_it_is_called(blocks: list[Block], width: int) -> None:
    columns, state = Columns.of(width), state_of()
    for each in build_rows(inspection(blocks)):
        assert draw_block(each, columns, 90_000, 2, state).cell_length == width - 1
    left = LeftBlock("e1", "世界" * 40, 70, 3, "masked", 4)
    assert draw_left(left, columns, 2).cell_length == width - 1
    assert all(draw_head(columns, Order(column)).cell_length == width for column in COLUMNS)


def test_a_call_and_its_result_are_one_row_also_where_several_run_at_once() -> None:
    calls = [block(f"c{n}", role="assistant", label=f"read {n}.py") for n in range(3)]
    answers = [block(f"r{n}", label=f"read {n}.py", seq=9 - n) for n in (2, 0)]
    rows = build_rows(inspection([*calls, *answers]))
    assert [each.ids for each in rows] == [("c0", "r0"), ("c1",), ("c2", "r2")]
    assert [each.id for each in rows] == ["r0", "c1", "r2"]


def test_tool_definitions_are_one_row() -> None:
    rows = build_rows(inspection([block(f"tool:{n}", "tools", "system", turn=0, label=n) for n in "abc"]))
    assert [(each.label, each.tokens, each.age) for each in rows] == [("3 tool definitions", 30, None)]


def test_rows_are_found_by_section_zone_turn_and_state() -> None:
    rows = build_rows(inspection([block("a", mark="pin", zone="middle"), block("b", "history", label="hello", turn=7)]))
    for sought, ids in (("PINNED", ["a"]), ("middle read", ["a"]), ("turn 7", ["b"]), ("history", ["b"]), ("x", [])):
        assert [each.id for each in find_rows(rows, sought)] == ids


def test_a_column_that_is_chosen_again_is_sorted_the_other_way_round() -> None:
    assert Order().choose("tokens") == Order("tokens")
    assert Order("tokens").choose("tokens") == Order("tokens", True)
    order = Order()
    for _ in COLUMNS:
        order = order.next()
    assert order == Order()


def test_a_mark_is_for_all_that_was_chosen_and_again_takes_it_back() -> None:
    plain, pinned = row("a"), row("b", mark="pin")
    assert mark_items([plain, pinned], "pin") == ([MarkBlock("a", "pin")], "")
    assert mark_items([pinned], "pin") == ([MarkBlock("b")], "")
    assert mark_items([pinned], "drop") == ([MarkBlock("b", "drop")], "")
    assert take_back([plain, pinned]) == [MarkBlock("b")]
    assert lift_items([plain]) == [LiftBlock("a")]


def test_a_mark_on_the_call_gives_way_to_one_on_its_result() -> None:
    [pair] = build_rows(inspection([block("c", role="assistant", mark="drop"), block("r")]))
    assert (pair.mark, pair.marked) == ("drop", ("c",))
    assert mark_items([pair], "pin") == ([MarkBlock("c"), MarkBlock("r", "pin")], "")
    assert mark_items([pair], "drop") == ([MarkBlock("c")], "")


def test_what_cannot_be_marked_says_why() -> None:
    left = LeftBlock("e1", "read a.py", 70, 3, "masked", 4)
    tools = build_rows(inspection([block(f"tool:{n}", "tools", "system") for n in "ab"]))
    assert mark_items([left], "drop")[0] == [] and "out of the window" in mark_items([left], "drop")[1]
    assert mark_items(tools, "pin")[0] == [] and "always stay" in mark_items(tools, "pin")[1]
    assert mark_items([], "pin") == ([], "")
    assert lift_items([left]) == [LiftBlock("e1")]


def test_the_remedy_of_a_finding_is_for_its_blocks() -> None:
    finding = Finding("read twice", "a.py stands here twice", ("a", "b"), 70, 0.002, "drop")
    assert mark_items([finding], "drop") == ([MarkBlock("a", "drop"), MarkBlock("b", "drop")], "")
    text = "\n".join(line.plain for line in draw_finding(finding, 60, False, "d"))
    assert "$0.002 a turn" in text and "d drops it" in text


def test_what_is_pinned_and_drifts_into_the_middle_is_flagged_in_its_row() -> None:
    drifting = row("a", mark="pin", zone="middle")
    assert drifting.drifts and not row("a", mark="pin", zone="recent").drifts and not row("a", zone="middle").drifts
    assert "middle !" in draw_block(drifting, Columns.of(80), 10, 1, state_of()).plain
    assert "drifting into the middle" in speak_block(drifting)


def test_each_sign_has_a_stand_in_where_there_is_no_unicode() -> None:
    rows = [row(mark, mark=mark, cached=True, tokens=7) for mark in ("", "pin", "drop", "mask")]
    lines = [draw_block(each, Columns.of(80), 10, 1, state_of()) for each in rows]
    left = LeftBlock("e1", "read a.py", 70, 3, "masked", 4)
    lines += [draw_left(left, Columns.of(80), 1), *(draw_head(Columns.of(80), Order(column)) for column in COLUMNS)]
    lines += [draw_legend(2, 80, "f")]
    assert not [line.plain for line in lines if "?" in write_ascii(line.plain)]


def test_a_masked_block_is_no_more_marked() -> None:
    left = (LeftBlock("r", "read a.py", 70, 1, "masked", 2),)
    [masked] = build_rows(inspection([block("r", mark="mask")], left))
    assert masked.masked and not masked.leaves


def test_the_place_in_the_transcript_is_that_of_the_call_whenever_its_result_came() -> None:
    entries = [
        Prompt(1, turn=1, text="go"),
        Tool(4, turn=1, name="read", summary="a.py"),
        Tool(5, turn=1, name="read", summary="b.py"),
        Answer(9, turn=1, text="done"),
        Prompt(11, turn=2, text="again"),
    ]
    assert find_place(entries, 1, 8, "read a.py") == 1
    assert find_place(entries, 1, 7, "read b.py") == 2
    assert find_place(entries, 1, 9, "done") == 3
    assert find_place(entries, 1, 1, "go") == 0
    assert find_place(entries, 2, 12, "[NOTICE] today") == 4
    assert find_place(entries, 3, 20, "x") is None
    assert [read_seq(id) for id in ("e12", "e12.1", "tool:x", "system")] == [12, 12, 0, 0]
