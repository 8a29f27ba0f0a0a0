"""A small desk for the rehearsal's mind: the tools' semantics on a folder, and the loop that an engine would run."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.providers.rehearsal.mind import respond
from workbench.providers.rehearsal.scene import Scene

TOOLS = (
    "read", "write", "edit", "glob", "grep", "shell", "add_finding", "record_decision", "ask_question",
    "close_question", "set_task", "set_status",
)  # fmt: skip
TRAILER = re.compile(r"\n\n<assessment>((?:(?!<assessment>).)*)</assessment>\Z", re.S)


class Desk:
    """Runs prompts to their answers; what was called and said can be looked at afterwards."""

    def __init__(self, folder: Path, *, tools: tuple[str, ...] = TOOLS, absolute: bool = True) -> None:
        self.folder, self.tools, self.absolute = folder, tools, absolute
        self.messages: list[dict[str, Any]] = []
        self.system = f"You are the agent of Workbench.\n\nThe workspace is {folder}. Paths are relative to it.\n"
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.ids: list[str] = []
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self.refuse: Callable[[str, dict[str, Any]], str] = lambda name, arguments: ""
        self.tools_off = False
        self.steps = 0

    @property
    def body(self) -> dict[str, Any]:
        """The next request."""
        choice = {"tool_choice": {"type": "none"}} if self.tools_off else {}
        return {
            "model": "claude-opus-5-5",
            "max_tokens": 8000,
            "system": [{"type": "text", "text": self.system}],
            "tools": [{"name": name, "input_schema": {"type": "object"}} for name in self.tools],
            "messages": self.messages,
            **choice,
        }

    def say(self, prompt: str, *notices: str, limit: int = 24) -> str:
        """The final answer to `prompt`, with its trailer."""
        blocks = [{"type": "text", "text": text} for text in (prompt, *notices)]
        self.messages.append({"role": "user", "content": blocks})
        for step in range(limit):
            self.steps = step
            scene = respond(self.body)
            assert respond(self.body) == scene, "the same body gets the same scene"
            self.messages.append({"role": "assistant", "content": list(scene.blocks)})
            uses = self._checked(scene)
            if not uses:
                return str(scene.blocks[-1]["text"])
            self.messages.append({"role": "user", "content": [self._result(use) for use in uses]})
        raise AssertionError(f"no answer within {limit} steps to {prompt!r}")

    def answer(self, prompt: str, *notices: str) -> tuple[str, dict[str, Any]]:
        """The answer without its trailer, and the trailer."""
        return split(self.say(prompt, *notices))

    def named(self, tool: str) -> list[dict[str, Any]]:
        """Arguments of the calls of one tool."""
        return [arguments for name, arguments in self.calls if name == tool]

    def _checked(self, scene: Scene) -> list[dict[str, Any]]:
        uses = [block for block in scene.blocks if block["type"] == "tool_use"]
        assert scene.stop_reason == ("tool_use" if uses else "end_turn")
        assert all(block["text"].strip() for block in scene.blocks if block["type"] == "text")
        for use in uses:
            assert use["name"] in self.tools
            assert use["id"] not in self.ids
            self.ids.append(use["id"])
        return uses

    def _result(self, use: dict[str, Any]) -> dict[str, Any]:
        name = use["name"]
        arguments = {k: v for k, v in use["input"].items() if k not in ("confidence", "confidence_reason")}
        self.calls.append((name, use["input"]))
        block = {"type": "tool_result", "tool_use_id": use["id"]}
        if refusal := self.refuse(name, arguments):
            return block | {"content": refusal, "is_error": True}
        try:
            return block | {"content": self._run(name, arguments)}
        except (OSError, ValueError, UnicodeDecodeError) as fault:
            return block | {"content": f"{name}: {arguments.get('file_path', '')}: {fault}", "is_error": True}

    def _run(self, name: str, arguments: dict[str, Any]) -> str:
        match name:
            case "read":
                return self._read(**arguments)
            case "write":
                target = self.folder / arguments["file_path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(arguments["content"], encoding="utf-8")
                return f"wrote {len(arguments['content'])} bytes to {arguments['file_path']}"
            case "edit":
                return self._edit(**arguments)
            case "glob":
                return self._glob(**arguments)
            case "grep":
                return self._grep(**arguments)
            case "shell":
                ran = subprocess.run(
                    arguments["command"], shell=True, cwd=self.folder, capture_output=True, text=True, check=False
                )
                return f"{ran.stdout}{ran.stderr}\nexit code {ran.returncode}"
            case "set_status" if arguments["status"] not in ("in_progress", "blocked", "done"):
                raise AssertionError(arguments)
            case _:
                self.notes.append((name, arguments))
                return "noted"

    def _read(self, file_path: str, view_range: list[int] | None = None) -> str:
        text = (self.folder / file_path).read_text(encoding="utf-8")
        if not view_range:
            return text
        first, last = view_range
        return "\n".join(text.split("\n")[max(0, first - 1) : last])

    def _edit(self, file_path: str, old_string: str, new_string: str, replace_all: bool = False) -> str:
        target = self.folder / file_path
        text = target.read_text(encoding="utf-8")
        hits = text.count(old_string)
        if hits == 0 or (hits > 1 and not replace_all):
            raise ValueError(f"old_string appears {hits} times")
        target.write_text(text.replace(old_string, new_string), encoding="utf-8")
        return f"edited {file_path} ({hits} replacement(s))"

    def _glob(self, pattern: str, path: str = "") -> str:
        root = self.folder / path if path else self.folder
        if not root.exists():
            raise ValueError(f"{path} does not exist")
        found = sorted(root.glob(pattern), key=lambda p: p.stat().st_mtime, reverse=True)[:200]
        shown = [str(p if self.absolute else p.relative_to(self.folder)) for p in found]
        return "\n".join(shown) or "no matches"

    def _grep(self, pattern: str, path: str = "") -> str:
        search, found = re.compile(pattern), []
        root = self.folder / path if path else self.folder
        for file in [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file()):
            raw = file.read_bytes()
            if b"\x00" in raw[:512] or ".git" in file.parts:
                continue
            shown = file if self.absolute else file.relative_to(self.folder)
            lines = raw.decode(errors="replace").splitlines()
            found += [f"{shown}:{n}:{line}" for n, line in enumerate(lines, 1) if search.search(line)]
        return "\n".join(found) or "no matches"


def split(text: str) -> tuple[str, dict[str, Any]]:
    """An answer's text and its parsed trailer."""
    match = TRAILER.search(text)
    assert match, text[-300:]
    rated = json.loads(match[1])
    assert set(rated) == {"confidence", "confidence_reasoning", "alternative_interpretations"}
    assert 0 <= rated["confidence"] <= 1 and rated["confidence_reasoning"]
    return text[: match.start()], rated


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small Python project."""
    folder = tmp_path / "shop"
    files = {
        "README.md": "# Corner shop\n\n[![badge](x)](y)\n\nSells things on a corner. Prices are in "
        "cents.\n\n## Install\n\npip install shop\n",
        "pyproject.toml": '[project]\nname = "shop"\nversion = "0.3.1"\ndescription = "A tiny '
        'shop."\nrequires-python = ">=3.11"\n'
        'dependencies = ["click>=8"]\n\n[project.scripts]\nshop = '
        '"shop.cli:main"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
        "src/shop/__init__.py": '"""A shop with a till."""\n',
        "src/shop/cli.py": '"""The command line."""\n\nfrom shop.till import Till\n\n\ndef main() -> None:\n '
        '   """Open the shop."""\n'
        "    till = Till()\n    # TODO: greet the customer\n    print(till.total([100, 250]))\n",
        "src/shop/till.py": '"""Adds up prices."""\n\nRATE = 19\n\n\nclass Till:\n    """A till."""\n\n    '
        "def total(self, prices: list[int]) -> int:\n"
        '        """Sum of the prices."""\n        return sum(prices)\n',
        "tests/test_till.py": "def test_total() -> None:\n    assert sum([1, 2]) == 3\n",
        "build/out.txt": "old\n",
        "docs/guide.md": "# Guide\n\nHow to use the shop.\n\n## Opening\n\nTurn the key.\n\nTODO: closing\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def desk(shop: Path) -> Desk:
    """The desk on the Python project."""
    return Desk(shop)


@pytest.fixture
def desk_on() -> Callable[[Path], Desk]:
    """A desk on any folder."""
    return Desk
