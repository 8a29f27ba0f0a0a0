"""Questions at a real terminal: a sentence answers nothing, what hides is shown, an answer is shown once."""

from pathlib import Path
from random import Random

from tests.e2e.person import Opened


def test_a_sentence_that_was_meant_for_the_prompt_runs_nothing(opened: Opened, project: Path) -> None:
    person = opened(size=(100, 30))
    person.ask("delete the folder old")
    person.wait_for("Run this command?", within=20)
    person.wait_for("unanswered in", within=10)
    person.type("no wait 2 things")
    person.type("\r")
    person.wait_for("keys ignored: choose with", within=10)
    person.pump(0.5)
    assert "Run this command?" in person.text
    assert (project / "old" / "notes.txt").exists()
    person.type("\x1b")
    person.wait_without("Run this command?", within=10)
    assert (project / "old" / "notes.txt").exists()


def test_a_command_behind_eighty_blank_lines_is_in_view(opened: Opened) -> None:
    line = "make check" + "\n" * 80 + "touch made; rm -rf old"
    script: list[object] = [{"calls": [{"tool": "shell", "arguments": {"command": line}}]}, {"text": "done"}]
    person = opened(size=(80, 24), script=script)
    person.ask("go on")
    person.wait_for("Run this command?", within=20)
    person.wait_for("rm -rf old", within=10)
    assert "79 blank lines" in person.text


def test_an_answer_that_crosses_a_tier_is_shown_once(opened: Opened, project: Path) -> None:
    (project / ".workbench.toml").write_text("[budget]\nsession_usd = 0.1\n")
    answer = {"text": "A single answer about it.", "pace": 20, "usage": {"output_tokens": 3_200}, "confidence": 0.9}
    person = opened(size=(120, 40), script=[answer])
    person.ask("go on")
    person.wait_for("tier ", within=20)
    person.wait_for("0.90 sent", within=20)
    assert person.text.count("A single answer about it.") == 1
    assert "it.▌" not in person.text


def test_random_sentences_answer_nothing(opened: Opened, project: Path) -> None:
    chance = Random(19)
    script: list[object] = [{"calls": [{"tool": "shell", "arguments": {"command": "touch made"}}]}, {"text": "ok"}]
    person = opened(size=(80, 24), script=script)
    person.ask("go on")
    person.wait_for("Run this command?", within=20)
    person.wait_for("unanswered in", within=10)
    for _ in range(100):
        words = "".join(chance.choice("abcdjkny 1234é你\t\x7f") for _ in range(chance.randint(1, 12)))
        person.write(f"x{words}\r".encode())
        person.pump(draw=False)
    person.wait_for("keys ignored: choose with", within=10)
    assert "Run this command?" in person.text
    assert not (project / "made").exists()
