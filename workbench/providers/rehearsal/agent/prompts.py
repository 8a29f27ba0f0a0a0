"""What a prompt's wording holds: quotations, paths, and the words that a pattern took from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.providers.rehearsal.agent.conversation import Conversation
from workbench.providers.rehearsal.agent.extract import drop_repeats

QUOTED = r"`[^`\n]+`|\"[^\"\n]*\"|“[^”\n]*”|'[^'\n]*'"
TOKEN = rf"(?:{QUOTED}|[^\s,;]+)"
"""A quotation or a word."""
PATH = r"[\w.@+*-]*/[\w.@+*/-]*|[\w@+*-][\w.@+*-]*\.[A-Za-z]\w{0,7}|\.\w[\w.]+|README|Makefile|Dockerfile|LICENSE"
"""A name with a slash or an extension, or a known one."""
_POLITE = r"^(?:(?:please|now|ok(?:ay)?|could you|can you|would you|then|let(?:'|’)s|i want you to)\b[\s,:]*)+"


@dataclass(frozen=True)
class Request:
    """One thing that is asked for."""

    text: str
    """Without the politeness around it."""
    talk: Conversation
    found: Mapping[str, str | None]
    """What the pattern took from the text, by name."""

    def word(self, name: str) -> str:
        """What the pattern took under `name`, without quotation marks; empty where it took nothing."""
        return unquote(self.found.get(name) or "")


def strip_politeness(prompt: str) -> str:
    """`prompt` without the politeness around it; itself where nothing else is in it."""
    bare = re.sub(_POLITE, "", prompt.strip(), flags=re.I)
    return re.sub(r"[\s,]*\b(?:please|thanks|thank you)[.!]*$", "", bare, flags=re.I).strip() or prompt.strip()


def unquote(token: str) -> str:
    """`token` without the quotation marks around it, or the punctuation after it."""
    token = token.strip()
    return token[1:-1] if re.fullmatch(QUOTED, token) else token.rstrip(".,;:?!") or token


def find_paths(text: str) -> list[str]:
    """Names of files and folders in `text`; a quoted one may have spaces."""
    tokens = (unquote(token) for token in re.findall(TOKEN, text))
    paths = (token for token in tokens if re.fullmatch(PATH, token.replace(" ", "_")) and re.search(r"\w", token))
    return drop_repeats(path.removeprefix("@").removeprefix("./") for path in paths)
