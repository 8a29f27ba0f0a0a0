"""The installed program where a process has an edge: a message and a documented exit code, never a traceback."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Person

CODES = {0, 1, 2, 3, 4, 129, 130, 131, 141, 143}
"""What README and `--help` document."""
ANSWER = "na\u00efve \u2013 \U0001f600 \x1b[31m"


@dataclass(frozen=True)
class Edge:
    """How the program is started, and what comes of it: exit codes by command where they are certain."""

    shell: str = 'exec "$@"'
    env: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    stdin: int | None = subprocess.DEVNULL


GONE = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
FINE = {"run": 0, "show": 0, "explain": 0, "terminal": 2}
EDGES = {
    "nothing odd": Edge(codes=FINE),
    "a working directory that is gone": Edge(GONE, codes=dict.fromkeys(("run", "show", "explain", "terminal"), 2)),
    "ASCII by its own setting": Edge(env={"PYTHONIOENCODING": "ascii"}, codes=FINE),
    "ASCII by the locale": Edge(
        env={"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, codes=FINE
    ),
    "a closed stdin": Edge('exec "$@" <&-', codes=FINE),
    "a closed stdout": Edge('exec "$@" >&-', codes={"run": 2, "show": 1, "explain": 1, "terminal": 2}),
    "a closed stderr": Edge('exec "$@" 2>&-', codes=FINE),
    "nothing open at all": Edge('exec "$@" <&- >&- 2>&-', codes={"run": 2, "show": 1, "explain": 1, "terminal": 2}),
    "a full stdout": Edge('exec "$@" >/dev/full', codes={"run": 1, "show": 1, "explain": 1, "terminal": 2}),
    "a full stderr": Edge('exec "$@" 2>/dev/full', codes=FINE),
    "a reader that is gone": Edge('"$@" | : ; exit "${PIPESTATUS[0]}"', codes={"show": 141, "explain": 141}),
    "a folder on stdin": Edge('exec "$@" <.'),  # Python itself says so, before any of ours runs
    "a home that nobody can write": Edge('unset WORKBENCH_SESSIONS; HOME=/dev/null/x exec "$@"', codes={"run": 1}),
    "no folder for temporary files": Edge(env={"TMPDIR": "/dev/null/x"}, codes=FINE),
    "Python that drops asserts and docstrings": Edge(env={"PYTHONOPTIMIZE": "2"}, codes=FINE),
    "no certificates where they are named": Edge(
        env={"SSL_CERT_FILE": "/dev/null/x", "ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "https://127.0.0.1:9"},
        codes={"run": 2},
    ),
    "a session folder that is none": Edge(env={"WORKBENCH_SESSIONS": "/dev/null/x"}, codes={"run": 1, "show": 1}),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sessions folder with one session whose answer is not ASCII, made once."""
    root = tmp_path_factory.mktemp("kept")
    (root / "work").mkdir()
    (root / "config" / "workbench").mkdir(parents=True)
    (root / "config" / "workbench" / "config.toml").write_text("retry.attempts = 1\n")
    (root / "script.json").write_text(json.dumps([{"text": ANSWER, "repeat": 0}]))
    done = start(root, "run", "hi", "--output-format", "json")
    assert done.returncode == 0, done.stderr
    (root / "id").write_text(json.loads(done.stdout)["session_id"])
    return root


def start(
    root: Path, *arguments: str, edge: Edge | None = None, input: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in `root/work`, on the sessions in `root`."""
    edge = edge or EDGES["nothing odd"]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(root), "XDG_CONFIG_HOME": str(root / "config"), "LC_ALL": "C.UTF-8"}
    env |= {"WORKBENCH_SESSIONS": str(root / "sessions"), "WORKBENCH_REHEARSAL": str(root / "script.json")}
    command = ["bash", "-c", edge.shell, "bash", str(PROGRAM), *arguments]
    stdin = {"stdin": edge.stdin} if input is None else {"input": input}
    return subprocess.run(
        command, env=env | edge.env, cwd=root / "work", capture_output=True, timeout=60, check=False, **stdin
    )


@pytest.mark.parametrize("name", EDGES)
def test_every_edge_of_a_process_ends_in_a_documented_code_and_no_traceback(
    kept: Path, tmp_path: Path, name: str
) -> None:
    root, edge = tmp_path / "root", EDGES[name]
    shutil.copytree(kept, root)
    id = (root / "id").read_text()
    commands = {
        "run": ["run", "hi", "--output-format", "json"],
        "show": ["sessions", "show", id],
        "explain": ["explain", "ls", "--json"],
        "terminal": [],
    }
    for command, arguments in commands.items():
        done = start(root, *arguments, edge=edge)
        for stream in (done.stdout, done.stderr):
            assert b"Traceback" not in stream, (command, stream)
            assert b"Exception ignored" not in stream, (command, stream)
            assert b"Error:" not in stream, (command, stream)
        assert done.returncode in CODES, (command, done)
        assert done.returncode == edge.codes.get(command, done.returncode), (command, done)
        if done.returncode and "stderr" not in name and "open at all" not in name and done.returncode != 141:
            assert done.stderr, command
        if done.returncode == 0 and command in ("run", "explain") and "stdout" not in name:
            assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("name", ["ASCII by its own setting", "ASCII by the locale"])
def test_json_says_the_same_in_ascii_and_text_shows_what_it_cannot_write(kept: Path, name: str) -> None:
    done = start(kept, "run", "hi", "--output-format", "json", edge=EDGES[name])
    assert json.loads(done.stdout.decode("ascii"))["text"] == ANSWER
    done = start(kept, "run", "hi", edge=EDGES[name])
    assert done.stdout.decode("ascii") == "na\\xefve \\u2013 \\U0001f600 \x1b[31m\n"


def test_a_prompt_as_long_as_an_argument_can_be_is_taken(kept: Path) -> None:
    done = start(kept, "run", "word " * 26_000, "--output-format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["text"] == ANSWER


def test_what_a_usage_error_repeats_is_visible(kept: Path) -> None:
    for arguments in (["--bo\x1b[2Jgus"], ["run", "--bo\x1b[2Jgus"], ["bo\x1b[2Jgus"], ["sessions", "x\x9b"]):
        done = start(kept, *arguments)
        assert done.returncode == 2
        assert not {0x1B, 0x9B} & set(done.stderr.decode().encode("latin-1", "replace")), done.stderr


@pytest.mark.parametrize("name", ["ASCII by its own setting", "ASCII by the locale"])
def test_the_screen_is_drawn_in_an_ascii_locale_too(kept: Path, name: str) -> None:
    env = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "HOME": str(kept), "XDG_CONFIG_HOME": str(kept / "c")}
    env |= {"WORKBENCH_SESSIONS": str(kept / "others")} | EDGES[name].env
    person = Person([str(PROGRAM)], env=env, cwd=kept / "work", columns=90, rows=24)
    try:
        person.wait_for("Ask for something...", within=30)
        assert person.text.isascii()
        person.hang_up()
        assert person.ended() == 129
    finally:
        person.close()
