"""Confidence calibration (seed §7).

The model scores each answer in a trailer and each action in two arguments; both are taken out before anyone sees them.
A score routes an answer: sent, reviewed, or asked about.
Whatever is missing or invalid is unrated, never a made-up number.
"""

from workbench.confidence.action import add_confidence, take_confidence
from workbench.confidence.score import GUIDE, RoutePolicy, TrailerFilter, read_assessment, route

__all__ = [
    "GUIDE",
    "RoutePolicy",
    "TrailerFilter",
    "add_confidence",
    "read_assessment",
    "route",
    "take_confidence",
]
