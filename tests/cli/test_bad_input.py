"""What is wrong from outside gets a message that says what to do, and loses nothing."""

import errno
import json
import os
from pathlib import Path

import pytest

from tests.cli.shop import Ended, Shop

OK = [{"text": "ok"}]


def call(tool: str, **arguments: object) -> dict[str, object]:
    return {"calls": [{"tool": tool, "arguments": arguments}]}


def results(ended: Ended) -> list[dict[str, object]]:
    """What the calls of a stream-json run came to."""
    events = [line["event"] for line in ended.lines[:-1]]
    return [event for event in events if event["type"] in ("ToolFinished", "ToolFailed")]


def ran(shop: Shop, *steps: object) -> tuple[Ended, list[dict[str, object]]]:
    """A run that plays `steps` and ends with ok; every one of these must end well."""
    ended = shop("run", "go", "--output-format", "stream-json", script=[*steps, *OK])
    assert ended.code == 0, ended.out
    assert ended.lines[-1]["text"] == "ok"
    return ended, results(ended)


def writers(id: str) -> list[list[str]]:
    """Every command that goes on with session `id`."""
    rest = [["compact", id], ["handoff", id], ["sessions", "rename", id, "x"]]
    return [["run", "hi", "--resume", id], *rest]


# --- sessions -----------------------------------------------------------------


@pytest.mark.parametrize("where", ["middle", "all", "header"])
def test_a_damaged_session_is_named_read_up_to_there_and_left_as_it_is(shop: Shop, told: str, where: str) -> None:
    file = shop.journals()[0]
    whole = file.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "middle": whole[:middle] + b"\x00garbage\n" + whole[middle:],
        "all": b"garbage \x1b[2J\n" * 40,
        "header": b"gar" + whole,
    }[where]
    file.write_bytes(damaged)
    read = (["show"], ["show", "--json"], ["export"], ["export", "--json"], ["export", "--format", "markdown"])
    commands = [["sessions", name, told, *more] for name, *more in read]
    commands += [["window", told], ["window", told, "--json"], ["compact", told], ["sessions", "rename", told, "x"]]
    for arguments in (*commands, ["handoff", told], ["run", "hi", "--resume", told]):
        ended = shop(*arguments, script=OK)
        assert ended.code == 1, arguments
        assert "damaged" in ended.err, arguments
        assert str(file) in ended.err
        assert "\x1b" not in ended.err
        if "--json" in arguments:
            assert isinstance(ended.json, dict)
        assert file.read_bytes() == damaged, arguments
    if where == "middle":
        assert shop("sessions", "show", told).out.startswith("# what is in this project?")
        (shop.project / "saved.json").write_text(shop("sessions", "export", told).out)
        id = shop("sessions", "import", str(shop.project / "saved.json")).out.strip()
        assert shop("run", "go on", "--resume", id, script=OK).code == 0, "as the message says"


@pytest.mark.parametrize("left", [b"", b"garb", b"garbage without end" * 300], ids=["nothing", "a piece", "garbage"])
def test_a_session_file_that_holds_nothing_is_said_to_and_never_started_over(
    shop: Shop, told: str, left: bytes
) -> None:
    shop.journals()[0].write_bytes(left)
    for arguments in (["sessions", "show", told], ["window", told], ["run", "hi", "--resume", told], ["compact", told]):
        ended = shop(*arguments, script=OK)
        assert ended.code == 1, arguments
        assert told in ended.err
        assert "is empty" in ended.err or "damaged" in ended.err
    assert all(row["state"] == "damaged" for row in shop("sessions", "list", "--json").json)


def test_a_session_of_a_newer_format_is_named_read_only_and_left_as_it_is(shop: Shop, told: str) -> None:
    from workbench.store.records import FileHeader, encode, frame

    file = shop.journals()[0]
    _, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(frame(encode(FileHeader("session", 99))) + rest)
    newer = file.read_bytes()
    for arguments in writers(told):
        ended = shop(*arguments, script=OK)
        assert ended.code == 1, arguments
        assert "newer version" in ended.err, arguments
        assert "Update Workbench to go on with it" in ended.err, arguments
    assert shop("sessions", "show", told).code == 0
    assert file.read_bytes() == newer


