"""What was switched on in a terminal, read from what was written to it, and what switches it off again."""

import re

ON_AT_FIRST = frozenset({7, 25})
"""Private modes that a terminal has on by itself: lines wrap, the cursor is shown."""
ALTERNATE_SCREEN, SYNCHRONIZED = 1049, 2026
LAST = (ALTERNATE_SCREEN, 25)
"""Put back after everything else: key protocols belong to one of the two screens."""

_CHANGE = re.compile(
    r"\x1b\[\?(?P<modes>[\d;]+)(?P<switch>[hl])"
    r"|\x1b\[(?P<keys>[<>])\d*u"
    r"|\x1b\[(?P<title>2[23]);0t"
    r"|\x1b\]9;4;(?P<progress>\d)"
    r"|\x1b\]22;(?P<pointer>[^\x07]*)\x07"
)


class Modes:
    """A ledger of the sequences that outlive the program that wrote them."""

    def __init__(self) -> None:
        self._changed: set[int] = set()
        """Private modes that are not as they were found."""
        self._keys = 0
        """How many keyboard protocols were pushed (kitty)."""
        self._titles = 0
        """How many titles were."""
        self._progress = self._pointed = False

    def note(self, written: str) -> None:
        """Take in what is written."""
        if "\x1b" not in written:
            return
        for found in _CHANGE.finditer(written):
            if found["modes"]:
                self._switch(found["modes"], found["switch"] == "h")
            elif found["keys"]:
                self._keys = max(0, self._keys + (1 if found["keys"] == ">" else -1))
            elif found["title"]:
                self._titles = max(0, self._titles + (1 if found["title"] == "22" else -1))
            elif found["progress"]:
                self._progress = found["progress"] != "0"
            else:
                self._pointed = found["pointer"] not in ("", "default")

    def _switch(self, modes: str, on: bool) -> None:
        for mode in map(int, filter(None, modes.split(";"))):
            if on == (mode in ON_AT_FIRST):
                self._changed.discard(mode)
            else:
                self._changed.add(mode)

    def undo(self) -> str:
        """What puts back all that was changed; empty where nothing was."""
        parts = [_put_back(mode) for mode in sorted(self._changed) if mode not in LAST]
        parts += ["\x1b[<u"] * self._keys
        if self._pointed:
            parts.append("\x1b]22;default\x07")
        if self._progress:
            parts.append("\x1b]9;4;0\x07")
        parts += ["\x1b[23;0t"] * self._titles
        parts += [_put_back(mode) for mode in LAST if mode in self._changed]
        return "".join(("\x1b[m", *parts)) if parts else ""


def _put_back(mode: int) -> str:
    return f"\x1b[?{mode}{'h' if mode in ON_AT_FIRST else 'l'}"
