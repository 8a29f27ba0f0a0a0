"""A desk for the rehearsal's agent: the real tools on a folder, and the loop that an engine would run."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.core.errors import ToolFault
from workbench.core.notes import Note, Notepad, Scratchpad
from workbench.core.tools import ToolContext
from workbench.escalation import Roots, analyse
from workbench.providers.rehearsal.agent import respond
from workbench.tools.toolset import load_tools

TRAILER = re.compile(r"\n\n<assessment>(.*)</assessment>\Z", re.S)


class Desk:
    """Runs prompts to their answers; what was called and noted can be looked at afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        roots = Roots(folder)
        tools = load_tools(folder, classify=roots.effect, analyse=lambda line: analyse(line, roots))
        self.tools = {tool.name: tool for tool in tools}
        self.messages: list[dict[str, Any]] = []
        self.system = f"You are the agent of Workbench.\n\nThe workspace is {folder}. Paths are relative to it.\n"
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.notepad = Notepad()
        self.refuse: Callable[[str, dict[str, Any]], str] = lambda name, arguments: ""
        self.tools_off_after = 99
        """Steps of a turn after which tools are off."""

    def body(self, step: int) -> dict[str, Any]:
        """The next request."""
        choice = {"tool_choice": {"type": "none"}} if step >= self.tools_off_after else {}
        tools = [{"name": name, "input_schema": tool.schema} for name, tool in self.tools.items()]
        sent = {"model": "rehearsal", "max_tokens": 8000, "system": self.system, "tools": tools}
        return sent | choice | {"messages": self.messages}

    def ask(self, prompt: str, *notices: str) -> tuple[str, dict[str, Any]]:
        """The answer without its trailer, and the trailer."""
        blocks = [{"type": "text", "text": text} for text in (prompt, *notices)]
        self.messages.append({"role": "user", "content": blocks})
        for step in range(8):
            body = self.body(step)
            scene = respond(body)
            assert respond(body) == scene, "the same body gets the same scene"
            self.messages.append({"role": "assistant", "content": list(scene.blocks)})
            uses = [block for block in scene.blocks if block["type"] == "tool_use"]
            assert scene.stop_reason == ("tool_use" if uses else "end_turn")
            if not uses:
                return split(scene.blocks[-1]["text"])
            assert step < self.tools_off_after, "no call is made while tools are off"
            self.messages.append({"role": "user", "content": [self._result(use) for use in uses]})
        raise AssertionError(f"no answer within 8 steps to {prompt!r}")

    def named(self, tool: str) -> list[dict[str, Any]]:
        """Arguments of the calls of one tool."""
        return [arguments for name, arguments in self.calls if name == tool]

    def _result(self, use: dict[str, Any]) -> dict[str, Any]:
        name, block = use["name"], {"type": "tool_result", "tool_use_id": use["id"]}
        arguments = {key: value for key, value in use["input"].items() if not key.startswith("confidence")}
        self.calls.append((name, use["input"]))
        if refusal := self.refuse(name, arguments):
            return block | {"content": refusal, "is_error": True}
        context = ToolContext(use["id"], self.pad, lambda text: None)
        try:
            output = asyncio.run(self.tools[name].run(arguments, context))
        except ToolFault as fault:
            assert fault.hint != "arguments", f"{name} does not take {arguments}: {fault}"
            return block | {"content": fault.message, "is_error": True}
        for note in output.notes:
            self.notepad.add(note)
        return block | {"content": output.text, "is_error": output.error}

    @property
    def pad(self) -> Scratchpad:
        """What was noted."""
        return self.notepad.pad

    def notes(self, kind: str) -> list[str]:
        """Texts of the findings, decisions or questions on the scratchpad."""
        kept: dict[str, tuple[Note, ...]] = {
            "finding": self.pad.findings,
            "decision": self.pad.decisions,
            "question": self.pad.open_questions,
        }
        return [note.text for note in kept[kind]]


def split(text: str) -> tuple[str, dict[str, Any]]:
    """An answer's text and its parsed trailer."""
    match = TRAILER.search(text)
    assert match, text[-300:]
    rated = json.loads(match[1])
    assert set(rated) == {"confidence", "confidence_reasoning", "alternative_interpretations"}
    assert 0 <= rated["confidence"] <= 1
    assert rated["confidence_reasoning"]
    return text[: match.start()], rated


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small Python project."""
    files = {
        "README.md": "# Corner shop\n\n[![badge](x)](y)\n\nSells things on a corner. Prices are in cents.\n",
        "pyproject.toml": '[project]\nname = "shop"\nversion = "0.1.0"\ndescription = "A tiny shop."\n',
        "src/shop/__init__.py": '"""A shop with a till."""\n',
        "src/shop/cli.py": '"""The command line."""\n\n\ndef main() -> None:\n    # TODO: greet\n    pass\n',
        "src/shop/till.py": '"""Adds up prices."""\n\nRATE = 19\n\n\nclass Till:\n    """A till."""\n',
        "tests/test_till.py": "def test_total() -> None:\n    assert sum([1, 2]) == 3\n",
        "build/out.txt": "old\n",
        "Makefile": "test:\n\t@echo 3 passed\n",
    }
    for name, text in files.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "shop"


@pytest.fixture
def desk(shop: Path) -> Desk:
    """The desk on the shop."""
    return Desk(shop)


@pytest.fixture
def desk_on() -> Callable[[Path], Desk]:
    """A desk on any folder."""
    return Desk
