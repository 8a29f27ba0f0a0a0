"""Each kind of entry in the words and marks of the design language."""

from workbench.core.decisions import Confidence
from workbench.core.tools import FileChange
from workbench.ui.draw.runs import Styles, measure
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Tool, TurnEnd
from workbench.ui.transcript.flow import Flow
from workbench.ui.transcript.layout import Layout
from workbench.ui.transcript.remarks import draw_asked, draw_marker, draw_prompt, draw_turn_end
from workbench.ui.transcript.tools import choose_fold, draw_tool

STYLES = Styles({})
DIFF = "--- a/x.py\n+++ b/x.py\n@@ -41,2 +41,3 @@\n     def f():\n-        one\n+        two\n+        three\n"


def read(turn: int = 1, **given: object) -> Tool:
    tool = Tool(turn=turn, name="read", summary="a.py", state="done", reads_only=True, seconds=0.3)
    for name, value in given.items():
        setattr(tool, name, value)
    return tool


def page(entries: list[AnyEntry], width: int = 80) -> Layout:
    made = Layout(entries, lambda: 100.0)
    made.dress(STYLES, width)
    return made


def text(made: Layout) -> list[str]:
    rows: list[str] = []
    for index in range(len(made.entries)):
        laid = made.lay_out(index)
        rows += [""] * laid.gap + [laid.lines[row].text.rstrip() for row in range(len(laid.lines))]
    return rows


def test_what_ends_at_the_right_ends_at_one_edge_however_wide_it_is() -> None:
    made = page([Prompt(turn=1, text="go", at=100.0), read()], 216)
    said, called = (made.lay_out(index).lines[0].text for index in range(2))
    assert len(said.rstrip()) == len(called.rstrip()) == 212


def test_bookkeeping_is_one_quiet_word() -> None:
    note = read(name="note", summary="full jitter", headline="kept; 1 decisions", quiet=True)
    assert text(page([note]))[1].startswith("▸ note  full jitter") is False, "there is nothing to unfold"
    assert text(page([note]))[1].split("  ")[1:3] == ["note", "full jitter"]
    assert "kept" not in text(page([note]))[1]
    assert text(page([read(), note, note]))[1].startswith("▸ 1 tool  1 read · 2 noted")
    assert text(page([note, note]))[1].startswith("▸ 2 noted")


def test_a_run_of_reads_folds_into_one_line_and_a_write_ends_it() -> None:
    search = read(name="search")
    made = page([read(), read(), search, read(reads_only=False, name="run"), read()])
    rows = text(made)[1:]
    assert [row.split("  ")[:2] for row in rows] == [["▸ 3 tools", "2 read · 1 search"], ["", "run"], ["", "read"]]
    assert rows[0].endswith("  0.9s  ✓")


def test_a_masked_call_and_a_run_with_one_say_so() -> None:
    assert draw_tool(read(masked=True, headline="21 lines"), "closed", 80, STYLES, 0.0)[0].text.startswith(
        "  read  a.py  21 lines · masked"
    )
    assert text(page([read(masked=True), read()]))[1].startswith("▸ 2 tools  2 read · 1 masked")


def test_a_run_unfolds_and_folds_again() -> None:
    made = page([read(), read(output="x"), Answer(turn=1, text="done")])
    assert made.fold(0) == 0
    assert len(text(made)) == 6
    made.fold(0)
    assert len(text(made)) == 4


def test_runs_stay_right_while_calls_finish_in_any_order() -> None:
    tools = [read(state="running") for _ in range(6)]
    flow = Flow(list(tools))
    flow.extend()
    for index in (4, 1, 3, 0, 5, 2):
        tools[index].state = "done"
        flow.update(index)
        fresh = Flow(list(tools))
        fresh.extend()
        assert [flow.lead(at) for at in range(6)] == [fresh.lead(at) for at in range(6)]


def test_a_failure_and_a_small_edit_unfold_by_themselves() -> None:
    change = FileChange("x.py", "modified", 2, 1, DIFF)
    edit = Tool(name="edit", summary="x.py", state="done", changes=(change,))
    assert choose_fold(Tool(state="failed", output="boom")) == "glance"
    assert choose_fold(edit) == "glance"
    assert (
        choose_fold(Tool(state="done", changes=(FileChange("x", "modified", 40, 0, DIFF + "+y\n" * 40),))) == "closed"
    )
    assert [line.text.rstrip() for line in draw_tool(edit, "open", 60, STYLES, 0.0)] == [
        "▾ edit  x.py  +2 −1                                  0.0s  ✓",
        "   41   def f():",
        "   42 −     one",
        "   42 +     two",
        "   43 +     three",
    ]


def test_long_output_is_capped_and_enter_shows_all() -> None:
    tool = Tool(name="run", summary="x", state="done", output="\n".join(str(n) for n in range(212)))
    assert draw_tool(tool, "open", 60, STYLES, 0.0)[-1].text == "  … 172 more lines · enter reads all"
    assert len(draw_tool(tool, "glance", 60, STYLES, 0.0)) == 22


