"""A shell line is read once, off the event loop, and what was read goes with the call from question to journal."""

import asyncio
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import Bench, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.effects import MOST_JOURNALLED, ShellLine
from workbench.core.journal import from_document, to_document
from workbench.escalation import Roots, SearchBudget, analyse
from workbench.escalation.lexer import Word
from workbench.escalation.options import Program, Reading, read_options
from workbench.escalation.readers import FORMS
from workbench.handoff import collect_digest
from workbench.tools.shell import ShellTool


class Analyst:
    """Analyses for real, and remembers what and in which thread."""

    def __init__(self, workspace: Path) -> None:
        self.roots = Roots(workspace)
        self.lines: list[str] = []
        self.threads: set[int] = set()

    def __call__(self, line: str) -> ShellLine:
        self.lines.append(line)
        self.threads.add(threading.get_ident())
        return analyse(line, self.roots)


def shell(root: Path, *lines: str) -> tuple[Bench, Analyst]:
    """An engine whose model asks for these lines, one after another."""
    analyst = Analyst(root)
    steps = [*(calls(("shell", {"command": line})) for line in lines), says("done")]
    return bench(root, steps, hands=[ShellTool(root, analyst)]), analyst


async def test_a_line_is_analysed_once_for_question_answer_grant_and_run(tmp_path: Path) -> None:
    made, analyst = shell(tmp_path, "ls", "touch one && ls", "touch two")
    await made.engine.handle(c.SendPrompt("go"))
    asked = (await made.until(e.EscalationRaised)).request
    assert asked.proposal.line.asks.says == "creates one"
    await made.engine.handle(c.ResolveEscalation(asked.id, Verdict("session")))
    await made.until(e.TurnFinished)
    assert len(made.of(e.EscalationRaised)) == 1, "the grant covers the second one"
    assert (tmp_path / "two").exists()
    assert analyst.lines == ["ls", "touch one && ls", "touch two"]
    assert threading.get_ident() not in analyst.threads
    await made.engine.close()


async def test_what_a_person_edited_is_analysed_anew_once_and_told_as_it_ran(tmp_path: Path) -> None:
    made, analyst = shell(tmp_path, "touch old")
    await made.engine.handle(c.SendPrompt("go"))
    asked = (await made.until(e.EscalationRaised)).request
    edited = Verdict("edit", arguments={"command": "mkdir new"})
    await made.engine.handle(c.ResolveEscalation(asked.id, edited))
    await made.until(e.TurnFinished)
    assert analyst.lines == ["touch old", "mkdir new"]
    ran = made.of(e.ToolStarted)[0].proposal
    assert (ran.subject, ran.kind, ran.targets, ran.line.asks.says) == ("mkdir new", "run", ("new",), "creates new")
    session = made.engine.session
    assert session.conversation.proposals[ran.call_id] == ran
    assert [
        each.line for each in collect_digest(session.events, session.conversation, session.scratchpad).commands
    ] == ["mkdir new"]
    await made.engine.close()


async def test_the_loop_goes_on_while_a_line_is_analysed(tmp_path: Path) -> None:
    made, analyst = shell(tmp_path, "ls")
    analysing, go_on = threading.Event(), threading.Event()

    def held(line: str) -> ShellLine:
        analysing.set()
        assert go_on.wait(10)
        return analyst(line)

    made = bench(tmp_path, [calls(("shell", {"command": "ls"})), says("done")], hands=[ShellTool(tmp_path, held)])
    await made.engine.handle(c.SendPrompt("go"))
    await asyncio.to_thread(analysing.wait, 10)
    assert not made.of(e.ToolProposed), "this code runs on the loop that the analysis does not block"
    go_on.set()
    await made.until(e.TurnFinished)
    await made.engine.close()


@given(st.lists(st.sampled_from(["ls", "rm -r build", "make", "touch x", "cat /etc/hosts", "> y"]), max_size=60))
def test_the_journal_keeps_a_bounded_part_of_a_line_that_asks_the_same(commands: list[str]) -> None:
    whole = analyse("; ".join(commands), Roots(Path("/")))
    kept = whole.shorten()
    assert len(kept.segments) <= MOST_JOURNALLED
    assert (kept.asks, kept.reason, kept.certain_read) == (whole.asks, whole.reason, whole.certain_read)


async def test_the_line_comes_back_from_the_journal(tmp_path: Path) -> None:
    made, _ = shell(tmp_path, "cat README.md; " + "x" * 1000)
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.EscalationRaised)
    stamped = next(each for each in made.emitted if isinstance(each.event, e.ToolProposed))
    read_again = from_document(msgspec.json.decode(msgspec.json.encode(to_document(stamped))))
    assert read_again == stamped
    assert read_again.event.proposal.line.segments[0].words == ("cat", "README.md")  # type: ignore[union-attr]
    assert str(tmp_path) not in msgspec.json.encode(stamped.event.proposal.line).decode()  # type: ignore[union-attr]
    await made.engine.close()


def many(folder: Path, count: int) -> None:
    """So many innocent files."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.py").touch()


@pytest.mark.parametrize("line", ["grep -rn x src", "cat src/*.none", "ls src/*"])
def test_a_search_for_secrets_ends_with_its_budget_and_then_asks(line: str, tmp_path: Path) -> None:
    many(tmp_path / "src", 600)
    ticks = iter(range(100))
    for budget in (SearchBudget(entries=550), SearchBudget(seconds=0.5, monotonic=lambda: float(next(ticks)))):
        found = analyse(line, Roots(tmp_path), budget)
        assert not found.certain_read
        assert found.reason.startswith(("it reads more files than can be looked through", "it matches too many files"))
    assert analyse(line, Roots(tmp_path), SearchBudget(seconds=1e9)).certain_read


def test_a_new_reader_is_one_form_and_its_registration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_jq(rest: list[Word], base: Path) -> Reading | None:
        return read_options(Program("rce", "", "--raw-output", "pattern"), rest)

    roots = Roots(tmp_path)
    assert not analyse("jq -r .name package.json", roots).certain_read
    monkeypatch.setitem(FORMS, "jq", read_jq)
    assert analyse("jq -r .name package.json | sort", roots).certain_read
    for line in ("jq --slurpfile a f .name", "jq . .env", "jq . /etc/hosts", "jq . > x"):
        assert not analyse(line, roots).certain_read, line


@pytest.mark.parametrize("line", ["eval " * 500 + "rm x", "bash -c " * 300 + "rm"])
def test_lines_within_lines_are_followed_only_so_deep(line: str, tmp_path: Path) -> None:
    found = analyse(line, Roots(tmp_path))
    assert found.asks and found.asks.reversible is False
