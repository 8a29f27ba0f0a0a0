"""Every setting, once: its name, default, bounds, and what a workspace's own file may do with it."""

from dataclasses import dataclass
from typing import Any, Literal

Project = Literal["lower", "raise", "add", "any", "no"]
"""What `.workbench.toml` may do: lower or raise the number (towards safety), add to the list, anything, or nothing."""


@dataclass(frozen=True)
class Setting:
    """One setting. Its type is that of its default; numbers lie in `low..high`."""

    default: Any
    help: str
    low: float = 0
    high: float = float("inf")
    project: Project = "lower"
    choices: tuple[str, ...] = ()


SETTINGS: dict[str, Setting] = {
    "provider": Setting(
        "",
        "anthropic, endpoint or rehearsal; empty chooses",
        project="no",
        choices=("", "anthropic", "endpoint", "rehearsal"),
    ),
    "model": Setting("", "model id; empty is the provider's default", project="no"),
    "base_url": Setting("", "address of an Anthropic-compatible endpoint", project="no"),
    "sessions": Setting("", "folder that keeps the sessions", project="any"),
    "theme": Setting("lamplight", "lamplight, daylight, chalk, or a palette of yours", project="no"),
    "window.size": Setting(200_000, "tokens of the window that are used", 2_000, 2_000_000),
    "window.compact_at": Setting(0.7, "share of the window at which it compacts", 0.1, 1.0),
    "reply.reserve": Setting(32_000, "tokens kept free for the reply", 256, 128_000),
    "budget.session_usd": Setting(5.0, "dollars a session may cost", 0.0),
    "budget.day_usd": Setting(20.0, "dollars a day may cost", 0.0),
    "budget.session_tokens": Setting(2_000_000, "tokens a session may use", 0, 10**15),
    "budget.day_tokens": Setting(10_000_000, "tokens a day may use", 0, 10**15),
    "tiers": Setting([0.75, 0.90, 1.0], "shares of the fullest budget that begin tiers 2, 3 and 4", 0.0, 1.0, "no"),
    "steps.budget": Setting(15, "steps of a turn before it asks", 1, 1_000),
    "steps.max": Setting(25, "steps of a turn, the last one without tools", 1, 1_000),
    "confidence.act": Setting(0.7, "an action below this asks", 0.0, 1.0, "raise"),
    "confidence.send": Setting(0.85, "an answer from here on is sent", 0.0, 1.0, "raise"),
    "confidence.review": Setting(0.6, "an answer below this asks what was meant", 0.0, 1.0, "raise"),
    "approval.quiet_s": Setting(0.4, "seconds without a key before an approval opens", 0.0, 60.0, "raise"),
    "approval.expires_s": Setting(600.0, "seconds until an unanswered approval expires", 1.0, 86_400.0),
    "summary.keep_last": Setting(10, "messages that a compaction keeps word for word", 1, 1_000, "any"),
    "summary.min_tokens": Setting(500, "least length of a summary", 50, 100_000, "any"),
    "summary.max_tokens": Setting(2_000, "greatest length of a summary", 50, 100_000, "any"),
    "stream.stall_s": Setting(60.0, "seconds of silence after which a stream is stalled", 1.0, 3_600.0),
    "retry.attempts": Setting(5, "tries at a request that may succeed later", 1, 20),
    "rules.allow": Setting([], "calls that run without asking, e.g. shell(pytest*)", project="no"),
    "rules.ask": Setting([], "calls that always ask", project="add"),
    "rules.deny": Setting([], "calls that never run", project="add"),
    "rules.always": Setting([], "more names for the always-escalate list", project="add"),
}
