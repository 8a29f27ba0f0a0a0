"""What fills the window: making room and handing off, each reviewed before it is carried out; what is attached.

A review waits until the conversation is in front: nothing is lost while it waits, and no key that was meant for another
screen accepts it.
"""

from typing import Any

from textual.screen import ModalScreen

from workbench.core import commands as c
from workbench.core.errors import WorkbenchError
from workbench.ui.controllers.clipboard import ClipboardController
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.reducer import ViewChanges


class ReviewController(Controller):
    """Holds the review that is to open next."""

    def __init__(self, shell: Shell, clipboard: ClipboardController) -> None:
        super().__init__(shell)
        self._clipboard = clipboard
        self._next: ModalScreen[Any] | None = None
        self._at = ""
        """The entry at which a plan was changed, whose next one is to come."""

    async def compact(self, instructions: str = "") -> None:
        """Ask for a plan that heeds `instructions`; its review opens when it comes."""
        await self._plan(c.PlanCompaction(instructions=instructions.strip()), "looking for what can go…")

    async def hand_off(self) -> None:
        """Ask for a draft; its review opens when it comes."""
        await self._plan(c.DraftHandoff(), "writing down what a fresh session needs…")

    async def attach(self, path: str) -> None:
        """Keep a text file in the window; without a path, write the command as far as it is known."""
        if not path:
            self._main.prompt.history.keep(self._main.prompt.text)
            self._main.prompt.put("/attach ")
            self._main.prompt.editor.focus()
        elif await self._shell.dispatch(c.AttachDocument(path)) and self._state.entries:
            self._shell.say(
                f"{path} goes along with your next prompt", "success", "a compaction keeps it, in the memory"
            )

    async def _plan(self, command: c.Command, words: str) -> None:
        if not self._state.entries:
            self._shell.say("there is nothing in this session yet", "info", "ask for something first")
        elif await self._shell.dispatch(command) and self._client.busy and self._main.is_active:
            self._shell.say(words, "info", "esc stops")

    def take(self, changes: ViewChanges) -> None:
        """Open the review of a plan that came, or keep it for when the conversation is in front."""
        if changes.reset:
            self._next = None
        if changes.plan:
            from workbench.ui.modals.compaction import CompactionReview

            self._next = CompactionReview(changes.plan, self._client.facts.strategies(), self._at)
            self._at = ""
        if changes.draft:
            from workbench.ui.modals.handoff import HandoffReview

            self._next = HandoffReview(changes.draft, self._clipboard.copy)
        if (changes.plan or changes.draft) and not self._main.is_active:
            self._shell.say("the plan is ready", "info", "its review opens over the conversation")
        self.open_next()

    def open_next(self) -> None:
        """Open the review that waits, if the conversation is in front."""
        if self._next is None or not self._main.is_active:
            return
        review, self._next = self._next, None
        self._state.notice = None
        self._main.notice.refresh()
        self._main.panel.brings.refresh()
        self._shell.open(review, lambda command: self._reviewed(review, command))

    def forget(self) -> None:
        """The session is about to be left: its plan is not reviewed any more."""
        if self._next is not None:
            self._next = None
            self._shell.start(c.DiscardPlan())

    def _reviewed(self, review: ModalScreen[Any], command: c.Command | None) -> None:
        if isinstance(command, c.ChangePlan):
            self._shell.spawn(self._change(review, command))
            return
        if isinstance(command, c.HandOff):  # what is typed while the fresh session opens is meant for it
            self._main.set_focus(self._main.prompt.editor)
        self._shell.start(command or c.DiscardPlan())

    async def _change(self, review: ModalScreen[Any], command: c.ChangePlan) -> None:
        """Have the plan changed; where that cannot be, it is under review as it was."""
        from workbench.ui.modals.compaction import CompactionReview

        if not isinstance(review, CompactionReview):
            return
        self._at = review.at
        try:
            await self._client.handle(command)
        except WorkbenchError as fault:
            self._next = CompactionReview(review.plan, self._client.facts.strategies(), self._at, str(fault))
            self._at = ""
            self.open_next()
