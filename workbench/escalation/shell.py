"""What a shell line does, command by command: a certain read, or in words what else it is.

Nothing is executed. A line is a certain read only if every command of it is on the exact list in `reads`, with paths
inside the workspace that hold no secrets, and nothing in it is left to the shell to expand, redirect or group.
"""

import glob
import shutil
from itertools import islice
from pathlib import Path

import msgspec

from workbench.core.decisions import Effect, EffectKind
from workbench.escalation.command_effects import SHELLS, CommandEffect, doing, unwrapped
from workbench.escalation.git_reads import configured, folders, git_form
from workbench.escalation.lexer import Lexer, Piece, Word
from workbench.escalation.places import Place, holds_secret, place
from workbench.escalation.reads import Reading, read_form

ONLY_READS = "only reads"
NO_PATHS = ("records", "switches", "changes branches", "changes tags", "moves the branch", "merges", "deletes a ")


class Segment(msgspec.Struct, frozen=True):
    """One command of a line."""

    text: str
    """Exactly as it stands in the line."""
    words: tuple[str, ...] = ()
    certain_read: bool = False
    reason: str = ""
    """Why it is not a certain read; completes "it asks because"."""
    doing: str = ONLY_READS
    """In words: `only reads`, `deletes build`, `rewrites a shared branch`, `runs pytest`."""
    kind: EffectKind = "read"
    targets: tuple[str, ...] = ()
    reversible: bool | None = True
    """None where nobody can tell."""
    outside: bool = False
    secret: bool = False
    doubt: str = ""
    """What in it is left to the shell; such a command may do more than its words say."""
    base: str = ""
    """Folder in which it would run."""

    @property
    def effect(self) -> Effect:
        """What it would do, as the engine knows it."""
        kind = "unknown" if self.doubt and self.kind in ("read", "run") else self.kind
        return Effect(kind, self.targets, self.reversible is not False, self.outside, self.secret)


class Line(msgspec.Struct, frozen=True):
    """A shell line, read."""

    segments: tuple[Segment, ...]
    certain_read: bool
    reason: str = ""
    """Why it asks, from the segment that weighs most."""

    @property
    def asks(self) -> Segment | None:
        """The segment to ask about: what cannot be undone before what might not be, before the rest."""
        open_ones = [segment for segment in self.segments if not segment.certain_read]
        return min(open_ones, key=_weight, default=None)


def analyse(line: str, workspace: Path | None = None) -> Line:
    """Read `line` as it would run in `workspace`; without one, paths are judged by their spelling alone."""
    root = Path(workspace) if workspace is not None else None
    base = root or Path.cwd()
    segments: list[Segment] = []
    certain_place = True
    for piece in Lexer(line).run():
        moved = _moved(piece, base, root or base, first=not segments)
        if moved is not None:
            base = moved
            segments.append(Segment(piece.text, tuple(word.text for word in piece.words), True, base=str(base)))
            continue
        segment = _segment(piece, base, root or base)
        certain_place = certain_place and segment.words[:1] not in (("cd",), ("pushd",), ("popd",))
        segments.append(segment)
    whole = Line(tuple(segments), bool(segments) and certain_place and all(s.certain_read for s in segments))
    asks = whole.asks
    reason = asks.reason if asks else "" if segments else "it is empty"
    return Line(whole.segments, whole.certain_read, reason)


def _weight(segment: Segment) -> int:
    if segment.reversible is False:
        return 0 if segment.kind == "delete" or not segment.doubt else 1
    if segment.secret or segment.outside:
        return 2
    if segment.kind == "read":
        return 5
    return 4 if segment.reversible else 3


def _moved(piece: Piece, base: Path, workspace: Path, first: bool) -> Path | None:
    """Where `cd FOLDER && …` at the beginning leads, if that is certain."""
    words = piece.words
    if not first or piece.doubt or piece.after != "&&" or len(words) != 2 or words[0].text != "cd":
        return None
    at = place(words[1].text, base, workspace)
    if words[1].glob or words[1].text.startswith("-") or at.outside or not Path(at.path).is_dir():
        return None
    return Path(at.path)


