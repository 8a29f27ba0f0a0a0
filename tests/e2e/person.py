"""A person at a terminal: keys in, and what then stands on the screen."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests import warm
from tests.terminal import Terminal, set_size

PROGRAM = Path(sys.executable).parent / "workbench"


class Person(Terminal):
    """A terminal that also keeps every byte that the program sent to it.

    The installed program is started warm, unless `cold`: where what happens while it loads is the point.
    """

    sent = b""

    def __init__(self, command: Sequence[str], *, cold: bool = False, **options: Any) -> None:
        self._cold = cold
        self._fork: warm.Fork | None = None
        super().__init__(command, **options)

    def start(
        self, command: Sequence[str], env: Mapping[str, str], cwd: Path, size: tuple[int, int]
    ) -> tuple[int, int]:
        """Start the program; its process, and our end of its terminal."""
        if self._cold or command[0] != str(PROGRAM) or not warm.can_fork(env):
            return super().start(command, env, cwd, size)
        ours, theirs = os.openpty()
        set_size(ours, *size)
        self._fork = warm.fork(command, env, cwd, theirs)
        os.close(theirs)
        return self._fork.pid, ours

    def poll(self) -> int | None:
        """What the program ended with, once; None while it runs."""
        return self._fork.poll() if self._fork else super().poll()

    def pump(self, seconds: float = 0.0, *, draw: bool = True) -> bytes:
        """Read, and keep what was read."""
        data = super().pump(seconds, draw=draw)
        self.sent += data
        return data

    def ask(self, prompt: str) -> None:
        """Type a prompt, see it stand in the prompt's field, and send it."""
        self.wait_for("Ask for something", within=20)
        self.type(prompt)
        self.wait_for(f"▌  {prompt}", within=10)
        self.type("\r")
        self.wait_without(f"▌  {prompt}", within=10)

    def rest(self, seconds: float) -> None:
        """Read for so long whatever comes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.pump(0.05)

    def stand_still(self, quiet: float = 0.4, within: float = 1.5) -> None:
        """Read until nothing has come for so many seconds; no longer than `within`, since a running turn counts on."""
        until = time.monotonic() + within
        last = time.monotonic() if self.sent else until
        while time.monotonic() < min(last + quiet, until):
            if self.pump(0.05):
                last = time.monotonic()

    def settled(self, text: str, within: float = 20.0) -> None:
        """Wait for `text` and for the end of the turn."""
        self.wait_for(text, within=within)
        self.wait_for("Ask for something", within=within)


Opened = Callable[..., Person]
