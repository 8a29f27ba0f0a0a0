"""What the gate says to a proposed call: run, deny, or ask."""

import msgspec

from workbench.core.decisions import Reason, Urgency


class Run(msgspec.Struct, frozen=True):
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


Decision = Run | Deny | Ask
