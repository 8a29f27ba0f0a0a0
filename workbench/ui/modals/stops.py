"""Where the agent stops by itself: at a limit (seed §5 and §9), or because it is not sure what you meant (seed §7)."""

import msgspec
from textual.content import Content

from workbench.core import figures
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.spend import BudgetName, Spend
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.bar import write_amounts
from workbench.ui.draw.text import bold, count, faint, lower_first, muted, plain
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals.choices import DigitChoice
from workbench.ui.modals.dialog import ROOMY
from workbench.ui.modals.facts import Fact, explain_confidence, explain_progress, explain_reason, explain_urgency
from workbench.ui.modals.handoff import HAND_OFF
from workbench.ui.modals.question import QuestionModal, Terms


class LimitModal(QuestionModal):
    """Asks whether to go on past a limit. Yes raises it by the same again, once; no answers with what there is.

    The day's budget is not raised: a yes goes past it for the rest of this turn.
    """

    AWAY = ScreenCommand("back", "escape", "stop here", "Stop here; it answers with what there is")

    def __init__(self, request: EscalationRequest, terms: Terms, spend: Spend | None = None) -> None:
        super().__init__(request, terms)
        self._spend = spend

    def heading(self) -> Content:
        progress = self.request.progress
        if self.request.yes:
            question = self.request.message
        elif self._costs:
            used, limit = self._spend.amounts(self._budget) if self._spend else (None, 0.0)
            left = used is not None and used < limit
            question = f"The budget {'does not cover the next step' if left else 'is spent'}. Go on?"
        elif progress.step_budget:
            question = f"{progress.write_steps()} are used. Go on?"
        else:
            question = "This takes more steps than planned. Go on?"
        return bold("◆ ", "$warning") + bold(question)

    def facts(self, height: int) -> tuple[Fact, ...]:
        progress = self.request.progress
        rows = [Fact("asks because", plain(lower_first(self.request.because or self.request.message)))]
        if self._costs and self._spend:
            rows.append(Fact("spent", plain(_write_spent(self._spend, self._budget))))
            rows.append(Fact("a turn", plain(_write_turns(self._spend, self._budget))))
        rows += [explain_urgency(self.request)] if height >= ROOMY else []
        rows.append(explain_progress(msgspec.structs.replace(progress, notes=())))
        label = "done"
        for note in progress.notes:
            rows.append(Fact(label, plain(note)))
            label = ""
        return tuple(rows) if progress.notes else (*rows, Fact("done", faint("nothing noted yet")))

    def choices(self) -> tuple[DigitChoice, ...]:
        if self.request.yes:
            return DigitChoice("1", "Go on", self.request.yes), DigitChoice("2", "Stop here", "the turn ends here")
        what = "it answers with what there is" + (
            f", then {find_keymap(self.app).show(HAND_OFF)} hands off" if self._costs else ""
        )
        return DigitChoice("1", "Go on", self._more(), short=self._more_briefly()), DigitChoice("2", "Stop here", what)

    def preselected(self) -> int:
        return 1

    def take(self, choice: DigitChoice) -> None:
        self.close(Verdict("once" if choice.digit == "1" else "stop"))

    def action_back(self) -> None:
        self.close(Verdict("stop"))

    @property
    def _costs(self) -> bool:
        return self.request.reason == "cost" and not self.request.yes

    @property
    def _budget(self) -> BudgetName:
        """The budget that has no room: all that is said here is of it."""
        return self.request.budget or (self._spend or Spend()).fullest

    @property
    def _of_the_day(self) -> bool:
        return self._costs and self._budget.startswith("day")

    def _more(self) -> str:
        if not self._costs:
            steps = self.request.progress.step_budget
            return f"for {steps} more steps, then it asks again" if steps else "it asks again later"
        if self._of_the_day:
            return "for this turn; today's budget stays"
        if self._spend is None:
            return "raises the limit by the same again"
        more = f"{figures.dollars(self._spend.more_usd)} and {figures.tokens(self._spend.more_tokens)} tokens"
        return f"with {more} more, then it asks again"

    def _more_briefly(self) -> str:
        return "raises the limit once" if not self._of_the_day else "for this turn"


