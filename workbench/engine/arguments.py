"""Arguments against a tool's JSON schema, before anybody is asked about them."""

from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def fault(schema: dict[str, Any], arguments: dict[str, Any]) -> str:
    """What is wrong with `arguments`, as a sentence for the model; empty when nothing is."""
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
