"""The four zones of attention (seed §1): what stands first and last is heard, the middle is easily lost."""

from collections.abc import Sequence

import msgspec

from workbench.core.window import Block, Zone

RECENT_TURNS = 3
"""The running turn and the two before it."""
RECENT_MESSAGES = 12
"""A turn of many steps is recent only as far back as this."""
EARLY_MESSAGES = 4
"""The first few messages keep some influence; the summary stands among them."""

PRIMACY = frozenset({"tools", "system", "memory"})


def assign_zones(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """`blocks`, in the order of the request, each with its zone."""
    head = sum(1 for block in blocks if block.section in PRIMACY)
    zones = _zones(blocks[head:])
    return tuple(blocks[:head]) + tuple(
        block if block.zone == zone else msgspec.structs.replace(block, zone=zone)
        for block, zone in zip(blocks[head:], zones, strict=True)
    )


def _zones(blocks: Sequence[Block]) -> list[Zone]:
    messages = _messages(blocks)
    if not messages:
        return []
    last, newest = messages[-1], max(block.turn for block in blocks)
    first_recent = last + 1
    for block, message in zip(reversed(blocks), reversed(messages), strict=True):
        if block.section == "summary" or block.turn <= newest - RECENT_TURNS or message <= last - RECENT_MESSAGES:
            break
        first_recent = message
    return [
        "recent" if message >= first_recent else "early" if message < EARLY_MESSAGES else "middle"
        for message in messages
    ]


def _messages(blocks: Sequence[Block]) -> list[int]:
    """The number of the message that each block belongs to: neighbours of one role are one message.

    A summary or a new turn's prompt begins a message even where the role stays.
    """
    numbers: list[int] = []
    number = -1
    before: Block | None = None
    for block in blocks:
        if before is None or block.role != before.role or block.turn != before.turn:
            number += 1
        numbers.append(number)
        before = block
    return numbers
