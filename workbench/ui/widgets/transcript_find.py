"""Looking for words in the transcript: the line below it, and what that says of how far it looked."""

from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from workbench.ui.state import UiState
from workbench.ui.widgets.find import FindBar, describe_hits

if TYPE_CHECKING:
    from workbench.ui.transcript.view import Transcript


class TranscriptFind(FindBar):
    """A find bar that acts on `transcript`. Enter stays at the hit, esc goes back to where one was and wrote."""

    def __init__(self, state: UiState, transcript: "Transcript") -> None:
        super().__init__()
        self._state, self._transcript = state, transcript
        self._from: Widget | None = None
        """The part that had the focus before."""

    def begin(self, words: str = "") -> None:
        """Open it with `words`, else with those looked for last; go on to the next hit where it is open."""
        if not words and self.display and self.editor.has_focus:
            self._transcript.step_find(-1)
            return
        if not self.editor.has_focus:
            self._from = self.screen.focused
        search = self._transcript.search
        self.open(words or (search.words if search else ""))
        self.look()

    def look(self) -> None:
        """Say how many there are, and how far back it looked."""
        search = self._transcript.search
        if search is None or not search.words.strip():
            self.say("")
            return
        place = search.place()
        self.say(describe_hits(place, search.count, search.words, self._describe_reach()))

    def _describe_reach(self) -> str:
        """What is still to be said of the hit or of the search; empty when all was looked at."""
        search, entries = self._transcript.search, self._state.entries
        if search is None:
            return ""
        if not search.done:
            return f"looking, back to turn {entries[search.left].turn}" if search.left < len(entries) else "looking"
        if self._state.partial:
            return f"back to turn {next((entry.turn for entry in entries if entry.turn), 1)}, reading on"
        return "folded, enter reads it" if self._transcript.hidden else ""

    def leave(self, *, back: bool) -> None:
        """Close it. `back`: to where one was."""
        self.display = False
        self._transcript.end_find(back=back)

    @on(FindBar.Changed)
    def _change(self, event: FindBar.Changed) -> None:
        event.stop()
        if self.display:
            self._transcript.find(event.words)
            self.look()

    @on(FindBar.Moved)
    def _move(self, event: FindBar.Moved) -> None:
        event.stop()
        self._transcript.step_find(event.by)

    @on(FindBar.Accepted)
    def _accept(self, event: FindBar.Accepted) -> None:
        event.stop()
        self.display = False
        self._transcript.focus()
        if self._transcript.hidden:
            self._transcript.action_read()

    @on(FindBar.Left)
    def _leave(self, event: FindBar.Left) -> None:
        event.stop()
        self.leave(back=True)
        # At once: `focus` would be later than the keys that have already come.
        self.screen.set_focus(self._from or self._transcript)
