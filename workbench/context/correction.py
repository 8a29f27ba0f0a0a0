"""Reported figures against estimated ones: a model's tokens for each of ours, by content class.

A report says one total of blocks of several classes. The difference to what was expected goes to the classes in
proportion to their tokens there and to how little is known of them: with one class that is the running average of all
its reports, and with several a class that was seen often hardly moves while a new one takes what is left.
"""

from collections.abc import Mapping, Sequence

from workbench.core.models import TokenRatio

CLAMP = (0.3, 3.0)
"""A tokenizer is never further off than this; more is a mistake of ours."""
MEMORY = 10_000.0
"""Estimated tokens of a class after which older reports count less and less."""
FAITH = 200.0
"""Estimated tokens for which a class that is new is taken to be like the others."""
SLACK = 400
"""Tokens that a provider may add of its own, as for tool use."""


class Correction:
    """A model's tokens for each estimated token, learnt from what usage reported."""

    def __init__(self, known: Mapping[str, TokenRatio] | None = None) -> None:
        self._ratios = {kind: _clamp(each.ratio) for kind, each in (known or {}).items()}
        self._evidence = {kind: min(max(each.evidence, 0.0), MEMORY) for kind, each in (known or {}).items()}
        self._average: float | None = None
        """Of all classes together; None where it is still to be worked out."""

    @property
    def ratio(self) -> float:
        """Of all classes together, and so of one that is new; 1.0 until something was learnt."""
        if self._average is None:
            evidence = sum(self._evidence.values())
            known = sum(ratio * self._evidence[kind] for kind, ratio in self._ratios.items())
            self._average = _clamp(known / evidence) if evidence else 1.0
        return self._average

    @property
    def learnt(self) -> dict[str, TokenRatio]:
        """What is known of each class that was seen."""
        return {kind: TokenRatio(ratio, self._evidence[kind]) for kind, ratio in self._ratios.items()}

    def find(self, kind: str) -> float:
        """The ratio of one class."""
        found = self._ratios.get(kind)
        return self.ratio if found is None else found

    def expect(self, estimated: Mapping[str, int]) -> float:
        """Tokens of what was estimated so, by class."""
        expected = 0.0
        for kind, tokens in estimated.items():
            expected += tokens * self.find(kind)
        return expected

    def learn(self, actual: int, estimated: Mapping[str, int]) -> None:
        """Usage said `actual` of what was estimated so, by class."""
        if (whole := sum(estimated.values())) <= 0:
            return
        if not self._ratios:
            self._average = _clamp(actual / whole)
        ratios, evidence = self._ratios, self._evidence
        missed, doubt = float(actual), float(whole)
        for kind, tokens in estimated.items():
            missed -= tokens * self.find(kind)
            doubt += tokens * tokens / (evidence.get(kind, 0.0) + FAITH)
        for kind, tokens in estimated.items():
            if tokens > 0:
                known = evidence.get(kind, 0.0)
                ratios[kind] = _clamp(self.find(kind) + missed * tokens / (known + FAITH) / doubt)
                evidence[kind] = min(known + tokens, MEMORY)
        self._average = None


def _clamp(ratio: float) -> float:
    low, high = CLAMP
    return ratio if low <= ratio <= high else low if ratio < low else high


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
