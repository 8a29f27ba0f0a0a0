"""What a person, a script or a test asks for: imperative, exactly one handler each, which fails loudly."""

import msgspec

from workbench.core.decisions import Verdict
from workbench.core.plans import Fate
from workbench.core.window import Mark


class Command(msgspec.Struct, frozen=True, tag=True):
    """Something to do, in the session in front where it names no other."""


class SendPrompt(Command, frozen=True):
    """Start a turn. While one runs the prompt is queued and starts when it ends."""

    text: str
    session: str = ""
    """One that runs in this process: the one in front, or a child of it; empty for the one in front."""


class WithdrawPrompt(Command, frozen=True):
    """Take a prompt that waits behind the running turn out of the queue. One that has begun is an error."""

    text: str


class CancelTurn(Command, frozen=True):
    """Stop the running turn; its partial answer stays as a draft. Does nothing when none runs.

    The children of a session stop with it.
    """

    session: str = ""


class RetryNow(Command, frozen=True):
    """Send at once what waits to be tried again. Does nothing where nothing waits."""


class ResolveEscalation(Command, frozen=True):
    """Answer an escalation. An unknown or already answered id is an error."""

    id: str
    verdict: Verdict


class PlanCompaction(Command, frozen=True):
    """Make a plan to review; answers with CompactionPlanned. An unknown strategy is an error."""

    strategy: str = ""
    """By name; empty for the one that the settings name."""
    instructions: str = ""
    """What it should heed, in the person's words: `keep the API decisions`."""


class ChangePlan(Command, frozen=True):
    """Have other things done with some blocks of the plan under review; answers with CompactionPlanned.

    No model is asked again. What cannot be done is an error, and the plan stays as it is.
    """

    plan: str
    fates: dict[str, Fate]
    """By entry id; a call and its result go together."""
    summary: str | None = None
    """As edited so far."""


class Compact(Command, frozen=True):
    """Carry out the plan under review, with its summary as edited."""

    plan: str
    summary: str | None = None


class DiscardPlan(Command, frozen=True):
    """Leave the window as it is: the plan or draft under review is dropped, and its making is stopped."""


class UndoCompaction(Command, frozen=True):
    """Bring back the window before the last compaction, with all that was said since."""


class MarkBlock(Command, frozen=True):
    """Have a block kept, dropped or masked at the next compaction; the last word counts. Raises for what cannot be.

    A pinned block stays word for word and moves into the memory when it would leave. `drop` and `mask` take its call
    or result along.
    """

    id: str
    mark: Mark = ""
    """Empty takes back what was said."""


class LiftBlock(Command, frozen=True):
    """Say a block again in the next request, at the tail, whether the window still holds it or not."""

    id: str


class AttachDocument(Command, frozen=True):
    """Have the model read a text file as a reference: from the memory where no turn ran yet, else with the next request
    and in the memory after the next compaction. A file that is no text is an error.
    """

    path: str


class WarmCache(Command, frozen=True):
    """Have the endpoint read the window without an answer, so that the next prompt finds it in the cache."""


class DraftHandoff(Command, frozen=True):
    """Make a handoff document to review; answers with HandoffDrafted."""


class HandOff(Command, frozen=True):
    """Accept the draft, as edited. `open` continues in a fresh session that starts from it."""

    plan: str
    document: str | None = None
    open: bool = True


class NewSession(Command, frozen=True):
    """Leave this session and begin another."""


class OpenSession(Command, frozen=True):
    """Leave this session and open another, by id or unique beginning of one."""

    id: str


class ImportSession(Command, frozen=True):
    """Leave this session and open a copy of an exported one, stored under a new id. `path`: the exported file."""

    path: str


class RenameSession(Command, frozen=True):
    """Give a session another title: by default the open one."""

    title: str
    id: str = ""


class ChooseModel(Command, frozen=True):
    """Have another model answer in the open session from the next prompt on; a running turn keeps its own."""

    model: str


class DeleteSession(Command, frozen=True):
    """Delete a session and what only it refers to. The open one cannot be deleted."""

    id: str


class SetBudget(Command, frozen=True):
    """Allow more: dollars, tokens or steps. None leaves a limit as it is."""

    usd: float | None = None
    tokens: int | None = None
    steps: int | None = None
