"""Blocks of the window with a few words for each, built once and built again only where they changed."""

from collections.abc import Iterable

from workbench.context.window import Piece, shorten
from workbench.core.conversation import Entry
from workbench.core.decisions import Proposal
from workbench.core.messages import AnyPart, Opaque, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.window import Block, SectionName


class Blocks:
    """Makes blocks, and remembers those of the last window with their zone and mark."""

    def __init__(self) -> None:
        self._built: dict[str, Block] = {}
        self._labels: dict[tuple[str, str], str] = {}
        """By the entry's id and its replacement."""
        self._calls: dict[str, str] = {}
        """Labels of calls by their id, for their results too."""

    def remember(self, blocks: Iterable[Block]) -> None:
        """Keep the blocks of a measured window, which the next one begins from."""
        self._built = {block.id: block for block in blocks}

    def forget(self) -> None:
        """Build every block anew: under another head an entry may say something else."""
        self._built = {}

    def of_piece(self, piece: Piece, tokens: int, exact: bool, seq: int, epoch: int) -> Block:
        """The block of a piece of the head."""
        return Block(
            piece.id, piece.section, piece.role, tokens, exact, 0, seq, piece.label, pinned=piece.pinned, epoch=epoch
        )

    def of_entry(self, entry: Entry, section: SectionName, tokens: int, exact: bool, epoch: int) -> Block:
        """The block of an entry: the one of the last window where it says the same."""
        old, words = self._built.get(entry.id), self._label(entry)
        if old and (old.tokens, old.exact, old.section, old.epoch, old.label) == (tokens, exact, section, epoch, words):
            return old
        return Block(entry.id, section, entry.role, tokens, exact, entry.turn, entry.seq, words, epoch=epoch)

    def note_entry(self, entry: Entry) -> None:
        """Take the words for a call when it comes: its result may outlast it."""
        if isinstance(entry.part, ToolUse):
            self._calls.setdefault(entry.part.id, label(entry.part, {}))

    def note_proposal(self, call: Proposal) -> None:
        """What a call is about is what its tool says."""
        self._calls[call.call_id] = f"{call.tool} {shorten(call.subject)}".strip()

    def _label(self, entry: Entry) -> str:
        if isinstance(entry.part, ToolUse | ToolResult):
            return label(entry.part, self._calls)
        key = (entry.id, entry.content)
        if key not in self._labels:
            self._labels[key] = label(entry.part, self._calls)
        return self._labels[key]


def label(part: AnyPart, calls: dict[str, str]) -> str:
    """`read src/x.py`, `thinking`, or the first words; `calls` has the label of each call by its id."""
    match part:
        case Text(text=text):
            return shorten(text)
        case Thinking() | RedactedThinking():
            return "thinking"
        case ToolUse(id=call, name=name, input=arguments):
            words = (value for value in arguments.values() if isinstance(value, str) and value.strip())
            return calls.get(call) or f"{name} {shorten(next(words, ''))}".strip()
        case ToolResult(tool_use_id=call):
            return calls.get(call, "result")
        case Opaque(data=data):
            return str(data.get("type", "block"))
