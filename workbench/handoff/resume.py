"""How the next session starts from the document (seed §4)."""

import re
import time
import unicodedata

OPENING = "You are continuing a task from a previous session. Here is the handoff document:"
CLOSING = "Resume work from where the previous session left off."


def memory_text(document: str) -> str:
    """The document as a piece of the next session's memory."""
    return f"{OPENING}\n\n{document.strip()}\n\n{CLOSING}"


def export_name(title: str, at: float) -> str:
    """A file name for the exported document: `handoff-retry-ladder-20261122-140901.md`, always plain ASCII."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(at))
    return f"handoff-{slug}-{stamp}.md" if slug else f"handoff-{stamp}.md"


def document_in(memory: str) -> str:
    """The document again, out of the text that `memory_text` made of it."""
    return memory.strip().removeprefix(OPENING).removesuffix(CLOSING).strip()
