"""What was spent: the session's and the day's budgets, a typical turn, and what the cache saved (seed §8 and §9)."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from workbench.core import figures
from workbench.core.spend import BudgetName, Spend
from workbench.ui.answering import find_answering
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.bar import write_amounts
from workbench.ui.draw.text import bold, count, faint, muted, plain
from workbench.ui.modals.dialog import Dialog
from workbench.ui.modals.facts import Fact, lay_out, tell_facts
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine
from workbench.ui.state import UiState

BACK = ScreenCommand("back", "escape,enter", "back", "Go back")


class CostModal(Dialog[None]):
    """The spend ledger in words; it asks nothing."""

    OFFERS = (BACK,)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm"):
            who = figures.visible(find_answering(self._state)[0])
            yield TitleLine(bold("What it costs"), muted(who))
            rows = list_costs(self._state.spend)
            yield Picture(lambda width: lay_out(rows, width), lambda: tell_facts(rows), id="consequence")
            yield KeyLine((BACK,), id="keys")


def list_costs(spend: Spend) -> tuple[Fact, ...]:
    """The rows: each budget, what a turn takes, and the cache."""
    if not spend.is_read:
        return (Fact("session", faint("nothing is spent yet; the budgets stand here from the first prompt on")),)
    own = "a rehearsal, not paid" if spend.as_if else ""
    rows = [Fact("session", _write_budget(spend, "session_usd", own)), Fact("", _write_budget(spend, "session_tokens"))]
    if spend.as_if:
        rows.append(Fact("today", faint("a rehearsal does not count")))
    else:
        rows += [Fact("today", _write_budget(spend, "day_usd")), Fact("", _write_budget(spend, "day_tokens"))]
    rows += [
        Fact("a turn", _write_turn(spend)),
        Fact("cache", _write_cache(spend)),
        Fact("tier", plain(f"{spend.tier_name}: {figures.percent(spend.share)} of the fullest budget is used")),
    ]
    if not spend.priced:
        rows.append(Fact("price", plain("not known for this model: the token budgets rule", "$warning")))
    return tuple(rows)


def _write_budget(spend: Spend, budget: BudgetName, aside: str = "") -> Content:
    used, limit = write_amounts(spend, budget)
    unit = " tokens" if budget.endswith("tokens") else ""
    said = bold(used) + plain(f" of {limit}{unit}")
    return said + muted(f"  {aside}") if aside else said


def _write_cache(spend: Spend) -> Content:
    read = plain(f"{figures.percent(spend.cached_share)} of all that was sent was read from it")
    if not spend.priced or abs(spend.saved_usd) < 0.005:
        return read
    more = "less" if spend.saved_usd > 0 else "more"
    return read + muted(f"; it cost {figures.dollars(abs(spend.saved_usd))} {more} than without")


def _write_turn(spend: Spend) -> Content:
    left = spend.turns_left(spend.fullest)
    if left is None:
        return faint("none has ended yet")
    money = f"{figures.dollars(spend.turn_usd)}, " if spend.priced else ""
    return plain(f"typically {money}{figures.tokens(spend.turn_tokens)} tokens; {count(left, 'turn')} left")
