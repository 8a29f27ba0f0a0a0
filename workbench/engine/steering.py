"""Single blocks of the window at the person's word: marked, said again, attached, read (seed §1, §8)."""

import asyncio
from pathlib import Path

from workbench.context import Estimator
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.encoding import encode
from workbench.core.entries import Entry, write_text
from workbench.core.errors import WorkbenchError
from workbench.core.figures import tokens as about
from workbench.core.messages import RedactedThinking, Thinking, ToolResult, ToolUse, replace_surrogates
from workbench.core.passages import find_passage
from workbench.core.window import Block, Document, Mark, ToolDef, Window
from workbench.engine.session import Session
from workbench.workspace import read_file

MOST_BYTES = 10_000_000
"""Of an attached file."""
PINNED_SHARE = 0.5
"""Of the size at which compaction is due, what head and pinned blocks may take together: more could never shrink."""
HEAD = frozenset({"tools", "system", "memory", "summary"})


class Steering:
    """One session's blocks in the hands of a person."""

    def __init__(self, session: Session, estimator: Estimator, workspace: str) -> None:
        self._session, self._estimator, self._workspace = session, estimator, workspace
        self._attached: dict[str, Document] = {}
        """Attached before the first turn, by id."""

    async def handle(self, command: c.MarkBlock | c.LiftBlock | c.AttachDocument) -> None:
        """Carry out one command. Raises WorkbenchError for what cannot be; the window is as it was then."""
        match command:
            case c.MarkBlock(id=id, mark=mark):
                self._mark(id, mark)
            case c.LiftBlock(id=id):
                self._lift(id)
            case c.AttachDocument(path=path):
                await self._attach(path)
        self._session.measure()

    def take_attached(self) -> tuple[Document, ...]:
        """What was attached before there was an epoch whose memory it could join; it waits no longer."""
        taken, self._attached = tuple(self._attached.values()), {}
        return taken

    def _mark(self, id: str, mark: Mark) -> None:
        session = self._session
        window = session.list_blocks()
        if wrong := _find_fault(session.conversation, window, _find(window, id), mark):
            raise WorkbenchError(*wrong)
        session.emit(e.BlockMarked(id, mark))

    def _lift(self, id: str) -> None:
        session = self._session
        if (found := read_block(session.conversation, id)) is None:
            raise WorkbenchError(f"there is no block {id} in this session", "/window lists them.")
        text = replace_surrogates(f"[LIFTED] {describe_block(session.conversation, id)}\n{found}")
        (tokens, kind), free = self._estimator.measure(text), session.window().free
        if tokens > free:
            raise WorkbenchError(
                f"it takes {about(tokens)} tokens, and {about(max(free, 0))} are free", "/compact makes room."
            )
        session.emit(e.BlockLifted(id, text, tokens, kind))

    async def _attach(self, path: str) -> None:
        session = self._session
        asked = path, self._workspace, session.window(), self._estimator
        document = await asyncio.to_thread(read_document, *asked)
        if session.conversation.epoch is None:
            self._attached[document.id] = document
            session.emit(e.Noticed(f"{path} goes along with your first prompt"))
        else:
            session.emit(e.DocumentAttached(document))


def read_document(path: str, workspace: str, window: Window, estimator: Estimator) -> Document:
    """The text file at `path`, to be attached. Blocks. Raises WorkbenchError for one that is no text, or too large."""
    place = Path(workspace, path).expanduser()
    try:
        text = read_file(place, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkbenchError(f"{path} is no text in UTF-8", "Attach a text file, or convert it first.") from None
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror or error}") from error
    if "\0" in text or not text.strip():
        raise WorkbenchError(f"{path} {'is no text' if text.strip() else 'is empty'}", "Attach a text file.")
    tokens, kind = estimator.measure(text)
    head = sum(section.tokens for section in window.sections[:3])
    if head + tokens > (most := int(window.trigger * PINNED_SHARE)):
        raise WorkbenchError(
            f"{path} is about {about(tokens)} tokens; with what stays already, {about(head)}, that is more than the"
            f" {about(most)} that may",
            "Ask for it to be read in parts instead.",
        )
    inside = place.is_relative_to(workspace)
    name = str(place.relative_to(workspace)) if inside else path
    return Document(name, "reference", text, tokens, f"attached:{name}", kind)


