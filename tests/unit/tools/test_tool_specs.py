"""What each tool says of itself, since nobody else knows it by name."""

from pathlib import Path
from typing import Any

import pytest

from workbench.core.tools import ToolContext, ToolSpec, propose
from workbench.escalation import Roots, analyse
from workbench.tools.toolset import load_tools


def test_each_tool_says_what_it_does_and_whether_it_may_be_repeated(tools: dict[str, ToolSpec]) -> None:
    assert [(tool.name, tool.kind, tool.verb, tool.idempotent) for tool in tools.values()] == [
        ("read", "read", "read", True),
        ("write", "edit", "write", True),
        ("edit", "edit", "edit", False),
        ("glob", "read", "list", True),
        ("grep", "read", "search", True),
        ("shell", "run", "run", False),
        ("add_finding", "note", "note", False),
        ("record_decision", "note", "note", False),
        ("ask_question", "note", "note", False),
        ("close_question", "note", "note", False),
        ("set_task", "note", "note", True),
        ("set_status", "note", "note", True),
        ("read_scratchpad", "note", "note", True),
        ("recall", "read", "recall", True),
    ]
    assert tools["edit"].schema["required"] == ["file_path", "new_string", "old_string"]
    for tool in tools.values():
        assert len(tool.description) > 40 and tool.schema["type"] == "object"
        assert all("description" in field for field in tool.schema["properties"].values())


@pytest.mark.parametrize(
    ("tool", "arguments", "subject", "file"),
    [
        ("read", {"file_path": "./src/../README.md"}, "README.md", "README.md"),
        ("edit", {"file_path": "src/app.py"}, "src/app.py", "src/app.py"),
        ("grep", {"pattern": "main", "path": "src/app.py"}, "main in src/app.py", ""),
        ("glob", {"pattern": "*"}, "*", ""),
        ("shell", {"command": " ls "}, "ls", ""),
        ("add_finding", {"text": "it is red"}, "it is red", ""),
        ("read", {}, "", ""),
        ("read_scratchpad", {}, "", ""),
    ],
)
def test_a_call_is_about_something(
    tool: str, arguments: dict[str, Any], subject: str, file: str, workspace: Path
) -> None:
    roots = Roots(workspace)
    loaded = load_tools(workspace, classify=roots.effect, analyse=lambda line: analyse(line, roots))
    proposal = propose(next(each for each in loaded if each.name == tool), "c", arguments)
    assert (proposal.subject, proposal.file) == (subject, file)


async def test_file_tools_work_in_an_added_folder(workspace: Path, tmp_path: Path, context: ToolContext) -> None:
    (added := tmp_path / "added").mkdir()
    (added / "lib.py").write_text("def lib():\n")
    (added / ".env").write_text("KEY=lib\n")
    roots = Roots(workspace, (added,))
    loaded = load_tools(workspace, classify=roots.effect, analyse=lambda line: analyse(line, roots), added=(added,))
    tools = {tool.name: tool for tool in loaded}
    lib = str(added / "lib.py")
    assert (await tools["read"].run({"file_path": lib}, context)).text == "def lib():\n"
    output = await tools["edit"].run({"file_path": lib, "old_string": "lib()", "new_string": "lib(x)"}, context)
    assert output.changes[0].path == lib and (added / "lib.py").read_text() == "def lib(x):\n"
    assert (await tools["glob"].run({"pattern": "*.py", "path": str(added)}, context)).text == lib
    found = (await tools["grep"].run({"pattern": "lib|KEY", "path": str(added)}, context)).text
    assert found.startswith(f"{lib}:1:def lib(x):") and "KEY" not in found
