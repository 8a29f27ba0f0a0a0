"""The window, its epochs, and the scratchpad beside it."""

from typing import Literal

from workbench.core.epoch import Epoch
from workbench.core.events.base import Event
from workbench.core.notes import Note
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.window import Window


class WindowMeasured(Event, frozen=True):
    """What the next request holds; not stored, at most twice a second and exactly at step ends."""

    window: Window


class CompactionPlanned(Event, frozen=True):
    """A plan to review; not stored. `automatic` when it is accepted without a dialog."""

    plan: CompactionPlan
    automatic: bool = False


EpochReason = Literal["opened", "compacted", "model", "tools", "resumed"]


class EpochOpened(Event, frozen=True):
    """A new head for the requests to come. `kept` are the entries that stay, thinking stripped."""

    epoch: Epoch
    reason: EpochReason = "opened"
    kept: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    """Tokens, for the marker in the transcript."""
    remark: str = ""
    """`4 decisions, 11 paths kept`."""


class CompactionUndone(Event, frozen=True):
    """The window before the last compaction is back, with all that was said since."""

    epoch: int
    """The number of the epoch that this opens."""


class HandoffDrafted(Event, frozen=True):
    """A handoff document to review; not stored."""

    plan: HandoffPlan


class ScratchpadChanged(Event, frozen=True):
    """An entry of the scratchpad was written, replaced or closed."""

    note: Note
