"""Tokens by estimate: a raw count times the ratio of the text's content class.

Long or mixed text is classed piece by piece (a fence, or a block of lines), so that code inside prose counts as code.
The work is linear in the text's length. What a picture or a PDF costs is told from the head of its bytes.
"""

import base64
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from workbench.context.classes import RATIOS, ContentClass, classify
from workbench.core.encoding import encode
from workbench.core.media import PDF, count_pages, measure_pixels
from workbench.core.messages import AnyPart, Media, Opaque, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.ports import TokenCounter
from workbench.core.spend import Usage

PIECE = 2_000
"""Characters of a block of lines that is classed as one."""
CALL_FRAME = 12
"""Tokens around a call or a result: its ids and its kind."""
IMAGE_HEAD = 256 * 1024
"""Base64 characters of an image that are decoded to find its size."""
LONGEST_EDGE = 1_568
"""Larger images are scaled down to this many pixels before they are read."""
PIXELS_PER_TOKEN = 750
UNKNOWN_IMAGE = 1_600
PAGE = 2_200
"""Tokens of a PDF page: its text and its picture."""
BYTES_PER_PAGE = 50_000


ABSURD = 10
"""Times its estimate that a request cannot have used; tokenizers differ by less than 3."""
OWN_TOKENS = 50_000
"""Tokens that a provider may add of its own to a prompt, as for its tools."""
UNTOLD = 400
"""Tokens of a reply that may count as none; and of a prompt, of which none holds less with its tools."""


def check_usage(usage: Usage, prompt: int, reply: int) -> Usage:
    """`usage` as it is; where it cannot be what a request used, the estimates of `prompt` and `reply` in its place.

    A server that reports nothing, or next to nothing, would make every limit a word: that cannot be either.
    """
    most = usage.prompt <= ABSURD * prompt + OWN_TOKENS and usage.output_tokens <= ABSURD * reply + OWN_TOKENS
    told = usage.prompt >= UNTOLD or prompt <= ABSURD * usage.prompt  # a document may be far less than its estimate
    possible = most and told and reply <= ABSURD * usage.output_tokens + UNTOLD and not usage.estimated
    return usage if possible else Usage(prompt, reply, estimated=True)


class Estimate(NamedTuple):
    """What a text or a block is taken to cost, and what it is: a block has one class, that of its larger part."""

    tokens: int
    content_class: str


class Estimator:
    """Estimates tokens of a Claude model from a raw tokenizer; itself a `TokenCounter`."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter

    def count(self, text: str) -> int:
        """Tokens of `text`; 0 for nothing, else at least 1, and never more than its bytes."""
        return self.measure(text).tokens

    def measure(self, text: str) -> Estimate:
        """Tokens of `text`, and the class of most of them."""
        if not text:
            return Estimate(0, "english")
        sums: dict[str, float] = {}
        for kind, piece in cut_pieces(text):
            sums[kind] = sums.get(kind, 0.0) + self._count_piece(piece, kind)
        return Estimate(max(1, round(sum(sums.values()))), max(sums, key=lambda kind: sums[kind]))

    def _count_piece(self, piece: str, kind: ContentClass) -> float:
        """No token of any vocabulary is shorter than a byte."""
        return min(self._counter.count(piece) * RATIOS[kind], count_bytes(piece))

    def count_json(self, value: Any) -> int:
        """Tokens of a tool definition or of a call's arguments, as compact JSON."""
        text = encode(value).decode()
        return max(1, round(self._count_piece(text, "json")))

    def count_part(self, part: AnyPart) -> int:
        """Tokens of one content block, its frame included."""
        return self.measure_part(part).tokens

    def measure_part(self, part: AnyPart) -> Estimate:
        """Tokens of one content block, its frame included, and its class."""
        match part:
            case Text(text=text):
                return self.measure(text)
            case Thinking(thinking=text):
                tokens, kind = self.measure(text)
                return Estimate(max(1, tokens), kind)
            case RedactedThinking(data=data):
                return Estimate(max(1, len(data) // 6), "base64")
            case ToolUse(name=name, input=arguments):
                return Estimate(self.count(name) + self.count_json(arguments) + CALL_FRAME, "json")
            case ToolResult(text=text, media=media):
                tokens, kind = self.measure(text)
                seen = sum(map(count_media, media))
                return Estimate(tokens + seen + CALL_FRAME, media[0].kind if seen > tokens else kind)
            case Opaque(data=data):
                return Estimate(self.count_json(data), "json")


def bound_tokens(part: AnyPart) -> int | None:
    """Tokens that a block cannot have more of: no token is shorter than a byte. None where pictures are in it."""
    match part:
        case Text(text=text) | Thinking(thinking=text) | ToolResult(text=text, media=()):
            return count_bytes(text) + (CALL_FRAME if isinstance(part, ToolResult) else 0)
        case ToolUse(name=name, input=arguments):
            return count_bytes(name) + len(encode(arguments)) + CALL_FRAME
    return None


def count_bytes(text: str) -> int:
    """Bytes of `text` as UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def cut_pieces(text: str) -> Iterator[tuple[ContentClass, str]]:
    """`text` cut where its looks change, neighbours of one class joined; joined again they are `text`."""
    return ((kind, "".join(blocks)) for kind, blocks in groupby(_cut_blocks(text), classify))


def _cut_blocks(text: str) -> Iterator[str]:
    """Blocks of whole lines of about `PIECE` characters; a fence begins and ends a block, a longer line is cut."""
    block = ""
    for line in text.splitlines(keepends=True):
        if block and (len(block) + len(line) > PIECE or line.lstrip().startswith("```")):
            yield block
            block = ""
        if len(line) > PIECE:
            yield from (line[start : start + PIECE] for start in range(0, len(line), PIECE))
        else:
            block += line
    if block:
        yield block


def count_media(media: Media) -> int:
    """Estimated tokens of one image or document; at least 1."""
    if media.kind == "document":
        data = _decode(media.data)
        pages = count_pages(data) if media.media_type == PDF else 0
        return max(1, pages or round(len(data) / BYTES_PER_PAGE)) * PAGE
    size = measure_pixels(_decode(media.data[:IMAGE_HEAD]))
    if size is None:
        return UNKNOWN_IMAGE
    width, height = size
    scale = min(1.0, LONGEST_EDGE / max(width, height, 1))
    return max(1, min(UNKNOWN_IMAGE, round(width * scale * height * scale / PIXELS_PER_TOKEN)))


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data[: len(data) // 4 * 4])
    except ValueError:
        return b""
