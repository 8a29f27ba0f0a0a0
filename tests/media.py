"""Small images and documents that a decoder takes, made here."""

import base64
import struct
import zlib

_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////"
    "////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)
_WEBP = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA="


def png(width: int = 8, height: int = 8, padding: int = 0) -> bytes:
    """A black picture; `padding` bytes are added to its data, which no decoder minds."""
    rows = zlib.compress((b"\0" * (1 + (width + 7) // 8)) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"tEXt", b"a\0" + b"b" * padding), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg() -> bytes:
    """One pixel."""
    return base64.b64decode(_JPEG)


def gif() -> bytes:
    """One pixel."""
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def webp() -> bytes:
    """One pixel."""
    return base64.b64decode(_WEBP)


def pdf(pages: int = 1, trailer: bytes = b"") -> bytes:
    """Empty pages."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(pages))
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[" + kids
    body += b"]/Count %d>>endobj\n" % pages
    body += b"".join(b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" % (n + 3) for n in range(pages))
    return body + b"trailer<</Root 1 0 R" + trailer + b">>\nstartxref\n0\n%%EOF\n"


def block(data: bytes, media_type: str = "image/png") -> dict[str, object]:
    """An image or document block of the Messages API."""
    kind = "document" if media_type == "application/pdf" else "image"
    return {
        "type": kind,
        "source": {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()},
    }
