"""A name that a search prints is one that can be read, edited and searched again, whatever bytes it has."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ToolFault
from workbench.core.names import read_name, write_name
from workbench.core.tools import ToolContext, ToolSpec

ODD = [
    *(b"caf\xe9.txt", b"two\nlines.txt", b"two\\nlines.txt", b"\xff\xfe", b"a\\b.txt", b"a\\\\nb", b"tab\t.txt"),
    "ü\u202e\u2028.txt".encode(),
]


def find(workspace: Path, name: bytes) -> Path:
    """A file of that name in a folder of almost that name."""
    file = Path(os.fsdecode(os.fsencode(workspace) + b"/" + name + b"-dir/" + name))
    file.parent.mkdir(exist_ok=True)
    return file


@given(st.text(st.sampled_from("a\\nxu0ef\n\t\udcff\u202eé") | st.characters(), max_size=12))
def test_every_name_comes_back_and_is_on_one_line_in_characters_that_can_be_sent(name: str) -> None:
    written = write_name(name)
    assert read_name(written) == name
    assert written.isprintable()
    assert written == name or "\\" in written


async def test_what_glob_and_grep_print_can_be_read_edited_and_searched(
    tools: dict[str, ToolSpec], context: ToolContext, workspace: Path
) -> None:
    for place, name in enumerate(ODD):
        find(workspace, name).write_text(f"needle {place}\n")
    listed = (await tools["glob"].run({"pattern": "*-dir/*"}, context)).text.splitlines()
    found = (await tools["grep"].run({"pattern": "needle"}, context)).text.splitlines()
    assert sorted(line.partition(":")[0] for line in found) == sorted(listed) and len(listed) == len(ODD)
    for line in found:
        path, _, text = line.split(":")
        assert text in (await tools["read"].run({"file_path": path}, context)).text
        change = {"file_path": path, "old_string": "needle", "new_string": "thread"}
        assert tools["edit"].effects(change)[0].targets == tools["read"].effects({"file_path": path})[0].targets
        assert f"changed {path}:" in (await tools["edit"].run(change, context)).text
        again = (await tools["grep"].run({"pattern": "thread", "path": path.rpartition("/")[0]}, context)).text
        assert text.replace("needle", "thread") in again
    assert [find(workspace, name).read_text() for name in ODD] == [f"thread {place}\n" for place in range(len(ODD))]


async def test_escapes_lead_nowhere_that_their_letters_do_not(
    tools: dict[str, ToolSpec], context: ToolContext, workspace: Path
) -> None:
    (workspace.parent / "outside.txt").write_text("no")
    for path in (r"\x2e\x2e/outside.txt", r"\u002eenv", r"src\x2fapp.py"):
        with pytest.raises(ToolFault, match="does not exist"):
            await tools["read"].run({"file_path": path}, context)
