"""The digest: what the journal says to preserve, and how much is left behind."""

from typing import Any

import pytest

from tests.make_tour import TOUR
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import CallKind, Proposal
from workbench.core.effects import Effect
from workbench.core.journal import unpack
from workbench.core.notes import Note, Scratchpad
from workbench.core.spend import Usage
from workbench.core.tools import FileChange
from workbench.core.window import Document, Epoch
from workbench.handoff import collect_digest, memory_text
from workbench.handoff.digest import (
    CommandRun,
    Digest,
    ErrorPattern,
    describe_outcome,
    find_error_line,
    find_preferences,
)


class Journal:
    """A session's stored events."""

    def __init__(self) -> None:
        self.events: list[e.Stamped] = []
        self.conversation = Conversation()

    def add(self, *happened: e.AnyEvent) -> "Journal":
        for event in happened:
            stamped = e.Stamped(len(self.events) + 1, 0.0, "s", "t", event)
            self.events.append(stamped)
            self.conversation.apply(stamped)
        return self

    def call(self, kind: CallKind, subject: str, text: str = "ok", error: bool = False, **more: Any) -> "Journal":
        call, tool = f"c{len(self.events)}", more.pop("tool", "a tool")
        effects = (Effect("read", (more.pop("target", subject),)),)
        self.add(e.ToolProposed(1, 1, Proposal(call, tool, {}, effects, kind=kind, subject=subject)))
        return self.add(e.ToolFinished(1, call, tool, text, 10, 0.1, error=error, **more))

    def digest(self, pad: Scratchpad | None = None) -> Digest:
        return collect_digest(self.events, self.conversation, pad or Scratchpad())


def ended(text: str = "Done.", reason: e.StopReason = "done") -> e.TurnFinished:
    return e.TurnFinished(1, reason, text, 1, 0.1, Usage(), None)


def test_an_empty_session_has_an_empty_digest() -> None:
    assert Journal().digest() == Digest()


def test_the_task_is_the_scratchpads_or_the_first_request() -> None:
    journal = Journal().add(e.TurnStarted(1, "Fix the ladder", 3), ended(), e.TurnStarted(2, "and test it", 3), ended())
    assert journal.digest().task == "Fix the ladder"
    assert journal.digest(Scratchpad(task="Retry ladder")).task == "Retry ladder"
    assert journal.digest().requests == ("Fix the ladder", "and test it")


def test_changes_of_a_file_are_told_as_one() -> None:
    journal = Journal()
    journal.call("edit", "", changes=(FileChange("a.py", "created", 10, 0, "diff", None),))
    journal.call("edit", "", changes=(FileChange("a.py", "modified", 4, 2, "diff", "x"),))
    journal.call("edit", "", changes=(FileChange("b.py", "modified", 1, 1),))
    journal.call("run", "", changes=(FileChange("c.py", "deleted", 0, 5),))
    assert journal.digest().files == (
        FileChange("a.py", "created", 14, 2),
        FileChange("b.py", "modified", 1, 1),
        FileChange("c.py", "deleted", 0, 5),
    )


def test_a_file_that_came_and_went_is_an_approach_given_up() -> None:
    journal = Journal().call("edit", "", changes=(FileChange("a.py", "created", 10),))
    journal.call("run", "", changes=(FileChange("a.py", "deleted", 0, 10),))
    assert journal.digest().files == ()
    assert journal.digest().left_behind == ("1 approach given up", "2 tool outputs")


def test_a_file_that_was_deleted_and_written_again_is_modified() -> None:
    journal = Journal().call("run", "", changes=(FileChange("a.py", "deleted", 0, 10),))
    journal.call("edit", "", changes=(FileChange("a.py", "created", 12),))
    assert [change.action for change in journal.digest().files] == ["modified"]


def test_a_command_is_told_with_its_last_outcome() -> None:
    journal = Journal()
    journal.call("run", "pytest -q", "E\n1 failed", exit_code=1)
    journal.call("run", "pytest -q", "..\n14 passed", exit_code=0, headline="14 passed")
    assert journal.digest().commands == (CommandRun("pytest -q", "14 passed", True, 2),)


@pytest.mark.parametrize(
    "edit", [{"proposal": Proposal("c", "sh", {"line": "ls x"}, subject="ls x")}, {"arguments": {"line": "ls x"}}]
)
def test_a_command_that_a_person_edited_is_told_as_it_ran(edit: dict[str, Any]) -> None:
    """Journals from before the edit had a proposal of its own tell its arguments alone."""
    journal = Journal().add(e.ToolProposed(1, 1, Proposal("c", "sh", {"line": "rm -rf x"}, subject="rm -rf x")))
    journal.add(e.ToolStarted(1, "c", **edit), e.ToolFinished(1, "c", "sh", "a", 1, 0.1))
    assert [command.line for command in journal.digest().commands] == ["ls x"]


