"""What each block costs: as reported, or estimated with what the reports taught (seed §1).

    reported prompt ─▶ anchor: the blocks sent cost exactly that; the difference goes to those not yet exact
    reported output ─▶ the reply's parts, exact too, until the next prompt shows what of it was sent back
    all that came since ─▶ estimate × the model's ratio for its content class, never above its bytes

Either the blocks sent add up to the newest report, or all of them are called approximate until they do.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from workbench.context.correction import Correction, is_plausible, share_out
from workbench.context.estimate import bound_tokens
from workbench.core.messages import AnyPart
from workbench.core.models import TokenRatio

Key = tuple[str, str]
"""What a cost belongs to: an id and what stands there, so that a masked entry does not cost what its original did."""


class Estimated(Protocol):
    """A block before a report covers it: an entry of the conversation, or a piece of the head."""

    @property
    def tokens(self) -> int:
        """Estimated, before the correction."""

    @property
    def content_class(self) -> str:
        """The kind of text that was estimated; empty where nobody told."""

    @property
    def part(self) -> AnyPart:
        """What it says."""


def correct(block: Estimated, ratio: float) -> int:
    """Tokens with `ratio` for its class, but no more than it has bytes (where the estimate itself is not more)."""
    tokens = round(block.tokens * ratio)
    if tokens <= block.tokens:
        return tokens
    most = bound_tokens(block.part)
    return tokens if most is None or most < block.tokens else min(tokens, most)


class Anchors:
    """The costs of all blocks of a session; those in the window are taken in by `take`."""

    def __init__(self, moved: Callable[[Key, int], None]) -> None:
        """`moved` hears of each block in the window that has other tokens than before."""
        self._moved = moved
        self._exact: dict[Key, int] = {}
        """Tokens from reports, of all blocks that ever were; an undo finds them again."""
        self._open: dict[Key, Estimated] = {}
        """The blocks in the window that no report has covered yet."""
        self._estimated: dict[str, int] = {}
        """Sums of their estimates by content class."""
        self._tentative: list[Key] = []
        """Exact, but not from the report of a prompt that held them: the last reply's parts, and what was counted."""
        self._settled = 0
        """Sum of the exact blocks in the window."""
        self._doubted = False
        """True while the newest report is another than what the blocks sent add up to."""
        self._model = ""
        self._correction = Correction()
        self._corrections = {self._model: self._correction}

    @property
    def exact(self) -> bool:
        """True where every block in the window is."""
        return not self._open and not self._doubted

    @property
    def ratio(self) -> float:
        """The open model's real tokens for each estimated one, of all classes together."""
        return self._correction.ratio

    def find_ratio(self, content_class: str) -> float:
        """The same for one content class."""
        return self._correction.find(content_class)

    def learnt(self, model: str) -> dict[str, TokenRatio]:
        """What is known of `model` by content class."""
        return self._corrections[model].learnt if model in self._corrections else {}

    def recall(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Estimate tokens of `model` with what other sessions learnt."""
        self._corrections[model] = Correction(ratios)
        if model == self._model:
            self._correction = self._corrections[model]
            for key, block in self._open.items():
                self._moved(key, self.tokens(key, block))

    def begin(self, model: str) -> bool:
        """Leave the window, for one of `model`; True where another one counted until now, whose figures are gone."""
        changed = model != self._model
        if changed:
            self._exact.clear()
            self._doubted = False
        self._model, self._correction = model, self._corrections.setdefault(model, Correction())
        self._open, self._estimated, self._tentative, self._settled = {}, {}, [], 0
        return changed

    def take(self, key: Key, block: Estimated) -> None:
        """A block enters the window."""
        if (exact := self._exact.get(key)) is not None:
            self._settled += exact
        else:
            self._open[key], kind = block, block.content_class
            self._estimated[kind] = self._estimated.get(kind, 0) + block.tokens

    def tokens(self, key: Key, block: Estimated | None = None) -> int:
        """What a block costs; `block` where it may not be in the window."""
        if (exact := self._exact.get(key)) is not None:
            return exact
        block = block or self._open[key]
        return correct(block, self._correction.find(block.content_class))

    def is_exact(self, key: Key) -> bool:
        """True where its tokens come from a report; while another contradicts, only where an open block is to blame."""
        return key in self._exact and (not self._doubted or bool(self._open))

    def count(self, prompt: int) -> None:
        """The endpoint counts so many tokens in the next request, if that can be; its report is the last word."""
        if self._open and is_plausible(prompt, self._settled + self._correction.expect(self._estimated)):
            counted = [*self._tentative, *self._open]
            if self._fit(prompt):
                self._tentative = counted

    def anchor(self, prompt: int) -> None:
        """The blocks of the window together cost `prompt`: what is new has the difference, or the last reply with it.

        A prompt that cost less than what is known of it is not that of this window (it went without tools, or somebody
        counts otherwise); no block moves then, and the window is approximate until a report fits again.
        """
        self._doubted = not self._fit(prompt)

    def _fit(self, prompt: int) -> bool:
        """Put the difference where it can be; False where it cannot."""
        rest, estimated = prompt - self._settled, self._estimated
        expected = self._correction.expect(estimated)
        if self._open and is_plausible(rest, expected):
            self._divide(list(self._open), rest)
            self._correction.learn(rest, estimated)
        elif self._tentative and is_plausible(rest + (said := self._sum_tentative()), expected + said):
            self._divide([*self._tentative, *self._open], rest + said)
        elif self._open and rest > expected:
            self._divide(list(self._open), rest)
        elif self._open or rest:
            return False
        self._open, self._estimated, self._tentative, self._settled = {}, {}, [], prompt
        self._doubted = False
        return True

    def reply(self, groups: Iterable[tuple[Mapping[Key, int], int]]) -> None:
        """The parts of a reply, before they enter the window: estimates, and what each group of them cost."""
        self._tentative = []
        for estimates, total in groups:
            shares = share_out(total, list(estimates.values()))
            self._exact.update(zip(estimates, shares, strict=True))
            self._tentative += estimates

    def _sum_tentative(self) -> int:
        return sum(self._exact[key] for key in self._tentative)

    def _divide(self, keys: list[Key], total: int) -> None:
        shares = [total] if len(keys) == 1 else share_out(total, [self.tokens(key) for key in keys])
        for key, tokens in zip(keys, shares, strict=True):
            self._exact[key] = tokens
            self._moved(key, tokens)
