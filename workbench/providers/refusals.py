"""What the words of a refused request tell: its kind, which block is meant, and how many tokens were too many.

The words are those of the Messages API and of gateways and servers that speak it (LiteLLM, OpenRouter, Bedrock,
vLLM, llama.cpp). The first pattern that fits tells the kind: from the particular to the general, since a refusal of
one kind often quotes the name of another.
"""

import re
from typing import Any

import msgspec

from workbench.core.errors import Refusal

PATTERNS: tuple[tuple[str, str], ...] = (
    # max_tokens is blamed, yet it is prompt and reply together that the window does not hold
    ("too_long", r"input length and `?max_tokens`? exceed"),
    ("too_long", r"max(_completion)?_tokens\W.{0,60}too large.{0,40}context length"),
    ("reply_limit", r"maximum allowed number of output tokens|at most [\d,]+ (completion|output) tokens"),
    ("reply_limit", r"max\w*_tokens\W.{0,60}(less than or equal to|valid range|should be \[|> [\d,]+)"),
    ("reply_limit", r"maximum tokens you requested exceeds"),
    (
        "uncached",
        r"cach(e_control|ing)\b.{0,60}(extra inputs|not (permitted|supported|allowed|available)|un(supported|known))",
    ),
    (
        "uncached",
        r"(not support|un(supported|known|expected|recognized)|extraneous|invalid).{0,40}cach(e_control|ing)\b",
    ),
    (
        "unsupported",
        r"(thinking|effort|output_config)\b(?!`? block).{0,60}(not supported|unsupported|not available|not permitted)",
    ),
    ("unsupported", r"(thinking|output_config)[\w.]*: (input|unexpected|unknown)"),
    ("unsupported", r"not support.{0,30}(thinking|effort|reasoning)|unsupported.{0,30}(thinking|effort)"),
    ("unsupported", r"(unknown|unexpected|unrecognized).{0,40}['`\" ](thinking|output_config|effort)\b"),
    ("unsupported", r"when `?thinking`? is enabled|expected `?thinking`? or `?redacted_thinking"),
    ("thinking", r"invalid `?(signature|data)`? in|thinking`?( or `redacted_thinking`)? blocks?\b.{0,80}cannot be"),
    ("thinking", r"final block in an assistant message cannot be|cannot contain `?thinking|thinking\W+signature"),
    ("thinking", r"messages\W+\d+.{0,50}\b(redacted_)?thinking\b"),
    ("media", r"(could not|unable to|failed to) (process|decode|download|load).{0,20}(image|pdf|document|file)"),
    ("media", r"(image|pdf|document)[\w.]* (exceeds|cannot be empty|does not match|specified|was not|is (too|not))"),
    ("media", r"image dimensions? exceed|invalid base64|base64 (data|string|image|encod)|password.protected"),
    ("media", r"maximum of [\d,]+ (pdf pages|images|documents)|too many (images|pdf|pages)|(invalid|bad) (image|pdf)"),
    ("media", r"support.{0,20}(image|pdf|document|vision)|(image|vision|pdf)\b.{0,20}(not|un)\W?supported"),
    ("media", r"messages\W+\d+.{0,50}\b(image|pdf|document)\.source"),
    ("too_long", r"too long|too many (input )?tokens|exceeds? .{0,60}(context|number of tokens|model length)"),
    ("too_long", r"context (window|length|limit|size)|reduce the length|request (exceeds|size|\w* ?too large)"),
)
_KINDS = tuple((kind, re.compile(pattern, re.I | re.S)) for kind, pattern in PATTERNS)
_FIGURES = tuple(
    re.compile(pattern.replace("SENT", r"(?P<sent>\d[\d,]*)").replace("LIMIT", r"(?P<limit>\d[\d,]*)"), re.I | re.S)
    for pattern in (
        r"SENT tokens > LIMIT",
        r"context limit: SENT \+ [\d,]+ > LIMIT",
        r"max\w*_tokens\W+SENT > LIMIT",
        r"context length is (?:only )?LIMIT.{0,120}?SENT (?:input tokens|in (?:the|your) (?:messages|prompt))",
        r"context length is (?:only )?LIMIT.{0,80}?(?:requested|resulted in|has|contains) (?:about )?SENT",
        r"(?:passed|contains) SENT (?:input )?tokens.{0,120}?(?:length is|with) (?:only )?LIMIT",
        r"\(SENT(?: tokens)?\).{0,60}?\(LIMIT",
        r"at most LIMIT (?:completion|output) tokens(?:.{0,40}provided SENT)?",
        r"(?:range|should be)[^\[]{0,40}\[\d+, ?LIMIT\]",
        r"(?:less than or equal to|model limit of) `?LIMIT",
        r"context (?:length|size|window|limit)(?: of| is)? (?:only )?\(?LIMIT",
    )
)
_PLACE = re.compile(r"messages[.\[](\d+)(?:\W+content\W+(\d+)(?:\W+(?:tool_result\W+)?content\W+(\d+))?)?")
_MESSAGE = re.compile(r'"(?:message|detail)"\s*:\s*"((?:[^"\\]|\\.)+)"')
DEPTH = 4
"""Bodies that gateways put into one another's messages, read so far."""


def read_message(body: Any, depth: int = DEPTH) -> str:
    """The words of an error body, from the innermost body that a gateway quotes; empty where there are none."""
    if isinstance(body, str):
        return _read_quoted(body, depth)
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    if isinstance(error, dict):
        raw = metadata.get("raw") if isinstance(metadata := error.get("metadata"), dict) else None
        return read_message(raw, depth) or read_message(error.get("message"), depth)
    return next(
        filter(None, (read_message(each, depth) for each in (error, body.get("message"), body.get("detail")))), ""
    )


def _read_quoted(text: str, depth: int) -> str:
    found = _MESSAGE.search(text) or _MESSAGE.search(text.replace('\\"', '"'))
    if found is None or depth == 0:
        return text.strip()
    try:
        inner = msgspec.json.decode(f'"{found[1]}"', type=str)
    except msgspec.DecodeError:
        inner = found[1]
    return read_message(inner, depth - 1)


def find_kind(message: str) -> str:
    """The kind of refusal that `message` tells; empty where it tells none that a repair knows."""
    return next((kind for kind, pattern in _KINDS if pattern.search(message)), "")


def read_refusal(message: str) -> Refusal:
    """Place and figures, as far as `message` has them.

    Where a prompt and its reply together are too long, `sent` is the prompt alone: it may be below `limit`.
    """
    place = _PLACE.search(message)
    figures = next(filter(None, (pattern.search(message) for pattern in _FIGURES)), None)
    told = figures.groupdict() if figures else {}
    return Refusal(
        tuple(int(part) for part in place.groups() if part) if place else (),
        _figure(told.get("sent")),
        _figure(told.get("limit")),
    )


def _figure(digits: str | None) -> int:
    return int(digits.replace(",", "")[:18]) if digits else 0
