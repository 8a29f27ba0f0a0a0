"""Handoff (seed §4): draft, review, accept; the next session starts from the document."""

import logging
from pathlib import Path

from workbench.core import events as e
from workbench.core.epoch import Document
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.ids import new_plan_id
from workbench.core.plans import HandoffPlan
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.model_call import ask, question, refusal
from workbench.engine.session import Session
from workbench.handoff import build_plan, build_prompt, collect_digest, export_name, memory_text, write_from_digest

log = logging.getLogger(__name__)

MOST_TOKENS = 4_000


class Handoffs:
    """Drafts documents and accepts them. `draft` is the one under review."""

    def __init__(self, parts: EngineDependencies) -> None:
        self._parts = parts
        self.draft: HandoffPlan | None = None

    async def review(self, session: Session) -> None:
        """Write a document and tell it."""
        digest = collect_digest(session.events, session.conversation, session.scratchpad)
        system, prompt = build_prompt(digest, session.conversation.turn)
        model = session.conversation.epoch.model if session.conversation.epoch else self._parts.facts.model
        asked = question(model, system, prompt, MOST_TOKENS, "handoff")
        text = ""
        if not refusal(session, self._parts, model, MOST_TOKENS):
            try:
                text = await ask(session, self._parts, asked)
            except ProviderFault as fault:
                log.warning("the handoff was written without a model: %s", fault)
                session.emit(e.Noticed("the model could not write it; this document is mechanical", "warning"))
        total = session.window().total
        self.draft = build_plan(
            new_plan_id(), text or write_from_digest(digest), digest, total, self._parts.estimator.count
        )
        session.emit(e.HandoffDrafted(self.draft))
        session.measure()

    def accept(self, session: Session, id: str, document: str | None, to: str) -> Document:
        """Export the draft and tell the session that it was handed off. Raises WorkbenchError for another draft."""
        draft = self.draft
        if draft is None or draft.id != id:
            raise WorkbenchError("that document is not under review any more", "F9 drafts a new one.")
        text = draft.document if document is None else document
        path = self._export(session, text)
        tokens = self._parts.estimator.count(text)
        session.emit(e.SessionHandedOff(text, tokens, to, path))
        self.draft = None
        memory = memory_text(text)
        return Document(f"handoff from {session.summary.title}", "handoff", memory, self._parts.estimator.count(memory))

    def _export(self, session: Session, text: str) -> str:
        name = export_name(session.summary.title, self._parts.clock.now())
        target = Path(self._parts.exports) / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            target.chmod(0o600)
        except OSError as error:
            raise WorkbenchError(f"the document could not be written to {target}: {error.strerror}") from error
        return str(target)
