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
from workbench.core.notes import Scratchpad
from workbench.strategies.cut import complete_pairs, find_boundaries, find_cut
from workbench.strategies.earlier import split_index
from workbench.strategies.evidence import Evidence, gather_evidence
from workbench.strategies.index import write_index
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
    view = replace(Talk().view(), proposals=PROPOSALS, entries=tuple(entries), scratchpad=Scratchpad())
    return gather_evidence(entries, view)


def ids(entries: list[Entry]) -> set[str]:
    return {e.id for e in entries}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see src/acme/retry.py, and docs/adr/0007.md.", ["src/acme/retry.py", "docs/adr/0007.md"]),
        ("the pyproject.toml and ./Makefile.in/x", ["pyproject.toml", "Makefile.in/x"]),
        ("~/notes/a.txt and ../other/b.md and /etc/hosts", ["~/notes/a.txt", "../other/b.md", "/etc/hosts"]),
        ("https://example.org/a/b.html and 1/2 or and/or and 3.5", []),
        (
            r"C:\Users\ada\app.cs, src\core\io.rs and \\srv\share\x.txt",
            [r"C:\Users\ada\app.cs", r"src\core\io.rs", r"\\srv\share\x.txt"],
        ),
        ("in `src/acme` and docs/ but not he/she", ["src/acme"]),
        ("`tests/ü/ñ.py`", ["tests/ü/ñ.py"]),
        ("nothing here. e.g. this", []),
    ],
)
def test_paths_are_found_in_prose(text: str, found: list[str]) -> None:
    assert gather(said(text)).of("paths") == tuple(found)


def test_paths_are_found_in_calls() -> None:
    entries = called("read", file_path="./src/x.py") + called("shell", command="pytest tests/test_x.py -q")
    assert gather(entries).of("paths") == ("src/x.py", "tests/test_x.py")


def test_commands_are_word_for_word_and_once() -> None:
    line = "git commit -m 'a  b' &&\n  git push"
    assert gather(called("shell", command=line) + called("shell", command=line)).of("commands") == (line,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stay inside 30 s, and retry at 0.5 s", ["30 s", "0.5 s"]),
        ("31 % of 200k", ["31 %", "200k"]),
        ("14 tests pass in src/v2/x3.py:41", ["14 tests"]),
        ("$0.42 a turn, €3.50 a day", ["$0.42", "€3.50"]),
        ("p95 was 412 ms at 17.5 requests/s, 250µs idle, 1.5 MiB", ["412 ms", "17.5 requests/s", "250µs", "1.5 MiB"]),
        ("port 8042, timeout=30, 5-10 s, latency: 84 ms.", ["port 8042", "timeout=30", "5-10 s", "latency: 84 ms"]),
        ("-12 dB, 4 vCPU, 12 €, HTTP 503, 1.2e6 ops/sec", ["-12 dB", "4 vCPU", "12 €", "HTTP 503", "1.2e6 ops/sec"]),
        ("step 3 of 4 took 5 The", []),
        ("1. first, 2. second", []),
    ],
)
def test_numbers_come_with_their_words(text: str, found: list[str]) -> None:
    assert gather(said(text)).of("numbers") == tuple(found)


def test_of_a_command_only_the_last_lines_give_numbers() -> None:
    output = "line 1 of 900 lines\n" * 50 + "2 failed, 14 passed in 2.8s"
    assert gather(called("shell", output, command="pytest")).of("numbers")[-3:] == ("2 failed", "14 passed", "2.8s")
    assert gather(called("read", "999 bottles", file_path="x.py")).of("numbers") == ()


@pytest.mark.parametrize(
    ("result", "error", "outcome"),
    [
        ("14 passed\nexit code: 0", False, "0"),
        ("Exit code 2\nno rule", True, "2"),
        ("x\nProcess exited with code 137", True, "137"),
        ("killed", True, "failed"),
        ("fine", False, ""),
    ],
)
def test_a_command_comes_with_its_exit_code(result: str, error: bool, outcome: str) -> None:
    [fact] = [
        f for f in gather(called("shell", result, error, command="make lint | tee x")).facts if f.kind == "commands"
    ]
    assert fact.outcome == outcome


