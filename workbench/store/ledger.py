"""What each user spent each day, over all sessions and processes (seed §9, the daily budget)."""

from pathlib import Path

from workbench.store.shared_rows import Row, SharedRows

LEDGER = "days.jsonlog"


class DayLedger:
    """Settled dollars and tokens by day, user and session. Safe under several processes. Raises StoreFault."""

    def __init__(self, root: Path) -> None:
        self._rows = SharedRows(root / LEDGER, "days", precious=True)

    def add(self, day: str, user: str, session: str, usd: float, tokens: int) -> None:
        """Add what one request cost to `day` (`2026-11-22`)."""
        key = "\n".join((day, user, session))

        def added(rows: dict[str, Row]) -> dict[str, Row]:
            row = rows.get(key, {"usd": 0.0, "tokens": 0})
            spent = {"usd": row["usd"] + usd, "tokens": row["tokens"] + tokens}
            return {key: {"day": day, "user": user, "session": session} | spent}

        self._rows.change(added)

    def total(self, day: str, user: str) -> tuple[float, int]:
        """Dollars and tokens of `user` on `day`."""
        rows = [row for row in self._rows.rows().values() if (row["day"], row["user"]) == (day, user)]
        return sum((row["usd"] for row in rows), 0.0), sum(row["tokens"] for row in rows)

    def close(self) -> None:
        """Sync and release the ledger."""
        self._rows.close()
