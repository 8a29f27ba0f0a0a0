"""The application: palettes, a stack of screens, and the controllers that act on them. It only composes."""

import gc
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events, on
from textual._context import active_message_pump
from textual.app import SystemCommand
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen

from workbench import resources
from workbench.core import events as e
from workbench.core.commands import Command, SendPrompt, UndoCompaction
from workbench.core.errors import SettingsFault, WorkbenchError
from workbench.core.ports import Clock, EngineClient, Options
from workbench.ui.commands import list_bindings
from workbench.ui.controllers.approvals import ApprovalController
from workbench.ui.controllers.clipboard import ClipboardController
from workbench.ui.controllers.commands import CommandController, load_keys, offer_everywhere
from workbench.ui.controllers.earlier import EarlierController
from workbench.ui.controllers.front import Crash, FrontController
from workbench.ui.controllers.handlers import list_handlers
from workbench.ui.controllers.look import LookController
from workbench.ui.controllers.models import ModelController
from workbench.ui.controllers.prompt import PromptController
from workbench.ui.controllers.reading import ReadingController
from workbench.ui.controllers.reviews import ReviewController
from workbench.ui.controllers.sessions import SessionController
from workbench.ui.controllers.signs import SignController
from workbench.ui.controllers.terminal import TerminalController
from workbench.ui.palettes import DEFAULT_NAME, find_user_folder, list_defaults
from workbench.ui.reducer import Bridge, EventReducer, ViewChanges
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.registry import SCREENS, RegisteredScreen
from workbench.ui.state import Change, Level, UiState
from workbench.ui.terminal.answers import BackgroundReported
from workbench.ui.terminal.application import TerminalApp
from workbench.ui.terminal.capabilities import Capabilities
from workbench.ui.terminal.filters import choose_filters, replace_filters
from workbench.ui.terminal.restoring import find_window
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.panel import CommandButton
from workbench.ui.widgets.prompt import PromptBox
from workbench.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from workbench.ui.transcript.view import Transcript

log = logging.getLogger(__name__)

Result = TypeVar("Result")

SHEETS = ("app", "main", "panel", "prompt", "transcript")
"""What the first frame needs; dialogs and other screens bring theirs."""


