"""The evidence index: exact facts of what leaves the window, kept word for word beside the summary (seed §2A).

Summaries keep decisions and lose paths, numbers and commands; the index carries these and counts what survives.
"""

from collections.abc import Iterable, Sequence

import msgspec

from workbench.core.conversation import Entry
from workbench.core.notes import Note
from workbench.core.plans import Checked
from workbench.strategies import facts
from workbench.strategies.strategy import WindowView

HEADING = "## Evidence"
KINDS = ("requests", "decisions", "paths", "commands", "numbers")
"""Most important first: when room is short the last ones give way."""
SHARES = {"requests": 0.45, "decisions": 0.6, "paths": 0.7, "commands": 0.8, "numbers": 1.0}
"""Of the room that is still left, how much one kind may take."""
CHECKED = ("paths", "commands", "numbers", "decisions", "requests")
"""The order in which a person reads the counts."""
BECAUSE = " — because "


class Evidence(msgspec.Struct, frozen=True):
    """Facts by kind, each as it was written, oldest first."""

    requests: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    """With their reasons, as `decision — because reason`."""
    paths: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        """The facts of one kind."""
        found: tuple[str, ...] = getattr(self, kind)
        return found

    def including(self, earlier: str) -> "Evidence":
        """With the index at the end of an `earlier` summary, so that nothing is lost by compacting again."""
        old = parse_index(earlier)
        return Evidence(**{kind: _unique([*old.of(kind), *self.of(kind)]) for kind in KINDS})

    def as_markdown(self, limit_tokens: int) -> str:
        """The index under its heading, in about `limit_tokens`; newest first where not all fit. Empty without facts."""
        room = float(limit_tokens - 12)
        parts: list[str] = []
        for kind in KINDS:
            items, used = _fitting(self.of(kind), room * SHARES[kind])
            room -= used
            if items:
                parts.append(f"### {kind.capitalize()}\n" + "\n".join(_item(text) for text in items))
        return "\n\n".join([HEADING, *parts]) if parts else ""

    def check(self, text: str) -> tuple[Checked, ...]:
        """How many facts stand in `text`, a summary with its index; the missing ones by name."""
        normal = _normal(text)
        counts = []
        for kind in CHECKED:
            every = self.of(kind)
            missing = tuple(fact for fact in every if not _stands(fact, normal, kind))
            if every:
                counts.append(Checked(kind, len(every) - len(missing), len(every), missing))
        return tuple(counts)


def gather_evidence(leaving: Sequence[Entry], view: WindowView) -> Evidence:
    """The facts in the entries that leave, and the decisions on the scratchpad."""
    return Evidence(
        requests=_unique(facts.find_requests(leaving)),
        decisions=_unique(_decided(note) for note in view.scratchpad.decisions),
        paths=_unique(facts.find_paths(leaving, view.proposals)),
        commands=_unique(facts.find_commands(leaving, view.proposals)),
        numbers=_unique(facts.find_numbers(leaving, view.proposals)),
    )


def split_index(summary: str) -> tuple[str, str]:
    """A summary without the index at its end, and the index with its heading; empty where there is none."""
    text, found, index = f"\n{summary}".rpartition(f"\n{HEADING}\n")
    return (text.strip(), f"{HEADING}\n{index}".strip()) if found else (summary.strip(), "")


def parse_index(summary: str) -> Evidence:
    """The index at the end of a summary; empty where there is none."""
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    items: list[str] | None = None
    for line in split_index(summary)[1].splitlines():
        if line.startswith("### "):
            items = kinds.get(line[4:].strip().lower())
        elif items is not None and line.startswith("- "):
            items.append(line[2:])
        elif items and line.startswith("  "):
            items[-1] += "\n" + line[2:]
    return Evidence(**{kind: tuple(texts) for kind, texts in kinds.items()})


def _fitting(texts: Sequence[str], room: float) -> tuple[list[str], float]:
    """The newest of `texts` that fit into `room` tokens, in order, and the tokens that they take."""
    chosen: list[str] = []
    used = 8.0
    for text in reversed(texts):
        if len(text) > 4 * room or used + (cost := _cost(text)) > room:
            continue
        chosen.append(text)
        used += cost
    return chosen[::-1], used if chosen else 0.0


def _cost(text: str) -> float:
    """Tokens of one item, on the high side: no counter is at hand here, and paths are dear."""
    plain = sum(1 for character in text if character < "\u0250")
    return 2 + plain / 2.5 + (len(text) - plain)


def _item(text: str) -> str:
    return "- " + "\n".join(text.splitlines()).replace("\n", "\n  ")


def _decided(note: Note) -> str:
    return f"{note.text}{BECAUSE}{note.reasoning}" if note.reasoning else note.text


def _stands(fact: str, normal: str, kind: str) -> bool:
    if _normal(fact) in normal:
        return True
    decision, because, reason = fact.partition(BECAUSE)
    return kind == "decisions" and bool(because) and _normal(decision) in normal and _normal(reason) in normal


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
