"""The state under the name that the drawing kit still has for it."""

from typing import Any

from workbench.ui.state import UiState


class Board:
    """`UiState` as `board.model`, and what stands around it as its own."""

    def __init__(self, state: UiState) -> None:
        self.model = state

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)
