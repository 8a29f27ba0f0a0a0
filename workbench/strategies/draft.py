"""A compaction before its summary is written, and the policy that shapes it (seed §2A)."""

import msgspec

from workbench.core.conversation import Entry
from workbench.core.plans import PlanLine

TOKENS_A_SUMMARY_TOKEN = 20
"""What leaves, for each token of its summary, between the policy's limits."""


class CompactionPolicy(msgspec.Struct, frozen=True):
    """What compacts, how much stays word for word, and how long a summary may be."""

    keep_last: int = 10
    """Messages that stay as they are."""
    summary_min: int = 500
    """Tokens that a summary may always have."""
    summary_max: int = 2_000
    """Tokens of the longest summary."""
    evidence_max: int = 2_000
    """Tokens of the longest evidence index."""
    strategy: str = "auto"
    """What compacts where no strategy is named."""

    def summary_tokens(self, leaving: int) -> int:
        """The summary's limit, by the tokens that it replaces."""
        return max(self.summary_min, min(self.summary_max, leaving // TOKENS_A_SUMMARY_TOKEN))


class Draft(msgspec.Struct, frozen=True):
    """What stays and what leaves, with the request for the summary."""

    lines: tuple[PlanLine, ...]
    """What happens to each block of the window; their tokens sum to `before`."""
    leaving: tuple[Entry, ...]
    """Entries that leave the window, summarised or dropped, in order."""
    prompt: str
    """Asks for the summary, the history to summarise in it."""
    max_tokens: int
    """Of the summary."""
    evidence_tokens: int
    """Of the evidence index."""
    before: int
    """Tokens of the window."""
    earlier: str = ""
    """The open epoch's own summary and evidence index, which this replaces."""
    request: str = ""
    """The person's last request; it stays word for word."""
    why: str = ""
    strategy: str = "summarise"

    @property
    def kept(self) -> tuple[str, ...]:
        """Ids of the entries that stay, grouped by line."""
        return tuple(id for line in self.lines if line.fate == "kept" for id in line.ids)
