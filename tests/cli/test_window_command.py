"""`workbench window`: findings, steps and differences, for people and for scripts."""

import json
from pathlib import Path

import pytest

from tests.cli.shop import Shop
from tests.make_tour import TOUR

SEVEN = ["tools", "system", "memory", "summary", "history", "results", "current"]
FINDING = ["kind", "text", "ids", "tokens", "usd_a_turn", "remedy"]


@pytest.fixture
def toured(shop: Shop) -> str:
    """The sample session, which was compacted once."""
    return shop("sessions", "import", str(TOUR)).out.strip()


@pytest.fixture
def wasteful(shop: Shop) -> str:
    """A session that read a long file twice."""
    lines = "\n".join(f"value_{number} = compute({number * 7})" for number in range(900))
    (shop.project / "long.py").write_text(lines + "\n")
    read = {"calls": [{"tool": "read", "arguments": {"file_path": "long.py"}}]}
    script = [read, {"text": "read"}, read, {"text": "read again"}]
    id = shop("run", "read long.py", "--output-format", "json", script=script).json["session_id"]
    assert shop("run", "once more", "--resume", id, script=script[2:]).code == 0
    return id


def test_a_session_that_wastes_nothing_says_so(shop: Shop, told: str) -> None:
    assert shop("window", told, "--findings").out == "Nothing was found that wastes the window.\n"
    assert shop("window", told, "--findings", "--json").json == {"findings": []}


def test_findings_are_told_with_tokens_dollars_and_what_mends_them(shop: Shop, wasteful: str) -> None:
    [found] = [
        f for f in shop("window", wasteful, "--findings", "--json").json["findings"] if f["kind"] == "read twice"
    ]
    assert list(found) == FINDING
    blocks = {block["id"]: block for block in shop("window", wasteful, "--json").json["blocks"]}
    assert found["tokens"] == sum(blocks[id]["tokens"] for id in found["ids"]) > 5_000
    assert (found["remedy"], found["text"]) == ("drop", "read long.py (turn 1) was read again in turn 2.")
    assert found["usd_a_turn"] > 0
    text = shop("window", wasteful, "--findings").out
    assert "read twice  $" in text
    assert "a turn" in text
    assert "drop it in the window inspector." in " ".join(text.split()).replace("Drop", "drop")


def test_steps_are_a_line_for_each_request_and_add_up(shop: Shop, told: str) -> None:
    steps = shop("window", told, "--steps", "--json").json["steps"]
    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))
    assert {step["turn"] for step in steps} == {1, 2, 3}
    for step in steps:
        assert [section["name"] for section in step["sections"]] == SEVEN
        assert sum(section["tokens"] for section in step["sections"]) == step["total"]
        usage = step["usage"]
        prompt = usage["input_tokens"] + usage["cache_read_input_tokens"] + usage["cache_creation_input_tokens"]
        assert (step["total"], step["exact"]) == (prompt, True)
        assert step["usd"] > 0
        assert step["as_if"] is True
    lines = shop("window", told, "--steps").out.splitlines()
    rows = lines[1 : len(steps) + 1]
    assert [row.split()[0] for row in rows] == [f"{step['turn']}.{step['step']}" for step in steps]
    assert len({len(row) for row in lines[: len(steps) + 1]}) == 1, "aligned"


def test_the_steps_cost_what_the_session_does(shop: Shop, told: str) -> None:
    steps = shop("window", told, "--steps", "--json").json["steps"]
    events = [each["event"] for each in shop("sessions", "show", told, "--json").json["events"]]
    settled = sum(event.get("usd", 0) for event in events if event["type"] == "BudgetSettled")
    assert sum(step["usd"] for step in steps) == pytest.approx(settled)


@pytest.mark.parametrize(
    ("a", "b"), [("1.1", "3"), ("s1", "s4"), ("2", "1.1"), ("8", "9.1"), ("7.4", "10"), ("#3", "s30")]
)
def test_a_difference_adds_up_block_by_block_and_by_section(shop: Shop, toured: str, a: str, b: str) -> None:
    found = shop("window", toured, "--diff", a, b, "--json").json
    assert list(found) == ["a", "b", "change", "sums", "sections", "blocks"]
    sums = found["sums"]
    assert sums["came"] + sums["grew"] - sums["shrank"] - sums["went"] == found["change"]
    assert found["change"] == found["b"]["total"] - found["a"]["total"]
    assert [section["name"] for section in found["sections"]] == SEVEN
    assert sum(section["change"] for section in found["sections"]) == found["change"]
    steps = {step["number"]: step["total"] for step in shop("window", toured, "--steps", "--json").json["steps"]}
    assert found["a"]["total"] == steps[found["a"]["number"]]


