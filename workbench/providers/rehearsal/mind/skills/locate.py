"""Finding the file that a name means: tried as it is, then looked for."""

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.evidence.tree import relative, tree_of
from workbench.providers.rehearsal.mind.markdown import code, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, literal, read
from workbench.providers.rehearsal.mind.skills.scratchpad import opening
from workbench.providers.rehearsal.mind.skills.trouble import said
from workbench.providers.rehearsal.mind.steps import Answer, Call, Outcomes, Step


@dataclass(frozen=True)
class Found:
    """A file's text, or why there is none."""

    path: str
    outcome: Outcome
    candidates: tuple[str, ...] = ()
    """Paths that the name may have meant; one or none when it is clear."""

    @property
    def ok(self) -> bool:
        """The text was read."""
        return self.outcome.ok and not self.outcome.media

    @property
    def text(self) -> str:
        """The file's text."""
        return self.outcome.text


_TOO_LARGE = re.compile(r"\bexceeds\b|\bat once\b")
LONG = 400
"""Lines read at first of a file that is too large to be read whole."""


def readings(request: Request, paths: list[str], say: str) -> Generator[Step, Outcomes, list[Found]]:
    """Read the files that `paths` name, side by side; those not there as named are looked for first."""
    paths = [relative(path, request.talk) for path in paths]
    first = yield opening(request, say, *(read(path) for path in paths))
    found = [Found(path, outcome) for path, outcome in zip(paths, first[1:], strict=True)]
    lost = [f for f in found if f.outcome.error and not _TOO_LARGE.search(f.outcome.text)]
    large = [f for f in found if f.outcome.error and _TOO_LARGE.search(f.outcome.text)]
    if lost:
        found = yield from _searched(request, found, lost)
    if large:
        pieces = yield Step(tuple(read(f.path, 1, LONG) for f in large))
        again = {f.path: Found(f.path, piece) for f, piece in zip(large, pieces, strict=True)}
        found = [again.get(f.path, f) for f in found]
    return found


def _searched(request: Request, found: list[Found], lost: list[Found]) -> Generator[Step, Outcomes, list[Found]]:
    looks = tuple(look for f in lost for look in candidates_calls(f.path))
    listings = yield Step(looks)
    again: dict[str, Found] = {}
    for place, f in enumerate(lost):
        paths = tree_of(listings[3 * place : 3 * place + 3], request.talk).files
        named = [path for path in paths if PurePosixPath(path).name.lower() == PurePosixPath(f.path).name.lower()]
        again[f.path] = Found(f.path, f.outcome, tuple(named or paths))
    clear = [f for f in again.values() if len(f.candidates) == 1]
    if clear:
        texts = yield Step(tuple(read(f.candidates[0]) for f in clear))
        again |= {f.path: Found(f.candidates[0], text) for f, text in zip(clear, texts, strict=True)}
    return [again.get(f.path, f) for f in found]


def candidates_calls(name: str) -> tuple[Call, Call, Call]:
    """Three looks for a name: anywhere, anywhere with an extension, and capitalised as README files are."""
    last = literal(PurePosixPath(name).name or name)
    return glob(f"**/{last}"), glob(f"**/{last}.*"), glob(f"**/{last.upper()}*")


def unread(found: list[Found]) -> str:
    """Sentences on what could not be read."""
    lines = []
    for f in found:
        if f.outcome.media:
            lines.append(f"{code(f.path)} is an image or a document that this rehearsal cannot look into.")
        elif len(f.candidates) > 1:
            lines.append(f"{code(f.path)} could be any of {names(f.candidates)}.")
        elif not f.ok:
            lines.append(f"I could not read {code(f.path)}: {said(f.outcome, 160)}")
    return "\n\n".join(lines)


def unclear(found: list[Found]) -> Answer:
    """The answer when nothing could be read."""
    several = [path for f in found for path in f.candidates]
    if several:
        readings_ = tuple(f"Take {path}" for path in several[:3])
        return Answer(unread(found), 0.45, "The name fits more than one file.", readings_)
    reason = "I tried the name as given and looked for it in every folder."
    return Answer(unread(found), 0.7, reason, ("Give the path as it is from the workspace",))
