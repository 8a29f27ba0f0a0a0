"""Rows of text: something left, something right, never wider than the place."""

from textual.content import Content


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a row of exactly `width` cells; `left` is cut with `…` where it must."""
    width = max(0, width)
    if right.cell_length >= width:
        return right.truncate(width, ellipsis=True, pad=True)
    room = width - right.cell_length
    gap = 1 if right.cell_length else 0
    if left.cell_length > room - gap:
        left = left.truncate(room - gap, ellipsis=True)
    return Content.assemble(left, " " * (room - left.cell_length), right)


def fitted(content: Content, width: int) -> Content:
    """`content` cut or padded to exactly `width` cells."""
    return content.truncate(max(0, width), ellipsis=True, pad=True)


def blank(width: int) -> Content:
    """An empty row."""
    return Content(" " * max(0, width))


def keyed(key: str, word: str, gap: str = " ") -> Content:
    """`F8 compact`: a key in brass and what it does."""
    return Content.assemble((key, "bold $accent"), (f"{gap}{word}", "$muted"))
