"""The lines at the edges as plain sentences, for somebody who has the screen read aloud."""

from textual.content import Content

from workbench.core import figures
from workbench.ui.draw.text import count, fit, flatten
from workbench.ui.state import UiState


def draw_spoken_status(state: UiState, width: int) -> Content:
    """What it does, then the figures; nothing that changes by itself from second to second."""
    said = [_speak_doing(state), *_list_figures(state), figures.visible(state.title)]
    return fit(Content.styled(". ".join(filter(None, said)), "$foreground"), width)


def _speak_doing(state: UiState) -> str:
    if state.read_only:
        return "read only"
    if state.escalations:
        return "a question waits for you, escape rejects it"
    if not state.running:
        return "waits for your words"
    steps = f", step {state.step} of {max(state.steps_budget, state.step)}" if state.step else ""
    return f"{flatten(state.activity) or 'works'}{steps}, escape stops it"


def _list_figures(state: UiState) -> list[str]:
    said = []
    if window := state.window:
        said.append(f"window: {figures.tokens(window.total)} of {figures.tokens(window.size)} tokens")
    if state.window:
        said.append(f"spent: {figures.money(state.spend.usd, state.spend.as_if_usd)}")
    return said


def draw_spoken_notice(state: UiState, new_below: int, width: int) -> Content:
    """The notice after its kind, else how many prompts wait, else how much arrived below."""
    if notice := state.notice:
        hint = f". {flatten(notice.hint)}" if notice.hint else ""
        said = f"{notice.level}: {flatten(notice.message)}{hint}"
    elif state.queued:
        said = f"{count(len(state.queued), 'prompt')} queued, the last is: {flatten(state.queued[-1])}"
    else:
        said = f"{count(new_below, 'new line')} below" if new_below else ""
    return fit(Content.styled(said, "$foreground"), width)
