"""The workbench's own requests, chosen by their purpose: summary, handoff, title, and one answer for all others."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeModels
from workbench.core.entries import Entry
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.core.notes import Note, Scratchpad
from workbench.core.requests import ModelRequest, Reply
from workbench.core.tools import FileChange
from workbench.handoff import build_prompt
from workbench.handoff.digest import CommandRun, Digest
from workbench.handoff.document import TITLES, parse_sections
from workbench.providers.anthropic import MessagesModel
from workbench.providers.rehearsal.agent import respond
from workbench.providers.rehearsal.transport import rehearsal_client
from workbench.strategies.summary import write_prompt

SAID = (
    ("user", Text("Make the till round to five cents. I prefer small commits.")),
    ("assistant", ToolUse("1", "edit", {"file_path": "src/till.py", "old_string": "a", "new_string": "b"})),
    ("user", ToolResult("1", "edited src/till.py: we decided nothing", False)),
    ("assistant", ToolUse("2", "record_decision", {"decision": "round half up", "reasoning": "the law says so"})),
    ("assistant", ToolUse("3", "shell", {"command": "pytest -q"})),
    ("assistant", ToolUse("4", "ask_question", {"question": "who prints receipts?"})),
    ("assistant", Text("I changed the till. The receipt was not done yet.\n\n<assessment>{}</assessment>")),
    ("assistant", ToolUse("5", "write", {"file_path": "long.txt", "content": "x" * 9000})),
    ("user", Text("And the receipts?")),
)
DIGEST = Digest(
    requests=("Round the till", "And the receipts?"),
    decisions=(Note("decision", "half up", reasoning="the law"),),
    files=(FileChange("src/till.py", "modified", 2, 1),),
    open_items=("who prints receipts?",),
    findings=("prices are in cents",),
    commands=(CommandRun("pytest -q", "3 passed"),),
    pad=Scratchpad(task='Round the "till"', status="done"),
)


def ask(purpose: str, prompt: str, tokens: int = 500) -> str:
    """The reply to a request of this purpose."""
    body = {"model": "m", "max_tokens": tokens, "messages": [{"role": "user", "content": prompt}]}
    scene = respond(body, purpose)
    assert respond(body, purpose) == scene
    return str(scene.blocks[0]["text"])


def ask_summary(said: Any = SAID, earlier: str = "", tokens: int = 500) -> dict[str, str]:
    """The sections of the summary of these messages."""
    entries = [Entry(f"e{n}", n, 1, 1, role, part, 10) for n, (role, part) in enumerate(said, 1)]
    text = ask("summary", write_prompt(entries, {}, earlier, "go on", tokens, 20_000), tokens)
    assert len(text) <= tokens * 3.2
    found = [section.partition("\n") for section in text.split("## ")[1:]]
    return {name: body for name, _, body in found}


def test_a_summary_has_its_sections_and_keeps_the_facts_where_they_belong() -> None:
    sections = ask_summary()
    assert list(sections) == ["Goal", "Decided", "Done", "Open"]
    assert "round to five cents" in sections["Goal"]
    assert "I prefer small commits." in sections["Decided"]
    assert "round half up because the law says so" in sections["Decided"]
    assert "we decided nothing" not in str(sections), "a tool's result is no decision"
    assert all(
        fact in sections["Done"] for fact in ("asked to edit `src/till.py`", "run `pytest -q`", "I changed the till.")
    )
    assert all(fact in sections["Open"] for fact in ("The receipt was not done yet.", "who prints receipts?"))
    assert "<assessment>" not in str(sections)


def test_a_long_history_fits_into_the_summary_s_room() -> None:
    more = [("user", Text(f"Look at src/module_{n}.py, we decided on plan {n}.")) for n in range(400)]
    assert "round to five cents" in ask_summary((*SAID, *more), tokens=300)["Goal"]


def test_a_summary_of_a_summary_keeps_its_entries() -> None:
    sections = ask_summary(earlier="## Goal\n- sell bread\n\n## Decided\n- cents only")
    assert "sell bread" in sections["Goal"]
    assert "cents only" in sections["Decided"]


def test_a_handoff_has_five_sections_from_the_scratchpad_and_the_journal() -> None:
    sections = parse_sections(ask("handoff", build_prompt(DIGEST, 4)[1], 2000))
    assert [section.title.upper() for section in sections] == list(TITLES)
    for section, facts in zip(
        sections,
        (
            ('Goal: Round the "till"', "Status: done", "Complete: no, 1 open item"),
            ("half up", "because the law"),
            ("src/till.py  modified +2 -1",),
            ("who prints receipts?",),
            ("prices are in cents", "`pytest -q`: 3 passed", "Last request: And the receipts?"),
        ),
        strict=True,
    ):
        assert all(fact in section.body for fact in facts), section


def test_a_handoff_of_nothing_says_so() -> None:
    sections = parse_sections(ask("handoff", build_prompt(Digest(), 0)[1], 2000))
    assert "no task was written down" in sections[0].body
    assert sections[1].body == "None."


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("What is in this project?", "project session"),
        ("Fix the retry-ladder in src/retry.py please", "fix retry ladder"),
    ],
)
def test_a_title_has_two_to_four_lower_case_words(prompt: str, title: str) -> None:
    text = ask("title", f"Write a title of two to four words for a session that begins so:\n\n{prompt}")
    assert 2 <= len(text.split()) <= 4
    assert text.startswith(title)


@pytest.mark.parametrize("purpose", ["judge", "quiz", "probe", "second-opinion", "one that nobody named"])
def test_any_other_purpose_is_answered_with_what_the_request_states(purpose: str) -> None:
    told = "The till rounds to 5 cents. Receipts are printed within 2 days. Bread is sold at the counter."
    assert ask(purpose, f"{told}\n\nWhere is bread sold?") == "Bread is sold at the counter."
    two = ask(purpose, f"{told}\n\nHow does the till round?\n\nWhen are receipts printed?")
    assert two == "The till rounds to 5 cents.\nReceipts are printed within 2 days."
    assert ask(purpose, "Who sells fish?") == "That is not stated."


async def test_the_purpose_travels_in_the_header_and_the_same_words_of_a_person_do_not_count(tmp_path: Path) -> None:
    model = MessagesModel(lambda: rehearsal_client(tmp_path, pace=0, count=len, now=lambda: 0.0), FakeModels())
    prompt = build_prompt(DIGEST, 4)[1]

    async def reply(purpose: str) -> str:
        messages = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
        asked = ModelRequest("rehearsal", 2000, [], messages, purpose=purpose)
        last = [delta async for delta in model.stream(asked)][-1]
        assert isinstance(last, Reply)
        return "".join(part.text for part in last.parts if isinstance(part, Text))

    assert (await reply("handoff")).startswith("## 1. TASK STATUS")
    assert "<assessment>" in await reply("turn")
