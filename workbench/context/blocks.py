"""Blocks of the window, built once and built again only where they changed."""

from collections.abc import Iterable

from workbench.context.labels import label
from workbench.context.sections import Piece
from workbench.core.conversation import Entry
from workbench.core.messages import ToolUse
from workbench.core.window import Block, SectionName


class Blocks:
    """Makes blocks, and remembers those of the last window with their zone and mark."""

    def __init__(self) -> None:
        self._built: dict[str, Block] = {}
        self._labels: dict[tuple[str, str], str] = {}
        """By the entry's id and its replacement."""
        self._calls: dict[str, str] = {}
        """Labels of calls by their id, for their results."""

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
        old = self._built.get(entry.id)
        if old and (old.tokens, old.exact, old.section, old.epoch) == (tokens, exact, section, epoch):
            return old
        return Block(
            entry.id, section, entry.role, tokens, exact, entry.turn, entry.seq, self._label(entry), epoch=epoch
        )

    def entered(self, entry: Entry) -> None:
        """Take the words for a call when it comes: its result may outlast it."""
        if isinstance(entry.part, ToolUse):
            self._calls[entry.part.id] = self._label(entry)

    def _label(self, entry: Entry) -> str:
        key = (entry.id, entry.content)
        if key not in self._labels:
            self._labels[key] = label(entry.part, self._calls)
        return self._labels[key]
