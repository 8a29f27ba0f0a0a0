"""Facts taken out of texts, in the texts' own words, and Markdown that cannot be broken by what it quotes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
_MARK = r"(?:[-*+>]|\d+[.)]|#+)\s+"
_DOCSTRING = re.compile(r"\A\s*(?:\"\"\"|''')(.+?)(?:\n\s*\n|\"\"\"|''')", re.S)
_DESCRIBED = re.compile(r"(?:^|[{,])\s*\"?description\"?\s*[:=]\s*\"([^\"\n]+)\"", re.M)
_COMMENT = re.compile(r"(?:#!.*\n)?((?:[ \t]*(?://|#|--|/\*|\*).*\n?)+)")
_DEFINITION = (
    r"^(?:export |public |static |async |pub )*(?:def|class|function|fn|func|struct|enum|interface|const|let)\s+"
)
_COMMON = re.compile(
    r"(?:a|about|an|and|any|are|as|at|be|by|can|do|does|for|from|has|have|how|i|in|is|it|its|me|my|not|of|on|or|please|"
    r"so|that|the|their|them|there|these|this|to|was|we|what|when|where|which|who|why|will|with|would|you|your)"
)


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


def split_sentences(text: str) -> list[str]:
    """`text` cut into sentences, without line breaks, code, and the marks of lists and headings."""
    parts = re.split(rf"\n\s*\n|\n(?=\s*{_MARK})", _FENCE.sub("\n\n", text))
    bare = (" ".join(re.sub(rf"^\s*{_MARK}", "", part).split()) for part in parts)
    return [said for part in bare for said in re.split(r"(?<!e\.g)(?<!i\.e)(?<=[.!?])\s+(?=\W?[A-Z])", part) if said]


def find_keywords(text: str) -> list[str]:
    """The words of `text` that say something, lower case, in their order, each once."""
    words = (word.strip("._-").lower() for word in re.findall(r"[\w.-]+", text))
    return drop_repeats(word for word in words if len(word) > 1 and not _COMMON.fullmatch(word))


def find_closest(question: str, text: str, limit: int) -> list[str]:
    """The sentences of `text` that share most words with `question`, in their order; none where none shares any."""
    wanted, found = set(find_keywords(question)), drop_repeats(split_sentences(text))
    shared = Counter({sentence: len(wanted & set(find_keywords(sentence))) for sentence in found})
    best = {sentence for sentence, words in shared.most_common(limit) if words}
    return [clip(sentence, 300) for sentence in found if sentence in best]


def find_paragraph(text: str) -> str:
    """The first paragraph of prose: no heading, badge, list, table or code."""
    parts = re.split(r"\n\s*\n", re.sub(r"^#.*", "\n", _FENCE.sub("", text), flags=re.M))
    prose = (part for part in parts if part.strip() and not re.match(rf"\n*(?:\s*{_MARK}|\[?!\[|[=|<-]|    )", part))
    return " ".join(next(prose, "").split())


def describe(path: str, text: str) -> str:
    """What a file says of itself, in one sentence: first paragraph, `description`, docstring or leading comment."""
    if path.endswith((".md", ".rst", ".txt")):
        said = find_paragraph(text)
    else:
        found = _DESCRIBED.search(text) if path.endswith((".toml", ".json")) else None
        found = found or _DOCSTRING.match(text) or _COMMENT.match(text)
        said = re.sub(r"^\s*(?://+|#+|--|/?\*+/?)\s*", "", found[1], flags=re.M) if found else ""
    return clip(next(iter(split_sentences(said)), ""))


def find_definitions(text: str) -> list[str]:
    """The names that a source defines at its top level."""
    return drop_repeats(re.findall(_DEFINITION + r"([\w$]+)", text, re.M))


def defines(line: str, name: str) -> bool:
    """True when `line` looks like the definition of `name`."""
    quoted = re.escape(name)
    return re.search(rf"{_DEFINITION}{quoted}\b|^{quoted}\s*(?::[^=]+)?=(?!=)", line.strip()) is not None


def drop_repeats(items: Iterable[str]) -> list[str]:
    """`items` without repetition, in their order."""
    return list(dict.fromkeys(items))
