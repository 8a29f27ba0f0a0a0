"""What an escape sequence or a character is as a key: legacy, xterm's modifyOtherKeys, CSI-u, and kitty's protocol.

Upstream types what it does not know, drops blanks and joiners that are not ASCII, and stops at an alternate key
(`97:65`). Forms: https://sw.kovidgoyal.net/kitty/keyboard-protocol, xterm's `ctlseqs`.
"""

import re
import unicodedata
from functools import lru_cache

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import _character_to_key

SHIFT, ALT, CAPS, NUM = 1, 2, 64, 128
MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")
"""In the order of their bits."""
LOCKS = MODIFIER_FUNCTIONAL_KEYS | {"caps_lock", "scroll_lock", "num_lock"}
"""Keys that are held, not typed."""
RELEASED = 3
LONGEST = 120
"""Characters of a key's sequence; a longer one is none."""

_KEYPAD = dict(zip(range(57399, 57414), "0123456789./*-+", strict=True)) | {57415: "=", 57416: ","}
_KEYPAD_SS3 = dict(zip("jkmnopqrstuvwxylX ", "*+-./0123456789,= ", strict=True))
_CSI_KEY = re.compile(r"\x1b\[([0-9:]*)(?:;([0-9:]*))?(?:;([0-9:]*))?([u~A-HPQRS])")
_OTHER_KEY = re.compile(r"\x1b\[27;([0-9]+);([0-9]+)~")
_SS3_KEY = re.compile(r"\x1bO(?:[0-9]*;)?([0-9]*)([A-HPQRSM])")
_WITH_ALT = {"\r": "alt+enter", "\n": "alt+enter", "\t": "shift+tab", "\x08": "ctrl+w", "\x7f": "ctrl+w"}
_WORDS = {"b": "ctrl+left", "f": "ctrl+right"}
"""What some terminals send for an arrow with alt."""


class TypedKey(events.Key):
    """A key that brings a character in, also one that `str.isprintable` denies: a wide blank, a joiner, a new emoji."""

    @property
    def is_printable(self) -> bool:
        return True


TypedKey.handler_name = events.Key.handler_name


def type_text(text: str) -> list[events.Key]:
    """A key for each character of `text` that is one; controls are none."""
    return [TypedKey(_name(each), each) for each in text if unicodedata.category(each) not in ("Cc", "Cs")]


def press_control(control: str) -> list[events.Key]:
    """The key that sends a C0 control or DEL. NUL is ctrl+@, which is nothing here."""
    return [events.Key(name, control) for name in _names(control)]


def read_sequence(sequence: str) -> list[events.Key]:
    """The keys that `sequence` stands for; none where it is no key, or one that was let go."""
    found = _read(sequence) if len(sequence) <= LONGEST else ()
    return [TypedKey(key, text) if text else events.Key(key, None) for key, text in found]


@lru_cache(maxsize=1024)
def _read(sequence: str) -> tuple[tuple[str, str], ...]:
    """Names of keys, each with the character that it types."""
    if found := _OTHER_KEY.fullmatch(sequence):
        modifiers, code = found.groups()
        return _read_csi(code, modifiers, "", "u")
    if found := _CSI_KEY.fullmatch(sequence):
        return _read_csi(*(group or "" for group in found.groups()))
    if sequence.startswith("\x1bO") and len(sequence) == 3 and (typed := _KEYPAD_SS3.get(sequence[2])):
        return ((_name(typed), typed),)
    if (found := _SS3_KEY.fullmatch(sequence)) and found[1]:
        return _read_csi("1", found[1], "", found[2])
    if sequence == "\x1b" or len(sequence) > 2 or sequence[1] in "[O":
        return tuple((name, "") for name in _names(sequence))
    return _read_alt(sequence[1])


def _names(sequence: str) -> list[str]:
    """What upstream's table calls a legacy sequence or a control; nothing where it has no name."""
    keys = ANSI_SEQUENCES_KEYS.get(sequence, ())
    return [str(key.value) for key in keys] if isinstance(keys, tuple) else []


def _read_alt(character: str) -> tuple[tuple[str, str], ...]:
    """A character after an esc. It is never typed: alt is no shift."""
    if name := _WITH_ALT.get(character) or _WORDS.get(character):
        return ((name, ""),)
    if character < " ":
        return tuple((f"alt+{name}", "") for name in _names(character))
    name = f"shift+{character.lower()}" if character.isupper() else _name(character)
    return ((f"alt+{name}", ""),)


def _read_csi(code_field: str, modifier_field: str, text_field: str, final: str) -> tuple[tuple[str, str], ...]:
    """`code:shifted:base ; modifiers:event ; text final`, all but the code as often missing as not."""
    codes = [int(part or 0) for part in code_field.split(":")]
    modifiers, _, event = modifier_field.partition(":")
    code, bits = codes[0] or (0 if final == "u" else 1), max(0, int(modifiers.partition(":")[0] or 1) - 1)
    if event and int(event.partition(":")[0] or 1) == RELEASED:
        return ()
    if final == "u" and (text := _readable(text_field)):
        return tuple((_name(each), each) for each in text)
    typed = _KEYPAD.get(code) if final == "u" else None
    named = "" if typed else FUNCTIONAL_KEYS.get(f"{code}{final}", "backspace" if (code, final) == (8, "u") else "")
    if named:
        return () if named in LOCKS else ((_combine(bits, named), ""),)
    character = typed or (_character(code) if final == "u" else "")
    if not character:
        return ()
    if not bits & ~(SHIFT | CAPS | NUM):
        shifted = codes[1] if len(codes) > 1 else 0
        character = _shift(character, bits, _character(shifted))
        return ((_name(character), character),)
    return ((_combine(bits, _name(character.lower())), ""),)


def _readable(text_field: str) -> str:
    characters = (_character(int(part)) for part in text_field.split(":") if part)
    return "".join(each for each in characters if unicodedata.category(each or "\0") not in ("Cc", "Cs"))


def _character(code: int) -> str:
    """The character with this number; empty where there is none that could be typed."""
    return chr(code) if 32 <= code <= 0x10FFFF and code != 127 and not 0xD800 <= code <= 0xDFFF else ""


def _shift(character: str, bits: int, shifted: str) -> str:
    if bits & SHIFT and shifted:
        return shifted
    upper = bool(bits & SHIFT) != bool(bits & CAPS)
    return character.upper() if upper and len(character.upper()) == 1 else character


def _combine(bits: int, name: str) -> str:
    """`ctrl+shift+k`. Shift alone says nothing with backspace and esc, as it says nothing without a protocol."""
    if name in ("backspace", "escape") and not bits & ~(SHIFT | CAPS | NUM):
        return name
    held = sorted(modifier for place, modifier in enumerate(MODIFIERS) if bits & (1 << place))
    return "+".join((*held, name))


def _name(character: str) -> str:
    return _character_to_key(character)
