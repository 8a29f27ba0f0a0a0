"""What changed last, and what in it is risky: from git, judged by plain signs that are named."""

import re

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, fence, table
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import not_done, said
from workbench.providers.rehearsal.mind.steps import Answer, Plan

_SIGNS = (
    ("a secret, by its name", r"(?i)\b(password|passwd|secret|api_?key|token|private_key)\b\s*[:=]\s*['\"]?\w"),
    ("runs a shell or evaluates text", r"\b(eval|exec)\(|os\.system|subprocess|shell=True|child_process|rm -rf"),
    ("swallows errors", r"except\s*(Exception)?\s*:|catch\s*(\(\w*\))?\s*\{\s*\}"),
    ("turns a check off", r"verify=False|--no-verify|noqa|type: ignore|eslint-disable|@skip|\.skip\(|xfail"),
    ("changes stored data", r"(?i)\b(DROP|TRUNCATE|DELETE FROM|ALTER TABLE)\b|migrat"),
    ("left unfinished", r"\b(TODO|FIXME|XXX|HACK)\b"),
)
_PLACES = re.compile(
    r"(^|/)(\.github/|Dockerfile|.*\.lock$|package-lock\.json|migrations?/|\.env|settings|config|auth|"
    r"security|payment|billing)",
    re.I,
)


class Review:
    """The last commit, or what is not committed yet."""

    def matches(self, request: Request) -> bool:
        return bool(
            request.match(r"\b(last|latest|recent|previous|newest|head) (?:\w+ )?commits?\b|\buncommitted\b|"
                          r"\bworking tree\b|\bgit (?:log|diff|status|history)\b")
            or request.match(r"\b(risky|risks?|dangerous)\b.*\b(changes?|commits?|diff)\b|"
                             r"\bwhat (?:has )?changed (?:last|recently|lately)\b|^review (?:the |my |"
                             r"these )?(?:changes|diff|commit)")
        ) and not request.match(r"^(run|execute|git)\b|`git ")  # fmt: skip

    def plan(self, request: Request) -> Plan:
        pending = bool(request.match(r"\b(uncommitted|working tree|git status|my changes|staged)\b"))
        lines = ("git status --short", "git diff HEAD") if pending else ("git log -1 --stat", "git diff HEAD~1 HEAD")
        why = "It only reads the repository's history."
        say = f"I will look at {'what is not committed' if pending else 'the last commit'}: its files, then its lines."
        stat, diff = (yield opening(request, say, *(shell(line, 0.95, why) for line in lines)))[1:]
        if not stat.ok:
            return not_done(f"read the history with {code(lines[0])}", stat)
        if re.search(r"not a git repository|does not have any commits|unknown revision HEAD\b", stat.text):
            yield closing("there is no git history here")
            return Answer(
                f"There is no commit to look at: {said(stat).split(' exit code')[0]}",
                0.85,
                "git says so.",
                ("Explain the project instead",),
            )
        changed = files_of(diff) if diff.ok else {}
        signs = signs_of(diff) if diff.ok else []
        yield closing(
            f"{'uncommitted' if pending else 'last commit'}: {', '.join(changed) or 'no lines'}",
            *(f"{w}: {p}:{n}" for w, p, n, _ in signs[:2]),
        )
        return _told(stat, diff, changed, signs, pending)


def files_of(diff: Outcome) -> dict[str, tuple[int, int]]:
    """Lines added and removed in each file of a diff."""
    found: dict[str, tuple[int, int]] = {}
    path = ""
    for line in diff.text.splitlines():
        if head := re.match(r"diff --git a/(.+) b/(.+)$", line):
            path = head[2]
            found[path] = (0, 0)
        elif path and line[:1] in "+-" and line and not line.startswith(("+++", "---")):
            added, removed = found[path]
            found[path] = (added + (line[0] == "+"), removed + (line[0] == "-"))
    return found


def signs_of(diff: Outcome) -> list[tuple[str, str, int, str]]:
    """Added lines that show a sign of risk: what it is, path, line number, the line."""
    found, path, number = [], "", 0
    for line in diff.text.splitlines():
        if line.startswith("+++ "):
            path = line[4:].removeprefix("b/")
        elif hunk := re.match(r"@@ -\S+ \+(\d+)", line):
            number = int(hunk[1]) - 1
        elif not line.startswith("-"):
            number += 1
            found += [
                (what, path, number, line[1:].strip())
                for what, sign in _SIGNS
                if line.startswith("+") and re.search(sign, line)
            ][:1]
    return found


def _masked(what: str, line: str) -> str:
    """`line` without the value that looks like a secret."""
    return re.sub(r"([:=]\s*).*", r"\1…", line) if "secret" in what else line


def _told(
    stat: Outcome,
    diff: Outcome,
    changed: dict[str, tuple[int, int]],
    signs: list[tuple[str, str, int, str]],
    pending: bool,
) -> Answer:
    subject = re.search(r"^ {4}(\S.*)$", stat.text, re.M)
    commit = re.search(r"^commit (\w{7})", stat.text, re.M)
    lead = (
        "What is not committed:"
        if pending
        else f"The last commit{f' {code(commit[1])}' if commit else ''}"
        + (f", “{clip(subject[1], 120)}”:" if subject else ":")
    )
    pieces = [lead]
    if changed:
        pieces.append(
            table(("File", "Added", "Removed"), ((code(p), str(a), str(r)) for p, (a, r) in list(changed.items())[:15]))
        )
    else:
        pieces.append(fence("\n".join(stat.text.splitlines()[:30]), "text"))
    places = [path for path in changed if _PLACES.search(path)]
    large = [path for path, (a, r) in changed.items() if a + r > 300]
    notes = [f"{code(f'{p}:{n}')} {what}: {code(clip(_masked(what, line), 90))}" for what, p, n, line in signs[:10]]
    notes += [f"{code(path)} is a place where a small change matters" for path in places[:4]]
    notes += [f"{code(path)} changes more than 300 lines" for path in large[:4]]
    if changed and not any("test" in path for path in changed):
        notes.append("no test changes with it")
    pieces.append(
        "**Worth a second look**\n\n" + bullets(notes)
        if notes
        else "None of the signs I look for is in the added lines."
    )
    if not diff.ok:
        pieces.append(f"The lines themselves I could not see: {said(diff, 160)}")
    signs_known = "secrets, shells, swallowed errors, checks turned off, data changes, open marks"
    reason = (
        f"I searched {count(len(changed), 'changed file')} for plain signs ({signs_known}); I do not "
        "understand the code."
    )
    return Answer("\n\n".join(pieces), 0.74 if diff.ok else 0.6, reason, ("Show one of these files", "Run the tests"))
