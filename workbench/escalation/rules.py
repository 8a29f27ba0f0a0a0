"""Rules that deny, ask or allow by tool and target, and what a person allowed for this session.

    deny > ask > allow > this session > the default policy

A rule is `tool` or `tool(pattern)`. For `shell` the pattern is matched with each command of the line, words joined by
one space; for tools that take paths with each path, relative to the workspace: `*` stays in a folder, `**` does not.
`edit(…)` covers every tool that changes files.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from workbench.core.decisions import Proposal
from workbench.core.effects import ShellLine
from workbench.escalation.command_effects import title
from workbench.escalation.consequence import Worktree
from workbench.escalation.places import is_protected

RULE = re.compile(r"^\s*([\w.*?-]+)\s*(?:\((.*)\))?\s*$", re.DOTALL)


class Rule(msgspec.Struct, frozen=True):
    """One parsed rule."""

    text: str
    tool: str
    pattern: str = ""

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """The rule that `text` spells. Raises ValueError with what is expected."""
        match = RULE.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not a rule; write a tool's name, or shell(git push*) or edit(src/**)")
        return cls(text, match[1], match[2] or "")

    def touches(self, proposal: Proposal) -> bool:
        """True when any part of the call matches: enough to deny or to ask."""
        if not self._names(proposal):
            return False
        line = proposal.line
        parts = proposal.targets if line is None else tuple(" ".join(segment.words) for segment in line.segments)
        return not self.pattern or any(self._matches(part, proposal) for part in parts)

    def covers(self, proposal: Proposal) -> bool:
        """True when all that is not a certain read matches: needed to allow. A pattern with `*` covers no secret."""
        line = proposal.line
        if not self._names(proposal) or (line and any(segment.doubt for segment in line.segments)):
            return False
        if any(effect.secret for effect in proposal.effects) and ("*" in self.pattern or not self.pattern):
            return False
        parts = tuple(" ".join(each.words) for each in line.open) if line else proposal.targets
        return not self.pattern or (bool(parts) and all(self._matches(part, proposal) for part in parts))

    def finds(self, tools: Iterable[str]) -> bool:
        """True where one of `tools`, or every tool that changes files, is meant."""
        return self.tool == "edit" or any(fnmatchcase(tool, self.tool) for tool in tools)

    def _names(self, proposal: Proposal) -> bool:
        return fnmatchcase(proposal.tool, self.tool) or (self.tool == "edit" and proposal.kind == "edit")

    def _matches(self, part: str, proposal: Proposal) -> bool:
        if proposal.line is not None and self.tool == proposal.tool:
            return fnmatchcase(part, self.pattern)
        return bool(_compile(self.pattern).match(part))


class Scope(msgspec.Struct, frozen=True):
    """What "this session" would cover, or why it is not offered."""

    says: str = ""
    not_offered: str = ""
    key: str = ""


class Grants:
    """What a person allowed for this session. Kept by the session, asked by the gate, never stored as a rule.

    `workspace` is where edits are looked up in git; `worktree` tells whose uncommitted changes a file holds.
    """

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.worktree = Worktree(workspace)
        self._keys: set[str] = set()

    def allow(self, proposal: Proposal) -> str:
        """Cover what `scope` offers for this call from now on; returns its words, empty when nothing is offered."""
        scope = self.scope(proposal)
        self._keys |= set(scope.key.splitlines())
        return scope.says

    def covers(self, proposal: Proposal) -> bool:
        """True when an earlier "this session" covers this call."""
        scope = self.scope(proposal)
        if not scope.key:
            return False
        if proposal.kind == "edit":
            return self._edit_covered(scope.key) and not any(map(self.worktree.is_foreign, proposal.targets))
        return set(scope.key.splitlines()) <= self._keys

    def scope(self, proposal: Proposal) -> Scope:
        """What "this session" would cover for a call like this one."""
        if any(not effect.reversible for effect in proposal.effects):
            return Scope(not_offered="it cannot be undone")
        if any(effect.secret for effect in proposal.effects):
            return Scope(not_offered="secrets may be kept there")
        if any(effect.outside for effect in proposal.effects):
            return Scope(not_offered="it lies outside the workspace")
        if proposal.kind == "edit":
            return _edit_scope(proposal.targets)
        if proposal.line is not None:
            return _shell_scope(proposal.line)
        return Scope(f"for every call of {proposal.tool}", key=f"tool {proposal.tool}")

    def _edit_covered(self, key: str) -> bool:
        folder = Path(key.removeprefix("edit "))
        above = [] if folder == Path() else [at for at in folder.parents if at != Path()]
        return any(f"edit {at.as_posix()}" in self._keys for at in (folder, *above))


def _edit_scope(targets: tuple[str, ...]) -> Scope:
    if not targets or any(map(is_protected, targets)):
        return Scope(not_offered="it decides what other programs may do")
    folder = Path(targets[0]).parent.as_posix()
    says = "for edits of files at the top of the workspace" if folder == "." else f"for edits under {folder}/"
    return Scope(says, key=f"edit {folder}")


def _shell_scope(line: ShellLine) -> Scope:
    if not line.open or any(segment.doubt for segment in line.segments):
        return Scope(not_offered="what it runs cannot be read with certainty")
    titles = [title(segment.words) for segment in line.open]
    if any(segment.kind == "delete" or segment.reversible is False for segment in line.open):
        return Scope(not_offered="it cannot be undone")
    if not all(titles):
        return Scope(not_offered="it would cover too much")
    if any(segment.says.startswith("reaches ") for segment in line.open):
        return Scope(not_offered="it reaches other machines")
    unique = list(dict.fromkeys(titles))
    return Scope(f"for {' and '.join(unique)}", key="\n".join(f"shell {name}" for name in unique))


def _compile(pattern: str) -> re.Pattern[str]:
    """`src/**` as a regular expression over relative paths."""
    pieces = re.split(r"(\*\*/?|\*|\?)", pattern)
    spelled = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(spelled.get(piece, re.escape(piece)) for piece in pieces) + r"\Z", re.DOTALL)
