"""The window's policy (seed §1): how large it is, when compaction is due, and how much room a reply needs."""

import msgspec


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
