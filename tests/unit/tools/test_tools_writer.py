"""What a change keeps of a file, and what it never overwrites."""

import errno
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolSpec, propose
from workbench.tools.encoding import decode_text
from workbench.tools.passages import replace_passage

Tools = dict[str, ToolSpec]


def edit(path: str, old: str, new: str, **more: Any) -> dict[str, Any]:
    return {"file_path": path, "old_string": old, "new_string": new, **more}


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (b"one\r\ntwo\r\n", "one", "1\n1a", b"1\r\n1a\r\ntwo\r\n"),  # a feed where the old passage had none
        (b"one\r\ntwo\r\n", "one\r\ntwo", "1\n2", b"1\r\n2\r\n"),
        (b"one\ntwo\n", "one\r\ntwo", "1\r\n2", b"1\n2\n"),
        (b"a\r\nb\nc\nd\n", "a\nb", "A\nB", b"A\r\nB\nc\nd\n"),  # mixed: those of the replaced lines
        (b"a\r\nb\nc\nd\n", "c", "C\nC", b"a\r\nb\nC\nC\nd\n"),  # or what most lines have
        (b"a\r\nb\r\nc", "c", "c\n", b"a\r\nb\r\nc\r\n"),
        (b"a\rb\rc\r", "b", "B\nB", b"a\rB\rB\rc\r"),  # an old Macintosh's
        (b"a\rb\rc\r", "a\nb", "A\nB", b"A\rB\rc\r"),
        (b"a\rb\nc\n", "a\rb", "A\nB", b"A\nB\nc\n"),  # no line end in a file that has others
        (b"\xef\xbb\xbfone\r\n", "\ufeffone", "two", b"\xef\xbb\xbftwo\r\n"),
        ("é one".encode("utf-16"), "one", "ü", "é ü".encode("utf-16")),
        ("é one".encode("latin-1"), "é", "ü", "ü one".encode("latin-1")),
        (b"\x93quoted\x94", "“quoted", "„quoted", b"\x84quoted\x94"),
        (b"\x81\x8d one \xe9", "one", "two", b"\x81\x8d two \xe9"),
    ],
)
async def test_an_edit_keeps_line_ends_mark_and_encoding(
    before: bytes, old: str, new: str, after: bytes, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "f.txt").write_bytes(before)
    await tools["edit"].run(edit("f.txt", old, new), context)
    assert (workspace / "f.txt").read_bytes() == after


@pytest.mark.parametrize(
    ("before", "content", "after"),
    [
        (b"\xef\xbb\xbfone\n", "two\n", b"\xef\xbb\xbftwo\n"),
        (b"\xef\xbb\xbfone\n", "\ufefftwo\n", b"\xef\xbb\xbftwo\n"),
        (b"a\r\nb\r\n", "1\n2", b"1\r\n2"),  # the last line as it was written
        (b"a\r\nb\r\nc\n", "1\n2\n", b"1\r\n2\r\n"),
        (b"a\nb\n", "1\r\n2\r\n", b"1\r\n2\r\n"),  # on purpose
        (b"a\rb\r", "1\n2\n", b"1\r2\r"),
        (b"\xe9\n", "ü\n", b"\xfc\n"),
        (b"", "ü\n", b"\xc3\xbc\n"),
    ],
)
async def test_a_write_keeps_line_ends_mark_and_encoding(
    before: bytes, content: str, after: bytes, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "f.txt").write_bytes(before)
    await tools["write"].run({"file_path": "f.txt", "content": content}, context)
    assert (workspace / "f.txt").read_bytes() == after


async def test_what_the_encoding_of_the_file_lacks_is_refused_by_name(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "f.txt").write_bytes(b"caf\xe9 one")
    with pytest.raises(ToolFault, match=r"f\.txt is Windows-1252, which has no “→”"):
        await tools["edit"].run(edit("f.txt", "one", "→"), context)
    assert (workspace / "f.txt").read_bytes() == b"caf\xe9 one"


