"""Settings as the policies of the systems that own them."""

from workbench.confidence import RoutePolicy
from workbench.context import WindowPolicy
from workbench.cost import BudgetPolicy
from workbench.engine import Policies, TurnPolicy
from workbench.escalation import EscalationPolicy, Rule
from workbench.reliability import RetryPolicy
from workbench.settings.files import Settings
from workbench.strategies import CompactionPolicy


def policies(settings: Settings) -> Policies:
    """Every policy, filled."""
    s = settings
    thrifty, direct, spent = s["tiers"]
    return Policies(
        window=WindowPolicy(s["window.size"], s["window.compact_at"], s["reply.reserve"]),
        budget=BudgetPolicy(
            s["budget.session_usd"],
            s["budget.session_tokens"],
            s["budget.day_usd"],
            s["budget.day_tokens"],
            (float(thrifty), float(direct), float(spent)),
        ),
        escalation=_escalation(s),
        route=RoutePolicy(s["confidence.send"], s["confidence.review"]),
        retry=RetryPolicy(attempts=s["retry.attempts"]),
        compaction=CompactionPolicy(s["summary.keep_last"], s["summary.min_tokens"], s["summary.max_tokens"]),
        turn=TurnPolicy(s["steps.max"]),
    )


def _readable(s: Settings, name: str, rule: str) -> bool:
    try:
        Rule.parse(rule)
    except ValueError as error:
        s.faults.append(f"`{name}`: {rule!r} is not a rule ({error}); it is left out.")
        return False
    return True


def _escalation(s: Settings) -> EscalationPolicy:
    default = EscalationPolicy()
    for name in ("rules.allow", "rules.ask", "rules.deny"):
        s.values[name] = [rule for rule in s[name] if _readable(s, name, rule)]
    return EscalationPolicy(
        confidence_act=s["confidence.act"],
        steps_budget=s["steps.budget"],
        expires_s=s["approval.expires_s"],
        quiet_s=s["approval.quiet_s"],
        always=(*default.always, *s["rules.always"]),
        allow=tuple(s["rules.allow"]),
        ask=tuple(s["rules.ask"]),
        deny=tuple(s["rules.deny"]),
    )
