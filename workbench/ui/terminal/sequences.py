"""Cuts what a terminal sends into text, controls, escape sequences and pastes, however it was split on its way.

A sequence is never text: one that is unknown, broken or late is dropped. Grammar: ECMA-48, xterm's `ctlseqs`.
"""

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass
from typing import Literal

ESC, PASTE_BEGINS, PASTE_ENDS = b"\x1b", b"\x1b[200~", b"\x1b[201~"

LATE_S = 3.0
"""Seconds that the rest of a sequence may take; what comes after a lone esc, or after a stalled paste, may too."""
MOST_BYTES = 100_000
"""Of an answer of the terminal; what is longer is none."""

_TEXT = re.compile(rb"[^\x00-\x1f\x7f]+")
_INTRODUCERS = re.compile(rb"\x1b[\[\]OP_]")
_WHOLE = re.compile(
    rb"\x1b\[(?:\[[A-Z]|M[ -\xff]{3}|(?!M|\[)[0-?]*[ -/]*[@-~])"  # CSI; first the Linux console's and X10's
    rb"|\x1bO[0-9;]*[ @-~]"  # SS3
    rb"|\x1b(?:\][0-9lL]|P[0-9>!$+=]|_G)[^\x00-\x1f\x7f]*(?:\x07|\x1b\\)"  # OSC, DCS, APC
    rb"|\x1b[\x01-\x1a\x1c-\x1f\x7f]"  # alt with a key, or with ctrl and a letter
    rb"|\x1b(?:\](?=[^0-9lL])|P(?=[^0-9>!$+=])|_(?=[^G])|[ -NQ-Z\\^`-~])"  # alt with a letter
    rb"|\x1b(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
)
_BEGUN = re.compile(
    rb"\x1b(?:(?:\][0-9lL]|P[0-9>!$+=]|_G)[^\x00-\x1f\x7f]*\x1b?|[\]P_]"
    rb"|\[\[|\[M[ -\xff]{0,2}|\[[0-?]*[ -/]*|O[0-9;]*"
    rb"|[\xf0-\xf4][\x80-\xbf]{0,2}|[\xe0-\xef][\x80-\xbf]?|[\xc2-\xdf]|)"
)
"""The longest comes first."""
_SURE = re.compile(rb"\x1b\[(?:M.{3}|[<?>=]?[0-9][0-9;:$]*[@-~])|\x1b[\]P_].*", re.DOTALL)
"""What only a terminal writes: nobody types it by hand after an esc."""
_ARROW = re.compile(rb"\x1b[\[O][A-DFHIOP-SZ]")
"""The same, if it came in one piece."""
_STRING_ENDS = re.compile(rb"[^\x00-\x1f\x7f]*(?:\x07|\x1b\\)")

Kind = Literal["text", "control", "sequence", "paste"]


@dataclass(frozen=True)
class Piece:
    """Something the terminal sent, whole."""

    kind: Kind
    text: str
    """Characters; one control; an escape sequence, a lone esc among them; what was pasted, as it came."""


