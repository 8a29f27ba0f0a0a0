"""Tidy up what nobody named: look for names that may be meant, change nothing, and offer the readings."""

import re
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.evidence.tree import Tree, tree_of
from workbench.providers.rehearsal.mind.markdown import bullets, code, count, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.steps import Answer, Plan

_ASKS = r"^(clean|tidy|clear|sort out|get rid of|throw away|delete|remove|erase|wipe|drop|prune)\b"
_VAGUE = (
    r"\b(stuff|things?|mess|junk|rubbish|garbage|clutter|leftovers?|cruft|crap|unused|whatever|"
    r"(?:old|stale|obsolete|unneeded|temporary|dead) (?:files?|ones|folders?|code|parts?|bits))\b"
)
_BARE = r"^(clean|tidy)(?: (?:it|this|everything|all))?(?: up)?(?: (?:here|this (?:project|repo|folder)))?[\s.!]*$"
_AGED = re.compile(
    r"(^|[._\-\s])(old|older|bak|backups?|te?mp|archived?|orig|copy|deprecated|legacy|unused|obsolete|stale)"
    r"($|[._\-\s\d])|~$",
    re.I,
)
_READINGS = 3


class Tidy:
    """A deletion without a name is a question, not a deletion."""

    def matches(self, request: Request) -> bool:
        if request.paths or request.quoted:
            return False
        return bool((request.match(_ASKS) and request.match(_VAGUE)) or request.match(_BARE))

    def plan(self, request: Request) -> Plan:
        say = "You name nothing in particular, so I look for what may be meant before I touch anything."
        found = yield opening(request, say, glob("*"), glob("**/*"))
        tree = tree_of(found, request.talk)
        meant = aged(tree)
        yield closing(
            f"asked which is meant: {', '.join(meant[:4]) or 'nothing here looks left over'}", status="blocked"
        )
        return _asked(tree, meant) if meant else _nothing(tree)


def aged(tree: Tree) -> tuple[str, ...]:
    """Folders and files whose own names say that they are left over, without what lies in such a folder."""
    named = [path for path in (*tree.folders, *tree.files) if _AGED.search(PurePosixPath(path).name)]
    return tuple(path for path in named if not any(path.startswith(f"{other}/") for other in named))


def _asked(tree: Tree, meant: tuple[str, ...]) -> Answer:
    rows = [f"{code(path)}{_holding(tree, path)}" for path in meant[:8]]
    text = (
        f"I changed nothing. Going by {'its name' if len(meant) == 1 else 'their names'}, "
        f"this may be what you mean:\n\n{bullets(rows)}"
    )
    readings = tuple(f"Delete {path}" for path in meant[: _READINGS - 1])
    why = "You named nothing in particular, and only names speak for these."
    return Answer(text, 0.45, why, (*readings, "List all files here"))


def _holding(tree: Tree, path: str) -> str:
    inside = sum(1 for file in tree.files if file.startswith(f"{path}/"))
    return f", a folder of {count(inside, 'file')}" if inside else ""


def _nothing(tree: Tree) -> Answer:
    text = (
        f"I changed nothing. None of the {count(len(tree.files), 'name')} here says that it is left over"
        f"{f'; at the top are {names(tree.top, 8)}' if tree.top else ''}."
    )
    return Answer(text, 0.5, "You named nothing in particular, and no name here looks old.", ("List all files here",))
