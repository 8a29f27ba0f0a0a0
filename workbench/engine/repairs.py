"""Carrying out repairs: after a refusal the next request is another one, that the API can take (see `reliability`).

    fault ─▶ choose_repair ─▶ told in one line ─▶ the window, or what is known of the model, changes ─▶ sent once more
                  └ nothing helps ─▶ a person is asked whether to leave out all but what was said

What is left out stays in the journal, and the prompt of the running turn always stays in the window.
"""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.entries import Entry, can_replace
from workbench.core.errors import ProviderFault
from workbench.core.figures import span, tokens
from workbench.core.ids import new_escalation_id
from workbench.core.messages import AnyPart, Opaque, RedactedThinking, Text, Thinking, ToolResult
from workbench.core.models import ModelFacts
from workbench.core.ports import Models
from workbench.core.requests import DECLINED, ModelRequest
from workbench.core.window import Replacement
from workbench.engine.billing import LEAST_REPLY
from workbench.engine.executor import PendingApprovals
from workbench.engine.pause import Pause
from workbench.engine.request import measure_progress
from workbench.engine.session import Session
from workbench.escalation import ask_to_leave_out, ask_to_wait
from workbench.reliability import choose_repair, is_refusal

GUESS = 0.9
"""Of what was refused without a figure, what is taken to fit."""
LEAST_GUESS = 8_000
"""Tokens below which no window is guessed to be."""
ROOMY = 0.6
"""Share of the window that what is left out brings it down to."""
LEAST_LEFT_OUT = 200
"""Tokens below which a block is not worth leaving out."""
THINKING = (Thinking, RedactedThinking)


