"""The work so far, as an escalation tells it (seed §5 `_generate_summary`)."""

import msgspec


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person needs to judge where the turn stands."""

    steps: int = 0
    step_budget: int = 0
    tokens: int = 0
    """Tokens the session consumed."""
    cost: float | None = 0.0
    """Dollars; None where the price is unknown."""
    as_if: bool = False
    """True where nobody pays: a rehearsal."""
    notes: tuple[str, ...] = ()
    """Short sentences: files changed, findings, decisions."""
