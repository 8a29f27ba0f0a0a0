"""What an entry gives to be read whole, and to be copied."""

from workbench.ui.draw.runs import Styles
from workbench.ui.draw.text import flatten
from workbench.ui.reading.document import Document, Piece
from workbench.ui.reading.lines import CodeLines, DiffLines, GridLines, Lines, PlainLines
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool
from workbench.ui.transcript.blocks import MarkdownBlock, split_blocks
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.remarks import draw_turn_end


def copy_entry(entry: AnyEntry) -> tuple[str, str]:
    """The whole entry as text, and what to call it."""
    match entry:
        case Prompt() | Answer() | Thought():
            return entry.text, "thinking" if isinstance(entry, Thought) else "message"
        case Tool():
            return entry.output or "\n".join(change.diff for change in entry.changes) or entry.summary, "output"
        case Asked():
            return entry.message, "question"
        case Marker():
            return f"{entry.title} {entry.detail}".strip(), "line"
    return draw_turn_end(entry, 200, Styles({}))[0].text, "line"


def open_entry(entry: AnyEntry, line: int = -1, words: str = "") -> Document:
    """`entry` to be read whole. Of an answer the table or code at `line` of its source comes first."""
    match entry:
        case Prompt():
            return Document(f"prompt {entry.turn or ''}".rstrip(), (_prose("prompt", entry.text),), words=words)
        case Answer():
            return _open_answer(entry, line, words)
        case Tool():
            return _open_tool(entry, words)
        case Thought():
            return Document("thinking", (_prose("thinking", entry.text),), words=words)
        case Marker():
            title = "what went wrong" if entry.tries or entry.level == "error" else entry.kind or "line"
            message = _prose("message", _write_marker(entry))
            return Document(title, (message,), words=words, retries=entry.command == "retry")
    text, what = copy_entry(entry)
    return Document(what, (_prose(what, text),), words=words)


def _prose(name: str, text: str) -> Piece:
    return Piece(name, PlainLines(text.strip("\n")), prose=True)


def _write_marker(marker: Marker) -> str:
    """All that is known of a line across; of a fault what each try met."""
    parts = [marker.title, marker.detail]
    if len(set(marker.tries)) > 1:
        parts += [f"{place}. {message}" for place, message in enumerate(marker.tries, 1)]
    return "\n\n".join(filter(None, parts))


def _open_tool(tool: Tool, words: str) -> Document:
    pieces = []
    if tool.changes:
        pieces.append(Piece("diff", DiffLines([(change.path, change.diff) for change in tool.changes])))
    if tool.output.strip("\n") and (not tool.changes or tool.state == "failed"):
        pieces.append(Piece("output", PlainLines(tool.output)))
    title = f"{flatten(tool.name)}  {flatten(tool.summary)}".rstrip()
    return Document(title, tuple(pieces) or (_prose("call", tool.summary),), words=words)


def _open_answer(answer: Answer, line: int, words: str) -> Document:
    """The text as it was written, then each table and each code of it."""
    pieces = [_prose("answer", answer.text)]
    first = 0
    for block in find_parts(answer.text):
        last = block.tokens[0].map[1] if block.tokens[0].map else 0
        if block.line <= line < last:
            first = len(pieces)
        pieces.append(Piece(*_read_part(block)))
    return Document(f"answer {answer.turn or ''}".rstrip(), tuple(pieces), 0 if words else first, words)


def find_parts(text: str) -> list[MarkdownBlock]:
    """The tables and the code of a text, also those inside lists and quotes."""
    found = []
    for block in split_blocks(text):
        for at, token in enumerate(block.tokens):
            if token.type not in ("table_open", "fence", "code_block") or token.map is None:
                continue
            end = at
            while token.type == "table_open" and (block.tokens[end].type, block.tokens[end].level) != (
                "table_close",
                token.level,
            ):
                end += 1
            lines = text.split("\n")[token.map[0] : token.map[1]]
            tokens = block.tokens[at : end + 1]
            kind = token.type.removesuffix("_open")
            found.append(MarkdownBlock(kind, tokens, token.map[0], 0, "\n".join(lines), block.references))
    return found


def _read_part(block: MarkdownBlock) -> tuple[str, Lines]:
    token = block.tokens[0]
    if block.kind != "table":
        language = token.info.split()[0] if token.info.split() else ""
        return language or "code", CodeLines(token.content, language)
    header, aligns, rows = MarkdownRenderer(80, Styles({})).read_table(block)
    cells = [["".join(text for text, _ in cell.runs) for cell in row] for row in (header, *rows)]
    return "table", GridLines(cells[0], cells[1:], aligns, block.source)
