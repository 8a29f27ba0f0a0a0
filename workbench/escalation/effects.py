"""What a call would do to the world, from its tool and arguments: classified, never guessed.

`unknown` is the honest answer for every tool this module does not know. Arguments that name nothing do nothing: the
tool refuses them.
"""

from pathlib import Path
from typing import Any

from workbench.core.decisions import Effect, EffectKind
from workbench.escalation.places import place
from workbench.escalation.shell import analyse

READERS = {"read": "file_path", "glob": "path", "grep": "path"}
WRITERS = {"write": "file_path", "edit": "file_path"}
NOTES = ("add_finding", "record_decision", "ask_question", "close_question", "set_task", "set_status")
RECALLS = ("read_scratchpad", "recall")
BUILT_IN = (*READERS, *WRITERS, *NOTES, *RECALLS, "shell")


def effects_of(tool: str, arguments: dict[str, Any], workspace: Path) -> tuple[Effect, ...]:
    """The effects of calling `tool` with `arguments` in `workspace`; paths are followed through every symlink."""
    if tool in NOTES:
        return (Effect("memory", (tool,)),)
    if tool in RECALLS:
        return (Effect("read"),)
    if tool == "shell":
        return _shell(arguments.get("command"), workspace)
    if tool in READERS:
        path = arguments.get(READERS[tool])
        return _file("read", "." if path is None else path, workspace)
    if tool in WRITERS:
        return _file("write", arguments.get(WRITERS[tool]), workspace)
    return (Effect("unknown", (tool,)),)


def _file(kind: EffectKind, path: object, workspace: Path) -> tuple[Effect, ...]:
    if not isinstance(path, str) or not path or "\0" in path:
        return ()
    at = place(path, workspace, workspace)
    return (Effect(kind, (at.target,), True, at.outside, at.secret),)


def _shell(command: object, workspace: Path) -> tuple[Effect, ...]:
    if not isinstance(command, str) or not command.strip():
        return ()
    line = analyse(command, workspace)
    reads = tuple(target for segment in line.segments if segment.certain_read for target in segment.targets)
    others = tuple(segment.effect for segment in line.segments if not segment.certain_read)
    if not others and not line.certain_read:
        return (Effect("unknown", (command.strip(),)),)
    return others or (Effect("read", reads),)
