"""What a handoff must carry, taken from the journal (seed §4): preserved facts, and counts of what is discarded.

TurnStarted ─▶ requests, preferences        ToolFinished ─▶ files, commands, errors
ToolFailed ─▶ errors, approaches given up   scratchpad ─▶ task, decisions, findings, questions
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import Proposal
from workbench.core.notes import Note, Scratchpad
from workbench.core.tools import FileChange
from workbench.handoff.document import LONGEST, document_in, shorten

DONE = frozenset({"done", "complete", "completed", "finished", "closed"})
CANCELLED = "cancelled"
"""Marks a file that was created and deleted again: nothing of it is left."""
LONGEST_WISH = 240
"""Characters of a preference; what is longer is a task or a pasted text."""
_NOTHING = re.compile(r"^\W*(?:no|nothing|0|none|zero)\b", re.I)
_VARIES = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(?:\.\d+)?(?= ?m?s\b)", re.I)
_TELLING = re.compile(r"error|exception|fail|denied|not found|invalid|no such", re.I)
_WISH = re.compile(
    r"\b(?:I|we)(?:'d| would)? (?:prefer|like|want|hate|dislike|need you to|expect)\b"
    r"|\b(?:always|never)\b|\b(?:please )?(?:do not|don't|avoid|stop|no need to)\b|\bmake sure\b|\binstead of\b"
    r"|\brather than\b|^(?:please )?(?:use|stick to|stay with|keep|only|prefer)\b|\bfrom now on\b|\bin future\b",
    re.I,
)
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)


class CommandRun(msgspec.Struct, frozen=True):
    """A command line that ran, and how it ended the last time."""

    line: str
    outcome: str = ""
    """`14 passed`, `exit 2: no rule to make target`."""
    ok: bool = True
    runs: int = 1


class ErrorPattern(msgspec.Struct, frozen=True):
    """An error that came up, once or again."""

    tool: str
    text: str
    times: int = 1


class Digest(msgspec.Struct, frozen=True):
    """The session's facts for its successor."""

    task: str = ""
    finished: bool = False
    """True when the task was marked done and nothing is open."""
    turns: int = 0
    requests: tuple[str, ...] = ()
    decisions: tuple[Note, ...] = ()
    files: tuple[FileChange, ...] = ()
    """Net changes by path, without diffs."""
    examined: tuple[str, ...] = ()
    """Files that were looked at and not changed."""
    preferences: tuple[str, ...] = ()
    open_items: tuple[str, ...] = ()
    errors: tuple[ErrorPattern, ...] = ()
    findings: tuple[str, ...] = ()
    commands: tuple[CommandRun, ...] = ()
    answer: str = ""
    """The last answer."""
    status: str = "in_progress"
    left_behind: tuple[str, ...] = ()
    """`38 tool outputs`, in words."""
    inherited: str = ""
    """The document that this session itself started from."""
    pad: Scratchpad = Scratchpad()


def collect_digest(events: Iterable[e.Stamped], conversation: Conversation, pad: Scratchpad) -> Digest:
    """The digest of a session's stored events, its conversation and its scratchpad."""
    seen = _Seen(conversation.proposals)
    for stamped in events:
        seen.fold(stamped.event)
    changed = tuple(change for change in seen.files.values() if change.diff != CANCELLED)
    touched = {change.path for change in seen.files.values()}
    examined = dict.fromkeys((*pad.files_examined, *seen.read))
    stopped = conversation.running or seen.broken
    unfinished = [f"The last request was not finished: {seen.requests[-1]}"] if seen.requests and stopped else []
    questions = [note.text for note in pad.open_questions]
    memory = conversation.epoch.memory if conversation.epoch else ()
    return Digest(
        task=pad.task or next(iter(seen.requests), ""),
        finished=pad.status.casefold() in DONE and not questions and not unfinished,
        turns=conversation.turn,
        requests=tuple(seen.requests),
        decisions=pad.decisions,
        files=changed,
        examined=tuple(path for path in examined if path not in touched),
        preferences=find_preferences(seen.requests),
        open_items=tuple(unfinished + questions),
        errors=tuple(ErrorPattern(tool, text, times) for (tool, text), times in seen.errors.items()),
        findings=tuple(note.text for note in pad.findings),
        commands=tuple(seen.commands.values()),
        answer=seen.answer,
        status=pad.status,
        left_behind=_count_left_behind(seen, len(seen.files) - len(changed)),
        inherited="\n\n".join(document_in(document.text) for document in memory if document.kind == "handoff"),
        pad=pad,
    )


