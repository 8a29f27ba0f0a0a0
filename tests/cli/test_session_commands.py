"""`workbench sessions|window|compact|handoff|explain`: contracts for scripts."""

import json
from pathlib import Path

import pytest

from tests.cli.shop import Shop
from tests.unit.strategies.talk import Fixed
from workbench.bootstrap import Choice, choose
from workbench.settings import SETTINGS
from workbench.strategies import register

SEVEN = ["tools", "system", "memory", "summary", "history", "results", "current"]
FIVE = ("TASK STATUS", "DECISIONS MADE", "FILES CHANGED", "OPEN ITEMS", "CONTEXT FOR NEXT SESSION")


def test_no_sessions_is_an_empty_list_and_a_word_on_stderr(shop: Shop) -> None:
    assert shop("sessions", "list", "--json").json == []
    ended = shop("sessions", "list")
    assert (ended.code, ended.out) == (0, "")
    assert "No sessions yet" in ended.err


def test_list_has_a_line_for_each_session(shop: Shop, told: str) -> None:
    ended = shop("sessions", "list")
    assert ended.out.startswith(told)
    assert "3 turns" in ended.out
    assert "as if" in ended.out
    row = shop("sessions", "list", "--json").json[0]
    assert (row["id"], row["turns"], row["as_if"]) == (told, 3, True)


