"""Whether rewriting the prefix pays: what it costs now, what each turn then saves (seed §8).

Rewriting throws a cached prefix away. With prices in units of one uncached input token, `r` for a token read from the
cache and 1.25 for one written to it:

    saves a turn    r · (before - after)

    warm, summary   r · before  +  output/input · summary  +  1.25 · after     its own request reads the old prefix
    warm, none      (1.25 - r) · rewritten                                     that turn would have read it anyway
    cold            1.25 · after - 1.25 · before, plus 1 · before + output/input · summary where one is made

A cold prefix has to be written again whatever happens, so to shorten it first pays at once for any but a small one.
"""

from workbench.caching.lifetime import WRITE_RATIOS
from workbench.core.ports import Prices
from workbench.core.spend import Usage

WRITE_RATIO = WRITE_RATIOS["5m"]
READ_RATIO = 0.1
"""Price of a token read from the cache, in input tokens, where the price is not known."""
MILLION = 1_000_000


def compute_read_ratio(prices: Prices, model: str) -> float:
    """What a token that is read from the cache costs of one that is not."""
    whole = prices.cost(model, Usage(input_tokens=MILLION // 10))
    read = prices.cost(model, Usage(cache_read_input_tokens=MILLION // 10))
    return read / whole if read is not None and whole else READ_RATIO


def compute_payback(
    before: int,
    after: int,
    summary_tokens: int,
    output_price: float,
    input_price: float,
    read_ratio: float,
    warm: bool,
    kept: int = 0,
) -> tuple[float, float, float | None]:
    """`(cost_usd, saves_per_turn_usd, turns)` of shortening a prefix from `before` to `after` tokens.

    Prices are dollars per million tokens; `kept` tokens at the front stay cached. `turns` is 0.0 where it pays at once
    and None where it never does.
    """
    output_ratio = output_price / input_price if input_price else 0.0
    saves = max(before - after, 0) * read_ratio
    rewritten = max(after - kept, 0)
    cost = summary_tokens * output_ratio
    if warm:
        summarised = before * read_ratio + rewritten * WRITE_RATIO
        cost += summarised if summary_tokens else rewritten * (WRITE_RATIO - read_ratio)
    else:
        cost += (before if summary_tokens else 0) + (after - before) * WRITE_RATIO
    cost = max(cost, 0.0)
    turns = cost / saves if saves > 0 else None
    return cost * input_price / MILLION, saves * input_price / MILLION, turns
