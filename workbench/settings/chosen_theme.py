"""The theme that a person picked in the list: kept beside their settings file, which stays as they wrote it.

It counts until the settings file names another theme than it did then: what was written last is what is wanted.
"""

import os
from pathlib import Path

import msgspec

from workbench.workspace import read_file

NAME = "picked-theme.json"
MOST_BYTES = 10_000


def read_theme(config: Path, written: str) -> str:
    """The theme to begin with; `written`: what the settings file names, empty where it names none."""
    try:
        kept = msgspec.json.decode(read_file(config / NAME, MOST_BYTES))
    except (OSError, ValueError, msgspec.DecodeError, RecursionError):
        return written
    picked = kept.get("theme") if isinstance(kept, dict) else None
    return picked if isinstance(picked, str) and kept.get("written", "") == written else written


def keep_theme(config: Path, name: str, written: str) -> None:
    """Keep `name` for the next start. Raises OSError."""
    import json

    config.mkdir(parents=True, exist_ok=True)
    draft = config / f".{NAME}.{os.getpid()}"
    draft.write_text(json.dumps({"theme": name, "written": written}), encoding="utf-8")
    draft.replace(config / NAME)
