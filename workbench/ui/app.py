"""The application: palettes, keys from the command table, one main screen, and a quiet way to fail."""

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.screen import Screen

from workbench import resources
from workbench.core.clock import Clock
from workbench.core.errors import SettingsFault
from workbench.core.ports import EngineClient, Options
from workbench.ui.actions import ACTIONS
from workbench.ui.board import Board
from workbench.ui.bridge import Bridge
from workbench.ui.palettes import DEFAULT_NAME, build_theme, list_defaults, read_palettes
from workbench.ui.transcript_actions import TranscriptActions
from workbench.ui.widgets.history import PromptHistory

log = logging.getLogger(__name__)

SHEETS = ("app", "main", "panel", "prompt", "transcript")
"""What the first frame needs; dialogs and other screens bring theirs."""


class Crash(Exception):
    """An error nobody foresaw, as a person reads it when the application has closed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.__cause__ = cause

    def __rich__(self) -> Text:
        what = f"{type(self.__cause__).__name__}: {self.__cause__}".splitlines()[0]
        return Text(f"workbench stopped: {what}. Everything up to here is saved. {_log_place()}")


def _log_place() -> str:
    handlers = (*logging.getLogger("workbench").handlers, *logging.getLogger().handlers)
    files = [handler.baseFilename for handler in handlers if isinstance(handler, logging.FileHandler)]
    return f"What happened is in {files[0]}." if files else "Start again with workbench --continue."


def user_palettes() -> Path:
    """Where a person's own palettes are."""
    config = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(config).expanduser() / "workbench" / "themes"


class WorkbenchApp(TranscriptActions, inherit_bindings=False):
    """Workbench in a terminal."""

    TITLE = "workbench"
    ENABLE_COMMAND_PALETTE = True
    CSS_PATH: ClassVar[list[str | PurePath]] = [resources.themes() / f"{name}.tcss" for name in SHEETS]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.key, action.name, action.word, show=False)
        for action in ACTIONS
        if action.key and action.place == "all"
    ]

    def __init__(
        self,
        client: EngineClient,
        options: Options,
        clock: Clock,
        theme: str = DEFAULT_NAME,
        prompt_history: Path | None = None,
        palettes: Path | None = None,
    ) -> None:
        """`palettes`: the folder of the person's own ones."""
        board = Board(client.facts, options, clock, steps_budget=options.steps_budget)
        super().__init__(client, board, PromptHistory(prompt_history))
        found, self._faults = read_palettes((resources.themes(), palettes or user_palettes()))
        self._palettes = {palette.name: palette for palette in found}
        for palette in found:
            self.register_theme(build_theme(palette))
        # Set before anything is drawn: a change of theme parses every style sheet again.
        self.set_reactive(App.theme, self._known_theme(theme))
        self.stylesheet.set_variables(self.get_css_variables())

    def _known_theme(self, wanted: str) -> str:
        if wanted in self.available_themes:
            return wanted
        self._faults.append(SettingsFault(f"there is no theme {wanted!r}", hint="ctrl+t shows them"))
        return DEFAULT_NAME

    # --- life --------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda _: self._framed())
        self.feed.reload()
        self.bridge = Bridge(self, self.client, self.deliver)
        self.call_after_refresh(self._after_first_frame)

    def _framed(self) -> None:
        palette = self._palettes.get(self.theme)
        self.main.frame(self.no_color or bool(palette and palette.frames))

    def _after_first_frame(self) -> None:
        self._framed()
        self._find_starts()
        self._warm_up()
        faults = [str(fault) for fault in self._faults] + list(self.board.options.settings_faults)
        if faults:
            more = f"and {len(faults) - 1} more" if len(faults) > 1 else ""
            self.say(faults[0], "warning", more)
            for fault in faults:
                log.warning("settings: %s", fault)

    @work(group="warm-up")
    async def _warm_up(self) -> None:
        await self.client.warm_up()

    async def on_unmount(self) -> None:
        if self.bridge:
            self.bridge.close()

    # --- keys --------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.questions.key_pressed()
            if self.board.model.notice is not None and self.main.is_active:
                self.board.model.notice = None
                self.main.notice.refresh()
        await super().on_event(event)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette shows the command table."""
        for action in ACTIONS:
            if action.place == "all" and action.name not in ("commands", "back"):
                key = f"  {action.shown}" if action.key else ""
                name = action.name
                title = f"{action.word}{key}"
                yield SystemCommand(title, action.sentence, lambda name=name: self.run_named(name))

    @work(group="commands")
    async def run_named(self, name: str) -> None:
        """Run one command of the table."""
        await self.run_action(f"app.{name}")

    # --- look --------------------------------------------------------------------------

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return list_defaults()

    @property
    def palette_names(self) -> list[str]:
        return list(self._palettes) or [DEFAULT_NAME]

    def get_line_filters(self) -> Sequence[LineFilter]:
        """No colour means none, not even grey; and no palette names a colour of the terminal's own."""
        wanted = (each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor))
        return [NoColor() if isinstance(each, Monochrome) else each for each in wanted]

    # --- failing -------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        log.error("the application stopped", exc_info=error)
        super()._handle_exception(error if isinstance(error, Crash) else Crash(error))
