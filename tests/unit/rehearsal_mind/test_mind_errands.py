"""The workbench's own requests: summary, key points, handoff, title, judge."""

import json
from typing import Any

import pytest

from workbench.providers.rehearsal.mind import respond

HISTORY = (
    "Summarise the following conversation history. Preserve: key decisions, file paths mentioned, user "
    "preferences stated, and any "
    "unresolved questions.\nAnswer in Markdown with exactly these sections: ## Goal, ## Decided, ## "
    "Done, ## Open. At most 500 tokens.\n\n"
    "[user]: Make the till round to five cents. I prefer small commits.\n"
    '[assistant]: calls edit {"file_path":"src/shop/till.py","old_string":"a","new_string":"b"}\n'
    "[user]: result of edit: edited src/shop/till.py\n"
    '[assistant]: calls record_decision {"decision":"round half up","reasoning":"the law says so"}\n'
    "[user]: result of record_decision: kept\n"
    "[assistant]: I changed `src/shop/till.py` and ran `pytest -q`. The receipt was not done yet.\n"
    "[user]: And the receipts?\n\nThe conversation goes on from this request, which stays as it is:\nAnd the receipts?"
)


def asked(prompt: str, system: str = "", tokens: int = 500) -> str:
    """The reply to a request without tools."""
    blocks = [{"type": "text", "text": system}] if system else []
    body: dict[str, Any] = {
        "model": "m",
        "max_tokens": tokens,
        "system": blocks,
        "messages": [{"role": "user", "content": prompt}],
    }
    return str(respond(body).blocks[0]["text"])


def test_a_summary_has_its_sections_and_keeps_the_facts() -> None:
    text = asked(HISTORY)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Goal",
        "## Decided",
        "## Done",
        "## Open",
    ]
    for fact in (
        "round to five cents",
        "I prefer small commits",
        "round half up",
        "the law says so",
        "src/shop/till.py",
        "pytest -q",
    ):
        assert fact in text
    assert "not done yet" in text.split("## Open")[1]
    assert "<assessment>" not in text


def test_a_summary_fits_into_its_room() -> None:
    long = HISTORY + "".join(f"\n[user]: Look at src/module_{n}.py, we decided on plan {n}." for n in range(400))
    assert len(asked(long, tokens=300)) <= 300 * 3.2


def test_a_summary_of_a_summary_keeps_its_entries() -> None:
    nested = HISTORY.replace(
        "[user]: Make",
        "[user]: [CONVERSATION SUMMARY]\n## Goal\n- sell bread\n\n## Decided\n- cents only\n[user]: Make",
    )
    text = asked(nested)
    assert "sell bread" in text.split("## Decided")[0]
    assert "cents only" in text.split("## Decided")[1]


def test_a_handoff_is_built_from_the_scratchpad_and_the_journal() -> None:
    state = {
        "task": "Round the till",
        "decisions": [{"text": "half up", "reasoning": "the law"}],
        "findings": [{"text": "prices are in cents"}],
        "open_questions": [{"text": "who prints receipts?"}],
        "files_examined": ["README.md"],
        "status": "in_progress",
    }
    prompt = (
        f"Conversation had 4 turns.\nScratchpad state:\n{json.dumps(state, indent=2)}\n\nWhat the journal says:\n"
        "Requests:\n- Round the till\n\nFiles:\n- src/shop/till.py  modified +2 -1\n\nCommands:\n- `pytest "
        "-q`: 3 passed\n\n"
        "Create a handoff document with these sections:\n1. TASK STATUS: …"
    )
    text = asked(prompt, "You are creating a handoff document for the next agent session.", 2000)
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    titles = ("TASK STATUS", "DECISIONS MADE", "FILES CHANGED", "OPEN ITEMS", "CONTEXT FOR NEXT SESSION")
    assert heads == [f"## {n}. {title}" for n, title in enumerate(titles, 1)]
    for fact in (
        "Round the till",
        "half up",
        "the law",
        "src/shop/till.py  modified +2 -1",
        "who prints receipts?",
        "`pytest -q`",
    ):
        assert fact in text
    assert "README.md" in text.split("## 5.")[1]


@pytest.mark.parametrize(
    ("prompt", "title"),
    [("What is in this project?", "project overview"), ("Fix the retry ladder in src/retry.py please", "fix")],
)
def test_a_title_has_two_to_four_lower_case_words(prompt: str, title: str) -> None:
    text = asked(f"Write a title of two to four words for a session that begins with this prompt:\n\n{prompt}")
    assert 2 <= len(text.split()) <= 4
    assert text == text.lower()
    assert "-" not in text
    assert title in text


def test_a_judgement_has_the_seed_s_form() -> None:
    prompt = (
        "Score the following agent response on a 1-5 scale for each criterion. Return JSON.\nUser query: "
        "where is Till defined?\n"
        "Agent response: `Till` is defined in `src/shop/till.py:6`.\nCriteria:\n- relevance: …"
    )
    scores = json.loads(asked(prompt))
    assert set(scores) == {"relevance", "accuracy", "completeness", "conciseness", "safety", "overall", "explanation"}
    assert all(1 <= value <= 5 for name, value in scores.items() if name != "explanation")
    assert scores["relevance"] >= 4


def test_key_points_are_quoted() -> None:
    text = asked(
        "Summarise the key points from these texts:\n\nThe till rounds to 5 cents in till.py.\n---\nReceipts "
        "must be printed within 2 days."
    )
    assert "The till rounds to 5 cents in till.py." in text
    assert "Receipts must be printed within 2 days." in text


def test_a_person_who_uses_the_same_words_is_answered_as_a_person(desk: Any) -> None:
    text, rated = desk.answer("Write a title for README.md")
    assert rated["confidence"] < 0.7
    assert text
