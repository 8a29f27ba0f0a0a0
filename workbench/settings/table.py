"""Every setting, declared once: default, meaning, bounds, what a workspace may do, the policy field it fills.

A new setting is a line here and the field of the policy (or of `Options`) that uses it; files, policies and the user
interface read this table. Systems are imported only when they are asked for names: start-up reads settings first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import msgspec

from workbench.core.ports import Options

if TYPE_CHECKING:
    from workbench.engine import Policies

Value = str | bool | int | float | list[str] | list[float]
Project = Literal["lower", "raise", "add", "inside", "any", "no"]
"""What a workspace's file may do: lower or raise the number (towards safety), add to the list, name a folder inside
the workspace, set anything, or nothing."""

PROVIDERS = ("anthropic", "endpoint", "rehearsal")
"""Who can answer; command line and settings take their names from here."""

NOTICES = ("auto", "bell", "osc9", "osc777", "none")
PROGRESSES = ("auto", "always", "none")
MOTIONS = ("full", "reduced")


class Setting(msgspec.Struct, frozen=True):
    """One setting. Its type is that of its default."""

    default: Value
    help: str
    low: float = 0
    high: float = float("inf")
    """Numbers lie in `low..high`."""
    project: Project = "lower"
    fills: str = ""
    """`policy.field` of `engine.Policies`; empty where bootstrap alone reads it."""
    extends: bool = False
    """True where the list is added to what the policy has by itself."""
    ui: bool = False
    """True where the user interface sees it, in the field of `core.ports.Options` named like it."""
    choices: Callable[[], tuple[str, ...]] | None = None
    """The names that it may be, besides its default."""
    wrong: Callable[[str], str] | None = None
    """Says what is wrong with one string of the list, or nothing."""


def strategy_names() -> tuple[str, ...]:
    """The strategies that a compaction may use."""
    from workbench.strategies import names

    return names()


def _wrong_rule(text: str) -> str:
    from workbench.escalation import Rule

    try:
        Rule.parse(text)
    except ValueError as error:
        return str(error)
    return ""


SETTINGS: dict[str, Setting] = {
    "provider": Setting("", "who answers; empty chooses", project="no", choices=lambda: PROVIDERS),
    "model": Setting("", "model id; empty is the provider's default", project="no"),
    "base_url": Setting("", "address of an Anthropic-compatible endpoint", project="no"),
    "sessions": Setting("", "folder that keeps the sessions", project="inside"),
    "theme": Setting("lamplight", "lamplight, daylight, chalk, or a palette of yours", project="no"),
    "notify": Setting(
        "auto", "the sign when a long turn is over or a question waits", project="no", ui=True, choices=lambda: NOTICES
    ),
    "title": Setting(True, "whether the window gets a title", project="no", ui=True),
    "progress": Setting(
        "auto", "progress in tab and taskbar (OSC 9;4)", project="no", ui=True, choices=lambda: PROGRESSES
    ),
    "mouse": Setting(True, "whether clicks and the wheel are ours, not the terminal's", project="no", ui=True),
    "linear": Setting(False, "plain sentences in reading order, for a screen reader", project="no", ui=True),
    "motion": Setting("full", "what moves while a turn runs", project="no", ui=True, choices=lambda: MOTIONS),
    "window.size": Setting(200_000, "tokens of the window that are used", 2_000, 2_000_000, fills="window.size"),
    "window.compact_at": Setting(0.7, "share of the window at which it compacts", 0.1, 1.0, fills="window.compact_at"),
    "reply.reserve": Setting(32_000, "tokens kept free for the reply", 256, 128_000, fills="window.reserve"),
    "compaction.strategy": Setting(
        "auto", "what compacts when none is named", project="any", fills="compaction.strategy", choices=strategy_names
    ),
    "compaction.probe_model": Setting(
        False,
        "ask the model, after each compaction, what it still knows; costs a request",
        project="no",
        fills="compaction.probe_model",
    ),
    "budget.session_usd": Setting(5.0, "dollars a session may cost", fills="budget.session_usd"),
    "budget.day_usd": Setting(20.0, "dollars a day may cost", fills="budget.day_usd"),
    "budget.session_tokens": Setting(25_000_000, "tokens a session may use", 0, 10**15, fills="budget.session_tokens"),
    "budget.day_tokens": Setting(100_000_000, "tokens a day may use", 0, 10**15, fills="budget.day_tokens"),
    "tiers": Setting(
        [0.75, 0.90, 1.0], "shares of the fullest budget that begin tiers 2 to 4", 0, 1, "no", fills="budget.tiers"
    ),
    "steps.budget": Setting(15, "steps of a turn before it asks", 1, 1_000, fills="escalation.steps_budget", ui=True),
    "steps.max": Setting(25, "steps of a turn, the last one without tools", 1, 1_000, fills="turn.max_steps"),
    "confidence.act": Setting(0.7, "an action below this asks", 0.0, 1.0, "raise", fills="escalation.confidence_act"),
    "confidence.send": Setting(0.85, "an answer from here on is sent", 0.0, 1.0, "raise", fills="route.send", ui=True),
    "confidence.review": Setting(
        0.6, "an answer below this asks what was meant", 0.0, 1.0, "raise", fills="route.review", ui=True
    ),
    "approval.quiet_s": Setting(
        0.4, "seconds without a key before an approval opens", 0.0, 60.0, "raise", fills="escalation.quiet_s", ui=True
    ),
    "approval.expires_s": Setting(
        600.0, "seconds until an unanswered approval expires", 1.0, 86_400.0, fills="escalation.expires_s"
    ),
    "summary.keep_last": Setting(
        10, "messages that a compaction keeps word for word", 1, 1_000, "any", fills="compaction.keep_last"
    ),
    "summary.min_tokens": Setting(500, "least length of a summary", 50, 100_000, "any", fills="compaction.summary_min"),
    "summary.max_tokens": Setting(
        2_000, "greatest length of a summary", 50, 100_000, "any", fills="compaction.summary_max"
    ),
    "stream.stall_s": Setting(60.0, "seconds of silence after which a stream is stalled", 1.0, 3_600.0),
    "retry.attempts": Setting(5, "tries at a request that may succeed later", 1, 20, fills="retry.attempts"),
    "rules.allow": Setting(
        [], "calls that run unasked, e.g. shell(pytest*)", project="no", fills="escalation.allow", wrong=_wrong_rule
    ),
    "rules.ask": Setting([], "calls that always ask", project="add", fills="escalation.ask", wrong=_wrong_rule),
    "rules.deny": Setting([], "calls that never run", project="add", fills="escalation.deny", wrong=_wrong_rule),
    "rules.always": Setting(
        [], "more names for the always-escalate list", project="add", fills="escalation.always", extends=True
    ),
}


class Settings(msgspec.Struct):
    """Values by name, and a message for each fault in the files."""

    values: dict[str, Value] = msgspec.field(default_factory=lambda: {name: s.default for name, s in SETTINGS.items()})
    faults: list[str] = msgspec.field(default_factory=list)
    blocked: str = ""
    """Where the person's own file is so broken that what it forbids is not known, as file:line; empty where it is."""
    given: set[str] = msgspec.field(default_factory=set)
    """Names that a file sets."""

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def text(self, name: str) -> str:
        """A setting that is a string. Raises TypeError for another."""
        return msgspec.convert(self.values[name], str)

    def number(self, name: str) -> float:
        """A setting that is a number. Raises TypeError for another."""
        return msgspec.convert(self.values[name], float)

    def policies(self) -> "Policies":
        """Every policy, filled as the table says. Imports the systems."""
        from workbench.engine import Policies

        standing = Policies()
        filled: dict[str, dict[str, object]] = {}
        for name, setting in SETTINGS.items():
            policy, _, part = setting.fills.partition(".")
            value = self.values[name]
            if setting.extends and isinstance(value, list):
                value = [*getattr(getattr(standing, policy), part), *value]
            if policy:
                filled.setdefault(policy, {})[part] = value
        filled["escalation"]["blocked"] = self.blocked
        return msgspec.convert(filled, Policies)

    def options(self) -> Options:
        """What the user interface sees."""
        seen = {name.replace(".", "_"): self.values[name] for name, setting in SETTINGS.items() if setting.ui}
        return msgspec.convert(seen | {"settings_faults": self.faults}, Options)
