"""What is drawn where the terminal's characters are not Unicode: each cell has a stand-in of the same width."""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_GROUPS = {
    "#": "█▇■▮",
    "%": "▓",
    ":": "▒┊┆╎",
    ".": "░▂▁·․╌┄╍┅⋯",
    "=": "═▀▆▅━",
    "/": "╱⟋",
    "+": "▚╋╂┿┯┬┴┼├┤┌┐└┘╭╮╰╯╔╗╚╝┏┓┗┛",
    "|": "▎▌▍▋▊▉▏▐│┃║▕❘",
    "-": "─╴╶╸▔–—−‐‑▃▄▯‒",
    "*": "●◐◑◆◇▪✓✔◉•▲△★◈◼",
    "o": "○◌☐",
    "x": "✗✘×⊘☒",
    ">": "▶▸►→›»⇒↳",
    "<": "◀◂←‹«↩↶",
    "v": "▾▼↓",
    "^": "↑▴",
    "~": "≈∼␊",
    "E": "Σ",
    "S": "§",
    "'": "‘’‚′",
    '"': "“”„″",
    " ": "\u00a0\u2002\u2003\u2009\u202f\u3000",
    "?": "¿",
    "!": "¡",
}
_TABLE = {ord(glyph): stand_in for stand_in, glyphs in reversed(_GROUPS.items()) for glyph in glyphs}


@lru_cache(maxsize=4096)
def write_ascii(text: str) -> str:
    """`text` in ASCII, as many cells wide: letters lose their accents, what has no stand-in is a `?`."""
    if text.isascii():
        return text
    return _cut("".join(map(_stand_in, text.translate(_TABLE))))


def _cut(text: str) -> str:
    """`…` as three dots, over two blanks after it or over what is before it; where there is no room, one dot."""
    text = text.replace("…  ", "...")
    while (at := text.find("…")) >= 0:
        dots = 3 if at >= 2 else 1
        text = text[: at - dots + 1] + "." * dots + text[at + 1 :]
    return text


def _stand_in(character: str) -> str:
    if character.isascii() or character == "…":
        return character
    width = cell_len(character)
    if not width:
        return ""
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters if len(letters) == width and letters.isprintable() else "?".ljust(width)


class AsciiFilter(LineFilter):
    """Draws every line in ASCII, whatever it came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` in ASCII."""
        drawn: list[Segment] = []
        spare = 0
        for place, (whole, style, control) in enumerate(segments):
            after = segments[place + 1].text if place + 1 < len(segments) else ""
            text, spare = whole[spare:], 0
            if text.endswith("…") and after.startswith("  "):  # two blanks of the next piece are room for dots
                spare = 2
            ascii_text = f"{write_ascii(text[:-1])}..." if spare else write_ascii(text)
            drawn.append(Segment(text if control else ascii_text, style, control))
        return drawn
