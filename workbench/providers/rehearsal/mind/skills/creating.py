"""Create files and folders, and add to files."""

import re
import shlex
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.evidence import source
from workbench.providers.rehearsal.mind.evidence.tree import relative, tree_of
from workbench.providers.rehearsal.mind.markdown import code, count, fence
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.calls import glob, literal, read, shell
from workbench.providers.rehearsal.mind.skills.scratchpad import closing, opening
from workbench.providers.rehearsal.mind.skills.trouble import edited, not_done
from workbench.providers.rehearsal.mind.steps import Answer, Call, Plan, Step

_CONTENT = re.compile(
    r"\b(?:with (?:the )?(?:content|contents|text|words?|line|following(?: content| text)?)|containing|"
    r"that (?:says|contains|reads)|"
    r"saying|reading|which says|with)\b\s*:?\s*(.+)$|:\s*(.+)$",
    re.I | re.S,
)


_BETWEEN = re.compile(
    r"(?:add|append|insert|put|write)\s+(?:(?:an?\s+|the\s+)?(?:new\s+)?(line|text|entry|words?|item)\s*:?\s*)?(.+?)\s+"
    r"(?:to|into|in|at (?:the )?(?:end|bottom) of)\s",
    re.I | re.S,
)
"""What stands between "add" and "to": a word that says that it is text, and the text."""


class Create:
    """A new file with the text given."""

    def matches(self, request: Request) -> bool:
        asks = request.match(r"^(create|write|make|generate|save|touch|put|new|start)\b")
        return bool(asks and (request.paths or request.match(r"\b(file|folder|directory) (?:called|named) \S+")))

    def plan(self, request: Request) -> Plan:
        path = relative(_target(request), request.talk)
        if path.endswith("/") or request.match(r"^(create|make)\s+(?:an? |the |new |empty )*(folder|directory)\b"):
            return (yield from _folder(request, path.rstrip("/")))
        content = content_of(request, path)
        if content is None:
            return (yield from _cannot_compose(request, path))
        listing = (yield opening(request, f"I check first whether {code(path)} is there.", glob(literal(path))))[1]
        there = bool(tree_of((listing,), request.talk, generated=True).paths)
        sure, why = (0.72, "A file of that name is there and would be replaced.") if there else (
            0.92, "You gave the name and the text, and no file of that name is there.")  # fmt: skip
        if there:
            yield Step((read(path),), f"{code(path)} is there already; I read it before it is replaced.")
        (outcome,) = yield Step((Call("write", {"file_path": path, "content": content}, sure, why),))
        if not outcome.ok:
            return not_done(f"write {code(path)}", outcome)
        back = (yield Step((read(path),), "I read it back."))[0]
        yield closing(f"{'replaced' if there else 'created'} {path}, {count(len(content.splitlines()), 'line')}")
        return _told(path, outcome, "replaced" if there else "created", back.text if back.ok else "", content)


class Append:
    """One more line, or several, at a file's end."""

    def matches(self, request: Request) -> bool:
        into = r"\b(?:to|into|in|at (?:the )?(?:end|bottom) of)\s+(?:the )?(?:file )?\S+"
        return bool(
            request.paths
            and request.match(
                rf"^(?:add|append|insert)\b.*{into}|^(?:put|"
                rf"write)\b.*\bline\b.*{into}"
            )
        )

    def plan(self, request: Request) -> Plan:
        path = relative(request.paths[-1], request.talk)
        line = _addition(request)
        if not line:
            return (yield from _cannot_compose(request, path))
        old = (yield opening(request, f"I will read {code(path)} before I add to it.", read(path)))[1]
        if (
            old.error
            and re.search(r"exceeds|not valid UTF-8|not a regular|directory", old.text)
            and "no such" not in old.text.lower()
        ):
            return not_done(f"add to {code(path)}", old)
        if old.missing or old.text.startswith(f"[{path} is not valid UTF-8"):
            return not_done(f"add to {code(path)} without reading it first", replace(old, error=not old.missing))
        text = old.text if old.ok else ""
        joint = "" if not text or text.endswith("\n") else "\n"
        content = f"{text}{joint}{line}\n"
        why = (
            "You gave the text; it goes to the end."
            if old.ok
            else "You gave the text; the file is not there yet and is made."
        )
        write = Call("write", {"file_path": path, "content": content}, 0.88 if old.ok else 0.8, why)
        (outcome,) = yield Step((write,))
        if not outcome.ok:
            return not_done(f"add to {code(path)}", outcome)
        total = len(content.splitlines())
        back = (yield Step((read(path, max(1, total - 4), total),), "I read its end back."))[0]
        yield closing(f"added a line to {path}" if old.ok else f"created {path} with one line")
        return _told(path, outcome, "added to" if old.ok else "created", back.text if back.ok else "", line)


