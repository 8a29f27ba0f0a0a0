"""What changed last, and what in it is risky: from git, judged by plain signs that are named."""

import re

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.evidence.diff import DELICATE, KNOWN, Changed, Sign, files_of, signs_of
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, fence, table
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import not_done, said
from workbench.providers.rehearsal.mind.steps import Answer, Plan


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
        changed = files_of(diff.text) if diff.ok else {}
        signs = signs_of(diff.text) if diff.ok else []
        yield closing(
            f"{'uncommitted' if pending else 'last commit'}: {', '.join(changed) or 'no lines'}",
            *(f"{sign.what}: {sign.path}:{sign.line}" for sign in signs[:2]),
        )
        return _told(stat, diff, changed, signs, pending)


def _told(stat: Outcome, diff: Outcome, changed: Changed, signs: list[Sign], pending: bool) -> Answer:
    if changed:
        rows = ((code(path), str(added), str(removed)) for path, (added, removed) in list(changed.items())[:15])
        shown = table(("File", "Added", "Removed"), rows)
    else:
        shown = fence("\n".join(stat.text.splitlines()[:30]), "text")
    notes = _notes(changed, signs)
    judged = (
        "**Worth a second look**\n\n" + bullets(notes)
        if notes
        else "None of the signs I look for is in the added lines."
    )
    unseen = "" if diff.ok else f"The lines themselves I could not see: {said(diff, 160)}"
    text = "\n\n".join(piece for piece in (_lead(stat, pending), shown, judged, unseen) if piece)
    reason = (
        f"I searched {count(len(changed), 'changed file')} for plain signs ({KNOWN}); I do not understand the code."
    )
    return Answer(text, 0.74 if diff.ok else 0.6, reason, ("Show one of these files", "Run the tests"))


def _lead(stat: Outcome, pending: bool) -> str:
    subject = re.search(r"^ {4}(\S.*)$", stat.text, re.M)
    commit = re.search(r"^commit (\w{7})", stat.text, re.M)
    if pending:
        return "What is not committed:"
    return (
        f"The last commit{f' {code(commit[1])}' if commit else ''}{f', “{clip(subject[1], 120)}”' if subject else ''}:"
    )


def _notes(changed: Changed, signs: list[Sign]) -> list[str]:
    notes = [f"{code(f'{s.path}:{s.line}')} {s.what}: {code(clip(s.text, 90))}" for s in signs[:10]]
    notes += [f"{code(path)} is a place where a small change matters" for path in changed if DELICATE.search(path)][:4]
    notes += [f"{code(path)} changes more than 300 lines" for path, lines in changed.items() if sum(lines) > 300][:4]
    if changed and not any("test" in path for path in changed):
        notes.append("no test changes with it")
    return notes
