"""A handoff document (seed §4), from the scratchpad's state and what else the prompt states."""

import json
import re
from typing import Any

from workbench.providers.rehearsal.mind.conversation import Conversation
from workbench.providers.rehearsal.mind.errands import extract
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code

_CHANGED = re.compile(r"\b(created|modified|deleted|edited|wrote|changed|renamed|moved)\b", re.I)


class Handoff:
    """Five numbered sections."""

    phrases = ("you are creating a handoff document", "create a handoff document")

    def reply(self, talk: Conversation) -> str:
        state, rest = _state(talk.turn.prompt)
        said = extract.said(rest) if re.search(r"^\[(?:user|assistant)", rest, re.M) else []
        lists = _lists(rest)
        status = str(state.get("status") or "in_progress").replace("_", " ")
        first = next(iter(lists.get("requests") or extract.goals(said)), "no task was written down")
        goal = str(state.get("task") or first)
        questions = [_text(q) for q in _list(state, "open_questions")]
        other = lists.get("open") or extract.open_items(said)
        open_ = questions + [item for item in other if item not in questions]
        left = f"no: {len(open_)} open {'item' if len(open_) == 1 else 'items'}" if open_ else "no"
        finished = re.match(r"complete|done|finished", status) is not None and not open_
        sections = (
            (
                "TASK STATUS",
                [f"Goal: {clip(goal, 300)}", f"Status: {status}", f"Complete: {'yes' if finished else left}"],
            ),
            ("DECISIONS MADE", [_decided(d) for d in _list(state, "decisions")] or extract.decisions(said)[:8]),
            ("FILES CHANGED", _changed(rest)),
            ("OPEN ITEMS", open_ or ([] if finished else [f"Finish the task: {clip(goal, 200)}"])),
            ("CONTEXT FOR NEXT SESSION", _context(state, said, rest)),
        )
        return "\n\n".join(
            f"## {n}. {name}\n\n{bullets(lines) or 'None.'}" for n, (name, lines) in enumerate(sections, 1)
        )


def _state(prompt: str) -> tuple[dict[str, Any], str]:
    """The scratchpad's JSON, and the prompt without it."""
    start = re.search(r"Scratchpad state:\s*(?:```\w*\s*)?(?=\{)", prompt, re.I)
    at = start.end() if start else prompt.find("{")
    if at < 0:
        return {}, prompt
    try:
        state, end = json.JSONDecoder().raw_decode(prompt, at)
    except (ValueError, RecursionError):
        return {}, prompt
    return (state if isinstance(state, dict) else {}), prompt[:at] + prompt[end:]


def _list(state: dict[str, Any], name: str) -> list[Any]:
    value = state.get(name)
    return value if isinstance(value, list) else []


def _text(entry: Any) -> str:
    if isinstance(entry, dict):
        return clip(str(entry.get("text") or entry.get("decision") or entry.get("question") or ""), 300)
    return clip(str(entry), 300)


def _decided(entry: Any) -> str:
    why = entry.get("reasoning") if isinstance(entry, dict) else ""
    return _text(entry) + (f"\n  because {clip(str(why), 240)}" if why else "")


def _lists(rest: str) -> dict[str, list[str]]:
    """The prompt's named lists: `Files:` and the items below it."""
    body = re.split(r"^Create a handoff document", rest, maxsplit=1, flags=re.I | re.M)[0]
    found: dict[str, list[str]] = {}
    name = ""
    for line in body.splitlines():
        if head := re.match(r"([A-Z][\w ]{2,50}):\s*$", line):
            name = head[1].lower()
        elif name and line.strip():
            item = re.match(r"-\s+(?:\[ \]\s+)?(.*)$", line)
            entries = found.setdefault(name, [])
            if item or not entries:
                entries.append((item[1] if item else line).strip())
            else:
                entries[-1] += f" {line.strip()}"
    return found


def _changed(rest: str) -> list[str]:
    """The files of the journal; where there is no such list, lines that name a path and say what happened to it."""
    if listed := _lists(rest).get("files"):
        return listed
    body = re.split(r"Create a handoff document", rest, maxsplit=1, flags=re.I)[0]
    bare = (re.sub(r"^\s*[-*+]\s+", "", line).strip() for line in body.splitlines())
    found = (line for line in bare if _CHANGED.search(line) and extract.files(line) and len(line) < 300)
    return extract.unique(line for line in found if not line.startswith("["))[:40]


def _context(state: dict[str, Any], said: list[extract.Said], rest: str) -> list[str]:
    lines = [_text(finding) for finding in _list(state, "findings")[-12:]]
    if seen := [str(path) for path in _list(state, "files_examined")]:
        lines.append(f"Files examined: {', '.join(map(code, seen[:30]))}")
    known = _lists(rest)
    commands = extract.commands(rest)
    if commands and not known:
        lines.append(f"Commands: {', '.join(map(code, commands[:10]))}")
    lines += [f"Preference: {text}" for text in known.get("preferences of the person", ())]
    lines += [f"Command: {text}" for text in known.get("commands", ())]
    lines += [f"Error met: {text}" for text in known.get("errors", ())]
    lines += known.get("findings", [])
    asked = known.get("requests") or extract.goals(said)
    lines += [f"Last request: {asked[-1]}"] if asked else []
    return extract.unique(line for line in lines if line)
