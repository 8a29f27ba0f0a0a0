"""The welcome: what this is, who answers, and what to start with; in the place of the transcript until there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from workbench.core.commands import Command
from workbench.core.ports import RuntimeInfo
from workbench.core.window import SECTIONS
from workbench.ui.answering import find_answering
from workbench.ui.commands import LIST_KEYS, ScreenCommand
from workbench.ui.draw.bar import PATTERNS
from workbench.ui.draw.text import bold, fit, flatten, heading, muted, plain, wrap
from workbench.ui.draw.told import lay_told, tell, tell_chosen
from workbench.ui.draw.window_block import EIGHTHS
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn

WIDE = 96
WHOLE = 10_000
"""Cells at which a paragraph is one row."""
PICTURE = tuple(zip(SECTIONS, (6, 4, 4, 6, 14, 10, 4), strict=True))
HEIGHTS = (1.0, 0.86, 0.7, 0.56, 0.42, 0.32, 0.27, 0.25, 0.25, 0.27, 0.34, 0.46, 0.62, 0.78, 0.9, 0.98)
"""The attention chart as a picture; read along its width."""
SAYINGS = ("See what the agent sees,", "what it costs, how sure it is,", "and what it is about to do.")
WORTH_KNOWING = (
    ("compact", "make room, after you have seen what would be lost"),
    ("hand_off", "carry the essentials into a fresh session"),
    ("back", "always safe: closes, rejects or stops; never quits"),
    ("commands", "everything else, by name"),
)


class Start(msgspec.Struct, frozen=True):
    """One of the things to start with."""

    title: str
    detail: str
    command: Command


def draw_welcome(
    facts: RuntimeInfo,
    starts: Sequence[Start],
    chosen: int | None,
    size: tuple[int, int],
    *,
    commands: Sequence[ScreenCommand] = (),
    patterns: bool = False,
) -> tuple[list[Content], int]:
    """The rows for `(width, height)`, and where the choices stand; the picture goes first where it is low."""
    width, height = size
    inner = max(1, min(WIDE, width - 4))
    who = _draw_who(facts, inner)
    choices = [_draw_start(number, start, number == chosen, inner, patterns) for number, start in enumerate(starts)]
    gap = Content("")
    parts = [*who, gap, heading("START WITH"), gap, *choices]
    knowing = [gap, heading("WORTH KNOWING"), gap, *_draw_worth_knowing(commands)]
    picture = [*_draw_picture(inner, patterns), gap]
    if len(picture) + len(parts) <= height:
        parts = picture + parts
    if len(parts) + len(knowing) + 2 <= height:
        parts += knowing
    spare = max(0, height - len(parts))
    top = max(min(1, spare), spare // 3)
    rows = [gap] * top + parts
    indent = " " * max(1, (width - inner) // 2)
    first = next((place for place, row in enumerate(rows) if row.plain == "START WITH"), 0) + 2
    return [Content(indent) + fit(row, inner) for row in rows], first


def _draw_who(facts: RuntimeInfo, width: int) -> list[Content]:
    if facts.as_if:
        said = (
            "No key was found, so a small built-in agent without a language model answers. It really reads, edits "
            "and runs things here, asking you first, and costs nothing."
        )
        switch = Content.assemble(
            ("To talk to Claude: set ", "$muted"),
            ("ANTHROPIC_API_KEY", "bold $foreground"),
            (" and start again. Nothing else changes.", "$muted"),
        )
        head = Content.styled("THIS IS A REHEARSAL", "bold $accent")
        return [head, *wrap(plain(said, "$foreground"), width, least=1), *wrap(switch, width, least=1)]
    head = bold(flatten(facts.model)) + muted(f" answers, from {facts.provider}")
    said = "It reads here by itself and asks you before it changes or runs anything."
    return [head, *wrap(plain(said, "$foreground"), width, least=1)]


def _draw_start(number: int, start: Start, chosen: bool, width: int, patterns: bool) -> Content:
    badge = "bold $on-accent on $accent" if chosen else "bold $accent on $select"
    mark = "▶" if patterns and chosen else " "
    title = "bold $foreground" if chosen else "$foreground"
    row = Content.assemble(
        mark, (f" {number + 1} ", badge), "  ", (flatten(start.title), title), "   ", (flatten(start.detail), "$muted")
    )
    row = fit(row, width)
    return row.stylize_before("on $select") if chosen else row


def _draw_worth_knowing(commands: Sequence[ScreenCommand]) -> list[Content]:
    keys = {command.name: command.shown for command in commands}
    return [
        Content.assemble((keys[name].rjust(7), "bold $accent"), "   ", (words, "$foreground"))
        for name, words in WORTH_KNOWING
        if keys.get(name)
    ]


def _draw_picture(width: int, patterns: bool) -> list[Content]:
    """Four rows: the attention chart, and beside it the name and what it is for."""
    names = [name for name, cells in PICTURE for _ in range(cells)]
    rows = []
    for row in range(3, -1, -1):
        cells = []
        for place, name in enumerate(names):
            height = round(HEIGHTS[place * len(HEIGHTS) // len(names)] * 32) - row * 8
            glyph = EIGHTHS[min(8, max(0, height))]
            filled = patterns and glyph == "█"
            cells.append((PATTERNS[name] if filled else glyph, "" if patterns else f"$section-{name}"))
        rows.append(Content.assemble(*cells))
    words = [Content.styled("W O R K B E N C H", "bold $foreground"), *(Content.styled(s, "$muted") for s in SAYINGS)]
    if width < len(names) + 4 + max(len(saying) for saying in SAYINGS):
        return rows if width >= len(names) else []
    return [Content.assemble(row, "    ", word) for row, word in zip(rows, words, strict=True)]


class Welcome(Drawn, can_focus=True):
    """Things to start with: tab or arrows and enter; digits stay text for the prompt."""

    BINDINGS = LIST_KEYS

    starts: reactive[tuple[Start, ...]] = reactive(())
    chosen: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """One of the things was chosen."""

        command: Command

    def __init__(self, state: UiState, commands: Sequence[ScreenCommand]) -> None:
        """`commands`: what the screen offers, for the keys that are worth knowing."""
        super().__init__(self._draw, self._tell, id="welcome")
        self._offered = commands
        self._state = state
        self._first = 0
        self._clicked: int | None = None
        """The one that the last click moved to."""

    def _draw(self, width: int, height: int) -> Sequence[Content]:
        chosen = self.chosen if self.has_focus else None
        state = self._state
        facts = msgspec.structs.replace(state.facts, model=find_answering(state)[0])
        rows, self._first = draw_welcome(
            facts, self.starts, chosen, (width, height), commands=self._offered, patterns=state.patterns
        )
        return rows

    def _tell(self) -> list[str]:
        """What the picture shows needs no words; the choices are told as they are drawn."""
        who = [tell(row) for row in _draw_who(self._state.facts, WHOLE)]
        chosen = self.chosen if self.has_focus else None
        keys = {command.name: command.shown for command in self._offered}
        self._first = len(lay_told(who, self.size.width)) + 1
        starts = [f"{number + 1} {start.title}: {start.detail}" for number, start in enumerate(self.starts)]
        return [
            *who,
            "Start with, tab and enter choose:",
            *(tell_chosen(flatten(start), number == chosen) for number, start in enumerate(starts)),
            "Worth knowing:",
            *(f"{keys[name]}: {words}" for name, words in WORTH_KNOWING if keys.get(name)),
        ]

    def action_move(self, by: int) -> None:
        self._clicked = None
        self.chosen = min(max(0, self.chosen + by), max(0, len(self.starts) - 1))

    def action_choose(self) -> None:
        if self.chosen < len(self.starts):
            self.post_message(self.Chosen(self.starts[self.chosen].command))

    def on_click(self, event: events.Click) -> None:
        """Move to one; a second click on it, or enter, takes it."""
        place = event.y - self._first
        if not 0 <= place < len(self.starts):
            return
        again, self._clicked, self.chosen = self._clicked == place, place, place
        if again:
            self.action_choose()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self._clicked = None
        self.refresh()
