"""Which wishes for keys can be granted, each alone and beside the others; the rest is said in a sentence each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.ui.commands import LIST_KEYS, ScreenCommand, write_key
from workbench.ui.keymap.places import Place
from workbench.ui.keymap.written import UnusableKey, can_rebind, is_typed, read_key

MOVES = frozenset(("tab", "shift+tab", "up", "down", "left", "right", "home", "end"))
EDITS = MOVES | {"backspace", "delete", "insert"}
"""Keys that edit wherever there is text."""
LISTS = MOVES | {key for binding in LIST_KEYS if not isinstance(binding, tuple) for key in binding.key.split(",")}


def choose_keys(tree: Mapping[str, Any], places: Sequence[Place]) -> tuple[dict[str, str], dict[str, str]]:
    """The keys that can be given as `tree` says, by command, and a sentence for each that cannot, by its name."""
    wishes = Wishes(places)
    for name, value in tree.items():
        wishes.take(name, value)
    wishes.settle()
    return wishes.granted, wishes.faults


class Wishes:
    """The wishes of one file. `granted` holds them by command, as Textual names keys; `faults` what is wrong."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._known: dict[str, list[tuple[Place, ScreenCommand]]] = {}
        for place in places:
            for command in place.commands:
                self._known.setdefault(command.name, []).append((place, command))
        self.granted: dict[str, str] = {}
        self.faults: dict[str, str] = {}

    def take(self, name: str, value: Any) -> None:
        """Grant what is wished for the command `name`, as far as it stands alone."""
        if name not in self._known:
            self.faults[name] = f"there is no command `{name}`; /keys lists their names."
        elif fault := self._look_at(name):
            self._refuse(name, fault)
        elif not (isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))):
            self._refuse(name, 'write a key, as in "F6", or a list of keys')
        elif value == []:
            self._free(name)
        else:
            self._give(name, [value] if isinstance(value, str) else value)

    def _look_at(self, name: str) -> str:
        """Why the command cannot have another key."""
        free = all(can_rebind(command) for _, command in self._known[name])
        return "" if free else "its key does the same everywhere; leave it out"

    def _free(self, name: str) -> None:
        if all(name in place.listed for place, _ in self._known[name]):
            self.granted[name] = ""
        else:
            self._refuse(name, "without a key nothing would reach it; give it another")

    def _give(self, name: str, written: list[str]) -> None:
        keys: list[str] = []
        for each in written:
            try:
                keys.append(self._check(name, each))
            except UnusableKey as fault:
                self._refuse(name, str(fault))
                return
        self.granted[name] = ",".join(dict.fromkeys(",".join(keys).split(",")))

    def _check(self, name: str, written: str) -> str:
        key = read_key(written)
        first = key.partition(",")[0]
        if any(name in place.typed for place, _ in self._known[name]):
            if is_typed(first) or first in EDITS:
                raise UnusableKey(f"{written} belongs to the prompt; choose one with ctrl or alt, or F1 to F12")
        elif first in LISTS:
            raise UnusableKey(f"{written} moves through lists; choose another key")
        return key

    def settle(self) -> None:
        """Refuse, the last of the file first, what would give a key of one screen to two commands."""
        while clash := next(self._find_clashes(), None):
            name, key, other, place = clash
            del self.granted[name]
            self._refuse(name, f"{key} is `{other}` in {place.title}; choose another key")

    def _find_clashes(self) -> Iterator[tuple[str, str, str, Place]]:
        for name in reversed(self.granted):
            for place, _ in self._known[name]:
                own = set(self.granted[name].split(",")) - {""}
                for other in place.commands:
                    taken = own & set(self.granted.get(other.name, other.keys).split(","))
                    if other.name != name and taken:
                        yield name, write_key(min(taken)), other.name, place

    def _refuse(self, name: str, fault: str) -> None:
        shown = next((command.written[0] for _, command in self._known[name] if command.keys), "")
        keeps = f"it keeps {shown}" if shown else "it has no key"
        self.faults[name] = f"`{name}`: {fault}; {keeps}."