def test_commands_in_prose_are_told_from_code() -> None:
    text = "Run `make lint | tee log`, which exited with 2; `return x` and `const a = 1` stay.\n"
    text += "```sh\n$ cargo test --all\n```"
    found = [(fact.text, fact.outcome) for fact in gather(said(text)).facts if fact.kind == "commands"]
    assert found == [("cargo test --all", ""), ("make lint | tee log", "2")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Let's go with full jitter.", "decisions"),
        ("OK, Postgres it is.", "decisions"),
        ("We're using pnpm, not npm.", "decisions"),
        ("Use tabs.", "preferences"),
        ("I prefer small commits.", "preferences"),
        ("The rename did not work, so it is reverted.", "abandoned"),
        ("See https://example.org/a?b=1.", "urls"),
        ("ValueError: 409 is never retried", "errors"),
        ("It came in with 3fa94c1 for OPS-12.", "identifiers"),
    ],
)
def test_other_kinds_are_found_too(text: str, kind: str) -> None:
    assert any(fact.kind == kind for fact in gather(said(text)).facts)


TEXTS = st.lists(st.sampled_from([
    "The fault is in src/a1.py.", "It takes 12 ms.", "It takes 112 ms.", "We decided to keep a1.", "Which one?",
    "Run `make a | b` now.", "See https://a.org/1.", "I moved C:\\a\\b1.cs away.", "Nothing of note, only words.",
]), min_size=1, max_size=12)  # fmt: skip


@given(TEXTS, st.integers(0, 400))
def test_an_index_stays_in_its_room_and_what_it_shows_is_word_for_word(texts: list[str], room: int) -> None:
    entries = [each for text in texts for each in said(text)]
    evidence = gather(entries)
    index = write_index(evidence, evidence.facts, room, len)
    assert len(index) <= room
    assert split_index(f"## Goal\nx\n\n{index}".strip())[0] == "## Goal\nx"
    for checked in evidence.check(index):
        assert checked.found + len(checked.missing) == checked.total
    whole = write_index(evidence, evidence.facts, 100_000, len)
    assert all(checked.found == checked.total for checked in evidence.check(whole))


@pytest.mark.parametrize(
    "piece", ["a.", "a/", "1.", "ab_", "a\\", "`a b ", "```\n", " ", "A=1 ", "a@", "we are ", "\n"]
)
def test_no_text_takes_longer_to_read_than_its_length_deserves(piece: str) -> None:
    assert len(gather(said(piece * 50_000)).facts) <= 3


def test_a_fact_does_not_stand_in_one_that_only_looks_like_it() -> None:
    evidence = gather(said("It takes 12 ms in a1.py."))
    assert [c.found for c in evidence.check("It takes 112 ms in src/a1.py, 12 msgs in a1.pyc.")] == [0, 0, 0]
    assert [c.found for c in evidence.check("(12 ms) a1.py: It takes 12 ms in a1.py.")] == [1, 1, 1]


def test_what_was_said_again_since_goes_first() -> None:
    one, two = "src/one_with_so_long_a_name_that_not_both_fit.py", "src/two_with_so_long_a_name_that_not_both_fit.py"
    evidence = gather([*said(f"Look at {one}."), *said(f"Look at {two}."), *said(f"Yes, {one} it is.")])
    paths = [fact for fact in evidence.facts if fact.kind == "paths"]
    indexes = (write_index(evidence, paths, room, len) for room in range(300))
    index = next(index for index in indexes if "src/" in index)
    assert one in index
    assert two not in index


def test_what_the_person_dropped_is_not_carried() -> None:
    entries = said("Look at src/one.py.")
    view = replace(Talk().view(), proposals=PROPOSALS, marks={entries[0].id: "drop"})
    assert gather_evidence(entries, view).facts == gather_evidence([], Talk().view()).facts


def test_without_facts_there_is_no_index() -> None:
    assert write_index(Evidence(), (), 500, len) == ""
    assert Evidence().check("x") == ()


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
    assert gather_evidence(called("shell", command="make"), Talk().view()).of("commands") == ()


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
