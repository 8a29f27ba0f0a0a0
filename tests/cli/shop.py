"""Runs commands in this process, in a small project, without keys and with folders of their own."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from workbench.cli.root import root

PROGRAM = Path(sys.executable).parent / "workbench"
CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_PROFILE")


@dataclass(frozen=True)
class Ended:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.rstrip("\n").split("\n")]


@dataclass(frozen=True)
class Shop:
    """A project, its sessions, its settings."""

    project: Path
    sessions: Path
    config: Path

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, script: object = None) -> Ended:
        """Run `workbench` with these arguments; `script` is what the rehearsal plays."""
        self.plays(script)
        result = CliRunner().invoke(root, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return Ended(result.exit_code, result.stdout, result.stderr)

    def plays(self, script: object) -> None:
        """Let rehearsals play `script`; None: nothing."""
        os.environ.pop("WORKBENCH_REHEARSAL", None)
        if script is not None:
            path = self.project.parent / "script.json"
            path.write_text(script if isinstance(script, str) else json.dumps(script))
            os.environ["WORKBENCH_REHEARSAL"] = str(path)

    def journals(self) -> list[Path]:
        """The session files."""
        return sorted(self.sessions.glob("*.session.jsonlog"))
