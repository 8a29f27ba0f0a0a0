"""Who answers: another model for this session, from a list or by its name."""

from workbench.core.commands import ChooseModel
from workbench.ui.controllers.shell import Controller


class ModelController(Controller):
    """Switches the session to another model."""

    def choose(self, name: str = "") -> None:
        """Switch to the model of that name; without one, offer those that are known."""
        if name:
            self._take(name)
            return

        from workbench.ui.modals.models import ModelModal

        self._shell.open(ModelModal(self._client.list_models), self._take)

    def _take(self, name: str | None) -> None:
        if name is not None:
            self._shell.start(ChooseModel(name))
