"""What is known of a model: its limits, and what may be asked of it."""

from typing import Literal

import msgspec

Source = Literal["", "endpoint", "refusal"]
MOST_LETTERS = 200
"""Of a model's name."""


class ModelFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a model can do, as far as it is known; None is not known."""

    window: int | None = None
    """Tokens that a request may hold, its reply included."""
    reply: int | None = None
    """Tokens that one reply may have."""
    thinking: bool | None = None
    """Whether it takes `thinking: adaptive`."""
    effort: bool | None = None
    """Whether it takes `output_config.effort`."""
    counts: bool | None = None
    """Whether the endpoint answers `count_tokens` for it."""
    line: str = ""
    """haiku, sonnet, opus …; empty where the endpoint does not say."""
    source: Source = ""
    """Where the limits come from."""
    caching: bool | None = None
    """Whether it takes `cache_control` marks; False where they were refused."""


class TokenRatio(msgspec.Struct, frozen=True):
    """A model's tokens for each estimated one of a content class, as reported usage taught it."""

    ratio: float
    evidence: float
    """Estimated tokens that it was learnt from; what was learnt long ago counts no more."""


class ModelOffer(msgspec.Struct, frozen=True):
    """A model that a session can be switched to; None is not known."""

    name: str
    window: int | None = None
    """Tokens that a request may hold."""
    usd_in: float | None = None
    """Dollars for a million prompt tokens, none of them cached."""
    usd_out: float | None = None
    """Dollars for a million reply tokens."""
    answers: bool = False
    """True for the one that answers the next prompt as it is."""


def can_name_model(name: str) -> bool:
    """True for one printable word that is not too long to be a model's name."""
    return 0 < len(name) <= MOST_LETTERS and name.isprintable() and not any(letter.isspace() for letter in name)
