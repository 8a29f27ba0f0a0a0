"""Rows of a label and what there is to say: why it asks, what would happen, the work so far, the call (seed §5)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from workbench.core import figures
from workbench.core.decisions import Confidence, EscalationRequest, Progress, choose_route
from workbench.core.effects import Effect
from workbench.ui.draw.bar import draw_confidence, write_threshold
from workbench.ui.draw.text import cut_rows, faint, flatten_exactly, join, muted, plain, wrap, write_cost
from workbench.ui.draw.told import lay_told, tell

LABEL = 13
"""Cells of the label column: `asks because` and one more."""

URGENCIES = {"low": ("▲", "△△", "low"), "medium": ("▲▲", "△", "normal"), "high": ("▲▲▲", "", "high")}


@dataclass(frozen=True)
class Fact:
    """One row; an empty label continues the row above."""

    label: str
    value: Content
    told: str = ""
    """What is said instead where the drawn value makes no sentence."""


LONGEST = 4
"""Rows of one fact; what is longer is cut, with a count, until the whole is asked for."""


def lay_out(facts: Sequence[Fact], width: int, key: str = "", *, told: bool = False) -> list[Content]:
    """The lines of `facts` at `width` cells; with a `key` that shows all of it a long one is cut.

    `told`: as sentences, each with its label.
    """
    lines: list[Content] = []
    if told:
        for sentence in tell_facts(facts):
            rows = lay_told([sentence], width)
            lines += cut_rows(rows, LONGEST, key) if key else rows
        return lines
    for fact in facts:
        label = muted(fact.label)
        rows = wrap(fact.value, width - LABEL)
        for line in cut_rows(rows, LONGEST, key) if key else rows:
            lines.append(label + " " * max(0, LABEL - label.cell_length) + line)
            label = Content()
    return lines


def tell_facts(facts: Sequence[Fact]) -> list[str]:
    """`asks because: it rewrites a shared branch`."""
    said, label = [], ""
    for fact in facts:
        label = fact.label or label
        if words := fact.told or tell(fact.value):
            said.append(f"{label}: {words}" if label else words)
    return said


def explain_reason(request: EscalationRequest, *, whole: bool = True) -> Fact:
    """Why it asks: every reason, and by which rule, where there is the room; else the one that weighs most."""
    rule = muted("rule ") + plain(request.rule) if request.rule and whole else Content()
    reasons = [flatten_exactly(reason) for reason in _list_reasons(request)]
    return Fact("asks because", join([plain("; ".join(reasons if whole else reasons[:1])), rule]))


def _list_reasons(request: EscalationRequest) -> list[str]:
    """What weighs most, and then what else the commands of its line are asked about for."""
    line = request.proposal.line if request.proposal else None
    others = [segment.reason for segment in line.open if segment.reason] if line else []
    return list(dict.fromkeys((request.because or request.message, *others)))


def explain_outcome(label: str, request: EscalationRequest) -> Fact:
    """Whether it can be undone, and what would happen."""
    shown = request.proposal.preview if request.proposal else None
    match request.reversible:
        case True:
            undo = plain("✓ can be undone", "bold $success")
        case False:
            undo = plain("✗ cannot be undone", "bold $error")
        case _ if shown and shown.kind == "diff":  # its text stands in the journal, or the file is new
            undo = plain("○ can be undone by hand", "bold $warning")
        case _:
            undo = plain("○ not known whether it can be undone", "bold $warning")
    return Fact(label, join([undo, plain(request.consequence)]))


def explain_urgency(request: EscalationRequest) -> Fact:
    """How much hangs on it."""
    full, empty, word = URGENCIES[request.urgency]
    colour = "$error" if request.urgency == "high" else "$warning"
    return Fact("urgency", plain(full, colour) + faint(empty) + " " + plain(word))


def explain_progress(progress: Progress) -> Fact:
    """Steps, tokens, money and what was done."""
    parts = [
        progress.write_steps(),
        f"{figures.tokens(progress.tokens)} tokens",
        write_cost(progress.cost, progress.as_if),
    ]
    notes = ", ".join(note.strip().rstrip(".") for note in progress.notes if note.strip())
    return Fact("so far", plain(" · ".join([*parts, *([notes] if notes else [])])))


def explain_confidence(score: Confidence | None, review: float, send: float, cells: int = 24) -> tuple[Fact, ...]:
    """The score on a line of `cells` between the two thresholds, and the agent's doubt in its own words (seed §7)."""
    if score is None:
        return (Fact("confidence", faint("○ unrated")),)
    route = choose_route(score.value, review, send)
    drawn = plain(figures.score(score.value), "bold $foreground")
    words = plain(f"“{score.reasoning.strip()}”", "italic") if score.reasoning.strip() else Content()
    if cells:
        drawn += "  " + draw_confidence(score.value, cells, review, send, route)
    if not cells or route == "sent":
        return (Fact("confidence", join([drawn, words], "  ")),)
    limit, leads = (review, "it asks instead of acting") if route == "asked" else (send, "for you to review")
    row = Fact("confidence", drawn + "  " + muted(f"below {write_threshold(limit)}: {leads}"))
    return (row, Fact("", words)) if words else (row,)


def list_details(request: EscalationRequest) -> tuple[Fact, ...]:
    """Rows for tool, trigger, effects, arguments and what you asked."""
    rows = [Fact("asked by", plain(f"{request.reason} trigger"))]
    if request.question:
        rows.append(Fact("you asked", plain(f"“{request.question}”")))
    proposal = request.proposal
    if proposal is None:
        return tuple(rows)
    rows.insert(0, Fact("tool", join([plain(proposal.tool, "$info"), muted(proposal.call_id)], "  ")))
    label = "effects"
    for effect in proposal.effects:
        targets = plain(", ".join(map(figures.name, effect.targets)))
        rows.append(Fact(label, join([plain(effect.kind), targets, muted(_remark(effect))])))
        label = ""
    drawn = plain(json.dumps(proposal.arguments, indent=2, ensure_ascii=False))
    rows.append(Fact("arguments", drawn, _tell_arguments(proposal.arguments)))
    return tuple(rows)


def _tell_arguments(arguments: Mapping[str, object]) -> str:
    """`command: git push, timeout: 5`; what is more than words as it is written."""
    pairs = ((key, value if isinstance(value, str) else json.dumps(value)) for key, value in arguments.items())
    return ", ".join(f"{figures.visible(key)}: {figures.visible(value)}" for key, value in pairs) or "none"


def _remark(effect: Effect) -> str:
    remarks = ["outside the workspace"] if effect.outside else []
    remarks += ["a place for secrets"] if effect.secret else []
    remarks += [] if effect.reversible else ["cannot be undone"]
    return ", ".join(remarks)
