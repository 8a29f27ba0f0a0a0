"""The client's side of the application: commands go down, batches of events come up, questions open."""

from collections.abc import Callable
from typing import Any

from textual import work
from textual.app import App
from textual.screen import ModalScreen

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.errors import WorkbenchError
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import EngineClient
from workbench.ui import dialogs
from workbench.ui.board import Board
from workbench.ui.bridge import Bridge
from workbench.ui.entries import Level
from workbench.ui.feed import EventReducer, ViewChanges
from workbench.ui.model import Change
from workbench.ui.questions import Questions
from workbench.ui.screens.main import MainScreen
from workbench.ui.widgets.history import PromptHistory


class ClientApp(App[None], inherit_bindings=False):
    """What every action of the application stands on."""

    def __init__(self, client: EngineClient, board: Board, history: PromptHistory) -> None:
        super().__init__()
        self.client = client
        self.board = board
        self.history = history
        board.patterns = self.no_color
        self.feed = EventReducer(client, board)
        self.main = MainScreen(board, history)
        self.questions = Questions(board, lambda: self.main.is_active, self._open_question)
        self.bridge: Bridge | None = None

    @property
    def prompt_text(self) -> str:
        """What is written in the prompt."""
        return self.main.prompt.text

    # --- down ------------------------------------------------------------------------

    async def dispatch(self, command: c.Command) -> bool:
        """Have the client carry out `command`; false when it could not, which the notice then says."""
        try:
            await self.client.handle(command)
        except WorkbenchError as error:
            self.say(error.message, "error", error.hint)
            return False
        finally:
            if self.feed.changed_over():
                self.main.redraw()
            if self.bridge:
                self.bridge.wake()
        return True

    @work(group="commands")
    async def start(self, command: c.Command) -> None:
        """The same, without waiting for it."""
        await self.dispatch(command)

    def say(self, message: str, level: Level = "info", hint: str = "") -> None:
        """Show a notice above the prompt; it goes at the next key."""
        self.board.model.notice = e.Noticed(message, level, hint)
        self.main.notice.refresh()

    # --- up --------------------------------------------------------------------------

    def deliver(self, batch: list[e.Stamped]) -> bool:
        """Fold a batch and draw what it touched; true while something is still to be drawn."""
        news = self.feed.fold(batch)
        if news.notices:
            self.board.model.notice = news.notices[-1]
        unfinished = self.main.draw(news)
        if news.raised:
            self.bell()
        if news.reset or news.change & Change.ESCALATION:
            self.questions.withdraw_stale()
            self.ask()
        self._review(news)
        return unfinished or self.board.model.running

    def _review(self, news: ViewChanges) -> None:
        if news.plan:
            self._review_compaction(news.plan)
        if news.draft:
            self._review_handoff(news.draft)

    # --- questions -------------------------------------------------------------------

    def ask(self) -> None:
        """Open the oldest question as soon as nobody types."""
        if self.board.model.escalations:
            self.run_worker(self.questions.wait_and_open(), group="questions", exclusive=True)

    def _open_question(self, request: EscalationRequest) -> ModalScreen[Any]:
        dialog = dialogs.escalation(self.board, request)

        def answered(verdict: Verdict | None) -> None:
            self.questions.closed(request, verdict)
            if verdict is not None:
                self.start(c.ResolveEscalation(request.id, verdict))
            elif self.questions.aside is request:
                self.say("it still waits for you", "warning", "/answer opens the question again, esc rejects")
            self.call_later(self.ask)

        self.push_screen(dialog, answered)
        return dialog

    # --- reviews ---------------------------------------------------------------------

    def _review_compaction(self, plan: CompactionPlan) -> None:
        self._push_review(dialogs.compaction(plan, self.client))

    def _review_handoff(self, plan: HandoffPlan) -> None:
        self._push_review(dialogs.handoff(plan, self.copy_to_clipboard))

    def _push_review(self, review: ModalScreen[Any]) -> None:
        if not self.main.is_active:
            self.start(c.DiscardPlan())
            return
        self.board.model.notice = None
        self.main.notice.refresh()
        self.main.panel.brings.refresh()
        self.push_screen(review, self._reviewed)

    def _reviewed(self, command: c.Command | None) -> None:
        self.start(command or c.DiscardPlan())
        self.call_later(self.ask)

    def push_and_then(self, screen: Any, done: Callable[[Any], None]) -> None:
        """Open a screen; afterwards `done` gets its result and waiting questions may open."""

        def finished(result: Any) -> None:
            done(result)
            self.call_later(self.ask)

        self.push_screen(screen, finished)
