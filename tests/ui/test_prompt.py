"""The prompt: what its keys do, what it offers, and what it remembers."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_client import FakeClient, app_for, request
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.widgets.text_area import Selection

from workbench.core import commands as c
from workbench.core.names import read_name
from workbench.core.ports import RuntimeInfo
from workbench.ui.commands import EVERYWHERE
from workbench.ui.modals.dialog import HelpModal
from workbench.ui.screens.main import MainScreen
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.menu import (
    file_choices,
    file_typed,
    prompt_for,
    slash_choices,
    slash_command,
    slash_typed,
    suggest_slash,
    workspace_files,
)

OFFERED = (*MainScreen.OFFERS, *EVERYWHERE)


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "shift+\r"])
async def test_a_new_line_has_several_keys(key: str) -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", key, "b")
        assert app.main.prompt.text == "a\nb"


async def test_a_backslash_before_enter_begins_a_new_line() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a", "backslash", "enter", "b")
        assert app.main.prompt.text == "a\nb"
        assert client.emitted == []


async def test_up_and_down_at_the_edges_browse_what_was_sent(tmp_path: Path) -> None:
    app = app_for(FakeClient(), history=tmp_path / "prompts")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"one", "enter", *"two", "enter", *"draft")
        await pilot.pause()
        await pilot.press("up")
        assert app.main.prompt.text == "two"
        await pilot.press("up", "up")
        assert app.main.prompt.text == "one"
        await pilot.press("down", "down")
        assert app.main.prompt.text == "draft", "what was being written is kept"


async def test_slash_opens_the_commands_and_enter_runs_the_chosen_one() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("/")
        await pilot.pause()
        assert app.main.prompt.menu.display
        await pilot.press(*"hel", "enter")
        await pilot.pause()
        assert isinstance(app.screen, HelpModal)
        assert app.main.prompt.text == ""
        assert not app.main.prompt.menu.display


async def test_esc_closes_the_menu_first() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("/")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert not app.main.prompt.menu.display
        assert app.main.prompt.text == "/"


async def test_at_offers_files_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "retry.py").write_text("")
    facts = RuntimeInfo("anthropic", "claude-opus-5-5", False, str(tmp_path))
    app = app_for(FakeClient(facts=facts))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"see @ret")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.main.prompt.menu.display
        await pilot.press("tab")
        await pilot.pause()
        assert app.main.prompt.text == "see src/retry.py "


async def test_ctrl_r_searches_what_was_sent(tmp_path: Path) -> None:
    app = app_for(FakeClient(), history=tmp_path / "prompts")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"fix the tests", "enter", *"explain", "enter")
        await pilot.pause()
        await pilot.press("ctrl+r")
        await pilot.press(*"test")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.main.prompt.text == "fix the tests"


async def test_an_exclamation_mark_asks_for_a_shell_line() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("!", *"ls -l", "enter")
        await pilot.pause()
        assert client.emitted == [c.SendPrompt("run `ls -l`")]


async def test_rename_takes_its_title_from_the_same_line() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"/rename Better name", "enter")
        await pilot.pause()
        assert client.emitted == [c.RenameSession("Better name")]


async def test_a_huge_paste_goes_in_whole() -> None:
    app = app_for(FakeClient())
    text = "a line of log\n" * 20_000
    async with app.run_test(size=(120, 40)) as pilot:
        app.post_message(events.Paste(text))
        await pilot.pause()
        assert app.main.prompt.text == text
        assert app.main.prompt.size.height <= 20, "the transcript keeps its place"


async def test_ctrl_c_copies_a_selection_and_leaves_the_prompt() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"copy me")
        app.main.prompt.editor.selection = Selection((0, 0), (0, 4))
        await pilot.press("ctrl+c")
        await app.workers.wait_for_complete()
        assert app.clipboard == "copy"
        assert app.main.prompt.text == "copy me"


async def test_the_prompt_is_one_row_on_a_small_terminal() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(79, 22)) as pilot:
        await pilot.pause()
        assert app.main.prompt.outer_size.height == 1


def test_earlier_prompts_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "prompts"
    history = PromptHistory(path)
    history.add("two\nlines")
    history.add("two\nlines")
    history.add("é")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PromptHistory(path).prompts == ["two\nlines", "é"]


def test_a_damaged_line_of_the_history_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "prompts"
    path.write_text('"good"\n{broken\n[1]\n"also good"\n')
    assert PromptHistory(path).prompts == ["good", "also good"]


@given(st.lists(st.text(min_size=1).filter(str.strip), max_size=12), st.text())
def test_browsing_all_the_way_and_back_gives_the_draft_again(prompts: list[str], draft: str) -> None:
    history = PromptHistory()
    for prompt in prompts:
        history.add(prompt)
    steps = 0
    while history.earlier(draft) is not None:
        steps += 1
    assert steps == len(history.prompts)
    last = None
    while (found := history.later()) is not None:
        last = found
    assert last == (draft if prompts else None)


STEPS = st.lists(st.sampled_from(["type", "up", "up", "down", "edit", "send", "clear"]), max_size=30)


@given(STEPS)
def test_whatever_is_browsed_edited_sent_or_cleared_no_draft_is_lost(steps: list[str]) -> None:
    history, shown = PromptHistory(), ""
    written: list[str] = []
    for number, step in enumerate(steps):
        match step:
            case "up" | "down":
                found = history.earlier(shown) if step == "up" else history.later()
                shown = shown if found is None else found
            case "type" | "edit":
                history.leave()
                written = [each for each in written if each != shown]  # it is this one that is changed
                shown = f"{shown if step == 'edit' else ''} {number}"
                written.append(shown)
            case "send" | "clear":
                history.add(shown) if step == "send" else history.keep(shown)
                shown = ""
    while (found := history.later()) is not None:
        shown = found
    assert set(written) <= {*history.prompts, shown}


def test_what_is_typed_decides_what_is_offered() -> None:
    assert slash_typed("/com") == "com"
    assert slash_typed("/etc/hosts") is None
    assert slash_typed("/rename x") is None
    assert [choice.label for choice in slash_choices(OFFERED, "comp")] == ["/compact"]
    assert file_typed("see @src/re") == "src/re"
    assert file_typed("mail me@example") is None
    assert file_typed("@") == ""


async def test_a_mistyped_command_is_not_sent_and_the_nearest_are_named() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"/halp me", "enter")
        await pilot.pause()
        assert client.emitted == []
        assert app.main.prompt.text == "/halp me"
        assert app.state.notice is not None
        assert app.state.notice.message == "there is no command /halp"
        assert app.state.notice.hint == "/help · with a blank before it, it is sent"


@pytest.mark.parametrize("typed", ["/exit code 3 is what make gives", "/clear the cache folder", "/theme chalk"])
async def test_words_after_a_command_that_takes_none_are_kept_and_nothing_is_done(typed: str) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*typed, "enter")
        await pilot.pause()
        assert client.emitted == []
        assert app.is_running and app.main.is_active
        assert app.main.prompt.text == typed
        assert app.state.notice is not None
        assert app.state.notice.message == f"{typed.split(maxsplit=1)[0]} takes no words after it"


def test_a_title_may_follow_rename() -> None:
    found = slash_command(OFFERED, "/rename a better title")
    assert found is not None and found[1] == "a better title"


@pytest.mark.parametrize("text", [" /halp", "/etc/hosts is wrong", "/", "//", "/ help", "what does /help do", "/*"])
def test_what_only_begins_like_a_command_is_a_prompt(text: str) -> None:
    assert slash_command(OFFERED, text) is None
    assert suggest_slash(OFFERED, text) is None


@pytest.mark.parametrize("typed", ["/clear", "/exit", "/Help", "/help\n", "/model claude-haiku-5-5"])
def test_commands_have_the_names_that_people_know_them_by(typed: str) -> None:
    assert slash_command(OFFERED, typed) is not None


def test_a_path_is_a_prompt() -> None:
    assert slash_command(OFFERED, "/etc/hosts is wrong") is None
    found = slash_command(OFFERED, "/rename  New title ")
    assert found is not None
    assert (found[0].name, found[1]) == ("rename", "New title")
    assert prompt_for("!") == "!"


def test_files_whose_name_begins_with_what_is_typed_come_first(tmp_path: Path) -> None:
    files = ["docs/retry.md", "src/no_retry.py", "retry.py"]
    assert [choice.value for choice in file_choices("retry", files)] == ["retry.py", "docs/retry.md", "src/no_retry.py"]


def test_listing_a_workspace_is_bounded_and_skips_what_is_not_yours(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"f{number}").write_text("")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("")
    assert len(workspace_files(str(tmp_path), 10)) == 10
    assert ".git/config" not in workspace_files(str(tmp_path))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda at: at.symlink_to("/dev/zero")])
def test_earlier_prompts_that_lie_in_no_file_are_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "prompts.jsonl")
    history = PromptHistory(tmp_path / "prompts.jsonl")
    assert history.prompts == []
    history.add("kept for now")
    assert history.prompts == ["kept for now"]


@pytest.mark.parametrize(
    ("name", "typed", "written"),
    [
        (b"esc\x1bape.txt", "@esc", "esc\\x1bape.txt "),
        (b"new\nline.txt", "@new", "new\\nline.txt "),
        (b"bad\xff.txt", "@bad", "bad\\udcff.txt "),
        (b"a\\nb.txt", "@a", "a\\\\nb.txt "),
        ("naïve.txt".encode(), "@na", "naïve.txt "),
    ],
)
async def test_an_odd_name_is_completed_as_tools_take_it(tmp_path: Path, name: bytes, typed: str, written: str) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/" + name, os.O_CREAT))
    facts = RuntimeInfo("anthropic", "claude-opus-5-5", False, str(tmp_path))
    app = app_for(FakeClient(facts=facts))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*typed)
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("tab")
        await pilot.pause()
        assert app.main.prompt.text == written
        assert read_name(written[:-1]).encode("utf-8", "surrogateescape") == name


async def test_a_question_is_offered_to_be_opened_only_while_one_waits() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        for waits in (False, True):
            if waits:
                app.state.escalations.append(request())
            await pilot.press(*"/a")
            await pilot.pause()
            chosen = app.main.prompt.menu.chosen
            assert chosen is not None and (chosen.label == "/answer") is waits
            listed = {command.name for command in app.commands.list_for_palette(app.main)}
            assert ("answer" in listed) is waits
            await pilot.press("escape", "ctrl+c")