@dataclass
class _Seen:
    """What the journal told so far. `proposals`: what was said of each call, by its id."""

    proposals: Mapping[str, Proposal]
    requests: list[str] = field(default_factory=list)
    files: dict[str, FileChange] = field(default_factory=dict)
    read: dict[str, None] = field(default_factory=dict)
    commands: dict[str, CommandRun] = field(default_factory=dict)
    errors: dict[tuple[str, str], int] = field(default_factory=dict)
    answer: str = ""
    broken: bool = False
    outputs: int = 0
    given_up: int = 0
    led_nowhere: int = 0

    def fold(self, event: e.AnyEvent | e.Unknown) -> None:
        match event:
            case e.TurnStarted(prompt=prompt):
                if prompt.strip():
                    self.requests.append(prompt.strip())
                self.broken = False
            case e.ToolFinished():
                self._finish(event)
            case e.ToolFailed(cause="rejected" | "denied"):
                self.given_up += 1
            case e.ToolFailed(cause="fault" | "invalid" | "unknown"):
                self._meet(event.tool, event.text)
            case e.TurnFinished():
                self.answer = event.text.strip() or self.answer
                self.broken = event.stop_reason != "done"
                self.given_up += event.stop_reason == "interrupted"
            case e.TurnFailed():
                self.broken = True
                self.given_up += 1

    def _finish(self, event: e.ToolFinished) -> None:
        self.outputs += 1
        for change in event.changes:
            self.files[change.path] = _net(self.files.get(change.path), change)
        proposal = self.proposals.get(event.call_id)
        if proposal is not None and proposal.kind == "run" and (line := proposal.subject):
            runs = self.commands.pop(line).runs + 1 if line in self.commands else 1
            ok = not event.error and not event.exit_code
            self.commands[line] = CommandRun(
                line, describe_outcome(event.text, event.headline, event.exit_code), ok, runs
            )
        elif proposal is not None and proposal.kind == "read" and not event.error:
            if proposal.file:
                self.read[proposal.file] = None
            else:
                self.led_nowhere += found_nothing(event.text, event.headline)
        if event.error:
            self._meet(event.tool, event.text)

    def _meet(self, tool: str, text: str) -> None:
        key = (tool, find_error_line(text))
        self.errors[key] = self.errors.get(key, 0) + 1


def _net(before: FileChange | None, change: FileChange) -> FileChange:
    """Two changes of one file as one."""
    if before is None or before.diff == CANCELLED:
        return FileChange(change.path, change.action, change.added, change.removed)
    added, removed = before.added + change.added, before.removed + change.removed
    match before.action, change.action:
        case "created", "deleted":
            return FileChange(change.path, "deleted", added, removed, CANCELLED)
        case "created", _:
            return FileChange(change.path, "created", added, removed)
        case "deleted", "created":
            return FileChange(change.path, "modified", added, removed)
    return FileChange(change.path, change.action, added, removed)


def _count_left_behind(seen: _Seen, cancelled: int) -> tuple[str, ...]:
    counts = (
        (seen.given_up + cancelled, "approach given up", "approaches given up"),
        (seen.outputs, "tool output", "tool outputs"),
        (seen.led_nowhere, "search that led nowhere", "searches that led nowhere"),
    )
    return tuple(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)


def describe_outcome(text: str, headline: str, exit_code: int | None) -> str:
    """The headline, or the last line of the output; a failing exit code stands before it."""
    lines = [line.strip(" =-\t") for line in text.splitlines() if line.strip(" =-\t")]
    words = headline or (shorten(lines[-1]) if lines else "")
    if not exit_code:
        return words
    return words if words.startswith("exit") else f"exit {exit_code}: {words}" if words else f"exit {exit_code}"


def find_error_line(text: str) -> str:
    """The line of an error that tells most, without what differs each time: addresses, hashes, durations."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)]
    chosen = (telling or lines or ["no message"])[-1 if "Traceback" in text else 0]
    return shorten(_VARIES.sub("…", chosen[: 2 * LONGEST]))


def found_nothing(text: str, headline: str) -> bool:
    """True for the result of a search without a hit."""
    if headline:
        return _NOTHING.match(headline) is not None
    return not text.strip() or (len(text) < 200 and _NOTHING.match(text) is not None)


def find_preferences(prompts: Iterable[str]) -> tuple[str, ...]:
    """Sentences of the person that ask for a way of working, oldest first, each once."""
    found: dict[str, str] = {}
    for line in (line for prompt in prompts for line in _ENDS.split(_FENCE.sub("\n", prompt))):
        sentence = " ".join(line.split()).strip("-*• ")
        short = 3 < len(sentence) <= LONGEST_WISH
        if short and not sentence.startswith((">", "|", "#")) and not sentence.endswith("?") and _WISH.search(sentence):
            found.setdefault(sentence.casefold(), sentence)
    return tuple(found.values())
