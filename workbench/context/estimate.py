"""Tokens by estimate: a raw count times the ratio of the text's content class.

Long or mixed text is classed piece by piece (a fence, or a block of lines), so that code inside prose counts as code.
The work is linear in the text's length.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from workbench.context.classes import RATIOS, ContentClass, classify
from workbench.context.media import media_tokens
from workbench.core.messages import AnyPart, Media, Opaque, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.ports import TokenCounter

SHORT = 400
"""Characters up to which a text is one piece."""
PIECE = 2_000
"""Characters of a block of lines that is classed as one."""
CALL_FRAME = 12
"""Tokens around a call or a result: its ids and its kind."""


class Estimator:
    """Estimates tokens of a Claude model from a raw tokenizer; itself a `TokenCounter`."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter

    def count(self, text: str) -> int:
        """Tokens of `text`; 0 for nothing, else at least 1."""
        if not text:
            return 0
        if len(text) <= SHORT and "```" not in text:
            return max(1, round(self._counter.count(text) * RATIOS[classify(text)]))
        return max(1, round(sum(self._counter.count(piece) * RATIOS[kind] for kind, piece in cut_pieces(text))))

    def count_json(self, value: Any) -> int:
        """Tokens of a tool definition or of a call's arguments, as compact JSON."""
        text = msgspec.json.encode(value).decode()
        return max(1, round(self._counter.count(text) * RATIOS["json"]))

    def count_media(self, media: Media) -> int:
        """Tokens of an image or a document."""
        return media_tokens(media)

    def count_part(self, part: AnyPart) -> int:
        """Tokens of one content block, its frame included."""
        match part:
            case Text(text=text):
                return self.count(text)
            case Thinking(thinking=text):
                return max(1, self.count(text))
            case RedactedThinking(data=data):
                return max(1, len(data) // 6)
            case ToolUse(name=name, input=arguments):
                return self.count(name) + self.count_json(arguments) + CALL_FRAME
            case ToolResult(text=text, media=media):
                return self.count(text) + sum(map(media_tokens, media)) + CALL_FRAME
            case Opaque(data=data):
                return self.count_json(data)


def cut_pieces(text: str) -> Iterator[tuple[ContentClass, str]]:
    """`text` cut where its looks change, neighbours of one class joined; joined again they are `text`."""
    kind: ContentClass | None = None
    run: list[str] = []
    for block in _blocks(text):
        found = classify(block)
        if run and found != kind:
            yield kind or found, "".join(run)
            run = []
        kind = found
        run.append(block)
    if run and kind:
        yield kind, "".join(run)


def _blocks(text: str) -> Iterator[str]:
    """Blocks of whole lines of about `PIECE` characters; a fence begins and ends a block, a longer line is cut."""
    block: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        if block and (size + len(line) > PIECE or line.lstrip().startswith("```")):
            yield "".join(block)
            block, size = [], 0
        for start in range(0, len(line), PIECE):
            cut = line[start : start + PIECE]
            if len(line) > PIECE:
                yield cut
            else:
                block.append(cut)
                size += len(cut)
    if block:
        yield "".join(block)
