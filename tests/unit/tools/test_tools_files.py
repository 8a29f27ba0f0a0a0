"""Reading and changing real files."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import jpeg, pdf, png
from workbench.core.errors import ToolFault
from workbench.core.notes import Note
from workbench.core.tools import ToolContext, ToolSpec
from workbench.tools.diffs import compare

Tools = dict[str, ToolSpec]


async def test_read_gives_text_headline_and_a_note_for_the_scratchpad(tools: Tools, context: ToolContext) -> None:
    output = await tools["read"].run({"file_path": "src/app.py"}, context)
    assert output.text.startswith("def main():")
    assert output.headline == "6 lines"
    assert output.notes == (Note("file", "src/app.py"),)


async def test_read_gives_a_range_of_lines(tools: Tools, context: ToolContext) -> None:
    output = await tools["read"].run({"file_path": "src/app.py", "view_range": [5, -1]}, context)
    assert output.text == "def other():\n    return 1\n"
    beyond = await tools["read"].run({"file_path": "src/app.py", "view_range": [50, 60]}, context)
    assert "no lines [50, 60]" in beyond.text


async def test_a_file_over_the_limit_says_how_large_it_is_and_what_to_do(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "big.log").write_text("line\n" * 10_000)
    with pytest.raises(ToolFault, match=r"50,000 bytes.*view_range.*grep"):
        await tools["read"].run({"file_path": "big.log"}, context)
    part = await tools["read"].run({"file_path": "big.log", "view_range": [9_999, 10_000]}, context)
    assert part.text == "line\nline"


async def test_binary_and_half_valid_files_are_told_apart(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "logo.bin").write_bytes(b"\x00\x01\xff" * 10)
    (workspace / "latin.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(ToolFault, match="is binary, 30 bytes"):
        await tools["read"].run({"file_path": "logo.bin"}, context)
    output = await tools["read"].run({"file_path": "latin.txt"}, context)
    assert output.text == "[latin.txt is not UTF-8; it was read as Windows-1252]\ncafé\n"


async def test_images_come_as_media_also_when_larger_than_the_text_limit(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    content = png(padding=30_000)
    (workspace / "a.png").write_bytes(content)
    output = await tools["read"].run({"file_path": "a.png"}, context)
    (media,) = output.media
    assert (media.kind, media.media_type) == ("image", "image/png")
    assert base64.b64decode(media.data) == content


async def test_the_bytes_say_what_a_file_is_and_not_its_name(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    for name, content, kind in (
        ("a.png", jpeg(), "image/jpeg"),
        ("b", png(), "image/png"),
        ("c.jpg", pdf(), "application/pdf"),
    ):
        (workspace / name).write_bytes(content)
        (media,) = (await tools["read"].run({"file_path": name}, context)).media
        assert media.media_type == kind
    (workspace / "shot.png").write_text("<html>\n<p>Not found</p>\n</html>\n")
    output = await tools["read"].run({"file_path": "shot.png"}, context)
    assert not output.media
    assert "is no image or PDF" in output.text and "<p>Not found</p>" in output.text
    (workspace / "empty.png").write_bytes(b"")
    assert "is empty" in (await tools["read"].run({"file_path": "empty.png"}, context)).text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("half.png", png(padding=100)[:60], "is cut off before its end"),
        ("wide.png", png(8_001, 1), "8,001 x 1 pixels"),
        ("big.png", png(padding=6_000_000), "5,242,880 are the most"),
        ("photo.png", b"\0\0\0\x18ftypheic" + bytes(99), "holds a heic image"),
        ("noise.png", bytes(99), "holds binary data"),
        ("long.pdf", pdf(101), "101 pages"),
        ("closed.pdf", pdf(1, b"/Encrypt 9 0 R"), "is encrypted"),
    ],
)
async def test_what_no_model_takes_never_enters_the_conversation(
    tools: Tools, context: ToolContext, workspace: Path, name: str, content: bytes, says: str
) -> None:
    (workspace / name).write_bytes(content)
    with pytest.raises(ToolFault, match=says):
        await tools["read"].run({"file_path": name}, context)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "file_path is missing"),
        ({"file_path": 3}, "file_path: expected str, got int"),
        ({"file_path": " "}, "file_path is empty"),
        ({"file_path": "a\0b"}, "NUL"),
        ({"file_path": "READ.md"}, "does not exist. Beside it: README.md"),
        ({"file_path": "src"}, "is a folder; list it with glob"),
        ({"file_path": "../x"}, "outside the workspace"),
        ({"file_path": "README.md", "view_range": [3]}, "view_range must be"),
        ({"file_path": "README.md", "view_range": [3, 1]}, "view_range must be"),
        ({"file_path": "README.md", "view_range": ["a", 1]}, "view_range"),
    ],
)
async def test_wrong_arguments_are_named(
    arguments: dict[str, Any], says: str, tools: Tools, context: ToolContext
) -> None:
    with pytest.raises(ToolFault) as caught:
        await tools["read"].run(arguments, context)
    assert says in str(caught.value)


@pytest.mark.parametrize("tool", ["read", "write", "edit", "glob", "grep"])
async def test_no_link_leads_out_of_the_workspace(
    tool: str, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    outside = workspace.parent / "outside"
    outside.mkdir()
    (outside / "file.txt").write_text("main\n")
    (workspace / "door").symlink_to(outside)
    (workspace / "leaf.txt").symlink_to(outside / "file.txt")
    (workspace / "dangling.txt").symlink_to(outside / "new.txt")
    changes = {"content": "x", "old_string": "main", "new_string": "x", "pattern": "main"}
    for path in ("door/file.txt", "leaf.txt", "dangling.txt", str(outside / "file.txt"), "src/../../outside/file.txt"):
        with pytest.raises(ToolFault, match="outside"):
            await tools[tool].run({"file_path": path, "path": path} | changes, context)
    assert (outside / "file.txt").read_text() == "main\n" and not (outside / "new.txt").exists()


async def test_what_the_gate_was_asked_about_outside_can_be_reached_and_nothing_beside_it(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    beside, asked = workspace.parent / "beside.txt", workspace.parent / "asked.txt"
    beside.write_text("beside")
    asked.write_text("asked")
    tools["read"].effects({"file_path": "../asked.txt"})
    assert (await tools["read"].run({"file_path": "../asked.txt"}, context)).text == "asked"
    with pytest.raises(ToolFault, match="outside"):
        await tools["read"].run({"file_path": "../beside.txt"}, context)


async def test_a_link_swapped_after_the_question_is_refused(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    asked, swapped = workspace.parent / "asked.txt", workspace.parent / "swapped.txt"
    asked.write_text("asked")
    swapped.write_text("swapped")
    link = workspace / "link.txt"
    link.symlink_to(asked)
    tools["read"].effects({"file_path": "link.txt"})
    link.unlink()
    link.symlink_to(swapped)
    with pytest.raises(ToolFault, match="outside"):
        await tools["read"].run({"file_path": "link.txt"}, context)


async def test_write_creates_folders_and_says_what_changed(tools: Tools, context: ToolContext, workspace: Path) -> None:
    output = await tools["write"].run({"file_path": "a/b/new.txt", "content": "one\ntwo\n"}, context)
    (change,) = output.changes
    assert (workspace / "a/b/new.txt").read_text() == "one\ntwo\n"
    assert (output.headline, change.action, change.before, change.path) == ("+2 -0", "created", None, "a/b/new.txt")


async def test_write_keeps_mode_and_leaves_no_temporary_file(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    script = workspace / "run.sh"
    script.write_text("old\n")
    script.chmod(0o750)
    output = await tools["write"].run({"file_path": "run.sh", "content": "new\n"}, context)
    assert script.stat().st_mode & 0o777 == 0o750
    assert output.changes[0].before == "old\n"
    assert set(_contents(workspace)) == {"run.sh", "src/app.py", "README.md", ".env"}


async def test_write_through_a_link_changes_the_file_and_keeps_the_link(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "link.md").symlink_to("README.md")
    output = await tools["write"].run({"file_path": "link.md", "content": "x\n"}, context)
    assert (workspace / "link.md").is_symlink() and (workspace / "README.md").read_text() == "x\n"
    assert output.changes[0].path == "README.md"


async def test_write_refuses_to_damage_what_is_not_text(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "x.bin").write_bytes(b"\xff\x00\xfe")
    with pytest.raises(ToolFault, match="is not text"):
        await tools["write"].run({"file_path": "x.bin", "content": "x"}, context)
    with pytest.raises(ToolFault, match="lone surrogate"):
        await tools["write"].run({"file_path": "y.txt", "content": "\ud800"}, context)


async def test_edit_replaces_one_place_exactly(tools: Tools, context: ToolContext, workspace: Path) -> None:
    output = await tools["edit"].run(_edit("def main():\n    return 1", "def main():\n    return 2"), context)
    assert (workspace / "src/app.py").read_text() == "def main():\n    return 2\n\n\ndef other():\n    return 1\n"
    assert output.headline == "+1 -1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("return 1", "return 2", "stands 2 times"),
        ("return 9", "x", "not found"),
        ("def main():\n  return 1", "x", "Line 1 differs only in its white space"),
        ("", "x", "old_string is empty"),
        ("return 1", "return 1", "the same"),
    ],
)
async def test_an_edit_that_cannot_apply_changes_nothing_and_its_preview_says_why(
    old: str, new: str, says: str, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    before = (workspace / "src/app.py").read_bytes()
    preview = tools["edit"].preview(_edit(old, new), context.versions)
    with pytest.raises(ToolFault) as caught:
        await tools["edit"].run(_edit(old, new), context)
    assert says in str(caught.value)
    assert preview and preview.kind == "text" and preview.text == str(caught.value)
    assert (workspace / "src/app.py").read_bytes() == before


async def test_edit_keeps_the_line_ends_of_the_file(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "dos.txt").write_bytes(b"one\r\ntwo\r\nthree\r\n")
    await tools["edit"].run({"file_path": "dos.txt", "old_string": "one\ntwo", "new_string": "1\n2"}, context)
    assert (workspace / "dos.txt").read_bytes() == b"1\r\n2\r\nthree\r\n"


async def test_what_somebody_else_changed_since_it_was_read_is_not_overwritten(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    await tools["read"].run({"file_path": "src/app.py"}, context)
    (workspace / "src/app.py").write_text("def main():\n    return 7\n")
    for tool, arguments in (("edit", _edit("return 7", "x")), ("write", {"file_path": "src/app.py", "content": "x"})):
        with pytest.raises(ToolFault, match="changed on disk since you last read it"):
            await tools[tool].run(arguments, context)
        preview = tools[tool].preview(arguments, context.versions)
        assert preview and preview.kind == "text"
    await tools["read"].run({"file_path": "src/app.py"}, context)
    await tools["edit"].run(_edit("return 7", "return 8"), context)
    await tools["edit"].run(_edit("return 8", "return 9"), context)
    assert "return 9" in (workspace / "src/app.py").read_text()


async def test_the_preview_is_what_the_call_then_does(tools: Tools, context: ToolContext, workspace: Path) -> None:
    for tool, arguments in (
        ("edit", _edit("return 1", "return 2") | {"replace_all": True}),
        ("write", {"file_path": "src/new.py", "content": "x\n"}),
        ("write", {"file_path": "README.md", "content": "no end"}),
    ):
        before = _contents(workspace)
        preview = tools[tool].preview(arguments, context.versions)
        assert _contents(workspace) == before
        (change,) = (await tools[tool].run(arguments, context)).changes
        assert preview and preview.kind == "diff"
        assert (preview.path, preview.text) == (change.path, change.diff)
        assert (preview.added, preview.removed, preview.before) == (change.added, change.removed, change.before or "")
        assert (workspace / change.path).read_text() == preview.after


async def test_writing_what_is_there_already_changes_nothing(tools: Tools, context: ToolContext) -> None:
    output = await tools["write"].run({"file_path": "README.md", "content": "# Title\n\nText about main.\n"}, context)
    assert output.changes == () and output.headline == "no change"


TEXT = st.text(alphabet="ab\n", max_size=40)


@given(TEXT, TEXT)
def test_a_diff_applied_by_patch_gives_the_new_text(before: str, after: str) -> None:
    assert _patched(before, compare(before, after, "f").text) == after


@given(TEXT, TEXT)
def test_a_diff_counts_the_lines_it_shows(before: str, after: str) -> None:
    diff = compare(before, after, "f")
    body = diff.text.splitlines()[2:]
    assert diff.added == sum(line.startswith("+") for line in body)
    assert diff.removed == sum(line.startswith("-") for line in body)


def test_a_large_file_with_every_other_line_changed_is_compared_line_by_line() -> None:
    before = [f"line {n}\n" for n in range(20_000)]
    after = [f"{line.strip()} changed\n" if n % 2 else line for n, line in enumerate(before)]
    assert compare("".join(before), "".join(after), "f").headline == "+10000 -10000"


def test_git_takes_a_diff_of_a_large_file(tmp_path: Path) -> None:
    before = "".join(f"line {n}\n" for n in range(30_000))
    after = before.replace("line 5\n", "line five\n").replace("line 29000\n", "")
    (tmp_path / "f").write_text(before)
    diff = compare(before, after, "f")
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff.text.encode(), check=True)
    assert (tmp_path / "f").read_text() == after
    assert diff.headline == "+1 -2"


async def test_a_read_only_file_is_left_alone(tools: Tools, context: ToolContext, workspace: Path) -> None:
    (workspace / "README.md").chmod(0o444)
    with pytest.raises(ToolFault, match="read-only"):
        await tools["write"].run({"file_path": "README.md", "content": "x"}, context)


def _contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _edit(old: str, new: str) -> dict[str, Any]:
    return {"file_path": "src/app.py", "old_string": old, "new_string": new}


def _patched(before: str, diff: str) -> str:
    """`before` with `diff` applied, by a plain reading of the format."""
    old = before.split("\n")
    old = [line + "\n" for line in old[:-1]] + ([old[-1]] if old[-1] else [])
    out: list[str] = []
    at = 0
    lines = diff.split("\n")[2:]
    for place, line in enumerate(lines):
        ended = "" if place + 1 < len(lines) and lines[place + 1].startswith("\\") else "\n"
        if line.startswith("@@"):
            start, _, length = line.split()[1][1:].partition(",")
            first = int(start) - (0 if length == "0" else 1)
            out += old[at:first]
            at = first
        elif line.startswith("+"):
            out.append(line[1:] + ended)
        elif line.startswith((" ", "-")):
            assert old[at] == line[1:] + ended
            out += [old[at]] if line[0] == " " else []
            at += 1
    return "".join(out + old[at:])
