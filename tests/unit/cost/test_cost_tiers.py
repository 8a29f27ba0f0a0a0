"""Four tiers of graceful degradation (seed §9)."""

import pytest

from workbench.core.spend import TIER_NAMES
from workbench.cost import BudgetPolicy, sentence, tier


@pytest.mark.parametrize(
    ("share", "number"), [(0.0, 1), (0.7499, 1), (0.75, 2), (0.8999, 2), (0.9, 3), (0.999, 3), (1.0, 4), (7.5, 4)]
)
def test_a_threshold_belongs_to_the_tier_that_it_begins(share, number):
    assert tier(share, BudgetPolicy()) == number


def test_settings_move_the_thresholds():
    assert tier(0.5, BudgetPolicy(tiers=(0.2, 0.5, 0.8))) == 3


def test_every_tier_has_a_name_and_a_sentence():
    assert [TIER_NAMES[number] for number in (1, 2, 3, 4)] == ["full", "thrifty", "direct", "spent"]
    assert all(sentence(number).endswith(".") for number in TIER_NAMES)
