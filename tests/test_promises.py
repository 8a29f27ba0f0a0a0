"""What a text on the screen promises exists: commands, options, and that something can be undone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import workbench
from tests.make_tour import TOUR
from tests.unit.tools.conftest import load
from workbench.cli.root import root
from workbench.core import events as e
from workbench.core.journal import unpack
from workbench.core.tools import propose
from workbench.escalation import Ask, EscalationPolicy, Gate, Grants

SOURCES = sorted(Path(workbench.__file__).parent.rglob("*.py"))
NAMED = re.compile(
    r"(?<!the )(?<!The )(?<!another )(?<!a )(?<!newer )(?<!this )\bworkbench (?!stopped\b)([a-z]+)(?: ([a-z]+))?"
)
"""`workbench run`, `workbench sessions list`; not the workbench as what it is."""
UNDOES = re.compile(r"\bundo gives|can be undone with|a copy is kept", re.I)


def texts(source: Path) -> Iterator[str]:
    """The string literals of a module that are not docstrings."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    told = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def commands(group: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command as the words that name it."""
    yield path
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from commands(command, *path, name)


def test_every_command_that_a_message_names_exists() -> None:
    known = set(commands(root))
    groups = {words[0] for words in known if len(words) > 1}
    for source in SOURCES:
        for text in texts(source):
            for match in NAMED.finditer(text):
                first, second = match.groups()
                words = (first, second) if first in groups and second else (first,)
                assert words in known, f"{source.name} names `workbench {' '.join(words)}` in {text!r}"


def test_no_text_promises_an_undo_of_files_while_there_is_none() -> None:
    if any("undo" in words for words in commands(root)):
        pytest.skip("files can be given back")
    for source in SOURCES:
        assert not [text for text in texts(source) if UNDOES.search(text)], source
    asked = [s.event.request for s in unpack(TOUR.read_bytes()).events if isinstance(s.event, e.EscalationRaised)]
    for request in asked:
        changes = request.proposal is not None and request.proposal.kind in ("edit", "run")
        assert not (changes and request.reversible) and not UNDOES.search(request.consequence), request.message


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        (
            "write",
            {"file_path": "f.txt", "content": "new"},
            "the agent has not read this file; 2 lines of it are replaced",
        ),
        (
            "edit",
            {"file_path": "f.txt", "old_string": "one", "new_string": "1"},
            "the session keeps the version before",
        ),
        ("write", {"file_path": "new.txt", "content": "new"}, ""),
    ],
)
def test_the_question_about_a_change_says_what_is_true_of_it(
    tool: str, arguments: dict[str, object], says: str, tmp_path: Path
) -> None:
    (tmp_path / "f.txt").write_text("one\ntwo\n")
    proposal = propose(load(tmp_path)[tool], "c", arguments)
    decision = Gate(EscalationPolicy()).decide(proposal, None, 1, 15, "", Grants(tmp_path), frozenset())
    assert isinstance(decision, Ask) and decision.reversible is None
    assert decision.consequence.startswith(says) and bool(decision.consequence) == bool(says)
