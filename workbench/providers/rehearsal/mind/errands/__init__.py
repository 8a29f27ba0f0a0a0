"""The workbench's own requests, known by the seed's phrases: no tools, one prompt, a document as the reply.

Summary (§2 A)   KeyPoints (§2 C, D)   Handoff (§4)   Judge (§10)   Title
"""

from typing import Protocol

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.errands.handoff import Handoff
from workbench.providers.rehearsal.mind.errands.judge import Judge
from workbench.providers.rehearsal.mind.errands.points import KeyPoints
from workbench.providers.rehearsal.mind.errands.summary import Summary
from workbench.providers.rehearsal.mind.errands.title import Title

__all__ = ["Errand", "errand_of"]


class Errand(Protocol):
    """One kind of request that the workbench makes for itself."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """What its system or user text holds, in lower case."""
        ...

    def reply(self, talk: Conversation) -> str:
        """The document asked for."""
        ...


ERRANDS: tuple[Errand, ...] = (Handoff(), Judge(), Summary(), KeyPoints(), Title())
_HEAD = 600
"""Characters of the prompt in which a phrase must stand, so that a quoted one does not count."""


def errand_of(talk: Conversation) -> Errand | None:
    """The errand that `talk` is; None for a person's prompt."""
    if talk.offered:
        return None
    head = f"{talk.system[:_HEAD]}\n{talk.turn.prompt[:_HEAD]}".lower()
    return next((errand for errand in ERRANDS if any(phrase in head for phrase in errand.phrases)), None)
