"""Reading one thing whole, in a screen of its own."""

from workbench.ui.controllers.shell import Controller
from workbench.ui.reading.document import Document


class ReadingController(Controller):
    """Opens the pager."""

    def read(self, document: Document) -> None:
        """Show `document` from its beginning; back is where one was."""
        from workbench.ui.screens.pager import PagerScreen

        screen = PagerScreen(self._client, self._state, document)
        screen.title = "Reading"
        self._shell.open(screen)
