"""What a program has left on in its terminal, by an account of its own: every switch that it was sent, in order."""

import re

PRIVATE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
KEYS = re.compile(rb"\x1b\[([<>])\d*u")
TITLES = re.compile(rb"\x1b\[(2[23])(?:;\d)?t")
PROGRESS = re.compile(rb"\x1b\]9;4;(\d)")
BY_ITSELF = {b"7", b"25"}


def left_on(sent: bytes) -> set[str]:
    """Modes that are not as a terminal has them by itself, pushed keys and titles, progress that still shows."""
    modes: dict[bytes, bool] = {}
    for numbers, switch in PRIVATE.findall(sent):
        modes |= dict.fromkeys(numbers.split(b";"), switch == b"h")
    left = {f"?{number.decode()}" for number, on in modes.items() if on != (number in BY_ITSELF)}
    if sum(1 if sign == b">" else -1 for sign in KEYS.findall(sent)) > 0:
        left.add("keys")
    if sum(1 if code == b"22" else -1 for code in TITLES.findall(sent)) > 0:
        left.add("title")
    if (found := PROGRESS.findall(sent)) and found[-1] != b"0":
        left.add("progress")
    return left
