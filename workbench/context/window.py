"""The window in sections (seed §1): its policy, the head as pieces, and blocks summed to a `Window`."""

from collections.abc import Iterator, Sequence

import msgspec

from workbench.context.zones import assign_zones
from workbench.core.window import SECTIONS, Block, Epoch, Section, SectionName, Window

WIDTH = 48
"""Characters of a label."""


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


class Piece(msgspec.Struct, frozen=True):
    """A block of the head before it is measured."""

    id: str
    section: SectionName
    role: str
    label: str
    estimate: int
    content: str
    """What it costs depends on this alone; a piece with the same content costs the same."""
    pinned: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Identity of its cost."""
        return (self.id, self.content)


def split_head(epoch: Epoch | None) -> Iterator[Piece]:
    """The epoch's pieces in the order of the request: tools, system, memory, summary."""
    if epoch is None:
        return
    for tool in epoch.tools:
        content = msgspec.json.encode(tool.definition).decode()
        yield Piece(f"tool:{tool.name}", "tools", "system", tool.name, tool.tokens, content)
    if epoch.system:
        yield Piece("system", "system", "system", "system prompt", epoch.system_tokens, epoch.system)
    for place, document in enumerate(epoch.memory, 1):
        pinned = document.kind == "pinned"
        label = document.name or shorten(document.text)
        yield Piece(f"memory:{place}", "memory", "system", label, document.tokens, document.text, pinned)
    if epoch.summary:
        yield Piece("summary", "summary", "user", "summary", epoch.summary_tokens, epoch.summary)


def build_window(blocks: Sequence[Block], policy: WindowPolicy, cached: int, cold_at: float | None) -> Window:
    """The window of `blocks`; `cached` is the length in tokens of the cached prefix."""
    marked, overlap = _mark_cached(blocks, cached)
    totals = dict.fromkeys(SECTIONS, 0)
    for block in blocks:
        totals[block.section] += block.tokens
    total = sum(totals.values())
    inside = min(cached, total)
    return Window(
        size=policy.size,
        reserved=policy.reserve,
        trigger=policy.trigger,
        total=total,
        free=policy.size - policy.reserve - total,
        exact=all(block.exact for block in blocks),
        sections=tuple(Section(name, totals[name], overlap[name]) for name in SECTIONS),
        blocks=assign_zones(marked),
        cached=inside,
        cold_at=cold_at if inside else None,
    )


def _mark_cached(blocks: Sequence[Block], cached: int) -> tuple[list[Block], dict[SectionName, int]]:
    """Blocks that lie wholly in the cached prefix are marked; each section's share of the prefix."""
    overlap = dict.fromkeys(SECTIONS, 0)
    marked: list[Block] = []
    left = cached
    for block in blocks:
        inside = min(left, block.tokens)
        overlap[block.section] += inside
        whole = left > 0 and inside == block.tokens
        marked.append(block if block.cached == whole else msgspec.structs.replace(block, cached=whole))
        left -= inside
    return marked, overlap


def shorten(text: str) -> str:
    """The first line's words, cut with `…` after `WIDTH` characters."""
    line = " ".join(text[: 4 * WIDTH].split("\n\n", maxsplit=1)[0].split()) if text.strip() else ""
    if not line and text.strip():
        line = " ".join(text.split(maxsplit=12)[:12])
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