class WorkbenchApp(TerminalApp):
    """Workbench in a terminal: what its controllers ask of it is told in `controllers.shell`."""

    TITLE = "workbench"
    ENABLE_COMMAND_PALETTE = True
    CSS_PATH: ClassVar[list[str | PurePath]] = [resources.themes() / f"{name}.tcss" for name in SHEETS]

    def __init__(
        self,
        client: EngineClient,
        options: Options,
        clock: Clock,
        theme: str = DEFAULT_NAME,
        prompt_history: Path | None = None,
        palettes: Path | None = None,
        screens: Sequence[RegisteredScreen] = SCREENS,
        capabilities: Capabilities | None = None,
        remember_theme: Callable[[str], None] = lambda name: None,
        keys: Path | None = None,
    ) -> None:
        """`palettes`, `keys`: the person's own folder and file. By default the terminal shows everything."""
        known = capabilities or Capabilities(depth="none" if "NO_COLOR" in os.environ else "full")
        self._own_filters = choose_filters(known, options.linear)
        self._stopped = False
        super().__init__()
        self.set_class(options.linear, "-linear")
        self.client = client
        self.state = UiState(client.facts, options, clock, self.no_color, steps_budget=options.steps_budget)
        self.keymap = load_keys(keys or (palettes or find_user_folder()).parent / "keys.toml", screens)
        self.set_keymap(self.keymap.list_ids())
        self.main = MainScreen(self.state, PromptHistory(prompt_history), offer_everywhere(screens), self.keymap)
        self.reducer = EventReducer(client, self.state)
        self.front = FrontController(self)
        self.clipboard_controller = ClipboardController(self, super().copy_to_clipboard, known)
        self.signs = SignController(self, known, lambda: find_window(self._driver), lambda: not self.app_focus)
        self.approvals = ApprovalController(self)
        self.prompting = PromptController(self, self.approvals)
        self.giving = TerminalController(self)
        self.reviews = ReviewController(self, self.clipboard_controller)
        self.reading = ReadingController(self)
        self.models = ModelController(self)
        self.sessions = SessionController(self, self.reviews)
        self.earlier = EarlierController(self, self.reducer)
        self.bridge: Bridge | None = None
        self.look = LookController(self, self, known, palettes, remember_theme)
        self.look.begin(theme)
        self.commands = CommandController(self, self.front, screens, self.sessions.carry_out, self.keymap)
        self.look.faults += [SettingsFault(fault) for fault in self.keymap.faults]
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(list_bindings(offer_everywhere(screens)))])
        self.commands.handlers |= list_handlers(self)

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda _: self.look.frame())
        self.screen_change_signal.subscribe(self, lambda _: self._turn_to_front())
        self.reducer.reload()
        self.bridge = Bridge(self, self.client, self.deliver, self.state.options.motion == "reduced")
        self.call_after_refresh(self._after_first_frame)

    def _after_first_frame(self) -> None:
        if not gc.isenabled():  # see cli.terminal: what start-up made stays, and is never looked through
            gc.freeze()
            gc.enable()
        self.look.settle()
        self.earlier.begin()
        self.sessions.find_starts()
        self.sessions.explain_read_only()
        self.spawn(self.client.warm_up(), "warm-up")

    async def on_unmount(self) -> None:
        if self.bridge:
            self.bridge.close()

    async def take_input(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste):
            self.approvals.note_key()
            self.front.clear_notice()
        await super().take_input(event)

    def say(self, message: str, level: Level = "info", hint: str = "") -> None:
        self.front.note(e.Noticed(message, level, hint))

    async def dispatch(self, command: Command) -> bool:
        try:
            await self.client.handle(command)
        except WorkbenchError as error:
            self.say(error.message, "error", error.hint)
            return False
        finally:
            if self.reducer.changed_over():
                changes = ViewChanges(reset=True)
                self.front.show(changes)
                self.earlier.begin()
                self.reviews.take(changes)
            if self.bridge:
                self.bridge.wake()
        return True

    def start(self, command: Command) -> None:
        self.spawn(self.dispatch(command))

    def spawn(self, work: Coroutine[Any, Any, Any], group: str = "commands", *, exclusive: bool = False) -> None:
        self.run_worker(work, group=group, exclusive=exclusive)

    def open(self, screen: Screen[Result], done: Callable[[Result | None], None] | None = None) -> None:
        def close(result: Result | None) -> None:
            if done:
                done(result)
            self.call_later(self.approvals.ask)

        self.push_screen(screen, close)

    def deliver(self, batch: list[e.Stamped]) -> bool:
        """Fold a batch and show what it touched; true while something is still to be drawn."""
        changes = self.reducer.fold(batch)
        if changes.notices:
            self.front.note(changes.notices[-1])
        unfinished = self.front.show(changes)
        self.signs.take(changes)
        if changes.reset or changes.change & Change.ESCALATION:
            self.approvals.withdraw_stale()
            self.approvals.ask()
        self.reviews.take(changes)
        if changes.reset:
            self.earlier.begin()
        self.prompting.look_after_start()
        return unfinished or self.state.running

    def _turn_to_front(self) -> None:
        self.front.turn_to_front()
        self.approvals.withdraw_stale()
        self.reviews.open_next()

    def action_run_command(self, name: str) -> None:
        self.commands.run(name)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette shows what the screen in front offers, and what works everywhere."""
        for command in self.commands.list_for_palette(screen):
            title = f"{command.word}  {command.shown}".rstrip()
            yield SystemCommand(title, command.help, lambda run=command.run: self.spawn(self.run_action(run)))

    @on(PromptBox.Submitted)
    def _submit(self, event: PromptBox.Submitted) -> None:
        self.prompting.submit(event.text, event.raw)

    @on(PromptBox.Mistyped)
    def _explain(self, event: PromptBox.Mistyped) -> None:
        self.say(event.message, "warning", event.hint)

    @on(PromptBox.TakenBack)
    async def _take_back(self) -> None:
        await self.prompting.take_back()

    @on(PromptBox.Commanded)
    async def _run_slash(self, event: PromptBox.Commanded) -> None:
        if event.command.name == "rename":
            await self.sessions.rename(event.argument)
        elif event.command.name == "model":
            self.models.choose(event.argument)
        elif event.command.name == "compact":
            await self.reviews.compact(event.argument)
        else:
            await self.run_action(event.command.run)

    @on(CommandButton.Pressed)
    async def _press(self, event: CommandButton.Pressed) -> None:
        await self.run_action(event.command.run)

    @on(Welcome.Chosen)
    def _begin(self, event: Welcome.Chosen) -> None:
        self.main.prompt.editor.focus()
        if isinstance(event.command, SendPrompt):
            self.prompting.send(event.command.text, event.command.text)
        else:
            self.sessions.carry_out(event.command)

    def on_background_reported(self, event: BackgroundReported) -> None:
        self.look.hear_ground(event.light)

    # The transcript is imported only when there is something to read, so its messages are answered by name.

    def on_transcript_undo(self, event: "Transcript.Undo") -> None:
        self.start(UndoCompaction())

    def on_transcript_copy_requested(self, event: "Transcript.CopyRequested") -> None:
        self.clipboard_controller.copy(event.text, event.what)

    def on_transcript_read_requested(self, event: "Transcript.ReadRequested") -> None:
        self.reading.read(event.document)

    def on_transcript_link_clicked(self, event: "Transcript.LinkClicked") -> None:
        self.clipboard_controller.follow_link(event.href)

    def copy_to_clipboard(self, text: str) -> None:
        self.clipboard_controller.copy(text)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return list_defaults()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return replace_filters(super().get_line_filters(), self._own_filters)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Carry out an action; where that fails, so does the screen in front."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if not self.front.recover(self.screen, error):
                raise
            return True

    def _handle_exception(self, error: Exception) -> None:
        """Go back from a screen that failed; what failed elsewhere ends the application with one line."""
        node = active_message_pump.get(None)
        if self.front.recover(getattr(node, "screen", None) if node is not self else None, error):
            return
        log.error("the application stopped", exc_info=error)
        if not self._stopped:  # one line says enough: what fails while it closes follows from what failed first
            self._stopped = True
            super()._handle_exception(error if isinstance(error, Crash) else Crash(error))
