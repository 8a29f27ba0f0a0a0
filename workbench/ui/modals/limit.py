"""A limit is reached: the step budget, or the money and tokens (seed §5 and §9)."""

import msgspec
from textual.content import Content

from workbench.core import figures
from workbench.core.clock import Clock
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.spend import Spend
from workbench.ui.modals import facts
from workbench.ui.modals.choices import Choice
from workbench.ui.modals.dialog import ROOMY
from workbench.ui.modals.facts import Fact
from workbench.ui.modals.lines import Key
from workbench.ui.modals.question import QuestionModal
from workbench.ui.modals.styled import bold, faint, plain


class LimitModal(QuestionModal):
    """Asks whether to go on past a limit. Yes raises it by the same again, once; no answers with what there is."""

    def __init__(
        self,
        request: EscalationRequest,
        *,
        spend: Spend | None = None,
        more_usd: float | None = None,
        more_tokens: int | None = None,
        expires_at: float | None = None,
        waiting: int = 1,
        clock: Clock,
        review: float = 0.6,
        send: float = 0.85,
    ) -> None:
        self._spend = spend
        self._more_usd = more_usd if more_usd is not None else spend.limit_usd if spend else None
        self._more_tokens = more_tokens if more_tokens is not None else spend.limit_tokens if spend else None
        super().__init__(request, expires_at=expires_at, waiting=waiting, clock=clock, review=review, send=send)

    def heading(self) -> Content:
        progress = self.request.progress
        if self._costs:
            question = f"The budget {'does not cover the next step' if self._some_left else 'is spent'}. Go on?"
        elif progress.step_budget:
            question = f"{progress.steps} of {progress.step_budget} steps are used. Go on?"
        else:
            question = "This takes more steps than planned. Go on?"
        return bold("◆ ", "$warning") + bold(question)

    def facts(self, height: int) -> tuple[Fact, ...]:
        progress = self.request.progress
        rows = [Fact("asks because", plain(self.request.because or self.request.message))]
        if self._costs and self._spend:
            rows.append(Fact("spent", plain(_spent(self._spend))))
        rows += [facts.urgency(self.request)] if height >= ROOMY else []
        rows.append(facts.so_far(msgspec.structs.replace(progress, notes=())))
        label = "done"
        for note in progress.notes:
            rows.append(Fact(label, plain(note)))
            label = ""
        return tuple(rows) if progress.notes else (*rows, Fact("done", faint("nothing noted yet")))

    def choices(self) -> tuple[Choice, ...]:
        return (
            Choice("1", "Go on", self._more(), short="raises the limit once"),
            Choice("4", "Stop here", "it answers with what there is" + (", then F9 hands off" if self._costs else "")),
        )

    def preselected(self) -> int:
        return 1

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("↑↓", "choose", spare=True),
            Key("enter", "do it", "screen.choose"),
            Key("esc", "stop here", "screen.back"),
        )

    def take(self, choice: Choice) -> None:
        self.close(Verdict("once" if choice.digit == "1" else "reject"))

    def action_back(self) -> None:
        """Stop here."""
        self.close(Verdict("reject"))

    @property
    def _costs(self) -> bool:
        return self.request.reason == "cost"

    @property
    def _some_left(self) -> bool:
        """True where the dearest reply would pass the session's limit, which is far from reached."""
        spend = self._spend
        return bool(
            spend and spend.usd is not None and spend.usd < 0.9 * spend.limit_usd and spend.fullest == "session_usd"
        )

    def _more(self) -> str:
        """How much going on allows."""
        if not self._costs:
            steps = self.request.progress.step_budget
            return f"for {steps} more steps, then it asks again" if steps else "it asks again later"
        usd, tokens = self._more_usd, self._more_tokens
        parts = [figures.dollars(usd)] if usd else []
        parts += [f"{figures.tokens(tokens)} tokens"] if tokens else []
        return f"with {' and '.join(parts)} more, then it asks again" if parts else "raises the limit by the same again"


def _spent(spend: Spend) -> str:
    """What is gone of the limit that is fullest."""
    as_if = " as if" if spend.as_if else ""
    match spend.fullest:
        case "session_tokens":
            return f"{figures.tokens(spend.tokens)} of {figures.tokens(spend.limit_tokens)} tokens in this session"
        case "day_usd":
            return f"{figures.dollars(spend.day_usd)} of {figures.dollars(spend.day_limit_usd)} today"
        case "day_tokens":
            return f"{figures.tokens(spend.day_tokens)} of {figures.tokens(spend.day_limit_tokens)} tokens today"
        case _:
            return f"{figures.dollars(spend.usd)}{as_if} of {figures.dollars(spend.limit_usd)} in this session"
