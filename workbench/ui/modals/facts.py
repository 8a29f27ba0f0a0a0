"""Rows of a label and what there is to say: why it asks, what would happen, the work so far (seed §5)."""

from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workbench.core import figures
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.progress import Progress
from workbench.ui.draw.lines import confidence_line
from workbench.ui.modals.styled import faint, joined, muted, plain, reason

LABEL = 13
"""Cells of the label column: `asks because` and one more."""

URGENCIES = {"low": ("▲", "△△", "low"), "medium": ("▲▲", "△", "normal"), "high": ("▲▲▲", "", "high")}


@dataclass(frozen=True)
class Fact:
    """One row; an empty label continues the row above."""

    label: str
    value: Content


class Facts(Widget):
    """Facts below each other, their values wrapped in a column of their own."""

    def __init__(self, facts: tuple[Fact, ...] = (), **options: str) -> None:
        super().__init__(id=options.get("id"), classes=options.get("classes"))
        self.facts = facts

    def show(self, facts: tuple[Fact, ...]) -> None:
        """Take other facts."""
        self.facts = facts
        self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(laid_out(self.facts, self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(laid_out(self.facts, width))


def laid_out(facts: tuple[Fact, ...], width: int) -> list[Content]:
    """The lines of `facts` at `width` cells."""
    lines: list[Content] = []
    for fact in facts:
        label = muted(fact.label)
        for line in fact.value.wrap(max(8, width - LABEL)):
            lines.append(label + " " * max(0, LABEL - label.cell_length) + line)
            label = Content()
    return lines


def because(request: EscalationRequest) -> Fact:
    """Why it asks, and by which rule."""
    rule = muted("rule ") + plain(request.rule) if request.rule else Content()
    return Fact("asks because", joined([plain(request.because or request.message), rule]))


def outcome(label: str, request: EscalationRequest) -> Fact:
    """Whether it can be undone, and what would happen."""
    match request.reversible:
        case True:
            undo = plain("✓ can be undone", "bold $success")
        case False:
            undo = plain("✗ cannot be undone", "bold $error")
        case _:
            undo = plain("○ not known whether it can be undone", "bold $warning")
    return Fact(label, joined([undo, plain(request.consequence)]))


def urgency(request: EscalationRequest) -> Fact:
    """How much hangs on it."""
    full, empty, word = URGENCIES[request.urgency]
    colour = "$error" if request.urgency == "high" else "$warning"
    return Fact("urgency", plain(full, colour) + faint(empty) + " " + plain(word))


def so_far(progress: Progress) -> Fact:
    """Steps, tokens, money and what was done."""
    of = f" of {progress.step_budget}" if progress.step_budget else ""
    steps = f"{progress.steps}{of} {'step' if progress.steps == 1 and not of else 'steps'}"
    money = figures.dollars(progress.cost) + (" as if" if progress.as_if else "")
    parts = [steps, f"{figures.tokens(progress.tokens)} tokens", money]
    notes = "; ".join(note.strip().rstrip(".") for note in progress.notes if note.strip())
    rows = Content("\n").join([plain(" · ".join(parts)), *([plain(notes)] if notes else [])])
    return Fact("so far", rows)


def confidence(score: Confidence | None, review: float, send: float, cells: int = 24) -> tuple[Fact, ...]:
    """The score on a line of `cells` between the two thresholds, and the agent's doubt in its own words (seed §7)."""
    if score is None:
        return (Fact("confidence", faint("○ unrated")),)
    value = plain(f"{score.value:.2f}", "bold $foreground")
    words = reason(score.reasoning) if score.reasoning.strip() else Content()
    if not cells:
        return (Fact("confidence", joined([value, words], "  ")),)
    drawn = value + "  " + confidence_line(score.value, cells, review, send, route_of(score.value, review, send))
    verdict = consequence_of(score.value, review, send)
    if not verdict:
        return (Fact("confidence", joined([drawn, words], "  ")),)
    rows = (Fact("confidence", drawn + "  " + muted(verdict)),)
    return (*rows, Fact("", words)) if words else rows


def route_of(value: float, review: float, send: float) -> Route:
    """Which of the three ways the score leads."""
    if value < review:
        return "asked"
    return "review" if value < send else "sent"


def consequence_of(value: float, review: float, send: float) -> str:
    """What the score leads to, or empty where it needs nobody."""
    if value < review:
        return f"below {_threshold(review)}: it asks instead of acting"
    return f"below {_threshold(send)}: for you to review" if value < send else ""


def _threshold(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")
