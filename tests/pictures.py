"""Screens as SVG that looks the same in every viewer: no font from the network, blocks drawn, blanks left out."""

import re
from itertools import groupby

FONT_FACE = re.compile(r"\s*@font-face \{.*?\}\n?", re.S)
FAMILY = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
TEXT = re.compile(r'<text class="([\w-]+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]*)</text>')
CELL, LINE, ASCENT = 12.2, 24.4, 18.5
"""Width and height of a character, and how far its base line lies below its top."""
BLANK = "&#160;"
BLOCKS = {"█": (0, 0, 8, 8), "▀": (0, 0, 8, 4), "▔": (0, 0, 8, 1)}
"""Eighths of a cell: left, top, width, height."""
BLOCKS |= {block: (0, 8 - eighths, 8, eighths) for eighths, block in enumerate("▁▂▃▄▅▆▇", 1)}
BLOCKS |= {block: (0, 0, eighths, 8) for eighths, block in enumerate("▏▎▍▌▋▊▉", 1)}


def cleaned(svg: str) -> str:
    """`svg` as Textual exports it, made to be kept: the same screen always gives the same text."""
    svg = FONT_FACE.sub("", svg).replace("Fira Code, monospace", FAMILY).replace("font-family: Fira Code", FAMILY)
    svg = TEXT.sub(_drawn, re.sub(r"terminal-\d+", "terminal", svg))
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def _drawn(match: re.Match[str]) -> str:
    """A piece of text that begins and ends with a character, since some viewers swallow the blanks around it."""
    style, x, y, length, rest, text = match.groups()
    start = re.sub(rf"^(?:{BLANK})+", "", text)
    shown = re.sub(rf"(?:{BLANK})+$", "", start)
    left = float(x) + (len(text) - len(start)) // len(BLANK) * CELL
    if not shown:
        return ""
    if set(shown) <= BLOCKS.keys():
        return _blocks(style, left, float(y) - ASCENT, shown)
    width = float(length) - (len(text) - len(shown)) // len(BLANK) * CELL
    return f'<text class="{style}" x="{left:g}" y="{y}" textLength="{width:g}"{rest}>{shown}</text>'


def _blocks(style: str, left: float, top: float, text: str) -> str:
    """Block characters as rectangles: fonts leave gaps between their lines."""
    drawn = []
    for block, run in groupby(text):
        cells = len(list(run))
        x, y, width, height = BLOCKS[block]
        across = cells * CELL if width == 8 else width / 8 * CELL
        places = [left] if width == 8 else [left + cell * CELL for cell in range(cells)]
        drawn += [
            f'<rect class="{style}" x="{place + x / 8 * CELL:g}" y="{top + y / 8 * LINE:g}" '
            f'width="{across:g}" height="{height / 8 * LINE:g}" shape-rendering="crispEdges"/>'
            for place in places
        ]
        left += cells * CELL
    return "".join(drawn)