def _write_spent(spend: Spend, budget: BudgetName) -> str:
    used, limit = write_amounts(spend, budget)
    whose = "in this session" if budget.startswith("session") else "today"
    if budget.endswith("tokens"):
        return f"{used} of {limit} tokens {whose}"
    return f"{used}{' as if' if spend.as_if else ''} of {limit} {whose}"


def _write_turns(spend: Spend, budget: BudgetName) -> str:
    """What a typical turn takes of `budget`, and how many of them are left; with a yes, how many more."""
    if (left := spend.turns_left(budget)) is None:
        return "none has ended yet in this session"
    money = budget.endswith("usd")
    typical = figures.dollars(spend.turn_usd) if money else f"{figures.tokens(spend.turn_tokens)} tokens"
    words = f"typically {typical}; {count(left, 'turn')} left"
    if budget.startswith("day"):
        return words
    added = int(spend.more_usd / spend.turn_usd if money else spend.more_tokens / spend.turn_tokens)
    return f"{words}, {figures.tokens(added)} more with a yes"


def _draw_reading(number: int, reading: str) -> DigitChoice:
    """What stands behind a dash, such as how much it is and whether it can be undone, is said beside it."""
    label, dash, aside = reading.strip().partition(" — ")
    return DigitChoice(str(number), label, aside) if dash and label and aside else DigitChoice(str(number), reading)


MOST = 7
"""Readings that have a digit; two are left for your own words and for leaving it."""


class UnsureModal(QuestionModal):
    """Offers the readings; gives a reply with the one you mean, or leaves the question. Esc leaves it."""

    AWAY = ScreenCommand("back", "escape", "leave it", "Leave the question; out of the note first")

    def heading(self) -> Content:
        question = "Which of these do you mean?" if self._readings else "What do you mean?"
        return bold("◇ ", "$warning") + bold(question)

    def aside(self) -> Content:
        return super().aside() or muted("the agent stopped to ask")

    def facts(self, height: int) -> tuple[Fact, ...]:
        request = self.request
        asked = (Fact("you asked", plain(f"“{request.question.strip()}”")),) if request.question.strip() else ()
        blank = (Fact("", Content(" ")),) if asked and not self.has_class("-tight") else ()
        because = () if request.confidence else (explain_reason(request),)
        score = explain_confidence(
            request.confidence, self.terms.review, self.terms.send, 24 if self.inner > 80 else 12
        )
        return (*asked, *blank, *because, *score, explain_progress(request.progress))

    def choices(self) -> tuple[DigitChoice, ...]:
        readings = tuple(_draw_reading(n, reading) for n, reading in enumerate(self._readings, 1))
        more = len(readings)
        return (
            *readings,
            DigitChoice(str(more + 1), "Something else…", "say it in your own words", gap=bool(readings)),
            DigitChoice(str(more + 2), "Leave it"),
        )

    def take(self, choice: DigitChoice) -> None:
        place = int(choice.digit) - 1
        readings = self._readings
        if place < len(readings):
            self.close(Verdict("reply", note=readings[place]))
        elif place == len(readings):
            self.ask_note("what you mean, in your own words", "reply", self._reply)
        else:
            self.close(Verdict("leave"))

    def action_back(self) -> None:
        if not self.leave():
            self.close(Verdict("leave"))

    @property
    def _readings(self) -> tuple[str, ...]:
        score = self.request.confidence
        return tuple(reading for reading in score.alternatives if reading.strip())[:MOST] if score else ()

    def _reply(self, note: str) -> None:
        if note:
            self.close(Verdict("reply", note=note))
        else:
            self.complain("Nothing is written. Say what you mean, or esc and leave it.")
