"""How long cache marks should live: five minutes or an hour, by the person's own pauses (seed §8).

With prices in units of one uncached input token, `r` for a token read, `w` for one written (1.25 for five minutes, 2
for an hour), a turn that adds `n` tokens to a prefix of `p` costs

    r·p + w·n  after a pause that the entry outlives        w·(p + n)  after a longer one
"""

from collections.abc import Callable, Iterable

from workbench.caching.breakpoints import Ttl

LIVES: dict[Ttl, float] = {"5m": 300.0, "1h": 3_600.0}
"""Seconds that an entry lives after its last use."""
WRITE_RATIOS: dict[Ttl, float] = {"5m": 1.25, "1h": 2.0}
"""Price of a token written, in input tokens."""
LEAST_PAUSES = 3
"""Pauses that tell something of a person; before that it is five minutes."""


def choose_ttl(pauses: Iterable[float], prefix: int, fresh: int, read_ratio: Callable[[], float]) -> Ttl:
    """The time to live at which turns after such `pauses` (seconds) cost least; `fresh` tokens come with each turn.

    `read_ratio` is asked only where there are enough pauses to choose by.
    """
    known = list(pauses)
    if len(known) < LEAST_PAUSES or prefix <= 0:
        return "5m"
    ratio = read_ratio()
    costs = {ttl: sum(_cost(pause, ttl, prefix, fresh, ratio) for pause in known) for ttl in LIVES}
    return "1h" if costs["1h"] < costs["5m"] else "5m"


def _cost(pause: float, ttl: Ttl, prefix: int, fresh: int, read_ratio: float) -> float:
    write = WRITE_RATIOS[ttl]
    return read_ratio * prefix + write * fresh if pause < LIVES[ttl] else write * (prefix + fresh)
