"""The window, its epochs, and the scratchpad beside it."""

from typing import Literal

import msgspec

from workbench.core.events.base import Event
from workbench.core.models import TokenRatio
from workbench.core.notes import Note
from workbench.core.plans import Checked, CompactionPlan, HandoffPlan
from workbench.core.window import Document, Epoch, Mark, Replacement, Window


class WindowMeasured(Event, frozen=True):
    """What the next request holds; not stored, at most twice a second and exactly at step ends."""

    window: Window


class PromptCounted(Event, frozen=True):
    """What the next prompt holds by the endpoint's own count: asked for want of room, or named in a refusal."""

    tokens: int


class RatiosRecalled(Event, frozen=True):
    """What other sessions learnt of a model's tokens, by content class: this one estimates with it from here on."""

    model: str
    ratios: dict[str, TokenRatio]


class CompactionPlanned(Event, frozen=True):
    """A plan to review; not stored. `automatic` when it is accepted without a dialog."""

    plan: CompactionPlan
    automatic: bool = False


EpochReason = Literal["opened", "compacted", "model", "tools", "resumed", "repaired"]


class EpochOpened(Event, frozen=True):
    """A new head for the requests to come, and the entries that stand after it, thinking stripped.

    `kept` and `replaced` describe the window whole: a kept entry says what `replaced` has for its id, and else what it
    said when it was journalled. An entry that had left comes back by being kept, and one that was masked speaks again
    by being kept without a replacement.
    """

    epoch: Epoch
    reason: EpochReason = "opened"
    kept: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    """Tokens, for the marker in the transcript."""
    remark: str = ""
    """`4 decisions, 11 paths kept`."""
    replaced: dict[str, Replacement] = msgspec.field(default_factory=dict)
    """By the entry's id."""


class CompactionUndone(Event, frozen=True):
    """The window before the last compaction is back, with all that was said since."""

    epoch: int
    """The number of the epoch that this opens."""


class CompactionProbed(Event, frozen=True):
    """What the window of an epoch still answers of the facts that left it."""

    epoch: int
    by: Literal["code", "model"]
    scores: tuple[Checked, ...]
    """By kind; of what is missing only a few are named."""


class HandoffDrafted(Event, frozen=True):
    """A handoff document to review; not stored."""

    plan: HandoffPlan


class ScratchpadChanged(Event, frozen=True):
    """An entry of the scratchpad was written, replaced or closed."""

    note: Note


class BlockMarked(Event, frozen=True):
    """What is to become of a block at the next compaction; the last word on it counts."""

    id: str
    """As in the window."""
    mark: Mark = ""
    """Empty where it is a block like any other again."""


class BlockLifted(Event, frozen=True):
    """The block is said again in the next request, where it is heard best; `text` is what is said."""

    id: str
    text: str
    tokens: int
    content_class: str = ""


class DocumentAttached(Event, frozen=True):
    """A reference document is said in the next request, and joins the memory with the next compaction."""

    document: Document


class FindingTold(Event, frozen=True):
    """The person was told of something that wastes the window, and is not told of it again."""

    kind: str
    """As in `core.inspection`."""
    ids: tuple[str, ...] = ()
    """The blocks that it names."""


class DocumentChunked(Event, frozen=True):
    """A document was cut into overlapping pieces for analysis (seed §2 C). Sizes in tokens."""

    name: str
    chunks: int
    tokens: int
    overlap: int
