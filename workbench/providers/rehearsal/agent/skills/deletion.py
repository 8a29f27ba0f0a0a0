"""Deleting files and folders: see that they are there, ask through the shell, look again. Never a guess."""

import re
import shlex

from workbench.providers.rehearsal.agent.extract import drop_repeats
from workbench.providers.rehearsal.agent.markdown import count, join_names, quote
from workbench.providers.rehearsal.agent.plans import Answer, Plan, Step, begin, finish, give_up, glob, quote_edit
from workbench.providers.rehearsal.agent.prompts import QUOTED, Request, unquote
from workbench.providers.rehearsal.agent.skills.commands import shell
from workbench.providers.rehearsal.agent.skills.files import escape, list_names

MOST = 5
"""Names deleted in one go."""
_FILLER = re.compile(
    r"(?i)(?:an?|all|any|and|files?|folders?|directory|called|named|in|of|the|my|this|that|it|them|some|one|unused|"
    r"stuff|things?|everything|junk|up|out)"
)


def delete_paths(request: Request) -> Plan:
    """What is named goes, when it is there and a person agrees; where nothing is, names are offered."""
    tokens = re.findall(rf"{QUOTED}|[^\s,;]+", request.found["rest"] or "")
    words = (unquote(token).removeprefix("./") for token in tokens if not _FILLER.fullmatch(unquote(token)))
    named = drop_repeats(word.rstrip("/") or word for word in words if word.strip())[:MOST]
    if wild := [name for name in named if re.search(r"\*|^[~/]|^\.{1,2}(?:/|$)|/\.\.(?:/|$)", name)]:
        ways = ("List the files", "Delete a folder")
        return Answer(f"I will not delete {quote(wild[0])}: I deleted nothing.", 0.5, "It may mean everything.", ways)
    looks = [look for name in named for look in (glob(escape(name)), glob("*", name))]
    found = (yield begin(request.talk, f"I check first that {join_names(named)} is there." if named else "", *looks))[
        1:
    ]
    sizes: dict[str, int] = {}
    for name, itself, inside in zip(named, found[::2], found[1::2], strict=True):
        # A folder that listings leave out is known by the second look alone, which fails where nothing is there.
        if name in list_names(itself):
            sizes[name] = -1
        elif inside.ok or f"{name}/" in list_names(itself):
            sizes[name] = len(list_names(inside))
    lost = [name for name in named if name not in sizes]
    return (
        yield from _delete(sizes, f" {join_names(lost)} was not there." if lost else "") if sizes else _offer(named)
    )


def _delete(sizes: dict[str, int], lost: str) -> Plan:
    """`sizes`: how many names each folder holds, -1 for a file; `lost`: a sentence on names that were not there."""
    paths, folder = list(sizes), max(sizes.values()) >= 0
    within = f", with {count(max(sizes.values()), 'name')} in it" if folder and len(paths) == 1 else ""
    what = f"the {'folder' if folder else 'file'} {quote(paths[0])}" if len(paths) == 1 else join_names(paths)
    command = f"rm {'-r ' if folder else ''}-- {' '.join(map(shlex.quote, paths))}"
    why = "You named it; I did not check who else uses it."
    outcome = (yield Step((shell(command, 0.74, why),), f"I found {what}{within}. I ask before it goes."))[0]
    if not outcome.ok:
        return (yield from give_up(f"delete {join_names(paths)}", outcome))
    checks = yield Step(tuple(glob(escape(path)) for path in paths))
    left = [path for path, check in zip(paths, checks, strict=True) if {path, f"{path}/"} & {*list_names(check)}]
    yield finish(f"deleted {', '.join(path for path in paths if path not in left) or 'nothing'}")
    if left:
        text = f"The command ran, but {join_names(left)} is still there.{quote_edit(outcome)}"
        return Answer(text, 0.8, "A listing after it shows the name.")
    text = f"I deleted {what}{within}. A listing no longer shows it.{lost}{quote_edit(outcome)}"
    return Answer(text, 0.92, "It ran, and I looked again.")


def _offer(named: list[str]) -> Plan:
    """Nothing that is there was named: offer similar names, or the folders, and touch nothing."""
    looks = [glob(f"**/*{escape(name.rsplit('/', 1)[-1])}*") for name in named] or [glob("*")]
    outcomes = yield Step(tuple(looks))
    every = sorted({path for outcome in outcomes for path in list_names(outcome)})
    near = [path.rstrip("/") for path in every if named or path.endswith("/")]
    yield finish("nothing deleted: no name that is there was given", status="blocked")
    text = f"There is nothing named {join_names(named)}" if named else "You named no file or folder"
    if not near:
        return Answer(f"{text}, so I deleted nothing.", 0.85, "I looked for the name in every folder.")
    ways = tuple(f'Delete "{path}"' if re.search(r"\s", path) else f"Delete {path}" for path in near[:3])
    return Answer(
        f"{text}, so I deleted nothing. Did you mean {join_names(near)}?", 0.5, "A deletion is no guess.", ways
    )
