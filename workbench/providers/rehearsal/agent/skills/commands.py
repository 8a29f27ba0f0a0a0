"""Running commands: one that is named, the project's tests, and git for what a commit or a diff changed."""

import re

from workbench.providers.rehearsal.agent.conversation import Outcome
from workbench.providers.rehearsal.agent.markdown import clip, fence, quote, write_list
from workbench.providers.rehearsal.agent.plans import Answer, Call, Plan, Step, begin, finish, give_up, read
from workbench.providers.rehearsal.agent.prompts import Request

RISKY = re.compile(
    r"(?i)\b(?:password|secret|api_?key|token)\b\s*[:=]|\beval\(|\bexec\(|os\.system|shell=True|rm -rf|verify=False|"
    r"--no-verify|\bDROP TABLE\b|\b(?:TODO|FIXME)\b"
)
_ADDED = r"^\+(?!\+\+ )(.*)$"
_EXIT = re.compile(r"\n*exit code: (\d+)\s*\Z")


def shell(command: str, confidence: float, reason: str) -> Call:
    """Run a command line."""
    return Call("shell", {"command": command}, confidence, reason)


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
    outcome = (yield Step((shell(command, sure, why),), f"I will run {quote(command)}."))[0]
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
    return Answer(f"What changed:\n\n{fence(changed, 30)}\n\n{told}", 0.74, reason)


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
    return Answer(text, 0.92 if outcome.ok else 0.8, "The output is quoted, at most its last 40 lines.")
