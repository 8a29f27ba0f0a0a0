"""What a call would do to the world; for a shell line, command by command, as it was analysed once."""

from typing import Literal

import msgspec

EffectKind = Literal["read", "write", "delete", "run", "network", "memory", "unknown"]

MOST_JOURNALLED = 20
"""Commands of a line, and words and targets of a command, that are kept beyond the decision about it."""
LONGEST_JOURNALLED = 200
"""Characters of a command that are kept; the whole line stands in the arguments."""


class Effect(msgspec.Struct, frozen=True):
    """What a call would do to the world."""

    kind: EffectKind
    targets: tuple[str, ...] = ()
    """Paths relative to the workspace where they lie in it, hosts, or commands."""
    reversible: bool = True
    outside: bool = False
    """True when a target lies outside the workspace and the folders added to it."""
    secret: bool = False
    """True when a target is a place where secrets are kept (.env, keys)."""


class ShellSegment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One command of a shell line."""

    text: str
    """Exactly as it stands in the line."""
    words: tuple[str, ...] = ()
    certain_read: bool = False
    reason: str = ""
    """Why it is not a certain read; completes "it asks because"."""
    says: str = "only reads"
    """What it does, in words: `deletes build`, `rewrites a shared branch`, `runs pytest`."""
    kind: EffectKind = "read"
    targets: tuple[str, ...] = ()
    reversible: bool | None = True
    """None where nobody can tell."""
    outside: bool = False
    secret: bool = False
    doubt: str = ""
    """What in it is left to the shell; such a command may do more than its words say."""
    folder: str = "."
    """Where it would run, relative to the workspace; absolute in a folder that was added to it."""

    @property
    def effect(self) -> Effect:
        """What it would do, as the gate weighs it."""
        kind = "unknown" if self.doubt and self.kind in ("read", "run") else self.kind
        return Effect(kind, self.targets, self.reversible is not False, self.outside, self.secret)


class ShellLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shell line, read command by command."""

    segments: tuple[ShellSegment, ...] = ()
    certain_read: bool = False
    reason: str = ""
    """Why it asks, from the segment that weighs most."""

    @property
    def asks(self) -> ShellSegment | None:
        """The segment to ask about: what cannot be undone before what might not be, before the rest."""
        return min(self.open, key=_weight, default=None)

    @property
    def open(self) -> list[ShellSegment]:
        """The segments that are not certain reads."""
        return [segment for segment in self.segments if not segment.certain_read]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the line would do: the effects of its open segments, or one read of all that it names."""
        reads = Effect("read", tuple(target for segment in self.segments for target in segment.targets))
        return tuple(segment.effect for segment in self.open) or ((reads,) if self.segments else ())

    def shorten(self) -> "ShellLine":
        """The line as it is journalled: a bounded part of it, with the same segment to ask about."""
        kept, asks = list(self.segments[:MOST_JOURNALLED]), self.asks
        if asks is not None and asks not in kept:
            kept[-1] = asks
        return msgspec.structs.replace(self, segments=tuple(map(_shorten, kept)))


def _shorten(segment: ShellSegment) -> ShellSegment:
    whole = len(segment.text) <= LONGEST_JOURNALLED
    return msgspec.structs.replace(
        segment,
        text=segment.text if whole else segment.text[: LONGEST_JOURNALLED - 1] + "…",
        words=segment.words[:MOST_JOURNALLED] if whole else (),
        targets=segment.targets[:MOST_JOURNALLED],
    )


def _weight(segment: ShellSegment) -> int:
    if segment.reversible is False:
        return 0 if segment.kind == "delete" or not segment.doubt else 1
    if segment.secret or segment.outside:
        return 2
    if segment.kind == "read":
        return 5
    return 4 if segment.reversible else 3
