"""Reading settings files: every fault is named with file and line, and costs only the setting it is in."""

import math
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from workbench.core.toml_lines import find_line
from workbench.settings.table import SETTINGS, Setting, Settings, Value
from workbench.workspace import read_file

MOST_BYTES = 1_000_000
"""A settings file is not longer; what a workspace brings may be anything."""
GUARDS = ("ask", "deny", "always")
"""The last parts of the names of the rules that hold something back."""
HELD_UP = "Nothing is changed or run until it is mended."


def config_folder(env: Mapping[str, str] | None = None) -> Path:
    """`$XDG_CONFIG_HOME/workbench`, or where this system keeps such things."""
    if home := (os.environ if env is None else env).get("XDG_CONFIG_HOME"):
        return Path(home) / "workbench"
    import platformdirs

    return Path(platformdirs.user_config_dir("workbench"))


def load(workspace: Path, config: Path | None = None) -> Settings:
    """The settings for `workspace`: defaults, then the person's file, then the workspace's own."""
    settings = Settings()
    for path, project in (((config or config_folder()) / "config.toml", False), (workspace / ".workbench.toml", True)):
        before = dict(settings.values)
        _take(settings, path, project, workspace)
        _reconcile(settings, before, project)
    _fit(settings)
    return settings


def _take(settings: Settings, path: Path, project: bool, workspace: Path) -> None:
    """Take over what the file at `path` sets."""
    try:
        text = read_file(path, MOST_BYTES, inside=workspace if project else None).decode("utf-8-sig")
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        _leave_out(settings, f"{path}:{line[1]}" if line else str(path), f"not valid TOML ({error})", project)
        return
    except UnicodeDecodeError:
        _leave_out(settings, str(path), "it cannot be read (it is not UTF-8)", project)
        return
    except (OSError, ValueError) as error:
        if os.path.lexists(path):
            _leave_out(settings, str(path), f"it cannot be read ({error})", project)
        return
    for name, value in _flatten(tree):
        where = f"{path}:{find_line(text, name)}"
        for fault in _set(settings, name, value, project, workspace):
            held = not project and _holds_back(name)
            settings.faults.append(f"{where}: {fault}{f' {HELD_UP}' if held else ''}")
            if held:
                settings.blocked = settings.blocked or where


def _leave_out(settings: Settings, where: str, fault: str, project: bool) -> None:
    """The whole file counts for nothing; where it is the person's, nobody knows any more what it forbids."""
    standing = "your own settings" if project else "defaults"
    settings.faults.append(f"{where}: {fault}; {standing} are used.{'' if project else f' {HELD_UP}'}")
    if not project:
        settings.blocked = settings.blocked or where


def _holds_back(name: str) -> bool:
    """True where a setting of this name, or meant to be of one like it, forbids something."""
    parts = name.lower().split(".")
    return parts[-1] in GUARDS or (parts[0] == "rules" and name != "rules.allow")


def _flatten(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _set(settings: Settings, name: str, value: Any, project: bool, workspace: Path) -> list[str]:
    """Put one value in its place; returns what is wrong with it."""
    setting = SETTINGS.get(name)
    if setting is None:
        return [f"there is no setting `{name}`; it is ignored."]
    current = settings[name]
    if fault := _check(setting, value) or (_check_loosening(setting, current, value, workspace) if project else ""):
        return [f"`{name}` {fault}; {current!r} is used."]
    wrong = {each: fault for each in value if (fault := setting.wrong(each))} if setting.wrong else {}
    if wrong:
        value = [each for each in value if each not in wrong]
    if isinstance(current, list) and project and setting.project == "add":
        value = [*current, *value]
    settings.values[name] = float(value) if isinstance(current, float) else value
    settings.given.add(name)
    return [f"`{name}`: {fault}; it is left out." for fault in wrong.values()]


def _check(setting: Setting, value: Any) -> str:
    """Why `value` is of the wrong type or out of bounds, or nothing."""
    match setting.default:
        case []:
            strings = isinstance(value, list) and all(isinstance(each, str) for each in value)
            return "" if strings else "must be a list of strings"
        case list(default):
            if not isinstance(value, list) or len(value) != len(default) or not all(map(_is_number, value)):
                return f"must be a list of {len(default)} numbers"
            rises = list(value) == sorted(value) and all(setting.low < v <= setting.high for v in value)
            return "" if rises else f"must rise from above {setting.low:g} to {setting.high:g}"
        case bool():
            return "" if isinstance(value, bool) else "must be true or false"
        case str(default):
            if not isinstance(value, str):
                return "must be a string"
            if "\0" in value:
                return "must not hold a null character"
            names = setting.choices() if setting.choices and value != default else (value,)
            return "" if value in names else f"must be one of {', '.join(names)}"
        case default:
            whole = isinstance(default, int)
            if not _is_number(value) or (whole and not isinstance(value, int)):
                return f"must be a {'whole ' if whole else ''}number"
            fits = setting.low <= value <= setting.high and (whole or (_is_float(value) and math.isfinite(value)))
            return "" if fits else f"must lie between {setting.low:g} and {setting.high:g}"


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_float(value: int | float) -> bool:
    """False for a whole number too large for a float."""
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _check_loosening(setting: Setting, current: Value, value: Any, workspace: Path) -> str:
    """Why a workspace's own file may not set this, or nothing."""
    match setting.project:
        case "no":
            return "cannot be set by a workspace's own file"
        case "lower" if value > current:
            return "can only be lowered by a workspace's own file"
        case "raise" if value < current:
            return "can only be raised by a workspace's own file"
        case "inside" if not _is_inside(workspace, value):
            return "must lie inside the workspace"
    return ""


def _is_inside(workspace: Path, folder: str) -> bool:
    """True when `folder`, as it will be used, lies in `workspace`, whatever links and `~` lead to."""
    try:
        return (workspace / Path(folder).expanduser()).resolve().is_relative_to(workspace.resolve())
    except (RuntimeError, ValueError, OSError):  # no such user, a character no path may hold
        return False


def _reconcile(settings: Settings, before: Mapping[str, Value], project: bool) -> None:
    """Thresholds that a file made contradict each other become no looser than the person set either of them.

    A workspace's fall back to those `before` it; in the person's own file the higher one rules.
    """
    names = ("confidence.review", "confidence.send")
    review, send = map(settings.number, names)
    if review > send:
        settings.values |= {name: before[name] if project else review for name in names}
        kept = " and ".join(f"{settings[name]!r}" for name in names)
        settings.faults.append(f"`confidence.review` is above `confidence.send`; {kept} are used.")


def _fit(settings: Settings) -> None:
    """Make what must fit into another setting fit."""
    size = int(settings.number("window.size"))
    settings.values["summary.min_tokens"] = int(min(map(settings.number, ("summary.min_tokens", "summary.max_tokens"))))
    if settings.number("reply.reserve") >= size:
        settings.values["reply.reserve"] = size // 4
