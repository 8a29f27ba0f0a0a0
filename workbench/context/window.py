"""Blocks summed to a `Window` (seed §1): its limits, its sections, what of it is cached, and its zones of attention.

What stands first and last is heard, the middle is easily lost.
"""

from collections.abc import Collection, Sequence
from itertools import groupby

import msgspec

from workbench.core.window import SECTIONS, Block, Section, Window, Zone

RECENT_TURNS = 3
"""The running turn and the two before it."""
RECENT_MESSAGES = 12
"""A turn of many steps is recent only as far back as this."""
EARLY_MESSAGES = 4
"""The first few messages keep some influence; the summary stands among them."""

LEAST_SIZE = 2_000
"""Tokens below which no window is believed: instructions alone would fill it, and nothing could be sent."""
PRIMACY = frozenset({"tools", "system", "memory"})


class WindowPolicy(msgspec.Struct, frozen=True):
    """Three limits, in tokens and as a share."""

    size: int = 200_000
    """Tokens that one request may hold, its reply included."""
    compact_at: float = 0.7
    """Share of `size` from which compaction is due."""
    reserve: int = 32_000
    """Tokens kept free for the reply."""

    @property
    def trigger(self) -> int:
        """Compaction is due from this many tokens."""
        return int(self.size * self.compact_at)

    def limit(self, window: int | None, reply: int | None) -> "WindowPolicy":
        """The policy for a model that takes `window` tokens and replies with `reply` at most; None is not known."""
        size = min(self.size, window) if window and window >= LEAST_SIZE else self.size
        reserve = min(self.reserve, reply or self.reserve)
        return msgspec.structs.replace(self, size=size, reserve=min(reserve, size // 4))

    def explain(self, window: int | None) -> str:
        """Whose size the window's is, and the other one, which is larger; empty where they agree."""
        if window is None or window == self.size or window < LEAST_SIZE:
            return ""
        if window < self.size:
            return f"the model's; window.size is {self.size:,}"
        return f"window.size; the model takes {window:,}"


def build_window(
    blocks: Sequence[Block],
    zones: Sequence[Zone],
    drifting: Collection[str],
    policy: WindowPolicy,
    cached: int,
    cold_at: float | None,
    size_reason: str = "",
    turn: int = 0,
) -> Window:
    """The window of `blocks`, each with its zone, and marked where it lies wholly in the first `cached` tokens.

    `drifting`: ids of instructions that are heard least.
    """
    totals, overlap = dict.fromkeys(SECTIONS, 0), dict.fromkeys(SECTIONS, 0)
    placed: list[Block] = []
    left = cached
    for block, zone in zip(blocks, zones, strict=True):
        inside = min(left, block.tokens)
        whole = left > 0 and inside == block.tokens
        left -= inside
        totals[block.section] += block.tokens
        overlap[block.section] += inside
        place = (zone, whole, block.id in drifting)
        if (block.zone, block.cached, block.drifting) != place:
            block = msgspec.structs.replace(block, zone=zone, cached=whole, drifting=place[2])  # noqa: PLW2901
        placed.append(block)
    total = sum(totals.values())
    cached = min(cached, total)
    return Window(
        size=policy.size,
        reserved=policy.reserve,
        trigger=policy.trigger,
        total=total,
        free=policy.size - policy.reserve - total,
        exact=all(block.exact for block in blocks),
        sections=tuple(Section(name, totals[name], overlap[name]) for name in SECTIONS),
        blocks=tuple(placed),
        cached=cached,
        cold_at=cold_at if cached else None,
        size_reason=size_reason,
        turn=turn,
    )


def find_zones(blocks: Sequence[Block]) -> list[Zone]:
    """The zone of each of `blocks`, which stand in the order of the request."""
    head = sum(1 for block in blocks if block.section in PRIMACY)
    blocks = blocks[head:]
    groups = groupby(blocks, lambda block: (block.role, block.turn))
    messages = [number for number, (_, members) in enumerate(groups) for _ in members]
    """The number of the message that each block belongs to."""
    last, newest = max(messages, default=0), max((block.turn for block in blocks), default=0)
    recent = len(blocks)
    for block, message in zip(reversed(blocks), reversed(messages), strict=True):
        if block.section == "summary" or block.turn <= newest - RECENT_TURNS or message <= last - RECENT_MESSAGES:
            break
        recent -= 1
    zones: list[Zone] = ["primacy"] * head
    return zones + [
        "recent" if place >= recent else "early" if message < EARLY_MESSAGES else "middle"
        for place, message in enumerate(messages)
    ]
