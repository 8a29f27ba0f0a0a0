"""A person at a terminal: keys in, and what then stands on the screen."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal

PROGRAM = Path(sys.executable).parent / "workbench"


class Person(Terminal):
    """A terminal that also keeps every byte that the program sent to it."""

    sent = b""

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

    def settled(self, text: str, within: float = 20.0) -> None:
        """Wait for `text` and for the end of the turn."""
        self.wait_for(text, within=within)
        self.wait_for("Ask for something", within=within)


Opened = Callable[..., Person]
