"""What a request used, in the API's own terms (seed §8)."""

import msgspec


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Token counts as the Messages API reports them."""

    input_tokens: int = 0
    """Prompt tokens neither read from nor written to the cache."""
    output_tokens: int = 0
    """Reply tokens, thinking included."""
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    """Prompt tokens written to the cache, of either time to live."""
    cache_creation_1h_tokens: int = 0
    """The part of `cache_creation_input_tokens` that lives an hour."""
    thinking_tokens: int = 0
    """The part of `output_tokens` that is thinking."""
    estimated: bool = False
    """True where a stream broke off and the reply was counted here."""

    @property
    def prompt(self) -> int:
        """The whole prompt: uncached, written and read."""
        return self.input_tokens + self.cache_creation_input_tokens + self.cache_read_input_tokens

    @property
    def cached_share(self) -> float:
        """Of the prompt, what was read from the cache; 0 where there was none."""
        return self.cache_read_input_tokens / self.prompt if self.prompt else 0.0

    @property
    def total(self) -> int:
        """Prompt and reply."""
        return self.prompt + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_input_tokens + other.cache_read_input_tokens,
            self.cache_creation_input_tokens + other.cache_creation_input_tokens,
            self.cache_creation_1h_tokens + other.cache_creation_1h_tokens,
            self.thinking_tokens + other.thinking_tokens,
            self.estimated or other.estimated,
        )
