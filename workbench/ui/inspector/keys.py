"""The inspector's commands, and which of them mean something at the moment."""

from collections.abc import Sequence

from workbench.core.inspection import Finding, LeftBlock
from workbench.ui.commands import ScreenCommand
from workbench.ui.inspector.rows import TOOLS, BlockRow, Item

SELECT = ScreenCommand("select", "space", "select", "Select several, for the next key that marks")
PIN = ScreenCommand("pin", "p", "pin", "Keep it word for word through every compaction; again takes it back")
DROP = ScreenCommand("drop", "d", "drop", "Mark it to leave with the next compaction; again takes it back")
MASK = ScreenCommand("mask", "m", "mask", "Mark it so that the next compaction leaves one line of it")
LIFT = ScreenCommand("lift", "l", "lift", "Say it again in the next request, where it is heard best")
TAKE_BACK = ScreenCommand("take_back", "u", "unmark", "Take back what was marked or pinned", spare=True)
SORT = ScreenCommand("sort", "o", "sort", "Sort by the next column; a click on its name sorts by it too")
REVERSE = ScreenCommand("reverse", "O,shift+o", "reverse", "Sort the other way round", spare=True)
FIND = ScreenCommand("find", "slash", "find", "Show only rows with these words: in a label, a section, a zone, a state")
FINDINGS = ScreenCommand("findings", "f", "findings", "Show what wastes the window, or again the blocks", spare=True)
TOKENS = ScreenCommand("tokens", "t", "tokens", "Show the text in the pieces of the local tokenizer", spare=True)
READ = ScreenCommand("read", "v", "read", "Read the text whole", spare=True)
JUMP = ScreenCommand("jump", "enter", "go to it", "Go to its place in the transcript", spare=True)
COMPACT = ScreenCommand("compact", "f8", "compact", "Compact by the marks alone; without marks, as everywhere else")
OFFERED = (
    *(SELECT, PIN, DROP, MASK, LIFT, TAKE_BACK, COMPACT),
    *(JUMP, READ, TOKENS, SORT, REVERSE, FIND, FINDINGS),
)
FINDING_KEYS = (
    ScreenCommand("leave_find", "enter", "to the rows", bound=False, help=""),
    ScreenCommand("end_find", "escape", "show all", bound=False, help=""),
)


REMEDIES: dict[str, ScreenCommand] = {"drop": DROP, "mask": MASK, "lift": LIFT, "compact": COMPACT}
"""What mends a finding."""


def choose_keys(
    item: Item | None, back: ScreenCommand, *, several: bool, marks: int, findings: bool
) -> tuple[ScreenCommand, ...]:
    """The keys of the moment for the item under the cursor, the most needed first. `marks`: how many blocks leave."""
    compact = COMPACT.reword("compact by marks" if marks else "")
    ends = (SORT, FIND, *((FINDINGS,) if findings else ()))
    if item is None:
        return (back,)
    if isinstance(item, Finding):
        return back, *_mend(item), compact, READ
    if several:
        return back, SELECT, PIN, DROP, MASK, LIFT, TAKE_BACK
    if isinstance(item, LeftBlock):
        return back, SELECT, LIFT.reword("lift back"), JUMP, READ, TOKENS, *ends
    undo = (TAKE_BACK,) if item.mark else ()
    jump = (JUMP,) if item.turn else ()
    told = (*ends, READ, *jump, TOKENS, *undo)
    if marks:  # where not all fit, it is the one that is wanted
        return back, compact, SELECT, *_list_marks(item), *told
    return back, SELECT, *_list_marks(item), compact, *told


def _list_marks(row: BlockRow) -> tuple[ScreenCommand, ...]:
    """What can be said of a row: the head always stays, and only what a call gave back can be masked."""
    if row.id == TOOLS:
        return ()
    if row.section in ("tools", "system", "summary") or row.id.startswith("memory:"):
        return (LIFT,)
    return (PIN, DROP, MASK, LIFT) if row.section == "results" else (PIN, DROP, LIFT)


def _mend(finding: Finding) -> Sequence[ScreenCommand]:
    """The key that mends it."""
    return (REMEDIES[finding.remedy],) if finding.remedy in REMEDIES and finding.ids else ()
