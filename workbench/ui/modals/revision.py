"""What of a call a person edits before it runs, and what comes out of it."""

import json
from dataclasses import dataclass
from typing import Any

from workbench.core.decisions import Proposal

COMMANDS = ("command", "cmd", "line")
TEXTS = ("content", "new_string", "new_str", "new_text", "replacement", "new", "text")


class InvalidRevision(ValueError):
    """What was written cannot be run; the message says why."""


@dataclass(frozen=True)
class Revision:
    """One argument, or all of them as JSON."""

    arguments: dict[str, Any]
    argument: str
    """The argument under edit; empty for all."""
    text: str
    single: bool
    """True where enter runs it: a command line."""

    def applied(self, text: str) -> dict[str, Any]:
        """The arguments with `text` in place. Raises InvalidRevision."""
        if self.argument:
            if self.single and not text.strip():
                raise InvalidRevision("An empty command runs nothing. Write one, or esc and reject.")
            return {**self.arguments, self.argument: text}
        try:
            value = json.loads(text)
        except json.JSONDecodeError as fault:
            raise InvalidRevision(f"Not JSON: {fault.msg} in line {fault.lineno}, column {fault.colno}.") from fault
        if not isinstance(value, dict):
            raise InvalidRevision("The arguments are one JSON object: begin with { and end with }.")
        return value


def revision(proposal: Proposal) -> Revision:
    """The command of a shell call, the new text of a change, or all arguments as JSON."""
    preview, arguments = proposal.preview, proposal.arguments
    kind = preview.kind if preview else "text"
    if kind == "command" and preview:
        same = [name for name, value in arguments.items() if value == preview.text]
        names = [name for name in (*same, *COMMANDS) if isinstance(arguments.get(name), str)]
        if names:
            return Revision(arguments, names[0], arguments[names[0]], single="\n" not in arguments[names[0]])
    if kind == "diff":
        names = [name for name in TEXTS if isinstance(arguments.get(name), str)]
        if names:
            return Revision(arguments, names[0], arguments[names[0]], single=False)
    return Revision(arguments, "", json.dumps(arguments, indent=2, ensure_ascii=False), single=False)
