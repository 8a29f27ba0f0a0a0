"""Key points of texts (seed §2 C and D): the sentences that carry most of their words, in their order."""

import re
from collections import Counter

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.errands.extract import files, unique
from workbench.providers.rehearsal.mind.evidence.prose import headings, marks, sentences
from workbench.providers.rehearsal.mind.markdown import CHARACTERS_PER_TOKEN, bullets, clip, code
from workbench.providers.rehearsal.mind.words import keywords


class KeyPoints:
    """A list of quoted sentences, the same number from each text."""

    phrases = (
        "summarise the key points from these texts",
        "summarize the key points from these texts",
        "synthesise these partial analyses",
        "synthesize these partial analyses",
        "analyse this section",
        "analyze this section",
        "analyse this document",
    )

    def reply(self, talk: Conversation) -> str:
        parts = re.split(r"\n\s*\n", talk.turn.prompt, maxsplit=1)
        text = parts[1] if len(parts) > 1 else talk.turn.prompt
        texts = [piece for piece in re.split(r"^\s*---\s*$", text, flags=re.M) if piece.strip()] or [text]
        size = talk.room * CHARACTERS_PER_TOKEN - 200
        each = max(2, min(8, size // (len(texts) * 170)))
        points = unique(point for piece in texts for point in points_of(piece, each))
        named = files(text)[:12]
        tail = f"\n\nFiles spoken of: {', '.join(map(code, named))}" if named else ""
        return f"**Key points**\n\n{bullets(points) or '- the texts hold no sentence to quote'}{tail}"


def points_of(text: str, limit: int) -> list[str]:
    """The `limit` sentences of `text` that say most, in their order, with headings and open marks before others."""
    lines = [re.sub(r"^\s*(?:[-*+>]|\d+[.)]|#+)\s+", "", line) for line in text.splitlines()]
    found = unique(s.strip() for line in _joined(lines) for s in sentences(line) if 20 < len(s) < 600)
    weights = Counter(word.lower() for word in keywords(text, 400))
    counts = Counter(word.lower() for word in re.findall(r"\w{3,}", text))

    def weight(sentence: str) -> float:
        own = [word for word in re.findall(r"\w{3,}", sentence.lower()) if word in weights]
        figures = 2 * bool(re.search(r"\d", sentence)) + 2 * bool(re.search(r"`|/|\bTODO\b|decid|must", sentence))
        return sum(counts[word] for word in own) / (len(own) + 4) + figures

    best = set(sorted(found, key=lambda s: -weight(s))[:limit])
    chosen = [clip(s, 260) for s in found if s in best]
    if not chosen:
        chosen = [clip(h.title, 100) for h in headings(text)[:limit]] or [
            clip(m.text, 120) for m in marks(text)[:limit]
        ]
    return chosen or ([clip(text, 200)] if text.strip() else [])


def _joined(lines: list[str]) -> list[str]:
    """Lines of one paragraph as one, so that a wrapped sentence stays whole."""
    return [" ".join(block.split("\n")) for block in re.split(r"\n\s*\n", "\n".join(lines))]
