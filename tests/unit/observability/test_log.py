"""The log is a file, never the terminal."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.observability import log_to


@pytest.fixture(autouse=True)
def _handlers_of_the_test_run() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before, level


def test_warnings_go_to_the_file_and_nowhere_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to(tmp_path / "sessions")
    logging.getLogger("workbench.somewhere").warning("a listener failed")
    logging.getLogger("workbench.somewhere").info("chatter")
    text = (tmp_path / "sessions" / "workbench.log").read_text(encoding="utf-8")
    assert "WARNING workbench.somewhere a listener failed" in text
    assert "chatter" not in text
    assert capsys.readouterr() == ("", "")


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("a file in the way")
    log_to(tmp_path / "sessions")
    logging.getLogger("workbench.somewhere").warning("nobody reads this")
