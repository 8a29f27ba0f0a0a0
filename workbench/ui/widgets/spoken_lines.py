"""The lines at the edges as plain sentences, for somebody who has the screen read aloud."""

from collections.abc import Sequence

from textual.content import Content

from workbench.core import figures
from workbench.ui.draw.text import count, fit, flatten
from workbench.ui.refusing import name_esc
from workbench.ui.state import UiState

LEAST = 24
"""Cells that what it does has, whatever follows."""


def draw_spoken_status(state: UiState, width: int) -> Content:
    """What it does, then the figures; nothing that changes by itself from second to second. No piece is cut."""
    doing, *aside = _list_doing(state)
    room = max(LEAST, width - sum(2 + len(piece) for piece in aside))  # only a command that runs is as long
    said = Content(doing).truncate(room, ellipsis=True).plain
    for between, piece in [*((", ", piece) for piece in aside), *((". ", piece) for piece in _list_figures(state))]:
        if len(said) + len(between) + len(piece) > width:
            break
        said += between + piece
    return _say(said, width)


def _list_doing(state: UiState) -> Sequence[str]:
    """What it does; then what esc would do, and how far it is."""
    if state.read_only:
        return ("read only",)
    if state.escalations:
        return "a question waits for you", _tell_esc(state)
    if not state.running:
        return ("waits for your words",)
    steps = [f"step {state.step} of {max(state.steps_budget, state.step)}"] if state.step else []
    return flatten(state.activity) or "works", _tell_esc(state), *steps


def _tell_esc(state: UiState) -> str:
    """`escape stops it`, `escape removes the draft`."""
    esc = name_esc(state)
    return f"escape {esc.does}{'' if ' ' in esc.does else ' it'}" if esc else ""


def _list_figures(state: UiState) -> list[str]:
    said = []
    if window := state.window:
        said.append(f"window: {figures.tokens(window.total)} of {figures.tokens(window.size)} tokens")
        said.append(f"spent: {figures.money(state.spend.usd, state.spend.as_if_usd)}")
    return [*said, figures.visible(state.title)]


def draw_spoken_notice(state: UiState, new_below: int, width: int) -> Content:
    """The notice after its kind, else how many prompts wait, else how much arrived below."""
    if notice := state.notice:
        parts = [flatten(part).replace(" · ", ", ") for part in (notice.message, notice.hint)]
        return _say(f"{notice.level}: {_join(parts)}", width)
    if state.queued:
        many, end = f"{count(len(state.queued), 'prompt')} queued", ", up changes it"
        last = Content(f"{many}, the last is: {flatten(state.queued[-1])}")
        fits = len(many) + len(", the last is: ") + 8 + len(end) <= width
        return _say(f"{last.truncate(width - len(end), ellipsis=True).plain if fits else many}{end}", width)
    return _say(f"{count(new_below, 'new line')} below" if new_below else "", width)


def _join(parts: Sequence[str]) -> str:
    """Sentences behind each other, each with its end."""
    message, hint = parts
    return f"{message}{'' if message.endswith(tuple('.:;,?!…')) else '.'} {hint}" if hint else message


def _say(said: str, width: int) -> Content:
    return fit(Content.styled(said, "$foreground"), width)
