"""The encoding of a text file: told from its bytes, and kept when the file is written again.

byte order mark ─▶ UTF-8, UTF-16, UTF-32      no mark ─▶ UTF-8, else Windows-1252, else Latin-1      NUL ─▶ binary

It imports nothing but the standard library: the search in its own process uses it too.
"""

import codecs
import re
from typing import NamedTuple


class Encoding(NamedTuple):
    """How the text of one file stands on disk."""

    codec: str
    mark: bytes = b""
    """The byte order mark before the text."""

    @property
    def title(self) -> str:
        """For a person or the model: `UTF-8`, `UTF-16 with a byte order mark`."""
        return TITLES[self.codec] + (" with a byte order mark" if self.mark else "")

    def encode(self, text: str) -> bytes:
        """The bytes of a file that holds `text`. Raises UnicodeEncodeError for what the encoding lacks."""
        return self.mark + text.encode(self.codec)


UTF8 = Encoding("utf-8")
MARKED = (
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-32-le", codecs.BOM_UTF32_LE),  # before UTF-16, whose mark it begins with
    Encoding("utf-32-be", codecs.BOM_UTF32_BE),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)
FIRST_OF_MARKS = (b"\xef", b"\xff", b"\xfe", b"\0")
UNMARKED = (UTF8, Encoding("cp1252"), Encoding("latin-1"))
TITLES = {
    **{"utf-8": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"},
    **{f"utf-{size}-{end}": f"UTF-{size}" for size in (16, 32) for end in ("le", "be")},
}
CONTROLS = re.compile(rb"[\x01-\x07\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that text in an old 8-bit encoding does not hold."""


def decode_text(content: bytes) -> tuple[str, Encoding] | None:
    """The text of a file and its encoding, which gives the same bytes back; None for a binary file."""
    if content[:1] in FIRST_OF_MARKS:  # asked of each of many thousand files
        for encoding in MARKED:
            if content.startswith(encoding.mark):
                return _decode(content[len(encoding.mark) :], encoding)
    if b"\0" in content:
        return None
    if found := _decode(content, UTF8):
        return found
    if CONTROLS.search(content):
        return None
    return next(filter(None, (_decode(content, encoding) for encoding in UNMARKED)), None)


def _decode(content: bytes, encoding: Encoding) -> tuple[str, Encoding] | None:
    try:
        return content.decode(encoding.codec), encoding
    except UnicodeDecodeError:
        return None
