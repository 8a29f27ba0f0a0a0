"""What models take as images and documents, told from the bytes: their type, their size, and what is wrong with them.

Names of files and declared types are not believed. Only headers and ends are looked at; nothing is decoded.
"""

import re
import zlib
from typing import NamedTuple

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PDF = "application/pdf"
IMAGE_BYTES = 5 * 1024 * 1024
"""Of one image, in base64."""
IMAGE_PIXELS = 8_000
"""A side."""
CROWD = 20
"""Images above which each may have less pixels a side."""
CROWD_PIXELS = 2_000
PDF_BYTES = 32 * 1024 * 1024
"""Also of a whole request."""
PDF_PAGES = 100
"""Of all documents of a request to a model with a window of 200,000 tokens or less; others take six times as many."""

_PAGES = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_FOREIGN = (
    (b"BM", "BMP image"),
    (b"II*\0", "TIFF image"),
    (b"MM\0*", "TIFF image"),
    (b"8BPS", "Photoshop image"),
    (b"\0\0\1\0", "icon"),
    (b"PK\3\4", "ZIP archive, or an office document"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"\x1f\x8b", "gzip archive"),
)


class MediaFault(NamedTuple):
    """Why a model does not take an image or a document."""

    reason: str
    """Continues "the image " or "the document ": `is cut off`."""
    remedy: str
    """What to do instead, as a sentence."""


def detect_type(data: bytes) -> str:
    """The media type that `data` begins like; empty where models take nothing like it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return PDF if b"%PDF-" in data[:1024] else ""


def name_foreign(data: bytes) -> str:
    """What `data` is, where it is a kind of file that models do not take; empty where that cannot be told."""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return f"{data[8:12].decode()} image"
    return next((name for magic, name in _FOREIGN if data.startswith(magic)), "")


def find_fault(data: bytes) -> MediaFault | None:
    """Why a model would not take `data`, an image or a PDF; None where nothing is known against it."""
    kind = detect_type(data)
    if kind == PDF:
        return _find_pdf_fault(data)
    size = measure_pixels(data)
    again = "Write it again, or take it from where it came."
    if size is None or 0 in size:
        return MediaFault("has no size that can be read", again)
    if not _is_whole(data, kind):
        return MediaFault("is cut off before its end", again)
    if max(size) > IMAGE_PIXELS:
        reason = f"has {size[0]:,} x {size[1]:,} pixels, and {IMAGE_PIXELS:,} a side are the most"
        return MediaFault(reason, "Scale it down, or cut out what matters.")
    if (encoded := -(-len(data) // 3) * 4) > IMAGE_BYTES:
        reason = f"is {encoded:,} bytes in base64, and {IMAGE_BYTES:,} are the most"
        return MediaFault(reason, "Scale it down, or save it as JPEG.")
    return None


def measure_pixels(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP; None where they cannot be read."""
    match detect_type(data):
        case "image/png" if len(data) >= 24:
            return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        case "image/gif" if len(data) >= 10:
            return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        case "image/jpeg":
            return _find_jpeg(data)[0]
        case "image/webp" if len(data) >= 30:
            return _measure_webp(data)
    return None


def count_pages(data: bytes) -> int:
    """Pages of a PDF that can be seen from outside; 0 where they are packed away."""
    return len(_PAGES.findall(data))


def _find_pdf_fault(data: bytes) -> MediaFault | None:
    split = "Take out the pages that matter, or turn them into text (pdftotext)."
    if b"startxref" not in data[-2048:] and b"%%EOF" not in data[-2048:]:
        return MediaFault("is cut off before its end", "Take it again from where it came.")
    if _ENCRYPTED.search(data):
        return MediaFault("is encrypted", "Save it without a password, or turn it into text (pdftotext).")
    if (pages := count_pages(data)) > PDF_PAGES:
        return MediaFault(f"has {pages:,} pages, and {PDF_PAGES} are the most", split)
    if -(-len(data) // 3) * 4 > PDF_BYTES:
        return MediaFault(f"is {len(data):,} bytes, and {PDF_BYTES:,} in base64 are the most", split)
    return None


def _is_whole(data: bytes, kind: str) -> bool:
    match kind:
        case "image/png":
            return _is_whole_png(data)
        case "image/jpeg":
            scan = _find_jpeg(data)[1]
            return scan > 0 and data.find(b"\xff\xd9", scan) > 0
        case "image/gif":
            return data.rstrip(b"\0\r\n ").endswith(b";")
    return len(data) >= int.from_bytes(data[4:8], "little") + 8


def _is_whole_png(data: bytes) -> bool:
    """Its chunks follow one another to the last; the head's sum is right and there is something to draw."""
    at, drawn = 8, False
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            return False
        if kind == b"IHDR" and zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return False
        drawn = drawn or kind == b"IDAT"
        if kind == b"IEND":
            return drawn
        at = end
    return False


def _find_jpeg(data: bytes) -> tuple[tuple[int, int] | None, int]:
    """The frame's width and height, and where the picture itself begins; markers are walked, thumbnails passed over."""
    at, size = 2, None
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and at + 9 <= len(data):
            size = (int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7]))
        if marker == 0xDA:
            return size, at
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return size, 0


def _measure_webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8 ":
            return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
