"""The Markdown that is understood: CommonMark with the tables and `~~` of GFM, and these differences.

All other published examples of both (CommonMark 0.29, GFM 0.29) give what their specifications say.

- What Markdown would take from formulas, addresses, paths and names such as `__init__` is kept (`as_written`).
- Stars open and close emphasis beside Chinese, Japanese and Korean writing whatever punctuation stands there.
- HTML is text, since a terminal shows none, but `<br>` ends a line in the cell of a table.
- A single `~` is a tilde: it stands for a home folder and for "about".
- `[ ]` and `[x]` of a task are shown as they were written.
- An address without `<>` is a link where it begins with `http://` or `https://`, not with `www.` and not as a mail's.
"""

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

from workbench.ui.transcript.as_written import FINDERS, WIDE, begins_display

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

IN_CELL = "cell"
"""Set in the environment while the cell of a table is parsed."""
_WIDE = re.compile(f"[{WIDE}]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class WideState(StateInline):
    """Emphasis as readers of Chinese, Japanese and Korean expect it, who put no blank between words."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the parser's own names
        """Whether marks can open or close: beside wide writing they can, but for blanks."""
        scanned = super().scanDelims(start, canSplitWord)
        before, after = self.src[start - 1 : start], self.src[start + scanned.length : start + scanned.length + 1]
        if self.src[start] == "_" or not (_WIDE.match(before) or _WIDE.match(after)):
            return scanned
        return Scanned(bool(after.strip()), bool(before.strip()), scanned.length)


class WideInline(ParserInline):
    """Parses spans in a `WideState`."""

    def parse(self, src: str, md: MarkdownIt, env: "EnvType", tokens: "list[Token]") -> "list[Token]":
        """The tokens of one span."""
        state = WideState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def make_parser(*, inline: bool) -> MarkdownIt:
    """`inline` False splits a text into blocks and leaves their spans as they are."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline = WideInline()
    parser.inline.ruler.enableOnly(
        ["text", "newline", "escape", "backticks", "strikethrough", "emphasis", "link", "image", "autolink", "entity"]
    )
    parser.inline.ruler2.enableOnly(["balance_pairs", "strikethrough", "emphasis", "fragments_join"])
    parser.inline.ruler.after("text", "as_written", keep_as_written)
    parser.inline.ruler.after("as_written", "break", break_line)
    parser.enable("table")
    parser.block.ruler.before("fence", "formula", find_formula, {"alt": ["paragraph", "reference"]})
    parser.disable("html_block")
    if not inline:
        parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def keep_as_written(state: StateInline, silent: bool) -> bool:
    """What `as_written` finds is text."""
    find = FINDERS.get(state.src[state.pos])
    end = find(state.src, state.pos, state.posMax) if find else 0
    if not end:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def break_line(state: StateInline, silent: bool) -> bool:
    """`<br>` in the cell of a table."""
    if state.src[state.pos] != "<" or not state.env.get(IN_CELL):
        return False
    found = _BREAK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def find_formula(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`$$` or `\\[` at the beginning of a line, up to the line that closes it or a blank one."""
    if state.is_code_block(startLine):
        return False
    close = begins_display(state.src[state.bMarks[startLine] + state.tShift[startLine] : state.eMarks[startLine]])
    if not close or silent:
        return bool(close)
    line = startLine + 1
    while line < endLine and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        closed = close in state.src[state.bMarks[line] : state.eMarks[line]]
        line += 1
        if closed:
            break
    token = state.push("formula", "", 0)
    token.map, token.content = [startLine, line], state.getLines(startLine, line, state.blkIndent, False)
    state.line = line
    return True
