"""The things to start with: each harmless, and each only where it makes sense."""

from collections.abc import Sequence

from workbench import resources
from workbench.core.commands import ImportSession, OpenSession, SendPrompt
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.ui.draw.welcome import Start

EXPLAIN = Start("Explain this project", "reads a few files", SendPrompt("Explain this project."))
RISKS = Start(
    "Find what is risky in the last commit",
    "git diff, nothing is changed",
    SendPrompt("Find what is risky in the last commit."),
)


def starts(facts: RuntimeInfo, sessions: Sequence[SessionSummary], now: float) -> tuple[Start, ...]:
    """At most four."""
    found = [EXPLAIN]
    if facts.branch:
        found.append(RISKS)
    if sample := next(iter(sorted(resources.samples().glob("*.json"))), None):
        title = "Open the sample session"
        found.append(Start(title, "every kind of event: approvals, compaction, undo", ImportSession(str(sample))))
    if latest := next((row for row in sessions if row.turns), None):
        found.append(Start(f"Go on with {latest.title or latest.id}", _since(latest, now), OpenSession(latest.id)))
    return tuple(found)


def _since(row: SessionSummary, now: float) -> str:
    minutes = max(0, int((now - row.updated_at) // 60))
    if minutes < 60:
        ago = "just now" if minutes < 2 else f"{minutes} minutes ago"
    elif minutes < 48 * 60:
        ago = "an hour ago" if minutes < 120 else f"{minutes // 60} hours ago"
    else:
        ago = f"{minutes // (24 * 60)} days ago"
    turns = "1 turn" if row.turns == 1 else f"{row.turns} turns"
    state = f"{row.state}, " if row.state in ("handed off", "waiting", "failed", "spent") else ""
    return f"{state}{ago}, {turns}"
