"""What goes through the shell: commands, tests, git, and deletion, which looks before and after and never guesses."""

import re
import shlex

from workbench.providers.rehearsal.agent.conversation import QUOTED, Outcome, Request, unquote
from workbench.providers.rehearsal.agent.plans import (
    Plan,
    PlanAnswer,
    PlannedCall,
    PlanStep,
    begin,
    finish,
    give_up,
    glob,
    quote_edit,
    read,
)
from workbench.providers.rehearsal.agent.skills.files import escape, list_names
from workbench.providers.rehearsal.agent.texts import clip, count, drop_repeats, fence, join_names, quote, write_list

RISKY = re.compile(
    r"(?i)\b(?:password|secret|api_?key|token)\b\s*[:=]|\beval\(|\bexec\(|os\.system|shell=True|rm -rf|verify=False|"
    r"--no-verify|\bDROP TABLE\b|\b(?:TODO|FIXME)\b"
)
_ADDED = r"^\+(?!\+\+ )(.*)$"
_EXIT = re.compile(r"\n*exit code: (\d+)\s*\Z")
MOST = 5
"""Names deleted in one go."""
_FILLER = re.compile(
    r"(?i)(?:an?|all|any|and|files?|folders?|directory|called|named|in|of|the|my|this|that|it|them|some|one|unused|"
    r"stuff|things?|everything|junk|up|out)"
)


def shell(command: str, confidence: float, reason: str) -> PlannedCall:
    """Run a command line."""
    return PlannedCall("shell", {"command": command}, confidence, reason)


def run_command(request: Request) -> Plan:
    """The command as it was written, and its output."""
    command = request.word("command")
    call = shell(command, 0.85, "You gave the command; I did not check what it does.")
    outcome = (yield begin(request.talk, f"I will run {quote(command)}.", call))[1]
    return (yield from _report(command, outcome))


def run_tests(request: Request) -> Plan:
    """The project's tests: by its Makefile where that has them, else in Python's own way."""
    makefile = (yield begin(request.talk, "I will see how tests are run here.", read("Makefile")))[1]
    made = makefile.ok and re.search(r"^test\s*:", makefile.text, re.M)
    command, sure, why = ("make test", 0.85, "The Makefile says so.") if made else (
        "python3 -m unittest discover", 0.72, "No Makefile says how.")  # fmt: skip
    outcome = (yield PlanStep((shell(command, sure, why),), f"I will run {quote(command)}."))[0]
    return (yield from _report(command, outcome))


def review_commit(request: Request) -> Plan:
    """What the last commit changed, and its added lines that show a plain sign of risk."""
    show = shell("git show --stat --patch HEAD", 0.95, "It only reads the repository's history.")
    outcome = (yield begin(request.talk, "I will look at the last commit.", show))[1]
    if not outcome.ok:
        return (yield from give_up("read the last commit", outcome))
    return (yield from _judge(outcome.text))


def review_diff(request: Request) -> Plan:
    """The same of a diff that follows the prompt."""
    return (yield from _judge(request.found["diff"] or ""))


def _judge(text: str) -> Plan:
    stat, *changes = re.split(r"^diff --git a/", text, flags=re.M)
    added = [(change.split(" ")[0], line) for change in changes for line in re.findall(_ADDED, change, re.M)]
    risky = [f"{quote(path)} {quote(_mask(line))}" for path, line in added if RISKY.search(line)]
    yield finish(f"lines with a sign of risk: {len(risky)} of {len(added)} added")
    told = f"Worth a second look, values left out:\n\n{write_list(risky[:10])}" if risky else "No line shows a sign."
    changed = stat.strip() or "\n".join(change.split(" ")[0] for change in changes)
    reason = "I searched added lines for secrets, shells, checks turned off and open marks; I do not understand code."
    return PlanAnswer(f"What changed:\n\n{fence(changed, 30)}\n\n{told}", 0.74, reason)


def _mask(line: str) -> str:
    """`line` without what is assigned in it: it may be a secret."""
    return clip(re.sub(r"([:=]\s*).*", r"\1…", line), 90)


def _report(command: str, outcome: Outcome) -> Plan:
    ended = _EXIT.search(outcome.text)
    if not outcome.ok and not ended:
        return (yield from give_up(f"run {quote(command)}", outcome))
    result = f"exit code {ended[1]}" if ended else "it ended"
    yield finish(f"{command}: {result}")
    output = "\n".join(_EXIT.sub("", outcome.text).splitlines()[-40:])
    text = f"I ran {quote(command)}: {result}.\n\n{fence(output) if output.strip() else 'It printed nothing.'}"
    return PlanAnswer(text, 0.92 if outcome.ok else 0.8, "The output is quoted, at most its last 40 lines.")


def delete_paths(request: Request) -> Plan:
    """What is named goes, when it is there and a person agrees; where nothing is, names are offered."""
    tokens = re.findall(rf"{QUOTED}|[^\s,;]+", request.found["rest"] or "")
    words = (unquote(token).removeprefix("./") for token in tokens if not _FILLER.fullmatch(unquote(token)))
    named = drop_repeats(word.rstrip("/") or word for word in words if word.strip())[:MOST]
    if wild := [name for name in named if re.search(r"\*|^[~/]|^\.{1,2}(?:/|$)|/\.\.(?:/|$)", name)]:
        ways = ("List the files", "Delete a folder")
        return PlanAnswer(
            f"I will not delete {quote(wild[0])}: I deleted nothing.", 0.5, "It may mean everything.", ways
        )
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
    outcome = (yield PlanStep((shell(command, 0.74, why),), f"I found {what}{within}. I ask before it goes."))[0]
    if not outcome.ok:
        return (yield from give_up(f"delete {join_names(paths)}", outcome))
    checks = yield PlanStep(tuple(glob(escape(path)) for path in paths))
    left = [path for path, check in zip(paths, checks, strict=True) if {path, f"{path}/"} & {*list_names(check)}]
    yield finish(f"deleted {', '.join(path for path in paths if path not in left) or 'nothing'}")
    if left:
        text = f"The command ran, but {join_names(left)} is still there.{quote_edit(outcome)}"
        return PlanAnswer(text, 0.8, "A listing after it shows the name.")
    text = f"I deleted {what}{within}. A listing no longer shows it.{lost}{quote_edit(outcome)}"
    return PlanAnswer(text, 0.92, "It ran, and I looked again.")


def _offer(named: list[str]) -> Plan:
    """Nothing that is there was named: offer similar names, or the folders, and touch nothing."""
    looks = [glob(f"**/*{escape(name.rsplit('/', 1)[-1])}*") for name in named] or [glob("*")]
    outcomes = yield PlanStep(tuple(looks))
    every = sorted({path for outcome in outcomes for path in list_names(outcome)})
    near = [path.rstrip("/") for path in every if named or path.endswith("/")]
    yield finish("nothing deleted: no name that is there was given", status="blocked")
    text = f"There is nothing named {join_names(named)}" if named else "You named no file or folder"
    if not near:
        return PlanAnswer(f"{text}, so I deleted nothing.", 0.85, "I looked for the name in every folder.")
    ways = tuple(f'Delete "{path}"' if re.search(r"\s", path) else f"Delete {path}" for path in near[:3])
    return PlanAnswer(
        f"{text}, so I deleted nothing. Did you mean {join_names(near)}?", 0.5, "A deletion is no guess.", ways
    )
