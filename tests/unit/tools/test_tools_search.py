"""Finding files and lines."""

import asyncio
import os
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolSpec
from workbench.tools import search_worker, searching
from workbench.tools.patterns import find_literals

Tools = dict[str, ToolSpec]


async def test_glob_lists_newest_first_and_leaves_generated_folders_out(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    for folder in (".venv", "node_modules", ".git", "src/deep"):
        (workspace / folder).mkdir()
        (workspace / folder / "x.py").write_text("")
    os.utime(workspace / "src/app.py", (1, 1))
    output = await tools["glob"].run({"pattern": "**/*.py"}, context)
    assert output.text.splitlines()[:2] == ["src/deep/x.py", "src/app.py"]
    assert output.text.splitlines()[2:] == ["[not searched: node_modules]"]  # hidden ones were not asked for
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
    assert (await tools["grep"].run({"pattern": "root:"}, context)).text.splitlines() == [
        "no matches",
        "[not searched: 1 binary file, 2 links]",
    ]


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
    (workspace / "first.txt").write_text("aaa\n")
    output = await tools["grep"].run({"pattern": "(a+)+$"}, context)
    beating.cancel()
    assert beats > 5
    first, stopped = output.text.splitlines()
    assert first == "first.txt:1:aaa"
    assert stopped.startswith("[stopped after 0.5 s, 3 of 5 files were searched; it was in trap.txt;")


@pytest.mark.parametrize(("hits", "shown"), [(400, 400), (500, 500), (2_600, 500)])
async def test_every_hit_is_shown_or_counted(
    hits: int, shown: int, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    for number in range(hits):
        (workspace / f"src/{number:04}.txt").write_text("a hit here\n")
    lines = (await tools["grep"].run({"pattern": "hit"}, context)).text.splitlines()
    assert sum(line.endswith("a hit here") for line in lines) == shown
    said = [f"[only the first 500 of {hits:,} hits; use a narrower pattern or path]"] if hits > shown else []
    assert lines[shown:] == said


async def test_three_thousand_long_hits_end_and_are_cut_round_the_hit(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "long.txt").write_text((("x" * 3_000 + "needle" + "y" * 3_000) + "\n") * 3_000)
    output = await tools["grep"].run({"pattern": "needle"}, context)
    lines = output.text.splitlines()
    assert output.headline == "3,000 hits" and len(output.text.encode()) < 25_000
    hits = [line for line in lines if line.startswith("long.txt:")]
    assert all("needle" in line and len(line) < 530 for line in hits)
    assert f"[only the first {len(hits)} of 3,000 hits; use a narrower pattern or path]" in lines
    assert "[lines over 500 characters are shown cut]" in lines


async def test_a_hit_in_the_last_of_very_many_files_is_found(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    for folder in range(10):
        (workspace / f"many{folder}").mkdir()
        for number in range(300):
            (workspace / f"many{folder}/{number}.txt").write_text("nothing\n")
    (workspace / "zz").mkdir()
    (workspace / "zz/last.txt").write_text("the needle\n")
    assert (await tools["grep"].run({"pattern": "needle"}, context)).text == "zz/last.txt:1:the needle"


def fill_with_odd_things(workspace: Path) -> None:
    """A file or more of each kind that a folder can hold."""
    os.mkfifo(workspace / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(workspace / "socket"))  # the name of a socket must be short
    (workspace / "null").symlink_to("/dev/zero")
    (workspace / "two\nlines.txt").write_text("needle one\n")
    (workspace / "utf16.txt").write_bytes("needle é two".encode("utf-16"))
    (workspace / "latin.txt").write_bytes("needle é three".encode("latin-1"))
    (workspace / "bom.txt").write_bytes("needle four\r\n".encode("utf-8-sig"))
    Path(os.fsdecode(os.fsencode(workspace) + b"/\xff.txt")).write_text("needle five\n")
    (workspace / "data.bin").write_bytes(b"needle\0")
    (workspace / "node_modules").mkdir()


async def test_whatever_lies_in_the_folder_the_search_ends_and_says_what_it_did_not_read(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    fill_with_odd_things(workspace)
    lines = (await tools["grep"].run({"pattern": "^needle( é)? \\w+$"}, context)).text.splitlines()
    assert lines == [
        "bom.txt:1:needle four",
        "latin.txt:1:needle é three",
        "two\\nlines.txt:1:needle one",
        "utf16.txt:1:needle é two",
        "\\udcff.txt:1:needle five",
        "[not searched: node_modules, 1 binary file, 1 link, 2 special files]",
    ]


async def test_hits_in_a_file_that_keeps_secrets_take_no_room_from_the_others(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / ".env").write_text("KEY=needle\n" * 5_000)
    (workspace / "src/app.py").write_text("the needle\n")
    output = await tools["grep"].run({"pattern": "needle"}, context)
    assert output.text.splitlines() == [
        "src/app.py:1:the needle",
        "[left out, since secrets may be kept there: .env]",
    ]


async def test_a_file_that_is_too_large_is_named_as_left_out(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    with (workspace / "big.log").open("wb") as file:
        file.truncate(search_worker.LARGEST + 1)
    assert "1 file over 50 MB" in (await tools["grep"].run({"pattern": "needle"}, context)).text


async def test_a_search_in_a_pipe_is_refused_and_does_not_wait(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    os.mkfifo(workspace / "pipe")
    with pytest.raises(ToolFault, match="neither a folder nor a regular file"):
        await tools["grep"].run({"pattern": "x", "path": "pipe"}, context)


async def test_a_search_that_does_not_end_by_itself_is_killed_and_what_it_told_is_kept(
    tools: Tools, context: ToolContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '["/x.py", 1, [[1, "hit"]]]\n["/y'
    deaf = f"import time; print({told!r}, flush=True); time.sleep(60)"
    monkeypatch.setattr(searching, "START", deaf)
    monkeypatch.setattr(searching, "SECONDS", 0.2)
    monkeypatch.setattr(searching, "GRACE", 0.5)
    lines = (await tools["grep"].run({"pattern": "hit"}, context)).text.splitlines()
    assert lines == ["/x.py:1:hit", "[stopped after 0.2 s; use a simpler pattern or a smaller path]"]


async def test_a_glob_that_never_ends_is_stopped_too(
    tools: Tools, context: ToolContext, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SECONDS", 0.5)
    (workspace / ("a" * 200)).write_text("")
    output = await tools["glob"].run({"pattern": "*a" * 12 + "b"}, context)
    assert "stopped after 0.5 s" in output.text


PIECES = st.sampled_from(
    ["ab", "c", "\\.", "\\w", "[ab]", "(?:ab|c)", "(c)", "|", "*", "?", "+", "{0,2}", "^", "$", "."]
)


@given(st.lists(PIECES, max_size=6).map("".join), st.text("abc. \n", max_size=12))
def test_a_line_that_matches_holds_one_of_the_texts_that_are_looked_for_first(pattern: str, text: str) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    literals = find_literals(pattern)
    only = literals[0] if len(literals) == 1 else ""
    lines = [(n, line) for n, line in search_worker.lines_with(text, only) if compiled.search(line)]
    all_lines = enumerate(text.removesuffix("\n").split("\n") if text else [""], 1)
    assert lines == [(n, line) for n, line in all_lines if compiled.search(line)]
    assert all(not literals or any(literal in line for literal in literals) for _, line in lines)


async def test_a_cancelled_grep_leaves_no_process(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "trap.txt").write_text("a" * 60 + "!\n")
    task = asyncio.create_task(tools["grep"].run({"pattern": "(a+)+$"}, context))
    while not (pids := _children("search_worker")):  # noqa: ASYNC110 - it is started by the task
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not set(pids) & set(_children("search_worker"))


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
