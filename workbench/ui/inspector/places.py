"""Where a block stands in the transcript."""

from collections.abc import Sequence

from workbench.ui.state import AnyEntry, Prompt, Tool


def find_place(entries: Sequence[AnyEntry], turn: int, seq: int, label: str) -> int | None:
    """The index of the entry that shows what event `seq` of `turn` brought; None where nothing of the turn is shown.

    A call is told by its label, since its result may come long after it.
    """
    own = [place for place, entry in enumerate(entries) if entry.turn == turn and entry.seq]
    calls = [place for place in own if _is_call(entries[place], label)]
    before = [place for place in own if entries[place].seq <= seq and not isinstance(entries[place], Tool)]
    asked = [place for place in own if isinstance(entries[place], Prompt)]
    nearest = [place for place in calls if entries[place].seq <= seq] or calls or before or asked or own
    return nearest[-1] if nearest else None


def read_seq(id: str) -> int:
    """The event that a block's id names: 12 of `e12.1`; 0 where it names none."""
    number = id.removeprefix("e").partition(".")[0]
    return int(number) if number.isdigit() else 0


def _is_call(entry: AnyEntry, label: str) -> bool:
    if not isinstance(entry, Tool):
        return False
    words = " ".join(f"{entry.name} {entry.summary}".split())
    return words.startswith(label.removesuffix("…").strip())
