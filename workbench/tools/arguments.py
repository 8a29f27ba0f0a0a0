"""The arguments of a tool as a struct, and the schema that the model is told of them."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from workbench.core.errors import ToolFault

Parsed = TypeVar("Parsed", bound=msgspec.Struct)
PLACE = re.compile(r" - at `\$\.?(.*)`$")
MAY_BE_BLANK = ("content", "old_string", "new_string")


def parse_arguments(kind: type[Parsed], arguments: dict[str, Any], tool: str) -> Parsed:
    """`arguments` as `kind`. Raises ToolFault that names the argument and what it must be."""
    try:
        parsed = msgspec.convert(arguments, kind)
    except msgspec.ValidationError as fault:
        raise ToolFault(f"{tool}: {_in_words(str(fault))}") from fault
    for name in kind.__struct_fields__:
        value = getattr(parsed, name)
        if isinstance(value, str) and "\0" in value and name != "content":
            raise ToolFault(f"{tool}: {name} holds a NUL character")
        if isinstance(value, str) and not value.strip() and name not in MAY_BE_BLANK:
            raise ToolFault(f"{tool}: {name} is empty")
    return parsed


def object_schema(properties: Mapping[str, dict[str, Any]], *required: str) -> dict[str, Any]:
    """The JSON schema of arguments of these names, of which some must be there."""
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def sdk_schema(tool: Any, words: Mapping[str, str]) -> dict[str, Any]:
    """The schema of the SDK's `tool` without its titles and null defaults, each argument with a description."""
    given = tool.to_dict()["input_schema"]
    properties = {}
    for name, spec in given["properties"].items():
        options = [option for option in spec.get("anyOf", ()) if option.get("type") != "null"]
        kind = dict(options[0] if options else {"type": spec["type"]})
        properties[name] = kind | {"description": words[name]}
    return object_schema(properties, *given["required"])


def _in_words(message: str) -> str:
    if match := re.match(r"Object missing required field `(\w+)`", message):
        return f"{match[1]} is missing"
    where = PLACE.search(message)
    said = PLACE.sub("", message).replace("`", "")
    said = said[:1].lower() + said[1:]
    return f"{where[1].replace('[...]', '')}: {said}" if where else said
