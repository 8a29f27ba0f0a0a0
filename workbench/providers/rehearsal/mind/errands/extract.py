"""Statements taken out of a conversation's text: what was asked, decided, done and left open."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from workbench.providers.rehearsal.mind.evidence.prose import sentences
from workbench.providers.rehearsal.mind.markdown import clip
from workbench.providers.rehearsal.mind.words import paths


class Said(NamedTuple):
    """One message."""

    role: str
    text: str


_ROLE = re.compile(
    r"^\[(user|human|person|assistant|agent|tool[\w ]*|system|call|result|summary)[^\]\n]*\]:?[ \t]*", re.I | re.M
)
ASSESSED = re.compile(r"<assessment>\{.*?\}</assessment>[ \t]*")
"""The trailers of earlier answers."""
_MACHINE = re.compile(
    r"(?:calls \w+ \{|(?:result|error) of [\w ]+:|\[(?:NOTICE|WORKING MEMORY|BUDGET|CONVERSATION SUMMARY)\b)"
)
"""How calls, their results and notices begin in the history."""
_DECIDED = re.compile(
    r"\b(decided?|decision|agreed|we(?:'ll| will)|we use|chose|chosen|settled on|going with|instead of|because)\b", re.I
)
_PREFERS = re.compile(
    r"\b(prefer|always|never|from now on|do not|don'?t|must|should (?:not )?be|keep it|remember that)\b", re.I
)
_DONE = re.compile(
    r"\b(created|wrote|written|edited|replaced|changed|deleted|removed|renamed|moved|added|fixed|ran|"
    r"passed|failed|found|noted|"
    r"is defined in|updated|implemented)\b",
    re.I,
)
_OPEN = re.compile(
    r"\b(open question|not done|did not|could not|unclear|still (?:open|to)|remains?|todo|next step|later|"
    r"which one|not yet)\b",
    re.I,
)
_COMMAND = re.compile(
    r"`((?:git|npm|make|cargo|go|pytest|python3?|uv|pip|rm|mv|mkdir|docker|ruff|node|ls|cat|grep)\b[^`\n]*)`"
)


def said(text: str) -> list[Said]:
    """Messages written as `[role]: text`; text without such a head is the person's."""
    text = ASSESSED.sub("", text)
    heads = list(_ROLE.finditer(text))
    if not heads:
        return [Said("user", text.strip())] if text.strip() else []
    ends = [head.start() for head in heads[1:]] + [len(text)]
    texts = [(_role(head[1]), text[head.end() : end].strip()) for head, end in zip(heads, ends, strict=True)]
    return [Said("tool" if _MACHINE.match(words) else role, words) for role, words in texts if words]


def _role(word: str) -> str:
    word = word.lower()
    return "user" if word in ("user", "human", "person") else "assistant" if word in ("assistant", "agent") else "tool"


def _statements(messages: list[Said], roles: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for message in messages:
        if message.role in roles:
            bare = re.sub(r"```.*?(```|\Z)", " ", message.text, flags=re.S)
            for line in bare.splitlines():
                plain = re.sub(r"^\s*(?:[-*+>]|\d+[.)]|#+)\s+", "", line).strip()
                found += [(message.role, sentence) for sentence in sentences(plain) if _tells(sentence)]
    return found


def _tells(sentence: str) -> bool:
    """Not a mere lead to what follows it, nor its tail."""
    return len(sentence) > 3 and not sentence.endswith(":") and not sentence.startswith(("Because:", "|"))


def goals(messages: list[Said]) -> list[str]:
    """The person's prompts, the first one first, cut short."""
    return unique(clip(m.text, 220) for m in messages if m.role == "user" and not m.text.startswith("["))


def decisions(messages: list[Said]) -> list[str]:
    """Sentences that decide, and preferences that the person stated."""
    found = [
        s
        for role, s in _statements(messages, ("user", "assistant"))
        if _DECIDED.search(s) or (role == "user" and _PREFERS.search(s))
    ]
    return unique(clip(s, 240) for s in found if not s.endswith("?"))


def deeds(messages: list[Said]) -> list[str]:
    """What the agent says that it did or found."""
    found = [
        s
        for _, s in _statements(messages, ("assistant",))
        if _DONE.search(s) and not _OPEN.search(s) and not s.endswith("?")
    ]
    return unique(clip(s, 220) for s in found)


def open_items(messages: list[Said]) -> list[str]:
    """Questions without an answer after them, and what is said to be not done."""
    found = [s for _, s in _statements(messages, ("user", "assistant")) if _OPEN.search(s)]
    if messages and messages[-1].role == "user":
        found.append(f"Not answered yet: {messages[-1].text}")
    asked = [s for _, s in _statements(messages[-1:], ("assistant",)) if s.endswith("?")]
    return unique(clip(s, 220) for s in (*found, *asked))


def files(text: str) -> list[str]:
    """Paths that the text names, in order."""
    named = (path for line in text.splitlines() for path in paths(line) if len(path) < 120)
    return unique(path for path in named if not re.search(r"[\s*(){}<>$]|^\.\w+$|^/", path))


def commands(text: str) -> list[str]:
    """Command lines in backticks."""
    return unique(clip(found, 120) for found in _COMMAND.findall(text))


def unique(items: Iterable[str]) -> list[str]:
    """`items` without repetition, in their order."""
    return list(dict.fromkeys(items))
