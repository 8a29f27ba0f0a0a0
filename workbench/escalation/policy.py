"""When to ask, as settings fill it, and what the gate says to a proposed call: run, deny, or ask."""

import msgspec

from workbench.core.decisions import Reason, Urgency
from workbench.escalation.always import COMMAND_FORMS, SEED_ACTIONS


class EscalationPolicy(msgspec.Struct, frozen=True):
    """When the agent stops to ask (seed §5)."""

    confidence_act: float = 0.7
    """An action rated below this asks; 0.0 to 1.0."""
    steps_budget: int = 15
    """Steps of a turn after which it asks before going on."""
    expires_s: float = 600.0
    """Seconds after which a question counts as unanswered."""
    quiet_s: float = 0.4
    """Seconds without a key before a question opens."""
    always: tuple[str, ...] = (*SEED_ACTIONS, *COMMAND_FORMS)
    """Tools and command forms that ask whatever was allowed (see `always`)."""
    ask: tuple[str, ...] = ()
    """Rules that ask, such as `shell(git push*)`."""
    allow: tuple[str, ...] = ()
    """Rules that let run what would ask."""
    deny: tuple[str, ...] = ()
    """Rules that refuse; nothing overrides them."""


class Allow(msgspec.Struct, frozen=True):
    """It may happen. `rule` names what allows it."""

    rule: str = ""


class Deny(msgspec.Struct, frozen=True):
    """It must not happen; the model reads `text`."""

    text: str
    rule: str


class Ask(msgspec.Struct, frozen=True):
    """A person decides. The fields are those of `EscalationRequest`; `segment` goes into the preview."""

    reason: Reason
    urgency: Urgency
    message: str
    because: str
    rule: str
    consequence: str = ""
    reversible: bool | None = None
    session_scope: str = ""
    not_offered: str = ""
    segment: str = ""
    """The exact command of a shell line that asks."""


Decision = Allow | Deny | Ask
