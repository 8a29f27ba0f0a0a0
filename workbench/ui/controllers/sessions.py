"""Changing over: another session, a new one, another title, and the things to start with."""

import asyncio
from collections.abc import Sequence

from workbench import resources
from workbench.core import commands as c
from workbench.core import figures
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.ui.controllers.reviews import ReviewController
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.draw.text import count
from workbench.ui.widgets.welcome import Start

EXPLAIN = Start("Explain this project", "reads a few files", c.SendPrompt("Explain this project."))
RISKS = Start(
    "Find what is risky in the last commit",
    "git diff, nothing is changed",
    c.SendPrompt("Find what is risky in the last commit."),
)


class SessionController(Controller):
    """Opens sessions. What is written in the prompt goes along."""

    def __init__(self, shell: Shell, reviews: ReviewController) -> None:
        super().__init__(shell)
        self._reviews = reviews
        self.moved: tuple[str, str] | None = None
        """Where the workbench ended to begin again: the session, and the folder."""

    def carry_out(self, command: c.Command | None) -> None:
        """Do what a screen or the welcome gave back."""
        match command:
            case None:
                return
            case c.OpenSession(id=id):
                self._shell.spawn(self._open(id))
            case c.NewSession() | c.ImportSession():
                self._reviews.forget()
                self._shell.spawn(self._change_over(command))
            case _:
                self._shell.start(command)

    def new_session(self) -> None:
        """Leave this session and begin another; a running turn is not stopped by accident."""
        if self._state.running:
            self._shell.say("a turn is running", "warning", f"esc stops it, then {self._main.way_to('new_session')}")
        elif self._main.is_active:
            self.carry_out(c.NewSession())
        else:
            self._shell.screen_stack[-1].dismiss(c.NewSession())

    async def _open(self, id: str) -> None:
        """Open a session; of one that worked in another folder ask first where it is to go on."""
        here = self._client.facts.workspace
        found = next((row for row in await asyncio.to_thread(self._client.sessions) if row.id == id), None)
        if found is None or found.workspace in ("", here):
            self._open_here(id)
            return

        from workbench.ui.modals.elsewhere import ElsewhereModal

        def decide(where: str | None) -> None:
            if where == "there":
                self.moved = id, found.workspace
                self._shell.exit()
            elif where == "here":
                self._open_here(id)

        self._shell.open(ElsewhereModal(found.title or id, found.workspace, here), decide)

    def _open_here(self, id: str) -> None:
        self._reviews.forget()
        self._shell.spawn(self._change_over(c.OpenSession(id)))

    async def _change_over(self, command: c.Command) -> None:
        if await self._shell.dispatch(command):
            self._main.prompt.close_menu()
            self.find_starts()
            self.explain_read_only()

    def explain_read_only(self) -> None:
        """Say why nothing can be written in the session that was just opened, if nothing can."""
        if self._client.read_only:
            self._shell.say(self._client.read_only, "warning")

    async def rename(self, title: str) -> None:
        """Give the session another title; without one, write the command with the title as it is."""
        if title:
            await self._shell.dispatch(c.RenameSession(title))
        else:
            self._main.prompt.history.keep(self._main.prompt.text)
            self._main.prompt.put(f"/rename {self._state.title}")
            self._main.prompt.editor.focus()

    def find_starts(self) -> None:
        """Offer things to start with. The list of sessions is read from disk, so it comes after the first frame."""
        if not self._state.entries:
            self._shell.spawn(self._find_starts(), "starts", exclusive=True)

    async def _find_starts(self) -> None:
        now = self._state.clock.now()
        found = await asyncio.to_thread(self._client.sessions)
        self._main.welcome.starts = list_starts(self._client.facts, found, now)


def list_starts(facts: RuntimeInfo, sessions: Sequence[SessionSummary], now: float) -> tuple[Start, ...]:
    """Things to start with, at most four: each harmless, and each only where it makes sense."""
    found = [EXPLAIN]
    if facts.branch:
        found.append(RISKS)
    if sample := next(iter(sorted(resources.samples().glob("*.json"))), None):
        title = "Open the sample session"
        found.append(Start(title, "every kind of event: approvals, compaction, undo", c.ImportSession(str(sample))))
    if latest := next((row for row in sessions if row.turns and row.workspace in ("", facts.workspace)), None):
        found.append(
            Start(f"Go on with {latest.title or latest.id}", _describe_age(latest, now), c.OpenSession(latest.id))
        )
    return tuple(found)


def _describe_age(row: SessionSummary, now: float) -> str:
    ago = "at no known time"
    if figures.find_moment(row.updated_at):
        minutes = max(0, int((now - row.updated_at) // 60))
        steps = (
            (2, "just now"),
            (60, f"{minutes} minutes ago"),
            (120, "an hour ago"),
            (48 * 60, f"{minutes // 60} hours ago"),
        )
        ago = next((words for limit, words in steps if minutes < limit), f"{minutes // (24 * 60)} days ago")
    state = f"{row.state}, " if row.state in ("handed off", "waiting", "failed", "spent") else ""
    return f"{state}{ago}, {count(row.turns, 'turn')}"
