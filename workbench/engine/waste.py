"""What wastes a session's window: found, priced, and now and then told (seed §1).

The notice is rare: at the end of a turn at most one, for what frees a good part of the window, and of each block and of
each kind in an epoch once. That it was told is journalled, so that a session that goes on later does not say it again.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from workbench.core import events as e
from workbench.core.figures import tokens as about
from workbench.core.inspection import Finding
from workbench.core.ports import Prices
from workbench.core.spend import Usage
from workbench.core.window import Window
from workbench.engine.session import Session

if TYPE_CHECKING:
    from workbench.context.findings import WasteFinder

WORTH = 0.1
"""Of the window's size, what a finding must free to be told unasked."""
SLICE = 200
"""Entries that are read before others have their turn."""
WAYS = {"compact": "/compact"}
"""What opens the remedy, where it is not the window inspector, in which blocks are marked."""


_finders: "WeakKeyDictionary[Session, WasteFinder]" = WeakKeyDictionary()
"""What was read of each session, so that it is read once; it goes with the session."""


def find_waste(session: Session, prices: Prices, window: Window | None = None) -> tuple[Finding, ...]:
    """What wastes the window, those that free most first; `window` has its blocks where it is measured already."""
    measured = window or session.list_blocks()
    return _find_finder(session).find(measured, session.conversation, price_tokens(session, prices))


def price_tokens(session: Session, prices: Prices) -> Callable[[int], float | None]:
    """What so many tokens cost each turn from here on, in one request of it.

    Read from the cache where the last request used it, else as new; at the price of the window as large as it is.
    """
    window = session.window()
    total = max(1, window.total)
    usage = Usage(cache_read_input_tokens=total) if window.cached else Usage(input_tokens=total)
    cost = prices.cost(session.summary.model, usage)
    return lambda tokens: None if cost is None else cost * tokens / total


async def tell_waste(session: Session, prices: Prices) -> None:
    """Tell the largest finding that is worth it and new. Cheap: it reads what came since, a slice at a time."""
    window = session.window()
    least = WORTH * window.size
    talked = sum(section.tokens for section in window.sections if section.name not in ("tools", "system", "memory"))
    if talked < least or session.root is not session:
        return
    for _ in _find_finder(session).follow(session.conversation, SLICE):
        await asyncio.sleep(0)
    worth = (each for each in find_waste(session, prices) if each.tokens >= least and each.remedy != "none")
    if found := _find_new(worth, session):
        session.emit_anyway(e.FindingTold(found.kind, found.ids))
        # The way comes first: a line of the screen may have no room for all of the rest.
        way = WAYS.get(found.remedy, "/window")
        session.emit(e.Noticed(f"{way} can free {about(found.tokens)} tokens: {found.text}"))


def _find_finder(session: Session) -> "WasteFinder":
    from workbench.context.findings import WasteFinder

    return _finders.setdefault(session, WasteFinder())


def _find_new(findings: Iterable[Finding], session: Session) -> Finding | None:
    ids: set[str] = set()
    kinds: set[str] = set()
    """Told in this epoch."""
    for stamped in session.events:
        match stamped.event:
            case e.EpochOpened():
                kinds.clear()
            case e.FindingTold(kind=kind, ids=named):
                kinds.add(kind)
                ids.update(named)
    return next((each for each in findings if each.kind not in kinds and ids.isdisjoint(each.ids)), None)
