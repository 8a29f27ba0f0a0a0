"""What a run comes to: one result, folded from its events, and its exit code (design §7)."""

from typing import Any

import msgspec

from workbench.cli.shared import BUDGET, ERROR, UNANSWERED
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.errors import SessionLocked, UnknownSession, WorkbenchError
from workbench.core.spend import Usage

USAGE_FIELDS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
EXIT_CODES = {"done": 0, "turn_limit": 0, "cut": ERROR, "error": ERROR, "escalation": UNANSWERED, "budget": BUDGET}
DECLINED = "The model declined to answer. Ask in other words, or another model."


class Result:
    """What a run prints at its end, folded from its events (design §7). `take` it every event."""

    def __init__(self, hold_review: bool = False) -> None:
        """`hold_review`: an answer that is for review is not part of the result."""
        self._hold_review = hold_review
        self.session = ""
        self.text = ""
        self.stop_reason = "error"
        self.model_stop_reason = ""
        self.usage = Usage()
        self.cost: float | None = 0.0
        self.confidence: Confidence | None = None
        self.route = "unrated"
        self.steps = 0
        self.escalations: dict[str, dict[str, str]] = {}
        self.error: dict[str, str] | None = None
        self.ended = False
        """True once the turn came to its end by itself, or was stopped by the engine."""

    def take(self, stamped: e.Stamped) -> None:
        """Fold one event in."""
        self.session = stamped.session
        match stamped.event:
            case e.TurnFinished() as event:
                self.text, self.stop_reason = event.text, event.stop_reason
                self.model_stop_reason, self.steps = event.model_stop_reason, event.steps
                self.usage, self.cost = event.usage, event.cost
                self.confidence, self.route, self.error = event.confidence, event.route, None
                self.ended = event.stop_reason != "interrupted"
                if event.model_stop_reason == "refusal":
                    self.stop_reason, self.error = "error", {"kind": "refused", "message": DECLINED}
            case e.TurnFailed() as event:
                self.stop_reason, self.ended = "error", True
                self.error = {"kind": event.kind, "message": f"{event.message} {event.hint}".strip()}
            case e.Noticed(level="error") as event if self.error is None:
                self.stop_reason = "error"
                self.error = {"kind": "notice", "message": f"{event.message} {event.hint}".strip()}
            case e.RequestSent() as event:
                self.steps = event.step
            case e.BudgetSettled() as event if self.error is None:
                self.usage += event.usage
                known = self.cost is not None and event.usd is not None
                self.cost = (self.cost or 0.0) + (event.usd or 0.0) if known else None
            case e.EscalationRaised(request=request):
                self.escalations[request.id] = {"id": request.id, "reason": request.reason, "state": "pending"}
            case e.EscalationResolved(id=id, verdict=verdict) if id in self.escalations:
                self.escalations[id]["state"] = "allowed" if verdict.allows else "denied"
            case e.EscalationExpired(id=id) if id in self.escalations:
                self.escalations[id]["state"] = "unanswered"

    def refuse(self, error: WorkbenchError) -> None:
        """The prompt was not taken."""
        self.stop_reason, self.ended = "error", True
        self.error = {"kind": "refused", "message": str(error)}

    def lose(self, fault: WorkbenchError, session: str) -> None:
        """The session, `session` where none is known yet, could not be opened or written."""
        kinds: dict[type, str] = {SessionLocked: "locked", UnknownSession: "unknown_session"}
        self.session = self.session or session
        self.stop_reason = "error"
        self.error = {"kind": kinds.get(type(fault), "store"), "message": str(fault)}

    def interrupt(self, session: str) -> None:
        """A signal or a reader that went away ended the run of `session`, unless its turn had ended before."""
        self.session = self.session or session
        if not self.ended:
            self.stop_reason = "interrupted"

    @property
    def held(self) -> bool:
        """True when the answer waits for a person's review."""
        return self._hold_review and self.route == "review"

    @property
    def exit_code(self) -> int:
        """0 done, 1 error or cut, 3 an escalation went unanswered or the answer is held, 4 a budget ended it."""
        code = EXIT_CODES.get(self.stop_reason, ERROR)
        return UNANSWERED if self.held and not code else code

    def remarks(self) -> list[str]:
        """What a person should know beside the answer; it is not part of the data."""
        said = []
        if self.held:
            said.append(f"the answer is held for review. `workbench sessions show {self.session}` shows it.")
        if self.stop_reason == "cut":
            why = self.model_stop_reason or "a limit"
            said.append(f"the answer was cut off ({why}); what came of it is kept. --resume {self.session} goes on.")
        if self.error and self.error["kind"] == "refused":
            said.append(self.error["message"])
        return said

    def document(self) -> dict[str, Any]:
        """The JSON result, with exactly the fields that scripts rely on."""
        return {
            "type": "result",
            "session_id": self.session,
            "text": "" if self.held else self.text,
            "stop_reason": self.stop_reason,
            "model_stop_reason": self.model_stop_reason,
            "usage": {name: getattr(self.usage, name) for name in USAGE_FIELDS},
            "cost_usd": self.cost,
            "confidence": msgspec.to_builtins(self.confidence),
            "route": self.route,
            "steps": self.steps,
            "escalations": list(self.escalations.values()),
            "error": self.error,
        }
