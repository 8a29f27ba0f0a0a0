"""How a call ended, in a few words."""

import re

LONGEST = 120

_NOTHING = re.compile(r"^\W*(?:no|nothing|0|none|zero)\b", re.I)
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(?:\.\d+)?(?= ?m?s\b)", re.I)


def outcome(text: str, headline: str, exit_code: int | None) -> str:
    """The headline, or the last line of the output; a failing exit code stands before it."""
    lines = [line.strip(" =-\t") for line in text.splitlines() if line.strip(" =-\t")]
    words = headline or (short(lines[-1]) if lines else "")
    if not exit_code:
        return words
    return words if words.startswith("exit") else f"exit {exit_code}: {words}" if words else f"exit {exit_code}"


def error_line(text: str) -> str:
    """The line of an error that tells most, without what differs each time: addresses, hashes, durations."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [
        line for line in lines if re.search(r"error|exception|fail|denied|not found|invalid|no such", line, re.I)
    ]
    chosen = (telling or lines or ["no message"])[-1 if "Traceback" in text else 0]
    return short(_VARIES.sub("…", chosen[: 2 * LONGEST]))


def found_nothing(text: str, headline: str) -> bool:
    """True for the result of a search without a hit."""
    if headline:
        return _NOTHING.match(headline) is not None
    return not text.strip() or (len(text) < 200 and _NOTHING.match(text) is not None)


def short(text: str, limit: int = LONGEST) -> str:
    """One line, cut with `…`."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clipped(text: str, limit: int) -> str:
    """Whole lines of `text` up to `limit` characters, the end marked where more was cut."""
    if len(text) <= limit:
        return text
    return text[:limit].rpartition("\n")[0] + "\n…"
