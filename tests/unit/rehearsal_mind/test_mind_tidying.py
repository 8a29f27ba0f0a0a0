"""Tidying up what nobody named: names that look left over are offered, and nothing is touched."""

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    "prompt",
    ["clean up the old stuff", "Get rid of the junk", "delete the old files", "tidy up", "please remove unused things"],
)
def test_what_is_not_named_is_asked_about(desk_on: Any, tmp_path: Path, prompt: str) -> None:
    for name in ("old_reports/a.txt", "old_reports/b.txt", "src/cart.py", "notes.bak", "src/bold.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    desk = desk_on(tmp_path)
    text, rated = desk.answer(prompt)
    assert desk.named("shell") == []
    assert "`old_reports`, a folder of 2 files" in text
    assert "`notes.bak`" in text
    assert "bold" not in text
    assert rated["confidence"] < 0.6
    assert rated["alternative_interpretations"][:2] == ["Delete old_reports", "Delete notes.bak"]


def test_where_nothing_looks_left_over_that_is_said(desk_on: Any, tmp_path: Path) -> None:
    (tmp_path / "cart.py").write_text("x")
    text, rated = desk_on(tmp_path).answer("clean up the old stuff")
    assert "I changed nothing" in text
    assert "cart.py" in text
    assert rated["confidence"] < 0.6


def test_a_named_folder_is_still_deleted(desk: Any, shop: Path) -> None:
    desk.answer("clean up build")
    assert desk.named("shell")[0]["command"] == "rm -r -- build"
