"""Reading settings files: every fault is named with file and line, and costs only the setting it is in."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.settings.table import SETTINGS, Setting

PROJECT_FILE = ".workbench.toml"


@dataclass
class Settings:
    """Values by name, and what was wrong in the files."""

    values: dict[str, Any] = field(default_factory=lambda: {name: s.default for name, s in SETTINGS.items()})
    faults: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def config_folder(env: Mapping[str, str] | None = None) -> Path:
    """`$XDG_CONFIG_HOME/workbench`, or where this system keeps such things."""
    if home := (os.environ if env is None else env).get("XDG_CONFIG_HOME"):
        return Path(home) / "workbench"
    import platformdirs

    return Path(platformdirs.user_config_dir("workbench"))


def loaded(workspace: Path, config: Path | None = None) -> Settings:
    """The settings for `workspace`: defaults, then the person's file, then the workspace's own."""
    settings = Settings()
    for path, project in (((config or config_folder()) / "config.toml", False), (workspace / PROJECT_FILE, True)):
        _take(settings, path, project, workspace)
    _reconcile(settings)
    return settings


def _take(settings: Settings, path: Path, project: bool, workspace: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        settings.faults.append(f"{path}: it cannot be read ({error}); defaults are used.")
        return
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{line[1]}" if line else str(path)
        settings.faults.append(f"{where}: not valid TOML ({error}); defaults are used.")
        return
    for name, value in _flat(tree):
        fault = _set(settings, name, value, project, workspace)
        if fault:
            settings.faults.append(f"{path}:{line_of(text, name)}: {fault}")


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def line_of(text: str, name: str) -> int:
    """The line on which the setting `name` stands, 1 when it cannot be found."""
    table, _, key = name.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([^\]]+)\]", line):
            current = head[1].strip()
        elif assigned := re.match(r"\s*([\w.\"-]+)\s*=", line):
            written = assigned[1].replace('"', "")
            if (current, written) == (table, key) or (not current and written == name):
                return number
    return 1


def _set(settings: Settings, name: str, value: Any, project: bool, workspace: Path) -> str:
    """Put one value in its place; returns what is wrong with it, or nothing."""
    setting = SETTINGS.get(name)
    if setting is None:
        return f"there is no setting `{name}`; it is ignored."
    if fault := _invalid(setting, value):
        return f"`{name}` {fault}; {settings[name]!r} is used."
    value = float(value) if isinstance(setting.default, float) else value
    if project and (fault := _loosens(setting, settings[name], value, name, workspace)):
        return f"`{name}` {fault}; {settings[name]!r} is used."
    adds = project and setting.project == "add"
    settings.values[name] = [*settings[name], *value] if adds else value
    return ""


def _invalid(setting: Setting, value: Any) -> str:
    default = setting.default
    match default:
        case list():
            kind: type = float if default else str
            fits = isinstance(value, list) and all(
                isinstance(v, int | float) and not isinstance(v, bool) if kind is float else isinstance(v, str)
                for v in value
            )
            if not fits or (default and len(value) != len(default)):
                return f"must be a list of {len(default)} numbers" if default else "must be a list of strings"
            if default and (list(value) != sorted(value) or not all(setting.low < v <= setting.high for v in value)):
                return "must rise from above 0 to 1"
        case str():
            if not isinstance(value, str):
                return "must be a string"
            if "\0" in value:
                return "must not hold a null character"
            if setting.choices and value not in setting.choices:
                return f"must be one of {', '.join(filter(None, setting.choices))}"
        case _:
            whole = isinstance(default, int)
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                return f"must be a {'whole ' if whole else ''}number"
            if not setting.low <= value <= setting.high or (not whole and not _is_float(value)):
                return f"must lie between {setting.low:g} and {setting.high:g}"
    return ""


def _is_float(value: int | float) -> bool:
    """False for a whole number too large for a float."""
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _loosens(setting: Setting, current: Any, value: Any, name: str, workspace: Path) -> str:
    """Why a workspace's own file may not set this, or nothing."""
    if setting.project == "no":
        return "cannot be set by a workspace's own file"
    if setting.project == "lower" and value > current:
        return "can only be lowered by a workspace's own file"
    if setting.project == "raise" and value < current:
        return "can only be raised by a workspace's own file"
    if name == "sessions" and not _inside(workspace, value):
        return "must lie inside the workspace"
    return ""


def _inside(workspace: Path, folder: str) -> bool:
    """True when `folder`, as it will be used, lies in `workspace`, whatever links and `~` lead to."""
    try:
        return (workspace / Path(folder).expanduser()).resolve().is_relative_to(workspace.resolve())
    except (RuntimeError, ValueError, OSError):  # no such user, a character no path may hold
        return False


def _reconcile(settings: Settings) -> None:
    """Settings that only make sense together."""
    if settings["confidence.review"] > settings["confidence.send"]:
        settings.faults.append("`confidence.review` is above `confidence.send`; the defaults are used for both.")
        for name in ("confidence.review", "confidence.send"):
            settings.values[name] = SETTINGS[name].default
    if settings["summary.min_tokens"] > settings["summary.max_tokens"]:
        settings.values["summary.min_tokens"] = settings["summary.max_tokens"]
    if settings["reply.reserve"] >= settings["window.size"]:
        settings.values["reply.reserve"] = settings["window.size"] // 4
