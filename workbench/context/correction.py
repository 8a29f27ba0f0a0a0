"""Reported figures against estimated ones: what a model's tokens are to ours, and how a total is divided."""

from collections.abc import Sequence

CLAMP = (0.3, 3.0)
"""A tokenizer is never further off than this; more is a mistake of ours."""
HALF_LIFE = 60_000
"""Estimated tokens after which older anchors count half."""
SLACK = 400
"""Tokens that a provider may add of its own, as for tool use."""


class Correction:
    """A model's tokens for each estimated token, learnt from what usage reported."""

    def __init__(self) -> None:
        self._actual = 0.0
        self._estimated = 0.0
        self.ratio = 1.0
        """1.0 until something was learnt; clamped to .3–3."""

    def learn(self, actual: int, estimated: int) -> None:
        """Usage said `actual` of what was estimated as `estimated`."""
        if self._estimated > HALF_LIFE:
            self._actual, self._estimated = self._actual / 2, self._estimated / 2
        self._actual += actual
        self._estimated += estimated
        if self._estimated > 0:
            low, high = CLAMP
            self.ratio = min(high, max(low, self._actual / self._estimated))


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """`total` divided by `weights`, by largest remainder: each at least 0, together exactly `total`.

    >>> share_out(10, [1, 1, 1])
    [4, 3, 3]
    """
    if not weights:
        return []
    if len(weights) == 1:
        return [max(0, total)]
    total, whole = max(0, total), sum(weights)
    if whole <= 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def is_plausible(actual: int, estimate: float) -> bool:
    """False where a reported figure cannot be what the estimate stands for."""
    return 0.2 * estimate <= actual <= 5 * estimate + SLACK and actual >= 0
