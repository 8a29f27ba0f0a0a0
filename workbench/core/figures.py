"""How figures are written, the same on every screen and in every message."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

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


_KEPT_IN_WORDS = "\u034f\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
_LEFT_OUT_OF_WORDS = "\u00ad\u061c\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff"
_PICTURE = "[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_TOUCH = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?"
_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
_SHAPED = "[\u0600-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
_JOINED = rf"(?<={_SHAPED})[\u200c\u200d](?={_SHAPED})"
_UNSEEN = re.compile(f"[{_KEPT_IN_WORDS}\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
"""What is printable or a joiner, and is not seen."""
_HARMLESS = re.compile(f"[{_LEFT_OUT_OF_WORDS}]")
_AS_IT_IS = frozenset("\n\t\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
"""Joiners, ends of lines, and signs of Arabic and Syriac that Unicode calls controls and that are seen."""


@cache
def _compile_own() -> re.Pattern[str]:
    """Finds what holds joiners, selectors or tags of its own right: emoji, and letters that change their shape by them.

    Compiled when it is needed: start-up does not.
    """
    return re.compile(rf"{_FLAG}|{_JOINED}|{_PICTURE}{_TOUCH}(?:\u200d{_PICTURE}{_TOUCH})*|[0-9#*]\ufe0f\u20e3")


def visible(text: str) -> str:
    """`text` with all that is not seen or acts on a terminal made visible: for commands, paths, addresses and code.

    Tabs and newlines stay; a carriage return before a newline goes; marks of direction, joiners, soft hyphens and lone
    surrogates show as their code point. Emoji stay whole, and
    letters of Arabic or Indic writing that a joiner shapes.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    if text.isprintable() and not _UNSEEN.search(text):
        return text
    return around_joined(text, _show_all)


_PARTS_NAMES = re.compile("[\\s,;\u201c\u201d]")


def name(text: str) -> str:
    """A name in a sentence: on one line, nothing of it hidden, in quotes where one could not tell where it ends."""
    shown = visible(text).replace("\n", "\u240a").replace("\t", "\u2409")
    return shown if text and not _PARTS_NAMES.search(text) else f"\u201c{shown}\u201d"


def names(texts: Sequence[str], most: int = 3) -> str:
    """`a.txt, “b c.txt” and 2 more`."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(map(name, texts[:most])) + more


def readable(text: str) -> str:
    """`text` to be read as words: what Hebrew, Arabic, Indic or hyphenated writing needs and nobody sees is not shown.

    All else is as in `visible`: controls and what turns the direction of other text round are always shown.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    return text if text.isprintable() else around_joined(text, _show_acting)


def around_joined(text: str, show: Callable[[str], str]) -> str:
    """`show` of what stands between emoji and joined letters."""
    parts, end = list[str](), 0
    for match in _compile_own().finditer(text):
        parts += show(text[end : match.start()]), match.group()
        end = match.end()
    return "".join([*parts, show(text[end:])])


def _show_all(text: str) -> str:
    plain = text.isprintable() and not _UNSEEN.search(text)
    return text if plain else "".join(show_character(c) if _UNSEEN.match(c) else _show_one(c) for c in text)


def _show_acting(text: str) -> str:
    return text if text.isprintable() else "".join(map(_show_one, _HARMLESS.sub("", text)))


def _show_one(character: str) -> str:
    return character if character.isprintable() or character in _AS_IT_IS else show_character(character)


def show_character(character: str) -> str:
    """What stands for a character that is not seen."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in ("Zs", "Zl", "Zp"):
        return " "
    return f"<U+{code:04X}>"
