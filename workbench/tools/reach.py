"""How far the file tools reach: the workspace, and what a person was asked about.

A path outside the workspace is refused unless exactly that place, symlinks followed, was classified before as lying
outside: then the gate has asked, and the call runs only because somebody said yes. A link that is swapped between the
question and the call leads to a place that nobody was asked about, and is refused.
"""

import os
from pathlib import Path
from typing import Any

from workbench.core.decisions import Effect
from workbench.core.errors import ToolFault


class Reach:
    """Resolves the paths that a call names. Raises ToolFault for those it must not touch."""

    def __init__(self, workspace: Path) -> None:
        self.root = Path(os.path.realpath(workspace))
        self._asked: set[Path] = set()

    def noted(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """`effects` as they are; the places outside the workspace that they name become reachable."""
        for effect in effects:
            if effect.outside:
                self._asked |= {Path(os.path.realpath(self.root / target)) for target in effect.targets}
        return effects

    def context(self, **options: Any) -> Any:
        """An AgentToolContext of the SDK that is confined to what is reachable now."""
        from anthropic.lib.tools.agent_toolset import AgentToolContext

        return AgentToolContext(workdir=self.root, allowed_roots=sorted(self._asked), **options)

    def resolve(self, path: str, tool: str) -> Path:
        """Where `path` leads, absolute, every symlink followed. Raises ToolFault outside of what is reachable."""
        from anthropic.lib.tools.agent_toolset import resolve_path

        try:
            return Path(resolve_path(self.context(), path))
        except ValueError as fault:
            if "outside" in str(fault):
                raise ToolFault(f"{tool}: {path} lies outside the workspace") from fault
            raise ToolFault(f"{tool}: {fault}") from fault

    def shown(self, path: Path) -> str:
        """`path` relative to the workspace where it lies in it, else absolute."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
