"""A reply as the API will take it back: a server may have sent what it would itself refuse in the next request.

Call ids that stand already get a number, names of tools lose what no name may have, halves of characters go.
"""

import itertools
import re
from collections.abc import Collection
from typing import Any

import msgspec

from workbench.core.messages import Part, Text, ToolUse
from workbench.core.surrogates import replace_surrogates

_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]")


def accepted(parts: tuple[Part, ...], call_ids: Collection[str]) -> tuple[Part, ...]:
    """`parts`, changed only where a later request would be refused for them; `call_ids` are those of the session."""
    own: set[str] = set()
    kept: list[Part] = []
    for part in parts:
        whole = _whole(part)
        if isinstance(whole, ToolUse):
            whole = msgspec.structs.replace(whole, id=_free(whole.id, call_ids, own))
            own.add(whole.id)
        kept.append(whole)
    return tuple(kept)


def _whole(part: Part) -> Part:
    match part:
        case Text(text=text):
            return part if text.isascii() else Text(replace_surrogates(text))
        case ToolUse(id=id, name=name, input=arguments):
            return ToolUse(id, _NOT_IN_A_NAME.sub("_", name)[:128] or "unnamed", _replace(arguments))
    return part


def _replace(value: Any) -> Any:
    match value:
        case str():
            return replace_surrogates(value)
        case list():
            return [_replace(each) for each in value]
        case dict():
            return {replace_surrogates(key): _replace(each) for key, each in value.items()}
    return value


def _free(id: str, *taken: Collection[str]) -> str:
    """`id`, or with the first number that makes it another one."""
    id = _NOT_IN_A_NAME.sub("_", id) or "call"
    others = (f"{id}_{n}" for n in itertools.count(2))
    return next(free for free in itertools.chain([id], others) if not any(free in ids for ids in taken))
