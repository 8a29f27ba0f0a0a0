"""An item of the list, opened: what it is, its text, why it is here."""

from dataclasses import dataclass

from textual.content import Content

from workbench.core import figures
from workbench.core.inspection import BlockReading, Finding, LeftBlock
from workbench.core.ports import EngineClient
from workbench.ui.draw.bar import draw_chip
from workbench.ui.draw.text import bold, count, faint, flatten, muted, plain
from workbench.ui.inspector.drawing import name_state
from workbench.ui.inspector.rows import BlockRow, Item
from workbench.ui.state import UiState


@dataclass(frozen=True)
class Opened:
    """What is shown of an item."""

    title: str
    head: tuple[Content, ...]
    text: str
    path: str = ""
    line: int = 0
    """The number of its first line; 0 where its lines are not counted."""
    why: tuple[str, ...] = ()
    warning: str = ""


def open_item(item: Item, client: EngineClient, state: UiState) -> Opened:
    """`item` with the texts of its blocks."""
    match item:
        case BlockRow():
            return _open_row(item, client, state)
        case LeftBlock():
            read = client.read_block(item.id) or BlockReading(item.id, "")
            how = f"{item.fate} in turn {item.left_turn}, {figures.tokens(item.tokens)} tokens"
            head = faint("┊ ") + bold(flatten(item.label)), muted(how)
            return Opened(item.label, head, read.text, read.path, _first_line(read), read.why)
        case Finding():
            texts = [client.read_block(id) for id in item.ids[:3]]
            text = "\n\n".join(read.text for read in texts if read)
            return Opened(item.text, (plain("▪ ", "$warning") + bold(flatten(item.text)),), text)


def _open_row(row: BlockRow, client: EngineClient, state: UiState) -> Opened:
    if row.section == "tools":
        read = [client.read_block(id) for id in row.ids]
        text = "\n\n".join(f"{each.id.partition(':')[2]}\n{each.text}" for each in read if each)
        why = ("Sent with every request, so that they can be called.",)
        return Opened(row.label, _draw_head(row, state), text, why=why)
    found = client.read_block(row.ids[-1]) or BlockReading(row.id, "")
    path, line = found.path, _first_line(found)
    head = _draw_head(row, state, found)
    return Opened(row.label, head, found.text, path, line, found.why, found.warning)


def _first_line(read: BlockReading) -> int:
    """Lines of a file are counted as in the file; those of what was said are not."""
    return read.line if read.path else 0


def _draw_head(row: BlockRow, state: UiState, read: BlockReading | None = None) -> tuple[Content, Content]:
    """`R  read src/acme/retry.py` and `lines 1–142, turn 7, cached`."""
    verb, _, rest = flatten(row.label).partition(" ")
    named = row.section == "results" and rest
    label = plain(verb, "bold $info") + bold(f" {rest}") if named else bold(flatten(row.label))
    facts = []
    if read is not None and read.text:
        lines = read.text.rstrip("\n").count("\n") + 1
        facts.append(f"lines {read.line}–{read.line + lines - 1}" if read.path else count(lines, "line"))
    facts += [f"turn {row.turn}"] if row.turn else []
    facts += [f"{figures.tokens(row.tokens)} tokens", "cached" if row.cached else "not cached", name_state(row)]
    return draw_chip(row.section, state.patterns) + "  " + label, muted(", ".join(filter(None, facts)))
