"""One declaration is enough: every setting reaches its policy field and the user interface, by the table alone."""

from collections import Counter
from dataclasses import fields
from typing import Any

import msgspec
import pytest

from workbench.core.ports import Options
from workbench.engine import Policies
from workbench.settings import SETTINGS, Setting, Settings

UNSET = {
    "budget.cap_usd": "the command line sets it",
    "budget.named": "told by which settings a file names",
    "compaction.deadline_s": "the end of a strategy that hangs is nobody's choice",
    "escalation.blocked": "it is a fault of the person's file, not a wish",
    "retry.base_s": "a server's own word counts for more",
    "retry.cap_s": "a server's own word counts for more",
    "turn.deadline_s": "promised in the outside contracts",
}
"""Policy fields that no setting fills, and why."""
FILLING = {name: setting for name, setting in SETTINGS.items() if setting.fills}


def plain(policies: Policies) -> Any:
    """As dicts and lists."""
    return msgspec.json.decode(msgspec.json.encode(policies))


def another(setting: Setting) -> Any:
    """A value that the setting may have and that is not its default."""
    match setting.default:
        case list(default):
            return [each * 0.9 for each in default] or ["shell(another*)"]
        case str(default):
            return next(name for name in setting.choices() if name != default) if setting.choices else "another"
        case bool(default):
            return not default
        case int(default):
            return default + 1
        case default:
            return default * 0.9


@pytest.mark.parametrize("name", FILLING)
def test_a_setting_fills_its_field_and_no_other(name: str) -> None:
    settings, setting = Settings(), SETTINGS[name]
    settings.values[name] = another(setting)
    standing, filled = plain(Policies()), plain(settings.policies())
    policy, field = setting.fills.split(".")
    value = settings.values[name]
    standing[policy][field] = [*standing[policy][field], *value] if setting.extends else value
    assert filled == standing


def test_a_default_is_that_of_the_field() -> None:
    own = {name: s.default for name, s in FILLING.items() if not s.extends}
    standing = plain(Policies())
    for name, default in own.items():
        policy, field = SETTINGS[name].fills.split(".")
        assert default == standing[policy][field], name
    assert all(setting.default == [] for setting in SETTINGS.values() if setting.extends)


def test_every_policy_field_is_filled_by_one_setting_or_says_why_not() -> None:
    standing = Policies()
    every = {
        f"{policy.name}.{field}"
        for policy in fields(Policies)
        for field in getattr(standing, policy.name).__struct_fields__
    }
    filled = Counter(setting.fills for setting in FILLING.values())
    assert set(filled) | set(UNSET) == every
    assert not set(filled) & set(UNSET)
    assert set(filled.values()) == {1}


def test_what_the_user_interface_sees_arrives_there() -> None:
    settings = Settings(faults=["config.toml:1: wrong"])
    seen = {name: setting for name, setting in SETTINGS.items() if setting.ui}
    for name, setting in seen.items():
        settings.values[name] = another(setting)
    options = settings.options()
    assert {name: getattr(options, name.replace(".", "_")) for name in seen} == {name: settings[name] for name in seen}
    assert len(Options.__struct_fields__) == len(seen) + 1
    assert options.settings_faults == ("config.toml:1: wrong",)


def test_a_setting_explains_itself_and_its_default_lies_in_its_bounds() -> None:
    for name, setting in SETTINGS.items():
        assert setting.help, name
        if isinstance(setting.default, int | float):
            assert setting.low <= setting.default <= setting.high, name
