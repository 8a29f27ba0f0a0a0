"""A key as people write it (`ctrl+k`, `F6`, `esc`), and as Textual names it."""

import re

from textual.keys import Keys, _character_to_key

from workbench.ui.commands import ScreenCommand

NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "control": "ctrl",
    "option": "alt",
    "spacebar": "space",
}
MODIFIERS = ("alt", "ctrl", "shift")
"""In the order in which they stand in a key's name."""
NAMED = {key.value for key in Keys if len(key.value) > 1 and not re.search(r"[+<-]", key.value)}
"""Keys that have a name and no modifier; `Keys` has names for what is none, too."""
EXAMPLES = "ctrl+k, F6, alt+x or esc"
_FORM = re.compile(r"((?:[A-Za-z]+\+)*)(.+)")
FIXED = frozenset(("escape", "enter", "ctrl+c", *"0123456789"))
"""Whatever a file says: the way back, the way on, the way out, and what takes a choice."""
SAME_AS = {
    "ctrl+m": "enter",
    "ctrl+i": "tab",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "esc",
    "alt+b": "ctrl+left",
    "alt+f": "ctrl+right",
    "alt+enter": "ctrl+j",
    "alt+tab": "shift+tab",
    "alt+backspace": "ctrl+w",
    "alt+left_square_bracket": "the beginning of other keys",
    "alt+shift+o": "the beginning of other keys",
}
"""What many terminals send for both."""


class UnusableKey(ValueError):
    """It is no key, or none that a command could have; says why and what to do."""


def read_key(written: str) -> str:
    """The key that is `written`; two with a comma where terminals have two names for it. Raises UnusableKey."""
    parts = _FORM.fullmatch(written.strip())
    held = [NAMES.get(each, each) for each in parts[1].lower().split("+")[:-1]] if parts else []
    if parts is None or not set(held) <= set(MODIFIERS) or len(set(held)) < len(held):
        raise UnusableKey(f"{written!r} is no key; write it like {EXAMPLES}")
    key = _name(parts[2], held)
    if not key:
        raise UnusableKey(f"there is no key {written!r}; write it like {EXAMPLES}")
    if key in FIXED:
        raise UnusableKey(f"{written} does the same everywhere; choose another key")
    if same := find_same(key):
        raise UnusableKey(f"a terminal sends the same for {written} as for {same}; choose another key")
    return key


def _name(last: str, held: list[str]) -> str:
    """Empty where no key is called `last`."""
    named = NAMES.get(last.lower(), last.lower())
    if len(last) == 1 and last.isprintable() and not last.isspace():
        if last.isascii() and last.isalpha() and (held == ["shift"] or (last.isupper() and not held)):
            return f"{last.upper()},shift+{last.lower()}"
        named = _character_to_key(last if not held else last.lower())
    elif named not in NAMED:
        return ""
    return "+".join((*sorted(held), named))


def can_rebind(command: ScreenCommand) -> bool:
    """True where a person may choose the keys: no way out or on, and nothing that a part answers by itself."""
    return command.bound and not FIXED & set(command.keys.split(","))


def find_same(key: str) -> str:
    """The key that a terminal cannot tell from `key`; empty where it can."""
    if key.startswith("ctrl+shift+") and len(key.removeprefix("ctrl+shift+")) == 1:
        return key.replace("shift+", "")
    if "ctrl" in key.split("+")[:-1] and key.rpartition("+")[2] in ("space", "at"):
        return "no key at all"  # NUL: what is read of it has another name than either
    return SAME_AS.get(key, "")


def is_typed(key: str) -> bool:
    """True where the key brings a character into a text."""
    last = key.rpartition("+")[2]
    held = key.split("+")[:-1]
    return not (set(held) - {"shift"}) and last not in NAMED - {"space"}
