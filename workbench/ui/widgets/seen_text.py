"""A field of text in which nothing is hidden, and from which exactly what was written comes back.

written   a<RLO>b\\r         what comes in and goes out
held      a<stand-ins>b<.>   in the document: every character of it is seen, one cell each, and no foreign end of line
drawn     a<U+202E>b          as a person sees it, with a sign for the return; blanks at the end of a line as dots

Upstream, a document takes any of Python's ends of lines for its own, and gives another text back than was put in.
"""

import re
from functools import cache
from typing import Any

from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from workbench.core import figures
from workbench.ui.draw.spelling import spell

BASE = 0x100000
"""A plane of private characters: those from here on stand in for ASCII. In a text they would count as hidden."""
STAND_INS = {BASE + code: chr(code) for code in range(0x20, 0x7F)}
CONTROLS = {BASE + code: chr(code) for code in (*range(0x20), 0x7F)}
DRAWN = STAND_INS | {held: figures.show_character(control) for held, control in CONTROLS.items()}
PLAIN = re.compile(r"[\n\t -~]*")
CODE = re.compile("\\U0010003c\\U00100055\\U0010002b([\\U00100030-\\U00100039\\U00100041-\\U00100046]{4,6})\\U0010003e")
"""`<U+202E>` in stand-ins."""
SHOWN = re.compile(f"{CODE.pattern}|[\\U00100000-\\U0010001f\\U0010007f]")
HELD = re.compile(f"{CODE.pattern}|[\\U00100000-\\U0010007f]")
TRAILING = re.compile(r"[ \t]+$")


@cache
def _hold_character(character: str) -> str:
    if character in "\n\t" or spell(character) == character:
        return character
    if ord(character) + BASE in CONTROLS:
        return chr(ord(character) + BASE)
    return "".join(chr(ord(c) + BASE) for c in f"<U+{ord(character):04X}>")


def hold(text: str) -> str:
    """`text` with a stand-in for each character that is not seen; emoji and joined letters stay whole."""
    if PLAIN.fullmatch(text):
        return text
    return figures.around_joined(text, lambda part: "".join(map(_hold_character, part)))


def release(held: str) -> str:
    """The text that was held. Of a code that was edited until it is none the letters are left, as they are seen."""
    return held if held.isascii() else HELD.sub(_release_one, held)


def _release_one(match: re.Match[str]) -> str:
    if not match[1]:
        return match[0].translate(CONTROLS | STAND_INS)
    code = int(match[1].translate(STAND_INS), 16)
    return chr(code) if code <= 0x10FFFF else match[0].translate(STAND_INS)


class SeenTextArea(TextArea):
    """A text area whose `text` is what was written, and whose lines hide nothing of it."""

    def __init__(self, text: str = "", **options: Any) -> None:
        super().__init__(hold(text), **options)

    @property
    def text(self) -> str:
        return release(self.document.text)

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def load_text(self, text: str) -> None:
        super().load_text(hold(text))

    def get_text_range(self, start: Location, end: Location) -> str:
        return release(super().get_text_range(start, end))

    def edit(self, edit: Edit) -> EditResult:
        edit.text = hold(edit.text)
        return super().edit(edit)

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: codes and pictures of what is not seen, blanks at its end as dots."""
        line = super().get_line(line_index)
        held = line.plain
        ends = TRAILING.search(held)
        if held.isascii() and not ends:
            return line
        style = self.app.theme_variables.get("warning", "")
        drawn = held.translate(DRAWN)
        if ends:
            drawn = drawn[: ends.start()] + ends[0].replace(" ", "·")
        line.plain = drawn
        for start, end in (match.span() for match in SHOWN.finditer(held)):
            line.stylize(style, start, end)
        if ends:
            line.stylize(f"underline {style}", *ends.span())
        return line
