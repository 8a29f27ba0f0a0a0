"""The next request: the fold of the journal as the Messages API takes it, and the reply as the API takes it back.

tools · system · memory │ summary · history · current        static head │ messages that only grow

The head is put together once for an epoch and then left alone (seed §8); facts that change are said in a notice.
"""

import itertools
import re
from collections.abc import Collection
from typing import Any

import msgspec

from workbench.caching import Ttl, place_breakpoints
from workbench.confidence import GUIDE, add_confidence
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import Progress
from workbench.core.messages import Part, Text, ToolResult, ToolUse, replace_surrogates
from workbench.core.ports import RuntimeInfo
from workbench.core.requests import ModelRequest
from workbench.core.tools import ToolSpec
from workbench.core.window import Document, Epoch, ToolDef, wrap_document
from workbench.engine.session import Session

_ROLE = """\
You are the agent of Workbench, a terminal in which a developer sees what fills your context window, what it costs, \
how sure you are and what you are about to do.

The workspace is {workspace}. Paths are relative to it.{beside}

How you work:
- Look before you answer: list, read and search instead of guessing. Ask for independent reads in one step.
- Keep the scratchpad: set the task, record each finding that you would need if the conversation were gone, each \
decision with its reasoning, each open question. It outlives the window; the conversation does not.
- A change is shown to the developer before it happens and may be rejected or edited. A rejection is final for that \
proposal: read the note and go on another way. An unanswered question is not a no, but it is not a yes either.
- Text in brackets such as [WORKING MEMORY] or [NOTICE] comes from the workbench, not from the developer.
- Answer in Markdown, briefly, with the paths and figures that matter. Say what you did not check."""

LAST_STEP = (
    "[NOTICE] This is the last step: tools are off. Answer now with what you have, and say what you could not finish."
)
GO_ON = "[NOTICE] You paused. Go on from where you stopped."
CALL_CUT = "[NOTICE] Your reply reached its limit in the middle of a call, which was not made. Make it again in parts."

_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_-]")


def define_tools(tools: tuple[ToolSpec, ...], estimator: Estimator) -> tuple[ToolDef, ...]:
    """The tools as they are sent: each schema gains the optional confidence fields."""
    sent = []
    for tool in tools:
        definition = {"name": tool.name, "description": tool.description, "input_schema": add_confidence(tool.schema)}
        sent.append(ToolDef(tool.name, definition, estimator.count_json(definition)))
    return tuple(sent)


def keep_model(facts: RuntimeInfo, session: Session) -> RuntimeInfo:
    """`facts` with the model that answers the next prompt of `session`: what came last of these counts.

    Its epoch's own or a choice in its journal, what the command line named, a choice since then; no model of another
    provider. One that has no epoch yet takes the model of the session that it is a part of: in a turn, the turn's.
    """
    at = session if session.conversation.epoch else session.root
    epoch, part_of_turn = at.conversation.epoch, at is not session and at.conversation.running
    if not facts.model_is_default and not at.root.choice.fresh:
        return facts
    if (chosen := at.choice.find(facts.provider)) and not part_of_turn:
        return msgspec.structs.replace(facts, model=chosen)
    if epoch is None or (epoch.provider or at.summary.provider) != facts.provider:
        return facts
    return msgspec.structs.replace(facts, model=epoch.model)


def describe_switch(facts: RuntimeInfo, session: Session) -> str:
    """Who answers from here on where somebody else did before, for the person; else empty."""
    epoch, now = session.conversation.epoch, keep_model(facts, session)
    if epoch is None:
        return ""
    before, after = (epoch.model, epoch.provider or session.summary.provider), (now.model, now.provider)
    if before == after:
        return ""
    return "until now {} ({}) answered here; from now on {} ({}) does".format(*before, *after)


def draft_epoch(
    session: Session,
    facts: RuntimeInfo,
    files: tuple[tuple[str, str], ...],
    tools: tuple[ToolSpec, ...],
    estimator: Estimator,
    handed: tuple[Document, ...] = (),
) -> Epoch:
    """The first epoch, or the next one where model, tools or instruction files are others; else the open one itself.

    `files`: instruction files, name and text. `handed`: the handoff document that a new session starts from.
    """
    current, count = session.conversation.epoch, estimator.count
    beside = f" File tools may also use {', '.join(facts.added)}." if facts.added else ""
    system = f"{_ROLE.format(workspace=facts.workspace, beside=beside)}\n\n{GUIDE}"
    instructions = tuple(Document(name, "instructions", text, count(text)) for name, text in files)
    carried = tuple(d for d in current.memory if d.kind != "instructions") if current else ()
    epoch = Epoch(
        current.number + 1 if current else 1,
        facts.model,
        system,
        count(system),
        define_tools(tools, estimator),
        instructions + carried + handed,
        current.summary if current else "",
        current.summary_tokens if current else 0,
        facts.provider,
    )
    same = current and msgspec.structs.replace(epoch, number=current.number) == _name_provider(current, session)
    return current if current and same else epoch


def ensure_epoch(session: Session, epoch: Epoch) -> None:
    """Open the epoch that `draft_epoch` gave, where it is not open already."""
    current = session.conversation.epoch
    if current is None:
        session.emit(e.EpochOpened(epoch))
    elif epoch is not current:
        kept = tuple(entry.id for entry in session.conversation.entries)
        replaced = session.conversation.replaced
        session.emit(e.EpochOpened(epoch, _compare(_name_provider(current, session), epoch), kept, replaced=replaced))


