"""The transcript as a person meets it: it follows, holds its place, folds, copies, and lays out only what is seen."""

from pathlib import Path
from typing import ClassVar

import pytest
from fake_client import state_of
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from tests.fakes import ManualClock
from workbench.ui.palettes import build_theme, list_defaults, read_palettes
from workbench.ui.state import Answer, AnyEntry, Change, Marker, Prompt, Tool
from workbench.ui.transcript.view import Transcript

STYLE_SHEET = Path(__file__).resolve().parents[2] / "themes" / "transcript.tcss"


class Stage(App[None]):
    """Only a transcript; keeps the messages that it posts."""

    AUTO_FOCUS = None

    CSS: ClassVar[str] = STYLE_SHEET.read_text(encoding="utf-8")

    def __init__(self, entries: list[AnyEntry]) -> None:
        super().__init__()
        self.clock = ManualClock(0.0)
        self.state = state_of(entries=entries)
        self.state.clock = self.clock
        self.heard: list[object] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return list_defaults()

    def compose(self) -> ComposeResult:
        yield Transcript(self.state)

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def on_transcript_link_clicked(self, message: Transcript.LinkClicked) -> None:
        self.heard.append(message.href)

    def on_transcript_undo(self, message: Transcript.Undo) -> None:
        self.heard.append(message.entry)

    def on_line_view_new_below(self, message: Transcript.NewBelow) -> None:
        self.heard.append(message.count)

    def on_transcript_read_requested(self, message: Transcript.ReadRequested) -> None:
        self.heard.append(message.document)

    def on_transcript_copy_requested(self, message: Transcript.CopyRequested) -> None:
        self.heard.append((message.text, message.what))

    def add(self, *entries: AnyEntry) -> None:
        self.state.entries.extend(entries)
        self.transcript.changed(Change.ADDED)

    def rows(self) -> list[str]:
        """What is on the screen."""
        return [strip.text.rstrip() for strip in self.transcript.render_lines(self.transcript.size.region)]


async def focus(app: Stage, pilot: Pilot[None]) -> None:
    app.transcript.focus()
    await pilot.pause()


def answers(count: int, words: str = "One line and **more**.") -> list[AnyEntry]:
    return [Answer(seq=n, turn=n, text=f"{n} {words}") for n in range(count)]


def read(**given: object) -> Tool:
    tool = Tool(turn=1, section="results", name="read", summary="a.py", state="done", reads_only=True)
    for name, value in given.items():
        setattr(tool, name, value)
    return tool


async def test_it_opens_at_the_end_and_follows() -> None:
    app = Stage(answers(50))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.rows()[-2].endswith("49 One line and more.")
        app.add(Answer(turn=51, text="newest"))
        await pilot.pause()
        assert app.rows()[-2].endswith("newest")