@dataclass
class Repairs:
    """What helps one turn over its refusals."""

    session: Session
    models: Models
    approvals: PendingApprovals
    estimator: Estimator
    pause: Pause
    compact: Callable[[], Coroutine[Any, Any, None]]
    """Compacts the window without a dialog."""
    done: list[e.Repair] = field(default_factory=list)
    _asked: bool = False

    async def mend(self, fault: ProviderFault, request: ModelRequest, prompt: str) -> bool:
        """Change what was refused; True when `request` is worth another try. Raises `fault` told in full."""
        repair = choose_repair(fault, tuple(self.done))
        if repair == "wait":
            self.done.append(repair)
            return await self._wait(fault, prompt)
        if repair is not None:
            self.done.append(repair)
            if await self._carry_out(repair, fault, request):
                return True
        return is_refusal(fault) and await self._ask(fault, prompt)

    async def _carry_out(self, repair: e.Repair, fault: ProviderFault, request: ModelRequest) -> bool:
        match repair:
            case "drop_block":
                return self._drop_block(fault)
            case "drop_thinking":
                return self._drop_thinking(fault)
            case "shorten_reply":
                return self._shorten_reply(fault, request)
        return await self._make_room(fault, request)

    def _drop_block(self, fault: ProviderFault) -> bool:
        """Put a note in the place of the block that was refused: the one it names, or the newest image or document."""
        conversation = self.session.conversation
        entry = conversation.find(fault.refusal.place)
        if fault.kind == "media" and not (entry and _holds_media(entry.part)):
            entry = next((each for each in reversed(conversation.entries) if _holds_media(each.part)), None)
        if entry is None or conversation.section(entry) == "current":
            return False
        if (note := _write_note(entry.part, fault.message)) is None:
            return False
        self._tell(fault, "drop_block", "what was refused is left out of the window; the rest goes on")
        self._replace({entry.id: note})
        return True

    def _drop_thinking(self, fault: ProviderFault) -> bool:
        if not any(isinstance(entry.part, THINKING) for entry in self.session.conversation.entries):
            return False
        self._tell(fault, "drop_thinking", "earlier thinking is left out; what was said stays")
        self._replace({})
        return True

    def _shorten_reply(self, fault: ProviderFault, request: ModelRequest) -> bool:
        limit = fault.refusal.limit
        if LEAST_REPLY <= limit < request.max_tokens:
            self.models.learn(request.model, ModelFacts(reply=limit))
        elif (limit := request.max_tokens // 2) < LEAST_REPLY:
            return False
        self._tell(fault, "shorten_reply", f"replies of this model are kept to {tokens(limit)} tokens")
        self.session.emit(e.LimitLearnt(request.model, reply=limit, reason=fault.message))
        return True

    async def _make_room(self, fault: ProviderFault, request: ModelRequest) -> bool:
        """Learn how much the model takes, and bring the window down to it."""
        session, refusal = self.session, fault.refusal
        if refusal.sent:
            session.emit(e.PromptCounted(refusal.sent))
        before = session.window()
        # A window that tools and instructions alone fill cannot be learnt: nothing would ever be sent again.
        told = refusal.limit >= sum(section.tokens for section in before.sections[:3]) + LEAST_REPLY
        if told:
            self.models.learn(request.model, ModelFacts(window=refusal.limit))
        guess = max(int(min(before.total + request.max_tokens, before.size) * GUESS), LEAST_GUESS)
        limit = refusal.limit if told else min(guess, before.size)
        self._tell(fault, "compact", f"the window of this model is taken to be {tokens(limit)} tokens")
        session.emit(e.LimitLearnt(request.model, window=limit, reason=fault.message))
        if told and refusal.sent and self._fits():
            return True  # the reply was too long for what is left, and is shortened now
        if request.purpose == "turn":
            await self.compact()
        return self._fits() or self.leave_out() or session.window().total < before.total

    def leave_out(self) -> bool:
        """Replace the largest blocks by notes until there is room, the prompt never; False where nothing was left."""
        session = self.session
        excess = session.window().total - int(session.window().size * ROOMY)
        notes: dict[str, Replacement] = {}
        large = (entry for entry in session.conversation.entries if self._may_leave(entry))
        for entry in sorted(large, key=lambda entry: -entry.tokens):
            if excess <= 0:
                break
            if note := _write_note(entry.part, f"about {tokens(entry.tokens)} tokens, to make room"):
                notes[entry.id] = note
                excess -= int((entry.tokens - note.tokens) * session.ledger.find_ratio(entry.content_class))
        if notes:
            self._replace(notes)
        return bool(notes)

    def keep_what_was_said(self) -> bool:
        """Leave out everything but the words of person and model; False where nothing else was there."""
        entries = self.session.conversation.entries
        said = [entry.id for entry in entries if isinstance(entry.part, Text)]
        if len(said) < len(entries):
            self._replace({}, said)
        return len(said) < len(entries)

    def drop_turn(self) -> None:
        """Leave a declined turn out of the window: while it stands there, the model declines all that follows.

        Turns that were declined before and still stand there, as after a kill, go too. See the API's documentation,
        "Handle streaming refusals".
        """
        at, said = self.session.conversation, (stamped.event for stamped in self.session.events)
        declined = {each.turn for each in said if isinstance(each, e.MessageAdded) and each.stop_reason == DECLINED}
        gone = [entry for entry in at.entries if entry.turn in declined]
        prompts = {
            entry.turn: entry for entry in reversed(gone) if entry.role == "user" and isinstance(entry.part, Text)
        }
        written = {entry.id: _write_note(entry.part, "what the model declined to answer") for entry in prompts.values()}
        notes = {id: note for id, note in written.items() if note}
        told = "The model declined to answer: this turn leaves the window, and the next prompt is sent without it"
        self.session.emit(e.RequestRepaired(at.turn, at.step, "declined", "drop_turn", told))
        self._replace(notes, [entry.id for entry in at.entries if entry.turn not in declined or entry.id in notes])

    def _may_leave(self, entry: Entry) -> bool:
        conversation = self.session.conversation
        return entry.tokens >= LEAST_LEFT_OUT and conversation.section(entry) != "current"

    def _fits(self) -> bool:
        window = self.session.window()
        return window.size - window.total >= LEAST_REPLY

    def _replace(self, notes: dict[str, Replacement], kept: Iterable[str] | None = None) -> None:
        """Open the next epoch with `notes` in the place of what they replace; thinking never outlasts an epoch."""
        conversation, before = self.session.conversation, self.session.window().total
        if (epoch := conversation.epoch) is None:
            return
        counted = {id: Replacement(note.part, self.estimator.count_part(note.part)) for id, note in notes.items()}
        ids = tuple(entry.id for entry in conversation.entries) if kept is None else tuple(kept)
        opened = msgspec.structs.replace(epoch, number=epoch.number + 1)
        self.session.emit(
            e.EpochOpened(opened, "repaired", ids, before, 0, "", replaced=conversation.replaced | counted)
        )
        self.session.measure()

    def _tell(self, fault: ProviderFault, repair: e.Repair, what: str) -> None:
        at = self.session.conversation
        self.session.emit(
            e.RequestRepaired(at.turn, at.step, fault.kind, repair, f"{fault.message.rstrip('.')}: {what}")
        )

    async def _ask(self, fault: ProviderFault, prompt: str) -> bool:
        """Whether to go on with nothing but the words that were said; asked once."""
        words_only = all(isinstance(entry.part, Text) for entry in self.session.conversation.entries)
        if self._asked or words_only:
            return False
        self._asked = True
        asked = ask_to_leave_out(fault.message, measure_progress(self.session), new_escalation_id(), prompt)
        verdict = await self.approvals.ask(self.session, asked)
        if verdict is None or not verdict.allows:
            return False
        self._tell(fault, "drop_block", "only the words of the conversation stay in the window")
        return self.keep_what_was_said()

    async def _wait(self, fault: ProviderFault, prompt: str) -> bool:
        """Wait as long as the server asks, if the person will. Raises ProviderFault, which names how long, if not."""
        wait, at = fault.retry_after or 0.0, self.session.conversation
        asked = ask_to_wait(fault.message, wait, measure_progress(self.session), new_escalation_id(), prompt)
        verdict = await self.approvals.ask(self.session, asked)
        if verdict is None or not verdict.allows:
            hint = f"It asks to wait {wait:.0f} s ({span(wait)}) before the next try."
            raise ProviderFault(fault.kind, fault.message, hint=hint, retry_after=wait) from fault
        tries = self.done.count("wait") + 1
        self.session.emit(e.RetryScheduled(at.turn, tries, tries, wait, fault.kind, fault.message))
        await self.pause.wait(wait)
        return True


def _holds_media(part: AnyPart) -> bool:
    return (isinstance(part, ToolResult) and bool(part.media)) or isinstance(part, Opaque)


def _write_note(part: AnyPart, why: str) -> Replacement | None:
    """What stands in the place of `part`; None where nothing can. Its tokens are still to be counted."""
    note = f"[Left out by the workbench: {why}]"
    new: AnyPart = Text(note)
    if isinstance(part, ToolResult):
        text = f"{part.text}\n{note}".strip() if part.media else note
        new = ToolResult(part.tool_use_id, text, part.error)
    return Replacement(new, 0) if new != part and can_replace(part, new) else None