async def test_an_edit_that_only_changes_line_ends_says_that_they_stay(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    (workspace / "f.txt").write_bytes(b"a\r\nb\r\n")
    with pytest.raises(ToolFault, match="the same but for their line ends"):
        await tools["edit"].run(edit("f.txt", "a\r\nb", "a\nb"), context)


@given(st.binary(max_size=40))
def test_every_text_that_is_decoded_encodes_to_the_same_bytes(content: bytes) -> None:
    if decoded := decode_text(content):
        assert decoded[1].encode(decoded[0]) == content


LINES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["\n", "\r\n"])), max_size=8)


@given(LINES, st.integers(0, 7), st.text("xy\n", min_size=1, max_size=4))
def test_an_edit_leaves_all_other_bytes_alone(lines: list[tuple[str, str]], at: int, new: str) -> None:
    texts = [letter + end for letter, end in lines]
    place = min(at, len(texts))
    before, after = "".join(texts[:place]), "".join(texts[place:])
    text = replace_passage(f"{before}<here>{after}", "<here>", new, False, "f").text
    assert text.startswith(before) and text.endswith(after)
    middle = text[len(before) : len(text) - len(after)]
    assert middle.replace("\r\n", "\n") == new


async def test_hard_links_stay_linked(tools: Tools, context: ToolContext, workspace: Path) -> None:
    os.link(workspace / "README.md", workspace / "other.md")
    await tools["edit"].run(edit("README.md", "Title", "A much longer title"), context)
    await tools["edit"].run(edit("README.md", "Text about main.\n", ""), context)
    assert (workspace / "README.md").samefile(workspace / "other.md")
    assert (workspace / "other.md").read_text() == "# A much longer title\n\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
async def test_owner_and_set_id_bits_are_kept_together(tools: Tools, context: ToolContext, workspace: Path) -> None:
    os.chown(workspace / "README.md", 1234, 2345)
    (workspace / "README.md").chmod(0o6755)
    await tools["edit"].run(edit("README.md", "Title", "x"), context)
    found = (workspace / "README.md").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (1234, 2345, 0o6755)


