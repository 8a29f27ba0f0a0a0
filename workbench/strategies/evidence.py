"""Evidence (seed §2A): the hard facts of what left the window, and what each is worth.

    every entry that left, this time or before ─▶ facts ─▶ weight: who said it, what it is, what came back to it
                                                     └▶ checked against the new window; what it misses: `index`

It is gathered from the journal's own entries each time, so that nothing is lost by compacting again. What a call was
about is what its tool said in the proposal; a call without one gives no facts. Of results only errors and how a command
went are facts: what else in one mattered was said or used later, and is found there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

import msgspec

from workbench.core.entries import Entry
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.core.passages import cut_passages, name_passage
from workbench.core.plans import Checked
from workbench.strategies.cut import is_prompt
from workbench.strategies.earlier import parse_index
from workbench.strategies.facts import (
    FactKind,
    find_commands,
    find_errors,
    find_exact,
    find_exit,
    find_sentences,
    stands,
)
from workbench.strategies.focus import Focus
from workbench.strategies.strategy import WindowView

KINDS: dict[FactKind, float] = {
    "decisions": 1.5,
    "commands": 1.3,
    "paths": 1.3,
    "numbers": 1.4,
    "preferences": 1.5,
    "requests": 0.6,
    "questions": 0.5,
    "abandoned": 0.5,
    "errors": 0.4,
    "urls": 0.4,
    "identifiers": 0.2,
    "remarks": -0.5,
}
"""What a fact is worth by its kind, beside who said it."""
CHECKED: tuple[FactKind, ...] = (
    "paths", "commands", "numbers", "decisions", "requests", "preferences", "errors", "urls", "identifiers",
    "questions", "abandoned",
)  # fmt: skip
"""The order in which a person reads the counts."""
NOTED, PERSON, RUN, ANSWER, EDIT, READ, OUTCOME = 4.0, 3.0, 3.0, 2.5, 2.5, 1.0, 1.5
"""What a fact is worth by where it stands: scratchpad, prompt, call, answer, a file changed, one read, an outcome."""
REFERENCE, MOST_REFERENCES = 0.4, 4
"""What each later mention in words or commands adds, and how many count."""
WANTED = 3.0
"""What it adds that the person asked for such things to be kept."""
_WORDS = re.compile(r"\w+")
MOST_READ = 16_384
"""Texts whose facts are remembered."""
BECAUSE = " — because "
LAST_LINES = 3
"""Lines at the end of a command's output that tell how it went."""
LONGEST = 400
"""Characters of a command that is carried whole; of a longer one its beginning, the rest is recalled."""
PERSONS: frozenset[FactKind] = frozenset({"decisions", "preferences", "abandoned"})
ANSWERS: frozenset[FactKind] = frozenset({"decisions", "questions", "abandoned", "remarks"})
SENTENCES: frozenset[FactKind] = ANSWERS | PERSONS | {"requests"}
"""Kinds in which case and blanks do not matter."""


class HardFact(msgspec.Struct, frozen=True):
    """One fact, as it was written."""

    kind: FactKind
    text: str
    id: str
    """The passage that it left with; empty for what stands in none."""
    entry: str
    """The entry that it left with."""
    weight: float
    place: int
    """Its rank in time."""
    outcome: str = ""
    """Of a command: its exit code, or `failed`."""
    last: int = 0
    """The rank of its last mention."""
    carried: bool = False
    """True where only an earlier index has it: it came along with a summary."""

    def may_be_in(self, words: Set[str]) -> bool:
        """False where a text of these `words` cannot have it: quickly told, for windows and facts without end."""
        return self.kind in SENTENCES or words >= set(_WORDS.findall(self.text))

    def is_in(self, text: str, folded: str) -> bool:
        """True where it stands in `text`, of which `folded` is the same without case and line ends."""
        if self.kind in SENTENCES:
            return all(fold(part) in folded for part in self.text.split(BECAUSE, 1))
        return stands(self.text, text)


class Evidence(msgspec.Struct, frozen=True):
    """The facts of all that left, oldest first."""

    facts: tuple[HardFact, ...] = ()
    turns: Mapping[int, str] = {}
    """How each turn that left ended: `finished` or `broken off`."""
    passages: tuple[str, ...] = ()
    """Passages of which something left, oldest first."""

    def of(self, kind: FactKind) -> tuple[str, ...]:
        """The facts of one kind."""
        return tuple(fact.text for fact in self.facts if fact.kind == kind)

    def find_missing(self, text: str) -> tuple[HardFact, ...]:
        """What does not stand in `text`, a window."""
        folded, words = fold(text), set(_WORDS.findall(text))
        return tuple(fact for fact in self.facts if not (fact.may_be_in(words) and fact.is_in(text, folded)))

    def check(self, text: str) -> tuple[Checked, ...]:
        """How many facts stand in `text`, a summary with its index; the missing ones by name."""
        return count_facts(self.facts, set(self.find_missing(text)), text)


