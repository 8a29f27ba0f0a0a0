"""The prompt in a person's own editor: the terminal comes back from it, however the editor ends."""

import time
from pathlib import Path

import pytest

from tests.e2e.person import Opened


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("false", "the prompt is as it was"),
        ("sh -c 'exit 3' --", "ended with code 3"),
        ("sh -c 'kill -9 $$' --", "ended with code -9"),
        ("/nowhere/editor", "/nowhere/editor did not work: No such file or directory"),
        ("vi '", "vi ' did not work: No closing quotation"),
    ],
)
def test_an_editor_that_fails_leaves_the_screen_and_the_prompt(
    opened: Opened, env: dict[str, str], editor: str, said: str
) -> None:
    env["EDITOR"] = editor
    person = opened()
    person.wait_for("Ask for something", within=20)
    person.type("keep these words")
    person.wait_for("▌  keep these words", within=10)
    person.type("\x07")
    person.wait_for(said, within=10)
    person.type(" and more")
    person.wait_for("▌  keep these words and more", within=10)


def test_what_an_editor_wrote_is_the_prompt(opened: Opened, env: dict[str, str]) -> None:
    env["EDITOR"] = "sed -i s/these/other/"
    person = opened()
    person.wait_for("Ask for something", within=20)
    person.type("keep these words")
    person.wait_for("▌  keep these words", within=10)
    person.type("\x07")
    person.wait_for("▌  keep other words", within=10)


def test_ctrl_c_in_an_editor_is_the_editors_and_the_workbench_stays(
    opened: Opened, env: dict[str, str], tmp_path: Path
) -> None:
    env["EDITOR"] = f"sh -c 'touch {tmp_path}/open; sleep 60' --"
    person = opened()
    person.wait_for("Ask for something", within=20)
    person.type("keep these words")
    person.wait_for("▌  keep these words", within=10)
    person.type("\x07")
    until = time.monotonic() + 10
    while not (tmp_path / "open").exists() and time.monotonic() < until:
        person.pump(0.05)
    person.type("\x03")
    person.wait_for("the prompt is as it was", within=10)
    person.type(" and more")
    person.wait_for("▌  keep these words and more", within=10)