def test_each_state_has_its_mark_and_its_word() -> None:
    def line(**given: object) -> str:
        return draw_tool(read(seconds=0.0, **given), "closed", 60, STYLES, 112.0)[0].text

    assert line(state="running", started_at=100.0).endswith("0:12  ●")
    assert "waits for you" in line(state="waiting") and line(state="waiting").endswith("◆")
    assert "rejected" in line(state="rejected") and line(state="rejected").endswith("⊘")
    assert "unanswered" in line(state="unanswered") and line(state="unanswered").endswith("◌")
    assert "stopped" in line(state="stopped") and line(state="stopped").endswith("■")
    assert "failed" in line(state="failed") and line(state="failed").endswith("✗")


def test_questions_tell_no_from_nobody() -> None:
    def line(asked: Asked) -> str:
        return draw_asked(asked, 70, STYLES)[0].text

    yes = line(Asked(message="git push", state="answered", answer="you: once", allowed=True, waited=41))
    no = line(Asked(message="git push", state="answered", answer="you: rejected", waited=4))
    assert "git push  you: once" in yes and yes.endswith("0:41  ✓")
    assert no.endswith("⊘")
    assert line(Asked(message="git push", state="unanswered")).endswith("◌")
    assert "waits for you" in line(Asked(message="git push"))


def test_a_line_across_fills_the_width() -> None:
    marker = Marker(title="compacted 118.4k → 31.0k", detail="11 paths kept", key="u", action="undo")
    line = draw_marker(marker, 70, STYLES)[0].text
    assert line.startswith("┄┄ compacted 118.4k → 31.0k ┄┄ 11 paths kept ┄┄") and line.endswith("┄ u undo")
    assert len(line) == 70


def test_a_line_across_says_all_of_a_long_fault() -> None:
    words = "The model server refused the request: " + "messages.2.content.0 is not what it takes; " * 4
    lines = draw_marker(Marker(title=words, detail="What to do.", level="error"), 60, STYLES)
    assert all(measure(line.text) <= 60 for line in lines)
    said = " ".join(line.text.strip("┄ ") for line in lines)
    assert said == f"{words.strip()} What to do."


def test_the_line_under_a_turn() -> None:
    end = TurnEnd(steps=6, seconds=38, cost=0.11, cached=0.94, confidence=Confidence(0.91), route="sent")
    assert draw_turn_end(end, 80, STYLES)[0].text == "6 steps · 38 s · $0.11 · cache 94 % · ● 0.91 sent"
    rehearsed = TurnEnd(steps=1, seconds=90, cost=0.11, as_if=True, stop_reason="interrupted")
    assert (
        draw_turn_end(rehearsed, 80, STYLES)[0].text
        == "■ stopped · 1 step · 1:30 · $0.11 as if · cache 0 % · ○ unrated"
    )


def test_a_prompt_wraps_under_its_number_and_is_one_line_when_it_left_the_window() -> None:
    prompt = Prompt(turn=7, text="Give a retried PUT an idempotency key, and keep the jitter", at=0.0)
    inside = [line.text.rstrip() for line in draw_prompt(prompt, True, 40, STYLES)]
    assert inside == ["7  Give a retried PUT an idempotency", "   key, and keep the jitter"]
    left = draw_prompt(prompt, False, 40, STYLES)
    assert [line.text.rstrip() for line in left] == ["7  Give a retried PUT an idempotency…"]


def test_an_interrupted_answer_says_stopped() -> None:
    assert text(page([Answer(text="half", draft=True)])) == ["", "half", "■ stopped"]


def test_blank_lines_stand_between_blocks_and_not_inside_runs_of_tools() -> None:
    entries: list[AnyEntry] = [
        Prompt(turn=1, text="p"),
        Answer(turn=1, text="a"),
        read(),
        Asked(),
        Answer(turn=1, text="b"),
    ]
    made = page(entries)
    assert [made.lay_out(index).gap for index in range(5)] == [1, 1, 0, 0, 1]
    for entry in entries:
        entry.in_window = False
    made.touch(range(5))
    assert [made.lay_out(index).gap for index in range(5)] == [1, 0, 0, 0, 0]


def test_twenty_cells_are_enough_for_everything() -> None:
    change = FileChange("x.py", "modified", 2, 1, DIFF)
    entries: list[AnyEntry] = [
        Prompt(turn=12, text="日本語 " * 20, at=1.0),
        Answer(text="| a | b |\n|-|-|\n| long words here | 日本 |\n\n```py\nx = 1\n```\n\n> - > q"),
        Tool(name="edit", summary="a/very/long/path.py", state="done", changes=(change,)),
        Asked(message="x" * 90, state="answered", answer="y" * 90),
        Marker(title="compacted", detail="detail " * 9, key="u", action="undo"),
        TurnEnd(steps=3),
    ]
    for width in (1, 5, 12, 20):
        assert text(page(entries, width))
