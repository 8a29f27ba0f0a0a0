"""Files on disk: how far the tools reach, and what tells one version of a file from the next.

A path outside of the workspace and the folders added to it is refused unless exactly that place, symlinks followed, was
classified before as lying outside: then the gate has asked, and the call runs only because somebody said yes. A link
that is swapped between the question and the call leads to a place that nobody was asked about, and is refused.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.core.effects import Effect, EffectKind
from workbench.core.errors import ToolFault
from workbench.core.names import read_name

Classify = Callable[[EffectKind, str], Effect]
"""The effect of reading or writing a path: where it leads, and whether secrets are kept there."""


class Reach:
    """Resolves the paths that a call names. Raises ToolFault for those it must not touch."""

    def __init__(self, workspace: Path, classify: Classify, added: tuple[Path, ...] = ()) -> None:
        self.root = Path(os.path.realpath(workspace))
        self._classify = classify
        self._allowed = {Path(os.path.realpath(folder)) for folder in added}

    def effects(self, kind: EffectKind, path: object) -> tuple[Effect, ...]:
        """The effect on the file or folder `path`, which becomes reachable; none where it names nothing."""
        if not isinstance(path, str) or not path or "\0" in path:
            return ()
        effect = self._classify(kind, self._locate(path))
        if effect.outside:
            self._allowed |= {Path(os.path.realpath(self.root / target)) for target in effect.targets}
        return (effect,)

    def is_secret(self, path: str) -> bool:
        """True when secrets are kept at `path`."""
        return self._classify("read", path).secret

    def context(self, **options: Any) -> Any:
        """An AgentToolContext of the SDK that is confined to what is reachable now."""
        from anthropic.lib.tools.agent_toolset import AgentToolContext

        return AgentToolContext(workdir=self.root, allowed_roots=sorted(self._allowed), **options)

    def resolve(self, path: str, tool: str) -> Path:
        """Where `path` leads, absolute, every symlink followed. Raises ToolFault outside of what is reachable."""
        from anthropic.lib.tools.agent_toolset import resolve_path

        try:
            return Path(resolve_path(self.context(), self._locate(path)))
        except ValueError as fault:
            if "outside" in str(fault):
                raise ToolFault(f"{tool}: {path} lies outside the workspace") from fault
            raise ToolFault(f"{tool}: {fault}") from fault

    def _locate(self, path: str) -> str:
        """`path` as it is on the disk, where it stands there under the name that is written so."""
        name = read_name(path)
        return name if name != path and os.path.lexists(self.root / name) else path

    def show(self, path: Path) -> str:
        """`path` relative to the workspace where it lies in it, else absolute."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


ABSENT = "absent"


def digest(content: bytes | None) -> str:
    """What tells one version of a file from the next; ABSENT where there is none."""
    return ABSENT if content is None else hashlib.blake2b(content, digest_size=16).hexdigest()


def name_file(arguments: dict[str, Any]) -> str:
    """The subject of a call about one file: its path, without detours."""
    path = str(arguments.get("file_path", ""))
    return os.path.normpath(path) if path else ""
