"""`workbench run`: what it prints, where, and with which exit code."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.shop import PROGRAM, Shop

FIELDS = [
    "type",
    "session_id",
    "text",
    "stop_reason",
    "model_stop_reason",
    "usage",
    "cost_usd",
    "confidence",
    "route",
    "steps",
    "escalations",
    "error",
]
USAGE = {"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"}
SURE = [{"text": "All is well.", "confidence": {"value": 0.9, "reasoning": "I looked.", "alternatives": ["or not"]}}]


def shell(command: str, **more: object) -> dict[str, object]:
    return {"calls": [{"tool": "shell", "arguments": {"command": command}}], **more}


def test_json_has_exactly_the_fields_that_scripts_rely_on(shop: Shop) -> None:
    ended = shop("run", "how is it?", "--output-format", "json", script=SURE)
    result = ended.json
    assert ended.code == 0
    assert list(result) == FIELDS
    assert set(result["usage"]) == USAGE
    assert result["type"] == "result"
    assert result["text"] == "All is well."
    assert (result["stop_reason"], result["model_stop_reason"], result["route"]) == ("done", "end_turn", "sent")
    assert result["confidence"] == {"value": 0.9, "reasoning": "I looked.", "alternatives": ["or not"]}
    assert (result["steps"], result["escalations"], result["error"]) == (1, [], None)
    assert result["cost_usd"] > 0
    assert shop.journals()[0].name.startswith(result["session_id"])


def test_an_answer_without_a_rating_is_unrated_and_done(shop: Shop) -> None:
    result = shop("run", "how is it?", "--output-format", "json", script=[{"text": "Well."}]).json
    assert (result["confidence"], result["route"], result["stop_reason"]) == (None, "unrated", "done")


def test_text_is_the_answer_alone_without_its_trailer(shop: Shop) -> None:
    ended = shop("run", "how is it?", script=SURE)
    assert (ended.code, ended.out, ended.err) == (0, "All is well.\n", "")


def test_stream_json_tells_events_as_lines_and_the_result_last(shop: Shop) -> None:
    *events, result = shop("run", "how is it?", "--output-format", "stream-json", script=SURE).lines
    assert list(result) == FIELDS
    assert all(list(line) == ["seq", "at", "session", "trace", "span", "parent", "event"] for line in events)
    stored = [line["seq"] for line in events if line["seq"] is not None]
    assert stored == list(range(1, len(stored) + 1))
    types = [line["event"]["type"] for line in events]
    assert types[0] == "SessionOpened"
    for name in ("TurnStarted", "RequestSent", "MessageAdded", "BudgetSettled", "TurnFinished"):
        assert name in types
    deltas = [line for line in events if line["event"]["type"] == "TextArrived"]
    assert all(line["seq"] is None for line in deltas)
    assert "".join(line["event"]["text"] for line in deltas).strip() == result["text"]
    assert {line["session"] for line in events} == {result["session_id"]}


@pytest.mark.parametrize(("value", "code", "text"), [(0.7, 3, ""), (0.9, 0, "Perhaps.")])
def test_an_answer_for_review_can_be_held(shop: Shop, value: float, code: int, text: str) -> None:
    script = [{"text": "Perhaps.", "confidence": {"value": value, "reasoning": "so", "alternatives": []}}]
    ended = shop("run", "is it?", "--hold-review", script=script)
    assert (ended.code, ended.out.strip()) == (code, text)
    assert ("held for review" in ended.err) == (not text)
    held = shop("run", "is it?", "--hold-review", "--output-format", "json", script=script)
    assert (held.code, held.json["text"]) == (code, text)


def test_stdin_is_appended_to_the_prompt(shop: Shop) -> None:
    *events, _ = shop("run", "sum up", "--output-format", "stream-json", stdin="one\ntwo\n", script=SURE).lines
    started = next(line["event"] for line in events if line["event"]["type"] == "TurnStarted")
    assert started["prompt"] == "sum up\n\none\ntwo"


def test_a_dash_is_stdin_alone(shop: Shop) -> None:
    *events, _ = shop("run", "-", "--output-format", "stream-json", stdin="one\ntwo\n", script=SURE).lines
    (started,) = [line["event"] for line in events if line["event"]["type"] == "TurnStarted"]
    assert started["prompt"] == "one\ntwo"
    empty = shop("run", "-", stdin="", script=SURE)
    assert empty.code == 2 and "no prompt" in empty.err


def test_stdin_alone_is_the_prompt_and_need_not_be_utf8(shop: Shop) -> None:
    *events, _ = shop("run", "--output-format", "stream-json", stdin=b"caf\xe9 ?\n", script=SURE).lines
    started = next(line["event"] for line in events if line["event"]["type"] == "TurnStarted")
    assert started["prompt"] == "caf\ufffd ?"


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t"])
def test_an_empty_prompt_is_a_usage_error(shop: Shop, prompt: str) -> None:
    ended = shop("run", prompt)
    assert ended.code == 2
    assert "no prompt" in ended.err
    assert not shop.journals()


def test_a_fault_of_the_provider_is_an_error_with_its_kind(shop: Shop) -> None:
    fault = {"phase": "before", "kind": "status", "status": 401, "message": "no such key"}
    ended = shop("run", "hi", "--output-format", "json", script=[{"fault": fault}])
    assert ended.code == 1
    assert ended.json["stop_reason"] == "error"
    assert ended.json["error"]["kind"] == "auth"
    assert ended.json["error"]["message"]
    assert ended.err.startswith("workbench: ")


def test_what_asks_stays_unanswered_and_ends_with_an_answer_and_code_3(shop: Shop) -> None:
    ended = shop("run", "clean up", "--output-format", "json", script=[shell("rm -r old"), {"text": "I left it."}])
    assert ended.code == 3
    assert (ended.json["stop_reason"], ended.json["text"]) == ("escalation", "I left it.")
    assert [(each["reason"], each["state"]) for each in ended.json["escalations"]] == [("safety", "unanswered")]
    assert "asks:" in ended.err
    assert (shop.project / "old").exists()


def test_approve_all_runs_what_would_ask_but_not_what_always_asks(shop: Shop) -> None:
    ended = shop("run", "clean up", "--approve", "all", script=[shell("touch made"), {"text": "ok"}])
    assert ended.code == 0
    assert (shop.project / "made").exists()
    ended = shop("run", "ship", "--approve", "all", script=[shell("terraform destroy -auto-approve"), {"text": "no"}])
    assert ended.code == 3


def test_approve_reads_runs_reads_that_ask_and_nothing_that_writes(shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("beyond the fence\n")
    read = [shell(f"cat {outside}"), {"text": "read"}]
    assert shop("run", "read it", script=read).code == 3
    assert shop("run", "read it", "--approve", "reads", script=read).code == 0
    assert shop("run", "touch", "--approve", "reads", script=[shell("touch made"), {"text": "no"}]).code == 3
    assert not (shop.project / "made").exists()


@pytest.mark.parametrize("mode", ["reads", "all"])
def test_no_file_tool_goes_outside_while_nobody_watches(mode: str, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("beyond the fence\n")
    read = [{"calls": [{"tool": "read", "arguments": {"file_path": "../outside.txt"}}]}, {"text": "read"}]
    assert shop("run", "read it", "--approve", mode, script=read).code == 3


def test_a_turn_limit_ends_in_an_answer_and_code_0(shop: Shop) -> None:
    calls = {"calls": [{"tool": "glob", "arguments": {"pattern": "*"}}], "repeat": 2}
    script = [calls, {"text": "That is all I have.", "repeat": 0}]
    result = shop("run", "go", "--max-turns", "3", "--output-format", "json", script=script)
    assert result.code == 0
    assert result.json["steps"] == 3
    assert result.json["text"] == "That is all I have."


def test_a_model_that_never_stops_calling_tools_is_stopped_by_the_limit(shop: Shop) -> None:
    for_ever = [{"text": "once more", "calls": [{"tool": "glob", "arguments": {"pattern": "*"}}], "repeat": 0}]
    result = shop("run", "go", "--max-turns", "4", "--output-format", "json", script=for_ever)
    assert result.code == 0
    assert (result.json["stop_reason"], result.json["steps"]) == ("turn_limit", 4)
    assert result.json["text"]


def test_without_a_limit_of_its_own_the_step_budget_stops_it(shop: Shop) -> None:
    for_ever = [{"text": "once more", "calls": [{"tool": "glob", "arguments": {"pattern": "*"}}], "repeat": 0}]
    result = shop("run", "go", "--output-format", "json", script=for_ever)
    assert result.code == 3
    assert result.json["escalations"][-1]["reason"] == "complexity"
    assert result.json["steps"] <= 25
    assert result.json["text"]


def test_an_exhausted_budget_is_code_4_with_an_answer(shop: Shop) -> None:
    ended = shop("run", "hi", "--max-budget-usd", "0.0001", "--output-format", "json")
    assert ended.code == 4
    assert ended.json["stop_reason"] == "budget"
    assert "budget" in ended.json["text"]


def test_without_a_script_the_rehearsal_answers_from_real_files(shop: Shop) -> None:
    ended = shop("run", "what is in this project?", "--output-format", "json")
    assert ended.code == 0
    assert "Counts words in text files." in ended.json["text"]
    assert (ended.json["route"], ended.json["escalations"]) == ("sent", [])


def test_what_the_rehearsal_would_delete_waits_for_a_person(shop: Shop) -> None:
    ended = shop("run", "delete the folder old", "--approve", "never", "--output-format", "json")
    assert ended.code == 3
    assert "did not delete" in ended.json["text"]
    assert (shop.project / "old" / "notes.txt").exists()


def test_wrong_options_are_usage_errors(shop: Shop) -> None:
    for arguments in (
        ["--max-turns", "0"],
        ["--approve", "some"],
        ["--output-format", "xml"],
        ["--max-budget-usd", "-1"],
        ["--max-budget-usd", "nan"],
        ["--max-budget-usd", "inf"],
    ):
        assert shop("run", "hi", *arguments).code == 2
    assert shop("--provider", "endpoint", "run", "hi").code == 2
    assert shop("--provider", "anthropic", "run", "hi").code == 2


def test_continue_and_resume_go_on_with_a_session(shop: Shop) -> None:
    first = shop("run", "one", "--output-format", "json", script=SURE).json
    second = shop("run", "two", "--continue", "--output-format", "json", script=SURE).json
    third = shop("run", "three", "--resume", first["session_id"][:5], "--output-format", "json", script=SURE).json
    assert first["session_id"] == second["session_id"] == third["session_id"]
    assert len(shop.journals()) == 1
    row = shop("sessions", "list", "--json").json[0]
    assert row["turns"] == 3


def test_continue_without_a_session_and_an_unknown_one_are_usage_errors(shop: Shop) -> None:
    for arguments, said in ((["--continue"], "no session"), (["--resume", "nope"], "nope")):
        ended = shop("run", "hi", *arguments)
        assert ended.code == 2
        assert said in ended.err
        assert not ended.out


def test_a_session_that_another_process_writes_is_code_2(shop: Shop, told: str) -> None:
    code = (
        "import sys; from pathlib import Path; from workbench.store.sessions import FileSessions\n"
        f"held = FileSessions(Path(sys.argv[1])).open('{told}'); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [PROGRAM.with_name("python"), "-c", code, shop.sessions], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        ended = shop("run", "hi", "--resume", told)
        assert ended.code == 2
        assert f"pid {holder.pid}" in ended.err
        assert shop("sessions", "show", told).code == 0, "reading needs no lock"
    finally:
        holder.communicate(timeout=10)


def ended(pid: int, within: float = 10.0) -> bool:
    """True once `pid` runs no more; one that nobody has reaped yet has ended too."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM])
def test_an_interrupt_ends_the_turn_and_its_processes(shop: Shop, sent: signal.Signals) -> None:
    shop.plays([shell("echo $$ > pid; sleep 300 & echo $! > child; wait")])
    command = [str(PROGRAM), "run", "wait", "--approve", "all", "--output-format", "json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    child = shop.project / "child"
    until = time.monotonic() + 30
    while not (child.exists() and child.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.05)
    running.send_signal(sent)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 128 + sent
    assert b'"stop_reason": "interrupted"' in out
    for name in ("pid", "child"):
        assert ended(int((shop.project / name).read_text()))


def test_an_interrupt_in_the_middle_of_an_answer_keeps_what_had_come(shop: Shop) -> None:
    shop.plays([{"text": "word " * 500, "pace": 50}])
    command = [str(PROGRAM), "run", "talk", "--output-format", "stream-json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert running.stdout is not None
    for line in running.stdout:
        if b'"TextArrived"' in line:
            break
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b'"stop_reason":"interrupted"' in rest.splitlines()[-1]
    assert b"word" in rest.splitlines()[-1]
