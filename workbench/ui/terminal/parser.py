"""From bytes to Textual's messages: keys, pastes, the mouse, focus, and the answers of the terminal that matter.

Stands in the place of upstream's `XTermParser`, which issues the insides of a paste and every sequence that it does
not know again as keys. What that one reads well, the mouse, is still read by it.
"""

import re
from collections.abc import Iterator

from textual import constants, events, messages
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.message import Message

from workbench.ui.terminal.answers import read_answer
from workbench.ui.terminal.keys import press_control, read_sequence, type_text
from workbench.ui.terminal.sequences import Piece, Splitter

_MOUSE = re.compile(r"\x1b\[<\d{1,4};-?\d{1,6};-?\d{1,6}[Mm]")
_URXVT_MOUSE = re.compile(r"\x1b\[(\d{1,4});(\d{1,6});(\d{1,6})M")
_MODE = re.compile(r"\x1b\[\?(\d+);(\d)\$y")
_SIZE = re.compile(r"\x1b\[48" + r";([1-9]\d{0,5})[\d:]*" * 4 + "t")
_FOCUS = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|O[ -~]|[ -/]*[0-Z\\^-~])"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_paste(text: str) -> str:
    """What a paste says: line ends are `\\n`, escape sequences and controls are left out."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROLS.sub("", text)


class TerminalParser:
    """Times are those of one monotonic clock, in seconds."""

    def __init__(self, escape_s: float) -> None:
        """`escape_s`: after so long without more, an esc is the key."""
        self.pieces = Splitter(escape_s)
        self._mouse = XTermParser()

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What `data` makes whole."""
        return self._tell(self.pieces.feed(data, now))

    def tick(self, now: float) -> Iterator[Message]:
        """What is not waited for any longer."""
        return self._tell(self.pieces.tick(now))

    def _tell(self, pieces: list[Piece]) -> Iterator[Message]:
        for piece in pieces:
            match piece.kind:
                case "text":
                    yield from type_text(piece.text)
                case "control":
                    yield from press_control(piece.text)
                case "paste":
                    if text := clean_paste(piece.text):
                        yield events.Paste(text)
                case "sequence":
                    yield from self._read(piece.text)

    def _read(self, sequence: str) -> Iterator[Message]:
        if focus := _FOCUS.get(sequence):
            yield focus()
        elif mouse := _as_sgr(sequence):
            if event := self._mouse.parse_mouse_code(mouse):
                yield event
        elif found := _SIZE.fullmatch(sequence):
            height, width, pixel_height, pixel_width = map(int, found.groups())
            resized = events.Resize.from_dimensions((width, height), (pixel_width, pixel_height))
            self._mouse.terminal_size, self._mouse.terminal_pixel_size = resized.size, resized.pixel_size
            self._mouse.mouse_pixels = True
            yield resized
        elif found := _MODE.fullmatch(sequence):
            yield from _read_mode(found[1], int(found[2]))
        elif answer := read_answer(sequence):
            yield answer
        else:
            yield from read_sequence(sequence)


def _as_sgr(sequence: str) -> str:
    """A report of the mouse in the form that upstream reads; X10's and urxvt's are turned into it. Else empty."""
    if _MOUSE.fullmatch(sequence):
        return sequence
    if sequence.startswith("\x1b[M") and len(sequence) == 6:
        button, x, y = (ord(byte) - 32 for byte in sequence[3:])
        return f"\x1b[<{button};{x};{y}M"
    if found := _URXVT_MOUSE.fullmatch(sequence):
        return f"\x1b[<{int(found[1]) - 32};{found[2]};{found[3]}M"
    return ""


def _read_mode(mode: str, setting: int) -> Iterator[Message]:
    """Whether the terminal knows a mode that was asked for."""
    if mode == "2026" and setting > 0:
        yield messages.TerminalSupportsSynchronizedOutput()
    elif mode == "2048" and constants.SMOOTH_SCROLL and not IS_ITERM:
        yield messages.InBandWindowResize.from_setting_parameter(setting)
