"""One entry laid out at one width, and what was painted of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.strip import Strip

from workbench.ui.draw.runs import TextLine
from workbench.ui.transcript.anchors import find_sources
from workbench.ui.transcript.flow import EntryPlace
from workbench.ui.transcript.hits import DrawnHits
from workbench.ui.transcript.markdown import BlockPlace
from workbench.ui.transcript.streaming import Stream


@dataclass(slots=True)
class EntryLayout:
    """An entry laid out: its lines, and the strips of those that were painted."""

    stamp: object
    place: EntryPlace
    lines: Sequence[TextLine] | Stream
    blocks: Sequence[BlockPlace] = ()
    """Where each block of an answer begins."""
    strips: dict[tuple[int, bool], tuple[int, Strip]] = field(default_factory=dict)
    """What was painted: the strip of each row (gap rows are negative), chosen or not, at which line it stood."""

    hits: tuple[object, DrawnHits] | None = None
    """Where words stand that are looked for, and what they are."""

    @property
    def gap(self) -> int:
        """Blank lines above; none where nothing is shown."""
        return self.place.gap if len(self.lines) else 0

    @property
    def height(self) -> int:
        return self.gap + len(self.lines)

    @property
    def sources(self) -> list[int]:
        """The line of its source that each row shows."""
        return find_sources(self.lines, self.blocks)
