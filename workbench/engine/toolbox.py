"""The tools, loaded once and off the event loop: their import is the slow part of the first turn."""

import asyncio
from collections.abc import Callable

from workbench.core.tools import ToolSpec


class Toolbox:
    """Tools by name. `load` may be awaited any number of times."""

    def __init__(self, load: Callable[[], tuple[ToolSpec, ...]]) -> None:
        self._load = load
        self._tools: tuple[ToolSpec, ...] | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> tuple[ToolSpec, ...]:
        """All tools, in the order in which they are sent."""
        async with self._lock:
            if self._tools is None:
                self._tools = await asyncio.to_thread(self._load)
        return self._tools

    def get(self, name: str) -> ToolSpec | None:
        """The tool of this name, once loaded."""
        return next((tool for tool in self._tools or () if tool.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return tuple(tool.name for tool in self._tools or ())