def count_facts(facts: Sequence[HardFact], missing: set[HardFact], text: str) -> tuple[Checked, ...]:
    """By kind: how many of `facts` are not `missing` in `text`, and how many of those an id in it recalls."""
    named, counts = {id.rstrip(".") for id in re.findall(r"\be\d[\w.]*", text)}, []
    for kind in CHECKED:
        if every := [fact for fact in facts if fact.kind == kind]:
            lost = [fact for fact in every if fact in missing]
            by_id = sum(1 for fact in lost if fact.id in named or fact.entry in named)
            counts.append(Checked(kind, len(every) - len(lost), len(every), tuple(f.text for f in lost), by_id))
    return tuple(counts)


def gather_evidence(leaving: Iterable[Entry], view: WindowView) -> Evidence:
    """The facts in all that left or leaves, and the decisions and open questions on the scratchpad.

    What the person marked to drop is taken at their word: nothing of it is carried.
    """
    every = {entry.id: entry for entry in view.entries} | dict(view.left)
    dropped = {id for id, mark in view.marks.items() if mark == "drop"}
    gone = {*view.left, *(entry.id for entry in leaving)} - dropped
    ordered = sorted(every.values(), key=lambda entry: entry.seq)
    names = {entry.id: name_passage(passage) for passage in cut_passages(ordered) for entry in passage}
    ordered = [entry for entry in ordered if entry.id not in dropped]
    results = {entry.part.tool_use_id: entry.part for entry in ordered if isinstance(entry.part, ToolResult)}
    focus, found = Focus(view.instructions), dict[tuple[FactKind, str], HardFact]()
    for place, entry in enumerate(ordered):
        for kind, text, weight, outcome in dict.fromkeys(_read_entry(entry, view, results)):
            _note(found, HardFact(kind, text, *_name(entry.id, gone, names), weight, place, outcome))
    facts = [fact for fact in found.values() if fact.id or fact.weight >= NOTED]
    facts += [*_read_scratchpad(view), *_find_carried(view.earlier, {*every, *names.values()}, found)]
    return Evidence(
        tuple(msgspec.structs.replace(f, weight=f.weight + WANTED * focus.wants(f.kind, f.text)) for f in facts),
        _find_endings(ordered, gone, view.running),
        tuple(dict.fromkeys(names[entry.id] for entry in ordered if entry.id in gone and entry.id in names)),
    )


def _name(entry: str, gone: set[str], names: Mapping[str, str]) -> tuple[str, str]:
    """Passage and entry of a fact that left; empty for one that stands in the window."""
    return (names.get(entry, ""), entry) if entry in gone else ("", "")


def _note(found: dict[tuple[FactKind, str], HardFact], fact: HardFact) -> None:
    """Take in a fact or one more mention of it; a command keeps its newest outcome."""
    key = fact.kind, fact.text
    old = found.get(key)
    if old is None:
        found[key] = msgspec.structs.replace(fact, weight=fact.weight + KINDS[fact.kind], last=fact.place)
        return
    weight = max(old.weight, fact.weight + KINDS[fact.kind])
    again = fact.place > old.place and fact.weight >= ANSWER
    grown = min(old.weight + REFERENCE, weight + REFERENCE * MOST_REFERENCES) if again else weight
    found[key] = msgspec.structs.replace(
        old,
        weight=max(weight, grown),
        id=old.id or fact.id,
        entry=old.entry or fact.entry,
        outcome=fact.outcome or old.outcome,
        last=fact.place if again else old.last,
    )


