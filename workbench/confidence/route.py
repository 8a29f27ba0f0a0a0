"""Where an answer goes by its confidence: sent, to review, or asked about (seed §7 `route_by_confidence`)."""

import msgspec

from workbench.core.decisions import Confidence, Route, choose_route


class RoutePolicy(msgspec.Struct, frozen=True):
    """The two thresholds between the three routes."""

    send: float = 0.85
    """From here on an answer is sent as it is."""
    review: float = 0.6
    """From here on it is sent and flagged for review; below, a person is asked."""


def route(confidence: Confidence | None, policy: RoutePolicy) -> Route:
    """`sent`, `review` or `asked`; `unrated` where there is no score."""
    return choose_route(confidence.value if confidence else None, policy.review, policy.send)
