"""Runs against a strict Messages API: a prompt, the next prompt, and what the journal holds of it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.e2e.person import PROGRAM
from tests.strict_api import StrictApi
from workbench.cli.root import root


@dataclass(frozen=True)
class Ended:
    """What a run left."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, Any]:
        """The result of `--output-format json`, or the last line of stream-json."""
        return json.loads(self.out if self.out.startswith("{\n") else self.out.rstrip("\n").rpartition("\n")[2])

    @property
    def text(self) -> str:
        return str(self.result["text"])

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of `--output-format stream-json`."""
        return [json.loads(line)["event"] for line in self.out.rstrip("\n").split("\n")[:-1]]

    def told(self, type: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == type]


@dataclass
class Desk:
    """A project and the environment in which the workbench runs there; `api` answers."""

    project: Path
    env: dict[str, str]
    api: StrictApi

    def configure(self, text: str) -> None:
        """The person's settings."""
        file = Path(self.env["XDG_CONFIG_HOME"]) / "workbench" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @property
    def whole_env(self) -> dict[str, str]:
        """What leads to the server; what the test sets itself stands."""
        return {"ANTHROPIC_BASE_URL": self.api.url, "ANTHROPIC_API_KEY": self.api.endpoint.key} | self.env

    def run(self, prompt: str, *arguments: str, form: str = "stream-json") -> Ended:
        """`workbench run` in this process: the whole program but its own start."""
        command = ["--workspace", str(self.project), "run", prompt, "--output-format", form, *arguments]
        with _environment(self.whole_env):
            result = CliRunner().invoke(root, command)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return _checked(Ended(result.exit_code, result.stdout, result.stderr))

    def go_on(self, prompt: str = "and now?", *arguments: str, form: str = "stream-json") -> Ended:
        """The next turn of the same session."""
        return self.run(prompt, "--continue", *arguments, form=form)

    def installed(self, prompt: str, *arguments: str) -> Ended:
        """The same with the installed program, as a process of its own, and one JSON result."""
        command = [str(PROGRAM), "--workspace", str(self.project), "run", prompt, "--output-format", "json", *arguments]
        ran = subprocess.run(command, env=self.whole_env, capture_output=True, text=True, timeout=120, check=False)
        return _checked(Ended(ran.returncode, ran.stdout, ran.stderr))


def _checked(ended: Ended) -> Ended:
    assert "Traceback" not in ended.out + ended.err
    return ended


@contextmanager
def _environment(env: dict[str, str]) -> Iterator[None]:
    """The process's environment replaced while it is open."""
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
