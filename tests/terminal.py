"""A program in a real pty, with its CPU time and the moment at which a text appears on its screen."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

TICKS = os.sysconf("SC_CLK_TCK")
KITTY_KEYS = re.compile(rb"\x1b\[[<>=?][0-9;]*u")
"""Sequences that pyte would draw as a letter."""


def set_size(terminal: int, columns: int, rows: int) -> None:
    """Give the terminal behind a file descriptor a size."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Terminal:
    """Runs `command` in a pty of `columns` x `rows`, and reads what it draws."""

    def __init__(
        self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, columns: int = 120, rows: int = 40
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.code: int | None = None
        """What it ended with, once `ended` has seen it: its exit code, or minus the signal."""
        self.pid, self._fd = self.start(command, env, cwd, (columns, rows))

    def start(
        self, command: Sequence[str], env: Mapping[str, str], cwd: Path, size: tuple[int, int]
    ) -> tuple[int, int]:
        """Start the program; its process, and our end of its terminal."""
        pid, ours = pty.fork()
        if pid == 0:
            os.chdir(cwd)
            os.execvpe(command[0], list(command), dict(env))
        set_size(ours, *size)
        return pid, ours

    def poll(self) -> int | None:
        """What the program ended with, once; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.screen.display)

    def pump(self, seconds: float = 0.0, *, draw: bool = True) -> bytes:
        """Read what has come, waiting so long for something to come."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 65_536)
        except OSError:
            time.sleep(min(seconds, 0.01))  # the program let go of the terminal, which is ready for ever from now on
            return b""
        if draw:
            self._stream.feed(KITTY_KEYS.sub(b"", data))
        return data

    def wait_for(self, *texts: str, within: float = 60.0) -> str:
        """Pump until one of `texts` is on the screen, and return it. Raises TimeoutError with the screen."""
        until = time.monotonic() + within
        came = True
        while time.monotonic() < until:
            came = bool(self.pump(0.05)) or came
            shown, came = self.text if came else "", False
            for text in texts:
                if text in shown:
                    return text
        raise TimeoutError(f"none of {texts} within {within} s:\n{self.text}")

    def wait_without(self, *texts: str, within: float = 60.0) -> None:
        """Pump until none of `texts` is on the screen. Raises TimeoutError with the screen."""
        until = time.monotonic() + within
        while any(text in self.text for text in texts):
            if time.monotonic() > until:
                raise TimeoutError(f"still one of {texts} after {within} s:\n{self.text}")
            self.pump(0.05)

    def ended(self, within: float = 20.0) -> int:
        """Pump until the program ends, and return `code`. Raises TimeoutError with the screen."""
        until = time.monotonic() + within
        while self.code is None and time.monotonic() < until:
            self.pump(0.05)
            self.code = self.poll()
        if self.code is None:
            raise TimeoutError(f"still running after {within} s:\n{self.text}")
        while self.pump(0.0):
            pass
        return self.code

    def cpu_when(self, *drawn: bytes, within: float = 60.0) -> float:
        """Seconds of CPU used when all of `drawn` came; read before anything is parsed, so no later work counts."""
        until, tail, missing = time.monotonic() + within, b"", set(drawn)
        longest = max(map(len, drawn))
        while time.monotonic() < until:
            data = self.pump(0.05, draw=False)
            cpu = self.cpu
            tail = tail[-longest:] + data
            missing -= {text for text in missing if text in tail}
            if not missing:
                return cpu
        raise TimeoutError(f"{missing} was not drawn within {within} s")

    def type(self, keys: str) -> None:
        """Write keys as a keyboard would."""
        self.write(keys.encode())

    def write(self, data: bytes) -> None:
        """Write bytes as a terminal would, reading meanwhile where the program does not."""
        while data:
            _, ready, _ = select.select([], [self._fd], [], 0.05)
            if ready:
                data = data[os.write(self._fd, data[:1024]) :]
            else:
                self.pump()

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self.screen.resize(rows, columns)
        set_size(self._fd, columns, rows)

    @property
    def settings(self) -> list[object]:
        """How the terminal is set (`termios`)."""
        return termios.tcgetattr(self._fd)[:4]

    def hang_up(self) -> None:
        """Close the terminal under the program, as closing its window does."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the program and its threads have used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """End the program."""
        for sign in (signal.SIGTERM, signal.SIGKILL) if self.code is None else ():
            try:
                os.kill(self.pid, sign)
            except ProcessLookupError:
                break
            until = time.monotonic() + 2.0
            while time.monotonic() < until:
                if self.poll() is not None:
                    os.close(self._fd)
                    return
                self.pump(0.05, draw=False)
        os.close(self._fd)
