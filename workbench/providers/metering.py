"""The API's `usage` object as a core Usage."""

from typing import Any

from workbench.core.usage import Usage


def measured(usage: dict[str, Any]) -> Usage:
    """Figures of a `usage` object, nulls and missing ones as 0; without a split all cache writes live 5 minutes."""
    split = usage.get("cache_creation") or {}
    details = usage.get("output_tokens_details") or {}
    hour = _figure(split, "ephemeral_1h_input_tokens")
    written = _figure(usage, "cache_creation_input_tokens") or hour + _figure(split, "ephemeral_5m_input_tokens")
    return Usage(
        input_tokens=_figure(usage, "input_tokens"),
        output_tokens=_figure(usage, "output_tokens"),
        cache_read_input_tokens=_figure(usage, "cache_read_input_tokens"),
        cache_creation_input_tokens=written,
        cache_creation_1h_tokens=hour,
        thinking_tokens=_figure(details, "thinking_tokens"),
    )


def _figure(figures: dict[str, Any], name: str) -> int:
    figure = figures.get(name)
    return int(figure) if isinstance(figure, int | float) else 0
