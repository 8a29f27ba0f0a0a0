"""Calls that failed, were refused or could not be made: said as they are."""

import re
from collections.abc import Iterable

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code
from workbench.providers.rehearsal.mind.steps import Answer

_REFUSED = re.compile(
    r"\bnot run\b|rejected|declined|denies|denied by|not approved|did not approve|not allowed|unanswered|"
    r"nobody answered|"
    r"no one answered|expired|said no",
    re.I,
)


def refused(outcome: Outcome) -> bool:
    """True when a person or a rule said no, or nobody answered: nothing was done."""
    ran = re.search(r"^exit code:? ?-?\d+\s*$", outcome.text, re.M)
    return outcome.error and not ran and _REFUSED.search(outcome.text) is not None


def said(outcome: Outcome, size: int = 240) -> str:
    """What the result says of the failure."""
    if outcome.missing:
        return f"the {code(outcome.name)} tool is not available in this step"
    return clip(outcome.text, size) or "it failed without a message"


def not_done(what: str, outcome: Outcome) -> Answer:
    """The answer when a change did not happen."""
    quoted = said(outcome)
    if outcome.missing:
        reason = f"{code(outcome.name)} could not be called."
        return Answer(f"I did not {what}: {quoted}. Nothing was changed.", 0.6, reason, (f"Ask again to {what}",))
    if refused(outcome):
        text = (
            f"I did not {what}. The call was not carried out, and I leave it at that:\n\n> {quoted}\n\nNothing "
            "was changed."
        )
        others = (f"Ask for it again, to {what}",) if re.search(r"nobody answered|not a no", quoted, re.I) else ()
        return Answer(text, 0.9, "The result says plainly that the call was not carried out.", others)
    text = f"I could not {what}; the call failed:\n\n> {quoted}"
    return Answer(text, 0.75, "The result says that the call failed; I did not look for another way.")


def edited(outcome: Outcome) -> str:
    """A sentence on what ran instead, when the person edited the call; it begins with a blank line."""
    return f"\n\nYou edited the call; what ran was {code(clip(outcome.edited, 200))}." if outcome.edited else ""


def failures(outcomes: Iterable[Outcome]) -> str:
    """A paragraph on reads that failed, or nothing."""
    lines = [f"{code(_target(o))}: {said(o, 160)}" for o in outcomes if not o.ok and _target(o)]
    return "I could not look at everything:\n\n" + bullets(lines) if lines else ""


def lowered(confidence: float, outcomes: Iterable[Outcome]) -> float:
    """`confidence`, lower for each read that failed, never under .3 for that."""
    failed = sum(not outcome.ok for outcome in outcomes if outcome.name in ("read", "glob", "grep", "shell"))
    return round(max(min(confidence, 0.3), confidence - 0.12 * failed), 2)


def _target(outcome: Outcome) -> str:
    for name in ("file_path", "path", "pattern", "command"):
        if value := outcome.arguments.get(name):
            return str(value)
    return ""