@pytest.mark.parametrize(("refused", "mode"), [((0, 1), 0o755), ((0,), 0o2755), ((1,), 0o4755)])
async def test_where_an_owner_cannot_be_kept_its_set_id_bit_is_cleared(
    refused: tuple[int, ...],
    mode: int,
    tools: Tools,
    context: ToolContext,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fchown(descriptor: int, *owner: int) -> None:
        assert os.fstat(descriptor).st_mode & 0o6000 == 0, "the owner comes before the mode"
        if any(owner[place] != -1 for place in refused):
            raise PermissionError(errno.EPERM, "not permitted")

    (workspace / "README.md").chmod(0o6755)
    monkeypatch.setattr(os, "fchown", fchown)
    await tools["edit"].run(edit("README.md", "Title", "x"), context)
    assert (workspace / "README.md").stat().st_mode & 0o7777 == mode


@pytest.mark.parametrize("linked", [False, True])
async def test_a_full_disk_leaves_the_old_content_and_nothing_beside_it(
    linked: bool, tools: Tools, context: ToolContext, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if linked:
        os.link(workspace / "README.md", workspace / "other.md")
    before = {path.name: path.read_bytes() for path in workspace.iterdir() if path.is_file()}  # noqa: ASYNC240

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ToolFault, match="No space left"):
        await tools["write"].run({"file_path": "README.md", "content": "x" * 9_000}, context)
    assert {path.name: path.read_bytes() for path in workspace.iterdir() if path.is_file()} == before  # noqa: ASYNC240


async def test_a_file_with_a_very_long_name_can_be_changed(tools: Tools, context: ToolContext, workspace: Path) -> None:
    name = "ж" * 127
    for content in ("a\n", "b\n"):
        await tools["write"].run({"file_path": name, "content": content}, context)
    assert (workspace / name).read_text() == "b\n"


async def test_a_file_that_is_a_mount_of_its_own_is_written_in_place(
    tools: Tools, context: ToolContext, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(self: Path, target: Path) -> Path:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    await tools["edit"].run(edit("README.md", "Title", "x"), context)
    assert (workspace / "README.md").read_text().startswith("# x")
    assert not [path for path in workspace.iterdir() if path.name.endswith(".tmp")]  # noqa: ASYNC240


@pytest.mark.parametrize("tool", ["edit", "write"])
async def test_what_changed_while_the_approval_was_open_is_not_overwritten(
    tool: str, tools: Tools, context: ToolContext, workspace: Path
) -> None:
    arguments = edit("README.md", "Title", "x") if tool == "edit" else {"file_path": "README.md", "content": "x"}
    shown = tools[tool].preview(arguments, context.versions)
    (workspace / "README.md").write_text("# Title\n\nMine.\n")
    with pytest.raises(ToolFault, match="changed while the approval was open"):
        await tools[tool].run(arguments, with_shown(context, shown))
    assert (workspace / "README.md").read_text() == "# Title\n\nMine.\n"
    await tools[tool].run(arguments, with_shown(context, tools[tool].preview(arguments, context.versions)))


async def test_a_file_that_appeared_or_went_while_the_approval_was_open_stays_as_it_is(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    new, old = {"file_path": "new.txt", "content": "x"}, {"file_path": "README.md", "content": "x"}
    shown = [tools["write"].preview(arguments, context.versions) for arguments in (new, old)]
    (workspace / "new.txt").write_text("mine")
    (workspace / "README.md").unlink()
    for arguments, preview in zip((new, old), shown, strict=True):
        with pytest.raises(ToolFault, match="changed while the approval was open"):
            await tools["write"].run(arguments, with_shown(context, preview))
    assert (workspace / "new.txt").read_text() == "mine" and not (workspace / "README.md").exists()


async def test_an_edit_that_could_not_be_shown_is_not_made_when_it_could_be_later(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    arguments = edit("README.md", "later", "x")
    shown = tools["edit"].preview(arguments, context.versions)
    assert shown and shown.kind == "text"
    (workspace / "README.md").write_text("later\n")
    with pytest.raises(ToolFault, match="changed while"):
        await tools["edit"].run(arguments, with_shown(context, shown))


async def test_a_write_over_a_file_that_was_never_read_says_so(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    arguments = {"file_path": "README.md", "content": "x\n"}
    proposal = propose(tools["write"], "c", arguments, context.versions)
    assert (
        proposal.preview and proposal.preview.warning == "the agent has not read this file; 3 lines of it are replaced"
    )
    output = await tools["write"].run(arguments, context)
    assert output.text.endswith("; you had not read it before")
    again = propose(tools["write"], "c", arguments | {"content": "y\n"}, context.versions)
    assert again.preview and not again.preview.warning


@pytest.mark.parametrize(
    ("before", "after", "loss"),
    [
        ("a\nb\nc\n", "a\nc\n", "; 1 line of it is removed"),
        ("a\nb\nc\n", "a\nx\nc\n", "; 1 line of it is replaced"),
        ("a\nb\nc\n", "c\n", "; 2 lines of it are removed"),
        ("a\nb\nc\n", "x\n", "; 3 lines of it are replaced"),
        ("a\n", "a\nb\n", ""),
    ],
)
def test_what_a_write_over_an_unread_file_takes_is_counted(
    tools: Tools, workspace: Path, before: str, after: str, loss: str
) -> None:
    (workspace / "f.txt").write_text(before)
    proposal = propose(tools["write"], "c", {"file_path": "f.txt", "content": after}, {})
    assert proposal.preview and proposal.preview.warning == f"the agent has not read this file{loss}"


def with_shown(context: ToolContext, shown: Any) -> ToolContext:
    return ToolContext(context.call_id, context.scratchpad, context.live, versions=context.versions, shown=shown)


async def test_two_sessions_know_only_what_they_read_themselves(
    tools: Tools, context: ToolContext, workspace: Path
) -> None:
    other = ToolContext("call_2", context.scratchpad, context.live)
    await tools["read"].run({"file_path": "README.md"}, context)
    await tools["edit"].run(edit("README.md", "Title", "x"), other)
    with pytest.raises(ToolFault, match="changed on disk since you last read it"):
        await tools["edit"].run(edit("README.md", "Text", "y"), context)


def test_versions_survive_the_journal() -> None:
    from workbench.core import events as e

    event = e.ToolFinished(1, "c", "read", "text", 1, 0.1, versions={"README.md": "abc"})
    assert msgspec.json.decode(msgspec.json.encode(event), type=e.ToolFinished).versions == {"README.md": "abc"}
