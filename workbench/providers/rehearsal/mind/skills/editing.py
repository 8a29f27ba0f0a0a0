"""Change text in files: read, edit, read back."""

import re
from collections.abc import Generator
from dataclasses import dataclass, replace

from workbench.providers.rehearsal.mind.evidence import source
from workbench.providers.rehearsal.mind.evidence.matches import by_file, matches
from workbench.providers.rehearsal.mind.evidence.tree import relative
from workbench.providers.rehearsal.mind.markdown import clip, code, count, fence, names
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import grep, read
from workbench.providers.rehearsal.mind.skills.locate import Found, readings, unclear
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import edited, not_done
from workbench.providers.rehearsal.mind.steps import Answer, Call, Outcomes, Plan, Step


@dataclass(frozen=True)
class Change:
    """Old text and new, or a setting's name and its new value."""

    old: str
    new: str
    setting: bool = False


_TOKEN = r"(`[^`]+`|\"[^\"]*\"|“[^”]*”|'[^']*'|‘[^’]*’|[^\s,;]+)"
_PAIR = re.compile(
    r"\b(?:replace|change|rename|swap|substitute|edit|update|correct|fix|turn)\s+(?:(?:all|every|each|the|"
    r"any|occurrences?|of|"
    r"text|word|string|name|function|class|variable|line|typo|"
    rf"constant)\s+)*{_TOKEN}\s+(?:in\s+\S+\s+)?(?:with|to|by|into|->|→|as)\s+"
    rf"(?:the\s+|text\s+|word\s+)*{_TOKEN}",
    re.I,
)
_SETTING = re.compile(
    r"^(?:set|change|update|bump|raise|lower|edit|make)\s+(?:the\s+|"
    r"value of\s+)*([\w.-]+?)(?:'s)?\s+(?:value\s+)?(?:(?:in|of|inside)\s+\S+\s+)?"
    rf"(?:to|=|from\s+\S+\s+to)\s+{_TOKEN}",
    re.I,
)
_DROP = re.compile(
    rf"^(?:remove|delete|drop|erase)\s+(?:the\s+|text\s+|word\s+|line\s+|all\s+)*{_TOKEN}\s+(?:from|in|out of)\s+", re.I
)
_LOOSE = re.compile(
    r"^(?:replace|swap|substitute|change|rename)\s+(.+?)\s+(?:with|to|by|into)\s+(.+?)(?:\s+(?:in|inside|"
    r"within)\s+\S+)?[.!]?$",
    re.I,
)
MOST = 5
"""Files changed in one go at most."""


class Edit:
    """Replace one text by another in the file named, or in the only file that holds it."""

    def matches(self, request: Request) -> bool:
        change = change_of(request)
        return change is not None and change.old != ""

    def plan(self, request: Request) -> Plan:
        change = change_of(request)
        assert change is not None
        paths = [relative(p, request.talk) for p in request.paths if p not in (change.old, change.new)]
        if not paths:
            paths = yield from _holding(request, change)
            everywhere = request.match(r"\b(everywhere|all files|every file|whole (?:project|repo\w*)|throughout)\b")
            if not paths or (len(paths) > 1 and not everywhere):
                return _which(change, paths)
        found = yield from readings(
            request, paths[:MOST], f"I will read {names(paths[:MOST])} before I change anything."
        )
        if not any(f.ok for f in found):
            return unclear(found)
        answers = []
        for f in found:
            if f.ok:
                answers.append((yield from _changed(f, change)))
        yield closing(*(a.text.split(" It reads now:")[0].split("\n")[0] for a in answers))
        text = "\n\n".join(answer.text for answer in answers)
        return Answer(text, min(a.confidence for a in answers), answers[0].reasoning, answers[0].alternatives)


def change_of(request: Request) -> Change | None:
    """The change that the text asks for; None where it asks for none."""
    text = request.bare
    if drop := _DROP.match(text):
        old = _bare(drop[1])
        return Change(old, "") if drop[1] != old else None
    if pair := _PAIR.search(text):
        old, new = _bare(pair[1]), _bare(pair[2])
        quoted = old != pair[1] or new != pair[2]
        if (
            quoted
            or not (setting := _SETTING.match(text))
            or text.lower().startswith(("replace", "rename", "swap", "subst"))
        ):
            return Change(old, new)
        return Change(_bare(setting[1]), _bare(setting[2]), True)
    if setting := _SETTING.match(text):
        return Change(_bare(setting[1]), _bare(setting[2]), True)
    if (loose := _LOOSE.match(text)) and (request.paths or re.match(r"replace|swap|subst", text, re.I)):
        return Change(_bare(loose[1]), _bare(loose[2]))
    return None


