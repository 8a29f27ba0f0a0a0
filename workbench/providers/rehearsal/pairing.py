"""Each call answered: the rule of the Messages API that an interrupted session breaks most easily."""

from collections.abc import Iterator
from typing import Any

from workbench.providers.rehearsal.blocks import blocks


def pairing_faults(body: dict[str, Any]) -> Iterator[str]:
    """Why the calls and results of `body` do not fit; messages of one role in a row count as one."""
    messages = _merged(body["messages"])
    seen: set[str] = set()
    asked: list[str] = []
    for place, (role, content) in enumerate(messages):
        if role == "assistant":
            asked = _ids(content, "tool_use", "id")
            if len(set(asked)) < len(asked) or seen & set(asked):
                yield "messages: `tool_use` ids must be unique"
            seen |= set(asked)
            if asked and place == len(messages) - 1:
                yield _unanswered(place, asked)
            continue
        yield from _answers(place, content, asked)
        asked = []
    if seen and not body.get("tools"):
        yield "Requests which include `tool_use` or `tool_result` blocks must define tools."


def _answers(place: int, content: list[dict[str, Any]], asked: list[str]) -> Iterator[str]:
    answered = _ids(content, "tool_result", "tool_use_id")
    if missing := [id for id in asked if id not in answered]:
        yield _unanswered(place - 1, missing)
    if stray := [id for id in answered if id not in asked]:
        yield (
            f"messages.{place}.content: unexpected `tool_use_id` found in `tool_result` blocks: {', '.join(stray)}. "
            "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
        )
    if len(set(answered)) < len(answered):
        yield f"messages.{place}.content: each tool_use must have a single result. Found multiple `tool_result` blocks."
    if any(block["type"] != "tool_result" for block in content[: len(answered)]):
        yield f"messages.{place}.content: `tool_result` blocks must come before all other content."


def _unanswered(place: int, ids: list[str]) -> str:
    return (
        f"messages.{place}: `tool_use` ids were found without `tool_result` blocks immediately after: "
        f"{', '.join(ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message."
    )


def _ids(content: list[dict[str, Any]], kind: str, field: str) -> list[str]:
    return [str(block.get(field)) for block in content if block["type"] == kind]


def _merged(messages: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    merged: list[tuple[str, list[dict[str, Any]]]] = []
    for message in messages:
        role = "assistant" if message["role"] == "assistant" else "user"
        if merged and merged[-1][0] == role:
            merged[-1][1].extend(blocks(message))
        else:
            merged.append((role, [*blocks(message)]))
    return merged
