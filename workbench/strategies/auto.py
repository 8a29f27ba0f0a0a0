"""Chooses the strategy: masking where that alone makes the room that is lacking, else a summary; with the prices."""

from collections.abc import Mapping
from itertools import takewhile

import msgspec

from workbench.core import figures
from workbench.core.entries import is_thinking
from workbench.core.ports import TextModel
from workbench.strategies.mask import LINE, Mask
from workbench.strategies.strategy import BlockFate, CompactionPolicy, Draft, Strategy, WindowView
from workbench.strategies.summarise import ROOM, Summarise, choose_fates, find_tail


class Forecast(msgspec.Struct, frozen=True):
    """What one way frees and costs, estimated before anything is written."""

    before: int
    after: int
    rewritten: int
    """Tokens behind the first change, which the next request writes to the cache again."""
    usd: float | None
    """Dollars: the rewritten cache, and the summary's own request."""

    @property
    def frees(self) -> int:
        """Tokens."""
        return max(0, self.before - self.after)

    def tell(self) -> str:
        """`42k for $0.12 (88k behind it are written to the cache again)`."""
        price = figures.dollars(self.usd) if self.usd is not None else "an unknown price"
        return f"{figures.tokens(self.frees)} for {price} ({figures.tokens(self.rewritten)} written to the cache again)"


class Auto:
    """Masks a window that is fuller than the best share of its trigger, if that brings it below; else it summarises.

    A window that has room anyway is compacted because the person wants it short: it is summarised.
    """

    name = "auto"
    title = "auto"
    help = "Masks old tool results where that alone makes enough room, else summarises; says what both would cost."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """The draft of the strategy that it chose, which it names."""
        enough, total = ROOM[0] * view.window.trigger, sum(view.tokens.values())
        masked = await Mask().plan(view, model, policy)
        mask = weigh(view, masked.fates, LINE * len(masked.fates), 0)
        if masked.fates and mask.after <= enough < total:
            fates = choose_fates(view, find_tail(view, policy), policy)
            summary = weigh(view, fates, *_size_summary(view, fates, policy))
            why = (
                f"Masking frees {mask.tell()}, which makes enough room; a summary would free {summary.tell()}, and cost"
                " a request."
            )
            return msgspec.structs.replace(masked, strategy=Mask.name, why=why)
        drafted = await Summarise().plan(view, model, policy)
        if not drafted.fates:
            return msgspec.structs.replace(drafted, strategy=Summarise.name)
        summary = weigh(view, drafted.fates, *_size_summary(view, drafted.fates, policy))
        if masked.fates and total > enough:
            why = f"Masking would free only {mask.tell()}; a summary frees {summary.tell()}."
        else:
            why = f"A summary frees {summary.tell()}."
        return msgspec.structs.replace(drafted, strategy=Summarise.name, why=f"{drafted.why} {why}".strip())


def weigh(view: WindowView, fates: Mapping[str, BlockFate], stays: int, written: int) -> Forecast:
    """What `fates` free and cost; `stays` tokens come in their place, of which `written` are a new summary."""
    before = sum(view.tokens.values())
    thinking = {entry.id for entry in view.entries if is_thinking(entry)}
    gone = thinking | {id for id, fate in fates.items() if fate.fate != "kept"}
    if written:
        gone.add("summary")
    after = before - sum(view.tokens.get(id, 0) for id in gone) + stays
    front = sum(block.tokens for block in takewhile(lambda block: block.cached and block.id not in gone, view.blocks))
    cost, _, _ = view.economics(before, after, written, front)
    return Forecast(before, after, max(0, after - front), cost)


def _size_summary(view: WindowView, fates: Mapping[str, BlockFate], policy: CompactionPolicy) -> tuple[int, int]:
    """Tokens of summary and index that would stand for what `fates` remove, at most; the first is all of it."""
    gone = sum(view.tokens.get(id, 0) for id in fates)
    removed = gone + sum(entry.tokens for entry in view.left.values())
    size = policy.summary_tokens(gone) + policy.evidence_tokens(removed, view.window.trigger)
    return size, size


STRATEGY: Strategy = Auto()
