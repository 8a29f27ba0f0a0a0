"""What a workspace brings is read only where it is a file of the workspace, so much of it and no more."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.fakes import bench, says
from workbench.core import events as e
from workbench.workspace import MOST_CHARACTERS, FileRefused, branch, instructions, read_file


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def sparse(path: Path, size: int = 10_000_000_000) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def outside(work: Path) -> Path:
    secret = work.parent / "secret.txt"
    secret.write_text("a secret")
    return secret


async def test_what_is_left_out_is_said_once_at_the_start(work: Path) -> None:
    os.mkfifo(work / "AGENTS.md")
    made = bench(work, [says("one"), says("two")], instructions=lambda: instructions(work))
    await made.engine.warm_up()
    (said,) = made.of(e.Noticed)
    assert (said.level, said.message) == ("warning", "AGENTS.md is left out: it is not a file.")
    await made.ask("one", "two")
    assert len(made.of(e.Noticed)) == 1
    await made.engine.close()


STRANGE = {
    "a link to a device": (lambda at: at.symlink_to("/dev/zero"), "it is not a file"),
    "a link out of the workspace": (lambda at: at.symlink_to(outside(at.parent)), "it leads out of"),
    "a pipe": (os.mkfifo, "it is not a file"),
    "a folder": (Path.mkdir, "it is not a file"),
    "a link to itself": (lambda at: at.symlink_to(at), "symbolic links"),
    "a broken link": (lambda at: at.symlink_to("nowhere"), "No such file"),
    "ten gigabytes of nothing": (sparse, "it is not text"),
    "a picture": (lambda at: at.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "it is not text"),
}


@pytest.mark.parametrize("name", ["AGENTS.md", "CLAUDE.md"])
@pytest.mark.parametrize("what", STRANGE)
def test_an_instruction_file_that_is_no_text_of_the_workspace_is_left_out_and_named(
    work: Path, what: str, name: str
) -> None:
    make, reason = STRANGE[what]
    make(work / name)
    other = "CLAUDE.md" if name == "AGENTS.md" else "AGENTS.md"
    (work / other).write_text("Be kind.")
    found = instructions(work)
    assert found.files == ((other, "Be kind."),)
    (said,) = found.left_out
    assert said.startswith(f"{name} is left out: ")
    assert reason in said


def test_a_link_to_a_file_inside_the_workspace_is_followed(work: Path) -> None:
    (work / "docs").mkdir()
    (work / "docs" / "agents.md").write_text("Be kind.")
    (work / "AGENTS.md").symlink_to("docs/agents.md")
    (work / "CLAUDE.md").symlink_to("AGENTS.md")
    assert instructions(work) == ((("AGENTS.md", "Be kind."),), ())


def test_text_that_is_not_utf8_is_taken_in_and_said(work: Path) -> None:
    (work / "AGENTS.md").write_bytes("Größe".encode("latin-1"))
    found = instructions(work)
    assert found.files == (("AGENTS.md", "Gr\ufffd\ufffde"),)
    assert "is not UTF-8" in found.left_out[0]


@pytest.mark.parametrize("letter", ["x", "é", "漢"])
def test_a_long_file_is_cut_and_both_model_and_person_are_told(work: Path, letter: str) -> None:
    (work / "AGENTS.md").write_text(letter * (MOST_CHARACTERS * 5), encoding="utf-8")
    found = instructions(work)
    ((_, text),) = found.files
    assert text.startswith(letter * MOST_CHARACTERS + "\n[cut: AGENTS.md goes on after 60,000 characters]")
    assert found.left_out == ("AGENTS.md is taken in up to 60,000 characters.",)


def test_a_byte_order_mark_is_no_part_of_the_text(work: Path) -> None:
    (work / "AGENTS.md").write_text("Be kind.", encoding="utf-8-sig")
    assert instructions(work).files == (("AGENTS.md", "Be kind."),)


def test_in_a_subfolder_the_files_of_the_repositorys_root_count_first(work: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(work)], check=True)
    deep = work / "packages" / "one"
    deep.mkdir(parents=True)
    (work / "AGENTS.md").write_text("root")
    (work / "packages" / "CLAUDE.md").write_text("between")
    (deep / "AGENTS.md").write_text("near")
    (work.parent / "AGENTS.md").write_text("above")
    names = (("../../AGENTS.md", "root"), ("../CLAUDE.md", "between"), ("AGENTS.md", "near"))
    assert instructions(deep).files == names
    assert branch(deep) == "trunk"


def test_a_link_to_the_roots_own_file_is_that_file_and_no_fault(work: Path) -> None:
    (work / ".git").mkdir()
    (work / "sub").mkdir()
    (work / "AGENTS.md").write_text("root")
    (work / "sub" / "AGENTS.md").symlink_to("../AGENTS.md")
    assert instructions(work / "sub") == ((("../AGENTS.md", "root"),), ())


def test_a_worktree_has_its_own_root_and_branch(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "me")
        monkeypatch.setenv(f"{name}_EMAIL", "me@here")
    git = ["git", "-C", str(work)]
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "first"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", "-b", "side", str(work / "trees" / "side")], check=True)
    tree = work / "trees" / "side"
    (work / "AGENTS.md").write_text("of the main tree")
    (tree / "AGENTS.md").write_text("of the worktree")
    (tree / "sub").mkdir()
    assert instructions(tree / "sub").files == (("../AGENTS.md", "of the worktree"),)
    assert branch(tree / "sub") == "side"


def test_a_home_folder_under_version_control_is_not_the_root_of_what_lies_in_it(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = work.parent
    monkeypatch.setenv("HOME", str(home))
    (home / ".git").mkdir()
    (home / "AGENTS.md").write_text("private")
    assert instructions(work).files == ()
    assert instructions(home).files == (("AGENTS.md", "private"),)


def test_outside_of_any_repository_the_workspace_stands_alone(work: Path) -> None:
    (work / "sub").mkdir()
    (work / "AGENTS.md").write_text("above")
    assert instructions(work / "sub").files == ()


@pytest.mark.parametrize("make", [os.mkfifo, lambda at: at.symlink_to("/dev/zero"), sparse])
@pytest.mark.parametrize("name", [".git", ".git/HEAD"])
def test_a_repository_of_strange_files_has_no_branch(work: Path, name: str, make) -> None:
    (work / name).parent.mkdir(exist_ok=True)
    make(work / name)
    assert branch(work) == ""


def test_a_file_that_grows_while_it_is_read_is_read_up_to_the_limit(work: Path) -> None:
    path = work / "growing"
    path.write_bytes(b"x" * 100)
    assert read_file(path, 100) == b"x" * 100
    path.write_bytes(b"x" * 101)
    assert read_file(path, 100, cut=True) == b"x" * 100
    with pytest.raises(FileRefused, match="larger"):
        read_file(path, 100)
