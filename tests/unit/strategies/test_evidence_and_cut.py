"""Evidence, cuts and what is stale: the parts that a compaction is made of."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.strategies.talk import Talk, propose
from workbench.core.decisions import Proposal
from workbench.core.entries import Entry
from workbench.core.messages import AnyPart, Role, Text, ToolResult, ToolUse
from workbench.strategies.cut import complete_pairs, find_boundaries, find_cut
from workbench.strategies.evidence import KINDS, Evidence, gather_evidence, parse_index, split_index
from workbench.strategies.summarise import find_empty_searches, find_stale_reads
from workbench.strategies.summary import clip, write_prompt

NUMBERS = count()


def entry(part: AnyPart, turn: int = 1, step: int = 1, notice: bool = False) -> Entry:
    assistant = isinstance(part, ToolUse) or (isinstance(part, Text) and step > 0 and not notice)
    role: Role = "assistant" if assistant else "user"
    return Entry(f"e{next(NUMBERS)}", 1, turn, step, role, part, 10, notice=notice)


def said(text: str) -> list[Entry]:
    return [entry(Text(text), step=0)]


PROPOSALS: dict[str, Proposal] = {}
"""Of all calls that were made here."""


def called(name: str, result: str = "text", error: bool = False, **arguments: object) -> list[Entry]:
    id = f"c{next(NUMBERS)}"
    PROPOSALS[id] = propose(id, name, **arguments)
    return [entry(ToolUse(id, name, arguments)), entry(ToolResult(id, result, error))]


def gather(entries: list[Entry]) -> Evidence:
    return gather_evidence(entries, replace(Talk().view(), proposals=PROPOSALS))


def ids(entries: list[Entry]) -> set[str]:
    return {e.id for e in entries}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see src/acme/retry.py, and docs/adr/0007.md.", ["src/acme/retry.py", "docs/adr/0007.md"]),
        ("the pyproject.toml and ./Makefile.in/x", ["pyproject.toml", "Makefile.in/x"]),
        ("~/notes/a.txt and ../other/b.md and /etc/hosts", ["~/notes/a.txt", "../other/b.md", "/etc/hosts"]),
        ("https://example.org/a/b.html and 1/2 or and/or and 3.5", ["and/or"]),
        ("`tests/ü/ñ.py`", ["tests/ü/ñ.py"]),
        ("nothing here. e.g. this", []),
    ],
)
def test_paths_are_found_in_prose(text: str, found: list[str]) -> None:
    assert gather(said(text)).paths == tuple(found)


def test_paths_are_found_in_calls() -> None:
    entries = called("read", file_path="./src/x.py") + called("shell", command="pytest tests/test_x.py -q")
    assert gather(entries).paths == ("src/x.py", "tests/test_x.py")


def test_commands_are_word_for_word_and_once() -> None:
    line = "git commit -m 'a  b' &&\n  git push"
    assert gather(called("shell", command=line) + called("shell", command=line)).commands == (line,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stay inside 30 s, and retry at 0.5 s", ["30 s", "0.5 s"]),
        ("31 % of 200k", ["31 %", "200k"]),
        ("14 tests pass in src/v2/x3.py:41", ["14 tests"]),
        ("$0.42 a turn", []),
        ("1. first, 2. second", []),
    ],
)
def test_numbers_come_with_their_words(text: str, found: list[str]) -> None:
    assert gather(said(text)).numbers == tuple(found)


def test_of_a_command_only_the_last_lines_give_numbers() -> None:
    output = "line 1 of 900 lines\n" * 50 + "2 failed, 14 passed in 2.8s"
    assert gather(called("shell", output, command="pytest")).numbers[-3:] == ("2 failed", "14 passed", "2.8s")
    assert gather(called("read", "999 bottles", file_path="x.py")).numbers == ()


FACTS = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(str.strip)
                 .filter(bool), max_size=6, unique=True).map(tuple)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(KINDS, FACTS)))
def test_an_index_with_room_holds_everything_and_reads_back(found: dict[str, tuple[str, ...]]) -> None:
    evidence = Evidence(**{kind: tuple(" ".join(t.split()) for t in texts) for kind, texts in found.items()})
    summary = "## Goal\nx\n\n" + evidence.as_markdown(1_000_000)
    assert parse_index(summary) == evidence
    assert split_index(summary)[0] == "## Goal\nx"
    assert all(check.found == check.total for check in evidence.check(summary))
    assert Evidence().merge_index(summary) == evidence == evidence.merge_index(summary)


def test_a_request_of_several_lines_stays_word_for_word() -> None:
    text = "Do this:\n\n- one\n  - two\n## three"
    assert parse_index(Evidence(requests=(text,)).as_markdown(500)).requests == (text,)


@given(st.fixed_dictionaries(dict.fromkeys(KINDS, FACTS)), st.integers(0, 400))
def test_an_index_stays_in_its_room_and_counts_what_it_left_out(found: dict[str, tuple[str, ...]], room: int) -> None:
    evidence = Evidence(**found)
    text = evidence.as_markdown(room)
    assert len(text) / 4 <= max(room, 12)
    assert all(check.found + len(check.missing) == check.total for check in evidence.check(text))


def test_without_facts_there_is_no_index() -> None:
    assert gather_evidence([], Talk().view()).requests == ()
    assert Evidence().as_markdown(500) == ""
    assert parse_index("## Goal\nno index") == Evidence()
    assert Evidence().check("x") == ()


def test_a_long_request_does_not_push_out_the_short_ones() -> None:
    text = Evidence(requests=("keep it small", "x" * 9_000)).as_markdown(300)
    assert "keep it small" in text
    assert "xxx" not in text


def test_a_read_is_stale_once_the_file_was_read_again_or_changed() -> None:
    first, other = called("read", file_path="a.py"), called("read", file_path="b.py")
    assert find_stale_reads(first + other + called("read", file_path="./a.py"), PROPOSALS) == ids(first)
    assert find_stale_reads(first + other + called("edit", file_path="b.py"), PROPOSALS) == ids(other)


def test_a_read_of_a_part_or_a_failed_one_makes_no_other_stale() -> None:
    whole, part = called("read", file_path="a.py"), called("read", file_path="a.py", offset=5)
    assert find_stale_reads(whole + part, PROPOSALS) == set()
    assert find_stale_reads(part + whole, PROPOSALS) == ids(part)
    assert find_stale_reads(part + called("read", file_path="a.py", offset=5), PROPOSALS) == ids(part)
    assert find_stale_reads(whole + called("edit", error=True, file_path="a.py"), PROPOSALS) == set()


@pytest.mark.parametrize("text", ["", "  ", "no matches", "No files found.", "0 hits", "nothing found", "No such file"])
def test_a_search_without_a_hit_is_empty(text: str) -> None:
    search = called("grep", text, pattern="x")
    assert find_empty_searches(search + called("read", "", file_path="a.py"), PROPOSALS) == ids(search)


@pytest.mark.parametrize("text", ["a.py:1: no matches here", "none_of_it.py:3: x", "10 hits", "a.py"])
def test_a_search_with_a_hit_is_not(text: str) -> None:
    assert find_empty_searches(called("grep", text, pattern="x"), PROPOSALS) == set()


def test_calls_without_a_proposal_are_left_alone() -> None:
    entries = called("read", file_path="a.py") + called("edit", file_path="a.py") + called("grep", "", pattern="x")
    assert find_stale_reads(entries, {}) == find_empty_searches(entries, {}) == set()
    assert gather_evidence(called("shell", command="make"), Talk().view()).commands == ()


@st.composite
def talks(draw: st.DrawFn) -> list[Entry]:
    entries: list[Entry] = []
    for turn in range(1, draw(st.integers(1, 6)) + 1):
        entries += [entry(Text("prompt"), turn, 0)]
        for step in range(draw(st.integers(0, 4))):
            calls = [f"t{turn}.{step}.{n}" for n in range(draw(st.integers(1, 3)))]
            entries += [entry(Text("say"), turn, step + 1)] if draw(st.booleans()) else []
            entries += [entry(ToolUse(id, "read", {}), turn, step + 1) for id in calls]
            entries += [entry(ToolResult(id, "x"), turn, step + 1) for id in calls]
            entries += [entry(Text("noon"), turn, step + 1, notice=True)] if draw(st.booleans()) else []
        entries += [entry(Text("answer"), turn, 9)] if draw(st.booleans()) else []
    return entries


@given(talks(), st.integers(0, 20))
def test_a_cut_parts_no_pair_and_keeps_at_least_what_was_asked(entries: list[Entry], keep: int) -> None:
    at = find_cut(entries, keep)
    assert at in find_boundaries(entries)
    kept = ids(entries[at:])
    assert complete_pairs(kept, entries) == kept
    messages = [i for i, e in enumerate(entries) if i == 0 or e.role != entries[i - 1].role or e.step == 0]
    assert sum(i >= at for i in messages) >= min(keep, len(messages))


@given(st.text(max_size=200), st.integers(1, 100))
def test_a_clip_keeps_both_ends(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert short == text or (short.startswith(text[: limit * 2 // 3]) and "characters left out" in short)


def test_a_prompt_fits_however_long_the_history() -> None:
    entries = [entry(Text("word " * 400), turn) for turn in range(200)]
    text = write_prompt(entries, {e.id: 500 for e in entries}, "", "go on", 500, 4_000)
    assert len(text) / 4 < 8_000
    assert text.endswith("go on")
