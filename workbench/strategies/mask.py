"""The cheapest strategy (seed §2): old tool results become one line each, with id and size; no model is asked."""

from workbench.core import figures
from workbench.core.entries import Entry
from workbench.core.messages import ToolResult, ToolUse
from workbench.core.ports import TextModel
from workbench.strategies.cut import find_cut
from workbench.strategies.strategy import BlockFate, CompactionPolicy, Draft, Strategy, WindowView, shorten

LEAST = 200
"""Tokens from which a result is worth a line in its place."""
LINE = 50
"""Tokens that such a line takes, at most about."""
SUBJECT = 80
"""Characters of what a call was about."""


class Mask:
    """Masks results that are older than the kept tail, large enough, not pinned and not of the running turn."""

    name = "mask"
    title = "mask"
    help = "Old tool results become one line each; every word that was said stays, and no model is asked."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """Nothing where no old result is large enough. The earlier summary stays as it is."""
        fates = {}
        for entry in view.entries[: find_cut(view.entries, policy.keep_last)]:
            part, tokens = entry.part, view.tokens[entry.id]
            if not isinstance(part, ToolResult) or tokens < LEAST or entry.content:
                continue
            if entry.id not in view.pinned and entry.turn != view.running:
                fates[entry.id] = mask_result(view, entry, part)
        return Draft(fates)


def mask_result(view: WindowView, entry: Entry, result: ToolResult) -> BlockFate:
    """A line in the place of `entry`, which holds `result`: what it was, how large, and how `recall` brings it back."""
    return BlockFate("masked", "old result", ToolResult(result.tool_use_id, _line(view, entry, result), result.error))


def _line(view: WindowView, entry: Entry, result: ToolResult) -> str:
    """`[read src/app.py: 2.1k tokens left the window; recall("e12") brings it back]`."""
    proposal = view.proposals.get(result.tool_use_id)
    calls = (e.part.name for e in view.entries if isinstance(e.part, ToolUse) and e.part.id == result.tool_use_id)
    name = next(calls, "a call") if proposal is None else ""
    about = shorten(f"{proposal.verb or proposal.tool} {proposal.subject}" if proposal else name, SUBJECT)
    media = sorted({media.kind for media in result.media})
    with_media = f" with {', '.join(media)}" if media else ""
    size = figures.tokens(view.tokens[entry.id])
    return f'[{about}: {size} tokens{with_media} left the window; recall("{entry.id}") brings it back]'


STRATEGY: Strategy = Mask()
