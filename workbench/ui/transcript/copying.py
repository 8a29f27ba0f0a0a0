"""What is copied: a message, its newest code block, or the lines under a selection, without the gutter."""

from textual.selection import Selection

from workbench.ui.draw.runs import Styles
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Tool
from workbench.ui.transcript.layout import LEFT, Layout
from workbench.ui.transcript.markdown import split_blocks
from workbench.ui.transcript.remarks import draw_turn_end


def copy_entry(entry: AnyEntry) -> tuple[str, str]:
    """The whole entry as text, and what to call it."""
    match entry:
        case Prompt() | Answer():
            return entry.text, "message"
        case Tool():
            return entry.output or "\n".join(change.diff for change in entry.changes) or entry.summary, "output"
        case Asked():
            return entry.message, "question"
        case Marker():
            return f"{entry.title} {entry.detail}".strip(), "line"
    return draw_turn_end(entry, 200, Styles({}))[0].text, "line"


def code_block(entry: AnyEntry) -> str:
    """The newest fenced code of an answer, whole; empty where there is none."""
    if not isinstance(entry, Answer):
        return ""
    fences = [token for block in split_blocks(entry.text) for token in block.tokens if token.type == "fence"]
    return fences[-1].content if fences else ""


def select_text(page: Layout, selection: Selection) -> str:
    """The text under a selection; wrapped lines are joined again."""
    total = page.heights.total
    first, start = selection.start.transpose if selection.start else (0, 0)
    last, end = selection.end.transpose if selection.end else (total - 1, None)
    text = ""
    for y in range(max(0, first), min(last, total - 1) + 1):
        index, within = page.heights.find(y)
        laid = page.lay_out(index)
        row = within - laid.gap
        line = laid.lines[row] if 0 <= row < len(laid.lines) else None
        words = line.text if line else ""
        left = max(0, start - LEFT) if y == first else 0
        right = max(0, end - LEFT) if end is not None and y == last else None
        piece = words[left:right].rstrip()
        join = line.join if line else "\n"
        text = piece if y == first else f"{text}{join}{piece.lstrip() if join == ' ' else piece}"
    return text
