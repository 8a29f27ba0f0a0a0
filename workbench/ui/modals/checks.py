"""Facts counted against the journal, as rows."""

from textual.content import Content

from workbench.core.plans import Checked
from workbench.ui.modals.styled import bold, ends, plain


def checked_rows(checked: tuple[Checked, ...], width: int, remark: str = "") -> list[Content]:
    """`11 of 11  paths  ✓`: numbers in a column of their own; what is missing says so with `remark`."""
    counts = [f"{check.found} of {check.total}" for check in checked]
    widest = max((len(count) for count in counts), default=0)
    rows = []
    for check, count in zip(checked, counts, strict=True):
        short = check.total - check.found
        mark = plain("✓", "$success") if short <= 0 else plain(f"! {short} {remark}" if remark else "!", "$warning")
        rows.append(ends(bold(f"{count:>{widest}}") + "  " + plain(check.kind), mark, width))
    return rows
