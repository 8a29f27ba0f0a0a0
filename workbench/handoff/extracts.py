"""What was said and done, in a few words: how a call ended, and how the person wants to be worked for (seed §4)."""

import re
from collections.abc import Iterable

LONGEST = 120
LONGEST_WISH = 240
"""Characters of a preference; what is longer is a task or a pasted text."""
_NOTHING = re.compile(r"^\W*(?:no|nothing|0|none|zero)\b", re.I)
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(?:\.\d+)?(?= ?m?s\b)", re.I)
_TELLING = re.compile(r"error|exception|fail|denied|not found|invalid|no such", re.I)
_WISH = re.compile(
    r"\b(?:I|we)(?:'d| would)? (?:prefer|like|want|hate|dislike|need you to|expect)\b"
    r"|\b(?:always|never)\b|\b(?:please )?(?:do not|don't|avoid|stop|no need to)\b|\bmake sure\b|\binstead of\b"
    r"|\brather than\b|^(?:please )?(?:use|stick to|stay with|keep|only|prefer)\b|\bfrom now on\b|\bin future\b",
    re.I,
)
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)


def describe_outcome(text: str, headline: str, exit_code: int | None) -> str:
    """The headline, or the last line of the output; a failing exit code stands before it."""
    lines = [line.strip(" =-\t") for line in text.splitlines() if line.strip(" =-\t")]
    words = headline or (shorten(lines[-1]) if lines else "")
    if not exit_code:
        return words
    return words if words.startswith("exit") else f"exit {exit_code}: {words}" if words else f"exit {exit_code}"


def find_error_line(text: str) -> str:
    """The line of an error that tells most, without what differs each time: addresses, hashes, durations."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)]
    chosen = (telling or lines or ["no message"])[-1 if "Traceback" in text else 0]
    return shorten(_VARIES.sub("…", chosen[: 2 * LONGEST]))


def found_nothing(text: str, headline: str) -> bool:
    """True for the result of a search without a hit."""
    if headline:
        return _NOTHING.match(headline) is not None
    return not text.strip() or (len(text) < 200 and _NOTHING.match(text) is not None)


def shorten(text: str, limit: int = LONGEST) -> str:
    """One line, cut with `…`."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clip(text: str, limit: int) -> str:
    """Whole lines of `text` up to `limit` characters, the end marked where more was cut."""
    return text if len(text) <= limit else text[:limit].rpartition("\n")[0] + "\n…"


def find_preferences(prompts: Iterable[str]) -> tuple[str, ...]:
    """Sentences of the person that ask for a way of working, oldest first, each once."""
    found: dict[str, str] = {}
    for line in (line for prompt in prompts for line in _ENDS.split(_FENCE.sub("\n", prompt))):
        sentence = " ".join(line.split()).strip("-*• ")
        short = 3 < len(sentence) <= LONGEST_WISH
        if short and not sentence.startswith((">", "|", "#")) and not sentence.endswith("?") and _WISH.search(sentence):
            found.setdefault(sentence.casefold(), sentence)
    return tuple(found.values())
