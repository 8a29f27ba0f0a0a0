"""What the terminal can show, decided once, from what it and its surroundings say of themselves in the environment.

Nothing is asked of the terminal here: an answer may come late or never. Every guess errs towards less.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

Depth = Literal["none", "16", "256", "full"]
Sign = Literal["bell", "osc9", "osc777"]

UNDRAWABLE = ("dumb", "unknown")
"""Values of TERM that say that a cursor cannot be placed."""
_FULL_TERMS = re.compile(r"kitty|ghostty|alacritty|foot|wezterm|contour|-direct$")
_FULL_PROGRAMS = ("iterm.app", "wezterm", "ghostty", "vscode", "mintty", "hyper", "rio", "warpterminal")
_TITLED = re.compile(
    r"xterm|rxvt|screen|tmux|alacritty|foot|kitty|ghostty|wezterm|contour|konsole|vte|gnome|^st\b|mlterm"
)
_LINKED = ("iterm.app", "wezterm", "ghostty", "vscode", "mintty", "rio")


class Capabilities(msgspec.Struct, frozen=True):
    """A terminal; by default one that can do everything and says nothing of itself."""

    depth: Depth = "full"
    """Colours: none, 16, 256, or any."""
    unicode: bool = True
    drawable: bool = True
    """False where a screen cannot be drawn at all."""
    name: str = ""
    """TERM."""
    multiplexer: Literal["", "tmux", "screen"] = ""
    remote: bool = False
    light: bool | None = None
    """Whether its ground is light; None where it does not say."""
    titled: bool = False
    """Its window has a title, which it can put back."""
    progress: bool = False
    """It shows OSC 9;4."""
    links: bool = False
    """It opens OSC 8 links itself."""
    sign: Sign = "bell"
    """What catches a person's eye."""


def read_capabilities(environment: Mapping[str, str], encoding: str = "utf-8") -> Capabilities:
    """Those of the terminal that `environment` tells of; `encoding` is what the locale gives stdout."""
    term = environment.get("TERM", "").strip().lower()
    program = environment.get("TERM_PROGRAM", "").strip().lower()
    multiplexer = _find_multiplexer(environment, term)
    plain = bool(multiplexer) or not term
    return Capabilities(
        depth="none" if environment.get("NO_COLOR") else _count_colours(environment, term, program),
        unicode=encoding.lower().replace("-", "").replace("_", "").startswith("utf"),
        drawable=term not in UNDRAWABLE,
        name=term,
        multiplexer=multiplexer,
        remote=any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "MOSH_CONNECTION")),
        light=_read_ground(environment.get("COLORFGBG", "")),
        titled=bool(_TITLED.search(term)) and program != "apple_terminal",
        progress=not plain and _shows_progress(environment, term, program),
        links=not plain and (program in _LINKED or bool(_FULL_TERMS.search(term)) or _is_new_vte(environment)),
        sign="bell" if plain else _choose_sign(term, program),
    )


def _find_multiplexer(environment: Mapping[str, str], term: str) -> Literal["", "tmux", "screen"]:
    if environment.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    return "screen" if environment.get("STY") or term.startswith("screen") else ""


def _count_colours(environment: Mapping[str, str], term: str, program: str) -> Depth:
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or _FULL_TERMS.search(term):
        return "full"
    if not term.startswith(("screen", "tmux")) and (
        program in _FULL_PROGRAMS or environment.get("WT_SESSION") or _is_new_vte(environment)
    ):
        return "full"
    return "256" if "256color" in term else "16"


def _is_new_vte(environment: Mapping[str, str]) -> bool:
    """GNOME's terminal library from 0.50 on."""
    version = environment.get("VTE_VERSION", "")
    return version.isdecimal() and int(version) >= 5000


def _shows_progress(environment: Mapping[str, str], term: str, program: str) -> bool:
    known = bool(environment.get("WT_SESSION")) or environment.get("ConEmuANSI") == "ON"
    return known or program in ("ghostty", "wezterm", "mintty") or "ghostty" in term


def _choose_sign(term: str, program: str) -> Sign:
    if "foot" in term:
        return "osc777"
    return "osc9" if program in ("iterm.app", "ghostty", "wezterm") or re.search("kitty|ghostty", term) else "bell"


def _read_ground(colours: str) -> bool | None:
    """COLORFGBG is `text;ground`, at times with something between; numbers of the first 16 colours."""
    ground = colours.rpartition(";")[2].strip()
    if not ground.isdecimal() or int(ground) > 15:
        return None
    return int(ground) in (7, *range(9, 16))


def read_background(answer: str) -> bool | None:
    """Whether the ground that a terminal names in its answer to OSC 11 is light; None where it names none."""
    found = re.search(r"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})", answer)
    if not found:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
