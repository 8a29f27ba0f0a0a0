"""What is known of a model: its limits, and what may be asked of it."""

from typing import Literal

import msgspec

Source = Literal["", "endpoint", "refusal"]


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