def test_a_session_that_another_process_writes_is_named_and_left_as_it_is(shop: Shop, told: str) -> None:
    from workbench.store.sessions import FileSessions

    file = shop.journals()[0]
    before, other = file.read_bytes(), FileSessions(shop.sessions).open(told).journal
    try:
        for arguments in writers(told):
            ended = shop(*arguments, script=OK)
            assert ended.code == 2, arguments
            assert "is open in" in ended.err, arguments
    finally:
        other.close()
    assert file.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_session_file_that_nobody_may_write_is_an_error_and_no_wrong_usage(shop: Shop, told: str) -> None:
    shop.journals()[0].chmod(0o400)
    for arguments in writers(told):
        assert shop(*arguments, script=OK).code == 1, arguments


def test_a_file_that_is_no_session_stops_neither_the_list_nor_other_sessions(shop: Shop, told: str) -> None:
    (shop.sessions / "ffff.session.jsonlog").write_bytes(os.urandom(5000))
    (shop.sessions / "eeee.session.jsonlog").write_bytes(b"")
    (shop.sessions / "dddd.session.jsonlog").mkdir()
    (shop.sessions / "index.jsonlog").write_bytes(b"\xff\xfe nonsense")
    listed = shop("sessions", "list")
    assert listed.code == 0
    assert told in listed.out
    assert shop("run", "go on", "--resume", told, script=OK).code == 0
    for id in ("ffff", "eeee", "dddd"):
        assert shop("sessions", "show", id).code in (0, 1, 2)


@pytest.mark.parametrize("form", ["json", "stream-json"])
def test_a_run_whose_session_cannot_be_written_still_prints_its_result(shop: Shop, told: str, form: str) -> None:
    from workbench.store.records import FileHeader, encode, frame
    from workbench.store.sessions import FileSessions

    def ask(id: str) -> tuple[int, str, str, str]:
        ended = shop("run", "hi", "--resume", id, "--output-format", form, script=OK)
        result = ended.lines[-1] if form == "stream-json" else ended.json
        assert (result["type"], result["session_id"], result["stop_reason"]) == ("result", id, "error")
        assert result["error"]["message"] in ended.err
        return ended.code, result["error"]["kind"], result["error"]["message"], ended.err

    file = shop.journals()[0]
    whole = file.read_bytes()
    other = FileSessions(shop.sessions).open(told).journal
    code, kind, message, _ = ask(told)
    other.close()
    assert (code, kind) == (2, "locked")
    assert "is open in" in message
    file.write_bytes(frame(encode(FileHeader("session", 99))) + whole.split(b"\n", 1)[1])
    code, kind, message, _ = ask(told)
    assert (code, kind) == (1, "store")
    assert "newer version" in message
    file.write_bytes(b"garbage\n" * 40)
    code, kind, message, _ = ask(told)
    assert (code, kind) == (1, "store")
    assert "damaged" in message
    assert ask("none")[:2] == (2, "unknown_session")


def test_a_sessions_folder_that_is_none_ends_in_a_result_too(shop: Shop) -> None:
    shop.sessions.write_text("a file")
    ended = shop("run", "hi", "--output-format", "json", script=OK)
    assert ended.code == 1
    assert str(shop.sessions) in ended.json["error"]["message"]


