"""Bars, charts and lines are exactly as wide as asked, whatever they show."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.spend import BudgetName, Spend
from workbench.core.window import SECTIONS, ZONES, Block, Section, SectionName, Window, Zone
from workbench.ui.draw.bar import (
    apportion,
    assign_columns,
    draw_bar,
    draw_confidence,
    draw_fullness,
    draw_fullness_words,
    draw_meter,
    draw_thresholds,
    merge_runs,
    write_amounts,
)
from workbench.ui.draw.window_block import assign_zones, draw_cache_lane, draw_chart, draw_zone_names, weigh_place

WIDTHS = st.integers(1, 200)
RUNS = st.lists(st.tuples(st.sampled_from(SECTIONS), st.integers(0, 90_000)), max_size=300)


def zone_of(place: float) -> Zone:
    return ZONES[0 if place < 0.1 else 1 if place < 0.3 else 2 if place < 0.8 else 3]


def window_of(runs: list[tuple[SectionName, int]], size: int = 200_000, cached: float = 0.8) -> Window:
    """A window whose blocks are `runs`, in order."""
    total = sum(tokens for _, tokens in runs)
    blocks, at = [], 0
    for number, (name, tokens) in enumerate(runs):
        zone = zone_of((at + tokens / 2) / total) if total else "primacy"
        blocks.append(Block(f"e{number}", name, "user", tokens, True, 1, number, zone=zone))
        at += tokens
    sections = tuple(Section(name, sum(t for n, t in runs if n == name)) for name in SECTIONS)
    free = size - 32_000 - total
    return Window(
        size, 32_000, int(size * 0.7), total, free, False, sections, tuple(blocks), int(total * cached), 1_000.0
    )


WINDOWS = st.builds(window_of, RUNS, st.sampled_from([50_000, 200_000, 1_000_000]), st.floats(0, 1))


@given(RUNS, WIDTHS, st.booleans())
def test_a_section_bar_is_exactly_as_wide_as_asked(
    runs: list[tuple[SectionName, int]], width: int, patterns: bool
) -> None:
    assert draw_bar(runs, width, patterns=patterns).cell_length == width


@given(WINDOWS, WIDTHS, st.integers(1, 4), st.booleans())
def test_every_row_of_a_window_is_exactly_as_wide_as_asked(
    window: Window, width: int, height: int, patterns: bool
) -> None:
    rows = [
        *draw_chart(window, width, height, patterns=patterns),
        draw_cache_lane(window, width, now=0.0, patterns=patterns),
        draw_zone_names(window, width),
        draw_fullness(window, width),
    ]
    assert {row.cell_length for row in rows} == {width}
    assert len(rows) == height + 3
    assert draw_fullness_words(window, width).cell_length == width


@given(st.floats(0, 3), WIDTHS)
def test_a_meter_is_exactly_as_wide_as_asked(share: float, width: int) -> None:
    assert draw_meter(share, width, (0.75, 0.9)).cell_length == width


@given(st.none() | st.floats(0, 1), WIDTHS)
def test_a_confidence_line_is_exactly_as_wide_as_asked(value: float | None, width: int) -> None:
    assert draw_confidence(value, width, 0.6, 0.85, "review").cell_length == width
    assert draw_thresholds(width, 0.6, 0.85).cell_length == width


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=60), st.integers(0, 140))
def test_every_run_gets_a_cell_and_all_cells_are_given(amounts: list[int], more: int) -> None:
    cells = apportion(amounts, len(amounts) + more)
    assert min(cells) >= 1
    assert sum(cells) == len(amounts) + more


@given(RUNS, WIDTHS)
def test_cells_keep_the_order_in_which_the_window_is_sent(runs: list[tuple[SectionName, int]], width: int) -> None:
    """Where there is room for all runs, merging the cells gives the runs back."""
    whole = merge_runs(runs)
    if whole and len(whole) <= width:
        cells = assign_columns(runs, width)
        assert [name for name, _ in merge_runs((name, 1) for name in cells)] == [name for name, _ in whole]


def test_the_largest_remainder_gets_the_cell_that_is_left() -> None:
    assert apportion([50, 30, 20], 10) == [5, 3, 2]
    assert apportion([97, 1, 1, 1], 10) == [7, 1, 1, 1]


def test_where_runs_are_finer_than_cells_the_largest_share_gives_the_colour() -> None:
    runs: list[tuple[SectionName, int]] = [("history", 10), ("results", 90), ("history", 80), ("current", 20)]
    assert assign_columns(runs, 2) == ["results", "history"]


def test_a_word_stands_in_a_run_that_has_a_cell_to_spare_on_each_side() -> None:
    assert draw_bar([("history", 1)], 9).plain == " history "
    assert draw_bar([("history", 1)], 8).plain == "   H    "
    assert draw_bar([("system", 1), ("tools", 1)], 2).plain == "ST"


def test_patterns_take_the_place_of_colour() -> None:
    bar = draw_bar([("results", 1), ("history", 1)], 10, patterns=True)
    assert bar.plain == "╱╱R╱╱══H══"
    assert not any("section" in str(span.style) for span in bar.spans)


@pytest.mark.parametrize(
    ("zone", "start", "end"), [("primacy", 1.0, 1.0), ("early", 0.8, 0.45), ("middle", 0.4, 0.4), ("recent", 0.6, 1.0)]
)
def test_the_prior_of_each_zone_is_the_one_of_the_design(zone: Zone, start: float, end: float) -> None:
    assert weigh_place(zone, 0) == pytest.approx(start)
    assert weigh_place(zone, 1) == pytest.approx(end)


def test_the_middle_of_the_middle_is_heard_least() -> None:
    assert weigh_place("middle", 0.5) == pytest.approx(0.1)


def test_the_attention_chart_is_high_at_both_ends_and_low_between() -> None:
    window = window_of([("system", 4_000), ("history", 30_000), ("results", 20_000), ("current", 6_000)])
    top = draw_chart(window, 40, 3)[0].plain
    assert top[0] == "█"
    assert top[-1] == "█"
    assert top[20] == " "


def test_zones_follow_each_other_on_the_columns_of_the_chart() -> None:
    zones = assign_zones(window_of([("system", 1_000)] * 40), 40)
    assert [zone for place, zone in enumerate(zones) if place == 0 or zones[place - 1] != zone] == list(ZONES)


def test_all_zone_names_fit_under_a_wide_chart_and_the_outer_two_under_a_narrow_one() -> None:
    window = window_of([("system", 1_000)] * 40)
    assert draw_zone_names(window, 40).plain.split() == ["primacy", "early", "middle", "recent"]
    assert draw_zone_names(window, 15).plain.split() == ["primacy", "recent"]


def test_the_cache_lane_never_claims_more_than_is_cached() -> None:
    nearly = window_of([("history", 10_000)], cached=0.999)
    styles = [str(span.style) for span in draw_cache_lane(nearly, 20, now=0.0).spans]
    assert styles == ["$success", "$section-free"]
    assert draw_cache_lane(nearly, 20, now=2_000.0, patterns=True).plain == "╌" * 20, "it is cold by then"


def test_the_lane_warns_in_the_last_minute() -> None:
    window = window_of([("history", 10_000)], cached=1.0)
    assert [str(span.style) for span in draw_cache_lane(window, 8, now=950.0).spans] == ["$warning"]


def test_the_fullness_line_shows_use_trigger_and_reply_room() -> None:
    line = draw_fullness(window_of([("history", 61_400)]), 40).plain
    assert line.count("━") == 12
    assert line[28] == "╋"
    assert line.endswith("╌" * 6)


def test_a_full_window_is_said_in_the_colour_of_an_error() -> None:
    styles = {str(span.style) for span in draw_fullness(window_of([("history", 170_000)]), 40).spans}
    assert "$error" in styles


def test_one_percent_of_a_million_still_shows() -> None:
    assert draw_fullness(window_of([("history", 100)], 1_000_000), 40).plain.count("━") == 1


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("session_usd", ("$0.42", "$5")),
        ("session_tokens", ("61.4k", "2M")),
        ("day_usd", ("$3.10", "$20")),
        ("day_tokens", ("310k", "10M")),
    ],
)
def test_each_budget_is_written_in_its_own_unit(budget: BudgetName, words: tuple[str, str]) -> None:
    limits = Spend(limit_usd=5.0, limit_tokens=2_000_000, day_limit_usd=20.0, day_limit_tokens=10_000_000)
    spend = msgspec.structs.replace(limits, usd=0.42, tokens=61_400, day_usd=3.1, day_tokens=310_000)
    assert write_amounts(spend, budget) == words


def test_a_budget_without_a_price_says_so() -> None:
    assert write_amounts(Spend(usd=None, limit_usd=5.0), "session_usd") == ("n/a", "$5")


@pytest.mark.parametrize(("value", "drawn"), [(0.6, "┬●"), (0.59, "●┬"), (0.85, "┬●"), (0.849, "●┬")])
def test_the_dot_hides_no_threshold(value: float, drawn: str) -> None:
    line = draw_confidence(value, 24, 0.6, 0.85, "review").plain
    assert line.count("┬") == 2
    assert drawn in line
