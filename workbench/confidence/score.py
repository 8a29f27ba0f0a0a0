"""The confidence of an answer: what the model is told, its assessment taken out of the stream, and its route (seed §7).

    text pieces ─▶ TrailerFilter.feed ─▶ text safe to show
                   TrailerFilter.close ─▶ (rest, Confidence | None)

A trailer is the last thing of a text: `<assessment>{…}</assessment>`. A tag that something else follows is ordinary
text, so that an answer about trailers loses nothing. What cannot be read as a score from 0 to 1 is unrated.
"""

import msgspec

from workbench.core.decisions import Confidence, Route, choose_route
from workbench.core.messages import CLOSE, OPEN, trailer_start

GUIDE = """\
# Confidence

Say how sure you are that what you say is right, not how fluent it is.

Confidence guide:
- 0.9-1.0: You have seen this exact scenario, answer is certain.
- 0.7-0.9: High confidence, minor ambiguity possible.
- 0.5-0.7: Moderate confidence, multiple valid answers exist.
- 0.3-0.5: Low confidence, speculating based on limited info.
- 0.0-0.3: Very uncertain, essentially guessing.

End each final answer, and only a final answer, with one line that is taken out before the answer is shown:
<assessment>{"confidence": 0.0 to 1.0, "confidence_reasoning": "why you chose this score", \
"alternative_interpretations": ["other ways the question could be read"]}</assessment>
It is one JSON object, outside any code fence, and nothing follows it.

Each tool call may carry `confidence` (0.0 to 1.0, by the same guide) and `confidence_reason` (one short sentence) \
beside its other arguments. Give them where an action might be wrong; a person is asked first where you are unsure."""


class TrailerFilter:
    """Takes the assessment off the end of a text that arrives in pieces.

    However a text is cut into pieces, the text shown and the assessment are the same.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Text safe to show; what may be (the start of) a trailer is held back."""
        if not self._held and "<" not in piece:
            return piece
        text = self._held + piece
        start = trailer_start(text)
        self._held = text[start:]
        return text[:start]

    def close(self) -> tuple[str, Confidence | None]:
        """The rest of the text, and the assessment if there is a valid one.

        An unclosed trailer counts when its JSON is whole; otherwise it is dropped and the answer is unrated.
        """
        held, self._held = self._held, ""
        if not held.startswith(OPEN):
            return held, None
        return "", _parse_assessment(held[len(OPEN) :])


def read_assessment(text: str) -> Confidence | None:
    """What the trailer of `text` says; None when it is missing or invalid."""
    trailer = TrailerFilter()
    trailer.feed(text)
    return trailer.close()[1]


class RoutePolicy(msgspec.Struct, frozen=True):
    """The two thresholds between the three routes."""

    send: float = 0.85
    """From here on an answer is sent as it is."""
    review: float = 0.6
    """From here on it is sent and flagged for review; below, a person is asked."""


def route(confidence: Confidence | None, policy: RoutePolicy) -> Route:
    """`sent`, `review` or `asked`; `unrated` where there is no score (seed §7 `route_by_confidence`)."""
    return choose_route(confidence.value if confidence else None, policy.review, policy.send)


def read_score(value: object, reasoning: object = "", alternatives: object = ()) -> Confidence | None:
    """A Confidence from untrusted values; None unless `value` is a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= 1:
        return None
    others = alternatives if isinstance(alternatives, list | tuple) else ()
    return Confidence(float(value), _clean(reasoning), tuple(_clean(other) for other in others if _clean(other)))


def _parse_assessment(body: str) -> Confidence | None:
    import json  # msgspec refuses the lone surrogates that models escape

    body = body.lstrip()
    try:
        data, end = json.JSONDecoder().raw_decode(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not CLOSE.startswith(body[end:].strip()):
        return None
    return read_score(data.get("confidence"), data.get("confidence_reasoning"), data.get("alternative_interpretations"))


def _clean(value: object) -> str:
    """`value` if it is text, without the lone surrogates that JSON can smuggle in and no file can hold."""
    return value.encode("utf-8", "replace").decode("utf-8").strip() if isinstance(value, str) else ""