def _name_provider(epoch: Epoch, session: Session) -> Epoch:
    """`epoch` with the provider that a journal from before it was told does not name."""
    return msgspec.structs.replace(epoch, provider=epoch.provider or session.summary.provider)


def _compare(old: Epoch, new: Epoch) -> e.EpochReason:
    if (new.model, new.provider) != (old.model, old.provider):
        return "model"
    return "tools" if new.tools != old.tools else "resumed"


def assemble_request(
    conversation: Conversation, max_tokens: int, *, tools_off: bool = False, ttl: Ttl = "5m"
) -> ModelRequest:
    """The next request of the open epoch, with its cache breakpoints, which live for `ttl`."""
    epoch = conversation.epoch
    if epoch is None:
        raise ValueError("no epoch is open")
    system: list[dict[str, Any]] = [{"type": "text", "text": epoch.system}]
    system += [{"type": "text", "text": wrap_document(document)} for document in epoch.memory]
    tools = [tool.definition for tool in epoch.tools]
    system, tools, messages = place_breakpoints(system, tools, conversation.messages(), bool(epoch.summary), ttl)
    return ModelRequest(epoch.model, max_tokens, system, messages, tools, tools_off)


def write_notice(session: Session, now: float) -> str:
    """What the first request of a turn tells besides; empty where nothing changed.

    Written once, into the newest user message, and never into `system`.
    """
    return session.notices.write(now, session.scratchpad, session.root.spend.reading())


def measure_progress(session: Session) -> Progress:
    """The work so far, for an escalation (seed §5)."""
    spend, pad = session.spend.reading(), session.scratchpad
    changed = [
        f"{change.action} {change.path}" + (f" +{change.added} -{change.removed}" if change.diff else "")
        for change in session.changes
    ]
    notes = [note.text for note in (*pad.decisions[-2:], *pad.findings[-3:])]
    steps, tokens = session.conversation.step, spend.tokens
    return Progress(steps, session.step_budget, tokens, spend.own_usd, spend.as_if, tuple(changed + notes))


def accept_reply(parts: tuple[Part, ...], call_ids: Collection[str]) -> tuple[Part, ...]:
    """`parts`, changed only where the API would refuse in a later request what it sent itself.

    Call ids that stand already get a number, names of tools lose what no name may have, halves of characters go. The
    same call with the same id, or both without one, is one call.
    `call_ids` are those of the session.
    """
    own: set[str] = set()
    kept: list[Part] = []
    asked: list[ToolUse] = []
    for part in parts:
        whole = _repair(part)
        if isinstance(whole, ToolUse):
            if whole in asked:
                continue
            asked.append(whole)
            whole = msgspec.structs.replace(whole, id=_make_unique(whole.id, call_ids, own))
            own.add(whole.id)
        kept.append(whole)
    return tuple(kept)


def find_repeated(sent: tuple[Part, ...], accepted: tuple[Part, ...], conversation: Conversation) -> frozenset[str]:
    """Ids of calls with an effect that the step before made, and that the server sends again as they were.

    Some servers give a new call an old id: only what is the same in all, right after it ran, is no new call.
    """
    before: dict[str, ToolUse] = {}
    ran: set[str] = set()
    for entry in reversed(conversation.entries):
        if (entry.turn, entry.step) < (conversation.turn, conversation.step - 1):
            break
        match entry.part:
            case ToolUse(id=id) as call:
                before[id] = call
            case ToolResult(tool_use_id=id, error=False):
                ran.add(id)
    again = [
        call
        for call in sent
        if isinstance(call, ToolUse) and call.id in ran and call == before.get(call.id) and _acts(conversation, call.id)
    ]
    calls = [part for part in accepted if isinstance(part, ToolUse)]
    return frozenset(
        each.id for call in again for each in calls if each.id.startswith(f"{call.id}_") and each.input == call.input
    )


def _acts(conversation: Conversation, call: str) -> bool:
    """True where the call of that id does more than read."""
    proposal = conversation.proposals.get(call)
    return proposal is not None and not proposal.reads_only


def join_text(parts: tuple[Part, ...]) -> str:
    """All text of a message, joined."""
    return "".join(part.text for part in parts if isinstance(part, Text))


def _repair(part: Part) -> Part:
    match part:
        case Text(text=text):
            return part if text.isascii() else Text(replace_surrogates(text))
        case ToolUse(name=name, input=arguments):
            name = _NOT_IN_A_NAME.sub("_", name)[:128] or "unnamed"
            return msgspec.structs.replace(part, name=name, input=_repair_value(arguments))
    return part


def _repair_value(value: Any) -> Any:
    match value:
        case str():
            return replace_surrogates(value)
        case list():
            return [_repair_value(each) for each in value]
        case dict():
            return {replace_surrogates(key): _repair_value(each) for key, each in value.items()}
    return value


def _make_unique(id: str, *taken: Collection[str]) -> str:
    """`id`, or with the first number that makes it another one."""
    id = _NOT_IN_A_NAME.sub("_", id) or "call"
    others = (f"{id}_{n}" for n in itertools.count(2))
    return next(free for free in itertools.chain([id], others) if not any(free in ids for ids in taken))
