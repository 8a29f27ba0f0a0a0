"""What a shell line does, command by command: a certain read, or in words what else it is.

Nothing is executed. A line is a certain read only if every command of it is on the exact list in `readers`, with paths
inside the workspace that hold no secrets, and nothing in it is left to the shell to expand, redirect or group.
"""

import os
import shutil
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import msgspec

from workbench.core import figures
from workbench.core.effects import ShellLine, ShellSegment
from workbench.escalation.command_effects import SHELLS, CommandEffect, describe, unwrap
from workbench.escalation.lexer import Lexer, LinePiece, Word
from workbench.escalation.options import Reading
from workbench.escalation.places import Place, Roots, SearchBudget, holds_secret
from workbench.escalation.readers import read_form

NO_PATHS = ("records", "switches", "changes branches", "changes tags", "moves the branch", "merges", "deletes a ")
MOST_NAMES = 1000
"""Names that a pattern may stand for."""
DEEPEST = 20
"""Lines within lines that are followed."""


def analyse(line: str, roots: Roots, budget: SearchBudget | None = None) -> ShellLine:
    """Read `line` as it would run in the workspace. May list folders: call it off the event loop."""
    return _Analysis(roots, budget or SearchBudget()).read(line)


class _Analysis(NamedTuple):
    """One reading of a line, and of the lines within it that are given to a shell."""

    roots: Roots
    budget: SearchBudget
    depth: int = 0

    def read(self, line: str) -> ShellLine:
        base, segments, certain_place = self.roots.workspace, list[ShellSegment](), True
        for piece in Lexer(line).run():
            words, folder = tuple(word.text for word in piece.words), self.roots.place(".", base).target
            moved = None if segments else self._follow_cd(piece, base)
            if moved is not None:
                base = moved
                segments.append(ShellSegment(piece.text, words, True, folder=folder))
                continue
            segments.append(msgspec.structs.replace(self._segment(piece, words, base), folder=folder))
            certain_place = certain_place and words[:1] not in (("cd",), ("pushd",), ("popd",))
        certain = bool(segments) and certain_place and all(segment.certain_read for segment in segments)
        whole = ShellLine(tuple(segments), certain)
        reason = whole.asks.reason if whole.asks else "" if segments else "it is empty"
        return msgspec.structs.replace(whole, reason=reason)

    def _follow_cd(self, piece: LinePiece, base: Path) -> Path | None:
        """Where `cd FOLDER && …` at the beginning leads, if that is certain."""
        words = piece.words
        if piece.doubt or piece.after != "&&" or len(words) != 2 or words[0].text != "cd":
            return None
        at = self.roots.place(words[1].text, base)
        if words[1].glob or words[1].text.startswith("-") or at.outside or not os.path.isdir(at.path):  # noqa: PTH112 - a name may be too long
            return None
        return Path(at.path)

    def _segment(self, piece: LinePiece, words: tuple[str, ...], base: Path) -> ShellSegment:
        if words and not piece.doubt and not self._own_program(words[0]) and (read := read_form(piece.words, base)):
            return self._read_segment(piece, words, read, base)
        does = self._nested(words, base) or describe(words)
        if piece.writes and does.reversible is not False:
            does = _describe_redirect(piece.writes, base)
        places = [self.roots.place(target, base) for target in _paths(does)]
        reason = piece.doubt if piece.doubt and does.kind == "run" else does.says
        return ShellSegment(
            text=piece.text,
            words=words,
            reason=f"it {reason}" if not reason.startswith(("it ", "a ")) else reason,
            says=does.says,
            kind=does.kind,
            targets=tuple(p.target for p in places) or does.targets,
            reversible=does.reversible if not (piece.doubt and does.reversible) else None,
            outside=any(p.outside for p in places),
            secret=any(p.secret for p in places),
            doubt=piece.doubt,
        )

    def _own_program(self, name: str) -> bool:
        """True when the name means a program that lies in the workspace, which is anybody's."""
        if name.startswith("python"):
            return False
        found = shutil.which(name)
        return bool(found) and not self.roots.place(str(found)).outside

    def _read_segment(self, piece: LinePiece, words: tuple[str, ...], reading: Reading, base: Path) -> ShellSegment:
        places: list[Place] = []
        unknown = ""
        for word in reading.paths:
            names = self._expand(word, base)
            if names is None:
                unknown = "it matches too many files, or names like options"
                continue
            places += [self.roots.place(name, base) for name in names if name not in ("-", "/dev/null")]
        hidden = [holds_secret(p.path, self.budget) for p in places if not p.outside] if reading.deep else []
        secret = any(p.secret for p in places) or any(hidden)
        outside = any(p.outside for p in places)
        if None in hidden:
            unknown = unknown or "it reads more files than can be looked through for secrets"
        why = (secret and "it reads a place where secrets are kept") or (outside and "it reads outside the workspace")
        targets = tuple(p.target for p in places)
        certain = not (why or unknown)
        return ShellSegment(piece.text, words, certain, why or unknown, targets=targets, outside=outside, secret=secret)

    def _expand(self, word: Word, base: Path) -> list[str] | None:
        """The names a word stands for; None when they are too many or one would be taken for an option."""
        if not word.glob:
            return [word.text]
        if word.text.startswith("/"):
            return None
        found = [""]
        for part in word.text.split("/"):
            found = [f"{prefix}{name}/" for prefix in found for name in self._names(part, base / prefix)]
            if len(found) > MOST_NAMES or not self.budget.spend(0):
                return None
        names = [name[:-1] for name in found]
        return None if any(name.startswith("-") for name in names) else names or [word.text]

    def _names(self, part: str, folder: Path) -> list[str]:
        """What `part` of a pattern stands for in `folder`."""
        if not any(c in part for c in "*?"):
            return [part] if os.path.lexists(folder / part) else []  # a name may be too long to be asked for
        try:
            names = os.listdir(folder)  # noqa: PTH208 - a tenth of the time of Path.iterdir
        except OSError:
            return []
        pattern = part.replace("[", "[[]")  # a bracket that opens a set is a doubt of the lexer; this one was quoted
        hidden = part.startswith(".")
        names = names if self.budget.spend(len(names)) else []
        return [name for name in names if fnmatchcase(name, pattern) and name.startswith(".") <= hidden]

    def _nested(self, words: tuple[str, ...], base: Path) -> CommandEffect | None:
        """What the line given to `sh -c` or `eval` does, if it is worse than running a shell."""
        bare = unwrap(words)
        if not bare or bare[0] not in SHELLS or len(bare) < 2:
            return None
        if self.depth == DEEPEST:
            return CommandEffect("run", "runs commands within commands", False)
        within = _Analysis(Roots(base), self.budget, self.depth + 1)
        inner = within.read(bare[-1] if bare[0] != "eval" else " ".join(bare[1:])).asks
        if inner is None or inner.reversible is not False:
            return None
        return CommandEffect(inner.kind, inner.says, inner.reversible, inner.targets)


def _describe_redirect(writes: list[str], base: Path) -> CommandEffect:
    if there := [name for name in writes if _has_content(base / name)]:
        return CommandEffect("write", f"overwrites {figures.names(there)}", False, tuple(writes))
    return CommandEffect("write", f"writes {figures.names(writes)}", None, tuple(writes))


def _has_content(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except (OSError, ValueError):
        return True


def _paths(does: CommandEffect) -> tuple[str, ...]:
    """Targets that are paths: those of commands that write or delete files."""
    named = does.kind in ("write", "delete") and not does.says.startswith(NO_PATHS)
    return does.targets if named else ()