def test_no_damage_shows_a_date_that_never_was(shop: Shop, told: str) -> None:
    file, index = shop.journals()[0], shop.sessions / "index.jsonlog"
    os.utime(file, (0, 0))
    for harm in (b"", b"\xff\xfe nonsense"):
        index.write_bytes(harm)
        assert "1970" not in shop("sessions", "list").out
    file.write_bytes(b"garbage\n" * 40)
    (shop.sessions / "dddd.session.jsonlog").mkdir()
    for broken in (file, shop.sessions / "dddd.session.jsonlog"):
        os.utime(broken, (0, 0))
    listed = shop("sessions", "list")
    assert "damaged" in listed.out
    assert "1970" not in listed.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_sessions_folder_that_cannot_be_written_is_named(shop: Shop) -> None:
    shop.sessions.mkdir(mode=0o500)
    ended = shop("run", "hi", script=OK)
    assert ended.code == 1
    assert str(shop.sessions) in ended.err


def test_a_sessions_folder_that_is_a_file_is_named_with_the_way_out(shop: Shop) -> None:
    shop.sessions.write_text("not a folder")
    for arguments in (["run", "hi"], ["sessions", "list"], ["window", "x"]):
        ended = shop(*arguments, script=OK)
        assert ended.code == 1, arguments
        assert str(shop.sessions) in ended.err
        assert "--sessions" in ended.err


def test_a_full_disk_is_told_and_loses_nothing_that_was_written(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    id = shop("run", "one", "--output-format", "json", script=OK).json["session_id"]
    before = shop.journals()[0].read_bytes()
    real, room, journal = os.write, len(before) + 3000, shop.journals()[0].stat().st_ino

    def write(fd: int, data: bytes) -> int:
        if os.fstat(fd).st_ino != journal:
            return real(fd, data)
        taken = data[: max(0, room - os.fstat(fd).st_size)]
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, taken)

    monkeypatch.setattr(os, "write", write)
    ended = shop("run", "two", "--resume", id, "--output-format", "json", script=[{"text": "much to say " * 400}])
    monkeypatch.undo()
    assert ended.code == 1
    assert "No space left" in ended.err
    assert ended.json["stop_reason"] == "error"
    assert "No space left" in ended.json["error"]["message"]
    assert shop.journals()[0].read_bytes().startswith(before)


# --- what the model and the workspace bring ------------------------------------------


def test_wrong_arguments_and_unknown_tools_go_back_to_the_model(shop: Shop) -> None:
    steps = [
        call("read", path=3),
        call("read"),
        call("read", file_path="README.md", view_range="all"),
        call("launch", what="missiles"),
        call("shell", command=["ls"]),
        call("edit", file_path="README.md"),
    ]
    _, ended = ran(shop, *steps)
    assert [event["cause"] for event in ended] == ["invalid", "invalid", "invalid", "unknown", "invalid", "invalid"]
    assert "There is no tool `launch`" in str(ended[3]["text"])


def test_a_shell_line_with_a_name_that_no_file_can_have_asks_like_any_other(shop: Shop) -> None:
    for line in (f"rm -r {'x' * 900}", f"cat {'x' * 900}", f"echo hi > {'x' * 900}", f"cd {'x' * 900} && rm -r y"):
        ended = shop("run", "go", "--output-format", "json", script=[call("shell", command=line), *OK])
        assert ended.code in (0, 3), line
        assert ended.json["text"] == "ok"


def test_files_that_cannot_be_shown_whole_are_answered_within_limits(shop: Shop) -> None:
    (shop.project / "huge.txt").write_text("all work and no play\n" * 400_000)
    (shop.project / "long.txt").write_text("x" * 3_000_000)
    (shop.project / "blob.bin").write_bytes(b"\x7fELF\0\0" + os.urandom(50_000))
    (shop.project / "latin.txt").write_bytes("café\n".encode("latin-1"))
    (shop.project / "empty.txt").write_text("")
    names = ("huge.txt", "long.txt", "blob.bin", "latin.txt", "empty.txt", "none.txt", "src")
    _, ended = ran(shop, *(call("read", file_path=name) for name in names))
    assert len(ended) == len(names)
    assert all(int(str(event["tokens"])) < 100_000 for event in ended)
    texts = dict(zip(names, (str(event["text"]) for event in ended), strict=True))
    assert "binary" in texts["blob.bin"]
    assert "read as Windows-1252" in texts["latin.txt"] and "café" in texts["latin.txt"]
    assert "is empty" in texts["empty.txt"]
    assert "does not exist" in texts["none.txt"]
    assert "is a folder" in texts["src"]


