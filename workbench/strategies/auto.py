"""Chooses the strategy: masking where that alone makes the room that is lacking, else a summary."""

import msgspec

from workbench.core.ports import TextModel
from workbench.strategies.mask import LINE, Mask
from workbench.strategies.strategy import CompactionPolicy, Draft, Strategy, WindowView, is_thinking
from workbench.strategies.summarise import ROOM, Summarise


class Auto:
    """Masks a window that is fuller than the best share of its trigger, if that brings it below; else it summarises.

    A window that has room anyway is compacted because the person wants it short: it is summarised.
    """

    name = "auto"
    title = "auto"
    help = "Masks old tool results where that alone makes enough room, else summarises."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """The draft of the strategy that it chose, which it names."""
        enough, total = ROOM[0] * view.window.trigger, sum(view.tokens.values())
        masked = await Mask().plan(view, model, policy)
        thinking = sum(view.tokens[entry.id] for entry in view.entries if is_thinking(entry))
        after = total - thinking - sum(view.tokens[id] - LINE for id in masked.fates)
        if masked.fates and after <= enough < total:
            why = "Masking alone makes enough room, and costs no request."
            return msgspec.structs.replace(masked, strategy=Mask.name, why=why)
        return msgspec.structs.replace(await Summarise().plan(view, model, policy), strategy=Summarise.name)


STRATEGY: Strategy = Auto()
