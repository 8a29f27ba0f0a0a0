"""What the calls in a history's text say: deeds, decisions and questions, in their own words."""

import json
import re
from typing import Any

from workbench.providers.rehearsal.mind.errands.extract import Said, unique
from workbench.providers.rehearsal.mind.markdown import clip, code

Called = list[tuple[str, dict[str, Any]]]


def calls(messages: list[Said]) -> Called:
    """Calls written as `calls NAME {arguments}`; those whose arguments were cut short are left out."""
    found = []
    for message in messages:
        if match := re.match(r"calls (\w+) (?=\{)", message.text):
            try:
                arguments = json.JSONDecoder().raw_decode(message.text, match.end())[0]
            except (ValueError, RecursionError):
                continue
            found.append((match[1], arguments))
    return found


def deeds(found: Called) -> list[str]:
    """What was written, edited, run and found out."""
    lines = []
    for name, arguments in found:
        match name:
            case "write" | "edit":
                lines.append(f"asked to {name} {code(str(arguments.get('file_path', '')))}")
            case "shell":
                lines.append(f"asked to run {code(clip(str(arguments.get('command', '')), 160))}")
            case "add_finding":
                lines.append(clip(str(arguments.get("text", "")), 220))
    return unique(lines)


def decisions(found: Called) -> list[str]:
    """Decisions put on the scratchpad, with their reasons."""
    made = ((a.get("decision", ""), a.get("reasoning", "")) for name, a in found if name == "record_decision")
    return unique(clip(f"{decision} (because: {why})" if why else str(decision), 300) for decision, why in made)


def questions(found: Called) -> list[str]:
    """Questions put on the scratchpad and not closed."""
    closed = {a.get("question") for name, a in found if name == "close_question"}
    asked = (a.get("question") for name, a in found if name == "ask_question")
    return unique(clip(str(question), 240) for question in asked if question not in closed)
