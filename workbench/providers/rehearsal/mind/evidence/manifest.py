"""Facts in a project manifest: name, version, description, dependencies, scripts."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any


@dataclass(frozen=True)
class Manifest:
    """What a manifest says; empty where it says nothing."""

    path: str
    kind: str
    name: str = ""
    version: str = ""
    description: str = ""
    requires: str = ""
    """The language version it asks for."""
    dependencies: tuple[str, ...] = ()
    scripts: dict[str, str] = field(default_factory=dict)
    """Commands by name: console scripts, npm scripts, make targets."""


def manifest(path: str, text: str) -> Manifest | None:
    """What the manifest at `path` says; None when it is none or cannot be parsed."""
    reader = _READERS.get(PurePosixPath(path).name)
    if reader is None:
        return None
    try:
        return reader(path, text)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _pyproject(path: str, text: str) -> Manifest:
    data = tomllib.loads(text)
    project = _table(data, "project") or _table(data, "tool", "poetry")
    dependencies = project.get("dependencies") or ()
    named = [d for d in dependencies if d != "python"] if isinstance(dependencies, dict) else dependencies
    return Manifest(
        path,
        "Python",
        _text(project.get("name")),
        _text(project.get("version")),
        _text(project.get("description")),
        _text(project.get("requires-python")),
        tuple(map(str, named)),
        {str(k): str(v) for k, v in _table(project, "scripts").items()},
    )


def _package(path: str, text: str) -> Manifest:
    data = json.loads(text)
    dependencies = {**_table(data, "dependencies"), **_table(data, "devDependencies")}
    scripts = {str(k): str(v) for k, v in _table(data, "scripts").items()}
    return Manifest(
        path,
        "JavaScript",
        _text(data.get("name")),
        _text(data.get("version")),
        _text(data.get("description")),
        _text(_table(data, "engines").get("node")),
        tuple(f"{name} {version}" for name, version in dependencies.items()),
        scripts,
    )


def _composer(path: str, text: str) -> Manifest:
    data = json.loads(text)
    return Manifest(
        path, "PHP", _text(data.get("name")), _text(data.get("version")), _text(data.get("description")), "",
        tuple(f"{k} {v}" for k, v in _table(data, "require").items()),
    )  # fmt: skip


def _cargo(path: str, text: str) -> Manifest:
    data = tomllib.loads(text)
    package = _table(data, "package")
    return Manifest(
        path,
        "Rust",
        _text(package.get("name")),
        _text(package.get("version")),
        _text(package.get("description")),
        _text(package.get("rust-version")),
        tuple(_table(data, "dependencies")),
    )


def _gomod(path: str, text: str) -> Manifest:
    module = re.search(r"^module\s+(\S+)", text, re.M)
    version = re.search(r"^go\s+(\S+)", text, re.M)
    needed = re.findall(r"^(?:require\s+|\t| {2,})([\w./-]+\.[\w./-]+ v\S+)", text, re.M)
    return Manifest(
        path, "Go", module[1] if module else "", requires=version[1] if version else "", dependencies=tuple(needed)
    )


def _requirements(path: str, text: str) -> Manifest:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return Manifest(path, "Python", dependencies=tuple(line for line in lines if line and not line.startswith("-")))


def _makefile(path: str, text: str) -> Manifest:
    targets = re.findall(r"^([A-Za-z][\w-]*)\s*:(?!=)([^\n]*)", text, re.M)
    return Manifest(path, "Make", scripts={name: f"make {name}" for name, _ in targets})


def _table(data: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_READERS = {
    "pyproject.toml": _pyproject,
    "package.json": _package,
    "composer.json": _composer,
    "Cargo.toml": _cargo,
    "go.mod": _gomod,
    "requirements.txt": _requirements,
    "Makefile": _makefile,
}
