"""A script that the rehearsal plays: replies and faults, one for each request, then the agent takes over.

The file is JSON, `{"steps": [step, …]}` or the list alone. A step is a reply, a fault, or a
fault with the reply that it breaks:

    {"text": "Done.",                               what it says
     "thinking": "Let me see.",                     summarised thinking before it
     "calls": [{"tool": "read_file", "arguments": {"path": "a.py"}, "id": "toolu_1"}],
     "confidence": 0.9,                             or {"value": 0.9, "reasoning": "…", "alternatives": ["…"]}
     "blocks": [{"type": "text", "text": "…"}],     wire blocks, instead of text, thinking and calls
     "stop_reason": "end_turn",                     default: tool_use where there are calls
     "usage": {"output_tokens": 12},                figures to report instead of those counted
     "delay": 0.5, "pace": 0,                       seconds before the head; tokens a second, 0 is flat out
     "match": "summar",                             only for a request whose last user text, or whose purpose, has this
     "repeat": 2,                                   plays so many times; 0 is for ever
     "fault": {"phase": "before", "kind": "status", "status": 529, "type": "overloaded_error",
               "message": "Overloaded", "retry_after": 2, "after": 3}}

`phase`  before (instead of a head), head (after message_start), mid (after `after` text deltas), end (before
         message_delta: all content, no end)
`kind`   before: status, or connection (refused); in the other phases: error (an SSE error of `type`), drop (the
         socket), stall (silence), eof (a clean end of the body)

A request plays the first step that is not used up and whose `match`, if any, fits; where none does, the agent answers.
"""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec

from workbench.core.errors import SettingsFault
from workbench.providers.rehearsal.sse import Scene, write_assessment
from workbench.workspace import read_file

MOST_BYTES = 100_000_000
HINT = "Correct the script that WORKBENCH_REHEARSAL names, or unset it."


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong, and when."""

    phase: Literal["before", "head", "mid", "end"] = "before"
    kind: Literal["", "status", "connection", "error", "drop", "stall", "eof"] = ""
    """Empty: `status` before the reply, `error` in it."""
    status: int = 529
    type: str = ""
    """The error's type; empty: the one that goes with `status`."""
    message: str = ""
    retry_after: float | None = None
    after: int = 1
    """Text deltas that arrive first, in phase `mid`."""


class ScriptCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool use."""

    tool: str
    arguments: dict[str, Any] = {}
    id: str = ""


class Rated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trailer's figures."""

    value: float
    reasoning: str = ""
    alternatives: tuple[str, ...] = ()


class ScriptStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request's answer."""

    text: str = ""
    thinking: str = ""
    calls: tuple[ScriptCall, ...] = ()
    confidence: float | Rated | None = None
    blocks: tuple[dict[str, Any], ...] = ()
    stop_reason: str = ""
    usage: dict[str, Any] | None = None
    delay: float = 0.0
    pace: float | None = None
    match: str = ""
    repeat: int = 1
    fault: Fault | None = None


class Script:
    """Steps and how often each has been played."""

    def __init__(self, steps: tuple[ScriptStep, ...] = ()) -> None:
        self._steps = steps
        self._played = [0] * len(steps)
        self._calls = 0

    def next(self, said: str, purpose: str = "turn") -> ScriptStep | None:
        """The step for a request whose last user text is `said`, now played once more; None leaves it to the agent."""
        for index, step in enumerate(self._steps):
            if step.repeat and self._played[index] >= step.repeat:
                continue
            if step.match in said or step.match == purpose:
                self._played[index] += 1
                return step
        return None

    def scene(self, step: ScriptStep) -> Scene:
        """What the step says."""
        blocks = [*step.blocks] or [*self._blocks(step)]
        calls = any(block["type"] == "tool_use" for block in blocks)
        stop_reason = step.stop_reason or ("tool_use" if calls else "end_turn")
        return Scene(tuple(blocks), stop_reason, step.usage, step.delay, step.pace)

    def _blocks(self, step: ScriptStep) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = []
        if step.thinking:
            blocks.append({"type": "thinking", "thinking": step.thinking})
        text, rated = step.text, step.confidence
        if rated is not None:
            rated = rated if isinstance(rated, Rated) else Rated(rated)
            text += "\n\n" + write_assessment(rated.value, rated.reasoning, rated.alternatives)
        if text:
            blocks.append({"type": "text", "text": text})
        for call in step.calls:
            self._calls += 1
            id = call.id or f"toolu_script_{self._calls}"
            blocks.append({"type": "tool_use", "id": id, "name": call.tool, "input": call.arguments})
        return blocks


def load(path: Path) -> Script:
    """The script in a file. Raises SettingsFault that names the file and the line or step."""
    try:
        data = json.loads(read_file(path, MOST_BYTES).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise SettingsFault(f"not JSON: {error.msg}.", f"{path}:{error.lineno}", HINT) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsFault(f"cannot be read: {error}", str(path), HINT) from error
    steps = data.get("steps") if isinstance(data, dict) else data
    if not isinstance(steps, list):
        raise SettingsFault("neither a list of steps nor an object with one", str(path), HINT)
    return Script(tuple(_step(raw, f"{path}: step {number}") for number, raw in enumerate(steps, 1)))


def _step(raw: Any, where: str) -> ScriptStep:
    try:
        step = msgspec.convert(raw, ScriptStep)
    except msgspec.ValidationError as error:
        raise SettingsFault(str(error), where, HINT) from error
    broken = step.fault
    if broken and broken.kind and (broken.kind in {"status", "connection"}) != (broken.phase == "before"):
        raise SettingsFault(f"kind {broken.kind} does not go with phase {broken.phase}", where, HINT)
    if not all(call.tool for call in step.calls):
        raise SettingsFault("each of its calls needs a tool", where, HINT)
    if any("type" not in block for block in step.blocks):
        raise SettingsFault("each of its blocks needs a type", where, HINT)
    says = step.text or step.calls or step.blocks or step.thinking
    if not says and (broken is None or broken.phase in {"mid", "end"}) and not step.stop_reason:
        raise SettingsFault("says nothing: give it text, calls, blocks or a fault", where, HINT)
    return step
