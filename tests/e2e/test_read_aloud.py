"""The linear mode from the command line, in a real pty: words alone, lines as they end, no ticking."""

import re
from pathlib import Path

from tests.e2e.person import Opened

MARKS = re.compile("[\u2500-\u25ff✓✗⊘]")


def test_a_session_in_sentences(opened: Opened, project: Path) -> None:
    answer = "First it counts.\n\n" + "Then it waits for a while. " * 9 + "\n\nAt last it ends."
    script: list[object] = [
        {"calls": [{"tool": "shell", "arguments": {"command": "touch made"}}]},
        {"text": answer, "pace": 60},
    ]
    person = opened("--linear", size=(80, 24), script=script)
    person.wait_for("waits for your words", within=20)
    person.type("go on")
    person.wait_for("  go on", within=10)
    person.type("\r")
    person.wait_for("Run this command?", within=20)
    person.wait_for("closes unanswered at", within=10)
    person.rest(1)
    mark = len(person.sent)
    person.rest(2.2)
    assert len(person.sent) == mark, person.sent[mark:]
    person.type("1")
    person.wait_for("answer: First it counts.", within=20)
    assert "At last" not in person.text
    person.wait_for("At last it ends.", within=20)
    person.wait_for("turn over", within=20)
    assert (project / "made").exists()
    person.type("/status\r")
    person.wait_for("now: nothing runs", within=10)
    assert not MARKS.search(person.sent.decode(errors="replace"))
    person.type("\x1b")
    person.wait_without("now: nothing runs", within=10)
    person.type("\x03\x03")
    assert person.ended() == 0
