"""A summary of older messages (seed §2 A): goal, decisions, deeds and open items, each quoted."""

import re

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.errands import called, extract
from workbench.providers.rehearsal.mind.evidence import prose
from workbench.providers.rehearsal.mind.markdown import CHARACTERS_PER_TOKEN, code

SECTIONS = ("Goal", "Decided", "Done", "Open")
_SHARES = {"Goal": 0.25, "Decided": 0.27, "Done": 0.3, "Open": 0.18}
"""How the room is divided; what one section leaves the next may use."""


class Summary:
    """Markdown with four sections."""

    phrases = ("summarise the following conversation", "summarize the following conversation")

    def reply(self, talk: Conversation) -> str:
        text = history_of(talk)
        messages = extract.said(text)
        kept = _earlier(text)
        files, commands = extract.files(extract.ASSESSED.sub("", text)), extract.commands(text)
        calls = called.calls(messages)
        named = [f"Files spoken of: {', '.join(map(code, files[:40]))}"] if files else []
        named += [f"Commands: {', '.join(map(code, commands[:12]))}"] if commands else []
        done = named + called.deeds(calls) + extract.deeds(messages)
        found = {
            "Goal": kept["Goal"] + extract.goals(messages),
            "Decided": kept["Decided"] + called.decisions(calls) + extract.decisions(messages),
            "Done": kept["Done"] + done,
            "Open": kept["Open"] + called.questions(calls) + extract.open_items(messages),
        }
        return _fitted(found, talk.room * CHARACTERS_PER_TOKEN - 120)


def history_of(talk: Conversation) -> str:
    """The text to summarise: what follows the instruction, or the messages themselves."""
    prompt = re.split(r"^The conversation goes on from this request", talk.turn.prompt, maxsplit=1, flags=re.M)[0]
    first = re.search(r"^\[(?:user|assistant|tool|system)[^\]\n]*\]:", prompt, re.M)
    own = re.split(r"unresolved questions\.?\s*|\n\s*\n", prompt, maxsplit=1)
    given = prompt[first.start() :] if first else own[1] if len(own) > 1 else ""
    before = [f"[user]: {turn.prompt}\n[assistant]: {turn.answer}" for turn in talk.before]
    return "\n".join([*([talk.summary] if talk.summary else []), *before, given]).strip()


def _earlier(text: str) -> dict[str, list[str]]:
    """Entries of summaries that are themselves part of the text."""
    kept: dict[str, list[str]] = {name: [] for name in SECTIONS}
    for heading in prose.headings(text):
        if heading.title in kept:
            body = re.split(r"^\[\w+\]", prose.section(text, heading), maxsplit=1, flags=re.M)[0]
            kept[heading.title] += [line[2:].strip() for line in body.splitlines() if line.startswith("- ")]
    return kept


def _fitted(found: dict[str, list[str]], size: int) -> str:
    pieces, spare = [], 0.0
    for name in SECTIONS:
        room = size * _SHARES[name] + spare
        lines: list[str] = []
        for entry in extract.unique(found[name]):
            line = f"- {entry}"
            if len(line) + 1 > room:
                continue
            lines.append(line)
            room -= len(line) + 1
        spare = max(0.0, room)
        pieces.append(f"## {name}\n" + ("\n".join(lines) or "- nothing that was said plainly"))
    return "\n\n".join(pieces)
