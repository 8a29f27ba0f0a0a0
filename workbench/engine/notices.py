"""Facts that change, as the model is told of them: each once, and again in an epoch only when it changed.

    RequestSent.notice ─▶ what it was told
    EpochOpened, CompactionUndone ─▶ nothing of that stands any more; after a repair what it kept as it was still does

A fold of the journal, so that a session that was resumed repeats nothing. What was sent stays as it was sent.
"""

from datetime import datetime
from typing import TypeGuard

from workbench.core import events as e
from workbench.core.entries import name_entry
from workbench.core.notes import Scratchpad
from workbench.core.spend import TIER_NAMES, Spend
from workbench.memory import digest

TODAY, MEMORY, BUDGET = "[NOTICE] Today is", "[WORKING MEMORY]", "[BUDGET]"
"""How each fact begins."""


class Notices:
    """What the model was told in this epoch."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        """The last words of each fact, by how it begins."""
        self._memory: Scratchpad | None = None
        self._where: dict[str, set[str]] = {}
        """The entries of the window that say each fact; working memory stands in several, each with its news."""

    def apply(self, seq: int, event: e.RequestSent | e.EpochOpened | e.CompactionUndone, pad: Scratchpad) -> None:
        """Fold event number `seq` in; `pad` is the scratchpad as it was then."""
        if not isinstance(event, e.RequestSent):
            stays = set(event.kept) - event.replaced.keys() if _is_repair(event) else set()
            for begins in [each for each, where in self._where.items() if not where <= stays]:
                self._forget(begins)
            return
        for fact in event.notice.split("\n\n") if event.notice else ():
            if fact.startswith(MEMORY):
                self._memory = pad
                self._where.setdefault(MEMORY, set()).add(name_entry(seq))
            elif begins := next((each for each in (TODAY, BUDGET) if fact.startswith(each)), ""):
                self._said[begins], self._where[begins] = fact, {name_entry(seq)}

    def write(self, now: float, pad: Scratchpad, spend: Spend) -> str:
        """Date, working memory and budget, as far as they are news; empty where nothing changed."""
        facts = {TODAY: f"{TODAY} {datetime.fromtimestamp(now).date().isoformat()}."}
        if spend.tier > 1:
            share = f"{spend.share:.0%} of the budget is spent"
            facts[BUDGET] = f"{BUDGET} Tier {TIER_NAMES[spend.tier]}: {share}. Be brief."
        news = [fact for begins, fact in facts.items() if self._said.get(begins) != fact]
        if memory := digest(pad, self._memory):
            news.append(f"{MEMORY}\n{memory}")
        return "\n\n".join(news)

    def _forget(self, begins: str) -> None:
        self._where.pop(begins)
        self._said.pop(begins, None)
        if begins == MEMORY:
            self._memory = None


def _is_repair(event: e.EpochOpened | e.CompactionUndone) -> TypeGuard[e.EpochOpened]:
    return isinstance(event, e.EpochOpened) and event.reason == "repaired"
