"""Real bytes into the workbench: keys in order, pastes that are only text, sequences that are never typed."""

import json
import re
import time
from pathlib import Path

from tests.e2e.person import Opened, Person

ANSWERS: list[object] = [{"text": "well.", "repeat": 0}]
ASKS: list[object] = [{"calls": [{"tool": "shell", "arguments": {"command": "touch made"}}]}, {"text": "so be it."}]
START, END = b"\x1b[200~", b"\x1b[201~"
EMPTY = b"\x1b[18~\x7f"
"""F7 chooses the whole draft, backspace deletes it."""

TYPED = [
    (b"hello wor\x7f\x7f\x7fthere", "hello there"),
    (b"abc\x1b[D\x1b[D\x1b[DZ", "Zabc"),
    (b"one two\x17three", "one three"),
    (b"late\x01so \x05r", "so later"),
    (b"ab" + START + b"cd" + END + b"\x7f\x7fe", "abe"),
    (b"x\x1b[32uy\x1b[57413u\x1b[57404;129u\x1b[97:65;2uz\x1b[98;1:3u\x1b[99;;99u\x1b[27;2;66~", "x y+5AzcB"),
    (b"\x1bOq\x1bOk\x1bOr\x1bOX\x1bOs", "1+2=3"),
    (b"\x1b[0;;20320:22909u\x1b[100;1:2u\x1b[127;2u", "你好"),
    ("a\u3000b\u00a0c".encode(), "a\u3000b\u00a0c"),
    (b"caf\xc3\xa9 \xff \x00.", "café \ufffd ."),
    (b"w\x1b[<64;10;10M\x1b[M\x60\x25\xf0\x1b[96;3;4Mx", "wx"),
    (b"y\x1b[?1;2c\x1b]11;rgb:1e/1e/1e\x1b\\\x1bP1$r0m\x1b\\\x1b[?2026;2$y\x1b[3;4R\x1b_Gi=1;OK\x1b\\z", "yz"),
    (b"\x1bn\x1b1\x1b[110;3uno alt", "no alt"),
]

PASTED = [
    ((START + b"\x1b[1mWARN\x1b[0m disk" + END,), "WARN disk"),
    ((START + b"a\x1b[A\x1bOP\x03\x04\x1b\x1b\x0bb" + END,), "ab"),
    ((START + b"one " + START[:4], START[4:] + b"two" + END), "one two"),
    ((START + b"one" + END[:3], END[3:] + b"x"), "onex"),
    ((START + b"one" + END[:1], END[1:] + b"x"), "onex"),
    ((START + b"s\xc3", b"\xa9t" + END), "sét"),
    ((START + b"one" + END + b"rm x\r" + END,), "onerm x"),
    ((END + b"end alone",), "end alone"),
]


def sent(project: Path) -> list[str]:
    """The prompts that the newest session's file has."""
    text = "".join(file.read_text() for file in (project.parent / "sessions").glob("*.session.jsonlog"))
    found = re.findall(r'"type":"TurnStarted".*?"prompt":("(?:[^"\\]|\\.)*")', text)
    return [str(json.loads(prompt)) for prompt in found]


def ready(opened: Opened, script: list[object] = ANSWERS) -> Person:
    person = opened(script=script)
    person.wait_for("Ask for something", within=20)
    return person


def asked(opened: Opened) -> Person:
    """A question is open: may a command run?"""
    person = ready(opened, ASKS)
    person.ask("go")
    person.wait_for("Run this command?", within=20)
    return person


