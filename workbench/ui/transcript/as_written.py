"""What is kept word for word in the middle of Markdown: formulas, addresses, paths, names with underscores.

Each finder is asked at one character and says where what is to be kept ends; 0 where there is nothing.
"""

import re
from collections.abc import Callable

WIDE = (
    "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef\U00020000-\U0003fffd"
)
"""Chinese, Japanese and Korean writing with its punctuation."""
LONGEST = 2_000
"""Characters of one formula or address that are looked at."""
LONGEST_WORD = 400
"""Characters on either side of a mark that may belong to the same path."""

_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,9}$")
_WEB = re.compile(r"(?<![A-Za-z0-9+.-])https?(?=://)")
_ENDS = re.compile(r"[\s<>\"`|\\^“”‘’\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")
"""What no address holds."""
_TRAILING = ".,:;!?'*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}

_OUTSIDE = rf"\s`\"'<>()\[\]{{}}|,;“”‘’{WIDE}"
_WORD_BEFORE = re.compile(rf"[^{_OUTSIDE}]*$")
_WORD = re.compile(rf"[^{_OUTSIDE}]*")
_MARKS = re.compile(r"[*_~]+")
_GLOB = re.compile(r"\*{1,2}(?=\.\w)")
_DUNDER = re.compile(r"(?<!\w)__([A-Za-z][A-Za-z0-9_]*?)__(?!\w)(?=(\.\w|\(|/)?)")
_KNOWN = re.compile(
    "all|annotations|call|class|contains|del|delitem|dict|doc|enter|eq|exit|file|future|get|getattr|getitem|hash|init"
    "|iter|len|main|module|name|new|next|path|post_init|pycache|repr|set|setattr|setitem|slots|str|version"
)
"""Names that Python writes between two underscores on either side."""
_DRIVE = re.compile(r"(?<![A-Za-z])[A-Za-z]:$")

_LATEX = re.compile(r"[\\^_={}+<>]")
_DISPLAY = re.compile(r"\$\$(?!\$)(.+?)\$\$", re.DOTALL)
_DOLLARS = re.compile(r"\$(?![\s$])([^$]*?[^\s$\\])\$(?![A-Za-z0-9$])")
_PARENS = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def find_address(text: str, start: int, end: int) -> int:
    """Where an address that begins at `start` ends: brackets in it are balanced, and a sentence's end is none of it."""
    found = _ENDS.search(text, start, end)
    end = min(found.start() if found else end, start + LONGEST)
    open_ones: list[str] = []
    for place in range(start, end):
        if text[place] in "([{":
            open_ones.append(text[place])
        elif text[place] in _BRACKETS and (not open_ones or open_ones.pop() != _BRACKETS[text[place]]):
            end = place
            break
    return _drop_end(text, start, end)


def _drop_end(text: str, start: int, end: int) -> int:
    """Without what ends a sentence or an emphasis; marks that also stand inside belong to the address."""
    while end > start and text[end - 1] in _TRAILING:
        run = text[start:end][len(text[start:end].rstrip(text[end - 1])) :]
        if run[0] in "*_~" and run in text[start : end - len(run)]:
            break
        end -= len(run)
    return end


def find_web_addresses(text: str) -> list[tuple[int, int]]:
    """Web addresses in plain text."""
    found: list[tuple[int, int]] = []
    for match in _WEB.finditer(text):
        end = find_address(text, match.start(), len(text))
        if end > match.end() + 3 and (not found or match.start() >= found[-1][1]):
            found.append((match.start(), end))
    return found


def _after_colon(text: str, at: int, end: int) -> int:
    """The rest of an address after its scheme."""
    if not text.startswith("://", at):
        return 0
    scheme = _SCHEME.search(text, max(0, at - 12), at)
    stop = find_address(text, scheme.start(), end) if scheme else 0
    return stop if stop > at + 3 else 0


def _after_mark(text: str, at: int, end: int) -> int:
    """The rest of a path in the middle of which a star or an underscore stands, or a name between underscores."""
    name = _DUNDER.match(text, at, end)
    if name and (name[2] or _KNOWN.fullmatch(name[1])):
        return name.end()
    glob = _GLOB.match(text, at, end)
    if glob and not text[:at][-1:].isalnum() and text[:at][-1:] != "*":
        return glob.end()
    before = _WORD_BEFORE.search(text, max(0, at - LONGEST_WORD), at)
    after = _WORD.match(text, at, min(end, at + LONGEST_WORD))
    start, stop = before.start() if before else at, after.end() if after else at
    if "/" not in text[start:stop]:
        return 0
    lead = _MARKS.match(text, start, stop)
    if lead and text[lead.end() : lead.end() + 1] not in ("/", "."):
        if text[start:stop].rstrip(".:!?").endswith(lead[0]):
            stop = start + text[start:stop].rindex(lead[0])
        start = lead.end()
    stop = _drop_end(text, start, stop)
    return stop if start <= at < stop and "/" in text[start:stop] else 0


def _after_backslash(text: str, at: int, end: int) -> int:
    """A formula between backslashed brackets, or the rest of a path of Windows."""
    if _DRIVE.search(text, max(0, at - 3), at):
        stop = _WORD.match(text, at, min(end, at + LONGEST_WORD))
        return _drop_end(text, at, stop.end()) if stop else 0
    found = _PARENS.match(text, at, min(end, at + LONGEST))
    if not found:
        return 0
    inner = found[1] or found[2]
    return found.end() if _LATEX.search(inner) or len(inner.strip()) <= 3 else 0


def _after_dollar(text: str, at: int, end: int) -> int:
    """A formula between dollars; a price is none."""
    end = min(end, at + LONGEST)
    if found := _DISPLAY.match(text, at, end):
        return found.end()
    before = text[at - 1 : at]
    if before == "$" or (before.isascii() and before.isalnum()):
        return 0
    found = _DOLLARS.match(text, at, end)
    if not found or (found[1][0].isdigit() and not _LATEX.search(found[1])):
        return 0
    return found.end()


FINDERS: dict[str, Callable[[str, int, int], int]] = {
    ":": _after_colon,
    "*": _after_mark,
    "_": _after_mark,
    "\\": _after_backslash,
    "$": _after_dollar,
}
"""What may be kept, by the character at which it is found: `(text, at, end)` gives where it ends."""


def begins_display(line: str) -> str:
    """What ends the formula that begins with this line and goes on below it; empty where none does."""
    close = {"$$": "$$", "\\[": "\\]"}.get(line[:2], "")
    rest = line[2:]
    return close if close and close not in rest and (not rest.strip() or _LATEX.search(rest)) else ""
