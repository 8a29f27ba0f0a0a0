"""The tools, loaded once and off the event loop (their import is slow), and whether arguments fit them.

Tools may come and go while a session runs. The definitions that the model was sent stay as they are until the next
prompt, which opens an epoch with those of then.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from workbench.core.errors import WorkbenchError
from workbench.core.tools import ToolSpec

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


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


def find_fault(schema: dict[str, Any], arguments: dict[str, Any]) -> str:
    """What is wrong with `arguments` against a tool's JSON schema, for the model to read; empty when nothing is."""
    properties: dict[str, Any] = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in arguments:
            return f"the argument `{name}` is missing"
    for name, value in arguments.items():
        if name not in properties:
            if schema.get("additionalProperties") is False:
                return f"there is no argument `{name}`; there are {', '.join(properties)}"
            continue
        if not _fits(properties[name], value):
            return f"the argument `{name}` must be {_wanted(properties[name])}, not {type(value).__name__}"
    return ""


def _fits(schema: dict[str, Any], value: Any) -> bool:
    if "anyOf" in schema:
        return any(_fits(option, value) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = schema.get("type")
    if kinds is None:
        return True
    names = kinds if isinstance(kinds, list) else [kinds]
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES.get(name, (object,))) for name in names)


def _wanted(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(_wanted(option) for option in schema["anyOf"])
    return str(schema.get("type", "something else"))
