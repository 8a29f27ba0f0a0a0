"""Sessions that are looked for, and what stands below one in the list: where it came from, where the words stand."""

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from workbench.core.summary import SessionSummary
from workbench.ui.draw.text import faint, flatten, muted

BEFORE = 24
"""Characters that are shown before what was found, at most."""


def split_words(sought: str) -> list[str]:
    """The words that are looked for, whatever their case."""
    return sought.lower().split()


def find_sessions(sessions: Iterable[SessionSummary], sought: str) -> list[SessionSummary]:
    """Those whose title, task or id holds every word of `sought`."""
    words = split_words(sought)
    texts = {each: f"{each.title}\n{each.task}\n{each.id}".lower() for each in sessions}
    return [session for session, text in texts.items() if all(word in text for word in words)]


def list_asides(session: SessionSummary, titles: Mapping[str, str], words: Sequence[str], title: str) -> list[Content]:
    """The lines below a session: `titles` are those of all sessions by id, `title` is what its own row shows."""
    asides = []
    if came := titles.get(session.parent):
        asides.append(faint(f"  └ handed off from {flatten(came)}"))
    if found := find_line(session, [word for word in words if word not in title.lower()]):
        asides.append(faint("    ") + mark_words(muted(found), words))
    return asides


def find_line(session: SessionSummary, words: Sequence[str]) -> str:
    """The first line of the task, or the id, in which one of `words` stands, from shortly before it."""
    for line in (*map(flatten, session.task.splitlines()), f"id {session.id}"):
        if places := [at for word in words if (at := line.lower().find(word)) >= 0]:
            at = min(places)
            near = line[max(0, at - BEFORE) : at]
            return line if at <= BEFORE else f"… {near.partition(' ')[2] or near}{line[at:]}"
    return ""


def mark_words(row: Content, words: Sequence[str]) -> Content:
    """`row` with each of `words` in it marked, whatever its case."""
    lower = row.plain.lower()
    if len(lower) != len(row.plain):  # some letters are longer in lower case
        return row
    for word in filter(None, words):
        at = lower.find(word)
        while at >= 0:
            row = row.stylize("bold underline $accent", at, at + len(word))
            at = lower.find(word, at + len(word))
    return row
