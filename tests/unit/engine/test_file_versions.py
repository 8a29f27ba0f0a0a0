"""What the model has read of the files is in the journal: it holds after a restart, and only in its own session."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.fakes import Bench, bench, calls, says
from tests.unit.tools.conftest import load
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.tools import ToolSpec

READ = calls(("read", {"file_path": "f.txt"}))
EDIT = calls(("edit", {"file_path": "f.txt", "old_string": "one", "new_string": "two"}))
WRITE = calls(("write", {"file_path": "f.txt", "content": "all new\n"}))


@dataclass
class Real:
    """A real tool in the place of a hand."""

    tool: ToolSpec

    def spec(self) -> ToolSpec:
        return self.tool


def at_work(root: Path, steps: list[Any], answer: Callable[[EscalationRequest], Verdict | None] | None = None) -> Bench:
    """An engine over the real file tools; everything that asks is allowed."""
    hands: list[Any] = [Real(tool) for tool in load(root).values()]
    return bench(root, steps, hands=hands, unattended=answer or (lambda request: Verdict("once")))


async def test_a_file_that_changed_between_two_processes_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "f.txt"
    file.write_text("one\n")
    first = at_work(tmp_path, [READ, says("read it")])
    await first.ask("read it")
    await first.engine.close()
    file.write_text("one and mine\n")
    again = at_work(tmp_path, [EDIT, WRITE, says("done")])
    await again.engine.handle(c.OpenSession(first.engine.session_id))
    await again.ask("change it")
    assert ["changed on disk since you last read it" in failed.text for failed in again.of(e.ToolFailed)] == [
        True,
        True,
    ]
    assert file.read_text() == "one and mine\n"
    await again.engine.close()


async def test_what_was_read_in_another_process_needs_no_second_reading(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("one\n")
    first = at_work(tmp_path, [READ, says("read it")])
    await first.ask("read it")
    await first.engine.close()
    again = at_work(tmp_path, [WRITE, says("done")])
    await again.engine.handle(c.OpenSession(first.engine.session_id))
    await again.ask("change it")
    (asked,) = again.of(e.EscalationRaised)
    assert "has not read" not in asked.request.consequence
    assert (tmp_path / "f.txt").read_text() == "all new\n"
    await again.engine.close()


async def test_a_file_that_changes_while_the_question_waits_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "f.txt"
    file.write_text("one\n")

    def answer(request: EscalationRequest) -> Verdict:
        file.write_text("one, by hand\n")
        return Verdict("once")

    made = at_work(tmp_path, [READ, EDIT, says("done")], answer)
    await made.ask("change it")
    (failed,) = made.of(e.ToolFailed)
    assert "f.txt changed" in failed.text and file.read_text() == "one, by hand\n"
    await made.engine.close()


async def test_an_edit_that_the_person_rewrote_is_made_to_the_file_that_they_saw(tmp_path: Path) -> None:
    file = tmp_path / "f.txt"
    file.write_text("one\n")

    def answer(request: EscalationRequest) -> Verdict:
        file.write_text("one, by hand\n")
        assert request.proposal
        return Verdict("edit", arguments=request.proposal.arguments | {"new_string": "three"})

    made = at_work(tmp_path, [EDIT, says("done")], answer)
    await made.ask("change it")
    (failed,) = made.of(e.ToolFailed)
    assert "changed while the approval was open" in failed.text and file.read_text() == "one, by hand\n"
    await made.engine.close()


async def test_a_question_about_a_file_that_was_never_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("one\ntwo\n")
    made = at_work(tmp_path, [WRITE, says("done")])
    await made.ask("change it")
    (asked,) = made.of(e.EscalationRaised)
    assert asked.request.consequence.startswith("the agent has not read this file; 2 lines of it are replaced")
    await made.engine.close()


async def test_a_journal_from_before_versions_were_kept_still_edits(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("one\n")
    first = at_work(tmp_path, [READ, says("read it")])
    await first.ask("read it")
    old = tuple(
        msgspec.structs.replace(s, event=msgspec.structs.replace(s.event, versions={}))
        if isinstance(s.event, e.ToolFinished)
        else s
        for s in first.engine.session.events
    )
    await first.engine.close()
    id = await first.engine.adopt(old)
    again = at_work(tmp_path, [EDIT, says("done")])
    await again.engine.handle(c.OpenSession(id))
    await again.ask("change it")
    assert (tmp_path / "f.txt").read_text() == "two\n"
    await again.engine.close()


@pytest.mark.parametrize(
    ("name", "arguments", "says_why"),
    [
        ("edit", {"file_path": "f.txt", "old_string": "", "new_string": "x"}, "old_string is empty"),
        ("edit", {"file_path": "f.txt", "old_string": "absent", "new_string": "x"}, "not found"),
        ("edit", {"file_path": "f.txt", "old_string": "one", "new_string": "one"}, "are the same"),
        ("edit", {"file_path": "none.txt", "old_string": "one", "new_string": "x"}, "does not exist"),
        ("write", {"file_path": "folder", "content": "x"}, "is a folder"),
    ],
)
async def test_a_change_that_cannot_be_made_is_answered_and_nobody_is_asked(
    tmp_path: Path, name: str, arguments: dict[str, Any], says_why: str
) -> None:
    (tmp_path / "f.txt").write_text("one\n")
    (tmp_path / "folder").mkdir()
    made = at_work(tmp_path, [calls((name, arguments)), says("done")])
    await made.ask("change it")
    (failed,) = made.of(e.ToolFailed)
    assert says_why in failed.text and not made.of(e.EscalationRaised)
    await made.engine.close()


async def test_whether_a_passage_stands_in_a_file_of_secrets_is_not_told_unasked(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=one\n")
    probe = {"file_path": ".env", "old_string": "KEY=two", "new_string": "x"}
    made = at_work(tmp_path, [calls(("edit", probe)), says("done")], lambda request: Verdict("reject"))
    await made.ask("change it")
    (failed,) = made.of(e.ToolFailed)
    assert len(made.of(e.EscalationRaised)) == 1 and "not found" not in failed.text
    await made.engine.close()


async def test_an_edit_of_what_a_call_before_it_in_the_step_wrote_is_asked_about(tmp_path: Path) -> None:
    written = {"file_path": "new.txt", "content": "one\n"}
    edited = {"file_path": "new.txt", "old_string": "one", "new_string": "two"}
    made = at_work(tmp_path, [calls(("write", written), ("edit", edited)), says("done")])
    await made.ask("write it")
    assert (tmp_path / "new.txt").read_text() == "two\n" and not made.of(e.ToolFailed)
    await made.engine.close()
