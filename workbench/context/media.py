"""What a picture or a PDF costs, told from the head of its bytes."""

import base64
import binascii
import re

from workbench.core.messages import Media

HEAD = 256 * 1024
"""Base64 characters of an image that are decoded to find its size."""
LONGEST_EDGE = 1_568
"""Larger images are scaled down to this many pixels before they are read."""
PIXELS_PER_TOKEN = 750
UNKNOWN_IMAGE = 1_600
PAGE = 2_200
"""Tokens of a PDF page: its text and its picture."""
BYTES_PER_PAGE = 50_000

_PAGES = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


def media_tokens(media: Media) -> int:
    """Estimated tokens of one image or document; at least 1."""
    if media.kind == "document":
        return _document(media)
    size = _dimensions(_decoded(media.data[:HEAD]))
    if size is None:
        return UNKNOWN_IMAGE
    width, height = size
    scale = min(1.0, LONGEST_EDGE / max(width, height, 1))
    return max(1, min(UNKNOWN_IMAGE, round(width * scale * height * scale / PIXELS_PER_TOKEN)))


def _document(media: Media) -> int:
    data = _decoded(media.data)
    pages = len(_PAGES.findall(data)) if media.media_type == "application/pdf" else 0
    return max(1, pages or round(len(data) / BYTES_PER_PAGE)) * PAGE


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data[: len(data) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""


def _dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF, JPEG or WebP."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """The frame header's size: markers are walked until one of SOF0–SOF15."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
