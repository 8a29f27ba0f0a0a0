"""The keys that a person chose: read from `keys.toml`, checked against every screen, and shown wherever keys are.

A fault costs only the command that it is in, which keeps its own key.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec

from workbench.core.toml_lines import find_line
from workbench.ui.commands import UNASSIGNED, ScreenCommand, name_before
from workbench.workspace import read_file

MOST_BYTES = 100_000
"""A file of keys is not longer."""
STAND = "all keys are as they were. Mend it and start again."


class Keymap(msgspec.Struct, frozen=True):
    """Commands by name, each with the keys that it has instead of its own."""

    file: Path = Path("keys.toml")
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    """As Textual names them, with commas between; empty for none."""
    faults: tuple[str, ...] = ()

    def rebind(self, command: ScreenCommand) -> ScreenCommand:
        """The command with the keys it has now."""
        if command.twin and self.keys:
            command = msgspec.structs.replace(command, twin=self.rebind(command.twin))
        chosen = self.keys.get(command.name)
        return command if chosen is None else command.rebind(chosen)

    def show(self, command: ScreenCommand) -> str:
        """The key that the command has now, as people write it: what a text says that names one."""
        return self.rebind(command).shown

    def rebind_all(self, commands: Iterable[ScreenCommand]) -> tuple[ScreenCommand, ...]:
        return tuple(map(self.rebind, commands)) if self.keys else tuple(commands)

    def list_ids(self) -> dict[str, str]:
        """The keys of each binding by its id, for Textual.

        A key that brings no character in comes before what the focused part does with it, such as an editor.
        """
        if not self.keys:
            return {}
        from workbench.ui.keymap.written import is_typed

        bound: dict[str, str] = {}
        for name, keys in self.keys.items():
            each = [key for key in keys.split(",") if key]
            typed = [key for key in each if is_typed(key)]
            bound[name] = ",".join(typed) or UNASSIGNED
            bound[name_before(name)] = ",".join(key for key in each if key not in typed) or UNASSIGNED
        return bound


DECLARED = Keymap()
"""Nothing was chosen."""


@runtime_checkable
class HasKeymap(Protocol):
    """An application with keys that a person chose."""

    keymap: Keymap


def find_keymap(app: object) -> Keymap:
    """The keys of an application; those that are declared where it knows no others."""
    return app.keymap if isinstance(app, HasKeymap) else DECLARED


Choose = Callable[[Mapping[str, Any]], tuple[dict[str, str], dict[str, str]]]
"""From what a file says to the keys that are granted, by command, and a sentence for each that is not, by its name."""


def load_keymap(file: Path, choose: Choose) -> Keymap:
    """What `file` chooses; `choose` is asked only where there is one."""
    if not os.path.lexists(file):
        return Keymap(file)
    try:
        text = read_file(file, MOST_BYTES).decode("utf-8-sig")
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        return Keymap(file, faults=(f"{file.name}{f':{line[1]}' if line else ''}: not valid TOML ({error}); {STAND}",))
    except (OSError, ValueError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        return Keymap(file, faults=(f"{file.name}: it cannot be read ({reason}); {STAND}",))
    if not tree:
        return Keymap(file)
    keys, faults = choose(tree)
    return Keymap(file, keys, tuple(f"{file.name}:{find_line(text, name)}: {faults[name]}" for name in faults))
