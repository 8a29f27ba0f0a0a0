"""The installed program in a pty, in a small project of its own."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Opened, Person
from tests.e2e.strict_person import Desk
from tests.strict_api import StrictApi


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a folder nobody needs."""
    root = tmp_path / "tally"
    for name, text in {
        "README.md": "# Tally\n\nCounts words in text files.\n",
        "src/tally.py": "def count(words):\n    return len(words)\n",
        "old/notes.txt": "long ago\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment without keys, with a sessions folder and settings of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "LANG") if name in os.environ}
    own = {"WORKBENCH_SESSIONS": str(tmp_path / "sessions"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    return kept | own | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def opened(project: Path, env: dict[str, str]) -> Iterator[Opened]:
    """Opens the workbench in the project, as often as asked."""
    people: list[Person] = []

    def start(
        *arguments: str, size: tuple[int, int] = (100, 30), script: list[object] | None = None, cold: bool = False
    ) -> Person:
        extra = {}
        if script is not None:
            path = project.parent / "script.json"
            path.write_text(json.dumps(script))
            extra = {"WORKBENCH_REHEARSAL": str(path)}
        command = [str(PROGRAM), *arguments]
        people.append(Person(command, env=env | extra, cwd=project, cold=cold, columns=size[0], rows=size[1]))
        return people[-1]

    yield start
    for person in people:
        person.close()


@pytest.fixture
def desk(project: Path, env: dict[str, str], tmp_path: Path) -> Iterator[Desk]:
    """The project, and a server that answers ok to whatever it does not refuse."""
    own = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "data")}
    with StrictApi() as api:
        yield Desk(project, env | own, api)
