"""The architecture holds: statically by the import contracts, at run time by what is really imported."""

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "workbench").rglob("*.py"))
SYSTEMS = ("context", "strategies", "memory", "handoff", "escalation", "reliability", "confidence", "caching", "cost")
HEAVY = ("anthropic", "tiktoken", "genai_prices", "pydantic", "httpx2")
MOST_LINES = 300


def loaded_by(module: str) -> set[str]:
    """The top-level packages that importing `module` brings into a fresh process."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_import_contracts_are_kept() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert " 0 broken" in done.stdout, done.stdout[-3_000:] + done.stderr[-1_000:]


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("workbench", exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while leaves := {module for module, imported in imports.items() if not imported & imports.keys()}:
        imports = {module: imported for module, imported in imports.items() if module not in leaves}
    assert not imports


@pytest.mark.parametrize("module", ["workbench.bootstrap", "workbench.bootstrap.build", "workbench.cli"])
def test_choosing_and_building_import_nothing_slow_and_no_terminal(module: str) -> None:
    assert not loaded_by(module) & {*HEAVY, "textual", "rich", "pyperclip"}


def test_choosing_imports_no_store() -> None:
    assert "tinydb" not in loaded_by("workbench.bootstrap")


def test_the_user_interface_imports_neither_the_sdk_nor_an_adapter() -> None:
    assert not loaded_by("workbench.ui.app") & {*HEAVY, "tinydb"}


@pytest.mark.parametrize("words", ["--help", "run --help", "sessions list"])
def test_commands_for_scripts_import_neither_the_terminal_nor_the_sdk(tmp_path: Path, words: str) -> None:
    code = (
        "import atexit, sys; from workbench.cli import main\n"
        "atexit.register(lambda: print('MODULES', *{name.partition('.')[0] for name in sys.modules}))\n"
        "main()"
    )
    env = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "WORKBENCH_SESSIONS": str(tmp_path / "sessions")}
    command = [sys.executable, "-c", code, *words.split()]
    done = subprocess.run(command, cwd=ROOT, env=env, input="", capture_output=True, text=True, check=True)
    assert not set(done.stdout.rpartition("MODULES")[2].split()) & {*HEAVY, "textual", "rich", "pyperclip"}


def test_every_command_that_a_message_names_exists() -> None:
    from workbench.cli.root import root

    named = re.compile(r"`workbench ((?:[a-z]+ ?)+)")
    for path in SOURCES:
        for words in named.findall(path.read_text(encoding="utf-8")):
            command: click.Command | None = root
            for word in words.split():
                if isinstance(command, click.Group):
                    command = command.get_command(click.Context(command), word)
                    assert command, f"{path.name}: `workbench {words}`"


def test_the_screens_state_imports_no_terminal() -> None:
    assert not loaded_by("workbench.ui.reduce") & {*HEAVY, "textual", "rich"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_introduces_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or path.name == "__main__.py"


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_begins_with_its_table_of_contents(name: str) -> None:
    system = importlib.import_module(f"workbench.{name}")
    assert "seed §" in (system.__doc__ or "")
    assert system.__all__
    assert all(hasattr(system, each) for each in system.__all__)


@pytest.mark.parametrize("name", ["ui", "providers", "tools", "store"])
def test_a_package_of_adapters_pulls_nothing_along(name: str) -> None:
    tree = ast.parse((ROOT / "workbench" / name / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1
