"""What tokens cost, from the offline price table of genai-prices (seed §8 and §9)."""

from collections.abc import Mapping

from workbench.core.spend import Usage


class GenaiPrices:
    """Dollars of a request at the published prices, each kind of token at its own.

    The table takes a fifth of a second to import, so that happens at the first price asked for.
    """

    def __init__(self, provider: str = "anthropic", as_if: Mapping[str, str] | None = None) -> None:
        """`as_if` names the model at whose prices another one is counted."""
        self._provider = provider
        self._as_if = as_if or {}

    def cost(self, model: str, usage: Usage) -> float | None:
        """Dollars; None for a model or a usage that the table does not have, never 0 for want of a price."""
        from genai_prices import calc_price
        from genai_prices import types as genai

        try:
            used = genai.Usage(
                input_tokens=usage.prompt,
                cache_read_tokens=usage.cache_read_input_tokens,
                cache_write_tokens=usage.cache_creation_input_tokens,
                cache_write_1h_tokens=min(usage.cache_creation_1h_tokens, usage.cache_creation_input_tokens),
                output_tokens=usage.output_tokens,
            )
            return float(calc_price(used, self._as_if.get(model, model), provider_id=self._provider).total_price)
        except (LookupError, ValueError, ArithmeticError):
            return None  # no price, or a usage that the table does not believe