def test_the_same_error_again_is_one_pattern() -> None:
    journal = Journal()
    for address in ("0x7f01", "0x7f02"):
        journal.call("run", "python x.py", f"Traceback\nValueError: at {address}", error=True, tool="shell")
    journal.add(e.ToolFailed(1, "c9", "edit", "fault", "no such text in a.py", 5))
    assert journal.digest().errors == (
        ErrorPattern("shell", "ValueError: at …", 2),
        ErrorPattern("edit", "no such text in a.py", 1),
    )


def test_a_rejected_call_is_given_up_and_no_error() -> None:
    journal = Journal().add(e.ToolFailed(1, "c", "shell", "rejected", "you said no", 5))
    journal.add(e.ToolFailed(1, "d", "shell", "unanswered", "nobody answered", 5))
    assert journal.digest().errors == ()
    assert journal.digest().left_behind == ("1 approach given up",)


def test_searches_that_led_nowhere_are_counted() -> None:
    journal = Journal().call("read", "x in src", "no matches", target="src")
    journal.call("read", "*.py", "", headline="0 files", target=".")
    journal.call("read", "x", "a.py:1: x", headline="1 hit", target=".").call(
        "read", "empty.txt", "", headline="0 lines"
    )
    assert journal.digest().left_behind == ("4 tool outputs", "2 searches that led nowhere")


def test_files_that_were_read_and_not_changed_were_examined() -> None:
    journal = Journal().call("read", "./a.py", target="a.py").call("read", "b.py").call("run", "cat c.py")
    journal.call("edit", "b.py", changes=(FileChange("b.py", "modified", 1, 1),))
    assert journal.digest(Scratchpad(files_examined=("docs/x.md",))).examined == ("docs/x.md", "a.py")


def test_a_turn_that_broke_off_is_an_open_item() -> None:
    journal = Journal().add(e.TurnStarted(1, "migrate it", 3), e.TurnFailed(1, "cut", "the stream broke"))
    pad = Scratchpad(open_questions=(Note("question", "May PATCH be retried?"),), status="done")
    assert journal.digest(pad).open_items == ("The last request was not finished: migrate it", "May PATCH be retried?")
    assert not journal.digest(pad).finished
    journal.add(e.TurnStarted(2, "again", 3), ended())
    assert journal.digest(Scratchpad(status="done")).finished


def test_the_document_that_the_session_started_from_is_carried_on() -> None:
    memory = (
        Document("handoff", "handoff", memory_text("## 1. TASK STATUS\nx"), 9),
        Document("A", "reference", "b", 1),
    )
    journal = Journal().add(e.EpochOpened(Epoch(1, "opus", "s", 1, (), memory)))
    assert journal.digest().inherited == "## 1. TASK STATUS\nx"


@pytest.mark.parametrize(
    "prompt",
    [
        "I prefer small commits.",
        "Always run the tests first.",
        "Never force-push!",
        "please don't touch the lock file",
        "Use uv instead of pip",
        "- keep the jitter below the cap",
        "From now on answer in English.",
    ],
)
def test_a_wish_about_how_to_work_is_a_preference(prompt: str) -> None:
    assert find_preferences([prompt]) == (prompt.strip("- "),)


@pytest.mark.parametrize(
    "prompt", ["Read src/x.py", "Why do you never ask?", "```\nalways()\n# never\n```", "", "> I prefer tea", "ok"]
)
def test_a_task_a_question_and_code_are_none(prompt: str) -> None:
    assert find_preferences([prompt]) == ()


def test_a_preference_said_twice_stands_once() -> None:
    assert find_preferences(["Never force-push.", "Fix it. never force-push."]) == ("Never force-push.",)


def test_outcomes_and_errors_are_short() -> None:
    assert describe_outcome("", "", 2) == "exit 2"
    assert describe_outcome("make: *** no rule\n", "", 2) == "exit 2: make: *** no rule"
    assert describe_outcome("x", "exit 2", 2) == "exit 2"
    assert find_error_line("") == "no message"
    assert len(find_error_line("error " * 100)) <= 120


def test_the_tour_is_digested_with_every_file_that_it_read_and_changed() -> None:
    events, conversation = unpack(TOUR.read_bytes()).events, Conversation()
    for stamped in events:
        conversation.apply(stamped)
    assert [
        proposal.file for proposal in conversation.proposals.values() if proposal.kind == "read" and proposal.file
    ] == [
        "README.md",
        "pyproject.toml",
        "src/acme/cli.py",
        "src/acme/__init__.py",
        "src/acme/retry.py",
        "docs/delivery.md",
        "src/acme/retry.py",
        "src/acme/retry.py",
    ]
    digest = collect_digest(events, conversation, Scratchpad())
    assert digest.files == (FileChange("src/acme/retry.py", "modified", 1, 1),)
    assert digest.examined == (
        "README.md",
        "pyproject.toml",
        "src/acme/cli.py",
        "src/acme/__init__.py",
        "docs/delivery.md",
    )
    assert digest.commands == (), "the one that was proposed was rejected"