def pause(person: Person, seconds: float) -> None:
    """Read what is drawn for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person.pump(0.05)


def test_what_comes_in_one_read_is_as_if_typed_one_by_one(opened: Opened, project: Path) -> None:
    person = ready(opened)
    for typed, shown in TYPED:
        person.write(typed)
        person.wait_for(f"▌  {shown} ", within=10)
        person.write(EMPTY)
        person.wait_for("Ask for something", within=10)
    assert sent(project) == []


def test_enter_in_one_read_sends_what_stood_there_and_what_follows_is_the_next_draft(
    opened: Opened, project: Path
) -> None:
    person = ready(opened)
    person.write(b"rm foo2\x7f\rnext")
    person.wait_for("well.", within=20)
    person.wait_for("▌  next ", within=10)
    assert sent(project) == ["rm foo"]


def test_a_slash_command_in_one_read_is_chosen_as_if_typed(opened: Opened, project: Path) -> None:
    person = ready(opened)
    person.write(b"/hel\r")
    person.wait_for("Keys and commands", within=10)
    assert sent(project) == []


def test_a_choice_and_its_note_in_one_read(opened: Opened, project: Path) -> None:
    person = asked(opened)
    person.write(b"4too early\x7f\x7f\x7f\x7f\x7fsoon\r")
    person.wait_for("so be it.", within=20)
    assert "too soon" in person.text
    assert not (project / "made").exists()


def test_enter_with_any_modifier_begins_a_new_line(opened: Opened, project: Path) -> None:
    legacy = (b"\x1b\r", b"\x1b\n", b"\n")
    reported = (b"\x1b[13;3u", b"\x1b[13;2u", b"\x1b[13;5u", b"\x1b[57414;2u", b"\x1b[106;5u", b"\x1b[13;9:1u")
    enters = (*legacy, *reported, b"\x1b[27;3;13~", b"\x1b[27;2;13~")
    person = ready(opened)
    person.write(b"".join(b"x" + enter for enter in enters) + b"end")
    person.wait_for("▌  end ", within=10)
    assert sent(project) == []
    person.write(b"\r")
    person.wait_for("well.", within=20)
    assert sent(project) == ["x\n" * len(enters) + "end"]


def test_a_paste_is_one_text_whatever_it_holds_and_however_it_is_split(opened: Opened, project: Path) -> None:
    person = ready(opened)
    for pieces, shown in PASTED:
        for piece in pieces:
            person.write(piece)
            pause(person, 0.2)
        person.wait_for(f"▌  {shown} ", within=10)
        person.write(EMPTY)
        person.wait_for("Ask for something", within=10)
    assert sent(project) == []


def test_the_line_ends_of_a_paste_are_line_ends_and_send_nothing(opened: Opened, project: Path) -> None:
    person = ready(opened)
    person.write(START + b"one\rtwo\r\nthree\n" + END)
    person.wait_for("▌  three", within=10)
    assert sent(project) == []
    person.write(b"x\r")
    person.wait_for("well.", within=20)
    assert sent(project) == ["one\ntwo\nthree\nx"]


def test_a_paste_without_an_end_is_text_and_the_next_key_is_a_key(opened: Opened, project: Path) -> None:
    person = ready(opened)
    person.write(START + b"half\rof it")
    person.wait_for("▌  of it", within=10)
    person.write(b"\r")
    person.wait_for("well.", within=20)
    assert sent(project) == ["half\nof it"]


def test_a_paste_into_a_question_answers_nothing(opened: Opened, project: Path) -> None:
    person = asked(opened)
    for pasted in (b"1", b"1\r\r", b"y\r\n\x1b[A\r", b"4\rbecause\r", b"\x1b\x1b\x1b"):
        person.write(START + pasted + END)
    pause(person, 1.0)
    assert "Run this command?" in person.text
    assert not (project / "made").exists()


def test_a_note_takes_a_paste(opened: Opened, project: Path) -> None:
    person = asked(opened)
    person.write(b"4" + START + b"not \x1b[1mnow\x1b[0m" + END)
    person.wait_for("not now", within=10)
    assert not (project / "made").exists()


def test_what_is_typed_while_the_transcript_has_the_focus_goes_to_the_prompt(opened: Opened, project: Path) -> None:
    person = ready(opened)
    person.ask("go")
    person.settled("well.")
    person.write(b"\x1b[Z")  # shift+tab: from the prompt to the transcript
    person.wait_for("y copy", within=10)
    person.write(b"what now?")
    person.wait_for("▌  what now? ", within=10)
    person.wait_without("y copy", within=10)
    person.write(b"\x1b[Z" + START + b" pasted" + END)
    person.wait_for("▌  what now? pasted ", within=10)
    person.write(b"\x1b[<0;9999;9999M\x1b[<0;9999;9999m!")
    person.wait_for("▌  what now? pasted! ", within=10)


STREAMS: list[object] = [{"text": "word " * 900, "pace": 20}]


def test_an_esc_whose_rest_comes_late_over_ssh_stops_nothing(opened: Opened, env: dict[str, str]) -> None:
    env["SSH_CONNECTION"] = "192.0.2.1 50000 192.0.2.2 22"
    person = ready(opened, STREAMS)
    person.write(b"go\r")
    person.wait_for("word word", within=20)
    person.write(b"\x1b")
    pause(person, 0.15)
    person.write(b"[<35;40;12Mdraft")
    person.wait_for("▌  draft ", within=10)
    assert "stops" in person.text, "the turn still runs"


def test_an_esc_stops_at_once_and_the_rest_of_a_sequence_is_not_typed(opened: Opened) -> None:
    person = ready(opened, STREAMS)
    person.write(b"go\r")
    person.wait_for("word word", within=20)
    person.write(b"\x1b")
    person.wait_for("stopped", within=3)
    person.write(b"[<35;40;12Mdraft")
    person.wait_for("▌  draft ", within=10)
