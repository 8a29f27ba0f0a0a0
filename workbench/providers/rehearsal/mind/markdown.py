"""Pieces of Markdown that cannot be broken by what they quote."""

import re
from collections.abc import Iterable

CHARACTERS_PER_TOKEN = 3
"""A cautious guess for fitting a text into a reply."""


def code(text: str) -> str:
    """`text` as inline code, also when it holds backticks."""
    flat = " ".join(text.split()) if "\n" in text else text
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def fence(text: str, language: str = "") -> str:
    """`text` as a fenced block, also when it holds fences."""
    longest = max((len(run) for run in re.findall(r"^`{3,}", text, re.M)), default=2)
    ticks = "`" * max(3, longest + 1)
    body = text.rstrip("\n")
    return f"{ticks}{language}\n{body}\n{ticks}"


def bullets(items: Iterable[str]) -> str:
    """A list, one line for each item."""
    return "\n".join(f"- {item}" for item in items)


def numbered(items: Iterable[str]) -> str:
    """A numbered list."""
    return "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A pipe table; pipes in cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in head) + "|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def names(paths: Iterable[str], limit: int = 8) -> str:
    """Paths as inline code with commas, and how many more there are."""
    every = list(paths)
    shown = ", ".join(code(path) for path in every[:limit])
    return f"{shown} and {len(every) - limit} more" if len(every) > limit else shown


def clip(text: str, size: int = 160) -> str:
    """`text` on one line, cut at a word where it is longer than `size` characters."""
    flat = " ".join(text.split())
    if len(flat) <= size:
        return flat
    cut = flat[: size - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[size // 2 :] else cut).rstrip(",;: ") + "…"


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `3 matches`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith(("ch", "s", "x")):
        return f"{number} {noun}es"
    return f"{number} {noun[:-1]}ies" if noun.endswith(("ory", "ency")) else f"{number} {noun}s"


def fit(text: str, tokens: int) -> str:
    """`text` cut at a line's end so that it holds about `tokens` tokens at most; an open fence is closed."""
    size = max(120, tokens * CHARACTERS_PER_TOKEN)
    if len(text) <= size:
        return text
    cut = text[:size]
    cut = cut.rsplit("\n", 1)[0] if "\n" in cut else cut
    opened = re.findall(r"^(`{3,})", cut, re.M)
    closing = f"\n{opened[-1]}" if len(opened) % 2 else ""
    return f"{cut}{closing}\n\n… (cut: the reply is limited to {tokens} tokens)"
