"""A session: how it began and went on, what it gave to children (seed §6), and what it spent (seed §9)."""

from typing import Any, Literal

from workbench.core.events.base import Event
from workbench.core.spend import Spend, Usage


class SessionOpened(Event, frozen=True):
    """A session began. `parent` is the session that handed off to it.

    A child session, which does a part of another's work, names the outermost one in `root` and its part in `role`.
    """

    title: str
    workspace: str
    provider: str
    model: str
    as_if: bool = False
    """True for a rehearsal: its money is as if."""
    user: str = ""
    parent: str = ""
    root: str = ""
    role: str = ""
    """`research`, `review`; what the child does for its root."""


class SessionForked(Event, frozen=True):
    """This session is a copy of the session `source` up to its event `seq`; what follows is its own."""

    source: str
    seq: int


class ConversationRewound(Event, frozen=True):
    """The conversation goes on from the end of turn `turn`; what was said after it left the window."""

    turn: int


class PolicyChanged(Event, frozen=True):
    """A setting has another value for the rest of the session."""

    name: str
    """As in the settings: `confidence.act`."""
    value: Any


class SessionRenamed(Event, frozen=True):
    """The session has another title."""

    title: str


class ModelChosen(Event, frozen=True):
    """From the next prompt on this model of this provider answers; not stored before the session has begun."""

    model: str
    provider: str


class SessionHandedOff(Event, frozen=True):
    """A handoff document was accepted. `to` is the session it went to, empty when it was saved for later."""

    document: str
    tokens: int
    to: str = ""
    path: str = ""
    """The exported Markdown file, relative to the store."""


SubtaskState = Literal["done", "failed", "interrupted", "budget"]


class SubtaskStarted(Event, frozen=True):
    """A child session begins to work on `task`. `call_id` is the call that asked for it, where one did."""

    session: str
    role: str
    task: str
    call_id: str = ""


class SubtaskFinished(Event, frozen=True):
    """The child session ended; `text` is its answer, `usage` and `usd` all that its requests took.

    They are for showing: the ledger counted each request when it settled (`BudgetSettled.child`).
    """

    session: str
    role: str
    state: SubtaskState
    text: str
    usage: Usage = Usage()
    usd: float | None = 0.0
    """Dollars; None where a price was unknown."""
    seconds: float = 0.0


MissReason = Literal[
    "", "cold", "opened", "compacted", "undone", "model", "tools", "resumed", "repaired", "changed", "unknown"
]
"""Why a request read less than the one before it had left: it came too late, the epoch is another one, or its prefix
`changed` within one, which is a fault of ours; `unknown` where nothing of this is the case."""


class CacheReported(Event, frozen=True):
    """What the last request read from and wrote to the prompt cache."""

    read: int
    written: int
    uncached: int
    cold_at: float
    ttl: Literal["5m", "1h"] = "5m"
    """How long its marks asked for."""
    missed: int = 0
    """Tokens that the request before had left there and this one did not read."""
    why: MissReason = ""
    diagnosis: str = ""
    """The server's own word for it, such as `system_changed`; empty where it says nothing."""


class PrefixBroken(Event, frozen=True):
    """A request does not begin with all of the one before it."""

    turn: int
    step: int
    part: str
    """`model`, `tools`, `system` or `messages`: where it differs first."""
    message: int
    block: int
    """Numbers from 0."""
    byte: int
    """The offset in the block's JSON."""
    id: str = ""
    """The entry that stands there now, where it is one."""
    reason: MissReason = "changed"
    """The epoch that began, or `changed` within one."""


class BudgetReserved(Event, frozen=True):
    """Before a request: the window total plus the maximum reply."""

    turn: int
    step: int
    tokens: int
    usd: float | None
    child: str = ""
    """In a root's journal: the child session whose request it is; empty for the session's own."""


class BudgetSettled(Event, frozen=True):
    """After a request: what it really used. Settles the reservation before it."""

    turn: int
    step: int
    model: str
    usage: Usage
    usd: float | None
    as_if: bool = False
    purpose: str = "turn"
    """`turn`, `warm`, `summary`, `handoff`, `title`."""
    child: str = ""
    """In a root's journal: the child session whose request it was; the root's ledger counts it like its own."""
    saved_usd: float | None = None
    """What the same request would have cost more without the cache, below 0 where it only wrote; None is not known."""


class SpendMeasured(Event, frozen=True):
    """A reading of the spend ledger; not stored."""

    spend: Spend


class BudgetRaised(Event, frozen=True):
    """The person allowed more."""

    usd: float | None = None
    tokens: int | None = None
    steps: int | None = None


class LimitLearnt(Event, frozen=True):
    """What is known of a model from here on: its endpoint said so, or refused more. None leaves it as it was."""

    model: str
    window: int | None = None
    """Tokens that a request may hold, its reply included."""
    reply: int | None = None
    """Tokens that a reply may have."""
    reason: str = ""
    """`the endpoint says so`, or the refusal's words."""


class TierChanged(Event, frozen=True):
    """Another tier of graceful degradation: 1 full, 2 thrifty, 3 direct, 4 spent."""

    tier: int
    reason: str
