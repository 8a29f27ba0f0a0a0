"""Images and PDFs as the read tool gives them: what the model server would not take never enters the conversation."""

import base64
from pathlib import Path

from workbench.core.errors import ToolFault
from workbench.core.media import IMAGE_BYTES, PDF, PDF_BYTES, detect_type, find_fault, name_foreign
from workbench.core.messages import Media

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf"})
HEAD = 1_024
"""Bytes by which a file's type is told."""


def read_media(path: Path, shown: str, size: int) -> Media | None:
    """The image or PDF in `path`, whatever its name says; None where it is neither.

    Raises ToolFault where it is one that no model takes, with what to do instead.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        kind = detect_type(head)
        if not kind:
            return None
        what = "document" if kind == PDF else "image"
        most = PDF_BYTES if kind == PDF else IMAGE_BYTES
        if size > most:
            raise ToolFault(f"read: the {what} {shown} is {size:,} bytes, and {most:,} are the most. Make it smaller.")
        data = head + file.read(most)
    if fault := find_fault(data):
        raise ToolFault(f"read: the {what} {shown} {fault.reason}. {fault.remedy}")
    return Media("document" if kind == PDF else "image", kind, base64.b64encode(data).decode())


def refuse_foreign(path: Path, shown: str) -> None:
    """Raises ToolFault where a file that is named as an image or a PDF holds what is neither that nor text."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = name_foreign(head)
    if found or b"\0" in head:
        held = f"a {found}" if found else "binary data"
        raise ToolFault(
            f"read: {shown} is named as an image or a PDF and holds {held}; read gives png, jpg, gif, webp and pdf."
            " Convert it with the shell."
        )
