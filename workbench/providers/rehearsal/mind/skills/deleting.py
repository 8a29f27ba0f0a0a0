"""Delete files and folders: see that they exist, ask through the shell, look again."""

import re
import shlex
from collections.abc import Generator
from dataclasses import dataclass

from workbench.providers.rehearsal.mind.evidence.tree import Tree, lines_of, listed, relative, tree_of
from workbench.providers.rehearsal.mind.markdown import code, count, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, literal, shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import edited, not_done
from workbench.providers.rehearsal.mind.steps import Answer, Call, Outcomes, Plan, Step

_UNLISTED = re.compile(
    r"(^|/)(node_modules|\.?venv|__pycache__|site-packages|\.git|\.hg|\.svn|\.tox|\.nox|\.hypothesis|\.\w*cache)$"
)
MOST = 40
"""Names deleted in one go at most."""


@dataclass(frozen=True)
class Target:
    """What is to go."""

    paths: tuple[str, ...]
    folder: bool = False
    inside: int = 0
    """Names below it, when it is a folder."""


class Delete:
    """What is named goes, when it exists and a person agrees."""

    def matches(self, request: Request) -> bool:
        asks = request.match(r"^(delete|remove|rm|erase|unlink|get rid of|throw away|wipe|clear|clean up|drop)\b")
        return bool(asks and _named(request))

    def plan(self, request: Request) -> Plan:
        named = [relative(name, request.talk) for name in _named(request)]
        if wild := [
            name for name in named if name.strip("/") in ("", ".", "..", "~", "*", "**") or name.startswith(("..", "~"))
        ]:
            return _too_much(wild[0])
        looks = tuple(look for name in named for look in (glob(_pattern(name)), _inside(name)))
        found = yield opening(request, f"I check first that {names(named)} exists.", *looks)
        targets, lost = [], []
        for place, name in enumerate(named):
            hits, below = (listed(outcome, request.talk) for outcome in found[1 + 2 * place : 3 + 2 * place])
            there = hits or ([name.rstrip("/")] if below else [])
            folder = bool(below) or any(hit.endswith("/") for hit in hits)
            targets += [Target(tuple(hit.rstrip("/") for hit in there), folder, len(below))] if there else []
            lost += [] if there else [name]
        if not targets:
            return (yield from _lost(request, lost))
        return (yield from _deleted(targets, lost))


def _named(request: Request) -> list[str]:
    if wild := [
        word.strip("`'\",;") for word in request.bare.split() if re.search(r"\*|^\.{1,2}$|^[~/]$", word.strip("`'\",;"))
    ]:
        return wild
    if kind := request.match(r"\b(?:all|every|the)?\s*\.([a-z0-9]{1,6}) files?\b"):
        return [f"**/*.{kind[1]}"]
    if request.paths:
        return list(dict.fromkeys(path for path in request.paths if path))
    plain = [text for text in dict.fromkeys(request.quoted) if "\n" not in text and text.strip()]
    word = request.match(r"^(?:delete|remove|rm(?: -\w+)*|erase|unlink|get rid of|throw away|wipe|clear|"
                         r"clean up|drop)\s+(?:the\s+|my\s+|old\s+|whole\s+)*"
                         r"(?:(?:file|folder|directory)\s+(?:called\s+|named\s+)?)?([\w.@-]+)(?:\s+(?:file|"
                         r"folder|directory))?[.!]*$")  # fmt: skip
    if word and word[1].lower() in ("everything", "all"):
        return ["."]
    return plain or ([word[1].rstrip(".")] if word and word[1].lower() not in ("it", "that", "this", "them") else [])


def _pattern(name: str) -> str:
    return name if "*" in name else literal(name)


def _inside(name: str) -> Call:
    """A look below a folder; one that listings leave out has to be named as the place to look in."""
    name = name.rstrip("/")
    return glob("**/*", name) if _UNLISTED.search(name) else glob(f"{_pattern(name)}/**/*")


def _deleted(targets: list[Target], lost: list[str]) -> Plan:
    every = [path for target in targets for path in target.paths]
    paths, folder = every[:MOST], any(target.folder for target in targets)
    it = "it" if len(paths) == 1 else "they"
    noun = "folder" if folder else "file" if len(paths) == 1 else "files"
    command = f"rm {'-r ' if folder else ''}-- {' '.join(shlex.quote(path) for path in paths)}"
    why = f"You named the {noun}; I did not check who else uses {'it' if it == 'it' else 'them'}."
    within = f", with {count(sum(target.inside for target in targets), 'name')} inside" if folder else ""
    say = (
        f"{names(paths, 4)} {'is' if it == 'it' else 'are'} there{within}. I ask before {it} "
        f"{'goes' if it == 'it' else 'go'}."
    )
    outcome = (yield Step((shell(command, 0.74, why),), say))[0]
    if not outcome.ok:
        yield closing(f"not deleted: {', '.join(paths[:4])}", status="blocked")
        return not_done(f"delete {names(paths, 4)}", outcome)
    if outcome.edited:
        yield closing(f"the deletion ran as edited: {outcome.edited}")
        reason = "It ran as you edited it; I did not look what is left."
        return Answer(f"The command ran.{edited(outcome)}", 0.8, reason)
    rest = f" {count(len(every) - MOST, 'more name')} I left for another time." if len(every) > MOST else ""
    rest += f" {names(lost)} was not there." if lost else ""
    return (yield from _checked(paths, f"the {noun} {names(paths, 6)}{within}", rest))


def _checked(paths: list[str], what: str, rest: str) -> Plan:
    """Look again whether `paths` are gone, and tell."""
    checks = yield Step(tuple(glob(literal(path)) for path in paths[:5]), "I look whether it is gone.")
    left = [path for path, check in zip(paths, checks, strict=False) if lines_of(check) and check.ok]
    yield closing(f"deleted {', '.join(path for path in paths[:6] if path not in left)}")
    if left:
        text = f"The command ran, but {names(left)} is still there.{rest}"
        return Answer(text, 0.7, "A listing after it still shows the name.")
    seen = all(check.ok for check in checks)
    proof = " A listing no longer shows it." if seen else " I could not look whether it is gone."
    return Answer(f"I deleted {what}.{proof}{rest}", 0.92 if seen else 0.75, "The command reported success." + proof)


def _lost(request: Request, lost: list[str]) -> Generator[Step, Outcomes, Answer]:
    found = yield Step(tuple(glob(f"**/{literal(name.rsplit('/', 1)[-1])}*") for name in lost[:3]))
    tree: Tree = tree_of(found, request.talk)
    yield closing(f"nothing to delete: {', '.join(lost)} does not exist")
    text = f"There is nothing named {names(lost)}, so I deleted nothing."
    if not tree.paths:
        return Answer(text, 0.86, "I listed that name at the place given and in every folder, and found none.")
    others = tuple(f"Delete {path}" for path in tree.paths[:3])
    return Answer(
        f"{text} Did you mean {names(tree.paths, 4)}?",
        0.5,
        "Only similar names exist, and I do not guess with a deletion.",
        others,
    )


def _too_much(name: str) -> Answer:
    text = (
        f"I will not delete {code(name)}: that is the workspace itself, something above it, or everything in "
        "it. I deleted nothing."
    )
    others = ("Name the one file or folder that should go", "List what is here first")
    return Answer(text, 0.5, "A deletion of everything is not something to guess at.", others)
