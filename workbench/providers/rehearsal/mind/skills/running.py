"""Run a command, or the project's tests, linter or build as its manifests define them."""

import re
from collections.abc import Generator

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.evidence.jobs import detect
from workbench.providers.rehearsal.mind.evidence.tree import tree_of
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, fence
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, read, shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, finding, opening
from workbench.providers.rehearsal.mind.skills.trouble import edited, not_done, refused
from workbench.providers.rehearsal.mind.steps import Answer, Outcomes, Plan, Step

SHOWN = 30
"""Output lines shown, from the end."""
_JOBS = r"(tests?|test ?suite|unit tests|linters?|lint|build|checks?)"
_EXIT = re.compile(r"exit(?:ed)?(?: with)?(?: code| status)?[:= ]+(-?\d+)", re.I)


class Run:
    """A command line as it is written, or a job by its name."""

    def matches(self, request: Request) -> bool:
        passes = rf"^(?:do|are|will|check (?:if|whether|that))\b.*\b{_JOBS}\b.*\b(pass|green|work|succeed|ok|fine)"
        prints = r"^what(?:'s| is| does)\b.*\b(output|result|print|say)"
        jobs = r"^(test|lint|build)( (it|this|the (project|code|app)|everything))?$"
        asks = request.match(r"^(run|execute|launch|invoke)\b.*\w") or request.match(jobs) or request.match(passes)
        return bool(asks or (request.quoted and request.match(prints)) or _bare(request))

    def plan(self, request: Request) -> Plan:
        job = _job(request)
        command, why, sure = _command(request), "You named the command; what it changes I did not check.", 0.85
        if job:
            command, why = yield from _detected(request, job)
            sure = 0.84
        if not command:
            return _no_command(job)
        call = shell(command, sure, why)
        outcome = (
            yield Step((call,), f"I will run {code(command)}.")
            if job
            else opening(request, f"I will run {code(command)}.", call)
        )[-1]
        if not outcome.ok and (refused(outcome) or outcome.missing):
            return not_done(f"run {code(clip(command, 80))}", outcome)
        yield closing(f"{command}: {_verdict(outcome)}")
        return _told(command, outcome)


_TYPED = re.compile(
    r"^(?:git|npm|npx|yarn|pnpm|cargo|pytest|uv|docker|pip|ruff|mypy)\s+[\w-]|^(?:pytest|pwd|make)$|^make\s+[\w-]+$|"
    r"^go\s+(?:test|run|build|vet|mod|fmt)\b|^(?:python3?|node|bash|sh)\s+\S+\.\w+|^(?:python3?)\s+-|"
    r"^(?:echo|wc|head|tail)\s+-?\w"
)
"""How a command line begins that is typed without a word around it."""


def _bare(request: Request) -> bool:
    text = request.bare
    return _TYPED.match(text) is not None and "?" not in text and "\n" not in text and len(text.split()) <= 10


def _job(request: Request) -> str:
    named = request.match(
        rf"\b(?:the |all |our |its |my |project'?s? )*{_JOBS}\b[\s.!?]*(?:pass|green|work|succeed|again|now|"
        r"suite|and|$)"
    )
    literal = (
        request.quoted
        or _bare(request)
        or request.match(r"^(run|execute)\s+(make|npm|npx|yarn|pnpm|cargo|go|pytest|python3?|uv|node|bash|sh|git)\b")
    )
    if not named or literal:
        return ""
    return (
        "test"
        if "test" in named[1].lower() or "check" in named[1].lower()
        else "lint"
        if "lint" in named[1].lower()
        else "build"
    )


def _command(request: Request) -> str:
    if request.quoted:
        return request.quoted[0].strip()
    rest = re.sub(
        r"^(?:run|execute|launch|invoke)\s+(?:the\s+)?(?:shell\s+)?(?:command\s+|line\s+)?:?\s*",
        "",
        request.bare,
        flags=re.I,
    )
    return rest.strip() if rest != request.bare or _bare(request) else ""


def _detected(request: Request, job: str) -> Generator[Step, Outcomes, tuple[str, str]]:
    looks = (glob("*"), glob("**/*test*"))
    found = yield opening(request, f"I look how this project runs its {job}s.", *looks)
    tree = tree_of(found, request.talk)
    named = [path for path in tree.manifests if "/" not in path][:4]
    texts = yield Step(
        (*(read(path) for path in named), finding(f"manifests at the top: {', '.join(named) or 'none'}"))
    )
    return detect(job, tree, {str(o.arguments["file_path"]): o.text for o in texts if o.name == "read" and o.ok})


def _no_command(job: str) -> Answer:
    if job:
        text = (
            "I ran nothing: I found no Makefile target, package script, Cargo.toml, go.mod or Python test that "
            f"says how to {job}."
        )
        return Answer(
            text,
            0.55,
            "Nothing at the top of the workspace names a command.",
            (f"Run `make {job}`", "Name the command in backticks"),
        )
    return Answer(
        "I ran nothing: which command do you mean?",
        0.4,
        "No command was named.",
        ("Name the command in backticks", "Run the tests"),
    )


def exit_code(outcome: Outcome) -> int | None:
    """The exit code that the result tells; None where it tells none."""
    tail = "\n".join((*outcome.text.splitlines()[:1], *outcome.text.splitlines()[-3:]))
    found = _EXIT.findall(tail)
    return int(found[-1]) if found else None


def _verdict(outcome: Outcome) -> str:
    code_ = exit_code(outcome)
    telling = [
        line.strip()
        for line in outcome.text.splitlines()
        if re.search(r"\b\d+ (passed|failed|errors?|tests?)\b|^(OK|FAILED|PASS|FAIL|ok)\b", line)
    ]
    known = f"exit code {code_}" if code_ is not None else "failed" if outcome.error else "finished"
    return f"{known}{'; ' + clip(telling[-1].strip('= '), 120) if telling else ''}"


def _told(command: str, outcome: Outcome) -> Answer:
    lines = [
        line.rstrip()
        for line in outcome.text.splitlines()
        if not re.fullmatch(r"\[?\(?exit(ed)?.{0,16}\d+\)?\]?\.?", line.strip())
    ]
    failed = outcome.error or (exit_code(outcome) or 0) != 0
    text = f"{code(clip(command, 120))}: **{_verdict(outcome)}**.{edited(outcome)}"
    while lines and not lines[-1].strip():
        lines.pop()
    if lines:
        text += "\n\n" + fence("\n".join(lines[-SHOWN:]), "text")
        text += f"\n\n{len(lines) - SHOWN} lines before these are left out." if len(lines) > SHOWN else ""
    else:
        text += " It printed nothing."
    wrong = [
        line.strip()
        for line in lines
        if re.match(r"\s*(FAILED|ERROR|E {2,}|error(\[|:)|Traceback|--- FAIL|✕|not ok)", line)
    ]
    if failed and wrong:
        text += "\n\n**What failed**\n\n" + bullets(code(clip(line, 140)) for line in wrong[:6])
    reason = (
        "The command failed; the output says so, its cause I did not look into."
        if failed
        else "The output and the exit code say so."
    )
    known = exit_code(outcome) is not None or outcome.error
    return Answer(
        text, 0.88 if known else 0.8, reason if known else "The output is quoted; the result names no exit code."
    )