async def test_scrolling_up_holds_the_place_and_counts_new_lines_until_the_end_is_back() -> None:
    app = Stage(answers(50))
    async with app.run_test(size=(60, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("pageup")  # away from the end
        before = app.rows()
        app.add(*answers(7))
        await pilot.pause()
        assert app.rows()[:-1] == before[:-1]
        assert app.rows()[-1].endswith("↓ 14 new")
        await pilot.press("end")
        await pilot.pause()
        assert app.rows()[-2].endswith("6 One line and more.")
        assert app.heard == [14, 0]
        app.add(Answer(text="and on"))  # it follows again
        assert app.rows()[-2].endswith("and on")


async def test_scrolling_to_the_bottom_follows_again() -> None:
    app = Stage(answers(50))
    async with app.run_test(size=(60, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("pageup", "pagedown", "pagedown")  # there and back
        app.add(Answer(text="and on"))
        assert app.rows()[-2].endswith("and on")


async def test_paging_through_entries_of_unknown_height_skips_no_line() -> None:
    app = Stage([Answer(text="\n\n".join(f"{n}.{line}" for line in range(n % 9 + 1))) for n in range(60)])
    async with app.run_test(size=(60, 14)) as pilot:
        await focus(app, pilot)
        seen: set[str] = set(app.rows())
        for _ in range(80):
            await pilot.press("pageup")  # to the very beginning
            seen |= set(app.rows())
        words = {row.lstrip("▶▎ ") for row in seen}
        assert {f"{n}.{line}" for n in range(60) for line in range(n % 9 + 1)} <= words


async def test_ten_thousand_entries_are_opened_by_laying_out_a_screenful() -> None:
    app = Stage(answers(10_000, "a longer text " * 30))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        assert len(app.transcript._layout._laid) < 40
        await focus(app, pilot)
        await pilot.press("home")  # far away
        assert app.rows()[1].startswith("▶▎ 0 a longer text")
        assert len(app.transcript._layout._laid) < 80


async def test_a_stream_draws_only_its_tail_again() -> None:
    answer = Answer(turn=1, text="first paragraph\n\nsecond\n", streaming=True)
    app = Stage([answer])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        kept = app.transcript.render_lines(app.transcript.size.region)[1]
        for word in ["", "paragraph\n\n", "third"]:
            answer.text += word
            app.transcript.changed(Change.TAIL)
        assert [row.lstrip("▎ ") for row in app.rows()[1:6]] == [
            "first paragraph",
            "",
            "second paragraph",
            "",
            "third▌",
        ]
        assert app.transcript.render_lines(app.transcript.size.region)[1] is kept
        answer.streaming = False
        app.state.touched.add(0)
        app.transcript.changed(Change.TAIL | Change.ENTRIES)
        assert app.rows()[5].endswith("third")


async def test_space_unfolds_a_run_and_then_a_tool_in_it() -> None:
    app = Stage([read(output="one"), read(output="two"), Answer(turn=1, text="done")])
    async with app.run_test(size=(60, 14)) as pilot:
        await focus(app, pilot)
        await pilot.press("up", "space")  # the run above the answer
        assert [row.strip("▶▎ ").split("  ")[0] for row in app.rows()[1:4]] == ["▾ 2 tools", "▸ read", "▸ read"]
        await pilot.press("down", "space")  # the second call
        assert app.rows()[4].endswith("two")
        assert app.state.entries[1].output == "two"


async def test_a_call_that_finishes_joins_the_run_before_it() -> None:
    app = Stage([read(), read(state="running")])
    async with app.run_test(size=(60, 14)):
        assert [row.strip("▎ ")[:4] for row in app.rows()[1:3]] == ["read", "read"]
        tool = app.state.entries[1]
        assert isinstance(tool, Tool)
        tool.state = "done"
        app.state.touched.add(1)
        app.transcript.changed(Change.ENTRIES)
        assert "2 tools  2 read" in app.rows()[1]
        assert app.rows()[2] == ""
        assert not app.state.touched


async def test_copying_the_message_and_its_newest_code_block() -> None:
    text = "Look:\n\n```python\nold = 1\n```\n\n```python\n" + "x" * 90 + "\n```\n"
    app = Stage([Prompt(turn=1, text="hello"), Answer(turn=1, text=text)])
    async with app.run_test(size=(60, 20)) as pilot:
        await focus(app, pilot)
        await pilot.press("y", "Y", "up", "y")  # message, its code, the prompt
        await pilot.pause()
        assert app.heard == [(text, "message"), ("x" * 90 + "\n", "code block"), ("hello", "message")]


async def test_u_asks_for_the_undo_of_a_compaction_alone() -> None:
    undo = Marker(title="compacted", key="u", action="undo")
    app = Stage([undo, Marker(title="model"), Answer(text="x")])
    async with app.run_test(size=(60, 14)) as pilot:
        await focus(app, pilot)
        await pilot.press("u", "up", "u", "up", "u")  # only the last one can be undone
        await pilot.pause()
        assert app.heard == [undo]


async def test_a_selection_is_copied_without_gutter_and_with_wrapped_lines_joined() -> None:
    app = Stage([Answer(text="Some words that are wrapped over two lines.\n\n```\ncode\n```")])
    async with app.run_test(size=(34, 14)):
        assert app.rows()[1:3] == [" ▎ Some words that are wrapped", " ▎ over two lines."]
        text = app.transcript.get_selection(Selection(Offset(8, 1), Offset(11, 2)))
        assert text == ("words that are wrapped over two", "\n")
        assert app.transcript.get_selection(Selection(None, None)) == (
            "Some words that are wrapped over two lines.\n\n```\ncode\n```",
            "\n",
        )


async def drag(pilot: Pilot[None], start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)
    await pilot.pause()


async def test_the_mouse_selects_across_lines() -> None:
    app = Stage([Answer(text="first line\n\nsecond line")])
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        await drag(pilot, (9, 1), (9, 3))
        assert app.screen.get_selected_text() in ("line\n\nsecond", "line\n\nsecond ")


async def test_a_drag_that_leaves_at_the_side_or_below_ends_where_the_pointer_is() -> None:
    class Beside(Stage):
        CSS = f"{STYLE_SHEET.read_text(encoding='utf-8')} Transcript {{ margin: 0 2 2 0; }}"

    app = Beside([Answer(text="first line\n\nsecond line\n\nthird"), *answers(30)])
    async with app.run_test(size=(40, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("home")
        for column, row, right in [(39, 3, "line\n\nsecond line"), (38, 1, "line"), (20, 11, None)]:
            await drag(pilot, (9, 1), (column, row))  # in the margin at the right, and below
            text = app.screen.get_selected_text() or ""
            assert text == right if right else "1 One" in text and "2 One" not in text
            app.screen.clear_selection()


async def test_selected_text_is_seen_in_every_theme() -> None:
    app = Stage([Answer(text="first line")])
    async with app.run_test(size=(40, 10)) as pilot:
        for palette in read_palettes([STYLE_SHEET.parent])[0]:
            app.register_theme(build_theme(palette))
        for name in app.available_themes:
            app.theme = name
            await pilot.pause()
            await drag(pilot, (3, 1), (8, 1))
            styles = [s.style for s in app.transcript.render_line(1) if "irst" in s.text and s.style]
            assert styles[0].color != styles[0].bgcolor, name
            ground, ink = (c.get_truecolor() for c in (styles[0].bgcolor, styles[0].color) if c)
            assert abs(sum(ground) - sum(ink)) > 90, name
            app.screen.clear_selection()


async def test_a_click_on_a_link_tells_its_address_and_a_click_on_a_tool_folds_it() -> None:
    app = Stage([Answer(text="[here](https://a.b/c?d='e')"), Tool(name="run", state="done", output="out")])
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(4, 1))
        await pilot.pause()
        assert app.heard == ["https://a.b/c?d='e'"]
        await pilot.click(offset=(12, 2))
        assert app.rows()[3].endswith("out")


async def test_the_seconds_of_a_running_call_count_on_the_tick() -> None:
    app = Stage([Tool(name="run", summary="pytest", state="running", started_at=0.0001)])
    async with app.run_test(size=(60, 10)):
        app.clock.advance(12.5)
        app.transcript.tick()
        assert "0:12  ●" in app.rows()[1]


async def test_another_session_replaces_everything() -> None:
    app = Stage(answers(30))
    async with app.run_test(size=(60, 12)):
        app.state.entries = [Answer(text="other")]
        app.transcript.reset()
        assert [row for row in app.rows() if row] == [" ▎ other"]


async def test_a_new_width_keeps_the_place() -> None:
    app = Stage(answers(200, "words " * 30))
    async with app.run_test(size=(100, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("pageup", "pageup", "pageup")  # somewhere in the middle
        before = app.transcript._seen()[0]
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert app.transcript._seen()[0] == before


async def test_entries_that_come_before_the_others_move_nothing_that_is_seen() -> None:
    entries = answers(90)
    app = Stage([*entries[40:60], read(), read(summary="b.py"), *entries[60:]])
    async with app.run_test(size=(60, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("up", "up", "up", "pageup")  # an entry is chosen, and the end out of sight
        chosen, before = app.transcript.chosen, app.rows()
        assert chosen is not None
        entry = app.state.entries[chosen]
        app.state.entries = [*entries[:40], *app.state.entries]
        app.transcript.take_earlier(40)
        await pilot.pause()
        assert app.rows() == before
        assert app.state.entries[app.transcript.chosen or 0] is entry
        await pilot.press("home")
        await pilot.pause()
        assert app.rows()[1].endswith("0 One line and more.")


async def test_the_chosen_entry_is_taken_up_where_one_has_scrolled_to() -> None:
    app = Stage(answers(100))
    async with app.run_test(size=(60, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press("pageup", "pageup", "pageup", "up")  # the newest is out of sight
        assert app.transcript.chosen is not None
        assert any(row.startswith(f"▶▎ {app.transcript.chosen} One line") for row in app.rows())
        assert app.transcript.chosen < 90


async def test_a_new_theme_is_taken_at_once() -> None:
    app = Stage(answers(3))
    async with app.run_test(size=(60, 12)) as pilot:
        app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        style = next(iter(app.transcript.render_line(1))).style
        assert style is not None and style.bgcolor is not None
        assert style.bgcolor.name.lower() == app.theme_variables["background"].lower()


@pytest.mark.parametrize("width", [1, 4, 20])
async def test_very_narrow_terminals_do_not_break_it(width: int) -> None:
    app = Stage([*answers(5, "日本語 words"), read(), read(), Marker(title="compacted", key="u", action="undo")])
    async with app.run_test(size=(width, 8)) as pilot:
        await pilot.pause()
        assert all(strip.cell_length == width for strip in app.transcript.render_lines(app.transcript.size.region))


async def test_without_colour_letters_stand_in_the_gutter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Stage([Prompt(turn=1, text="hello", section="current"), Answer(turn=1, text="a\n\nb"), read()])
    async with app.run_test(size=(40, 10)):
        assert [row[:3] for row in app.rows()[1:7]] == [" C ", "", " H ", " │", " │ ", " R "]


async def test_an_empty_transcript_shows_nothing() -> None:
    app = Stage([])
    async with app.run_test(size=(40, 6)) as pilot:
        await focus(app, pilot)
        await pilot.press("up", "space", "enter", "y", "home", "end", "pageup")  # nothing to do, nothing breaks
        assert app.rows() == [""] * 6
        assert isinstance(next(iter(app.transcript.render_line(0))), Segment)


def top_of(app: Stage) -> str:
    """The first word of the row at the top."""
    return next(iter(app.rows()[0].strip("▶▎ ").split()), "")


@pytest.mark.parametrize("pages", [1, 3, 6])
async def test_the_text_at_the_top_stays_there_through_any_widths_and_heights(pages: int) -> None:
    app = Stage([Answer(seq=n, turn=n, text=" ".join(f"{n}.{word}" for word in range(90))) for n in range(30)])
    async with app.run_test(size=(100, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press(*["pageup"] * pages)
        before, word = app.rows(), top_of(app)
        for size in ((60, 12), (37, 30), (140, 9), (20, 12), (81, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert word in app.rows()[0].split() or (word in " ".join(app.rows()) and app.rows()[-1] == "")
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        assert app.rows() == before


async def test_at_the_end_it_follows_the_end_through_any_size() -> None:
    app = Stage(answers(50, "words " * 40))
    async with app.run_test(size=(100, 12)) as pilot:
        await focus(app, pilot)
        for size in ((40, 12), (140, 30), (30, 6), (100, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.rows()[-2].split() and app.rows()[-1] == ""
            app.add(Answer(text="newest of all"))
            assert app.rows()[-2].endswith("newest of all")


async def test_unfolding_and_growing_above_move_nothing_that_is_seen() -> None:
    tool = Tool(turn=1, name="run", state="running", output="")
    app = Stage([*answers(3), tool, *answers(60)])
    async with app.run_test(size=(60, 12)) as pilot:
        await focus(app, pilot)
        await pilot.press(*["pageup"] * 3)
        before = app.rows()
        tool.state, tool.output = "failed", "boom\n" * 15
        app.state.touched.add(3)
        app.transcript.changed(Change.ENTRIES)
        await pilot.pause()
        assert app.rows() == before
