"""What the person wants done in a certain way, as they said it (seed §4)."""

import re
from collections.abc import Iterable, Iterator

LONGEST = 240
"""Characters of a preference; what is longer is a task or a pasted text."""

_WISH = re.compile(
    r"\b(?:I|we)(?:'d| would)? (?:prefer|like|want|hate|dislike|need you to|expect)\b"
    r"|\b(?:always|never)\b|\b(?:please )?(?:do not|don't|avoid|stop|no need to)\b|\bmake sure\b|\binstead of\b"
    r"|\brather than\b|^(?:please )?(?:use|stick to|stay with|keep|only|prefer)\b|\bfrom now on\b|\bin future\b",
    re.I,
)
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)


def preferences(prompts: Iterable[str]) -> tuple[str, ...]:
    """Sentences of the person that ask for a way of working, oldest first, each once."""
    found: dict[str, str] = {}
    for prompt in prompts:
        for sentence in _sentences(prompt):
            if _WISH.search(sentence) and not sentence.endswith("?"):
                found.setdefault(sentence.casefold(), sentence)
    return tuple(found.values())


def _sentences(prompt: str) -> Iterator[str]:
    """What was said in short sentences; code and quotations are no wishes."""
    for line in _ENDS.split(_FENCE.sub("\n", prompt)):
        sentence = " ".join(line.split()).strip("-*• ")
        if 3 < len(sentence) <= LONGEST and not sentence.startswith((">", "|", "#")):
            yield sentence
