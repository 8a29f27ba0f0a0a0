"""A workspace with real files, and the real tools over it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.core.decisions import Effect
from workbench.core.notes import Scratchpad
from workbench.core.tools import ToolContext, ToolSpec
from workbench.tools.toolset import load_tools


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "src/app.py").write_text("def main():\n    return 1\n\n\ndef other():\n    return 1\n")
    (root / "README.md").write_text("# Title\n\nText about main.\n")
    (root / ".env").write_text("KEY=main\n")
    return root


def classified(name: str, arguments: dict[str, object], root: Path) -> tuple[Effect, ...]:
    """Stands in for the classification that bootstrap injects: outside by place, secret by name."""
    path = arguments.get("file_path") or arguments.get("path")
    if not isinstance(path, str):
        return (Effect("unknown"),)
    real = (root / path).resolve()
    outside = not real.is_relative_to(root.resolve())
    return (Effect("read", (str(real),), outside=outside, secret=real.name == ".env"),)


@pytest.fixture
def tools(workspace: Path) -> dict[str, ToolSpec]:
    loaded = load_tools(workspace, lambda name, arguments: classified(name, arguments, workspace), max_output=20_000)
    return {tool.name: tool for tool in loaded}


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def context(heard: list[str]) -> ToolContext:
    return ToolContext("call_1", Scratchpad(), heard.append)


@pytest.fixture
def context_with() -> Callable[[Scratchpad], ToolContext]:
    return lambda pad: ToolContext("call_1", pad, lambda text: None)
