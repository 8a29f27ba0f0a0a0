"""A limit is reached: the step budget, or the money and tokens (seed §5 and §9)."""

import msgspec
from textual.content import Content

from workbench.core import figures
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.spend import Spend
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.meters import write_amounts
from workbench.ui.draw.text import bold, faint, plain
from workbench.ui.modals.dialog import ROOMY
from workbench.ui.modals.facts import Fact, explain_progress, explain_urgency
from workbench.ui.modals.parts import CHOOSING, DigitChoice
from workbench.ui.modals.question import QuestionModal, Terms

STOP = ScreenCommand("back", "escape", "stop here", "Stop here; it answers with what there is")


class LimitModal(QuestionModal):
    """Asks whether to go on past a limit. Yes raises it by the same again, once; no answers with what there is."""

    def __init__(self, request: EscalationRequest, terms: Terms, spend: Spend | None = None) -> None:
        super().__init__(request, terms)
        self._spend = spend

    def heading(self) -> Content:
        progress = self.request.progress
        if self._costs:
            left = self._spend is not None and self._spend.share < 1
            question = f"The budget {'does not cover the next step' if left else 'is spent'}. Go on?"
        elif progress.step_budget:
            question = f"{progress.steps} of {progress.step_budget} steps are used. Go on?"
        else:
            question = "This takes more steps than planned. Go on?"
        return bold("◆ ", "$warning") + bold(question)

    def facts(self, height: int) -> tuple[Fact, ...]:
        progress = self.request.progress
        rows = [Fact("asks because", plain(self.request.because or self.request.message))]
        if self._costs and self._spend:
            rows.append(Fact("spent", plain(_write_spent(self._spend))))
        rows += [explain_urgency(self.request)] if height >= ROOMY else []
        rows.append(explain_progress(msgspec.structs.replace(progress, notes=())))
        label = "done"
        for note in progress.notes:
            rows.append(Fact(label, plain(note)))
            label = ""
        return tuple(rows) if progress.notes else (*rows, Fact("done", faint("nothing noted yet")))

    def choices(self) -> tuple[DigitChoice, ...]:
        return (
            DigitChoice("1", "Go on", self._more(), short="raises the limit once"),
            DigitChoice(
                "4", "Stop here", "it answers with what there is" + (", then F9 hands off" if self._costs else "")
            ),
        )

    def preselected(self) -> int:
        return 1

    def keys(self) -> tuple[ScreenCommand, ...]:
        return (*CHOOSING, STOP)

    def take(self, choice: DigitChoice) -> None:
        self.close(Verdict("once" if choice.digit == "1" else "reject"))

    def action_back(self) -> None:
        self.close(Verdict("reject"))

    @property
    def _costs(self) -> bool:
        return self.request.reason == "cost"

    def _more(self) -> str:
        if not self._costs:
            steps = self.request.progress.step_budget
            return f"for {steps} more steps, then it asks again" if steps else "it asks again later"
        if self._spend is None:
            return "raises the limit by the same again"
        more = f"{figures.dollars(self._spend.more_usd)} and {figures.tokens(self._spend.more_tokens)} tokens"
        return f"with {more} more, then it asks again"


def _write_spent(spend: Spend) -> str:
    """What is gone of the limit that is fullest."""
    used, limit = write_amounts(spend, spend.fullest)
    whose = "in this session" if spend.fullest.startswith("session") else "today"
    if spend.fullest.endswith("tokens"):
        return f"{used} of {limit} tokens {whose}"
    return f"{used}{' as if' if spend.as_if else ''} of {limit} {whose}"
