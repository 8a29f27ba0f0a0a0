"""The standard streams as they are found: closed, not UTF-8, full, left by their reader, a terminal.

What goes to a terminal has its control characters made visible. A pipe or a file gets text as it is, and JSON with what
a terminal would act on escaped, which says the same.
"""

import errno
import io
import os
import re
import sys
from contextlib import suppress
from typing import Any, TextIO

from workbench.core.encoding import encode, write_pretty
from workbench.core.figures import visible

UNPRINTABLE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What JSON may hold raw and a terminal acts on."""
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
LEFT = (errno.EPIPE, errno.EIO, errno.ECONNRESET)
"""How a write fails when nobody reads any more."""


def prepare_streams() -> None:
    """Make all three usable whatever they are: a closed one is not taken by the next file that is opened.

    A closed stdout stays one that cannot be written; stderr goes nowhere, stdin is at its end.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest number that is free, which is this one
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as we run
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name) or open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_utf8() -> None:
    """Write UTF-8 whatever the locale says: a screen is drawn with characters that ASCII does not have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def can_write(stream: TextIO) -> bool:
    """False for one that was closed, or opened for reading."""
    import fcntl

    try:
        return fcntl.fcntl(stream.fileno(), fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
    except ValueError:  # no file of the system: it belongs to whoever calls us in this process
        return True
    except OSError:
        return False


def as_text(text: str) -> str:
    """`text` for stdout: control characters are visible on a terminal, and stay as they are anywhere else."""
    return visible(text) if sys.stdout.isatty() else text


def as_json(value: Any, indent: int = 0) -> str:
    """`value` as one JSON document for stdout, on one line without `indent`; ASCII where stdout is not Unicode."""
    text = write_pretty(value, indent) if indent else encode(value).decode()
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return (UNPRINTABLE if unicode else NOT_ASCII).sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def print_text(text: str) -> None:
    """A text on stdout."""
    print(as_text(text))


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(as_json(value, indent=2))


def tell(message: str) -> None:
    """One line on stderr, control characters visible. Where stderr takes nothing, nobody is told."""
    with suppress(OSError):
        print(visible(message), file=sys.stderr, flush=True)


def complain(message: str) -> None:
    """One line on stderr that names the program."""
    tell(f"workbench: {message}")


def silence(stream: TextIO) -> None:
    """Let what `stream` still holds go nowhere: a flush at exit would only fail, or wait, once more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
