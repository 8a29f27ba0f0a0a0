"""Money: dollars, a price that may be unknown, and money that nobody pays."""

import msgspec


class Cost(msgspec.Struct, frozen=True):
    """What something cost."""

    usd: float | None = 0.0
    """None where the price is unknown."""
    as_if: bool = False
    """True for a rehearsal: counted as if, owed to nobody."""

    def __add__(self, other: "Cost") -> "Cost":
        known = self.usd is not None and other.usd is not None
        return Cost((self.usd or 0.0) + (other.usd or 0.0) if known else None, self.as_if or other.as_if)
