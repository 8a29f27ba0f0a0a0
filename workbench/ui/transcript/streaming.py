"""An answer while it arrives: only what follows the last closed block is parsed again.

    frozen lines │ open tail        a block freezes when the next one begins
                 ├ open fence       its lines are appended, each lexed about once
                 ├ open list        items freeze like blocks
                 ├ open table       rows are appended; columns move only when a wider cell comes
                 └ anything else    laid out again, cut when it grows without end

What was frozen may differ in corners (a link defined later); at the end of the message the whole is laid out.
"""

import re

from workbench.ui.draw.code import OpenCode, draw_code
from workbench.ui.draw.runs import TextLine
from workbench.ui.transcript.blocks import LINE_END, MarkdownBlock, split_blocks
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.tables import Table

LONGEST_TAIL = 6_000
"""Characters of one open paragraph, quote or item that are laid out again at each flush."""
_CODE = re.compile(r"(?m)^\s+(`{3}|~{3})")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`\n]*)$")


class Stream:
    """Lines of a growing text. `lines` is `frozen` and then `open`."""

    def __init__(self, renderer: MarkdownRenderer) -> None:
        self._renderer = renderer
        self.frozen: list[TextLine] = []
        self.open: list[TextLine] = []
        self.seen = 0
        """Characters of the text that were taken."""
        self._tail = ""
        self._code: OpenCode | None = None
        self._mark = ""
        self._inset = 0
        """Blanks before the open fence."""
        self._begins = True
        """True where what comes next of the code begins a line."""
        self._empty = True
        """True as long as there is no code in the fence."""
        self._table: Table | None = None
        self._head = ""
        self._number: int | None = None
        self._gap = False
        self._held = ""

    def __len__(self) -> int:
        return len(self.frozen) + len(self.open)

    def __getitem__(self, row: int) -> TextLine:
        return self.frozen[row] if row < len(self.frozen) else self.open[row - len(self.frozen)]

    def grow(self, text: str) -> int:
        """Take what `text` has more than before; returns the first line that may have changed."""
        first = len(self.frozen)
        self._tail += self._take(text[self.seen :])
        self.seen = len(text)
        while self._advance():
            pass
        return first

    def _take(self, more: str) -> str:
        """What the parser makes of the ends of lines; a carriage return waits for what comes behind it."""
        more, self._held = self._held + more, ""
        if more.endswith("\r"):
            more, self._held = more[:-1], "\r"
        return LINE_END.sub("\n", more).replace("\0", "\ufffd")

    def _advance(self) -> bool:
        """Lay out the tail in its present mode; True when that ended and the rest must be looked at again."""
        if self._code is not None:
            return self._feed_code(self._code)
        if self._table is not None:
            return self._feed_table(self._table)
        return self._feed_blocks()

    def _feed_blocks(self) -> bool:
        found = split_blocks(self._tail)
        if not found:
            self.open = []
            return False
        last = found[-1]
        if len(found) > 1 and self._tail.count("\n", last.start) < (2 if last.kind == "table" else 1):
            return self._wait(found)
        for block in found[:-1]:
            self._freeze(self._laid(block))
        self._tail = self._tail[last.start :]
        match last.kind:
            case "fence" if self._open_fence():
                return True
            case "table" if self._tail.count("\n") >= 2:
                self._open_table(last)
                return True
            case "bullet_list" | "ordered_list" if (
                len(self._tail) < (4 if _CODE.search(self._tail) else 1) * LONGEST_TAIL
            ):
                self._feed_list(last)
                return False
        self._number = None
        if len(self._tail) > LONGEST_TAIL:
            return self._cut()
        self.open = self._spaced(self._renderer.render_growing(last))
        return False

    def _wait(self, found: list[MarkdownBlock]) -> bool:
        """The newest block's first line, or a table's rule, is unfinished: it may yet belong to the block before.

        So `3` becomes `3. item`.
        """
        *closed, before, last = found
        for block in closed:
            self._freeze(self._laid(block))
        self._tail = self._tail[before.start :]
        number = self._number
        self.open = self._spaced([*self._laid(before), TextLine([]), *self._renderer.render_growing(last)])
        self._number = number
        return False

    def _laid(self, block: MarkdownBlock) -> list[TextLine]:
        number, self._number = self._number, None
        if number is None or not block.kind.endswith("_list"):
            return self._renderer.render_block(block)
        return _trim([line for item in self._renderer.render_items(block, number) for line in item])

    def _spaced(self, lines: list[TextLine]) -> list[TextLine]:
        return [TextLine([]), *lines] if self._gap and lines else lines

    def _freeze(self, lines: list[TextLine], gap: bool = True) -> None:
        self.frozen.extend(self._spaced(lines))
        self._gap = gap
        self.open = []

    def _cut(self) -> bool:
        """Freeze most of a paragraph without end, at a space."""
        place = self._tail.rfind("\n", LONGEST_TAIL // 2, LONGEST_TAIL) + 1
        place = place or self._tail.rfind(" ", 0, LONGEST_TAIL) + 1 or LONGEST_TAIL
        piece, self._tail = self._tail[:place], self._tail[place:]
        for part in split_blocks(piece):
            self._freeze(self._renderer.render_block(part))
        self._gap = False
        return True

    def _feed_list(self, block: MarkdownBlock) -> None:
        """Freeze all items but the last, which stays in the tail with its number.

        The one before stays too while the last is one unfinished line: `*` may become `**words**` that belong to it.
        """
        items = self._renderer.render_items(block, self._number)
        starts = [token.map[0] for token in block.tokens if token.level == 1 and token.nesting == 1 and token.map]
        lines = self._tail.split("\n")
        begun = len(items) > 1 and starts[-1] - block.line == len(lines) - 1
        kept = len(items) - (2 if begun else 1)
        for item in items[:kept]:
            self._freeze(item, gap=False)
        if kept or self._number is None:
            first = int(block.tokens[0].attrs.get("start", 1)) if self._number is None else self._number
            self._number = first + kept
        self._tail = "\n".join(lines[starts[kept] - block.line :])
        self.open = self._spaced(_trim([line for item in items[kept:] for line in item]))

    def _open_fence(self) -> bool:
        """Begin an open fence; False while its first line is not complete, or when it is closed already."""
        head, newline, rest = self._tail.partition("\n")
        match = _FENCE.match(head)
        if not newline or match is None:
            return False
        self._mark, self._inset, self._begins = match.group(1), match.start(1), True
        self._empty = True
        language = match.group(2).split()
        self._code = OpenCode(language[0] if language else "", self._renderer.styles)
        self._number, self._tail = None, rest
        return True

    def _feed_code(self, code: OpenCode) -> bool:
        *whole, partial = self._tail.split("\n")
        fed: list[str] = []
        for place, line in enumerate(whole):
            if self._begins and self._closes(line):
                self._append_code(code, "".join(fed), last=True)
                self._code = None
                self._tail = "\n".join([*whole[place + 1 :], partial])
                self._gap = True
                return bool(self._tail)
            fed.append(f"{self._dedent(line)}\n")
            self._begins = True
        held = partial if self._begins and set(partial.strip(" \t")) <= {self._mark[0]} else ""
        if partial and not held:
            fed.append(self._dedent(partial))
            self._begins = False
        self._append_code(code, "".join(fed))
        self._tail = held
        return False

    def _dedent(self, line: str) -> str:
        """A line of code without the blanks that its fence has before it."""
        blanks = len(line) - len(line.lstrip(" ")) if self._begins else 0
        return line[min(self._inset, blanks) :]

    def _closes(self, line: str) -> bool:
        bare = line.strip(" \t")
        near = len(line) - len(line.lstrip(" ")) <= 3 and not line.startswith("\t")
        return near and len(bare) >= len(self._mark) and set(bare) == {self._mark[0]}

    def _append_code(self, code: OpenCode, text: str, *, last: bool = False) -> None:
        final = code.feed(text)
        rows = code.open[:-1] if code.open and not code.open[-1] else code.open
        self._empty = self._empty and not text
        if last:
            final, rows = [*final, *rows] or ([[]] if self._empty else []), []
        if final:
            self._freeze(draw_code(final, self._renderer.room.pane, self._renderer.styles), gap=False)
        self.open = self._spaced(draw_code(rows, self._renderer.room.pane, self._renderer.styles))

    def _open_table(self, block: MarkdownBlock) -> None:
        head, rule, _ = self._tail.split("\n", 2)
        self._head = f"{head}\n{rule}\n"
        header, aligns, _ = self._renderer.read_table(block)
        self._table = Table(header, aligns, self._renderer.room.pane, self._renderer.styles)
        self._tail = self._tail[len(self._head) :]
        self._number = None
        self.frozen.extend([TextLine([])] if self._gap else [])
        self._gap = False

    def _feed_table(self, table: Table) -> bool:
        """Add complete rows; the row that is being written is shown and not kept."""
        whole, newline, partial = self._tail.rpartition("\n")
        closed = False
        if newline:
            found = split_blocks(self._head + whole + newline)
            rows = self._renderer.read_table(found[0])[2]
            if rows:
                table.add(rows)
            closed = len(found) > 1 or whole.endswith("\n") or not whole
            cut = found[1].start - len(self._head) if len(found) > 1 else len(whole) + 1
            self._tail = self._tail[cut:]
        begun = not closed and partial.strip()
        trial = self._renderer.read_table(split_blocks(self._head + partial)[0])[2] if begun else []
        self.open = table.trial(trial)
        if not closed:
            return False
        self.frozen.extend(table.lines)
        self._table, self.open, self._gap = None, [], True
        return bool(self._tail.strip())


def _trim(lines: list[TextLine]) -> list[TextLine]:
    while lines and not lines[-1].runs:
        lines = lines[:-1]
    return lines
