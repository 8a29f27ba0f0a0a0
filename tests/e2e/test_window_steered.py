"""F2 at a real terminal: pinned, dropped and compacted there, the window is the one that the command line tells."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Opened, Person
from workbench.core import figures

READ = {"calls": [{"tool": "read", "arguments": {"file_path": "README.md"}}]}
SEARCH = {"calls": [{"tool": "read", "arguments": {"file_path": "src/tally.py"}}]}
F2, F8, DOWN = "\x1bOQ", "\x1b[19~", "\x1b[B"


def told(project: Path, env: dict[str, str]) -> dict[str, object]:
    """The window of the one session, as the command line tells it."""
    [session] = [path.name.partition(".")[0] for path in Path(env["WORKBENCH_SESSIONS"]).glob("*.session.jsonlog")]
    command = [str(PROGRAM), "window", session, "--json"]
    ran = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def filter_to(person: Person, words: str) -> None:
    """Show only rows with `words`."""
    person.type("/")
    person.wait_for("enter to the rows", within=10)
    person.type(words)
    person.wait_for(" of ", within=10)
    person.type("\r")
    person.wait_for("found", "space select", within=10)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_what_is_pinned_and_dropped_there_agrees_with_the_command_line(
    opened: Opened, project: Path, env: dict[str, str], size: tuple[int, int]
) -> None:
    script: list[object] = [READ, SEARCH, {"text": "Both were read.", "confidence": 0.9}]
    person = opened(size=size, script=script)
    person.ask("read both")
    person.settled("Both were read.")
    person.type(F2)
    person.wait_for("system prompt", within=10)
    before = told(project, env)
    assert f"{figures.tokens(float(str(before['total'])))} of" in person.text

    filter_to(person, "readme")
    person.type("p")
    person.wait_for("u unmark", "esc show all", within=10)
    person.type("\x1b")
    person.wait_for("esc back", within=10)
    filter_to(person, "tally.py")
    person.type("d")
    person.wait_for("IF YOU DROP THE MARKED ONE", within=10)
    marks = {block["id"]: block["pinned"] for block in told(project, env)["blocks"]}  # type: ignore[attr-defined]
    assert sum(marks.values()) >= 1
    person.type(F8)
    person.wait_for("Compact the window", within=10)
    person.type(F8)
    person.wait_without("Compact the window", within=10)
    person.type(F2)
    person.wait_for("system prompt", within=10)
    person.wait_for("OUT OF THE WINDOW", within=10)
    after = told(project, env)
    assert float(str(after["total"])) < float(str(before["total"]))
    assert f"{figures.tokens(float(str(after['total'])))} of" in person.text
    texts = [block["id"] for block in after["blocks"]]  # type: ignore[attr-defined]
    assert len(texts) < len(marks)
