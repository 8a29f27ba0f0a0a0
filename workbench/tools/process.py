"""A command in a process group of its own, of which nobody survives: not its children, not those that moved away."""

import asyncio
import contextlib
import os
import re
import secrets
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "WORKBENCH_CALL"
"""Environment variable by which the processes of one call are found again, whatever group they moved to."""
SECRET = re.compile(
    r"(?i)^anthropic_|token|secret|passw|passphrase|api_?key|access_?key|private_?key|credential|_pat$|_dsn$|cookie"
)
SECRET_VALUE = re.compile(r"^\w[\w+.-]*://[^/\s:@]*:[^/\s@]+@")
STEERING = re.compile(
    r"^(BASH_ENV|ENV|CDPATH|GLOBIGNORE|PROMPT_COMMAND|BASH_FUNC_.*|GIT_EXTERNAL_DIFF|GIT_PAGER|PAGER|LESSOPEN|"
    r"RIPGREP_CONFIG_PATH|GREP_OPTIONS|SHELLOPTS|BASHOPTS)$"
)
QUIET = {"TERM": "dumb", "PAGER": "cat", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0", "NO_COLOR": "1"}
DRAIN_SECONDS = 1.0
POLL_SECONDS = 0.02
CHUNK = 65_536
PROCESSES = Path("/proc")
WATCHDOG = f"""read -r group; read -r end
[ -n "$group" ] && kill -KILL -- "-$group"
for process in /proc/[0-9]*; do
  grep -qsaF "{MARK}=$1" "$process/environ" && kill -KILL "${{process#/proc/}}"
done"""
"""Waits for the end of its standard input, which comes with the end of the workbench however it ends, then kills the
group that its first line named and whoever bears the mark that is its first argument."""


def scrub(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without what looks like a secret and without what makes a shell run more than its line."""
    kept = {
        name: value
        for name, value in environment.items()
        if not SECRET.search(name) and not STEERING.match(name) and not SECRET_VALUE.match(value)
    }
    return kept | QUIET


class Pipe:
    """What a process and its children write, read without waiting for the last of them.

    It is a pipe of our own: with one of asyncio's, `process.wait()` returns only when every holder has closed it.
    """

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._ended = asyncio.Event()
        self._writing = True

    def detach(self) -> None:
        """Close our end of it; the process holds its own now."""
        self._writing = False
        os.close(self.writer)

    def follow(self, feed: Callable[[bytes], None]) -> None:
        """Hand each piece to `feed` as it comes, on the event loop."""
        asyncio.get_running_loop().add_reader(self._reader, self._take, feed)

    async def drain(self, seconds: float) -> None:
        """Wait until the last holder has closed it, or so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()

    def close(self) -> None:
        """Let go of it, whoever still writes."""
        if self._writing:
            self.detach()
        if self._reader >= 0:
            asyncio.get_running_loop().remove_reader(self._reader)
            os.close(self._reader)
            self._reader = -1
        self._ended.set()

    def _take(self, feed: Callable[[bytes], None]) -> None:
        try:
            chunk = os.read(self._reader, CHUNK)
        except BlockingIOError:
            return
        if chunk:
            feed(chunk)
        else:
            self.close()


@dataclass(frozen=True)
class Group:
    """One running command line. `grace`: seconds between asking it to end and killing it."""

    process: asyncio.subprocess.Process
    watchdog: asyncio.subprocess.Process
    """Ends the group where the workbench itself is killed."""
    output: Pipe
    mark: str
    grace: float

    @classmethod
    async def start(cls, command: str, cwd: Path, grace: float) -> "Group":
        """Start `command` in bash, or sh where there is none; nothing to read, both outputs in one pipe."""
        mark = secrets.token_hex(8)
        watchdog = await _watch(mark)
        output = Pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(*_shell(), "-c", command),
                cwd=cwd,
                env=scrub(os.environ) | {MARK: mark},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output.writer,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except BaseException:
            output.close()
            await _dismiss(watchdog)
            raise
        output.detach()
        if watchdog.stdin:
            watchdog.stdin.write(f"{process.pid}\n".encode())
        return cls(process, watchdog, output, mark, grace)

    async def end(self) -> int:
        """Ask all its processes to end, then kill what is left; how many of them go on, since others own them.

        When this itself is cancelled, kill at once.
        """
        there = self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.grace):
                while there and self._alive():  # noqa: ASYNC110 - nobody tells when a grandchild ends
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            pass
        finally:
            if there:
                self._signal(signal.SIGKILL)
            await _dismiss(self.watchdog)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.grace):
                await self.process.wait()
                while self._living():  # noqa: ASYNC110 - the kernel takes a moment
                    await asyncio.sleep(POLL_SECONDS)
        return len(self._living())

    def _alive(self) -> bool:
        return bool(self._living()) if PROCESSES.is_dir() else _exists(self.process.pid)

    def _signal(self, number: signal.Signals) -> bool:
        """Send to the group and to those that left it; True when somebody was there."""
        others = self._living()
        somebody = bool(others)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)
            somebody = somebody or not PROCESSES.is_dir()
        for pid in others:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        return somebody

    def _living(self) -> list[int]:
        """Processes, but no zombies, of this group or with this call's mark; empty where the system does not tell."""
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for entry in PROCESSES.glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                state, _, group = (entry / "stat").read_bytes().rpartition(b")")[2].split()[:3]
                if state not in (b"Z", b"X") and (
                    int(group) == self.process.pid or wanted in (entry / "environ").read_bytes().split(b"\0")
                ):
                    found.append(int(entry.name))
        return found


async def _watch(mark: str) -> asyncio.subprocess.Process:
    """A watchdog in a session of its own, so that no signal to the workbench or the group reaches it."""
    return await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", WATCHDOG, "watchdog", mark),
        env={"PATH": os.defpath},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )


async def _dismiss(watchdog: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        watchdog.kill()
    await watchdog.wait()


def _shell() -> tuple[str, ...]:
    return ("/bin/bash", "--noprofile", "--norc") if Path("/bin/bash").exists() else ("/bin/sh",)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
