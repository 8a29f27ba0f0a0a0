"""The evidence index: what the summary misses, word for word and in few tokens, at the summary's end.

    ## Evidence
    `recall("e12")` gives back what the line is from; → is how a command exited.
    Finished: turns 1–6. Broken off: turn 7.
    e12 make lint | tee log → 2; src/acme/retry.py; 412 ms
    More: e3 e5 e9                                      passages of which nothing had room

A line a passage, oldest first. It takes at most a share of all tokens that were removed so far.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from workbench.strategies.earlier import HEADING
from workbench.strategies.evidence import Evidence, HardFact
from workbench.strategies.facts import stands
from workbench.strategies.strategy import shorten

GUIDE = '`recall("e12")` gives back what the line is from; → is how a command exited.'
HEAD = f"{HEADING}\n{GUIDE}"
FITTINGS, CLOSE = 5, 0.995
"""How often it is written and measured whole, since its parts sum to more; and how near to its limit it may come."""
SHARE_OF_FACTS = 0.97
"""Of the room; ids of passages of which nothing had room get the rest, and what facts leave."""
MOST_OF_KIND = {"decisions": 0.5, "commands": 0.45, "paths": 0.45, "numbers": 0.3}
LEAST_OF_KIND = 0.2
"""Of the room, what facts of one kind may take before all others had their turn."""
NEWEST = 0.5
"""What the fact that was mentioned last is worth more than the one that was not for the longest time."""
SEPARATOR = "; "
MORE = "More: "
SENTENCE = 200
"""Characters of a request in the index; a fuller one is recalled."""

Count = Callable[[str], int]
"""Tokens of a text."""


def write_index(evidence: Evidence, missing: Sequence[HardFact], limit: int, count: Count) -> str:
    """What of `missing` fits into `limit` tokens, the weightiest first; empty where not even a few do."""
    endings = _tell_endings(evidence.turns)
    room = limit - count(HEAD) - (count(endings) if endings else 0)
    if room < 8 or not (missing or evidence.passages):
        return ""
    costs = {fact: count(_show(fact)) + 2 + (2 if fact.id else 0) for fact in missing}
    best, scale = "", 1.0
    for _ in range(FITTINGS):
        ranked = _rank(missing, costs, room * SHARE_OF_FACTS * scale)
        text = _render(endings, evidence, ranked, room, count)
        used = count(text)
        best = text if used <= limit and len(text) > len(best) else best
        scale *= CLOSE * limit / used
    return best


def _rank(facts: Sequence[HardFact], costs: Mapping[HardFact, int], room: float) -> list[HardFact]:
    """The facts that fit into `room` tokens, best first: first each kind up to its share, then whatever is best."""
    newest = max((fact.last for fact in facts), default=0) or 1
    order = sorted(facts, key=lambda fact: -(fact.weight + NEWEST * fact.last / newest))
    taken, by_kind, left = list[HardFact](), dict[str, float](), list[HardFact]()
    said: dict[str, str] = {}
    for fact in order:
        if fact.id and stands(fact.text, said.get(fact.id, "")):
            continue
        cost, used = costs[fact], by_kind.get(fact.kind, 0.0)
        if cost > room or used + cost > MOST_OF_KIND.get(fact.kind, LEAST_OF_KIND) * (room + sum(by_kind.values())):
            left.append(fact)
            continue
        taken.append(fact)
        said[fact.id] = f"{said.get(fact.id, '')}\n{fact.text}"
        by_kind[fact.kind] = used + cost
        room -= cost
    for fact in left:
        if costs[fact] <= room and not (fact.id and stands(fact.text, said.get(fact.id, ""))):
            taken.append(fact)
            room -= costs[fact]
    return taken


def _render(endings: str, evidence: Evidence, facts: Sequence[HardFact], room: int, count: Count) -> str:
    lines = [HEAD, *([endings] if endings else [])]
    ordered = sorted(facts, key=lambda fact: (bool(fact.id), fact.place, fact.id))
    for id, group in groupby(ordered, key=lambda fact: fact.id):
        said = list(map(_show, group))
        lines += [f"{id} {SEPARATOR.join(said)}"] if id else [f"- {text}" for text in said]
    named = {fact.id for fact in facts}
    left = room - sum(count(line) + 1 for line in lines[1 + bool(endings) :])
    ids: list[str] = []
    for id in reversed([id for id in evidence.passages if id not in named]):
        left -= count(f" {id}")
        if left < 8:
            break
        ids.append(id)
    return "\n".join([*lines, *([MORE + " ".join(ids[::-1])] if ids else [])])


def _show(fact: HardFact) -> str:
    """The fact as the index has it, on one line or on indented ones."""
    text = fact.text if fact.kind != "requests" else f"asked: {shorten(fact.text, SENTENCE)}"
    if fact.kind == "commands":
        text = text if SEPARATOR.strip() not in text and fact.outcome else f"`{text}`"
        text = f"{text} → {fact.outcome}" if fact.outcome else text
    elif fact.kind == "abandoned":
        text = f"abandoned: {text}"
    elif fact.kind == "questions":
        text = f"open: {text}"
    return "\n  ".join(text.splitlines())


def _tell_endings(turns: Mapping[int, str]) -> str:
    """`Finished: turns 1–6. Broken off: turn 7.`"""
    parts = []
    for word in ("finished", "broken off"):
        if numbers := sorted(turn for turn, ending in turns.items() if ending == word):
            parts.append(f"{word.capitalize()}: turn{'s' if len(numbers) > 1 else ''} {_list_ranges(numbers)}.")
    return " ".join(parts)


def _list_ranges(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
