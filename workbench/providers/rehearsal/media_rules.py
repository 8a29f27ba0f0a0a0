"""What the Messages API refuses of images and documents: data that is none, that is too large, or too much of it."""

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

from workbench.core.media import (
    CROWD,
    CROWD_PIXELS,
    IMAGE_BYTES,
    IMAGE_PIXELS,
    IMAGES,
    PDF,
    PDF_PAGES,
    count_pages,
    detect_type,
    find_fault,
    measure_pixels,
)
from workbench.providers.rehearsal.sse import blocks

SMALL_WINDOW = 200_000
"""Tokens of a window up to which a request takes fewest; a larger one takes six times as many."""
MOST_BLOCKS = 100
"""Images and documents of a request."""
SOURCES = {"image": {"base64", "url", "file"}, "document": {"base64", "url", "file", "text", "content"}}


class Found(NamedTuple):
    """An image or a document in a request."""

    place: str
    kind: str
    source: dict[str, Any]

    @property
    def data(self) -> bytes | None:
        """Its bytes; None where the source holds none, or what is not base64."""
        try:
            return base64.b64decode(self.source.get("data") or "", validate=True)
        except (ValueError, TypeError):
            return None


def media_faults(messages: list[dict[str, Any]], window: int = SMALL_WINDOW) -> Iterator[str]:
    """Why the API would refuse the images and documents of `messages`, sent to a model with such a `window`."""
    found = [*_find(messages)]
    for each in found:
        if each.source.get("type") not in SOURCES[each.kind]:
            yield f"{each.place}.{each.kind}.source: Input should be one of {sorted(SOURCES[each.kind])}"
    times = 1 if window <= SMALL_WINDOW else 6
    if len(found) > MOST_BLOCKS * times:
        yield f"too many images and documents: {len(found)} + 0 > {MOST_BLOCKS * times}"
    coded = [each for each in found if each.source.get("type") == "base64"]
    crowd = sum(each.kind == "image" for each in found) > CROWD
    pages = 0
    for each in coded:
        if each.kind == "image":
            yield from (f"{each.place}.image.source.base64{fault}" for fault in _image_faults(each, crowd))
        else:
            yield from (f"{each.place}.pdf.source.base64.data: {fault}" for fault in _pdf_faults(each))
            pages += count_pages(each.data or b"")
    if pages > PDF_PAGES * times:
        yield f"A maximum of {PDF_PAGES * times} PDF pages may be provided."


def _find(messages: list[dict[str, Any]]) -> Iterator[Found]:
    for place, message in enumerate(messages):
        for index, block in enumerate(blocks(message)):
            yield from _look(f"messages.{place}.content.{index}", block)
            inner = block.get("content")
            if block["type"] == "tool_result" and isinstance(inner, list):
                for at, part in enumerate(inner):
                    yield from _look(f"messages.{place}.content.{index}.tool_result.content.{at}", part)


def _look(place: str, block: Any) -> Iterator[Found]:
    if isinstance(block, dict) and block.get("type") in SOURCES:
        source = block.get("source")
        yield Found(place, block["type"], source if isinstance(source, dict) else {})


def _image_faults(image: Found, crowd: bool) -> Iterator[str]:
    coded, declared, data = image.source.get("data"), image.source.get("media_type"), image.data
    if declared not in IMAGES:
        yield f".media_type: Input should be {', '.join(map(repr, IMAGES))}"
    elif not coded:
        yield ": image cannot be empty"
    elif data is None:
        yield ": Invalid base64 data"
    elif len(coded) > IMAGE_BYTES:
        yield f": image exceeds 5 MB maximum: {len(coded)} bytes > {IMAGE_BYTES} bytes"
    elif (kind := detect_type(data)) != declared:
        yield f".data: Image does not match the provided media type {declared}" if kind else ": Could not process image"
    elif max(size := measure_pixels(data) or (0, 0)) > IMAGE_PIXELS:
        yield f".data: At least one of the image dimensions exceed max allowed size: {IMAGE_PIXELS} pixels"
    elif crowd and max(size) > CROWD_PIXELS:
        exceed = "At least one of the image dimensions exceed max allowed size for many-image requests"
        yield f".data: {exceed}: {CROWD_PIXELS} pixels"
    elif find_fault(data):
        yield ": Could not process image"


def _pdf_faults(document: Found) -> Iterator[str]:
    data = document.data
    if document.source.get("media_type") != PDF:
        yield f"Input should be '{PDF}'"
    elif data is None:
        yield "Invalid base64 data"
    elif detect_type(data) != PDF:
        yield "The PDF specified was not valid."
    elif (fault := find_fault(data)) and "encrypted" in fault.reason:
        yield "The PDF specified is password protected."
    elif fault and "pages" not in fault.reason:
        yield "The PDF specified was not valid."
