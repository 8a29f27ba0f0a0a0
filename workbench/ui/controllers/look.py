"""How it looks: the palettes there are, the one in use, and a picture of the screen."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from rich.console import Console
from textual.app import App

from workbench import resources
from workbench.core.errors import SettingsFault
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.keymap.chosen import Keymap
from workbench.ui.palettes import DEFAULT_NAME, LIGHT_NAME, build_theme, find_user_folder, read_palettes
from workbench.ui.terminal.capabilities import Capabilities
from workbench.ui.terminal.restoring import find_window

log = logging.getLogger(__name__)

ANSWER_S = 3.0
"""Seconds after which a change of the ground would only startle."""


class LookController(Controller):
    """Dresses the application."""

    def __init__(
        self,
        shell: Shell,
        app: App[None],
        terminal: Capabilities,
        folder: Path | None,
        remember: Callable[[str], None],
        keys: Keymap,
    ) -> None:
        """`folder`: the person's own palettes. `remember` keeps the name of a chosen one; it may raise OSError."""
        super().__init__(shell)
        self._keys = keys
        self._remember = remember
        self._chosen = False
        """Whether a person chose the theme."""
        self._asked_at = float("-inf")
        self._app = app
        self._terminal = terminal
        found, self.faults = read_palettes((resources.themes(), folder or find_user_folder()))
        self._palettes = {palette.name: palette for palette in found}
        if self._terminal.depth != "full":
            self._reduce()
        for palette in self._palettes.values():
            app.register_theme(build_theme(palette))

    def _reduce(self) -> None:
        from workbench.ui.terminal.depth import reduce_palette

        self._palettes = {
            name: reduce_palette(palette, self._terminal.depth) for name, palette in self._palettes.items()
        }
        system: Literal["standard", "256"] = "256" if self._terminal.depth == "256" else "standard"
        self._app.console = Console(color_system=system, file=self._app.console.file, force_terminal=True)

    def begin(self, theme: str) -> None:
        """Take the palette called `theme`, before anything is drawn: a later change parses every style sheet again.

        Where none was chosen it is a light one if the terminal says that its ground is light.
        """
        if theme and theme not in self._app.available_themes:
            self.faults.append(SettingsFault(f"there is no theme {theme!r}", hint="/theme shows them"))
            theme = ""
        self._chosen = bool(theme)
        self._app.set_reactive(App.theme, theme or (LIGHT_NAME if self._terminal.light else DEFAULT_NAME))
        self._app.stylesheet.set_variables(self._app.get_css_variables())

    def settle(self) -> None:
        """After the first frame: what may take its time."""
        self.frame()
        self.ask_ground()
        self.report_faults()

    def ask_ground(self) -> None:
        """Ask the terminal for its ground, where that decides something."""
        window = find_window(self._app._driver)
        if window and not self._chosen and self._terminal.light is None and self._terminal.titled:
            self._asked_at = self._state.clock.monotonic()
            window.ask_background()

    def hear_ground(self, light: bool) -> None:
        """The terminal named its ground; one that is late changes nothing any more."""
        soon = self._state.clock.monotonic() - self._asked_at <= ANSWER_S
        if light and soon and not self._chosen:
            self._app.theme = LIGHT_NAME

    def give_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        window = find_window(self._app._driver)
        if window is None:
            self._shell.say("this screen has no terminal", "warning")
            return
        window.hold_mouse(not window.has_mouse)
        if window.has_mouse:
            self._shell.say("clicks and the wheel are the workbench's again")
        else:
            self._shell.say("the mouse is the terminal's: select as you are used to", "info", "/mouse takes it back")

    def choose_theme(self) -> None:
        """Open the list of palettes."""
        from workbench.ui.modals.themes import ThemeModal

        before = self._app.theme
        faulty = [str(fault) for fault in self.faults]

        def close(name: str | None) -> None:
            self._app.theme = name or before
            if name:
                self._chosen = True
                self._shell.spawn(self._keep(name), "theme")

        self._shell.open(ThemeModal(list(self._palettes), before, faulty, self._preview), close)

    def _preview(self, name: str) -> None:
        self._app.theme = name

    async def _keep(self, name: str) -> None:
        try:
            await asyncio.to_thread(self._remember, name)
        except OSError as error:
            self._shell.say(f"theme {name}, for now: it could not be kept ({error})", "warning")
        else:
            self._shell.say(f"theme {name}, from now on")

    def frame(self) -> None:
        """Draw lines between areas where the palette has no tones, or there is no colour."""
        palette = self._palettes.get(self._app.theme)
        self._main.frame(self._app.no_color or bool(palette and palette.frames))

    def report_faults(self) -> None:
        """Say what is wrong with keys, palettes and settings: how much, the first of it, and where all of it stands."""
        places = {
            "/keys": self._keys.faults,
            "/theme": tuple(map(str, self.faults)),
            "the log": self._state.options.settings_faults,
        }
        faults = [fault for found in places.values() for fault in found]
        if len(faults) == 1:
            self._shell.say(faults[0], "warning")
        elif faults:
            holding = {place: len(found) for place, found in places.items() if found}
            several = len(holding) > 1
            where = ", ".join(f"{place} has {many}" if several else place for place, many in holding.items())
            said = f"{len(faults)} faults in what you set: {' · '.join(faults)}"
            self._shell.say(said, "warning", f"all of them: {where}")
        for fault in faults:
            log.warning("settings: %s", fault)

    def save_picture(self) -> None:
        """Save the screen as it is, as SVG, in the workspace."""
        target = Path(self._state.facts.workspace) / f"workbench-{int(self._state.clock.now())}.svg"
        self._shell.spawn(self._save(target, self._app.export_screenshot(title="Workbench")), "screenshot")

    async def _save(self, target: Path, picture: str) -> None:
        try:
            await asyncio.to_thread(target.write_text, picture, encoding="utf-8")
        except OSError as error:
            self._shell.say(f"the picture could not be saved: {error}", "error")
        else:
            self._shell.say(f"saved {target}", "success")
