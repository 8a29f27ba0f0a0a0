"""What the list shows: the blocks and below them what left the window, or the findings; or why there is nothing."""

from collections.abc import Callable, Sequence

from textual.content import Content

from workbench.core.inspection import Finding, Inspection, LeftBlock
from workbench.core.window import Window
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import count, faint, heading, join, muted, plain
from workbench.ui.inspector.drawing import Columns, draw_block, draw_finding, draw_left
from workbench.ui.inspector.keys import FINDINGS, LIFT, REMEDIES
from workbench.ui.inspector.rows import BlockRow, Item, Order, build_rows, find_left, find_rows
from workbench.ui.inspector.table import Listed
from workbench.ui.state import UiState

NOTHING = Inspection(Window(0, 0, 0, 0, 0, True, ()))


class Listing:
    """The window as it was looked at last, and what of it is wanted in which order."""

    def __init__(self, state: UiState, show: Callable[[ScreenCommand], str]) -> None:
        """`show` writes the key that a command has."""
        self._state, self._show = state, show
        self.found = NOTHING
        self.rows: list[BlockRow] = []
        self._largest = self._digits = 1
        self.begin()

    def begin(self) -> None:
        """All blocks as the request has them."""
        self.order, self.sought, self.in_findings = Order(), "", False

    def take(self, found: Inspection) -> None:
        """Another look at the window."""
        self.found, self.rows = found, build_rows(found)
        self._largest = max((row.tokens for row in self.rows), default=1)
        self._digits = len(str(max((row.turn for row in self.rows), default=0)))

    @property
    def leaving(self) -> int:
        """Rows that are marked to leave."""
        return sum(row.leaves for row in self.rows)

    def compose(self) -> list[Listed]:
        """What is to be shown."""
        if self.in_findings:
            return list_findings(self.found.findings, self._show(FINDINGS))
        return self._list_blocks()

    def _list_blocks(self) -> list[Listed]:
        left = find_left(self.found.left, self.sought)
        listed: list[Listed] = [*self.order.sort(find_rows(self.rows, self.sought))]
        if not listed:
            listed += _say_nothing(self.sought)
        if left:
            lift = f"; {key} brings one back" if (key := self._show(LIFT)) else ""
            title = join([heading("OUT OF THE WINDOW"), faint(f"still in the journal{lift}")])
            listed += [Content(), title, *left]
        return listed

    def draw(self, item: Item, width: int) -> list[Content]:
        """The lines of an item, `width` cells wide."""
        columns = Columns.of(width + 1)
        match item:
            case BlockRow():
                return [draw_block(item, columns, self._largest, self._digits, self._state)]
            case LeftBlock():
                return [draw_left(item, columns, self._digits, self._state.options.linear)]
            case Finding():
                remedy = REMEDIES.get(item.remedy)
                return draw_finding(item, width, self._state.as_if, self._show(remedy) if remedy else "")

    def tell(self, shown: int, selected: int) -> str:
        """For the key line, the one figure of now: `2 selected`, `2 marked`, `4 found`, `16 rows`."""
        if selected or self.leaving:
            return f"{selected} selected" if selected else f"{self.leaving} marked"
        if self.in_findings:
            return count(shown, "finding")
        return f"{shown} found" if self.sought else count(len(self.rows), "row")


def _say_nothing(sought: str) -> list[Listed]:
    if sought.strip():
        return [muted("Nothing in the window has these words; esc shows all of it.")]
    return [plain("Nothing is sent yet."), muted("From your first prompt on each block stands here, with its tokens.")]


def list_findings(findings: Sequence[Finding], key: str) -> list[Listed]:
    """Each with a line between it and the next; `key` goes back to the blocks."""
    if not findings:
        return [plain("Nothing more that wastes the window was found."), muted(f"{key} shows its blocks again.")]
    listed: list[Listed] = [join([heading("FINDINGS"), faint("what takes room, and the key that mends it")]), Content()]
    for finding in findings:
        listed += [finding, Content()]
    return listed