def read_block(conversation: Conversation, id: str) -> str | None:
    """The text of a block of the window, or of one that left it, as it was journalled; None where there is none."""
    if entry := conversation.archive.get(id):
        return write_text(entry.part)
    epoch = conversation.epoch
    if epoch is None:
        return None
    waiting = {entry.id: write_text(entry.part) for entry in conversation.waiting}
    tools = {f"tool:{tool.name}": _describe_tool(tool) for tool in epoch.tools}
    memory = {document.id or f"memory:{place}": document.text for place, document in enumerate(epoch.memory, 1)}
    return (waiting | tools | memory | {"system": epoch.system, "summary": epoch.summary}).get(id)


def _describe_tool(tool: ToolDef) -> str:
    """What the model reads of it; one that the provider runs itself has no words of its own."""
    return str(tool.definition.get("description") or encode(tool.definition).decode())


def recall_block(conversation: Conversation, id: str) -> str | None:
    """What the agent gets back for an id: a passage of the conversation, or another block; None where there is none."""
    passage = find_passage(conversation.archive, id)
    if not passage:
        return read_block(conversation, id)
    if len(passage) == 1 and not isinstance(passage[0].part, ToolUse | ToolResult):
        return write_text(passage[0].part)
    return "\n\n".join(_write_entry(conversation, entry) for entry in passage)


def _write_entry(conversation: Conversation, entry: Entry) -> str:
    """An entry of a passage with who said it; a call by what it was about, its command line word for word."""
    match entry.part:
        case ToolUse(id=call) if (about := conversation.proposals.get(call)) is not None:
            line = about.preview.text if about.preview and about.preview.kind == "command" else about.subject
            return f"[{about.verb or about.tool}] {line}".rstrip()
        case ToolResult(text=text, error=error):
            return f"[{'error' if error else 'result'}] {text}"
    return f"[{entry.role}] {write_text(entry.part)}"


def describe_block(conversation: Conversation, id: str) -> str:
    """`turn 3, read src/app.py:`, for the model."""
    entry = conversation.archive.get(id)
    if entry is None:
        return f"{id}:"
    call = entry.part.tool_use_id if isinstance(entry.part, ToolResult) else ""
    about = conversation.proposals.get(call)
    words = f", {about.verb or about.tool} {about.subject}".rstrip() if about else ""
    return f"turn {entry.turn}{words}:"


def _find(window: Window, id: str) -> Block:
    found = next((block for block in window.blocks if block.id == id), None)
    if found is None:
        raise WorkbenchError(f"the window holds no block {id}", "/window lists those that it holds.")
    return found


def _find_fault(conversation: Conversation, window: Window, block: Block, mark: Mark) -> tuple[str, str] | None:
    """Why `block` cannot be marked so, and what to do instead; None where it can."""
    entry = conversation.archive.get(block.id)
    documents = {document.id for document in conversation.epoch.memory} if conversation.epoch else set()
    if block.section in HEAD and (block.id not in documents or mark == "mask"):
        return f"{block.label or block.section} always stays", "Blocks of the conversation can be marked."
    if entry is not None and isinstance(entry.part, Thinking | RedactedThinking):
        return "thinking leaves with the next compaction by itself", "Pin the answer instead."
    if block.pinned and mark in ("drop", "mask"):
        return f"{block.label or block.section} is pinned", "Take the pin back first."
    if mark == "mask" and not (entry and isinstance(entry.part, ToolUse | ToolResult)):
        return "only calls and their results can be masked", "Drop it, or compact with a summary."
    if mark in ("drop", "mask") and block.section == "current" and not (entry and entry.notice):
        return "the request that runs stays word for word", "Wait until it is answered."
    if mark == "pin":
        stays = [each for each in window.blocks if each.section in HEAD or each.pinned or each.id == block.id]
        tokens, most = sum(each.tokens for each in stays), int(window.trigger * PINNED_SHARE)
        if tokens > most:
            full = f"with it {about(tokens)} tokens would stay for good, of {about(most)} that may"
            return full, "Unpin another block first, or lift this one when it is needed."
    return None