def _bare(token: str) -> str:
    if len(token) > 1 and token[0] in "`\"'“‘" and token[-1] in "`\"'”’":
        return token[1:-1]
    return token.rstrip(".!?:")


def _holding(request: Request, change: Change) -> Generator[Step, Outcomes, list[str]]:
    say = f"You named no file, so I look for {code(change.old)} first."
    result = (yield opening(request, say, grep(re.escape(change.old))))[1]
    return list(by_file(matches(result, request.talk)))


def _which(change: Change, paths: list[str]) -> Answer:
    if not paths:
        text = f"I changed nothing: no file holds {code(change.old)}."
        return Answer(
            text, 0.55, "No file was named and the search found none.", ("Name the file", "Give the text as it stands")
        )
    text = (
        f"I changed nothing yet: {code(change.old)} stands in {count(len(paths), 'file')}: {names(paths)}. "
        "Which one is meant?"
    )
    others = tuple(f'Replace "{change.old}" with "{change.new}" in {path}' for path in paths[:2])
    everywhere = (f'Replace "{change.old}" with "{change.new}" everywhere',)
    return Answer(text, 0.5, "No file was named and several hold the text.", others + everywhere)


def _changed(f: Found, change: Change) -> Generator[Step, Outcomes, Answer]:
    old, new = _exact(f.text, change)
    hits = f.text.count(old) if old else 0
    if not hits:
        near = next((line for line in f.text.splitlines() if change.old.lower() in line.lower()), "")
        hint = f" The nearest line is {code(clip(near, 100))}." if near else ""
        text = f"I changed nothing: {code(change.old)} does not stand in {code(f.path)}.{hint}"
        return Answer(
            text,
            0.58,
            "I read the file and the text is not in it.",
            ("Give the text as it stands", "Name another file"),
        )
    arguments = {"file_path": f.path, "old_string": old, "new_string": new} | (
        {"replace_all": True} if hits > 1 else {}
    )
    sure, why = (0.93, "I read the file: the text stands in it once.") if hits == 1 else (
        0.82, f"I read the file: the text stands in it {hits} times, and you did not say which; all are "
              "changed.")  # fmt: skip
    (outcome,) = yield Step((Call("edit", arguments, sure, why),))
    if not outcome.ok:
        return not_done(f"change {code(f.path)}", outcome)
    first = f.text[: f.text.index(old)].count("\n") + 1
    (back,) = yield Step((read(f.path, max(1, first - 1), first + new.count("\n") + 1),), "I read it back.")
    told = _told(f.path, old, new, hits, back.text if back.ok else "")
    return replace(told, text=told.text + edited(outcome))


def _exact(text: str, change: Change) -> tuple[str, str]:
    """The text to replace and what to put there; for a setting, its line with the new value."""
    if not change.setting or not change.old:
        return change.old, change.new
    key = re.escape(change.old)
    line = re.search(rf"^(\s*[\"']?{key}[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,#;]+)", text, re.M | re.I)
    if line is None:
        return change.old, change.new
    quote = line[2][0] if line[2][0] in "\"'" else ""
    return line[0].lstrip("\n"), f"{line[1]}{quote}{change.new}{quote}".lstrip("\n")


def _told(path: str, old: str, new: str, hits: int, back: str) -> Answer:
    times = "" if hits == 1 else f" ({count(hits, 'occurrence')})"
    did = f"replaced {code(clip(old, 80))} with {code(clip(new, 80))}" if new else f"removed {code(clip(old, 80))}"
    text = f"In {code(path)} I {did}{times}."
    if back := back.strip("\n"):
        text += f" It reads now:\n\n{fence(back, source.language(path))}"
    if not back or new.strip() not in back:
        return Answer(text, 0.72, "The edit reported success; I did not see the new text when reading back.")
    return Answer(text, 0.92, "The edit succeeded and the file reads so now; I ran no tests.")
