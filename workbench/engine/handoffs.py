"""Handoff (seed §4): draft, review, accept; the next session starts from the document."""

import logging
from pathlib import Path

from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.epoch import Document
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.ids import new_plan_id
from workbench.core.plans import HandoffPlan
from workbench.core.ports import TextModel
from workbench.engine.session import Session
from workbench.handoff import build_plan, build_prompt, collect_digest, export_name, memory_text, write_from_digest

log = logging.getLogger(__name__)

MOST_TOKENS = 4_000


class Handoffs:
    """Drafts documents of one session and accepts them. `draft` is the one under review."""

    def __init__(self, session: Session, model: TextModel, estimator: Estimator, clock: Clock, exports: Path) -> None:
        self._session, self._model, self._estimator = session, model, estimator
        self._clock, self._exports = clock, exports
        self.draft: HandoffPlan | None = None

    async def review(self) -> None:
        """Write a document and tell it."""
        session = self._session
        digest = collect_digest(session.events, session.conversation, session.scratchpad)
        system, prompt = build_prompt(digest, session.conversation.turn)
        text = ""
        try:
            text = await self._model.ask(system, prompt, MOST_TOKENS, "handoff")
        except ProviderFault as fault:
            log.warning("the handoff was written without a model: %s", fault)
            session.emit(e.Noticed("the model could not write it; this document is mechanical", "warning", str(fault)))
        total = session.window().total
        text = text or write_from_digest(digest)
        self.draft = build_plan(new_plan_id(), text, digest, total, self._estimator.count)
        session.emit(e.HandoffDrafted(self.draft))
        session.measure()

    def accept(self, id: str, document: str | None, to: str) -> Document:
        """Export the draft and tell the session that it was handed off. Raises WorkbenchError for another draft."""
        draft, session = self.draft, self._session
        if draft is None or draft.id != id:
            raise WorkbenchError("that document is not under review any more", "F9 drafts a new one.")
        text = draft.document if document is None else document
        path = self._export(text)
        session.emit(e.SessionHandedOff(text, self._estimator.count(text), to, path))
        self.draft = None
        memory = memory_text(text)
        return Document(f"handoff from {session.summary.title}", "handoff", memory, self._estimator.count(memory))

    def _export(self, text: str) -> str:
        target = self._exports / export_name(self._session.summary.title, self._clock.now())
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            target.chmod(0o600)
        except OSError as error:
            raise WorkbenchError(f"the document could not be written to {target}: {error.strerror}") from error
        return str(target)