def content_of(request: Request, path: str) -> str | None:
    """The text to write: fenced or quoted as it is, else what follows "with" or a colon; None where none is given."""
    if block := re.search(r"```[^\n`]*\n(.*?)```", request.text, re.S):
        return block[1]
    rest = [text for text in request.quoted if text.strip() != path and text != path]
    if rest:
        return rest[-1] + ("" if rest[-1].endswith("\n") else "\n")
    if request.match(r"\bempty\b|^touch\b"):
        return ""
    named = request.bare.split(path, 1)
    if len(named) == 2 and (after := _CONTENT.search(named[1])):
        text = (after[1] or after[2]).strip()
        return None if re.match(r"(?:an?|the|some|all|my|two|three|tests?)\b", text, re.I) and after[1] else text + "\n"
    before = re.match(r"(?:write|put|save)\s+(.+?)\s+(?:in|into|to|as)\s", request.bare, re.I | re.S)
    vague = before and re.match(r"(?:an?|the|some|tests?|docs?|documentation|this|it)\b", before[1], re.I)
    return before[1] + "\n" if before and not vague else None


def _addition(request: Request) -> str:
    path = request.paths[-1]
    if rest := [text for text in request.quoted if text != path]:
        return rest[0].rstrip("\n")
    if after := re.search(re.escape(path) + r"\s*:\s*(.+)$", request.bare, re.S):
        return after[1].strip()
    between = _BETWEEN.match(request.bare)
    told = bool(between and between[1]) or source.language(path) in ("", "markdown")
    vague = between and re.match(
        r"(?:an?|the|some|more|tests?|docs?|documentation|support|comments?)\b", between[2], re.I
    )
    return between[2].strip() if between and told and not vague else ""


def _target(request: Request) -> str:
    named = request.match(r"\b(?:called|named)\s+[`'\"]?([\w./-]+)")
    if named:
        return named[1].rstrip(".")
    into = [p for p in request.paths if re.search(rf"\b(?:in|into|to|as|file)\s+[`'\"]?{re.escape(p)}", request.bare)]
    return (into or request.paths)[0]


def _folder(request: Request, path: str) -> Plan:
    command = f"mkdir -p -- {shlex.quote(path)}"
    say = f"I will make the folder {code(path + '/')}."
    outcome = (
        yield opening(request, say, shell(command, 0.9, "You named the folder; making it changes nothing else."))
    )[1]
    if not outcome.ok:
        return not_done(f"make the folder {code(path)}", outcome)
    yield closing(f"made the folder {path}")
    return Answer(f"The folder {code(path + '/')} is there now.", 0.9, "The command reported no error.")


def _cannot_compose(request: Request, path: str) -> Plan:
    yield opening(request, "")
    kind = source.language(path) or PurePosixPath(path).suffix or "text"
    text = (
        f"I wrote nothing. You named {code(path)} but not its text, and this rehearsal has no language model "
        f"to compose {kind} with. "
        "Give the text in quotes or in a fenced block and I will write it exactly as it is."
    )
    others = (f'Create {path} with the text "…"', f"Create an empty file {path}", f"Show what {path} holds now")
    return Answer(text, 0.4, "The text to write was not given, and I do not make one up.", others)


def _told(path: str, outcome: Outcome, did: str, back: str, content: str) -> Answer:
    head = f"I {did} {code(path)}.{edited(outcome)}"
    if back.strip() and content.strip() in back:
        text = f"{head} It reads now:\n\n{fence(chr(10).join(back.splitlines()[:40]), source.language(path))}"
        return Answer(text, 0.93, "The write succeeded and the file reads as asked.")
    if not content.strip():
        return Answer(f"{head} It is empty, as you asked.", 0.9, "The write reported success.")
    return Answer(head, 0.75, "The write reported success; I did not see the text when reading back.")
