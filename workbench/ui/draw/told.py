"""What is drawn, told in sentences, for somebody who has the screen read aloud.

This is the one place that makes words of rows: marks go, columns become pieces with commas between. What draws rows
asks `is_told` and shows these words instead; where a drawing says more than its words do (a bar, a table, a mark
without a word) it is given its sentences beside the drawing.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from textual.content import Content
from textual.widget import Widget

from workbench.ui.draw.text import HEADING, plain, wrap

MARKS = re.compile(
    "[\u2500-\u25ff"  # boxes, blocks, shapes
    "\u2713\u2714\u2717\u2718\u2298\u2610\u2612\u22ef\u2022\u2800-\u28ff\U0001fb00-\U0001fbff]"
)
Tell = Callable[[], Sequence[str]]
"""The sentences of a drawing."""
_BETWEEN = re.compile(r"\s{2,}|\s+·\s+|·{2,}")
"""Blanks, a dot, and the dots of an empty bar."""


def is_told(widget: Widget) -> bool:
    """True where sentences are shown instead of drawings."""
    return widget.app.has_class("-linear")


def tell(row: Content) -> str:
    """The words of a drawn row: `paths, 11 of 11`; the name of a block as `Evidence index:`."""
    text = row.plain
    for span in sorted(row.spans, key=lambda span: -span.start):
        if span.style == HEADING:
            text = f"{text[: span.start]}{text[span.start : span.end].strip().capitalize()}:  {text[span.end :]}"
    return tell_pieces(_BETWEEN.split(MARKS.sub("  ", text).replace(" → ", " to ").replace("↓ ", "")))


def tell_pieces(pieces: Iterable[str]) -> str:
    """Pieces as one sentence: a comma between them where none of them ends by itself."""
    said = ""
    for piece in filter(None, (piece.strip() for piece in pieces)):
        said += piece if not said else f" {piece}" if said[-1] in ".:;,?!…" else f", {piece}"
    return said


CHOSEN = "chosen: "


def tell_chosen(said: str, chosen: bool) -> str:
    """Which of several is chosen, in a word that comes first."""
    return f"{CHOSEN}{said}" if chosen else said


def lay_told(said: Iterable[str], width: int) -> list[Content]:
    """Sentences below each other, each on as many rows as it takes; an empty one takes none."""
    return [row for sentence in said if sentence for row in wrap(plain(sentence, "$foreground"), width)]
