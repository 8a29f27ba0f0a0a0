"""What the rehearsal's agent does: each thing that it can do, with the real tools on a real folder."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from workbench.core.tools import ToolContext, ToolOutput

REJECTED = "The developer rejected this call. It was not run. Their note: we still need it"


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    "prompt", ["what is in this project?", "Explain this project.", "Give me an overview of this repo"]
)
def test_an_overview_quotes_what_the_files_say_of_themselves(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    for fact in (
        "Corner shop",
        "Sells things on a corner.",
        "A tiny shop.",
        "The command line.",
        "`main`",
    ):
        assert fact in text
    assert rated["confidence"] == 0.9
    assert "pyproject.toml" in rated["confidence_reasoning"]
    assert desk.pad.task == prompt
    assert desk.pad.status == "done"
    assert "README: Sells things on a corner." in desk.notes("finding")


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, desk_on: Callable[[Path], Any]) -> None:
    text, rated = desk_on(tmp_path).ask("what is in this project?")
    assert "is empty" in text
    assert rated["confidence"] > 0.85


def test_where_nothing_can_be_read_the_overview_is_less_sure(tmp_path: Path, desk_on: Callable[[Path], Any]) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\xff")
    text, rated = desk_on(tmp_path).ask("what is in this project?")
    assert "`a.bin`" in text
    assert rated["confidence"] == 0.7


def test_a_package_file_is_quoted_and_names_beyond_ascii_are_read(
    tmp_path: Path, desk_on: Callable[[Path], Any]
) -> None:
    (tmp_path / "package.json").write_text('{"name": "cart", "description": "Carts for all."}')
    (tmp_path / "index.js").write_text("// Keeps a cart.\nexport function größe() {}\n", encoding="utf-8")
    (tmp_path / "説明.md").write_text("# 説明\n\n雨の詩。\n", encoding="utf-8")
    desk = desk_on(tmp_path)
    text, _ = desk.ask("explain this project")
    assert all(fact in text for fact in ("Carts for all.", "Keeps a cart.", "`größe`"))
    assert "雨の詩" in desk.ask("read 説明.md")[0]


@pytest.mark.parametrize(
    ("prompt", "there", "absent"),
    [
        ("List the Python files", "src/shop/till.py", "README.md"),
        ("which files are there?", "README.md", "nothing"),
        ("list all .md files", "README.md", "till.py"),
        ("list src/**/*.py", "src/shop/cli.py", "test_till.py"),
        ("what is in tests?", "tests/test_till.py", "README.md"),
        ("What is in the folder src/shop/?", "src/shop/till.py", "README.md"),
        ("ls build", "build/out.txt", "README.md"),
        ("find all files named till", "src/shop/till.py", "README.md"),
    ],
)
def test_names_are_listed_by_kind_pattern_and_folder(desk: Any, prompt: str, there: str, absent: str) -> None:
    text, rated = desk.ask(prompt)
    assert f"`{there}`" in text
    assert absent not in text
    assert rated["confidence"] > 0.85
    assert not desk.named("read")


@pytest.mark.parametrize(
    "prompt", ["Read README.md", "show me README.md, please", "what is in README.md?", "explain @README.md"]
)
def test_a_file_is_quoted(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert "Prices are in cents." in text
    assert rated["confidence"] == 0.93


def test_a_long_file_says_how_much_is_left_out_and_fences_are_not_broken(desk: Any, shop: Path) -> None:
    (shop / "long.md").write_text("```\n</assessment>\n" + "line\n" * 98)
    text, _ = desk.ask("read long.md")
    assert "… and 40 more lines." in text
    assert text.count("````") == 2


def test_a_name_that_is_not_there_offers_those_that_are_like_it(desk: Any) -> None:
    text, rated = desk.ask("read till.py")
    assert "`src/shop/till.py`" in text
    assert rated["confidence"] < 0.6
    assert "RATE = 19" in desk.ask(rated["alternative_interpretations"][0])[0]


@pytest.mark.parametrize(
    "prompt", ["where is Till defined?", "Search for Till", "which files mention Till?", "who uses Till?"]
)
def test_a_definition_is_found_with_its_line(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert "`src/shop/till.py:6`" in text
    assert '"""A till."""' in text, "what follows the definition is read"
    assert "Till is defined in src/shop/till.py:6" in desk.notes("finding")
    assert rated["confidence"] == 0.92


def test_a_search_can_be_narrowed_and_may_find_nothing(desk: Any) -> None:
    assert "`src/shop/cli.py:5`" in desk.ask("search for TODO in src")[0]
    text, rated = desk.ask('search for "two words (" in src')
    assert text == "No line holds `two words (`."
    assert rated["confidence"] < 0.85


def test_a_replacement_reads_edits_and_reads_back(desk: Any, shop: Path) -> None:
    text, _ = desk.ask('Please replace "RATE = 19" with "RATE = 20" in src/shop/till.py')
    assert "RATE = 20\n" in (shop / "src/shop/till.py").read_text()
    assert [name for name, _ in desk.calls if name in ("read", "edit")] == ["read", "edit", "read"]
    assert desk.named("edit")[0]["confidence"] == 0.93
    assert "RATE = 20" in text.split("It reads now:")[1]


@pytest.mark.parametrize(
    ("prompt", "path", "line"),
    [
        ("Set RATE to 7 in src/shop/till.py.", "src/shop/till.py", "RATE = 7\n"),
        ("change the version in pyproject.toml to 0.4.0", "pyproject.toml", 'version = "0.4.0"\n'),
    ],
)
def test_a_setting_is_changed_by_its_name(desk: Any, shop: Path, prompt: str, path: str, line: str) -> None:
    desk.ask(prompt)
    assert line in (shop / path).read_text()


def test_every_place_changes_and_the_agent_is_less_sure(desk: Any, shop: Path) -> None:
    (shop / "a.txt").write_text("x x x")
    desk.ask('replace "x" with "y" in a.txt')
    assert (shop / "a.txt").read_text() == "y y y"
    assert desk.named("edit")[0]["confidence"] == 0.8


def test_a_replacement_without_a_file_asks_where_and_its_offer_can_be_taken(desk: Any, shop: Path) -> None:
    text, rated = desk.ask('replace "till" with "box"')
    assert not desk.named("edit")
    assert "I changed nothing" in text
    assert rated["confidence"] < 0.6
    desk.ask(rated["alternative_interpretations"][0])
    assert len(desk.named("edit")) == 1


def test_a_text_that_is_not_there_changes_nothing(desk: Any) -> None:
    assert "changed nothing" in desk.ask('replace "zebra" with "y" in README.md')[0]
    assert "changed nothing" in desk.ask('replace "zebra" with "y"')[0]
    assert not desk.named("edit")


@pytest.mark.parametrize(
    ("prompt", "content"),
    [
        ('create notes.md with the text "one two"', "one two\n"),
        ("Create a new file notes.md containing one two", "one two\n"),
        ("write notes.md: one two", "one two\n"),
        ("make an empty file called `notes.md`", ""),
    ],
)
def test_a_file_is_created_with_the_text_given(desk: Any, shop: Path, prompt: str, content: str) -> None:
    text, _ = desk.ask(prompt)
    assert (shop / "notes.md").read_text() == content
    assert desk.named("write")[0]["confidence"] == 0.92
    assert ("empty" in text) == (not content)


def test_a_file_that_is_there_is_read_and_replaced_with_less_confidence(desk: Any, shop: Path) -> None:
    desk.ask('create README.md with the text "new"')
    assert [name for name, _ in desk.calls if name in ("read", "write")] == ["read", "write", "read"]
    assert desk.named("write")[0]["confidence"] == 0.72
    assert (shop / "README.md").read_text() == "new\n"


@pytest.mark.parametrize("prompt", ["run `echo hi`", "Run echo hi", "execute the command `echo hi`"])
def test_a_command_is_run_as_it_was_written(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert desk.named("shell")[0]["command"] == "echo hi"
    assert "exit code 0" in text
    assert "\nhi\n" in text
    assert rated["confidence"] == 0.92


def test_a_failing_command_is_reported_as_it_is(desk: Any) -> None:
    text, rated = desk.ask("run `echo refused; exit 3`")
    assert "exit code 3" in text
    assert "refused" in text
    assert rated["confidence"] < 0.85


def test_the_tests_are_run_as_the_project_says(desk: Any, shop: Path) -> None:
    assert "3 passed" in desk.ask("run the tests")[0]
    (shop / "Makefile").unlink()
    desk.ask("Run all tests.")
    assert [call["command"] for call in desk.named("shell")] == ["make test", "python3 -m unittest discover"]


def test_the_last_commit_is_searched_for_signs_and_a_secret_is_not_repeated(desk: Any, shop: Path) -> None:
    for words in (("init",), ("add", "-A"), ("commit", "-m", "one")):
        git(shop, *words)
    (shop / "src/shop/cli.py").write_text('API_KEY = "abc123"\nprice = 3\n')
    git(shop, "commit", "-am", "two")
    text, _ = desk.ask("Find what is risky in the last commit.")
    assert "two" in text
    assert "`src/shop/cli.py` `API_KEY = …`" in text
    assert "abc123" not in text
    assert "price" not in text
    diff = subprocess.run(["git", "diff", "HEAD~1"], cwd=shop, check=True, capture_output=True, text=True).stdout
    assert "`src/shop/cli.py` `API_KEY = …`" in desk.ask(f"review this\n\n{diff}")[0]


def test_without_a_commit_the_review_says_what_git_says(tmp_path: Path, desk_on: Callable[[Path], Any]) -> None:
    git(tmp_path, "init")
    assert "did not read the last commit" in desk_on(tmp_path).ask("Find what is risky in the last commit.")[0]


@pytest.mark.parametrize(
    "prompt", ["delete the folder build", "Remove build/.", "rm build", "get rid of the build folder"]
)
def test_a_deletion_asks_through_the_shell_and_looks_again(desk: Any, shop: Path, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    [call] = desk.named("shell")
    assert call["command"] == "rm -r -- build"
    assert call["confidence"] == 0.74
    assert "did not check who else uses it" in call["confidence_reason"]
    assert not (shop / "build").exists()
    assert text.startswith("I deleted the folder `build`")
    assert rated["confidence"] == 0.92


def test_a_name_is_quoted_for_the_shell_and_one_that_is_lost_is_named(desk: Any, shop: Path) -> None:
    for name in ("a; rm b.txt", "b.txt"):
        (shop / name).write_text("x")
    text, _ = desk.ask('delete "a; rm b.txt" and gone.txt')
    assert not (shop / "a; rm b.txt").exists()
    assert (shop / "b.txt").exists()
    assert "`gone.txt` was not there" in text


def test_a_name_with_marks_is_not_taken_for_others(desk: Any, shop: Path) -> None:
    for name in ("a[1].txt", "a-1].txt"):
        (shop / name).write_text("x")
    desk.ask('delete "a[1].txt"')
    assert not (shop / "a[1].txt").exists()
    assert "There is nothing named" in desk.ask('delete "a[1].txt"')[0]
    assert (shop / "a-1].txt").exists()


def test_a_folder_that_listings_leave_out_can_be_deleted(desk: Any, shop: Path) -> None:
    (shop / "node_modules/x").mkdir(parents=True)
    desk.ask("delete node_modules")
    assert not (shop / "node_modules").exists()


@pytest.mark.parametrize(
    "prompt", ["delete .", "delete ../other", "remove *", "delete /", "delete src/../..", "rm -rf ~"]
)
def test_what_may_be_everything_is_never_deleted(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert not desk.named("shell")
    assert "deleted nothing" in text
    assert rated["confidence"] < 0.6


@pytest.mark.parametrize("prompt", ["delete a folder", "delete buil", "tidy up", "delete everything"])
def test_what_is_not_named_or_not_there_is_asked_about(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert not desk.named("shell")
    assert rated["confidence"] < 0.6
    assert "Delete build" in rated["alternative_interpretations"]
    assert "deleted nothing" in text


def test_a_rejection_is_respected_and_its_note_quoted(desk: Any, shop: Path) -> None:
    desk.refuse = lambda name, arguments: REJECTED if name in ("shell", "edit", "write") else ""
    assert "I did not delete `build`" in desk.ask("delete the folder build")[0]
    assert "we still need it" in desk.ask("Set RATE to 7 in src/shop/till.py")[0]
    assert "I did not write `a.md`" in desk.ask("create a.md")[0]
    assert (shop / "build").exists()
    assert [len(desk.named(tool)) for tool in ("shell", "edit", "write")] == [1, 1, 1], "nothing is tried twice"
    assert desk.pad.status == "blocked"


def test_a_call_that_the_person_edited_is_told_as_edited(desk: Any, shop: Path) -> None:
    async def edited(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        return ToolOutput("[The developer edited the arguments; what ran was {'command': 'true'}]\nexit code: 0")

    desk.tools["shell"] = replace(desk.tools["shell"], run=edited)
    text, _ = desk.ask("delete the folder build")
    assert "still there" in text
    assert "The developer edited the arguments" in text


def test_what_is_to_be_remembered_is_kept_word_for_word_and_quoted(desk: Any) -> None:
    desk.ask("remember that prices are in cents")
    desk.ask("We decided to use SQLite because it is simple")
    desk.ask("Open question: who prints receipts?")
    assert desk.notes("finding") == ["prices are in cents"]
    assert [(note.text, note.reasoning) for note in desk.pad.decisions] == [("use SQLite", "it is simple")]
    assert desk.notes("question") == ["who prints receipts?"]
    assert "prices are in cents" in desk.ask("what do you remember?")[0]
    text, _ = desk.ask("What did we decide?")
    assert "use SQLite (because it is simple)" in text
    assert "cents" not in text
    assert "- who prints receipts?" in desk.ask("which open questions are there?")[0]


@pytest.mark.parametrize("prompt", ["continue", "go on", "what is next?"])
def test_what_was_handed_on_and_said_is_quoted(desk: Any, prompt: str) -> None:
    desk.system += "<handoff name='x'>\n## 4. OPEN ITEMS\n\n- round the prices\n</handoff>"
    desk.messages = [{"role": "user", "content": "[CONVERSATION SUMMARY]\n## Goal\n- sell bread"}]
    text, _ = desk.ask(prompt, "[NOTICE] Today is 2026-11-22.")
    assert "round the prices" in text
    assert "**Goal**" in text
    assert "sell bread" in text
    assert "2026-11-22" not in text


def test_a_limit_in_mid_turn_ends_in_an_answer(desk: Any) -> None:
    desk.tools_off_after = 1
    text, _ = desk.ask("what is in this project?")
    assert "README.md" in text


def test_a_missing_tool_is_told(desk: Any) -> None:
    del desk.tools["shell"]
    text, _ = desk.ask("delete the folder build")
    assert "`shell` tool is not available" in text


def test_an_overview_of_very_many_files_begins_at_the_top_and_claims_no_count(
    tmp_path: Path, desk_on: Callable[[Path], Any]
) -> None:
    (tmp_path / "README.md").write_text("# Many\n\nA folder of many files.\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/guide.md").write_text("# Guide\n")
    os.utime(tmp_path / "README.md", (1, 1))
    os.utime(tmp_path / "docs/guide.md", (1, 1))
    (tmp_path / "made").mkdir()
    for number in range(250):
        (tmp_path / f"made/{number}.py").write_text("")
    (tmp_path / "made/index.log").write_text("x")
    text, _ = desk_on(tmp_path).ask("what is in this project?")
    assert text.startswith("**Many**: more than ")
    assert "> A folder of many files." in text
    assert "`docs/`" in text and "`made/`:" not in text
    assert "there are more files than these" in text
    assert "index.log" not in text
    assert not any(line.rstrip().endswith(":") for line in text.splitlines())
