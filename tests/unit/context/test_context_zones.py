"""Zones: who stands where, and how strongly it is heard."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.context import find_zones
from workbench.context.blocks import shorten, write_label
from workbench.core.messages import Opaque, Text, ToolResult, ToolUse
from workbench.core.window import ZONES, Block, SectionName


def block(section: SectionName, role: str, turn: int) -> Block:
    return Block(f"{section}{turn}{role}", section, role, 10, True, turn, turn)


HEAD = [block("tools", "system", 0), block("system", "system", 0), block("memory", "system", 0)]


def turns(count: int) -> list[Block]:
    return [block("history", role, turn) for turn in range(1, count + 1) for role in ("user", "assistant")]


def test_what_stands_before_the_conversation_has_primacy() -> None:
    assert find_zones(HEAD) == ["primacy"] * 3


def test_a_young_conversation_is_all_recent() -> None:
    assert set(find_zones(turns(3))) == {"recent"}


def test_the_last_three_turns_are_recent_and_the_first_messages_early() -> None:
    assert find_zones(HEAD + turns(7)) == ["primacy"] * 3 + ["early"] * 4 + ["middle"] * 4 + ["recent"] * 6


def test_a_summary_is_the_first_message() -> None:
    summary = block("summary", "user", 0)
    assert find_zones([summary, *turns(1)]) == ["early", "recent", "recent"]


def test_a_long_turn_is_recent_only_at_its_end() -> None:
    steps = [block("results", role, 1) for _ in range(20) for role in ("user", "assistant")]
    assert find_zones(steps) == ["early"] * 4 + ["middle"] * 24 + ["recent"] * 12


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.integers(1, 9)), max_size=60))
def test_zones_never_run_backwards(shape: list[tuple[str, int]]) -> None:
    blocks = [block("history", role, turn) for (role, _), turn in zip(shape, sorted(t for _, t in shape), strict=True)]
    places = [ZONES.index(zone) for zone in find_zones(HEAD + blocks)]
    assert places == sorted(places)


def test_labels_name_the_tool_and_its_target_or_the_first_words() -> None:
    assert write_label(ToolUse("c", "read", {"limit": 3, "path": "src/x.py"}), {}) == "read src/x.py"
    assert write_label(ToolUse("c", "plan", {}), {}) == "plan"
    assert write_label(ToolResult("c", "x"), {"c": "read src/x.py"}) == "read src/x.py"
    assert write_label(ToolResult("c", "x"), {}) == "result"
    assert write_label(Text("Give a retried PUT\na key.\n\nAnd more."), {}) == "Give a retried PUT a key."
    assert write_label(Opaque({"type": "server_tool_use"}), {}) == "server_tool_use"


@given(st.text())
def test_shortened_words_are_one_short_line(text: str) -> None:
    found = shorten(text)
    assert len(found) <= 48
    assert "\n" not in found
    assert bool(found) == bool(text.strip())
