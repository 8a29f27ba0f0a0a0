"""The document: five sections from any hand, checked and filled, and how the next session starts from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.notes import Note, Scratchpad
from workbench.core.plans import HandoffSection
from workbench.core.tools import FileChange
from workbench.handoff import build_plan, build_prompt, export_name, memory_text, write_from_digest
from workbench.handoff.digest import CommandRun, Digest, ErrorPattern
from workbench.handoff.document import TITLES, document_in, parse_sections, write_sections

DIGEST = Digest(
    task="Make the webhook client retry safely",
    turns=7,
    requests=("Make the webhook client retry safely",),
    decisions=(Note("decision", "Full jitter", "the sandbox bursts"), Note("decision", "409 is never retried")),
    files=(FileChange("src/acme/retry.py", "modified", 11, 4), FileChange("tests/test_retry.py", "created", 52)),
    examined=("docs/adr/0007.md",),
    preferences=("I prefer small commits.",),
    open_items=("May PATCH be retried too?",),
    errors=(ErrorPattern("shell", "429 Too Many Requests", 3),),
    findings=("the sandbox sends no Retry-After",),
    commands=(CommandRun("pytest tests/test_retry.py -q", "14 passed"),),
    answer="A retried PUT now carries its key.",
    left_behind=("38 tool outputs",),
    pad=Scratchpad(task="Make the webhook client retry safely"),
)


def count(text: str) -> int:
    return len(text) // 4


def bodies(markdown: str) -> list[str]:
    return [section.body for section in parse_sections(markdown)]


def test_the_request_is_the_seeds() -> None:
    system, user = build_prompt(DIGEST, 7)
    assert system == "You are creating a handoff document for the next agent session. Be concise but complete."
    assert user.startswith("Conversation had 7 turns.\nScratchpad state:\n{")
    assert "1. TASK STATUS: What was the goal? Is it complete?\n2. DECISIONS MADE: List every" in user
    assert "Omit: intermediate reasoning, failed attempts, verbose outputs." in user
    assert "pytest tests/test_retry.py -q" in user
    assert "src/acme/retry.py" in user


@pytest.mark.parametrize(
    "markdown",
    [
        "## 1. TASK STATUS|a|## 2. DECISIONS MADE|b|## 3. FILES CHANGED|c|## 4. OPEN ITEMS|d|## 5. "
        "CONTEXT FOR NEXT SESSION|e",
        "1. TASK STATUS:|a|2. DECISIONS MADE:|b|3. FILES CHANGED:|c|4. OPEN ITEMS:|d|5. CONTEXT FOR NEXT SESSION:|e",
        "1. TASK STATUS: a|2. DECISIONS MADE: b|3. FILES CHANGED: c|4. OPEN ITEMS: d|5. CONTEXT FOR NEXT SESSION: e",
        "**1. TASK STATUS**|a|**2. DECISIONS MADE:**|b|**3. Files changed**|c|**OPEN ITEMS**|d|### 5) "
        "Context for next session|e",
        "# Task Status||a||# Decisions made|b|# Files Changed|c|# Open items|d|# Context  for next session|e|",
        "2. DECISIONS MADE|b|1. TASK STATUS|a|5. CONTEXT FOR NEXT SESSION|e|4. OPEN ITEMS|d|3. FILES CHANGED|c",
    ],
)
def test_headings_are_known_however_they_are_written(markdown: str) -> None:
    assert bodies(markdown.replace("|", "\n")) == ["a", "b", "c", "d", "e"]


def test_what_stands_before_the_first_heading_is_kept() -> None:
    assert bodies("Here it is.\n\n## 2. DECISIONS MADE\nb")[:2] == ["Here it is.", "b"]


def test_a_title_in_a_sentence_or_a_fence_is_no_heading() -> None:
    text = "## 1. TASK STATUS\nOpen items - none of them urgent\n```\n## 4. OPEN ITEMS\n```\nend"
    assert [bool(body) for body in bodies(text)] == [True, False, False, False, False]


def test_a_fence_that_is_never_closed_hides_no_section() -> None:
    assert bodies("## 1. TASK STATUS\n```\nx\n## 4. OPEN ITEMS\nd")[3] == "d"


def test_nothing_at_all_has_five_missing_sections() -> None:
    assert [section.state for section in parse_sections("")] == ["missing"] * 5
    assert [section.title for section in parse_sections("")] == [title.capitalize() for title in TITLES]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029`"), max_size=60)


@given(st.lists(WORDS, min_size=5, max_size=5))
def test_a_written_document_reads_back(texts: list[str]) -> None:
    sections = [HandoffSection(n, TITLES[n - 1], "- " + text.strip()) for n, text in enumerate(texts, 1)]
    again = parse_sections(write_sections(sections))
    assert [section.body for section in again] == [section.body.strip() for section in sections]
    assert write_sections(again) == write_sections(sections)


@given(st.text(max_size=500))
def test_any_text_becomes_a_document_with_exactly_five_headings(text: str) -> None:
    document = write_sections(parse_sections(text))
    assert write_sections(parse_sections(document)) == document or "```" in text
    made = build_plan("p", text, DIGEST, 100, count)
    assert [section.number for section in made.sections] == [1, 2, 3, 4, 5]


def test_without_a_model_the_document_names_everything() -> None:
    made = build_plan("p1", write_from_digest(DIGEST), DIGEST, 61_400, count)
    assert all(check.found == check.total for check in made.checked)
    assert [(check.kind, check.total) for check in made.checked] == [
        ("paths", 3),
        ("commands", 1),
        ("decisions", 2),
        ("preferences", 1),
    ]
    assert "because the sandbox bursts" in made.document
    assert "src/acme/retry.py  modified +11 -4" in made.document
    assert "- [ ] May PATCH be retried too?" in made.document
    assert (made.window, made.tokens) == (61_400, count(made.document))
    assert made.left_behind == ("38 tool outputs",)


LINE = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="`*"), min_size=1, max_size=30
)
FACT = LINE.map(lambda text: " ".join(text.split())).filter(bool)
FACTS = st.lists(FACT, max_size=5, unique=True).map(tuple)


@given(FACTS, FACTS, FACTS, FACTS, FACTS)
def test_the_document_without_a_model_passes_its_own_checks(
    decided: tuple[str, ...],
    changed: tuple[str, ...],
    read: tuple[str, ...],
    ran: tuple[str, ...],
    open: tuple[str, ...],
) -> None:
    digest = Digest(
        decisions=tuple(Note("decision", text, "for a reason") for text in decided),
        files=tuple(FileChange(path, "modified", 1, 1) for path in changed),
        examined=read,
        preferences=ran,
        commands=tuple(CommandRun(line, "ok") for line in ran),
        open_items=open,
    )
    made = build_plan("p", write_from_digest(digest), digest, 1, count)
    assert all(not check.missing for check in made.checked)
    assert write_sections(parse_sections(made.document)) == made.document
    assert build_plan("p", made.document, digest, 1, count).document == made.document


def test_the_remarks_say_how_each_section_stands() -> None:
    made = build_plan("p1", write_from_digest(DIGEST), DIGEST, 61_400, count)
    assert [(s.state, s.remark) for s in made.sections] == [
        ("partly", "not finished"),
        ("partly", "2, 1 without reasons"),
        ("done", "2, as in the journal"),
        ("done", "1"),
        ("done", "5 facts"),
    ]


def test_a_section_that_the_model_left_out_is_filled_from_the_journal() -> None:
    made = build_plan("p1", "## 1. TASK STATUS\nHalf done.", DIGEST, 1, count)
    assert made.sections[0].body == "Half done."
    assert "Full jitter" in made.sections[1].body
    assert "src/acme/retry.py" in made.sections[2].body


def test_what_the_model_forgot_is_named() -> None:
    text = write_sections([HandoffSection(n, TITLES[n - 1], "x") for n in range(1, 6)])
    made = build_plan("p1", text, DIGEST, 1, count)
    missing = {check.kind: check.missing for check in made.checked}
    assert missing["decisions"] == ("Full jitter", "409 is never retried")
    assert made.sections[1].remark == "2 of 2 missing"


def test_an_empty_session_still_has_a_document() -> None:
    made = build_plan("p1", write_from_digest(Digest()), Digest(), 0, count)
    assert made.checked == ()
    assert "No task was stated." in made.document
    assert [section.remark for section in made.sections] == ["not finished", "none recorded", "none", "none", ""]
    assert build_prompt(Digest(), 0)[1].startswith("Conversation had 0 turns.")


def test_a_document_is_handed_on_from_session_to_session() -> None:
    second = Digest(
        inherited=write_from_digest(DIGEST), decisions=(Note("decision", "PATCH too", "it is idempotent here"),)
    )
    document = write_from_digest(second)
    for fact in ("Full jitter", "PATCH too", "I prefer small commits.", "May PATCH be retried too?"):
        assert fact in document
    assert len(parse_sections(document)) == 5
    assert "The handoff that this session started from" in build_prompt(second, 1)[1]


def test_unicode_stays_as_it_is() -> None:
    digest = Digest(
        task="修正 é 🐙", decisions=(Note("decision", "使う", "はい"),), files=(FileChange("ü/ñ.py", "created"),)
    )
    made = build_plan("p", write_from_digest(digest), digest, 1, count)
    assert "修正 é 🐙" in made.document
    assert all(not check.missing for check in made.checked)


def test_the_next_session_starts_with_the_seeds_words() -> None:
    memory = memory_text("## 1. TASK STATUS\nx\n")
    assert memory.startswith(
        "You are continuing a task from a previous session. Here is the handoff document:\n\n## 1."
    )
    assert memory.endswith("Resume work from where the previous session left off.")
    assert document_in(memory) == "## 1. TASK STATUS\nx"


def test_an_export_has_a_plain_name() -> None:
    assert export_name("Retry-Ladder: été", 0.0) == "handoff-retry-ladder-ete-19700101-000000.md"
    assert export_name("../../etc", 0.0) == "handoff-etc-19700101-000000.md"
    assert export_name("漢字", 0.0) == "handoff-19700101-000000.md"
