"""What is asked of a person, and what they answer (seed §5 and §7)."""

from typing import Any, Literal

import msgspec

from workbench.core.effects import Effect, ShellLine
from workbench.core.spend import BudgetName


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person needs to judge where the turn stands."""

    steps: int = 0
    step_budget: int = 0
    tokens: int = 0
    """Tokens the session consumed."""
    cost: float | None = 0.0
    """Dollars; None where the price is unknown."""
    as_if: bool = False
    """True where nobody pays: a rehearsal."""
    notes: tuple[str, ...] = ()
    """Short sentences: files changed, findings, decisions."""

    def write_steps(self) -> str:
        """`15 of 15 steps`: those that were taken; the one that asks to go on past the budget is not one of them."""
        if not self.step_budget:
            return f"{self.steps} step{'' if self.steps == 1 else 's'}"
        return f"{min(self.steps, self.step_budget)} of {self.step_budget} steps"


CallKind = Literal["read", "edit", "run", "network", "note"]
"""What a tool does, as it declares of itself: looks, changes files, runs a command, reaches out, keeps a note."""
Reason = Literal["safety", "complexity", "cost", "confidence", "policy"]
"""The seed's four triggers, and `policy`: a rule that says ask."""
Urgency = Literal["low", "medium", "high"]
Answer = Literal["once", "session", "edit", "reject", "stop", "reply", "leave"]
Route = Literal["sent", "review", "asked", "unrated"]
"""Where an answer goes by its confidence (seed §7)."""


def choose_route(score: float | None, review: float, send: float) -> Route:
    """Where a self-assessed score leads, by the two thresholds between the three routes (seed §7)."""
    if score is None:
        return "unrated"
    if score >= send:
        return "sent"
    return "review" if score >= review else "asked"


class Preview(msgspec.Struct, frozen=True):
    """What a person sees of a call before it runs."""

    kind: Literal["command", "diff", "text"]
    text: str
    """The command line, a unified diff, or plain text."""
    path: str = ""
    added: int = 0
    removed: int = 0
    segment: str = ""
    """The exact piece of a command that asks."""
    before: str = ""
    """Text of the file as it stands, for a side by side view."""
    after: str = ""
    version: str = ""
    """Digest of the content that the diff begins from; the call is refused where the file holds another by then."""
    warning: str = ""
    """What a person should know beside the diff, completing a sentence: `the agent has not read this file`."""
    fault: str = ""
    """Why the call cannot do anything as things stand, for the model to read; empty where it can."""


class Confidence(msgspec.Struct, frozen=True):
    """A self-assessed score (seed §7); absent means unrated, never a made-up number."""

    value: float
    """0.0 to 1.0."""
    reasoning: str = ""
    alternatives: tuple[str, ...] = ()


class Proposal(msgspec.Struct, frozen=True):
    """A call that waits for a yes, with all that its tool said of it: nobody guesses by a tool's name."""

    call_id: str
    tool: str
    arguments: dict[str, Any]
    effects: tuple[Effect, ...] = ()
    preview: Preview | None = None
    kind: CallKind = "run"
    verb: str = ""
    """For the screen: `read`, `search`, `edit`, `run`; empty in journals from before tools said it."""
    subject: str = ""
    """What it is about, in a few words: a path, a pattern, a command line."""
    line: ShellLine | None = None
    """The shell line that it runs, analysed; None for calls that run none."""
    idempotent: bool = False
    """True when it may be made again without harm."""
    compensation: str = ""
    """What undoes it, in words; empty where nothing does."""

    @property
    def reads_only(self) -> bool:
        """True when it changes nothing outside the scratchpad."""
        return bool(self.effects) and all(effect.kind in ("read", "memory") for effect in self.effects)

    @property
    def fault(self) -> str:
        """Why it cannot do anything, known without asking; empty where that would tell what nobody may read unasked."""
        hidden = any(effect.outside or effect.secret for effect in self.effects)
        return self.preview.fault if self.preview and not hidden else ""

    def shorten(self) -> "Proposal":
        """The proposal as it is journalled: its shell line bounded."""
        return msgspec.structs.replace(self, line=self.line.shorten()) if self.line else self

    def edit(self, arguments: dict[str, Any]) -> "Proposal":
        """The call with a person's own `arguments`, as far as a journal tells that kept no proposal of the edit."""
        about = next((key for key, value in self.arguments.items() if str(value).strip() == self.subject), "")
        subject = str(arguments.get(about, self.subject)).strip()
        return msgspec.structs.replace(self, arguments=arguments, effects=(), preview=None, subject=subject, line=None)

    @property
    def targets(self) -> tuple[str, ...]:
        """What its effects touch: paths relative to the workspace where they lie in it, hosts, commands."""
        return tuple(target for effect in self.effects for target in effect.targets)

    @property
    def file(self) -> str:
        """The one file that it is about, relative to the workspace where it lies in it; empty for other subjects."""
        if self.kind not in ("read", "edit") or len(self.targets) != 1:
            return ""
        target, subject = self.targets[0], self.subject.removeprefix("./")
        return target if subject == target or subject.endswith(f"/{target}") else ""


class EscalationRequest(msgspec.Struct, frozen=True):
    """Why the agent stopped to ask, with everything a person needs to decide."""

    id: str
    reason: Reason
    urgency: Urgency
    message: str
    """One sentence, what is asked."""
    because: str = ""
    """Completes "asks because"."""
    rule: str = ""
    """The rule or trigger that asked, by name."""
    consequence: str = ""
    """What would happen, beside "can be undone" or "cannot be undone"."""
    reversible: bool | None = None
    progress: Progress = Progress()
    proposal: Proposal | None = None
    confidence: Confidence | None = None
    session_scope: str = ""
    """What "this session" would cover; empty when it is not offered."""
    not_offered: str = ""
    """Why "this session" is not offered."""
    editable: bool = True
    question: str = ""
    """The prompt or the question that led here."""
    yes: str = ""
    """What a yes does, in a few words; empty where the reason says it."""
    budget: BudgetName | None = None
    """Where the reason is `cost`: the budget that has no room; None in journals from before it was told."""


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer to an escalation.

    once, session, edit (with `arguments`) let it happen; reject says no, with a note; stop ends the turn at a limit;
    reply (with a note) says what was meant; leave closes a question unanswered on purpose.
    """

    answer: Answer
    by: str = "you"
    note: str = ""
    arguments: dict[str, Any] | None = None

    @property
    def allows(self) -> bool:
        """True when the proposed thing may happen."""
        return self.answer in ("once", "session", "edit")
