"""Bytes at random into the workbench: only enter sends, only an answer answers, and a draft is what was typed."""

import os
import re
import time
from pathlib import Path

import pytest

from tests.e2e.keyboard import Keyboard, ReferenceEditor
from tests.e2e.person import Opened, Person

SEED = int(os.environ.get("BYTES_SEED", "20261128"))
CHUNKS, QUESTION_CHUNKS, CHECKED_EVERY = 8_500, 1_500, 250
DELETE_ALL = "\x1b[18~\x7f"
OURS = re.compile(
    rb"\x1b(?:\[[0-9;:]*m|\[[0-9;]*H|\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|25|7)[hl]"
    rb"|\[\?(?:2026|2048)\$p|\[[<>=?][0-9;]*u|\[[0-9]* q|\[2[23];0t"
    rb"|\](?:2|8|9|11|22|777);[^\x00-\x1f\x7f]*(?:\x07|\x1b\\))"
)
"""Every sequence that the workbench sends: colours, places, modes, questions, titles and links."""


def foreign(sent: bytes) -> list[bytes]:
    """What acts on a terminal and is none of ours."""
    rest = OURS.sub(b"", sent).replace(b"\x07", b"")  # the bell rings for a question
    return re.findall(rb"\x1b.{0,12}|[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", rest, re.DOTALL)


def tell_apart(written: str, wanted: str) -> str:
    """Both from where they differ."""
    same = next((at for at, pair in enumerate(zip(written, wanted, strict=False)) if pair[0] != pair[1]), 0)
    return f"{written[same:][:30]!r} is not {wanted[same:][:30]!r}"


def sent_prompts(project: Path) -> int:
    return sum(
        file.read_text().count('"type":"TurnStarted"') for file in (project.parent / "sessions").glob("*.jsonlog")
    )


class Draft:
    """Reads the prompt through the person's own editor, which only copies it."""

    def __init__(self, project: Path, env: dict[str, str]) -> None:
        self._copy = project.parent / "copy"
        program = project.parent / "editor.sh"
        program.write_text(f'#!/bin/sh\ncp "$1" {self._copy}.part\nmv {self._copy}.part {self._copy}\n')
        program.chmod(0o755)
        env |= {"EDITOR": str(program), "ESCDELAY": "2000", "TMPDIR": str(project.parent)}
        env.pop("VISUAL", None)

    def read(self, person: Person) -> str:
        self._copy.unlink(missing_ok=True)
        begin = len(person.sent)
        person.type("\x07")
        until = time.monotonic() + 120
        while not (self._copy.exists() and b"\x1b[?2004h" in person.sent[begin:]):
            person.pump(0.02, draw=False)
            assert time.monotonic() < until, "the prompt was not given to the editor"
        return self._copy.read_text(encoding="utf-8")


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_a_draft_is_what_a_reference_editor_has_and_nothing_is_sent(
    opened: Opened, project: Path, env: dict[str, str]
) -> None:
    draft, keyboard, editor = Draft(project, env), Keyboard(SEED), ReferenceEditor()
    person = opened(script=[{"text": "well.", "repeat": 0}])
    person.wait_for("Ask for something", within=20)
    for number in range(1, CHUNKS + 1):
        for part in keyboard.split(keyboard.chunk(editor)):
            person.write(part)
            person.pump(draw=False)
        if number % CHECKED_EVERY == 0:
            written = draft.read(person)
            assert written == editor.text, f"seed {SEED}, chunk {number}: {tell_apart(written, editor.text)}"
            person.type(DELETE_ALL)
            editor = ReferenceEditor()
    person.stand_still()  # else what was read may end within a sequence
    assert sent_prompts(project) == 0
    assert foreign(person.sent) == []


@pytest.mark.torture
def test_no_answer_is_given_without_an_answer(opened: Opened, project: Path) -> None:
    keyboard = Keyboard(SEED + 1)
    person = opened(
        script=[{"calls": [{"tool": "shell", "arguments": {"command": "touch made"}}]}, {"text": "so be it."}]
    )
    person.ask("go")
    person.wait_for("Run this command?", within=20)
    for number in range(QUESTION_CHUNKS):
        for part in keyboard.split(keyboard.nothing()):
            person.write(part)
            person.pump(draw=number % 100 == 0)
    until = time.monotonic() + 2
    while time.monotonic() < until:
        person.pump(0.05)
    assert "Run this command?" in person.text, f"seed {SEED}"
    assert not (project / "made").exists()
    assert foreign(person.sent) == []
