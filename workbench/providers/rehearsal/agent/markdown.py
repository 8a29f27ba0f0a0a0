"""Markdown that cannot be broken by what it quotes."""

import re
from collections.abc import Iterable, Sequence


def clip(text: str, size: int = 160) -> str:
    """`text` on one line, cut where it is longer than `size` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= size else flat[: size - 1].rstrip() + "…"


def quote(text: str) -> str:
    """`text` as inline code, also when it holds backticks."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks, pad = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{pad}{' '.join(text.split())}{pad}{ticks}"


def fence(text: str, limit: int = 60) -> str:
    """The first `limit` lines of `text` as a fenced block, also when it holds fences; says how many are left out."""
    lines = text.strip("\n").splitlines()
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`{2,}", text)), default=2))
    rest = f"\n\n… and {count(len(lines) - limit, 'more line')}." if len(lines) > limit else ""
    return "\n".join([ticks, *lines[:limit], ticks]) + rest


def write_list(items: Iterable[str]) -> str:
    """A list, one line for each item."""
    return "\n".join(f"- {item}" for item in items)


def join_names(paths: Sequence[str], limit: int = 8) -> str:
    """Paths as inline code with commas, and how many more there are."""
    return ", ".join(map(quote, paths[:limit])) + (f" and {len(paths) - limit} more" if len(paths) > limit else "")


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
