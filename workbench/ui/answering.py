"""Who answers, as the screen says it. No Textual, no engine, no I/O."""

from workbench.ui.state import UiState


def find_answering(state: UiState) -> tuple[str, str]:
    """Model and provider: of the running turn, else of the next prompt."""
    facts = state.facts
    if state.chosen is None or state.running:
        return state.model or facts.model, state.provider or facts.provider
    return state.chosen.model, state.chosen.provider
