"""Which commands would find nothing to act on now: palette and slash menu leave them out."""

from collections.abc import Callable, Iterable, Mapping

from workbench.ui.commands import ScreenCommand
from workbench.ui.state import UiState

NEEDS: Mapping[str, Callable[[UiState], bool]] = {
    "answer": lambda state: bool(state.escalations),
    "retry": lambda state: state.failed_at is not None or state.retry_at is not None,
}
"""What has to be there, by the name of a command; who types the whole name is told what is missing."""


def list_available(commands: Iterable[ScreenCommand], state: UiState) -> list[ScreenCommand]:
    """Those of `commands` that find something to act on."""
    return [each for each in commands if each.name not in NEEDS or NEEDS[each.name](state)]