def _read_entry(
    entry: Entry, view: WindowView, results: Mapping[str, ToolResult]
) -> Iterator[tuple[FactKind, str, float, str]]:
    """Kind, words, worth and outcome of each fact in an entry."""
    match entry.part:
        case Text(text=text) if not entry.notice:
            person = entry.role == "user"
            worth = PERSON if person else ANSWER
            if is_prompt(entry):
                yield "requests", " ".join(text.split()), worth, ""
            yield from ((kind, said, worth, code) for kind, said, code in _read_words(text, person))
        case ToolUse(id=id) if call := view.proposals.get(id):
            if command := find_command(view, id):
                result = results.get(id)
                yield "commands", shorten_command(command), RUN, find_outcome(result) if result else ""
                yield from ((kind, said, READ, "") for kind, said in find_exact(command) if kind != "numbers")
            elif call.file:
                yield "paths", call.file, EDIT if call.kind == "edit" else READ, ""
            else:
                yield from ((kind, said, READ, "") for kind, said in find_exact(call.subject) if kind == "urls")
        case ToolResult(tool_use_id=id, text=text, error=error):
            if (ran := bool(find_command(view, id))) or error:
                yield from ((kind, said, OUTCOME, "") for kind, said in _read_outcome(text, ran))


@lru_cache(MOST_READ)
def _read_words(text: str, person: bool) -> tuple[tuple[FactKind, str, str], ...]:
    """Kind, words and exit code of the facts in what was said; each text is read once for all compactions."""
    found = [(kind, said, "") for kind, said in find_sentences(text, PERSONS if person else ANSWERS)]
    commands: list[tuple[FactKind, str, str]] = [("commands", line, code) for line, code in find_commands(text)]
    exact = [(kind, said, "") for kind, said in find_exact(text)]
    errors: list[tuple[FactKind, str, str]] = [("errors", line, "") for line in find_errors(text)]
    return tuple(dict.fromkeys([*found, *commands, *exact, *errors]))


@lru_cache(MOST_READ)
def _read_outcome(text: str, ran: bool) -> tuple[tuple[FactKind, str], ...]:
    """Kind and words of the facts in a result that tells how something went."""
    end = [line for line in text.rstrip().splitlines()[-LAST_LINES:] if not find_exit(line)]
    exact = list(find_exact("\n".join(end))) if ran else []
    errors: list[tuple[FactKind, str]] = [("errors", line) for line in find_errors(text)]
    return tuple(dict.fromkeys([*exact, *errors]))


def _read_scratchpad(view: WindowView) -> Iterator[HardFact]:
    for note in view.scratchpad.decisions:
        text = f"{note.text}{BECAUSE}{note.reasoning}" if note.reasoning else note.text
        yield HardFact("decisions", text, "", "", NOTED + KINDS["decisions"], 0)
    for note in view.scratchpad.open_questions:
        yield HardFact("questions", note.text, "", "", NOTED + KINDS["questions"], 0)


def find_command(view: WindowView, call: str) -> str:
    """The command line that a call runs; empty for other calls."""
    proposal = view.proposals.get(call)
    if proposal is None or proposal.kind != "run":
        return ""
    preview = proposal.preview
    return (preview.text if preview and preview.kind == "command" else proposal.subject).strip()


def shorten_command(command: str) -> str:
    """As it is carried: the first lines of a script that is long."""
    return command if len(command) <= LONGEST else command[: LONGEST - 1].rstrip() + "…"


def find_outcome(result: ToolResult) -> str:
    """The exit code, or `failed` where a failure told none; empty for a command that told nothing."""
    lines = result.text.strip().splitlines()
    code = find_exit("\n".join(lines[-2:])) or find_exit("\n".join(lines[:1]))
    return code if code else "failed" if result.error else ""


def _find_endings(entries: Iterable[Entry], gone: set[str], running: int) -> dict[int, str]:
    """How each turn ended of which something left; a turn ends with an answer or was broken off."""
    last, left = dict[int, Entry](), set[int]()
    for entry in entries:
        last[entry.turn] = entry
        left |= {entry.turn} if entry.id in gone else set()
    return {turn: _tell_ending(entry) for turn, entry in last.items() if turn in left and turn and turn != running}


def _tell_ending(last: Entry) -> str:
    answered = last.role == "assistant" and isinstance(last.part, Text) and not last.draft
    return "finished" if answered else "broken off"


def _find_carried(earlier: str, known: set[str], found: Mapping[tuple[FactKind, str], HardFact]) -> Iterator[HardFact]:
    """Facts of an earlier index whose source this journal does not have: it came along with a summary."""
    said = {text for _, text in found}
    for kind, text, id in parse_index(earlier):
        if id not in known and text not in said:
            yield HardFact(kind, text, id, id, NOTED + KINDS[kind], 0, carried=True)


def fold(text: str) -> str:
    """`text` on one line, without case."""
    return " ".join(text.split()).casefold()
