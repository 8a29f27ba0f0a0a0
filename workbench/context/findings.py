"""What wastes the window, found by code and priced (seed §1): what it says it frees is what its remedy frees.

    entries ─▶ mentions, duplicates (each entry once) ─┐
    window, proposals, tools of the epoch ─────────────┴▶ findings, those that free most first

A block stands in one finding at most, so all of them together never free more than the window holds. What a person
marked is settled, and what came just now may still be needed: neither is waste.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from workbench.context.duplicates import Duplicates
from workbench.context.mentions import Mentions
from workbench.context.suspects import Suspect, Suspects
from workbench.core.conversation import Conversation
from workbench.core.encoding import encode
from workbench.core.entries import Entry
from workbench.core.inspection import Finding, FindingKind
from workbench.core.window import Epoch, Window

UsdATurn = Callable[[int], float | None]
"""What so many tokens of the window cost each turn from here on; None where the price is unknown."""
MOST_OF_A_KIND = 5
"""Findings of one kind that stand by themselves, the largest; those below are told together."""
TOGETHER: dict[FindingKind, str] = {
    "never used": "{count} smaller results ({turns}): nothing that was said since names them.",
    "read twice": "{count} smaller reads ({turns}) of files that were read again later.",
    "changed since": "{count} smaller reads ({turns}) of files that were changed later.",
    "near duplicate": "{count} smaller blocks ({turns}) that say almost the same as later ones.",
}


def find_waste(window: Window, conversation: Conversation, price: UsdATurn = lambda _: None) -> tuple[Finding, ...]:
    """What wastes `window`, which is measured block by block, those that free most first."""
    return WasteFinder().find(window, conversation, price)


class WasteFinder:
    """Finds waste again and again in one session: what it once read of an entry it does not read again."""

    def __init__(self) -> None:
        self._epoch: Epoch | None = None
        self._entries: Sequence[Entry] = ()
        self._count = 0
        """Entries that were read."""
        self._mentions, self._duplicates = Mentions(), Duplicates()

    def follow(self, conversation: Conversation, size: int | None = None) -> Iterator[None]:
        """Read the entries that came since, and pause after each `size` of them."""
        if self._entries is not conversation.entries or self._epoch is not conversation.epoch:
            self._epoch, self._entries, self._count = conversation.epoch, conversation.entries, 0
            self._mentions, self._duplicates = Mentions(_list_head(conversation.epoch)), Duplicates()
        while fresh := self._entries[self._count : None if size is None else self._count + size]:
            for entry in fresh:
                self._mentions.add(entry, conversation.proposals)
                self._duplicates.add(entry)
            self._count += len(fresh)
            yield

    def find(self, window: Window, conversation: Conversation, price: UsdATurn = lambda _: None) -> tuple[Finding, ...]:
        """What wastes `window`, at the cost of what came since it was asked last, and of a look at each block."""
        list(self.follow(conversation))
        suspects = Suspects(window, conversation, self._mentions, self._duplicates)
        found = sorted(_tell(suspects.find()), key=lambda each: -each.tokens)
        return tuple(msgspec.structs.replace(each, usd_a_turn=price(each.tokens)) for each in found)


def _list_head(epoch: Epoch | None) -> Iterable[str]:
    """The texts that stood before the conversation; what was summarised or pinned comes from it."""
    if epoch is None:
        return
    yield epoch.system
    yield from (document.text for document in epoch.memory if document.kind == "instructions")
    yield from (encode(tool.definition).decode() for tool in epoch.tools)


def _tell(suspects: Iterable[Suspect]) -> Iterable[Finding]:
    """A finding for each of the largest of a kind, and one for the rest of it."""
    ordered = sorted(suspects, key=lambda each: (each.kind, each.remedy, -each.tokens))
    for (kind, remedy), members in groupby(ordered, key=lambda each: (each.kind, each.remedy)):
        largest = list(members)
        rest = largest[MOST_OF_A_KIND:] if kind in TOGETHER and len(largest) > MOST_OF_A_KIND + 1 else []
        for each in largest[: len(largest) - len(rest)]:
            yield Finding(kind, each.text, each.ids, each.tokens, None, remedy)
        if rest:
            text = TOGETHER[kind].format(count=len(rest), turns=_name_turns(rest))
            ids = tuple(id for each in rest for id in each.ids)
            yield Finding(kind, text, ids, sum(each.tokens for each in rest), None, remedy)


def _name_turns(suspects: Sequence[Suspect]) -> str:
    """`turn 6` or `turns 1–6`."""
    turns = sorted({each.turn for each in suspects})
    return f"turn {turns[0]}" if len(turns) == 1 else f"turns {turns[0]}–{turns[-1]}"