def test_file_names_that_are_not_utf8_are_listed_searched_and_survive_the_journal(shop: Shop) -> None:
    (shop.project / os.fsdecode(b"caf\xe9 \x1b[31m.txt")).write_bytes(b"needle \xff\xfe\n")
    (shop.project / "new\nline.txt").write_text("needle\n")
    steps = [call("glob", pattern="*"), call("grep", pattern="needle"), call("glob", pattern="**/*.txt")]
    ended, found = ran(shop, *steps)
    assert all(event["type"] == "ToolFinished" for event in found), found
    id = ended.lines[-1]["session_id"]
    assert shop("sessions", "show", id).code == 0
    assert shop("sessions", "export", id).code == 0
    assert shop("run", "what is in this project?", "--resume", id).code == 0


def test_escapes_of_model_and_tools_never_reach_the_output_raw(shop: Shop) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"
    (shop.project / "evil.txt").write_text(f"{evil}\n")
    (shop.project / f"e{chr(27)}[2Jvil.txt").write_text("x")
    steps = [call("read", file_path="evil.txt"), call("shell", command=f"rm '{evil}'"), {"text": f"It says {evil}."}]
    ended = shop("run", evil, script=steps)
    assert ended.code == 3
    id = shop("sessions", "list", "--json").json[0]["id"]
    assert not set("\x1b\x07\u202e") & set(ended.err)
    for each in (shop("sessions", "show", id), shop("window", id), shop("sessions", "list"), shop("compact", id)):
        for raw in ("\x1b", "\x07", "\u202e"):
            assert raw not in each.err
            assert raw not in each.out


def test_replies_of_odd_shapes_end_in_an_answer_or_a_fault_never_in_a_traceback(shop: Shop) -> None:
    glob = {"tool": "glob", "arguments": {"pattern": "*"}, "id": "same"}
    odd = [
        {"blocks": [{"type": "text", "text": ""}]},
        {"text": "half <assessment>{not json</assessment>"},
        {"text": 'x <assessment>{"confidence": 7}</assessment>'},
        {"text": "cut", "stop_reason": "max_tokens"},
        {"text": "no", "stop_reason": "refusal"},
        {"text": "a", "fault": {"phase": "mid", "kind": "error", "type": "invalid_request_error", "message": "bad"}},
        {"calls": [glob, glob]},
        {"calls": [glob], "repeat": 2},
        {"text": "lone \ud800 surrogate"},
        {"blocks": [{"type": "tool_use", "id": "a.b", "name": "functions.read \ud800", "input": {"x": "\udfff"}}]},
    ]
    for step in odd:
        ended = shop("run", "go", "--output-format", "json", script=json.dumps([step, {"text": "ok", "repeat": 0}]))
        assert ended.code in (0, 1, 3), step
        result = ended.json
        assert result["text"] or result["error"] or result["stop_reason"] == "done", step
        assert shop("run", "and now?", "--continue", script=OK).code == 0, step


def test_an_argument_that_is_not_utf8_is_a_prompt_all_the_same(shop: Shop) -> None:
    *events, _ = shop("run", "caf\udce9 ?", "--output-format", "stream-json", script=OK).lines
    assert next(each["event"] for each in events if each["event"]["type"] == "TurnStarted")["prompt"] == "caf\ufffd ?"


def test_a_prompt_larger_than_the_window_is_refused_with_a_reason(shop: Shop) -> None:
    ended = shop("run", "--output-format", "json", stdin="word " * 400_000)
    assert ended.code in (1, 4)
    assert ended.json["error"] or ended.json["text"]
    assert "Traceback" not in ended.err


