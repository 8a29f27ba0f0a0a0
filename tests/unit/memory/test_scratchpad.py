"""The scratchpad is a fold of notes with two renderings (seed §3)."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.notes import Note, Notepad, Scratchpad
from workbench.memory import as_markdown, digest


def folded(*notes: Note) -> Scratchpad:
    notepad = Notepad()
    for note in notes:
        notepad.add(note)
    return notepad.pad


NOTES = st.builds(
    Note,
    st.sampled_from(["task", "finding", "decision", "question", "file", "status"]),
    st.sampled_from(["a", "b", " a ", "", "two\nlines"]),
    st.sampled_from(["", "why"]),
    closed=st.booleans(),
)


def test_task_and_status_replace_while_the_others_append():
    pad = folded(
        Note("task", "fix the tests"),
        Note("task", "fix the build"),
        Note("status", "blocked"),
        Note("finding", "one"),
        Note("finding", "two"),
        Note("file", "a.py"),
    )
    assert (pad.task, pad.status, pad.files_examined) == ("fix the build", "blocked", ("a.py",))
    assert [finding.text for finding in pad.findings] == ["one", "two"]


def test_an_exact_duplicate_changes_nothing():
    once = (Note("decision", "use sqlite", "it is there"), Note("file", "a.py"), Note("question", "why?"))
    again = (
        Note("decision", "use sqlite", "it is there", at=9.0),
        Note("file", "a.py"),
        Note("question", "why?", turn=3),
    )
    assert folded(*once, *again) == folded(*once)


def test_a_decision_with_another_reason_is_another_decision():
    assert len(folded(Note("decision", "wait", "it rains"), Note("decision", "wait", "it snows")).decisions) == 2


def test_a_closed_question_removes_the_matching_one_only():
    why, closed = Note("question", "why?"), Note("question", "why?", closed=True)
    notes = (why, Note("question", "when?"), Note("question", "why?", "it matters"), closed)
    assert [question.text for question in folded(*notes).open_questions] == ["when?"]
    assert folded(*notes, Note("question", "who?", closed=True)) == folded(*notes)
    assert [question.text for question in folded(*notes, why).open_questions] == ["when?", "why?"]


def test_what_a_notepad_held_stays_as_it_was_read():
    notepad = Notepad()
    notepad.add(Note("finding", "one"))
    before = notepad.pad
    notepad.add(Note("finding", "two"))
    assert [note.text for note in before.findings] == ["one"]
    assert [note.text for note in notepad.pad.findings] == ["one", "two"]
    assert notepad.pad is notepad.pad


def test_a_blank_task_clears_it_and_a_blank_finding_is_ignored():
    assert folded(Note("task", "x"), Note("task", " "), Note("finding", "  "), Note("status", "")) == Scratchpad()


def test_the_digest_of_an_empty_pad_is_empty():
    assert digest(Scratchpad()) == ""


def test_the_digest_counts_everything_and_repeats_the_last_five_findings():
    pad = folded(
        Note("task", "audit"),
        *[Note("finding", f"finding {number}") for number in range(7)],
        Note("decision", "mask first", "it is cheap"),
        Note("question", "which ports?"),
        Note("file", "a.py"),
    )
    assert digest(pad).splitlines() == [
        "Scratchpad: 7 findings, 1 decision, 1 open question, 1 file examined.",
        "Task: audit",
        "Status: in_progress",
        "Latest findings (2 older ones in read_scratchpad):",
        *[f"- finding {number}" for number in range(2, 7)],
        "Decisions:",
        "- mask first (because: it is cheap)",
        "Open questions:",
        "- which ports?",
    ]


def test_markdown_has_every_field_in_full():
    text = as_markdown(folded(*[Note("finding", f"f{number}") for number in range(9)], Note("file", "a.py")))
    assert all(f"- f{number}" in text for number in range(9))
    assert "- `a.py`" in text
    assert "## Decisions\n\nNone." in text


@given(st.lists(NOTES, max_size=20))
def test_folding_the_same_notes_twice_keeps_the_lists_free_of_duplicates(notes):
    pad = folded(*notes, *notes)
    for entries in (pad.findings, pad.decisions, pad.open_questions):
        assert len({(note.text, note.reasoning) for note in entries}) == len(entries)
    assert len(set(pad.files_examined)) == len(pad.files_examined)


@given(st.lists(NOTES, max_size=20))
def test_no_entry_of_a_digest_takes_more_than_a_line(notes):
    pad = folded(*notes)
    listed = min(5, len(pad.findings)) + len(pad.decisions) + len(pad.open_questions)
    assert sum(line.startswith("- ") for line in digest(pad).splitlines()) == listed


def test_only_what_was_not_told_yet_is_news():
    notes = (Note("task", "audit"), Note("decision", "mask first"), Note("question", "which ports?"))
    told = folded(*notes)
    assert digest(told, told) == ""
    since = (Note("decision", "then summarise", "it is dear"), Note("question", "which ports?", closed=True))
    pad = folded(*notes, *since, Note("status", "blocked"))
    assert digest(pad, told).splitlines() == [
        "Scratchpad: 0 findings, 2 decisions, 0 open questions, 0 files examined.",
        "Status: blocked",
        "New decisions:",
        "- then summarise (because: it is dear)",
        "Closed questions:",
        "- which ports?",
    ]


@given(st.lists(NOTES, max_size=20), st.lists(NOTES, max_size=6))
def test_what_was_told_and_the_news_name_every_decision_and_question(before, since):
    told, pad = folded(*before), folded(*before, *since)
    said = f"{digest(told)}\n{digest(pad, told)}"
    assert all(" ".join(note.text.split()) in said for note in (*pad.decisions, *pad.open_questions))


def test_a_digest_is_bounded_whatever_the_pad_holds():
    pad = folded(*[Note(kind, f"{kind} {n} " + "x" * 5_000) for kind in ("decision", "question") for n in range(300)])
    assert len(digest(pad)) < 8_000
    assert "Latest decisions (288 older ones in read_scratchpad):" in digest(pad)
