"""Prices against figures worked out by hand from the published list: dollars for a million tokens."""

import subprocess
import sys

import pytest

from workbench.core.spend import Usage
from workbench.cost import GenaiPrices


@pytest.mark.parametrize(
    ("model", "usage", "usd"),
    [
        # 4 in, 20 out
        ("claude-opus-5-5", Usage(10_000, 1_000), 0.04 + 0.02),
        # read at 0.20, written for 5 minutes at 1.25 of 4, for an hour at twice 4
        ("claude-opus-5-5", Usage(0, 0, 50_000), 0.01),
        ("claude-opus-5-5", Usage(0, 0, 0, 20_000), 0.1),
        ("claude-opus-5-5", Usage(0, 0, 0, 20_000, 20_000), 0.16),
        ("claude-opus-5-5", Usage(1_000, 500, 50_000, 30_000, 10_000), 0.004 + 0.01 + 0.01 + 0.1 + 0.08),
        # 2 in, 10 out, read at 0.10
        ("claude-sonnet-5-5", Usage(10_000, 1_000, 100_000), 0.02 + 0.01 + 0.01),
        # 0.10 in, 0.50 out, read at 0.01; all of it five times as much above 100,000 prompt tokens
        ("claude-haiku-5-5", Usage(50_000, 2_000, 50_000), 0.005 + 0.001 + 0.0005),
        ("claude-haiku-5-5", Usage(60_000, 2_000, 50_000), 0.03 + 0.005 + 0.0025),
    ],
)
def test_each_kind_of_token_has_its_own_price(model, usage, usd):
    assert GenaiPrices().cost(model, usage) == pytest.approx(usd, rel=1e-9)


def test_an_unknown_model_has_no_price_rather_than_none_to_pay():
    assert GenaiPrices().cost("my-own-model", Usage(1_000)) is None


def test_a_request_that_used_nothing_costs_nothing():
    assert GenaiPrices().cost("claude-opus-5-5", Usage()) == 0.0


def test_the_price_table_is_not_imported_before_the_first_price():
    code = "import sys, workbench.cost; print('genai_prices' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
