"""A session's title: two to four words of the prompt, in lower case."""

import re

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.words import keywords, plain

_SUBJECTS = {
    "project": "project overview",
    "repo": "repository overview",
    "repository": "repository overview",
    "codebase": "codebase overview",
}


class Title:
    """A few plain words."""

    phrases = ("write a title", "write a short title")

    def reply(self, talk: Conversation) -> str:
        return title_of(_subject(talk.turn.prompt))


def _subject(prompt: str) -> str:
    """The prompt to be titled: what follows the instruction."""
    if "write a" not in prompt[:400].lower():
        return prompt
    pieces = re.split(r"\n\s*\n|:\s*\n|:\s+(?=\S)", prompt, maxsplit=1)
    return pieces[1] if len(pieces) > 1 else prompt


def title_of(prompt: str) -> str:
    """Two to four words of `prompt`, lower case, without hyphens."""
    text = re.sub(r"^\[\w+\]:\s*", "", plain(prompt).strip().strip('"“”'))[:600]
    verb = re.match(
        r"(?i)(explain|find|fix|delete|remove|create|write|read|run|replace|rename|analy[sz]e|review|search|"
        r"list|add)\b",
        text,
    )
    picked = [word for word in keywords(text, 6) if not verb or word.lower() != verb[1].lower()]
    found = ([verb[1]] if verb else []) + picked[: 3 if verb else 4]
    words = re.findall(r"[\w.]+", " ".join(found).replace("-", " ").lower())[:4]
    if len(words) < 2:
        named = next((title for word, title in _SUBJECTS.items() if re.search(rf"\b{word}\b", text.lower())), "")
        rest = [w for w in re.findall(r"\w+", text.lower()) if w not in words]
        words = named.split() or (words + rest)[:3]
    return " ".join(words) if len(words) > 1 else " ".join([*(words or ["new"]), "session"])
