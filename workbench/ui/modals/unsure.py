"""A question back: the agent was not sure what you meant, so it stopped and asks (seed §5 and §7)."""

from textual.content import Content

from workbench.core.decisions import Verdict
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, muted, plain
from workbench.ui.modals.facts import Fact, explain_confidence, explain_progress, explain_reason
from workbench.ui.modals.parts import CHOOSING, DigitChoice
from workbench.ui.modals.question import QuestionModal

MOST = 7
"""Readings that have a digit; two are left for your own words and for leaving it."""


LEAVE = ScreenCommand("back", "escape", "leave it", "Leave the question; out of the note first")


class UnsureModal(QuestionModal):
    """Offers the readings; gives a reply with the one you mean, or leaves the question. Esc leaves it."""

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
        readings = tuple(DigitChoice(str(n), reading) for n, reading in enumerate(self._readings, 1))
        more = len(readings)
        return (
            *readings,
            DigitChoice(str(more + 1), "Something else…", "say it in your own words", gap=bool(readings)),
            DigitChoice(str(more + 2), "Leave it"),
        )

    def keys(self) -> tuple[ScreenCommand, ...]:
        return (*CHOOSING, LEAVE)

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
