"""Real command lines in real processes, of which nobody survives."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.core.effects import ShellLine
from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolSpec
from workbench.tools.process import scrub
from workbench.tools.shell import Output, ShellTool, headline

Tools = dict[str, ToolSpec]


async def test_output_exit_code_and_headline(tools: Tools, context: ToolContext, heard: list[str]) -> None:
    output = await tools["shell"].run({"command": "echo one; echo two >&2; echo '=== 14 passed ==='"}, context)
    assert output.text == "one\ntwo\n=== 14 passed ===\nexit code: 0"
    assert (output.exit_code, output.error, output.headline) == (0, False, "14 passed")
    assert "".join(heard) == "one\ntwo\n=== 14 passed ===\n"


async def test_a_failing_command_is_an_error_with_its_code(tools: Tools, context: ToolContext) -> None:
    output = await tools["shell"].run({"command": "exit 3"}, context)
    assert (output.text, output.exit_code, output.error, output.headline) == ("exit code: 3", 3, True, "exit 3")
    killed = await tools["shell"].run({"command": "kill -9 $$"}, context)
    assert killed.exit_code == 137


async def test_it_runs_in_the_workspace_with_nothing_to_read(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    output = await tools["shell"].run({"command": "pwd; cat; echo end"}, context)
    assert output.text == f"{workspace}\nend\nexit code: 0"


async def test_secrets_and_what_steers_a_shell_are_not_in_its_environment(
    tools: Tools, context: ToolContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "BASH_ENV"):
        monkeypatch.setenv(name, "hidden-value")
    monkeypatch.setenv("DATABASE_URL", "postgres://joe:hidden-value@host/db")
    output = await tools["shell"].run({"command": "env"}, context)
    assert "hidden-value" not in output.text and "PATH=" in output.text


def test_scrubbing_keeps_what_programs_need() -> None:
    kept = scrub({"PATH": "/bin", "HOME": "/h", "SSH_AUTH_SOCK": "/s", "LANG": "C", "URL": "https://host/x"})
    assert {"PATH", "HOME", "SSH_AUTH_SOCK", "LANG", "URL"} <= set(kept)


async def test_invalid_bytes_and_colours_do_no_harm(tools: Tools, context: ToolContext) -> None:
    command = r"printf '\xff\x1b[31mred\x1b[0m\n10%%\r100%%\n'"
    output = await tools["shell"].run({"command": command}, context)
    assert output.text == "�red\n100%\nexit code: 0"


async def test_of_long_output_the_first_and_last_parts_are_kept(
    tools: Tools, context: ToolContext, heard: list[str]
) -> None:
    output = await tools["shell"].run({"command": "seq 1 20000"}, context)
    assert output.text.startswith("1\n2\n") and output.text.endswith("\n20000\nexit code: 0")
    assert "bytes left out" in output.text
    assert len(output.text) < 21_000 and len("".join(heard)) <= 20_000


async def test_a_timeout_ends_the_whole_group(tools: Tools, context: ToolContext, workspace: Path) -> None:
    line = "echo begun; sleep 300 & echo $! > child; echo $$ > parent; wait"
    output = await tools["shell"].run({"command": line, "timeout": 0.3}, context)
    assert output.error and output.exit_code is None
    assert output.text.splitlines() == ["begun", "timed out after 0.3 s; all its processes were stopped"]
    assert not _alive(workspace / "child") and not _alive(workspace / "parent")


async def test_who_does_not_listen_is_killed(context: ToolContext, workspace: Path) -> None:
    line = "trap '' TERM; echo $$ > parent; while :; do sleep 0.05; done"
    await ShellTool(workspace, lambda line: ShellLine(), 1000, grace=0.2).run(
        {"command": line, "timeout": 0.3}, context
    )
    assert not _alive(workspace / "parent")


async def test_a_cancel_ends_the_whole_group(tools: Tools, context: ToolContext, workspace: Path) -> None:
    line = "sleep 300 & echo $! > child; setsid sleep 300 & echo $! > stray; echo $$ > parent; wait"
    task = asyncio.create_task(tools["shell"].run({"command": line}, context))
    while not _written(workspace / "parent"):  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any(_alive(workspace / name) for name in ("child", "stray", "parent"))


async def test_it_does_not_say_stopped_of_what_it_could_not_stop(
    context: ToolContext, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a program that runs as another user."""
    kill = os.kill

    def refuse(pid: int, number: int) -> None:
        if b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes():
            raise PermissionError("not permitted")
        kill(pid, number)

    monkeypatch.setattr(os, "kill", refuse)
    monkeypatch.setattr(os, "killpg", refuse)
    tool = ShellTool(workspace, lambda line: ShellLine(), 1000, grace=0.2)
    output = await tool.run({"command": "exec sleep 2", "timeout": 0.1}, context)
    assert output.text == "timed out after 0.1 s; 1 of its processes could not be stopped and goes on"


