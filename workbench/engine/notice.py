"""Volatile facts: written once, into the newest user message, only when they changed (design: never in `system`)."""

from datetime import datetime

from workbench.core.progress import Progress
from workbench.core.spend import TIER_NAMES
from workbench.engine.session import Session
from workbench.memory import digest

LAST_STEP = (
    "[NOTICE] This is the last step: tools are off. Answer now with what you have, and say what you could not finish."
)

GO_ON = "[NOTICE] You paused. Go on from where you stopped."


def turn_notice(session: Session, now: float) -> str:
    """Date, working memory and budget for the first request of a turn; empty where nothing changed."""
    pieces = [f"[NOTICE] Today is {datetime.fromtimestamp(now).date().isoformat()}."]
    if memory := digest(session.scratchpad):
        pieces.append(f"[WORKING MEMORY]\n{memory}")
    spend = session.spend.reading()
    if spend.tier > 1:
        pieces.append(f"[BUDGET] Tier {TIER_NAMES[spend.tier]}: {spend.share:.0%} of the budget is spent. Be brief.")
    notice = "\n\n".join(pieces)
    return "" if notice == session.conversation.notice else notice


def progress(session: Session) -> Progress:
    """The work so far, for an escalation (seed §5)."""
    spend, pad = session.spend.reading(), session.scratchpad
    changed = [f"{change.action} {change.path} +{change.added} -{change.removed}" for change in session.changes]
    notes = [note.text for note in (*pad.decisions[-2:], *pad.findings[-3:])]
    steps, tokens = session.conversation.step, spend.tokens
    return Progress(steps, session.step_budget, tokens, spend.usd, spend.as_if, tuple(changed + notes))