def test_a_session_whose_turn_was_cut_off_is_not_said_to_run(shop: Shop, told: str) -> None:
    path = shop.journals()[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    row = shop("sessions", "list").out
    assert ("unfinished" in row, "running" in row) == (True, False)


def test_show_is_the_conversation_as_markdown_or_its_events(shop: Shop, told: str) -> None:
    text = shop("sessions", "show", told).out
    assert text.startswith("# what is in this project?")
    assert "## 2  read src/tally.py" in text
    assert "<assessment>" not in text
    events = shop("sessions", "show", told[:4], "--json").json["events"]
    assert [each["seq"] for each in events] == list(range(1, len(events) + 1))


def test_what_was_exported_comes_back_the_same_under_a_new_id(shop: Shop, told: str, tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    assert shop("sessions", "export", told, "-o", str(file)).code == 0
    assert json.loads(shop("sessions", "export", told).out) == json.loads(file.read_text())
    id = shop("sessions", "import", str(file)).out.strip()
    assert id != told
    one, other = (shop("sessions", "show", each, "--json").json["events"] for each in (told, id))
    assert [(each["seq"], each["at"], each["event"]) for each in one] == [
        (each["seq"], each["at"], each["event"]) for each in other
    ]
    assert shop("window", told, "--json").json == shop("window", id, "--json").json
    assert shop("run", "go on", "--resume", id, script=[{"text": "on"}]).code == 0


def test_import_tells_scripts_what_came_in(shop: Shop, told: str, tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    assert shop("sessions", "export", told, "-o", str(file)).code == 0
    came = shop("sessions", "import", str(file), "--format", "workbench", "--json").json
    assert list(came) == ["session_id", "messages", "tokens"]
    assert came["tokens"] == shop("window", came["session_id"], "--json").json["total"]
    assert came["messages"] > 3
    assert shop("sessions", "import", str(file), "--format", "odd").code == 2


def test_a_session_is_renamed_by_the_beginning_of_its_id(shop: Shop, told: str) -> None:
    assert shop("sessions", "rename", told[:4], "  the  tally ").code == 0
    assert shop("sessions", "list", "--json").json[0]["title"] == "the tally"
    ended = shop("sessions", "rename", told, " ")
    assert (ended.code, "a title needs" in ended.err) == (1, True)


def test_a_session_is_deleted_only_with_a_yes(shop: Shop, told: str) -> None:
    ended = shop("sessions", "delete", told)
    assert (ended.code, "--yes" in ended.err) == (2, True)
    assert shop.journals()
    assert shop("sessions", "delete", told[:4], "--yes").code == 0
    assert not shop.journals()
    assert shop("sessions", "list", "--json").json == []


def test_export_as_markdown_is_what_show_prints(shop: Shop, told: str) -> None:
    assert shop("sessions", "export", told, "--format", "markdown").out == shop("sessions", "show", told).out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "{}",
        "null",
        '{"format": 1, "session": "x", "events": 3}',
        '{"format": 1, "session": "x", "events": [3]}',
        '{"format": "1", "session": "x", "events": []}',
        '{"format": 1, "session": "x", "events": []}',
        '{"format": 99, "session": "x", "events": []}',
        '{"format": 1, "session": "x", "events": [{"seq": "a", "at": 0, "event": {"type": "TurnStarted"}}]}',
        '{"format": 1, "session": "x", "events": [{"seq": 1, "at": 0, "event": 5}]}',
        "\x00\xff",
    ],
)
def test_what_is_no_exported_session_is_refused_and_leaves_nothing(shop: Shop, tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text, encoding="latin-1")
    ended = shop("sessions", "import", str(file))
    assert ended.code == 1
    assert ended.err.startswith("workbench: ")
    assert not ended.out
    assert not shop.journals()


def test_files_that_cannot_be_read_or_written_are_named(shop: Shop, told: str, tmp_path: Path) -> None:
    ended = shop("sessions", "import", str(tmp_path / "none.json"))
    assert (ended.code, "none.json" in ended.err) == (1, True)
    ended = shop("sessions", "export", told, "-o", str(tmp_path / "no" / "folder.json"))
    assert (ended.code, "folder.json" in ended.err) == (1, True)


@pytest.mark.parametrize(
    "command",
    [["window"], ["compact"], ["handoff"], ["sessions", "show"], ["sessions", "export"], ["sessions", "delete"]],
)
def test_an_unknown_session_is_a_usage_error_with_the_way_to_find_it(shop: Shop, command: list[str]) -> None:
    ended = shop(*command, "nope")
    assert ended.code == 2
    assert "nope" in ended.err
    assert "sessions list" in ended.err


def test_the_beginning_of_several_ids_names_them(shop: Shop) -> None:
    shop.sessions.mkdir()
    for id in ("aa11", "aa22"):
        (shop.sessions / f"{id}.session.jsonlog").write_bytes(b"")
    ended = shop("window", "aa")
    assert ended.code == 2
    assert "aa11, aa22" in ended.err


def test_the_window_adds_up(shop: Shop, told: str) -> None:
    window = shop("window", told, "--json").json
    assert list(window) == ["size", "total", "reserved", "free", "exact", "sections", "blocks"]
    assert [section["name"] for section in window["sections"]] == SEVEN
    assert sum(section["tokens"] for section in window["sections"]) == window["total"]
    assert sum(block["tokens"] for block in window["blocks"]) == window["total"]
    assert window["total"] + window["reserved"] + window["free"] == window["size"]
    for section in window["sections"]:
        blocks = [block["tokens"] for block in window["blocks"] if block["section"] == section["name"]]
        assert sum(blocks) == section["tokens"]
    names = ["id", "section", "role", "tokens", "zone", "turn", "pinned", "cached"]
    assert all(list(block)[:8] == names for block in window["blocks"])
    assert all(list(block)[8:] == ["exact", "mark", "referenced", "drifting", "age"] for block in window["blocks"])
    assert window["exact"] == all(block["exact"] for block in window["blocks"])
    assert {block["zone"] for block in window["blocks"]} <= {"primacy", "early", "middle", "recent"}


def test_an_overfull_window_has_negative_free(shop: Shop, told: str) -> None:
    (shop.config / "config.toml").write_text("[window]\nsize = 8000\n[reply]\nreserve = 4000\n")
    window = shop("window", told, "--json").json
    assert window["size"] == 8000
    assert window["free"] == window["size"] - window["total"] - window["reserved"]


def test_the_window_as_a_table_names_every_section(shop: Shop, told: str) -> None:
    text = shop("window", told).out
    for name in (*SEVEN, "reserved", "free"):
        assert name in text


def test_reading_commands_change_no_byte(shop: Shop, told: str) -> None:
    before = shop.journals()[0].read_bytes()
    for arguments in (["window", told], ["sessions", "show", told], ["sessions", "export", told], ["sessions", "list"]):
        assert shop(*arguments).code == 0
    assert shop.journals()[0].read_bytes() == before


def test_a_dry_run_of_a_compaction_shows_the_plan_and_the_real_one_carries_it_out(shop: Shop, told: str) -> None:
    before = shop("window", told, "--json").json
    dry = shop("compact", told, "--dry-run", "--json").json
    assert dry["applied"] is False
    assert dry["after"] < dry["before"] == before["total"]
    assert shop("window", told, "--json").json["total"] == before["total"]
    assert "would compact" in shop("compact", told, "--dry-run").out
    done = shop("compact", told, "--json").json
    assert done["applied"] is True
    after = shop("window", told, "--json").json
    assert after["total"] < before["total"]
    assert next(section["tokens"] for section in after["sections"] if section["name"] == "summary") > 0
    assert shop("run", "go on", "--resume", told, script=[{"text": "on"}]).code == 0


def test_a_compaction_heeds_instructions_and_says_what_the_window_still_knows(shop: Shop, told: str) -> None:
    assert shop("compact", told, "--undo", "--instructions", "keep it").code == 2
    done = shop("compact", told, "--instructions", "keep the figures", "--json").json
    assert done["applied"] is True
    [probe] = done["probes"]
    assert probe["by"] == "code"
    assert all(score["found"] + score["by_id"] <= score["total"] for score in probe["scores"])
    shop("compact", told, "--undo")
    assert "facts word for word" in shop("compact", told).out


def test_where_there_is_nothing_to_compact_it_says_so(shop: Shop) -> None:
    id = shop("run", "hi", "--output-format", "json", script=[{"text": "hello"}]).json["session_id"]
    ended = shop("compact", id)
    assert (ended.code, ended.out) == (0, "")
    assert "nothing to compact" in ended.err
    assert shop("compact", id, "--json").json == {"applied": False}
    assert shop("compact", id, "--undo", "--json").json == {"applied": False}
    assert "no compaction to undo" in shop("compact", id, "--undo").err


def test_one_registration_brings_a_strategy_to_command_line_settings_and_dialog(shop: Shop, told: str) -> None:
    ended = shop("compact", told, "--strategy", "fixed")
    assert ended.code == 2
    assert "There are: auto, summarise, mask, marked." in ended.err
    unregister = register(Fixed())
    try:
        assert "nothing to compact" in shop("compact", told, "--strategy", "fixed").err
        assert "mask, marked, fixed." in shop("compact", told, "--strategy", "nonsense").err
        choices = SETTINGS["compaction.strategy"].choices
        assert choices is not None
        assert choices()[-1] == "fixed"
        facts = choose(Choice(shop.project)).facts  # what the dialog offers
        assert facts.strategies()[-1] == ("fixed", "fixed", "Drafts what it was made with.")
    finally:
        unregister()


def test_old_results_are_masked_and_undo_brings_the_window_back(shop: Shop) -> None:
    (shop.project / "src" / "long.py").write_text("value = compute(1)\n" * 400)
    read = [{"calls": [{"tool": "read", "arguments": {"file_path": "src/long.py"}}]}, {"text": "read"}]
    id = shop("run", "read it", "--output-format", "json", script=read).json["session_id"]
    for number in range(5):
        shop("run", f"question {number}", "--resume", id, script=[{"text": "on"}])
    before = shop("window", id, "--json").json
    dry = shop("compact", id, "--strategy", "mask", "--dry-run", "--json").json
    assert (dry["strategy"], dry["applied"], dry["summary"]) == ("mask", False, "")
    assert {line["fate"] for line in dry["lines"]} == {"kept", "masked"}
    assert "no model" not in shop("compact", id, "--strategy", "mask").err
    after = shop("window", id, "--json").json
    assert after["total"] == dry["after"] < before["total"]
    assert [block["id"] for block in after["blocks"]] == [block["id"] for block in before["blocks"]]
    would = shop("compact", id, "--undo", "--dry-run", "--json").json
    assert would == {"before": after["total"], "after": before["total"], "applied": False}
    assert "brought back the window" in shop("compact", id, "--undo").out
    assert shop("window", id, "--json").json["total"] == before["total"]
    assert shop("compact", id, "--undo", "--strategy", "mask").code == 2


def test_a_handoff_has_five_sections_and_is_exported(shop: Shop, told: str) -> None:
    dry = shop("handoff", told, "--dry-run", "--json").json
    assert dry["applied"] is False
    assert not (shop.sessions / "handoffs").exists()
    text = shop("handoff", told).out
    for number, name in enumerate(FIVE, 1):
        assert f"## {number}. {name}" in text
    (exported,) = (shop.sessions / "handoffs").iterdir()
    assert "## 1. TASK STATUS" in exported.read_text()


def test_a_handoff_names_what_a_command_line_created_moved_and_deleted(shop: Shop) -> None:
    (shop.project / "keep.txt").write_text("x")
    line = "mkdir made; mv keep.txt kept.txt; echo hi > new.txt"
    script = [{"calls": [{"tool": "shell", "arguments": {"command": line}}]}, {"text": "done"}]
    told = shop("run", "go", "--approve", "all", "--output-format", "json", script=script).json["session_id"]
    document = shop("handoff", told, "--dry-run").out
    changed = document.partition("FILES CHANGED")[2].partition("OPEN ITEMS")[0]
    for words in ("made  created", "keep.txt  deleted", "kept.txt  created", "new.txt  created"):
        assert words in changed


def test_explain_says_what_the_gate_would_say(shop: Shop) -> None:
    assert shop("explain", "ls -la").out.startswith("allow")
    assert shop("explain", "rm -rf old").out.startswith("ask")
    ruling = shop("explain", "rm -rf old", "--json").json
    assert {"verdict", "rule", "effects"} <= set(ruling)
    assert ruling["verdict"] == "ask"
    assert any(effect["kind"] == "delete" for effect in ruling["effects"])


def test_explain_needs_a_line_or_lines_and_not_both(shop: Shop) -> None:
    assert shop("explain").code == shop("explain", "ls", "--stdin").code == 2
    assert shop("explain", "").code == 0


def test_explain_answers_with_the_rules_of_person_and_workspace(shop: Shop) -> None:
    (shop.config / "config.toml").write_text(
        '[rules]\ndeny = ["shell(rm *)"]\nask = ["shell(git log*)"]\nallow = ["shell(make)", "shell(curl *)"]\n'
    )
    (shop.project / ".workbench.toml").write_text('[rules]\ndeny = ["shell(curl *)"]\nallow = ["shell(npm *)"]\n')
    lines = ["ls", "ls; rm -r old", "git log", "git status", "make", "curl x.com", "npm run x"]
    rulings = shop("explain", "--stdin", stdin="\n".join(lines) + "\n").lines
    assert [ruling["verdict"] for ruling in rulings] == ["allow", "deny", "ask", "allow", "allow", "deny", "ask"]
    assert rulings[1] == {
        "verdict": "deny",
        "rule": "shell(rm *)",
        "because": "a rule denies it",
        "segment": "",
        "effects": [
            {"kind": "delete", "targets": ["old"], "reversible": False, "outside": False, "secret": False},
        ],
        "try": False,
    }
    ended = shop("explain", "ls; rm -r old")
    assert ended.out.startswith("deny  shell(rm *)")
    assert ".workbench.toml:3:" in ended.err, "a workspace allows nothing, and the person is told"


def test_explain_of_a_workspace_that_is_not_there_says_so(shop: Shop) -> None:
    ended = shop("--workspace", str(shop.project / "none"), "explain", "ls")
    assert ended.code == 2
    assert "does not exist" in ended.err


def test_explain_takes_many_lines_of_any_shape(shop: Shop) -> None:
    lines = ["ls", "rm -rf /", "echo 'unclosed", "", "\x1b]0;x\x07", "$(((", "cat <<E", "echo \u2028 one line"]
    rulings = shop("explain", "--stdin", stdin="\n".join(lines) + "\n").lines
    assert len(rulings) == len(lines)
    assert {ruling["verdict"] for ruling in rulings} <= {"allow", "ask", "deny"}
    assert rulings[0]["verdict"] == "allow"
    assert all(ruling["verdict"] != "allow" for ruling in rulings[1:3])