def test_what_became_of_each_block_is_told(shop: Shop, toured: str) -> None:
    found = shop("window", toured, "--diff", "8", "9.1", "--json").json
    gone = {block["became"] for block in found["blocks"] if block["change"] == "went"}
    assert gone == {"summarised", "dropped"}
    text = shop("window", toured, "--diff", "8", "9.1").out
    assert text.startswith("8.3 → 9.1  9k → 5.1k tokens  -3,873\n")
    assert "\ncame  +" in text
    assert "\nwent  -" in text
    assert "summarised  read README.md" in text


@pytest.mark.parametrize("asked", [("--findings",), ("--steps",), ("--diff", "1", "9")])
def test_no_line_is_wider_than_80_columns_or_has_a_colour(shop: Shop, toured: str, asked: tuple[str, ...]) -> None:
    out = shop("window", toured, *asked).out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--diff", "99", "1"), "there is no request 99: there are 32, from 1.1 to 10.5."),
        (("--diff", "1.9", "1"), "there is no request 1.9"),
        (("--diff", "s33", "1"), "there is no request s33"),
        (("--diff", "0", "1"), "there is no request 0"),
        (("--diff", "first", "1"), "'first' names no request. Give TURN.STEP"),
        (("--diff", "1.", "1"), "'1.' names no request"),
        (("--diff", "1.1.1", "1"), "'1.1.1' names no request"),
        (("--diff", "-1", "1"), "'-1' names no request"),
        (("--diff", "", "1"), "'' names no request"),
        (("--diff", "١", "1"), "'١' names no request"),
        (("--diff", "9" * 40, "1"), "names no request"),
        (("--diff", "\x1b[31m", "1"), "names no request"),
        (("--diff", "1", "1"), "1 and 1 are the same request"),
        (("--diff", "1", "1.4"), "1 and 1.4 are the same request"),
        (("--diff", "s1", "1.1"), "s1 and 1.1 are the same request"),
        (("--diff", "1"), "requires 2 arguments"),
        (("--findings", "--steps"), "Give one of them."),
        (("--diff", "1", "2", "--findings"), "Give one of them."),
    ],
)
def test_what_names_nothing_is_a_usage_error_with_a_way_out(
    shop: Shop, toured: str, asked: tuple[str, ...], said: str
) -> None:
    ended = shop("window", toured, *asked)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert "\x1b" not in ended.err


def test_a_session_without_a_request_has_no_steps_and_no_difference(shop: Shop, told: str) -> None:
    path = shop.journals()[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:4]))
    assert shop("window", told, "--steps").out == "No request was sent in this session yet.\n"
    assert shop("window", told, "--steps", "--json").json == {"steps": []}
    ended = shop("window", told, "--diff", "1", "2")
    assert (ended.code, "none was sent in this session yet" in ended.err) == (2, True)


def test_a_request_that_was_cut_off_has_no_usage(shop: Shop, told: str) -> None:
    path = shop.journals()[0]
    kept = path.read_bytes().splitlines(keepends=True)
    sent = [place for place, line in enumerate(kept) if b'"RequestSent"' in line]
    path.write_bytes(b"".join(kept[: sent[-1] + 1]))
    last = shop("window", told, "--steps", "--json").json["steps"][-1]
    assert (last["usage"], last["usd"]) == (None, 0.0)
    assert shop("window", told, "--steps").out.splitlines()[len(sent)].count("–") == 3


def test_a_session_of_an_earlier_version_can_be_looked_through(shop: Shop, tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "journals" / "version-0.1-tour.json"
    id = shop("sessions", "import", str(old)).out.strip()
    steps = shop("window", id, "--steps", "--json").json["steps"]
    assert len(steps) == sum(
        1 for each in json.loads(old.read_text())["events"] if each["event"]["type"] == "RequestSent"
    )
    assert shop("window", id, "--findings", "--json").code == 0
    assert shop("window", id, "--diff", "s1", f"s{len(steps)}", "--json").code == 0
