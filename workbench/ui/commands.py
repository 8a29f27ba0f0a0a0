"""What a screen can be told to do: each command declared once, by the screen or dialog that offers it.

OFFERS of a screen ─▶ BINDINGS: its keys
                   ─▶ footer, key line, palette, slash menu, help: what is in front, and what works everywhere
"""

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.keys import format_key

UNASSIGNED = "unassigned"
"""A key that nothing sends: upstream a binding has to have one, and a keymap cannot take it away."""
ARROWS = frozenset("↑↓←→")


class ScreenCommand(msgspec.Struct, frozen=True):
    """One command: what a key does, in a word and in a sentence."""

    name: str
    keys: str
    """As Textual names them, with commas between; the first is the one that is shown. Empty where it has none."""
    word: str
    """For footer and key line: what happens, in one or two words."""
    help: str
    """For help, palette and slash menu: one sentence that names no key. Empty where its twin speaks for it."""
    slash: str = ""
    """Typed after `/`, with commas between its names; the first is the one that is shown. Empty where it has none."""
    takes_words: bool = False
    """True where words may follow the slash name."""
    action: str = ""
    """What carries it out, as Textual writes actions; by default `action_<name>` of the screen that declares it."""
    bound: bool = True
    """False where the part that has the focus answers the key itself."""
    label: str = ""
    """How its keys are written where the first of them does not say it, as `1–5`: of keys that nobody can choose."""
    twin: "ScreenCommand | None" = None
    """The same the other way, such as down beside up: it is shown and told with it."""
    twin_first: bool = False
    """True where the key of the twin is written before its own."""
    spare: bool = False
    """True where it goes first when a key line has little width."""
    first: bool = False
    """True where it is taken before the part that has the focus, which has another use for its keys."""
    place: str = ""
    """Heading in the help, where it works in one part of the screen only."""

    @property
    def run(self) -> str:
        """The action, with its namespace; empty where only the part that has the focus knows it."""
        return self.action or (f"screen.{self.name}" if self.bound else "")

    @property
    def slashes(self) -> tuple[str, ...]:
        """Its names after `/`, the one that is shown first."""
        return tuple(name for name in self.slash.split(",") if name)

    @property
    def shown(self) -> str:
        """The key as people write it: `F8`, `ctrl+p`, `esc`; empty without a key."""
        first = next(iter(self.written), "")
        other = self.twin.shown if self.twin else ""
        if self.label or not other:
            return self.label or first
        pair = (other, first) if self.twin_first else (first, other)
        return ("" if set("".join(pair)) <= ARROWS else " ").join(filter(None, pair))

    @property
    def written(self) -> tuple[str, ...]:
        """Its keys as people write them, without the second name that a terminal has for one of them."""
        each = [key for key in self.keys.split(",") if key]
        return tuple(write_key(key) for key in each if key.removeprefix("shift+").upper() not in each or len(key) == 1)

    @property
    def spare_keys(self) -> tuple[str, ...]:
        """The other keys that do the same, those of the twin beside its own."""
        own, other = self.written[1:], self.twin.written[1:] if self.twin else ()
        pairs = zip_longest(*((other, own) if self.twin_first else (own, other)))
        return tuple(key for pair in pairs for key in pair if key)

    def rebind(self, keys: str) -> "ScreenCommand":
        """The same with other keys."""
        return msgspec.structs.replace(self, keys=keys)

    def reword(self, word: str) -> "ScreenCommand":
        """The same with another word, for what it means at the moment."""
        return msgspec.structs.replace(self, word=word) if word else self


def write_key(key: str) -> str:
    """A key as people write it."""
    return key.upper() if key[1:].isdigit() else key if key == "enter" else format_key(key)


