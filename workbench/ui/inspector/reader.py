"""Reads an item of the list: beside it, in the pieces of the tokenizer where that is wanted, or whole in the pager."""

from textual.content import Content

from workbench.core.ports import EngineClient
from workbench.ui.draw.text import plain
from workbench.ui.inspector.block_text import BlockText, TokenLines, open_lines
from workbench.ui.inspector.opened import Opened, open_item
from workbench.ui.inspector.rows import Item
from workbench.ui.reading.document import Document, Piece
from workbench.ui.state import UiState

MOST_SPLIT = 20_000
"""Characters of a text that are shown in pieces."""


class Reader:
    """Has the engine read items for one view."""

    def __init__(self, client: EngineClient, state: UiState, view: BlockText) -> None:
        self._client, self._state, self._view = client, state, view
        self.in_pieces = False

    async def show(self, item: Item | None) -> None:
        """Show `item` in the view; nothing for none."""
        if item is None:
            self._view.read((), open_lines(""), 0, (), "")
            return
        opened = open_item(item, self._client, self._state)
        if self.in_pieces:
            told, lines = await self._split(opened)
            self._view.read((*opened.head, told, Content()), lines, 0, opened.why, opened.warning)
        else:
            lines_of = open_lines(opened.text, opened.path)
            self._view.read((*opened.head, Content()), lines_of, opened.line, opened.why, opened.warning)

    async def open_whole(self, item: Item, in_pieces: bool = False) -> Document:
        """`item` for the pager."""
        opened = open_item(item, self._client, self._state)
        if in_pieces:
            told, lines = await self._split(opened)
            return Document(f"{opened.title}, {told.plain}", (Piece("", lines, prose=True),))
        return Document(opened.title, (Piece("", open_lines(opened.text, opened.path), prose=not opened.path),))

    async def _split(self, opened: Opened) -> tuple[Content, TokenLines]:
        text = opened.text[:MOST_SPLIT]
        pieces = await self._client.split_tokens(text)
        part = f" in the first {MOST_SPLIT:,} characters" if len(opened.text) > MOST_SPLIT else ""
        return plain(f"{len(pieces):,} pieces of the local tokenizer{part}", "$info"), TokenLines(text, pieces)
