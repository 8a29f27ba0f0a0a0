"""The figures in words, all in one place: the window by section, cost, confidence, what runs and what waits."""

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from workbench.core import figures
from workbench.core.decisions import choose_route
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, count, faint, flatten, muted, plain, write_cost
from workbench.ui.modals.cost import list_costs
from workbench.ui.modals.dialog import SCROLL, Dialog
from workbench.ui.modals.facts import Fact, lay_out, tell_facts
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine
from workbench.ui.state import TurnEnd, UiState

BACK = ScreenCommand("back", "escape,enter", "back", "Go back")
ROUTES = {"sent": "sent", "review": "for your review", "asked": "it asks instead of acting"}


class StatusModal(Dialog[None]):
    """What the meters show, as it is at this moment; it asks nothing and nothing of it is sent."""

    OFFERS = (SCROLL, BACK)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._facts = list_status(state)
        self._at = figures.date(state.clock.now(), "%H:%M:%S")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help"):
            yield TitleLine(bold("Status"), muted(f"at {self._at}"))
            with VerticalScroll(id="table"):
                yield Picture(lambda width: lay_out(self._facts, width), lambda: tell_facts(self._facts))
            yield KeyLine((SCROLL, BACK), id="keys")

    def on_mount(self) -> None:
        self.query_one("#table").focus()

    def fit(self, width: int, height: int) -> None:
        """The figures scroll; title and keys stay."""
        self.query_one("#table").styles.max_height = max(1, height - self.edges)


def list_status(state: UiState) -> tuple[Fact, ...]:
    """What happens first, then what is left, then of what the window is made."""
    return (
        *_list_running(state),
        _explain_confidence(state),
        *_list_window(state),
        _explain_turn(state),
        *list_costs(state.spend),
    )


def _list_running(state: UiState) -> list[Fact]:
    steps = f", step {state.step} of {max(state.steps_budget, state.step)}" if state.step else ""
    doing = f"{flatten(state.activity) or 'working'}{steps}" if state.running else "nothing runs"
    rows = [Fact("now", plain(doing))]
    if state.running:
        took = figures.clock(max(0.0, state.clock.now() - state.started_at))
        rows.append(Fact("", plain(f"turn {state.turn}, begun {took} ago")))
    label = "waits for you"
    for request in state.escalations:
        rows.append(Fact(label, plain(flatten(request.message))))
        label = ""
    label = "queue"
    for place, prompt in enumerate(state.queued, 1):
        rows.append(Fact(label, plain(f"{place}. {flatten(prompt)}")))
        label = ""
    return rows if state.queued else [*rows, Fact("queue", faint("empty"))]


def _explain_confidence(state: UiState) -> Fact:
    """How sure the last answer was, and what that meant for it."""
    if state.confidence is None:
        return Fact("confidence", faint("unrated"))
    score, options = state.confidence.value, state.options
    route = choose_route(score, options.confidence_review, options.confidence_send)
    return Fact("confidence", bold(figures.score(score)) + plain(f", {ROUTES[state.route or route]}"))


def _list_window(state: UiState) -> list[Fact]:
    window = state.window
    if window is None:
        return [Fact("window", faint("not measured yet"))]
    about = "" if window.exact else "≈"
    of = f"{about}{figures.tokens(window.total)}", f" of {figures.tokens(window.size)} tokens, "
    rows = [Fact("window", bold(of[0]) + plain(f"{of[1]}{figures.percent(window.share)}"))]
    if window.size_reason:
        rows.append(Fact("", muted(window.size_reason)))
    for section in window.sections:
        if section.tokens:
            share = figures.percent(section.tokens / window.total if window.total else 0.0)
            rows.append(Fact("", plain(f"{section.name} {figures.tokens(section.tokens)}, {share} of it")))
    rows.append(Fact("", plain(f"{figures.tokens(window.reserved)} are kept for the reply")))
    rows.append(Fact("", plain(f"compaction is due from {figures.tokens(window.trigger)}")))
    cold = f", until {figures.date(window.cold_at, '%H:%M')}" if window.cold_at is not None else ""
    return [*rows, Fact("cached", plain(f"{figures.tokens(window.cached)} tokens{cold}"))]


def _explain_turn(state: UiState) -> Fact:
    """What the last turn that ended took."""
    ended = next((entry for entry in reversed(state.entries) if isinstance(entry, TurnEnd)), None)
    if ended is None:
        return Fact("last turn", faint("none has ended yet"))
    return Fact("last turn", bold(write_cost(ended.cost, ended.as_if)) + plain(f", {count(ended.steps, 'step')}"))
