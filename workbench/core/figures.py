"""How figures are written, the same on every screen and in every message."""

import math
import unicodedata
from datetime import datetime

NO_FIGURE = "–"
"""Stands for a date or a number that is none."""
ABSURD = 1e15
"""What nobody spends, counts or waits for; only a damaged or made-up journal says so."""


def find_moment(at: float) -> datetime | None:
    """`at`, seconds since the epoch, by the local calendar; None where no calendar has it.

    In 1970 nothing happened here: 0 stands for a time that is not known.
    """
    try:
        moment = datetime.fromtimestamp(at)
    except (OverflowError, ValueError, OSError):
        return None
    return moment if moment.year > 1970 else None


def date(at: float, form: str = "%Y-%m-%d %H:%M") -> str:
    """`2026-11-28 09:30`, or what `form` says, by the local calendar; `–` where it is not known."""
    moment = find_moment(at)
    return moment.strftime(form) if moment else NO_FIGURE


def tokens(count: float) -> str:
    """`940`, `61.4k`, `1.2M`, `1e+21` for what nobody counts."""
    if not abs(count) < ABSURD:  # nan is not either
        return _write_absurd(count)
    count = int(count)
    size = abs(count)
    if size < 1_000:
        return str(count)
    if size < 999_950:
        text = f"{count / 1_000:.1f}"
        return (text if size < 99_950 else f"{count / 1_000:.0f}").removesuffix(".0") + "k"
    return f"{count / 1_000_000:.1f}".removesuffix(".0") + "M"


def dollars(usd: float | None) -> str:
    """`$0.42`, `$0.004` below a cent, `n/a` where the price is unknown."""
    if usd is None:
        return "n/a"
    if not abs(usd) < ABSURD:
        return _write_absurd(usd, "$")
    if 0 < usd < 0.01:
        return f"${usd:.4f}" if usd < 0.001 else f"${usd:.3f}"
    return f"${usd:.2f}"


def money(usd: float | None, as_if_usd: float | None) -> str:
    """Real dollars and those of rehearsals, never in one sum: `$0.42`, `$0.12 as if`, `$0.42, $0.12 as if`."""
    if as_if_usd == 0:
        return dollars(usd)
    rehearsed = f"{dollars(as_if_usd)} as if"
    return rehearsed if usd == 0 else f"{dollars(usd)}, {rehearsed}"


def limit(usd: float) -> str:
    """A limit in dollars: `$5` where it is whole, else `$0.05`."""
    return f"${usd:,.0f}" if abs(usd) < ABSURD and usd == int(usd) else dollars(usd)


def percent(share: float) -> str:
    """`31 %`."""
    return f"{share * 100:.0f} %" if abs(share) < ABSURD else NO_FIGURE


def score(value: float) -> str:
    """`0.82`; `–` where it is no number."""
    return f"{value:.2f}" if abs(value) < ABSURD else NO_FIGURE


def clock(seconds: float) -> str:
    """`0:21`, `12:04`, `1:02:03`."""
    if not abs(seconds) < ABSURD:
        return NO_FIGURE
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def span(seconds: float) -> str:
    """How long a finished thing took: `0.1s`, `38s`, `2:05`."""
    if not abs(seconds) < ABSURD:
        return NO_FIGURE
    if seconds < 10:
        return f"{seconds:.1f}s"
    return f"{seconds:.0f}s" if seconds < 60 else clock(seconds)


def _write_absurd(number: float, unit: str = "") -> str:
    """`1e+21`."""
    try:
        return f"{unit}{float(number):.0e}" if math.isfinite(number) else NO_FIGURE
    except OverflowError:
        return NO_FIGURE


def visible(text: str) -> str:
    """`text` with control and escape characters made visible, so that no terminal executes them.

    Tabs and newlines stay; a carriage return before a newline goes; bidirectional overrides and lone surrogates show
    as their code point.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else _shown(c) for c in text)


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in ("Zs", "Zl", "Zp"):
        return " "
    if character in "\u200b\u200c\u200d\ufe0f":  # joiners that emoji and many scripts need
        return character
    return f"<U+{code:04X}>"
