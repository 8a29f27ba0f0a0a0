"""What a window is made of: the head's pieces, and a block for each entry with a few words to tell it by."""

from collections.abc import Iterable, Iterator

import msgspec

from workbench.context.anchors import Key
from workbench.core.decisions import Proposal
from workbench.core.encoding import encode
from workbench.core.entries import WORDS, Entry
from workbench.core.messages import (
    AnyPart,
    Opaque,
    RedactedThinking,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
    without_trailer,
)
from workbench.core.window import Block, Epoch, Mark, SectionName

WIDTH = 48
"""Characters of a label."""


class Piece(msgspec.Struct, frozen=True):
    """A block of the head before it is measured."""

    id: str
    section: SectionName
    label: str
    tokens: int
    """Estimated."""
    content_class: str
    content: str
    """What it costs depends on this alone; a piece with the same content costs the same."""
    pinned: bool = False
    """Where nobody marked it otherwise."""

    @property
    def key(self) -> Key:
        """Identity of its cost."""
        return (self.id, self.content)

    @property
    def part(self) -> AnyPart:
        """What it says."""
        return Text(self.content)

    @property
    def role(self) -> str:
        """Who says it."""
        return "user" if self.section == "summary" else "system"


def split_head(epoch: Epoch | None) -> Iterator[Piece]:
    """The epoch's pieces in the order of the request: tools, system, memory, summary."""
    if epoch is None:
        return
    for tool in epoch.tools:
        content = encode(tool.definition).decode()
        yield Piece(f"tool:{tool.name}", "tools", tool.name, tool.tokens, "json", content)
    if epoch.system:
        yield Piece("system", "system", "system prompt", epoch.system_tokens, WORDS, epoch.system)
    for place, document in enumerate(epoch.memory, 1):
        label, id = document.name or shorten(document.text), document.id or f"memory:{place}"
        pinned = document.kind == "pinned" and not document.id
        kind = document.content_class or (WORDS if document.kind == "instructions" else "")
        yield Piece(id, "memory", label, document.tokens, kind, document.text, pinned)
    if epoch.summary:
        yield Piece("summary", "summary", "summary", epoch.summary_tokens, WORDS, epoch.summary)


class Blocks:
    """Makes the blocks of entries, and makes one again only where it changed: the others keep their zone and mark."""

    def __init__(self) -> None:
        self._built: dict[str, Block] = {}
        self._labels: dict[tuple[str, str], str] = {}
        """By the entry's id and its replacement."""
        self._calls: dict[str, ToolUse | Proposal] = {}
        """What names a call, by its id; its result too, which may outlast it."""

    def remember(self, blocks: Iterable[Block]) -> None:
        """Begin the next window from these blocks; from none where an entry may say something else than before."""
        self._built = {block.id: block for block in blocks}

    def build(
        self, entry: Entry, section: SectionName, tokens: int, exact: bool, epoch: int, mark: Mark, referenced: int
    ) -> Block:
        """The block of an entry: the one of the last window where it says the same."""
        old, words = self._built.get(entry.id), self._label(entry)
        now = (tokens, exact, section, entry.turn, epoch, words, mark)
        same = old and (old.tokens, old.exact, old.section, old.turn, old.epoch, old.label, old.mark) == now
        if old and same and old.referenced == referenced:
            return old
        place = entry.id, section, entry.role, tokens, exact, entry.turn, entry.seq, words
        return Block(*place, mark=mark, epoch=epoch, referenced=referenced)

    def add_entry(self, entry: Entry) -> None:
        """Remember a call when it comes."""
        if isinstance(entry.part, ToolUse):
            self._calls.setdefault(entry.part.id, entry.part)

    def add_proposal(self, call: Proposal) -> None:
        """What a call is about is what its tool says."""
        self._calls[call.call_id] = call

    def _label(self, entry: Entry) -> str:
        match entry.part:
            case ToolUse(id=id) | ToolResult(tool_use_id=id):
                return write_label(entry.part, {id: name_call(self._calls[id])} if id in self._calls else {})
        key = (entry.id, entry.content)
        if key not in self._labels:
            self._labels[key] = write_label(entry.part, {})
        return self._labels[key]


def name_call(call: ToolUse | Proposal) -> str:
    """`read src/x.py`: what the call does and to what."""
    if isinstance(call, ToolUse):
        return write_label(call, {})
    return f"{call.verb or call.tool} {shorten(call.subject)}".strip()


def write_label(part: AnyPart, calls: dict[str, str]) -> str:
    """`read src/x.py`, `thinking`, or the first words; `calls` has the label of each call by its id."""
    match part:
        case Text(text=text):
            return shorten(without_trailer(text))
        case Thinking() | RedactedThinking():
            return "thinking"
        case ToolUse(id=call, name=name, input=arguments):
            words = (value for value in arguments.values() if isinstance(value, str) and value.strip())
            return calls.get(call) or f"{name} {shorten(next(words, ''))}".strip()
        case ToolResult(tool_use_id=call):
            return calls.get(call, "result")
        case Opaque(data=data):
            return str(data.get("type", "block"))


def shorten(text: str) -> str:
    """The first line's words, cut with `…` after `WIDTH` characters."""
    line = " ".join(text[: 4 * WIDTH].split("\n\n", maxsplit=1)[0].split()) if text.strip() else ""
    if not line and text.strip():
        line = " ".join(text.split(maxsplit=12)[:12])
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
