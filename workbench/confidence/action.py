"""The confidence of an action: two optional arguments of each call, removed before it runs (seed §5, §7)."""

from typing import Any

from workbench.confidence.score import read_score
from workbench.core.decisions import Confidence

VALUE = "confidence"
REASON = "confidence_reason"

FIELDS: dict[str, dict[str, Any]] = {
    VALUE: {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "How sure you are that this is the right action, 0.0 to 1.0.",
    },
    REASON: {"type": "string", "description": "One short sentence: why this score."},
}


def add_confidence(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with the two optional properties; the one passed in is not changed.

    A tool that has a property of the same name keeps its own meaning for it.
    """
    properties = dict(schema.get("properties") or {})
    for name, field in FIELDS.items():
        properties.setdefault(name, dict(field))
    return {"type": "object", **schema, "properties": properties}


def take_confidence(
    arguments: dict[str, Any], schema: dict[str, Any] | None = None
) -> tuple[dict[str, Any], Confidence | None]:
    """The arguments without the two, and the score; None where it is missing or invalid.

    With the tool's own `schema`, a property of the same name that it declares itself is left to it.
    """
    own = (schema or {}).get("properties") or {}
    rest = {name: value for name, value in arguments.items() if name not in FIELDS or name in own}
    value = None if VALUE in own else arguments.get(VALUE)
    return rest, read_score(value, "" if REASON in own else arguments.get(REASON))
