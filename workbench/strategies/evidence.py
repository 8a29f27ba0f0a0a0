"""The evidence index: exact facts of what leaves the window, kept word for word beside the summary (seed §2A).

Summaries keep decisions and lose paths, numbers and commands; the index carries these and counts what survives.
What a call was about is what its tool said in the proposal; a call without one gives no facts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from workbench.core.decisions import Proposal
from workbench.core.entries import Entry
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.core.plans import Checked
from workbench.strategies.strategy import WindowView

HEADING = "## Evidence"
KINDS = {"requests": 0.45, "decisions": 0.6, "paths": 0.7, "commands": 0.8, "numbers": 1.0}
"""Most important first, with the share that one kind may take of the room that is still left."""
CHECKED = ("paths", "commands", "numbers", "decisions", "requests")
"""The order in which a person reads the counts."""
BECAUSE = " — because "
LAST_LINES = 3
"""Lines at the end of a command's output that tell how it went."""
LONGEST = 200
"""Characters of a path."""

_SUFFIX = (
    r"(?:py|pyi|md|toml|json|ya?ml|txt|rst|cfg|ini|sh|js|jsx|ts|tsx|css|tcss|html?|sql|rs|go|c|h|cc|cpp|hpp|java|kt|rb|"
    r"php|lock|csv|svg|png|xml|env)"
)
_PATH = re.compile(
    r"(?<![\w:/.@+-])(?:~?/|\.{1,2}/)?(?:[\w.@+-]+/)+[\w@+-][\w.@+-]*(?<![.,])/?"
    rf"|(?<![\w:/.@+-])[\w@+-][\w.@+-]*\.{_SUFFIX}(?![\w/])"
)
_NUMBER = re.compile(
    r"(?<![\w.,/:#%-])[$€£]?\d+(?:[.,:]\d+)*(?:\s?(?:%|°)|\s(?!and\b|or\b|of\b|to\b|in\b|is\b|the\b|a\b)[^\W\d_]{1,15}|[^\W\d_]{1,3})(?![\w/(])"
)


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

    def merge_index(self, earlier: str) -> "Evidence":
        """Together with the index of an `earlier` summary, so that nothing is lost by compacting again."""
        old = parse_index(earlier)
        return Evidence(**{kind: _unique([*old.of(kind), *self.of(kind)]) for kind in KINDS})

    def as_markdown(self, limit_tokens: int) -> str:
        """The index under its heading, in about `limit_tokens`; newest first where not all fit. Empty without facts."""
        room = float(limit_tokens - 12)
        parts: list[str] = []
        for kind, share in KINDS.items():
            items, used = _choose_newest(self.of(kind), room * share)
            room -= used
            if items:
                parts.append("\n- ".join([f"### {kind.capitalize()}", *("\n  ".join(t.splitlines()) for t in items)]))
        return "\n\n".join([HEADING, *parts]) if parts else ""

    def check(self, text: str) -> tuple[Checked, ...]:
        """How many facts stand in `text`, a summary with its index; the missing ones by name."""
        normal = _normalise(text)
        counts = []
        for kind in CHECKED:
            if every := self.of(kind):
                missing = tuple(fact for fact in every if not _stands(fact, normal, kind))
                counts.append(Checked(kind, len(every) - len(missing), len(every), missing))
        return tuple(counts)


def gather_evidence(leaving: Iterable[Entry], view: WindowView) -> Evidence:
    """The facts in the entries that leave, and the decisions on the scratchpad."""
    requests, paths, commands, numbers = list[str](), list[str](), list[str](), list[str]()
    ran: set[str] = set()
    for entry in leaving:
        match entry.part:
            case Text(text=text) if not entry.notice:
                paths += _find_paths(text)
                numbers += _find_numbers(text)
                if entry.role == "user":
                    requests.append(text.strip())
            case ToolUse(id=id) if call := view.proposals.get(id):
                paths.append(call.file)
                if command := find_command(call):
                    paths += _find_paths(command)
                    commands.append(command)
                    ran.add(id)
            case ToolResult(tool_use_id=id, text=text) if id in ran:
                numbers += _find_numbers("\n".join(text.rstrip().splitlines()[-LAST_LINES:]))
    decisions = (f"{n.text}{BECAUSE}{n.reasoning}" if n.reasoning else n.text for n in view.scratchpad.decisions)
    return Evidence(*map(_unique, (requests, decisions, paths, commands, numbers)))


def find_command(call: Proposal | None) -> str:
    """The command line that a call runs; empty for other calls."""
    if call is None or call.kind != "run":
        return ""
    return (call.preview.text if call.preview and call.preview.kind == "command" else call.subject).strip()


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


def _find_paths(text: str) -> Iterator[str]:
    for match in _PATH.finditer(text):
        path = match.group().rstrip(".")
        if len(path) <= LONGEST and not re.fullmatch(r"[\d/.]+|\w/\w", path) and "//" not in path:
            yield path.removeprefix("./")


def _find_numbers(text: str) -> Iterator[str]:
    """Figures with the word or unit beside them."""
    return (" ".join(match.group().split()) for match in _NUMBER.finditer(text))


def _choose_newest(texts: Sequence[str], room: float) -> tuple[list[str], float]:
    """The newest of `texts` that fit into `room` tokens, in order, and the tokens that they take."""
    chosen: list[str] = []
    used = 8.0
    for text in reversed(texts):
        if len(text) <= 4 * room and used + (cost := _estimate(text)) <= room:
            chosen.append(text)
            used += cost
    return chosen[::-1], used if chosen else 0.0


def _estimate(text: str) -> float:
    """Tokens of one item, on the high side: no counter is at hand here, and paths are dear."""
    plain = sum(1 for character in text if character < "\u0250")
    return 2 + plain / 2.5 + (len(text) - plain)


def _stands(fact: str, normal: str, kind: str) -> bool:
    parts = fact.split(BECAUSE, 1) if kind == "decisions" else [fact]
    return _normalise(fact) in normal or all(_normalise(part) in normal for part in parts)


def _normalise(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