class Splitter:
    """Holds what has only begun. Times are those of one monotonic clock, in seconds."""

    def __init__(self, escape_s: float = 0.1) -> None:
        """`escape_s`: after so long without more, an esc is the key."""
        self.escape_s = escape_s
        self._rest = bytearray()
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._last = 0.0
        self._pasting: Literal["no", "yes", "stalled"] = "no"
        self._after: Literal["", "escape", "string"] = ""
        """What was given up last, whose rest may still come."""
        self._late = False
        """True while `_rest` began after an esc that was taken for the key; that esc stands before it again."""
        self._in_one = False

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to say; None while nothing has only begun."""
        if self._pasting == "yes":
            return self._last + max(1.0, 5 * self.escape_s)
        if not self._rest:
            return None
        short = self._rest == ESC or (self._late and len(self._rest) == 2)
        return self._last + (self.escape_s if short else LATE_S)

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """What is whole once `data` has come."""
        self._begin(data, now)
        self._last = now
        pieces: list[Piece] = []
        while self._rest:
            if self._pasting != "no":
                found = self._cut_paste()
            elif self._rest.startswith(ESC):
                found = self._cut_sequence()
            else:
                found = self._cut_text()
            if found is None:
                break
            pieces += found
        return pieces

    def tick(self, now: float) -> list[Piece]:
        """What is given up at `now`: an esc becomes the key, a paste that stalls is handed on, the rest is dropped."""
        if self.deadline is None or now < self.deadline:
            return []
        rest, self._rest = bytes(self._rest), bytearray()
        if self._pasting == "yes":
            return self._stall(rest)
        if self._late:
            self._late = False
            return [] if rest[1:2] == b"[" and len(rest) > 2 else self._type(rest[1:])
        self._last = now
        self._after = "escape" if rest == ESC else "string" if re.match(rb"\x1b[\]P_].", rest) else ""
        alone = rest == ESC or _INTRODUCERS.fullmatch(rest)
        return [Piece("sequence", rest.decode("ascii"))] if alone else []

    def _begin(self, data: bytes, now: float) -> None:
        """Take `data` in, seeing whether it is the rest of something that was given up."""
        after, self._after = self._after, ""
        if after and now - self._last <= 10 * LATE_S and after == "string" and (end := _STRING_ENDS.match(data)):
            data = data[end.end() :]
        elif after == "escape" and now - self._last <= LATE_S and data[:1] in (b"[", b"O", b"]", b"P", b"_"):
            self._late, self._in_one = True, len(data) == 2
            data = ESC + data
        elif self._pasting == "stalled":
            self._pasting = "yes"
            if _is_one_key(data) and not (self._rest and PASTE_ENDS.startswith(self._rest + data)):
                self._pasting = "no"
                self._rest.clear()
        self._rest += data

    def _stall(self, rest: bytes) -> list[Piece]:
        """What came of a paste until now; the beginning of its end is kept."""
        self._pasting = "stalled"
        kept = next((size for size in range(len(PASTE_ENDS) - 1, 0, -1) if rest.endswith(PASTE_ENDS[:size])), 0)
        text, self._rest = rest[: len(rest) - kept], bytearray(rest[len(rest) - kept :])
        return [Piece("paste", text.decode("utf-8", "replace"))] if text else []

    def _cut_text(self) -> list[Piece]:
        if found := _TEXT.match(self._rest):
            run = self._take(found.end())
            return self._type(run, final=bool(self._rest))
        control = chr(self._take(1)[0])
        return [*self._type(b"", final=True), Piece("control", control)]

    def _type(self, data: bytes, *, final: bool = False) -> list[Piece]:
        text = self._decoder.decode(data, final)
        text = re.sub("[\x80-\x9f]", "", text)
        return [Piece("text", text)] if text else []

    def _cut_sequence(self) -> list[Piece] | None:
        """The sequence at the front; None while it may go on."""
        before = self._type(b"", final=True)
        if self._rest.startswith(PASTE_BEGINS):
            self._take(len(PASTE_BEGINS))
            self._late, self._pasting = False, "yes"
            return before
        if found := _WHOLE.match(self._rest):
            whole = self._take(found.end())
            if self._late:
                return before + self._drop_late(whole)
            return [*before, Piece("sequence", _read(whole))]
        if _BEGUN.fullmatch(self._rest) and len(self._rest) < MOST_BYTES:
            return before or None
        return before + self._break_off()

    def _drop_late(self, whole: bytes) -> list[Piece]:
        """Nothing, if `whole` is the rest of what an esc began; else it was typed after the esc."""
        self._late = False
        if _SURE.fullmatch(whole) or (self._in_one and _ARROW.fullmatch(whole)):
            return []
        return self._type(whole[1:])

    def _break_off(self) -> list[Piece]:
        """Drop what began and cannot go on; an esc before another esc is the key."""
        begun = _longest_begun(bytes(self._rest))
        broken = self._take(begun)
        if self._late:
            self._late = False
            return self._type(broken[1:]) if len(broken) == 2 else []
        return [Piece("sequence", "\x1b")] if broken == ESC else []

    def _cut_paste(self) -> list[Piece] | None:
        """The paste, once its end has come. An end that another end follows was part of it."""
        end = self._rest.find(PASTE_ENDS)
        if end < 0:
            return None
        begin = self._rest.find(PASTE_BEGINS, end)
        last = self._rest.rfind(PASTE_ENDS, 0, begin if begin >= 0 else len(self._rest))
        text = self._take(last).decode("utf-8", "replace")
        self._take(len(PASTE_ENDS))
        self._pasting = "no"
        return [Piece("paste", text)]

    def _take(self, count: int) -> bytes:
        taken = bytes(self._rest[:count])
        del self._rest[:count]
        return taken


def _read(sequence: bytes) -> str:
    """CSI may hold any byte, as coordinates do; letters with alt are UTF-8."""
    return sequence.decode("latin-1") if sequence[1:2] == b"[" else sequence.decode("utf-8", "replace")


def _longest_begun(data: bytes) -> int:
    """How many bytes at the front of `data` could have begun a sequence; at least one."""
    found = _BEGUN.match(data)
    return max(1, found.end()) if found else 1


def _is_one_key(data: bytes) -> bool:
    """True for what one key sends: after a silence in a paste it says that the paste will not go on."""
    if PASTE_BEGINS in data or PASTE_ENDS in data:
        return False
    return len(data.decode("utf-8", "replace")) == 1 or bool(_WHOLE.fullmatch(data))
