"""What a screen can be told to do: each command declared once, by the screen or dialog that offers it.

OFFERS of a screen ─▶ bindings     its keys
                     ─▶ footer, key line, palette, slash menu, help: what is in front, and what works everywhere
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType
from textual.keys import format_key


@dataclass(frozen=True)
class ScreenCommand:
    """One command: what a key does, in a word and in a sentence."""

    name: str
    keys: str
    """As Textual names them, with commas between; the first is the one that is shown. Empty where it has none."""
    word: str
    """For footer and key line: what happens, in one or two words."""
    help: str
    """For help, palette and slash menu: one sentence."""
    slash: str = ""
    """Typed after `/`; empty where it makes no sense."""
    action: str = ""
    """What carries it out, as Textual writes actions; by default `action_<name>` of the screen that declares it."""
    bound: bool = True
    """False where the part that has the focus answers the key itself."""
    label: str = ""
    """How its keys are written where the first of them does not say it: `↑↓`."""
    spare: bool = False
    """True where it goes first when a key line has little width."""
    place: str = ""
    """Heading in the help, where it works in one part of the screen only."""

    @property
    def run(self) -> str:
        """The action, with its namespace."""
        return self.action or f"screen.{self.name}"

    @property
    def shown(self) -> str:
        """The key as people write it: `F8`, `ctrl+p`, `esc`; empty without a key."""
        first = self.keys.partition(",")[0]
        if self.label or first in ("", "enter"):
            return self.label or first
        return first.upper() if first[1:].isdigit() else format_key(first)

    def worded(self, word: str) -> "ScreenCommand":
        """The same with another word, for what it means at the moment."""
        return replace(self, word=word) if word else self


def by_app(name: str) -> str:
    """The action of a command that the application carries out, not the screen."""
    return f"app.run_command('{name}')"


def bindings(commands: Iterable[ScreenCommand]) -> list[BindingType]:
    """What `BINDINGS` is to be for these commands."""
    return [Binding(each.keys, each.run, each.word, show=False) for each in commands if each.keys and each.bound]


def commands_of(screen: object) -> tuple[ScreenCommand, ...]:
    """What a screen offers: what its class declares and, after it, what that inherits, each name once."""
    found: dict[str, ScreenCommand] = {}
    for declaring in type(screen).__mro__:
        for command in vars(declaring).get("OFFERS", ()):
            found.setdefault(command.name, command)
    return tuple(found.values())


HELP = ScreenCommand("help", "f1", "help", "Show the keys and commands of what is in front", "help", by_app("help"))
EVERYWHERE: tuple[ScreenCommand, ...] = (
    HELP,
    ScreenCommand("commands", "ctrl+p", "commands", "Find any command by name", action=by_app("commands")),
    ScreenCommand("new_session", "ctrl+n", "new", "Leave this session and begin another", "new", by_app("new_session")),
    ScreenCommand("theme", "ctrl+t", "theme", "Change to the next theme", "theme", by_app("theme")),
    ScreenCommand(
        "next_part", "tab", "next part", "Move to the next part of the screen", action="app.focus_next", bound=False
    ),
    ScreenCommand(
        "previous_part",
        "shift+tab",
        "previous part",
        "Move to the previous part of the screen",
        action="app.focus_previous",
        bound=False,
    ),
    ScreenCommand(
        "copy_or_clear",
        "ctrl+c",
        "copy",
        "Copy the selection, else clear the prompt; twice: quit",
        action=by_app("copy_or_clear"),
    ),
    ScreenCommand("screenshot", "", "screenshot", "Save the screen as an SVG picture", "screenshot", "app.screenshot"),
    ScreenCommand("quit", "", "quit", "Leave the workbench; the session is kept", "quit", "app.quit"),
)
"""What works on every screen that is not a dialog, beside opening the registered ones."""
