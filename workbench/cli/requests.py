"""Requests as the command line names them: `3.2`, `3` for the last step of turn 3, `s7` for the seventh of all."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from workbench.core.figures import visible

if TYPE_CHECKING:
    from workbench.context.requests import SentRequest

_NAME = re.compile(r"(?:([0-9]{1,9})(?:\.([0-9]{1,9}))?|[sS#]([0-9]{1,9}))")


def find_request(name: str, requests: "Sequence[SentRequest]", session: str) -> "SentRequest":
    """The request of that name; of one that was sent again the last. Raises UsageError where there is none."""
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise click.UsageError(
            f"{visible(name)!r} names no request. Give TURN.STEP such as 3.2, TURN for its last step, or sN for the Nth"
            " request of the session."
        )
    turn, step, number = (int(digits) if digits else None for digits in found.groups())
    for request in reversed(requests):
        if request.number == number or (request.turn == turn and step in (None, request.step)):
            return request
    if not requests:
        raise click.UsageError(f"there is no request {name}: none was sent in this session yet.")
    count, first, last = len(requests), requests[0].name, requests[-1].name
    there = f"there is one, {first}" if count == 1 else f"there are {count}, from {first} to {last}"
    raise click.UsageError(f"there is no request {name}: {there}. `workbench window {session} --steps` lists them.")
