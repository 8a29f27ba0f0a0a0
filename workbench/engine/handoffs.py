"""The handoff as a person reviews it (seed §4): drafted, exported, accepted."""

import logging
from pathlib import Path

from workbench import handoff
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.entries import WORDS
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.ids import new_plan_id
from workbench.core.plans import HandoffPlan
from workbench.core.ports import Clock, TextModel
from workbench.core.window import Document
from workbench.engine.session import Session

log = logging.getLogger(__name__)

MOST_DOCUMENT_TOKENS = 4_000


class Handoffs:
    """Drafts documents of one session and accepts them. `draft` is the one under review."""

    def __init__(self, session: Session, model: TextModel, estimator: Estimator, clock: Clock, exports: Path) -> None:
        self._session, self._model, self._estimator = session, model, estimator
        self._clock, self._exports = clock, exports
        self.draft: HandoffPlan | None = None

    async def review(self) -> None:
        """Write a document and tell it."""
        session = self._session
        digest = handoff.collect_digest(session.events, session.conversation, session.scratchpad)
        system, prompt = handoff.build_prompt(digest, session.conversation.turn)
        text = ""
        try:
            text = await self._model.ask(system, prompt, MOST_DOCUMENT_TOKENS, "handoff")
        except ProviderFault as fault:
            log.warning("the handoff was written without a model: %s", fault)
            session.emit(e.Noticed("the model could not write it; this document is mechanical", "warning", str(fault)))
        total = session.window().total
        text = text or handoff.write_from_digest(digest)
        self.draft = handoff.build_plan(new_plan_id(), text, digest, total, self._estimator.count)
        session.emit(e.HandoffDrafted(self.draft))
        session.measure()

    def accept(self, id: str, document: str | None, to: str) -> Document:
        """Export the draft and tell the session that it was handed off. Raises WorkbenchError for another draft."""
        draft, session = self.draft, self._session
        if draft is None or draft.id != id:
            raise WorkbenchError("that document is not under review any more", "/handoff drafts a new one.")
        text = draft.document if document is None else document
        path = self._export(text)
        session.emit(e.SessionHandedOff(text, self._estimator.count(text), to, path))
        self.draft = None
        memory = handoff.memory_text(text)
        said, tokens = f"handoff from {session.summary.title}", self._estimator.count(memory)
        return Document(said, "handoff", memory, tokens, content_class=WORDS)

    def _export(self, text: str) -> str:
        target = self._exports / handoff.export_name(self._session.summary.title, self._clock.now())
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            target.chmod(0o600)
        except OSError as error:
            raise WorkbenchError(f"the document could not be written to {target}: {error.strerror}") from error
        return str(target)
