"""The state under the name that the transcript still has for it."""

from workbench.ui.state import Change, UiState

Model = UiState

__all__ = ["Change", "Model"]
