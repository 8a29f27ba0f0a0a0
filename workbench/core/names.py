"""Names of files as the model reads and writes them: on one line, in characters that can be sent, and back again.

a<newline>b  ◀─▶  a\\nb        not UTF-8: \\xff of the disk  ◀─▶  \\udcff        a\\nb of the disk  ◀─▶  a\\\\nb
"""

import re

ESCAPE = re.compile(r"\\(?:[\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
PLAIN = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}


def write_name(name: str) -> str:
    """`name` with escapes for what cannot be printed; a backslash that would be taken for one is doubled."""
    if name.isprintable() and not ESCAPE.search(name):
        return name
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in name)


def read_name(written: str) -> str:
    """The name that `write_name` wrote so; `written` itself where it wrote none so."""
    name = ESCAPE.sub(_read_escape, written)
    return name if write_name(name) == written else written


def _read_escape(match: re.Match[str]) -> str:
    escape = match[0]
    if escape in PLAIN:
        return PLAIN[escape]
    code = int(escape[2:], 16)
    return chr(code) if code <= 0x10FFFF else escape
