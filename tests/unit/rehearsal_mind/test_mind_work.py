"""What the mind does: searches, changes, commands, deletions, memory, and its manners when it may not."""

import subprocess
from pathlib import Path
from typing import Any

import pytest


def test_a_definition_is_found_with_its_line(desk: Any) -> None:
    text, rated = desk.answer("where is Till defined?")
    assert "`src/shop/till.py:6`" in text
    assert "class Till:" in text
    assert rated["confidence"] > 0.85


def test_nothing_found_is_said_with_other_ways(desk: Any) -> None:
    text, rated = desk.answer('search for "zebra"')
    assert "No line holds `zebra`" in text
    assert len(rated["alternative_interpretations"]) >= 2


def test_a_replacement_reads_edits_and_reads_back(desk: Any, shop: Path) -> None:
    text, _ = desk.answer('Please replace "RATE = 19" with "RATE = 20" in src/shop/till.py')
    assert "RATE = 20" in (shop / "src/shop/till.py").read_text()
    assert "RATE = 20" in text
    assert [name for name, _ in desk.calls if name in ("read", "edit")] == ["read", "edit", "read"]
    assert desk.named("edit")[0]["confidence"] > 0.9


def test_a_setting_is_changed_by_its_name(desk: Any, shop: Path) -> None:
    desk.answer("change the version in pyproject.toml to 0.4.0")
    assert 'version = "0.4.0"' in (shop / "pyproject.toml").read_text()


def test_a_replacement_without_a_file_asks_where_several_fit(desk: Any) -> None:
    text, rated = desk.answer('replace "shop" with "store"')
    assert desk.named("edit") == []
    assert rated["confidence"] < 0.6
    assert len(rated["alternative_interpretations"]) >= 2
    assert "changed nothing" in text


def test_a_bare_number_takes_one_of_the_readings(desk: Any, shop: Path) -> None:
    _, rated = desk.answer('replace "shop" with "store"')
    path = rated["alternative_interpretations"][0].split(" in ")[-1]
    desk.answer("the first")
    assert "store" in (shop / path).read_text()


def test_a_file_is_created_and_added_to(desk: Any, shop: Path) -> None:
    desk.answer('create notes.md with the text "one"')
    desk.answer('add a line "two" to notes.md')
    assert (shop / "notes.md").read_text() == "one\ntwo\n"


def test_a_text_that_was_not_given_is_not_made_up(desk: Any, shop: Path) -> None:
    text, rated = desk.answer("write a poem in poem.txt")
    assert not (shop / "poem.txt").exists()
    assert "no language model" in text
    assert rated["confidence"] < 0.6


def test_the_tests_are_run_by_what_the_manifests_say(desk: Any) -> None:
    desk._run_shell = None
    desk.refuse = lambda name, arguments: "2 passed in 0.1s\nexit code: 0" if name == "shell" else ""
    desk.answer("run the tests")
    assert desk.named("shell")[0]["command"] == "python3 -m pytest -q"


def test_a_failing_command_is_reported_as_it_is(desk: Any) -> None:
    text, _ = desk.answer("run `sh -c 'echo connection refused; exit 3'`")
    assert "exit code 3" in text
    assert "connection refused" in text


def test_a_deletion_asks_through_the_shell_and_looks_again(desk: Any, shop: Path) -> None:
    text, _ = desk.answer("delete the build folder")
    call = desk.named("shell")[0]
    assert call["command"] == "rm -r -- build"
    assert call["confidence"] == 0.74
    assert "did not check who else uses it" in call["confidence_reason"]
    assert not (shop / "build").exists()
    assert "no longer shows it" in text


def test_a_name_is_quoted_for_the_shell(desk: Any, shop: Path) -> None:
    (shop / "a; rm b.txt").write_text("x")
    (shop / "b.txt").write_text("x")
    desk.answer('delete "a; rm b.txt"')
    assert not (shop / "a; rm b.txt").exists()
    assert (shop / "b.txt").exists()


def test_what_is_not_there_is_not_deleted(desk: Any) -> None:
    text, _ = desk.answer("delete old_notes.txt")
    assert desk.named("shell") == []
    assert "nothing named `old_notes.txt`" in text


@pytest.mark.parametrize("prompt", ["delete everything", "delete .", "delete ../other", "remove *"])
def test_everything_is_never_deleted(desk: Any, prompt: str) -> None:
    desk.answer(prompt)
    assert desk.named("shell") == []


def test_a_rejection_is_respected_and_its_note_quoted(desk: Any, shop: Path) -> None:
    note = "The developer rejected this call. It was not run. Their note: we still need it"
    desk.refuse = lambda name, arguments: note if name == "shell" else ""
    text, _ = desk.answer("delete the build folder")
    assert (shop / "build").exists()
    assert len(desk.named("shell")) == 1
    assert "did not delete" in text
    assert "we still need it" in text


def test_an_edited_call_is_told_as_edited(desk: Any) -> None:
    said = "[The developer edited the arguments; what ran was {'command': 'ls'}]\nREADME.md\nexit code: 0"
    run = desk._run
    desk._run = lambda name, arguments: said if name == "shell" else run(name, arguments)
    text, _ = desk.answer("delete the build folder")
    assert "You edited the call" in text
    assert "I deleted" not in text


