"""Palettes: colours as data, read from `themes/*.toml`, checked, and made into Textual themes.

A colour that cannot be used is reported with its file and line, and the default stands in its place.
"""

import os
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from textual.color import Color, ColorParseError
from textual.theme import Theme

from workbench import resources
from workbench.core.errors import SettingsFault
from workbench.core.toml_lines import find_line
from workbench.core.window import SECTIONS
from workbench.workspace import read_file

DEFAULT_NAME, LIGHT_NAME = "lamplight", "daylight"
MOST_BYTES = 1_000_000
"""Of a palette's file."""
BUILT_IN = (DEFAULT_NAME, LIGHT_NAME, "chalk")


class Palette(msgspec.Struct, frozen=True):
    """One theme's colours by role, as `#RRGGBB`."""

    name: str
    dark: bool
    frames: bool
    """Draw lines between areas instead of tones."""
    colours: dict[str, str]
    sixteen: dict[str, int] = msgspec.field(default_factory=dict)
    """By role, the number of one of a terminal's first 16 colours; what it lacks, `list_sixteen` has."""


@cache
def _read_default() -> dict[str, str]:
    path = resources.themes() / f"{DEFAULT_NAME}.toml"
    colours: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["colours"]
    return colours


def list_sixteen(palette: Palette) -> dict[str, int]:
    """The numbers of all roles, those that `palette` lacks from a built-in one that is as dark. Read when needed."""
    likely = palette.name if palette.name in BUILT_IN else DEFAULT_NAME if palette.dark else LIGHT_NAME
    path = resources.themes() / "sixteen" / f"{likely}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) | palette.sixteen


def _ink_sections(colours: dict[str, str]) -> dict[str, str]:
    """With an ink for the letters of each section, where a palette gives one for all."""
    return {f"section-ink-{name}": colours["section-ink"] for name in SECTIONS} | colours


def list_defaults() -> dict[str, str]:
    """The default palette: every colour that one gives, by role. Style sheets may use them whatever the theme."""
    return _ink_sections(_read_default())


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
        text = read_file(path, MOST_BYTES).decode("utf-8-sig")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [SettingsFault(f"this palette cannot be read: {error}", str(path), "It is left out.")]
    dark = bool(table.get("dark", True))
    base = next((palette for palette in bases if palette.dark is dark), None)
    given = table.get("colours")
    if not isinstance(given, dict):
        return None, [SettingsFault("a palette needs a [colours] table", str(path), "It is left out.")]
    colours, faults = _read_colours(given, base.colours if base else _read_default(), path, text)
    sixteen, wrong = _read_sixteen(table.get("sixteen", {}), path, text)
    name = str(table.get("name") or path.stem)
    return Palette(name, dark, bool(table.get("frames", False)), colours, sixteen), faults + wrong


def _read_colours(
    given: dict[str, Any], base: dict[str, str], path: Path, text: str
) -> tuple[dict[str, str], list[SettingsFault]]:
    colours = {role: colour for role, colour in base.items() if not role.startswith("section-ink-")}
    known, faults = list_defaults(), []
    for role, value in given.items():
        if role in known and (colour := _parse_colour(value)) is not None:
            colours[role] = colour
            continue
        wrong = f"{role} = {value!r} is not a colour" if role in known else f"there is no colour named {role!r}"
        help = "Write it as #RRGGBB." if role in known else "It is left out."
        faults.append(SettingsFault(wrong, f"{path}:{find_line(text, f'colours.{role}')}", help))
    return colours, faults


def _read_sixteen(given: Any, path: Path, text: str) -> tuple[dict[str, int], list[SettingsFault]]:
    """The numbers of `[sixteen]`."""
    if not isinstance(given, dict):
        return {}, [SettingsFault("`sixteen` must be a table", str(path), "It is left out.")]
    right, faults = {}, []
    for role, value in given.items():
        if role in list_defaults() and type(value) is int and value in range(16):
            right[role] = value
        else:
            said = f"sixteen.{role} = {value!r} is no number from 0 to 15 for a known colour"
            faults.append(SettingsFault(said, f"{path}:{find_line(text, f'sixteen.{role}')}", "It is left out."))
    return right, faults


def _parse_colour(value: Any) -> str | None:
    """Only plain colours: `auto`, `ansi_…` and transparency would make the contrast anybody's guess."""
    try:
        colour = Color.parse(value) if isinstance(value, str) else None
    except ColorParseError:
        return None
    return colour.hex if colour and colour.ansi is None and colour.a == 1 and not colour.auto else None


def list_colours(palette: Palette) -> dict[str, str]:
    """Every colour of `palette` by role, those that it lacks from the default."""
    return _ink_sections(_read_default() | palette.colours)


def build_theme(palette: Palette) -> Theme:
    """`palette` as a Textual theme."""
    colours = list_colours(palette)
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=colours["accent"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        # All of them again as variables: Textual rounds what it derives from the fields above.
        variables=colours | _dress_widgets(colours),
    )


def _dress_widgets(colours: dict[str, str]) -> dict[str, str]:
    """What Textual's own widgets draw with, in this palette's terms."""
    roles = {
        "accent": "input-cursor-background border scrollbar-active link-color link-background-hover",
        "on-accent": "input-cursor-foreground link-color-hover",
        "select": "block-cursor-background",
        "foreground": "block-cursor-foreground",
        "line": "border-blurred scrollbar",
        "faint": "scrollbar-hover",
        "background": "scrollbar-background scrollbar-background-hover scrollbar-background-active "
        "scrollbar-corner-color",
    }
    dressed = {name: colours[role] for role, names in roles.items() for name in names.split()}
    # Upstream lets the text of a selection follow from its ground, and then they may be the same.
    selected = {f"{place}-selection-background": colours["selection"] for place in ("input", "screen")}
    selected |= {f"{place}-selection-foreground": colours["foreground"] for place in ("input", "screen")}
    return dressed | selected | {"input-cursor-text-style": "none", "block-cursor-text-style": "bold"}


def find_user_folder() -> Path:
    """Where a person's own palettes are."""
    config = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(config).expanduser() / "workbench" / "themes"
