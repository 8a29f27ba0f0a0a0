"""A workspace with real files, and the real tools over it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from workbench.core.effects import Effect, EffectKind, ShellLine
from workbench.core.notes import Scratchpad
from workbench.core.tools import ToolContext, ToolOutput, ToolRun, ToolSpec
from workbench.tools.toolset import load_tools


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "src/app.py").write_text("def main():\n    return 1\n\n\ndef other():\n    return 1\n")
    (root / "README.md").write_text("# Title\n\nText about main.\n")
    (root / ".env").write_text("KEY=main\n")
    return root


def load(root: Path, max_output: int = 100_000) -> dict[str, ToolSpec]:
    """The tools by name, over stand-ins for what bootstrap injects: outside by place, secret by name, lines unread."""

    def classify(kind: EffectKind, path: str) -> Effect:
        real = (root / path).resolve()
        outside = not real.is_relative_to(root.resolve())
        return Effect(kind, (str(real),), outside=outside, secret=real.name == ".env")

    loaded = load_tools(root, classify=classify, analyse=lambda line: ShellLine(), max_output=max_output)
    return {tool.name: replace(tool, run=_keeping_versions(tool.run)) for tool in loaded}


def _keeping_versions(run: ToolRun) -> ToolRun:
    """What the engine does: the next call knows what this one read."""

    async def kept(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        output = await run(arguments, context)
        cast("dict[str, str]", context.versions).update(output.versions)
        return output

    return kept


@pytest.fixture
def tools(workspace: Path) -> dict[str, ToolSpec]:
    return load(workspace, 20_000)


@pytest.fixture
def load_again(workspace: Path) -> Callable[[], dict[str, ToolSpec]]:
    """Loads the tools as they are after what the test changed round them."""
    return lambda: load(workspace)


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def context(heard: list[str]) -> ToolContext:
    return ToolContext("call_1", Scratchpad(), heard.append)


@pytest.fixture
def context_with() -> Callable[[Scratchpad], ToolContext]:
    return lambda pad: ToolContext("call_1", pad, lambda text: None)
