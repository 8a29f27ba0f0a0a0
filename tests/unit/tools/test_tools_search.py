"""Finding files and lines."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolSpec
from workbench.tools import searching

Tools = dict[str, ToolSpec]


async def test_glob_lists_newest_first_and_leaves_generated_folders_out(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    for folder in (".venv", "node_modules", ".git", "src/deep"):
        (workspace / folder).mkdir()
        (workspace / folder / "x.py").write_text("")
    os.utime(workspace / "src/app.py", (1, 1))
    output = await tools["glob"].run({"pattern": "**/*.py"}, context)
    assert output.text.splitlines() == ["src/deep/x.py", "src/app.py"]
    assert output.headline == "2 files"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.md", {"README.md"}),
        ("*", {"README.md", "src/"}),
        ("src/*.py", {"src/app.py"}),
        ("**/*.{py,md}", {"README.md", "src/app.py"}),
        ("**/a?p.py", {"src/app.py"}),
        (".env", {".env"}),
        ("*.rs", {"no matches"}),
        ("[!a-z]*.md", {"README.md"}),
    ],
)
async def test_glob_patterns(pattern: str, found: set[str], tools: Tools, context: ToolContext) -> None:
    assert set((await tools["glob"].run({"pattern": pattern}, context)).text.splitlines()) == found


async def test_glob_says_how_many_more_there_are(tools: Tools, context: ToolContext, workspace: Path) -> None:
    for number in range(205):
        (workspace / f"{number}.txt").write_text("")
    output = await tools["glob"].run({"pattern": "*.txt"}, context)
    assert output.headline == "205 files" and output.text.endswith("[5 more; use a narrower pattern]")


@pytest.mark.parametrize("pattern", ["/etc/*", "../*", "a/../../*"])
async def test_glob_stays_inside(pattern: str, tools: Tools, context: ToolContext) -> None:
    with pytest.raises(ToolFault, match="must be relative"):
        await tools["glob"].run({"pattern": pattern}, context)


async def test_grep_gives_path_line_and_text_and_hides_secrets(tools: Tools, context: ToolContext) -> None:
    output = await tools["grep"].run({"pattern": "main"}, context)
    assert "src/app.py:1:def main():" in output.text and "README.md:3:Text about main." in output.text
    assert "KEY=main" not in output.text and "left out, since secrets may be kept there: .env" in output.text
    assert output.headline == "2 hits"


async def test_grep_in_a_file_named_on_purpose_shows_it(tools: Tools, context: ToolContext) -> None:
    assert "KEY=main" in (await tools["grep"].run({"pattern": "main", "path": ".env"}, context)).text


async def test_grep_follows_no_links_and_skips_binary_files(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "link.txt").symlink_to("/etc/passwd")
    (workspace / "door").symlink_to("/etc")
    (workspace / "x.bin").write_bytes(b"\0root:\n")
    assert (await tools["grep"].run({"pattern": "root:"}, context)).text == "no matches"


async def test_a_bad_pattern_is_a_message(tools: Tools, context: ToolContext) -> None:
    with pytest.raises(ToolFault, match="not a regular expression"):
        await tools["grep"].run({"pattern": "("}, context)


async def test_a_pattern_that_never_ends_is_stopped_and_does_not_hold_the_loop(
    tools: Tools, context: ToolContext, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SECONDS", 0.5)
    (workspace / "trap.txt").write_text("a" * 60 + "!\n")
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.01)

    beating = asyncio.create_task(beat())
    with pytest.raises(ToolFault, match="not done after"):
        await tools["grep"].run({"pattern": "(a+)+$"}, context)
    beating.cancel()
    assert beats > 5


async def test_grep_through_ripgrep_gives_the_same_lines(
    context: ToolContext, tmp_path: Path, load_again: Callable[[], Tools], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for rg, since it need not be installed: the SDK starts it with its own options."""
    rg = tmp_path / "bin/rg"
    rg.parent.mkdir()
    rg.write_text('#!/bin/sh\nwhile [ "$1" != -e ]; do shift; done\nexec grep -rnE -- "$2" "$4"\n')
    rg.chmod(0o755)
    monkeypatch.setenv("PATH", f"{rg.parent}:{os.environ['PATH']}")
    grep = load_again()["grep"]
    output = await grep.run({"pattern": "def main"}, context)
    assert output.text == "src/app.py:1:def main():"


async def test_a_cancelled_grep_leaves_no_process(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "trap.txt").write_text("a" * 60 + "!\n")
    task = asyncio.create_task(tools["grep"].run({"pattern": "(a+)+$"}, context))
    while not (pids := _children("walk.py")):  # noqa: ASYNC110 - it is started by the task
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not set(pids) & set(_children("walk.py"))


def _children(name: str) -> list[int]:
    """This process's own children whose command line names `name`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and name.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (OSError, ValueError):
            continue
    return found
