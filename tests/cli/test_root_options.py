"""The root options stand before or after the subcommand alike, in every subcommand to which they apply."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from workbench.cli.root import ALL, OPTIONS, RootOptions, root
from workbench.cli.shared import Where

Parsed = list[Where]
REQUIRED = {"session": "1a2b", "file": "kept.json", "title": "new", "line": "ls", "prompt": "hi"}
"""An argument for each that a command takes."""


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], RootOptions]]:
    """Every command by its words, the root alone first."""
    if not path:
        assert isinstance(group, RootOptions)
        yield path, group
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert isinstance(command, RootOptions), f"{name} does not know the root options"
            if isinstance(command, click.Group):
                yield from leaves(command, (*path, name))
            else:
                yield (*path, name), command


LEAVES = dict(leaves(root))
VALUES = {"provider": "rehearsal", "model": "m", "sessions": "kept", "theme": "chalk", "workspace": "w"}
VALUES |= {"add_dirs": ".", "resume_id": "1a2b", "resume_last": "", "linear": ""}
OTHERS = VALUES | {"provider": "endpoint", "model": "n", "sessions": "else", "theme": "daylight", "workspace": "x"}
OTHERS |= {"add_dirs": "..", "resume_id": "ffff"}


def written(name: str, values: dict[str, str]) -> list[str]:
    """The option as it is typed."""
    flag = next(option.opts[0] for option in OPTIONS if option.name == name)
    return [flag, *([values[name]] if values[name] else [])]


def arguments(command: click.Command) -> list[str]:
    return [REQUIRED[each.name or ""] for each in command.params if isinstance(each, click.Argument)]


def taken(where: Where, name: str) -> object:
    """What the option came to, as it was typed."""
    value = getattr(where, name)
    return [str(each) for each in value] if name == "add_dirs" else "" if value is True else str(value)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """What commands were started with; none of them does anything."""
    seen: Parsed = []

    def record(**_: object) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            seen.append(context.ensure_object(Where))

    for command in LEAVES.values():
        monkeypatch.setattr(command, "callback", record)
    return seen


def invoke(*words: str) -> Result:
    return CliRunner().invoke(root, list(words), prog_name="workbench")


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
@pytest.mark.parametrize("name", ALL)
def test_an_option_says_the_same_before_and_after_or_is_refused_in_both_places(
    parsed: Parsed, path: tuple[str, ...], name: str
) -> None:
    command = LEAVES[path]
    option, needed = written(name, VALUES), arguments(command)
    places = [[*path[:place], *option, *path[place:], *needed] for place in range(len(path) + 1)]
    ended = [invoke(*words) for words in [*places, [*path, *needed, *option]]]
    if name in command.takes:
        assert [each.exit_code for each in ended] == [0] * len(ended), ended[-1].output
        expected = [str(Path.cwd())] if name == "add_dirs" else VALUES[name]
        assert [taken(each, name) for each in parsed] == [expected] * len(ended)
    else:
        assert not parsed
        for each in ended:
            assert each.exit_code == 2
            assert f"{option[0]} does not apply to `workbench {path[0]}" in each.stderr


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, command in LEAVES.items() for name in command.takes if path], ids=str
)
def test_the_later_one_wins_and_folders_add_up(parsed: Parsed, path: tuple[str, ...], name: str) -> None:
    command = LEAVES[path]
    before, after = written(name, VALUES), written(name, OTHERS)
    assert invoke(*before, *path, *arguments(command), *after).exit_code == 0
    both = [str(Path.cwd()), str(Path.cwd().parent)]
    assert taken(parsed[0], name) == (both if name == "add_dirs" else OTHERS[name])


def test_continue_and_resume_replace_each_other(parsed: Parsed) -> None:
    assert invoke("--continue", "run", "hi", "--resume", "1a2b").exit_code == 0
    assert invoke("--resume", "1a2b", "run", "hi", "--continue").exit_code == 0
    assert [(where.resume_last, where.resume_id) for where in parsed] == [(False, "1a2b"), (True, "")]


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_help_lists_the_options_that_apply_and_no_other(path: tuple[str, ...]) -> None:
    text = invoke(*path, "--help").output
    for option in OPTIONS:
        assert (f"  {option.opts[0]} " in text) == (option.name in LEAVES[path].takes), option.name


def test_an_added_folder_is_absolute_and_must_be_there(parsed: Parsed, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("")
    assert invoke("run", "hi", "--add-dir", str(tmp_path / "link")).exit_code == 0
    assert parsed[0].add_dirs == ((tmp_path / "real").resolve(),)
    for name, said in (("none", "does not exist"), ("file", "is not a folder")):
        ended = invoke("run", "hi", "--add-dir", str(tmp_path / name))
        assert ended.exit_code == 2
        assert str(tmp_path / name) in ended.stderr
        assert said in ended.stderr


def test_an_added_folder_reaches_what_is_chosen(tmp_path: Path) -> None:
    from workbench.cli.shared import choose_for

    assert choose_for(Where(workspace=tmp_path, add_dirs=(tmp_path,))).choice.add_dirs == (tmp_path,)


SILENT = {(), ("run",), ("sessions", "rename"), ("sessions", "delete")}
"""They print no data, or have formats of their own."""


@pytest.mark.parametrize("path", sorted(LEAVES.keys() - SILENT), ids=" ".join)
def test_every_command_that_prints_data_has_json(path: tuple[str, ...]) -> None:
    assert "  --json " in invoke(*path, "--help").output


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_what_is_not_understood_is_a_usage_error_that_says_what_to_do(path: tuple[str, ...]) -> None:
    for words in ([*path, "--bogus"], [*path, *arguments(LEAVES[path]), "one", "more", "than", "it takes"]):
        ended = invoke(*words)
        assert ended.exit_code == 2, words
        assert "--help" in ended.stderr


@pytest.mark.parametrize("value", ["", "  "])
@pytest.mark.parametrize("flag", ["--workspace", "--sessions", "--add-dir", "--model", "--resume"])
def test_an_option_that_a_variable_left_empty_is_refused_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(root, ["run", "hi", flag, value])
    assert (ended.exit_code, flag in ended.stderr, "empty" in ended.stderr) == (2, True, True)
    assert not list(tmp_path.iterdir())
