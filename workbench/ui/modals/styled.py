"""Text with a theme colour, made safe to show."""

from rich.cells import cell_len
from textual.content import Content

from workbench.core import figures

MARGIN = 2


def plain(text: str, style: str = "") -> Content:
    """`text` in `style`, with control characters made visible; markup in it means nothing."""
    return Content.styled(figures.visible(text), style) if style else Content(figures.visible(text))


def muted(text: str) -> Content:
    """A label."""
    return plain(text, "$muted")


def faint(text: str) -> Content:
    """An aside."""
    return plain(text, "$faint")


def bold(text: str, colour: str = "$foreground") -> Content:
    """A heading or the one number of a block."""
    return plain(text, f"bold {colour}")


def reason(text: str) -> Content:
    """The agent's own words, in italics and quotes."""
    return plain(f"“{text.strip()}”", "italic")


def tail(path: str, width: int) -> str:
    """A path cut at the front, where it says least."""
    path = figures.visible(path)
    width = max(8, width)
    return path if cell_len(path) <= width else "…" + Content(path)[-width + 1 :].plain


def joined(parts: list[Content], between: str = "   ") -> Content:
    """The parts that are not empty, with `between` between them."""
    return Content(between).join([part for part in parts if part])


def ends(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a line of `width` cells; the left one is cut, the right one dropped."""
    if not right:
        return left.truncate(width, ellipsis=True)
    gap = width - left.cell_length - right.cell_length
    if gap >= MARGIN:
        return left + " " * gap + right
    room = width - right.cell_length - MARGIN
    if room < width // 3:
        return left.truncate(width, ellipsis=True)
    return left.truncate(room, ellipsis=True) + " " * MARGIN + right
