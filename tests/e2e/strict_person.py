"""Runs against a strict Messages API: a prompt, the next prompt, and what the journal holds of it."""

import json
import os
import subprocess
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

    def serve(self, api: StrictApi) -> None:
        """From now on another server answers."""
        self.api = api

    @property
    def whole_env(self) -> dict[str, str]:
        return self.env | {"ANTHROPIC_BASE_URL": self.api.url, "ANTHROPIC_API_KEY": self.api.endpoint.key}

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


class _environment:
    """The process's environment replaced while it is open."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env, self._kept = env, dict(os.environ)

    def __enter__(self) -> None:
        os.environ.clear()
        os.environ.update(self._env)

    def __exit__(self, *_: object) -> None:
        os.environ.clear()
        os.environ.update(self._kept)