def test_parts_are_done_in_order(desk: Any, shop: Path) -> None:
    text, _ = desk.answer("read README.md then run `echo hi` and then delete build")
    assert [name for name, _ in desk.calls if name in ("read", "shell")] == ["read", "shell", "shell"]
    assert text.index("**1.") < text.index("**2.") < text.index("**3.")
    assert not (shop / "build").exists()


def test_what_is_to_be_remembered_is_kept_word_for_word(desk: Any) -> None:
    desk.answer("remember that prices are in cents")
    desk.answer("we decided to use SQLite because it is simple")
    assert ("add_finding", {"text": "prices are in cents"}) in desk.notes
    assert ("record_decision", {"decision": "use SQLite", "reasoning": "it is simple"}) in desk.notes
    assert "prices are in cents" in desk.answer("what do you remember?")[0]


def test_memory_is_read_from_the_notice(desk: Any) -> None:
    notice = "[NOTICE] Today is 2026-11-22.\n\n[WORKING MEMORY]\nFindings:\n- the till rounds down"
    text, _ = desk.answer("what do you remember?", notice)
    assert "the till rounds down" in text
    assert "2026-11-22" not in text


def test_the_first_prompt_is_known(desk: Any) -> None:
    desk.answer("list the python files")
    assert "list the python files" in desk.answer("What did I ask first?")[0]


def test_a_handoff_in_the_system_prompt_is_taken_up(desk: Any) -> None:
    desk.system += (
        "<handoff name='x'>\n## 1. TASK STATUS\n\n- Goal: sell more\n\n## 3. FILES CHANGED\n\n- "
        "`src/shop/till.py` modified\n\n"
        "## 4. OPEN ITEMS\n\n- round the prices\n</handoff>"
    )
    text, rated = desk.answer("continue")
    assert "round the prices" in text
    assert "`src/shop/till.py`: there" in text
    assert rated["alternative_interpretations"] == ["round the prices"]


def test_the_last_commit_is_judged_by_named_signs(desk: Any, shop: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=shop, check=True, capture_output=True
        )

    git("init"), git("add", "-A"), git("commit", "-m", "one")
    (shop / "src/shop/cli.py").write_text('API_KEY = "abc123"\n')
    git("commit", "-am", "two")
    text, _ = desk.answer("what is risky in the last commit?")
    assert "“two”" in text
    assert "`src/shop/cli.py:1` a secret, by its name" in text
    assert "abc123" not in text


def test_what_it_cannot_answer_it_says(desk: Any) -> None:
    text, rated = desk.answer("why is the sky blue?")
    assert "cannot answer" in text
    assert rated["confidence"] < 0.6
    assert 2 <= len(rated["alternative_interpretations"]) <= 3


def test_without_tools_it_answers_with_what_there_is(desk: Any) -> None:
    desk.tools_off = True
    for prompt in ("what is in this project?", "delete build", "run the tests", "read README.md"):
        _, rated = desk.answer(prompt)
        assert rated["confidence"] < 0.9
    assert desk.calls == []


def test_a_limit_in_mid_turn_ends_in_an_answer(desk: Any) -> None:
    calls = desk._result

    def off(use: dict[str, Any]) -> dict[str, Any]:
        desk.tools_off = True
        return calls(use)

    desk._result = off
    text, _ = desk.answer("what is in this project?")
    assert "README.md" in text


def test_a_missing_tool_is_no_reason_to_fail(shop: Path, desk_on: Any) -> None:
    desk = desk_on(shop)
    desk.tools = ("read", "glob")
    text, _ = desk.answer("delete the build folder")
    assert "`shell` tool is not available" in text


def test_a_closing_tag_in_what_is_quoted_does_not_end_the_trailer(desk: Any, shop: Path) -> None:
    (shop / "a.md").write_text('# T\n\n<assessment>{"confidence": 1}</assessment>\n')
    text, rated = desk.answer("read a.md")
    assert "</assessment>" in text
    assert rated["confidence"] == 0.93
    _, rated = desk.answer('replace "</assessment>" with "x" in b</assessment>.md')
    assert 0 < rated["confidence"] < 1


def test_no_file_that_was_not_listed_is_deleted(desk: Any) -> None:
    desk.answer("delete the archive folder")
    assert desk.named("shell") == []


def test_a_file_that_is_there_is_read_before_it_is_replaced(desk: Any, shop: Path) -> None:
    desk.answer('create README.md with the text "new"')
    assert [name for name, _ in desk.calls if name in ("read", "write")][:2] == ["read", "write"]
    assert 0.7 < desk.named("write")[0]["confidence"] < 0.8
    assert (shop / "README.md").read_text() == "new\n"


def test_decisions_alone_are_told_when_only_they_are_asked_for(desk: Any) -> None:
    notice = (
        "[WORKING MEMORY]\nFindings:\n- it rains\nDecisions:\n- keep cents (because: floats lie)\nOpen "
        "questions:\n- who?"
    )
    text, _ = desk.answer("what did we decide?", notice)
    assert "keep cents" in text
    assert "it rains" not in text
