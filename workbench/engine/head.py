"""The head of an epoch: tools, system prompt and memory, put together once and then left alone."""

import msgspec

from workbench.confidence import add_confidence
from workbench.core import events as e
from workbench.core.epoch import Document, Epoch, ToolDef
from workbench.core.tools import ToolSpec
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.instruction import system_prompt
from workbench.engine.session import Session


def definitions(parts: EngineDependencies, tools: tuple[ToolSpec, ...]) -> tuple[ToolDef, ...]:
    """The tools as they are sent: each schema gains the optional confidence fields."""
    sent = []
    for tool in tools:
        definition = {
            "name": tool.name,
            "description": tool.description,
            "input_schema": add_confidence(tool.schema),
        }
        sent.append(ToolDef(tool.name, definition, parts.estimator.count_json(definition)))
    return tuple(sent)


def memory(parts: EngineDependencies) -> tuple[Document, ...]:
    """The workspace's instruction files."""
    count = parts.estimator.count
    return tuple(Document(name, "instructions", text, count(text)) for name, text in parts.instructions())


def ensure_epoch(
    session: Session, parts: EngineDependencies, tools: tuple[ToolSpec, ...], handed: tuple[Document, ...] = ()
) -> None:
    """Open the first epoch, or another one where model, tools or memory have changed since the last prompt.

    `handed` is the handoff document that a new session starts from.
    """
    current = session.conversation.epoch
    system = system_prompt(parts.facts.workspace)
    carried = tuple(d for d in current.memory if d.kind != "instructions") if current else ()
    epoch = Epoch(
        current.number + 1 if current else 1,
        parts.facts.model,
        system,
        parts.estimator.count(system),
        definitions(parts, tools),
        memory(parts) + carried + handed,
        current.summary if current else "",
        current.summary_tokens if current else 0,
    )
    if current is None:
        session.emit(e.EpochOpened(epoch))
    elif msgspec.structs.replace(epoch, number=current.number) != current:
        kept = tuple(entry.id for entry in session.conversation.entries)
        changed: e.EpochReason = "tools" if epoch.tools != current.tools else "resumed"
        reason: e.EpochReason = "model" if epoch.model != current.model else changed
        session.emit(e.EpochOpened(epoch, reason, kept, replaced=session.conversation.replaced))
