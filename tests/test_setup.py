"""`make setup` says what it does while it works; what its tools print is seen only when they fail."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOL = """#!/bin/sh
echo "noise of $*"; echo "WARNING: noise" >&2
case "$* " in *install*) test -z "$FAILING" || { echo "ERROR: no such release" >&2; exit 1; };; esac
case "$*" in *venv*) mkdir -p .venv/bin; cp "$0" .venv/bin/python;; esac
"""


def make_setup(folder: Path, tool: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run it in `folder` with a `tool` that only makes noise."""
    for name in ("Makefile", "pyproject.toml"):
        if not (folder / name).exists():
            shutil.copy(ROOT / name, folder)
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / tool).write_text(TOOL)
    (tools / tool).chmod(0o755)
    for name in ("sh", "make", "mktemp", "rm", "cat", "touch", "date", "mkdir", "cp", "test"):
        if found := shutil.which(name):
            (tools / name).exists() or (tools / name).symlink_to(found)
    env["PATH"] = str(tools)
    return subprocess.run([tools / "make", "setup"], cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("tool", "steps"),
    [
        ("python3", ["making .venv …", "updating pip …", "installing workbench and what it needs …"]),
        ("uv", ["making .venv with uv …", "installing workbench and what it needs …"]),
    ],
)
def test_each_step_is_named_and_its_noise_is_not_shown(tmp_path: Path, tool: str, steps: list[str]) -> None:
    done = make_setup(tmp_path, tool)
    assert done.returncode == 0, done.stderr
    *said, ready = done.stdout.splitlines()
    assert said == steps
    assert ready.startswith("ready in ")
    assert not done.stderr
    again = make_setup(tmp_path, tool)
    assert (again.returncode, "making" in again.stdout) == (0, False), "once is enough"


@pytest.mark.parametrize("tool", ["python3", "uv"])
def test_a_step_that_fails_shows_what_its_tool_said_and_is_tried_again(tmp_path: Path, tool: str) -> None:
    done = make_setup(tmp_path, tool, FAILING="1")
    assert done.returncode != 0
    assert "ERROR: no such release" in done.stderr
    assert "ready" not in done.stdout
    assert "ready" in make_setup(tmp_path, tool).stdout
