"""What stands in sessions, files and arguments never acts on the terminal that a command writes to."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.shop import Shop

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp\x08\x08.exe"
ANSWER = f"It says {EVIL}."
SCRIPT = [
    {"text": f"I read {EVIL}.", "calls": [{"tool": "shell", "arguments": {"command": f"rm '{EVIL}'"}}]},
    {"text": ANSWER, "repeat": 0},
]


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands write to a terminal."""
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda stream: True)


@pytest.fixture
def talked(shop: Shop) -> str:
    """The id of a session that is full of such characters."""
    assert shop("run", f"say {EVIL}", script=SCRIPT).code == 3
    return shop.journals()[0].name.partition(".")[0]


def assert_harmless(text: str) -> None:
    assert not {"\x1b", "\x07", "\x08", "\x9b", "\u202e"} & set(text), text


@pytest.mark.usefixtures("on_a_terminal")
def test_no_command_writes_them_to_a_terminal(shop: Shop, talked: str, tmp_path: Path) -> None:
    id = talked
    shutil.copy(shop.journals()[0], shop.sessions / f"{id[:4]}\x1b]0;owned\x07.session.jsonlog")
    for arguments in (
        *(["run", f"say {EVIL}", "--output-format", form] for form in ("text", "json", "stream-json")),
        *(["sessions", "list", *more] for more in ([], ["--json"])),
        *(["sessions", "show", id, *more] for more in ([], ["--json"])),
        *(["sessions", "export", id, *more] for more in ([], ["--json"], ["--format", "markdown"])),
        ["sessions", "show", id[:4]],
        ["sessions", "delete", id[:4], "--yes"],
        ["sessions", "export", id, "-o", f"/dev/null/{EVIL}"],
        ["sessions", "import", f"none {EVIL}"],
        ["sessions", "rename", id, f"title {EVIL}"],
        ["sessions", "rename", id, EVIL * 40],
        *(["window", id, *more] for more in ([], ["--json"])),
        *(["compact", id, "--dry-run", *more] for more in ([], ["--json"])),
        *(["handoff", id, "--dry-run", *more] for more in ([], ["--json"])),
        *(["explain", f"rm '{EVIL}'", *more] for more in ([], ["--json"])),
        ["run", "hi", "--resume", f"no {EVIL}"],
        ["run", "hi", "--workspace", f"no {EVIL}"],
        ["run", "hi", "--add-dir", f"no {EVIL}"],
        ["run", "hi", "--sessions", str(tmp_path / f"no {EVIL}")],
        ["run", "hi", "--model", f"no {EVIL}"],
        ["run", "hi", "--approve", f"no {EVIL}"],
        [f"--no{EVIL}"],
        [f"no{EVIL}"],
        ["sessions", f"no{EVIL}"],
    ):
        ended = shop(*arguments, script=SCRIPT)
        assert ended.code in (0, 1, 2, 3), arguments
        assert_harmless(ended.out)
        assert_harmless(ended.err)


def test_a_pipe_gets_the_models_text_as_it_is_and_json_that_says_the_same(shop: Shop, talked: str) -> None:
    ended = shop("run", "again", script=SCRIPT[1:])
    assert ended.out == f"{ANSWER}\n"
    result = shop("run", "again", "--output-format", "json", script=SCRIPT[1:])
    assert result.json["text"] == ANSWER
    assert_harmless(result.out)
    exported = shop("sessions", "export", talked)
    assert_harmless(exported.out)
    assert ANSWER in [event["event"].get("text") for event in json.loads(exported.out)["events"]]
    assert ANSWER in shop("sessions", "export", talked, "--format", "markdown").out
