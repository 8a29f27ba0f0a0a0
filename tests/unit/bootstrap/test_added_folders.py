"""`--add-dir` widens where file tools may go while nobody watches, and nothing else does."""

import json
from pathlib import Path

from workbench.bootstrap import Choice, choose
from workbench.bootstrap.build import build
from workbench.core import commands as c
from workbench.core import events as e


async def test_with_all_approved_files_are_written_in_workspace_and_added_folders_alone(tmp_path: Path) -> None:
    workspace, added, beside = (tmp_path / name for name in ("workspace", "added", "beside"))
    for folder in (workspace, added, beside):
        folder.mkdir()
    targets = [folder / "new.txt" for folder in (workspace, added, beside)]
    calls = [{"tool": "write", "arguments": {"file_path": str(path), "content": "x"}} for path in targets]
    (tmp_path / "script.json").write_text(json.dumps([{"calls": calls}, {"text": "done"}]))
    env = {
        "WORKBENCH_REHEARSAL": str(tmp_path / "script.json"),
        "WORKBENCH_SESSIONS": str(tmp_path / "sessions"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    engine = build(choose(Choice(workspace, approve="all", add_dirs=(added,)), env))
    told: list[e.Stamped] = []
    engine.subscribe(told.append)
    await engine.handle(c.SendPrompt("go"))
    await engine.idle()
    await engine.close()
    assert [path.exists() for path in targets] == [True, True, False]
    assert [each.event.cause for each in told if isinstance(each.event, e.ToolFailed)] == ["unanswered"]
    changes = [change for each in told if isinstance(each.event, e.ToolFinished) for change in each.event.changes]
    assert [change.path for change in changes] == ["new.txt", str(added / "new.txt")]
    (head,) = (each.event.epoch for each in told if isinstance(each.event, e.EpochOpened))
    assert f"File tools may also use {added}." in head.system
