"""What stands on stdin, read without waiting for ever for a pipe that nobody writes to."""

import os
import select
import sys
import time

from workbench.cli.signals import SIGNALS
from workbench.cli.streams import complain
from workbench.core.errors import SettingsFault

STDIN = "-"
"""As a prompt: what stands on stdin."""
MOST_BYTES = 10_000_000
"""Of stdin; no window holds as much."""
QUIET_S = 2.0
"""Seconds of silence after which it says what it waits for."""
PATIENCE_S = 5.0
"""Seconds that a prompt waits for the first byte of stdin."""
SLICE_S = 0.1
CHUNK = 1 << 20


def read_prompt(prompt: str) -> str:
    """`prompt` with what stands on stdin appended; stdin alone is a prompt too. A signal ends the waiting.

    `-` asks for stdin alone, from a terminal too. Raises SettingsFault where stdin cannot be read or is too long.
    """
    if prompt.strip() == STDIN:
        prompt = ""
    elif sys.stdin.isatty():
        return prompt
    try:
        data = _read(optional=bool(prompt.strip()))
    except OSError as error:
        hint = "Give the prompt as an argument, and stdin </dev/null."
        raise SettingsFault(f"stdin cannot be read: {error.strerror}.", hint=hint) from error
    if len(data) > MOST_BYTES:
        hint = "Put it into a file of the workspace and ask about the file."
        raise SettingsFault(f"stdin is larger than {MOST_BYTES // 1_000_000} MB.", hint=hint)
    piped = data.decode("utf-8-sig", errors="replace")
    if (lost := piped.count("\ufffd") - data.count("\ufffd".encode())) > 0:
        complain(f"stdin is not all UTF-8: what could not be read is \ufffd in the prompt, {lost} times.")
    return f"{prompt}\n\n{piped}".strip() if piped.strip() else prompt


def _read(optional: bool) -> bytes:
    """All of stdin up to a byte more than the limit; empty where it is `optional` and nothing comes."""
    try:
        number = sys.stdin.fileno()
    except ValueError:  # no file of the system: it belongs to whoever calls us in this process
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    poll = select.poll()
    poll.register(number, select.POLLIN)
    data, began, told = bytearray(), time.monotonic(), False
    while len(data) <= MOST_BYTES and not SIGNALS.caught:
        if poll.poll(SLICE_S * 1_000):
            if not (piece := os.read(number, CHUNK)):
                break
            data += piece
            began = time.monotonic()
            continue
        waited = time.monotonic() - began
        if optional and not data and waited >= PATIENCE_S:
            complain("nothing came on stdin; going on with the prompt alone.")
            break
        if waited >= QUIET_S and not told:
            told = True
            complain(_describe_wait(optional and not data))
    return bytes(data)


def _describe_wait(optional: bool) -> str:
    if optional:
        rest = PATIENCE_S - QUIET_S
        return f"waiting for stdin, which is open; {rest:.0f} s more, then the prompt goes alone. </dev/null ends this."
    return "waiting for the end of stdin." + (" ctrl+d on a line of its own ends it." if sys.stdin.isatty() else "")
