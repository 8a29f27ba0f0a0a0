"""What a model answers is taken for a summary only where it is one; what the person asked for is heeded everywhere."""

import pytest

from tests.unit.strategies.talk import Answering, Silent, Talk
from workbench.core.messages import Text
from workbench.strategies.evidence import gather_evidence
from workbench.strategies.focus import Focus


def talk() -> Talk:
    made = Talk().ask("Make the webhook client retry.")
    made.call("read", "x" * 4_000, 1_000, file_path="src/acme/retry.py")
    made.say(Text("The API answers 409 in src/acme/api.py. The colour is blue."), tokens=400).end()
    return made.exchanges(12)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("", "is empty"),
        ("** **", "is empty"),
        ('{"goal": "retry", "done": []}', "is JSON"),
        ('```json\n["retry"]\n```', "is JSON"),
        ("Summarise the following conversation history. Preserve: key decisions", "repeats what was to be summarised"),
        ("[user]: a\n[assistant]: b\n[user]: c\n[assistant]: d", "repeats what was to be summarised"),
        ("Which part of the client shall I summarise?", "is a question"),
        ("I'm sorry, but I can't help with that.", "is no summary"),
        ("## Goal\n" + "word " * 4_000, "is longer than what it replaces"),
    ],
)
def test_what_is_no_summary_is_replaced_by_a_mechanical_one_and_said(answer: str, wrong: str) -> None:
    plan = talk().plan(model=Answering(answer))
    assert plan.notice == f"the summary {wrong}, so a mechanical one stands in its place"
    assert plan.summary.startswith("## Goal\nMake the webhook client retry.")
    assert all(checked.found == checked.total for checked in plan.checked if checked.kind == "paths")


@pytest.mark.parametrize(
    "answer",
    [
        "## Goal\nShould PUT be retried?",
        "The client retries now; the ladder lives in src/acme/retry.py.",
        "**Goal**: retry. Done: nothing. What is open: does PUT retry? "
        + "It was looked at from all sides. " * 20
        + "?",
        "# Goal\n{not json}",
    ],
)
def test_what_is_one_is_taken_as_it_is(answer: str) -> None:
    plan = talk().plan(model=Answering(answer))
    assert (plan.summary, plan.notice) == (answer, "")


def test_instructions_stand_in_the_request_and_keep_lines_in_a_mechanical_summary() -> None:
    made = talk()
    view, model = made.view(instructions="keep what the API answers"), Answering("## Goal\nx")
    made.plan(view=view, model=model)
    [(prompt, _, _)] = model.asked
    assert "The person asks of this summary, before all else:\nkeep what the API answers" in prompt
    summary = made.plan(view=view, model=Silent()).summary
    assert "## Asked to keep\n- The API answers 409 in src/acme/api.py. (turn 1)" in summary
    assert "- The colour is blue." not in summary


def test_instructions_put_what_they_name_first_in_the_evidence() -> None:
    made = talk()
    plain, focused = (
        {fact.text: fact.weight for fact in gather_evidence(made.conversation.entries, view).facts}
        for view in (made.view(), made.view(instructions="keep the paths of the api"))
    )
    assert focused["src/acme/api.py"] > plain["src/acme/api.py"]
    assert focused["src/acme/retry.py"] == plain["src/acme/retry.py"]


@pytest.mark.parametrize(
    ("asked", "kind", "text", "wanted"),
    [
        ("keep the API decisions", "decisions", "We keep the api small.", True),
        ("keep the API decisions", "decisions", "We keep the table small.", False),
        ("keep the API decisions", "paths", "src/api.py", False),
        ("keep all commands", "commands", "make lint", True),
        ("remember everything about retries", "numbers", "retry 30 s", True),
        ("", "paths", "src/api.py", False),
    ],
)
def test_a_kind_and_a_subject_are_asked_for_together(asked: str, kind: str, text: str, wanted: bool) -> None:
    assert Focus(asked).wants(kind, text) is wanted  # type: ignore[arg-type]