RUNS_A_LINE = """
import asyncio, sys
from pathlib import Path
from workbench.core.effects import ShellLine
from workbench.core.notes import Scratchpad
from workbench.core.tools import ToolContext
from workbench.tools.shell import ShellTool

tool = ShellTool(Path(sys.argv[1]), lambda line: ShellLine())
asyncio.run(tool.run({"command": sys.argv[2]}, ToolContext("c", Scratchpad(), lambda text: None)))
"""


async def test_nobody_survives_a_workbench_that_is_killed(workspace: Path) -> None:
    line = "trap '' TERM; sleep 300 & echo $! > child; setsid sleep 300 & echo $! > stray; echo $$ > parent; wait"
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", RUNS_A_LINE, str(workspace), line)
    while not _written(workspace / "parent"):  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.01)
    program.kill()
    await program.wait()
    while any(_alive(workspace / name) for name in ("child", "stray", "parent")):  # noqa: ASYNC110 - the watchdog's work
        await asyncio.sleep(0.01)


async def test_a_command_that_closes_its_output_and_goes_on_is_waited_for(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    line = "echo said; exec >&- 2>&-; sleep 0.3; : > done"
    output = await tools["shell"].run({"command": line}, context)
    assert output.text == "said\nexit code: 0" and (workspace / "done").exists()


async def test_a_flood_is_bounded_and_both_its_ends_are_kept(tools: Tools, context: ToolContext) -> None:
    line = "echo begin; head -c 30000000 /dev/zero | tr '\\0' x; echo; head -c 1000000 /dev/urandom >&2; echo; echo end"
    output = await tools["shell"].run({"command": line}, context)
    assert output.text.startswith("begin\nxxx") and output.text.endswith("end\nexit code: 0")
    assert "bytes left out" in output.text and len(output.text.encode()) < 80_000


@pytest.mark.parametrize("how", ["sleep 300 &", "setsid sleep 300 &", "nohup sleep 300 &", "(setsid sleep 300 &);"])
async def test_what_it_leaves_in_the_background_neither_holds_it_nor_survives(
    how: str, tools: Tools, context: ToolContext
) -> None:
    output = await tools["shell"].run({"command": f"{how} echo done", "timeout": 60}, context)
    assert output.text.endswith("done\nexit code: 0")
    assert not _with_argument("sleep", "300")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "command is missing"),
        ({"command": ""}, "command is empty"),
        ({"command": ["ls"]}, "command: expected str"),
        ({"command": "ls", "timeout": 0}, "timeout must be"),
        ({"command": "ls\0"}, "NUL"),
    ],
)
async def test_wrong_shell_arguments_are_named(
    arguments: dict[str, object], says: str, tools: Tools, context: ToolContext
) -> None:
    with pytest.raises(ToolFault) as caught:
        await tools["shell"].run(arguments, context)
    assert says in str(caught.value)


@given(st.lists(st.binary(max_size=30), max_size=20), st.integers(2, 60))
def test_output_keeps_its_ends_and_never_more_than_its_limit(chunks: list[bytes], limit: int) -> None:
    told: list[str] = []
    output = Output(limit, told.append)
    for chunk in chunks:
        output.feed(chunk)
    whole = b"".join(chunks)
    assert len("".join(told)) <= limit
    if len(whole) <= limit // 2 * 2:
        assert "bytes left out" not in output.text
    else:
        assert f"{len(whole) - limit // 2 * 2:,} bytes left out" in output.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no output"),
        ("a\n\n----\n", "a"),
        ("x" * 80, "x" * 59 + "…"),
        ("==== 3 failed, 1 passed ====", "3 failed, 1 passed"),
    ],
)
def test_the_headline_is_the_last_line_that_says_something(text: str, said: str) -> None:
    assert headline(text, 0) == said


def _written(path: Path) -> bool:
    return path.exists() and bool(path.read_text().strip())


def _alive(pid_file: Path) -> bool:
    stat = Path(f"/proc/{pid_file.read_text().strip()}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _with_argument(*command: str) -> list[str]:
    """Processes that run `command` and carry this test's environment."""
    wanted = "\0".join(command).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (entry / "cmdline").read_bytes() and _ours(entry):
                found.append(entry.name)
        except OSError:
            continue
    return found


def _ours(entry: Path) -> bool:
    current = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    return current.encode() in (entry / "environ").read_bytes()


async def test_what_a_line_was_said_to_touch_is_reported_as_it_was_found_afterwards(
    tools: Tools, workspace: Path, context: ToolContext
) -> None:
    (workspace / "old").mkdir()
    for name in ("keep.txt", "move.txt", "same.txt"):
        (workspace / name).write_text("x")
    said = ("old", "keep.txt", "move.txt", "new.txt", "same.txt", "a message")
    command = "rmdir old; echo more >> keep.txt; mv move.txt new.txt"
    output = await tools["shell"].run({"command": command}, replace(context, targets=said))
    assert {change.path: change.action for change in output.changes} == {
        "old": "deleted",
        "keep.txt": "modified",
        "move.txt": "deleted",
        "new.txt": "created",
    }
