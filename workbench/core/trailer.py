"""Where an answer ends and its assessment begins: `…text<assessment>{…}</assessment>` (seed §7).

Messages are kept as the model wrote them. Whoever shows one takes the trailer off; `confidence.score` reads it.
"""

OPEN = "<assessment>"
CLOSE = "</assessment>"
LONGEST = 16_000
"""Characters; what is longer is no trailer, so that a stray tag cannot hold back a whole answer."""


def without_trailer(text: str) -> str:
    """`text` without its trailer, whole or broken off; unchanged when it has none."""
    start = trailer_start(text)
    return text[:start] if text.startswith(OPEN, start) else text


def trailer_start(text: str) -> int:
    """Where the first thing that may still become a trailer begins; the text's length when there is none."""
    start = text.find("<")
    while start != -1:
        if _may_be_trailer(text, start):
            return start
        start = text.find("<", start + 1)
    return len(text)


def _may_be_trailer(text: str, start: int) -> bool:
    length = len(text) - start
    if length <= len(OPEN):
        return OPEN.startswith(text[start:])
    if length > LONGEST or not text.startswith(OPEN, start):
        return False
    body = text[start + len(OPEN) :].lstrip()
    if body and not body.startswith("{"):
        return False
    return not body.partition(CLOSE)[2].strip()
