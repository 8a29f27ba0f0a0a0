"""Palettes: colours as data, read from `themes/*.toml`, checked, and made into Textual themes.

A colour that cannot be used is reported with its file and line, and the default stands in its place.
"""

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from workbench.core.errors import SettingsFault
from workbench.core.window import SECTIONS

ROLES: tuple[str, ...] = (
    *("background", "surface", "panel", "select", "code", "line", "foreground", "muted", "faint"),
    *("accent", "on-accent", "success", "warning", "error", "info"),
    *("added", "added-ground", "removed", "removed-ground"),
    *("syntax-keyword", "syntax-string", "syntax-number", "syntax-name"),
    *("section-system", "section-tools", "section-memory", "section-summary", "section-history", "section-results"),
    *("section-current", "section-free", "section-reserved", "section-ink"),
)
"""Every colour that a palette gives. Own variables may be used in style sheets whatever the theme."""

DEFAULT_NAME = "lamplight"
BUILT_IN = ("lamplight", "daylight", "chalk")

SPARE: dict[str, str] = {
    "select": "#2A313B",
    "code": "#1F242B",
    "line": "#3A414D",
    "muted": "#A9B2BF",
    "faint": "#8F9AAA",
    "on-accent": "#1B1608",
    "info": "#86BBEA",
    "added": "#A5DDB5",
    "added-ground": "#15291E",
    "removed": "#F2ABA6",
    "removed-ground": "#341D20",
    "syntax-keyword": "#D3A6E8",
    "syntax-string": "#A9D39E",
    "syntax-number": "#F0B27A",
    "syntax-name": "#8FBDF0",
    "section-system": "#9B77D4",
    "section-tools": "#5BE1E0",
    "section-memory": "#349E7D",
    "section-summary": "#D9C06F",
    "section-history": "#94ADFD",
    "section-results": "#C8701F",
    "section-current": "#EB83BE",
    "section-free": "#2A2F38",
    "section-reserved": "#4A5260",
    "section-ink": "#0E1014",
}
"""What own variables are where a theme does not give them, such as Textual's built-in ones."""


@dataclass(frozen=True)
class Palette:
    """One theme's colours by role, as `#RRGGBB`."""

    name: str
    dark: bool
    frames: bool
    """Draw lines between areas instead of tones."""
    colours: dict[str, str]


def list_defaults() -> dict[str, str]:
    """Values for `App.get_theme_variable_defaults`."""
    inks = {f"section-ink-{name}": SPARE["section-ink"] for name in SECTIONS}
    return SPARE | inks


def read_palettes(folders: Iterable[Path]) -> tuple[list[Palette], list[SettingsFault]]:
    """All palettes of `folders`, a later one taking the place of one of the same name, and what was wrong."""
    found: dict[str, Palette] = {}
    faults: list[SettingsFault] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
            palette, wrong = read_palette(path, sorted(found.values(), key=_rank))
            faults += wrong
            if palette:
                found[palette.name] = palette
    return sorted(found.values(), key=_rank), faults


def _rank(palette: Palette) -> tuple[int, str]:
    known = BUILT_IN.index(palette.name) if palette.name in BUILT_IN else len(BUILT_IN)
    return known, palette.name


def read_palette(path: Path, bases: Iterable[Palette] = ()) -> tuple[Palette | None, list[SettingsFault]]:
    """One palette file; colours that it lacks come from the first of `bases` that is as dark."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [SettingsFault(f"this palette cannot be read: {error}", str(path), "It is left out.")]
    dark = bool(table.get("dark", True))
    base = next((palette.colours for palette in bases if palette.dark is dark), SPARE)
    given = table.get("colours")
    if not isinstance(given, dict):
        return None, [SettingsFault("a palette needs a [colours] table", str(path), "It is left out.")]
    colours, faults = _read_colours(given, base, path, text)
    name = str(table.get("name") or path.stem)
    return Palette(name, dark, bool(table.get("frames", False)), colours), faults


def _read_colours(
    given: dict[str, Any], base: dict[str, str], path: Path, text: str
) -> tuple[dict[str, str], list[SettingsFault]]:
    known = {*ROLES, *(f"section-ink-{name}" for name in SECTIONS)}
    colours = {role: colour for role, colour in base.items() if not role.startswith("section-ink-")}
    faults = []
    for role, value in given.items():
        where = f"{path}:{_find_line(text, role)}"
        if role not in known:
            faults.append(SettingsFault(f"there is no colour named {role!r}", where, "It is left out."))
        elif (colour := _parse_colour(value)) is None:
            faults.append(SettingsFault(f"{role} = {value!r} is not a colour", where, "Write it as #RRGGBB."))
        else:
            colours[role] = colour
    return colours, faults


def _parse_colour(value: Any) -> str | None:
    """Only plain colours: `auto`, `ansi_…` and transparency would make the contrast anybody's guess."""
    try:
        colour = Color.parse(value) if isinstance(value, str) else None
    except ColorParseError:
        return None
    return colour.hex if colour and colour.ansi is None and colour.a == 1 and not colour.auto else None


def _find_line(text: str, role: str) -> int:
    match = re.search(rf"""^\s*["']?{re.escape(role)}["']?\s*=""", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1


def build_theme(palette: Palette) -> Theme:
    """`palette` as a Textual theme."""
    colours = palette.colours
    ink = colours.get("section-ink", SPARE["section-ink"])
    inks = {f"section-ink-{name}": colours.get(f"section-ink-{name}", ink) for name in SECTIONS}
    accent = colours.get("accent", "#E6BC6A")
    return Theme(
        name=palette.name,
        primary=accent,
        accent=accent,
        dark=palette.dark,
        foreground=colours.get("foreground"),
        background=colours.get("background"),
        surface=colours.get("surface"),
        panel=colours.get("panel"),
        success=colours.get("success"),
        warning=colours.get("warning"),
        error=colours.get("error"),
        # All of them again as variables: Textual rounds what it derives from the fields above.
        variables=colours | inks | _dress_widgets(colours),
    )


def _dress_widgets(colours: dict[str, str]) -> dict[str, str]:
    """What Textual's own widgets draw with, in this palette's terms."""
    get = (SPARE | colours).get
    accent, on_accent = get("accent", "#E6BC6A"), get("on-accent", "#1B1608")
    return {
        "input-cursor-background": accent,
        "input-cursor-foreground": on_accent,
        "input-cursor-text-style": "none",
        "input-selection-background": f"{accent} 35%",
        "screen-selection-background": f"{accent} 35%",
        "block-cursor-background": get("select", "#2A313B"),
        "block-cursor-foreground": get("foreground", "#DDE2E9"),
        "block-cursor-text-style": "bold",
        "border": accent,
        "border-blurred": get("line", "#3A414D"),
        "scrollbar": get("line", "#3A414D"),
        "scrollbar-hover": get("faint", "#8F9AAA"),
        "scrollbar-active": accent,
        "scrollbar-background": get("background", "#14171C"),
        "scrollbar-background-hover": get("background", "#14171C"),
        "scrollbar-background-active": get("background", "#14171C"),
        "scrollbar-corner-color": get("background", "#14171C"),
        "link-color": accent,
        "link-background-hover": accent,
        "link-color-hover": on_accent,
    }


def find_user_folder() -> Path:
    """Where a person's own palettes are."""
    config = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(config).expanduser() / "workbench" / "themes"