class OffersCommands:
    """What a screen, a dialog or a part of one is, before its Textual class: its keys follow from `OFFERS`."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]]

    def __init_subclass__(cls, **options: Any) -> None:
        if "OFFERS" in vars(cls):
            cls.BINDINGS = list_bindings(cls.OFFERS)
        super().__init_subclass__(**options)


def list_bindings(offers: Iterable[ScreenCommand]) -> list[BindingType]:
    """Of each command its own keys, and a place for one that a person chose: see `keymap.chosen`."""
    bindings: list[BindingType] = []
    for each in offers:
        if each.bound:
            own, run = each.keys or UNASSIGNED, each.run
            bindings.append(Binding(own, run, each.word, show=False, priority=each.first, id=each.name))
            bindings.append(Binding(UNASSIGNED, run, each.word, show=False, priority=True, id=name_before(each.name)))
    return bindings


def name_before(name: str) -> str:
    """The id of the binding of a command that comes before what the part with the focus does with the key."""
    return f"{name} before"


def list_offers(screen: object) -> tuple[ScreenCommand, ...]:
    """What a screen offers."""
    return list_offers_of(type(screen))


def list_offers_of(screen: type) -> tuple[ScreenCommand, ...]:
    """What a class of screens declares and, after it, what it inherits, each name once."""
    found: dict[str, ScreenCommand] = {}
    for declaring in screen.__mro__:
        for command in vars(declaring).get("OFFERS", ()):
            found.setdefault(command.name, command)
    return tuple(found.values())


def find_way(commands: Iterable[ScreenCommand], name: str) -> str:
    """The key of one of `commands`, or what is typed after `/` where it has none; empty where it is not there."""
    named = [each for each in commands if each.name == name]
    keys, slashes = (each.shown for each in named), (f"/{each.slashes[0]}" for each in named if each.slashes)
    return next(filter(None, keys), "") or next(slashes, "")


def offer_in_part(
    place: str, *rows: tuple[str, str, str, str], words: Mapping[str, str] = MappingProxyType({})
) -> tuple[ScreenCommand, ...]:
    """What a part of a screen offers while it has the focus: of each its name, its keys, its action and its help.

    One without help is the twin of the row before it. `words`: for the footer, by name; the others are not shown there.
    """
    offered: list[ScreenCommand] = []
    for name, keys, action, help in rows:
        command = ScreenCommand(name, keys, words.get(name, ""), help, action=action, place=place)
        if not help and offered and not offered[-1].twin:
            offered[-1] = msgspec.structs.replace(offered[-1], twin=command)
        offered.append(command)
    return tuple(offered)


def leave_to_app(name: str, keys: str, word: str, help: str, slash: str = "", **more: Any) -> ScreenCommand:
    """A command that the application carries out, not the screen that offers it; `more` are other fields of it."""
    return ScreenCommand(name, keys, word, help, slash, action=f"app.run_command('{name}')", **more)


def leave_to_part(name: str, keys: str, word: str, help: str = "", **more: Any) -> ScreenCommand:
    """A command whose keys the part that has the focus answers itself; `more` are other fields of it."""
    return ScreenCommand(name, keys, word, help, bound=False, **more)


LIST_KEYS: list[BindingType] = [
    Binding("up,k", "move(-1)", show=False),
    Binding("down,j", "move(1)", show=False),
    Binding("home", "move(-99)", show=False),
    Binding("end", "move(99)", show=False),
    Binding("enter", "choose", show=False),
]
"""The keys of a list that has an `action_move` and an `action_choose`."""
HELP = leave_to_app("help", "f1", "help", "Show the keys and commands of what is in front", "help")
COPY = leave_to_app("copy_or_clear", "ctrl+c", "copy", "Copy the selection, else clear the prompt; twice: quit")
SUSPEND = ScreenCommand(
    "suspend",
    "ctrl+z",
    "suspend",
    "Back to the shell; fg there brings the workbench back as it was",
    action="app.run_command('suspend')",
    bound=False,
)
SUSPEND_KEYS: list[BindingType] = [Binding(SUSPEND.keys, SUSPEND.run, show=False, priority=True)]
"""Before any field of text has them: upstream they undo what was typed."""
UNDO = leave_to_part("undo", "ctrl+underscore", "undo", "Undo in a text; ctrl+y does it again")
UNDO_KEYS: list[BindingType] = [Binding(f"{UNDO.keys},ctrl+shift+minus,ctrl+slash", "undo", show=False)]
"""One key in its three forms, since ctrl+z suspends."""
EVERYWHERE: tuple[ScreenCommand, ...] = (
    HELP,
    leave_to_app("commands", "ctrl+p", "commands", "Find any command by name"),
    leave_to_app("new_session", "ctrl+n", "new", "Leave this session and begin another", "new,clear"),
    leave_to_app("theme", "ctrl+t", "theme", "Choose another theme, seeing each", "theme"),
    leave_to_app("model", "", "model", "Have another model answer, from the next prompt on", "model", takes_words=True),
    leave_to_app("attach", "", "attach", "Keep a text file in the window as a reference", "attach", takes_words=True),
    leave_to_app("warm", "", "warm", "Have the server read the window, so that the next prompt is cheap", "warm"),
    leave_to_app("cost", "", "cost", "Show what this session and the day cost", "cost"),
    leave_to_app("status", "", "status", "Say the figures: window, cost, confidence, what runs and waits", "status"),
    leave_to_app("mouse", "", "mouse", "Leave the mouse to the terminal to select with, or take it back", "mouse"),
    leave_to_part("next_part", "tab", "next part", "Move to the next part of the screen", action="app.focus_next"),
    leave_to_part(
        "previous_part", "shift+tab", "previous part", "Move to the previous part", action="app.focus_previous"
    ),
    COPY,
    SUSPEND,
    UNDO,
    leave_to_app("keys", "", "keys", "What each command is called in the file of your own keys", "keys"),
    leave_to_app("screenshot", "", "screenshot", "Save the screen as an SVG picture", "screenshot"),
    leave_to_app("quit", "", "quit", "Leave the workbench; the session is kept", "quit,exit"),
)
"""What works on every screen that is not a dialog, beside opening the registered ones."""
