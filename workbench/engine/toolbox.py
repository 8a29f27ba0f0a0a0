"""The tools, loaded once and off the event loop: their import is the slow part of the first turn.

Tools may come and go while a session runs. The definitions that the model was sent stay as they are until the next
prompt, which opens an epoch with those of then.
"""

import asyncio
from collections.abc import Callable

from workbench.core.errors import WorkbenchError
from workbench.core.tools import ToolSpec


class Toolbox:
    """Tools by name. `load` may be awaited any number of times."""

    def __init__(self, load: Callable[[], tuple[ToolSpec, ...]]) -> None:
        self._load = load
        self._tools: dict[str, ToolSpec] | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> tuple[ToolSpec, ...]:
        """All tools, in the order in which they are sent."""
        async with self._lock:
            if self._tools is None:
                self._tools = {tool.name: tool for tool in await asyncio.to_thread(self._load)}
        return tuple(self._tools.values())

    async def add(self, tool: ToolSpec) -> None:
        """Take in a tool that came late. Raises WorkbenchError where its name is taken; the other one stays."""
        await self.load()
        if tool.name in (tools := self._tools or {}):
            raise WorkbenchError(
                f"there is a tool named {tool.name} already; the new one was not added.", "Give it another name."
            )
        tools[tool.name] = tool

    async def remove(self, name: str) -> None:
        """Take a tool away; a call of it is answered with the tools that there are."""
        await self.load()
        (self._tools or {}).pop(name, None)

    def get(self, name: str) -> ToolSpec | None:
        """The tool of this name, once loaded."""
        return (self._tools or {}).get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return tuple(self._tools or ())