def test_instruction_files_of_any_bytes_are_taken_or_left(shop: Shop) -> None:
    (shop.project / "AGENTS.md").write_bytes(b"\xff\xfe be kind \x00")
    (shop.project / "CLAUDE.md").mkdir()
    assert shop("run", "hi", script=OK).code == 0


def test_odd_workspace_names_do_no_harm(shop: Shop, tmp_path: Path) -> None:
    odd = tmp_path / "a [b] \x1b[31m 'c' \u202e"
    odd.mkdir()
    ended = shop("--workspace", str(odd), "run", "hi", script=OK)
    assert (ended.code, ended.out) == (0, "ok\n")
    assert "\x1b" not in shop("sessions", "show", shop("sessions", "list", "--json").json[0]["id"]).out


def test_broken_toml_is_named_with_file_and_line_and_defaults_are_used(shop: Shop) -> None:
    file = shop.config / "config.toml"
    file.write_text("[window]\nsize = = 3\n")
    ended = shop("run", "hi", script=OK)
    assert (ended.code, ended.out) == (0, "ok\n")
    assert f"{file}:2" in ended.err
    assert "defaults are used" in ended.err


def test_a_workspace_that_is_not_there_or_no_folder_is_named(shop: Shop) -> None:
    for path, said in ((shop.project / "none", "does not exist"), (shop.project / "README.md", "is not a folder")):
        ended = shop("--workspace", str(path), "run", "hi")
        assert ended.code == 2
        assert said in ended.err
        assert str(path) in ended.err


def test_a_broken_rehearsal_script_is_reported_before_anything_begins(shop: Shop) -> None:
    ended = shop("run", "hi", script='[{"text": "a"}, {"txt": "b"}]')
    assert ended.code == 2
    assert "step 2" in ended.err
    assert "WORKBENCH_REHEARSAL" in ended.err
    assert not shop.journals()


def test_settings_that_cannot_be_read_let_nothing_be_changed_whatever_is_approved(shop: Shop) -> None:
    (shop.config / "config.toml").write_text('[rules]\ndeny = ["shell(touch*)"]\nx = = 1\n')
    steps = [{"text": "", "calls": [{"tool": "shell", "arguments": {"command": "touch made"}}]}, {"text": "no"}]
    ended = shop("run", "go", "--approve", "all", script=steps)
    assert ended.code == 0
    assert not (shop.project / "made").exists()
    assert "config.toml:3" in ended.err
    assert "Nothing is changed or run until it is mended" in ended.err
    ruling = shop("explain", "touch made", "--json").json
    assert ruling["verdict"] == "deny"
    assert "config.toml:3 cannot be read; mend it first" in ruling["because"]


def test_an_instruction_file_that_leads_out_of_the_workspace_is_not_sent_and_named_once(shop: Shop) -> None:
    (shop.project.parent / "secret.txt").write_text("a secret")
    (shop.project / "AGENTS.md").symlink_to("../secret.txt")
    ended = shop("run", "go", "--output-format", "json", script=[{"text": "done"}])
    assert ended.code == 0
    assert ended.err.count("AGENTS.md is left out: it leads out of") == 1
    assert "a secret" not in shop("sessions", "export", ended.json["session_id"]).out


@pytest.mark.parametrize("rule", ["Bash(rm*)", "shel(rm*)", "write_file"])
@pytest.mark.parametrize("kind", ["deny", "ask"])
def test_a_rule_for_a_tool_that_there_is_not_is_named(shop: Shop, kind: str, rule: str) -> None:
    (shop.config / "config.toml").write_text(f'[rules]\n{kind} = ["{rule}", "shell(touch*)", "edit(a/**)", "re*"]\n')
    ended = shop("run", "what can you do")
    assert ended.code == 0
    assert f"the rule {rule} holds nothing back" in ended.err
    assert ended.err.count("holds nothing back") == 1