def _segment(piece: Piece, base: Path, workspace: Path) -> Segment:
    words = tuple(word.text for word in piece.words)
    if not piece.doubt and (reading := _reading(piece.words, base, workspace)):
        return _read_segment(piece, words, reading, base, workspace)
    does = _nested(words) or doing(words)
    if piece.writes and does.reversible is not False:
        does = _redirected(piece.writes, base)
    places = [place(target, base, workspace) for target in _paths(does)]
    reason = piece.doubt if piece.doubt and does.kind == "run" else does.says
    return Segment(
        text=piece.text,
        words=words,
        reason=f"it {reason}" if not reason.startswith(("it ", "a ")) else reason,
        doing=does.says,
        kind=does.kind,
        targets=tuple(p.target for p in places) or does.targets,
        reversible=does.reversible if not (piece.doubt and does.reversible) else None,
        outside=any(p.outside for p in places),
        secret=any(p.secret for p in places),
        doubt=piece.doubt,
        base=str(base),
    )


def _reading(words: list[Word], base: Path, workspace: Path) -> Reading | None:
    if not words or _own_program(words[0].text, workspace):
        return None
    if words[0].text == "git" and len(words) > 1 and words[1].text != "--version":
        return None if any(map(configured, folders(words[1:], base))) else git_form(words[1:])
    return read_form(words)


def _own_program(name: str, workspace: Path) -> bool:
    """True when the name means a program that lies in the workspace, which is anybody's."""
    if name.startswith("python"):
        return False
    found = shutil.which(name)
    return bool(found) and not place(str(found), workspace, workspace).outside


def _read_segment(piece: Piece, words: tuple[str, ...], reading: Reading, base: Path, workspace: Path) -> Segment:
    places: list[Place] = []
    unknown = ""
    for word in reading.paths:
        names = _expanded(word, base)
        if names is None:
            unknown = "it matches too many files, or names like options"
            continue
        places += [place(name, base, workspace) for name in names if name not in ("-", "/dev/null")]
    hidden = [holds_secret(p.path) for p in places if not p.outside] if reading.deep else []
    secret = any(p.secret for p in places) or any(hidden)
    outside = any(p.outside for p in places)
    if None in hidden:
        unknown = unknown or "it reads more files than can be looked through for secrets"
    why = (secret and "it reads a place where secrets are kept") or (outside and "it reads outside the workspace")
    targets = tuple(p.target for p in places)
    return Segment(
        *(piece.text, words, not (why or unknown), why or unknown, ONLY_READS, "read", targets),
        outside=outside,
        secret=secret,
        base=str(base),
    )


def _expanded(word: Word, base: Path, limit: int = 1000) -> list[str] | None:
    """The names a word stands for; None when they are too many or one would be taken for an option."""
    if not word.glob:
        return [word.text]
    names = list(islice(glob.iglob(word.text, root_dir=base), limit + 1))  # noqa: PTH207 - Path.glob drops `./`
    if len(names) > limit or any(name.startswith("-") for name in names) or word.text.startswith("/"):
        return None
    return names or [word.text]


def _nested(words: tuple[str, ...]) -> CommandEffect | None:
    """What the line given to `sh -c` or `eval` does, if it is worse than running a shell."""
    bare = unwrapped(words)
    if not bare or bare[0] not in SHELLS or len(bare) < 2:
        return None
    inner = analyse(bare[-1] if bare[0] != "eval" else " ".join(bare[1:])).asks
    if inner is None or inner.reversible is not False:
        return None
    return CommandEffect(inner.kind, inner.doing, inner.reversible, inner.targets)


def _redirected(writes: list[str], base: Path) -> CommandEffect:
    there = [name for name in writes if _has_content(base / name)]
    if there:
        return CommandEffect("write", f"overwrites {' '.join(there)}", False, tuple(writes))
    return CommandEffect("write", f"writes {' '.join(writes)}", None, tuple(writes))


def _has_content(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return True


def _paths(does: CommandEffect) -> tuple[str, ...]:
    """Targets that are paths: those of commands that write or delete files."""
    named = does.kind in ("write", "delete") and not does.says.startswith(NO_PATHS)
    return does.targets if named else ()
