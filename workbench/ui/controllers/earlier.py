"""What stands before the first page: read in small slices after the first frame, so that no key waits for it."""

import asyncio

from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.reducer import EventReducer

SLICE = 1_000
"""Events folded in one go: some milliseconds."""
PAUSE_S = 0.002
"""Between two slices; keys and frames come first."""


class EarlierController(Controller):
    """Completes the transcript of a long session."""

    def __init__(self, shell: Shell, reducer: EventReducer) -> None:
        super().__init__(shell)
        self._reducer = reducer

    def begin(self) -> None:
        """Read what the transcript lacks, if it lacks anything."""
        if self._reducer.whole is not None:
            self._shell.spawn(self._read(), "earlier", exclusive=True)

    async def _read(self) -> None:
        whole = self._reducer.whole
        while whole is not None and whole is self._reducer.whole:
            if not whole.advance(SLICE):
                await asyncio.sleep(PAUSE_S)
                continue
            more = self._reducer.complete()
            if self._main.transcript:
                self._main.transcript.take_earlier(more)
            return
