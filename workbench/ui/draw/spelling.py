"""Characters that the eye would take for others, or not see, spelled out: tabs, odd blanks, returns, look-alikes."""

import re
import unicodedata

from workbench.core import figures

TAB = 8
"""Cells from one tab stop to the next."""
HIDDEN = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff"
)
"""They have no width, or show nothing."""
_LATIN = (
    ("\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u04cf", "aeopcyxijsdhqwl"),
    ("\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425", "ABESIJKMHOPCTYX"),
    ("\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7", "ABEZHIKMNOPTYX"),
    ("\u03bf\u03bd\u03c5\u03b1\u03b9\u03c1\u0131", "ovuaipi"),
)
_MARKS = (
    ("\u2010\u2011\u2012\u2013\u2014\u2212", "------"),
    ("\u2018\u2019\u201a\u2032\u201c\u201d\u2033\u037e", "''''\"\"\";"),
)
LETTERS = dict(pair for foreign, latin in _LATIN for pair in zip(foreign, latin, strict=True))
"""Letters of other scripts that look like Latin ones."""
ALIKE = str.maketrans(LETTERS | dict(pair for foreign, plain in _MARKS for pair in zip(foreign, plain, strict=True)))
WORD = re.compile(r"\w+")


def look(text: str) -> str:
    """What the eye sees of `text`: two texts with the same look can hardly be told apart."""
    seen = unicodedata.normalize("NFKC", text).translate(ALIKE)
    return "".join(" " if c.isspace() else c for c in seen if c not in HIDDEN)


def expand(text: str, column: int = 0) -> str:
    """`text` from cell `column` on as it is: tabs as blanks, controls visible."""
    return figures.visible(" " * column + text).replace("\n", "␊").expandtabs(TAB)[column:]


def spell(text: str, *, whole: bool = False, column: int = 0) -> str:
    """`text` from cell `column` on without anything hidden: what has no width, odd blanks, returns, as code points.

    With the `whole` spelled out, blanks are marked too, and what is not ASCII gets its code point.
    """
    if not whole and text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    cells = column
    for place, c in enumerate(text):
        joins = c in "\u200c\u200d" and not whole and not text[place - 1 : place + 2].replace(c, "").isascii()
        shown = c if joins else _spell_character(c, whole, cells)
        out.append(shown)
        cells += len(shown)
    return "".join(out)


def spell_command(text: str) -> str:
    """`text` as a shell reads it: nothing hidden, tabs as arrows, letters of another script among Latin ones named."""
    text = WORD.sub(_name_strangers, text)
    return "".join("→   " if c == "\t" else c if c == "\n" else _spell_character(c, False, 0) for c in text)


def _name_strangers(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not any(c.isascii() and c.isalpha() for c in word):
        return word
    return "".join(f"{c}{_code(c)}" if c in LETTERS else c for c in word)


def _spell_character(c: str, whole: bool, cells: int) -> str:
    if c == " ":
        return "·" if whole else c
    if c == "\t":
        return ("→" if whole else " ").ljust(TAB - cells % TAB)
    if c.isascii():
        return c if c.isprintable() else figures.visible(c).replace("\n", "␊")
    if c in HIDDEN or c.isspace() or unicodedata.category(c) in ("Zs", "Zl", "Zp"):
        return _code(c)
    if whole:
        return _code(c) if unicodedata.combining(c) or not c.isprintable() else f"{c}{_code(c)}"
    return figures.visible(c)


def _code(c: str) -> str:
    return f"<U+{ord(c):04X}>"
