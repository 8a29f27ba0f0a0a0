"""Settings files: each fault is named with file and line, and a workspace's own file only narrows."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.settings import SETTINGS, Setting, Settings, config_folder, load, strategy_names


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def own(home: Path, text: str) -> None:
    """Write the person's file."""
    (home / "config.toml").write_text(text, encoding="utf-8")


def project(work: Path, text: str) -> None:
    """Write the workspace's file."""
    (work / ".workbench.toml").write_text(text, encoding="utf-8")


def test_without_files_every_default_stands(home: Path, work: Path) -> None:
    settings = load(work, home)
    assert settings.values == {name: setting.default for name, setting in SETTINGS.items()}
    assert settings.faults == []


def test_a_fault_names_file_and_line_and_costs_only_its_setting(home: Path, work: Path) -> None:
    own(home, '# mine\n[window]\nsize = "big"\ncompact_at = 0.5\n\n[budget]\nsession_usd = true\n')
    settings = load(work, home)
    file = home / "config.toml"
    assert [fault.split(": ")[0] for fault in settings.faults] == [f"{file}:3", f"{file}:7"]
    assert settings["window.size"] == 200_000
    assert settings["window.compact_at"] == 0.5


def test_a_dotted_key_is_found_on_its_line(home: Path, work: Path) -> None:
    own(home, "\n\nwindow.size = 3.5\n")
    assert load(work, home).faults[0].startswith(f"{home / 'config.toml'}:3: `window.size` must be a whole number")


def test_an_unknown_setting_is_named_and_ignored(home: Path, work: Path) -> None:
    own(home, "[window]\nsice = 3\n")
    assert "there is no setting `window.sice`" in load(work, home).faults[0]


@pytest.mark.parametrize("text", ["[window\n", "a = = 1", "x = " + "[" * 3_000])
def test_a_file_that_is_no_toml_leaves_the_defaults(home: Path, work: Path, text: str) -> None:
    own(home, text)
    settings = load(work, home)
    assert "not valid TOML" in settings.faults[0]
    assert settings.values == Settings().values


def test_a_file_that_cannot_be_read_leaves_the_defaults(home: Path, work: Path) -> None:
    (home / "config.toml").write_bytes(b"theme = '\xff\xfe'")
    (work / ".workbench.toml").mkdir()
    assert [("cannot be read" in fault) for fault in load(work, home).faults] == [True, True]


def test_a_workspace_lowers_limits_and_cannot_raise_them(home: Path, work: Path) -> None:
    own(home, "[budget]\nsession_usd = 3\n[steps]\nmax = 10\n")
    project(work, "[budget]\nsession_usd = 2\nday_usd = 99\n[steps]\nmax = 11\n")
    settings = load(work, home)
    assert (settings["budget.session_usd"], settings["budget.day_usd"], settings["steps.max"]) == (2.0, 20.0, 10)
    assert [fault.split("`")[1] for fault in settings.faults] == ["budget.day_usd", "steps.max"]


def test_a_workspace_only_raises_what_guards_by_being_high(home: Path, work: Path) -> None:
    project(work, "[confidence]\nact = 0.9\nsend = 0.1\n[approval]\nquiet_s = 0.0\n")
    settings = load(work, home)
    assert (settings["confidence.act"], settings["confidence.send"], settings["approval.quiet_s"]) == (0.9, 0.85, 0.4)


def test_a_workspace_adds_rules_and_cannot_allow_anything(home: Path, work: Path) -> None:
    own(home, '[rules]\ndeny = ["shell(rm*)"]\n')
    project(work, '[rules]\ndeny = ["shell(curl*)"]\nallow = ["shell(*)"]\nalways = ["drop_it"]\n')
    settings = load(work, home)
    assert settings["rules.deny"] == ["shell(rm*)", "shell(curl*)"]
    assert settings["rules.allow"] == []
    assert "drop_it" in settings.policies().escalation.always
    assert "delete_database" in settings.policies().escalation.always


@pytest.mark.parametrize(
    "line", ['provider = "anthropic"', 'base_url = "http://elsewhere"', 'model = "x"', 'theme = "x"']
)
def test_a_workspace_chooses_neither_provider_nor_address(home: Path, work: Path, line: str) -> None:
    project(work, line)
    settings = load(work, home)
    assert settings.values == Settings().values
    assert "cannot be set by a workspace" in settings.faults[0]


@pytest.mark.parametrize("folder", ["..", "/tmp", "~/elsewhere", "~nobody_here/x", "a/../../b", "link", "link/deeper"])
def test_a_workspace_keeps_its_sessions_inside(home: Path, work: Path, folder: str) -> None:
    (work / "link").symlink_to(home)
    project(work, f'sessions = "{folder}"')
    settings = load(work, home)
    assert settings["sessions"] == ""
    assert "inside the workspace" in settings.faults[0]


def test_a_rule_that_cannot_be_read_is_named_with_its_line_and_left_out_alone(home: Path, work: Path) -> None:
    own(home, '[rules]\nask = ["edit"]\ndeny = ["shell(rm*)", "shell(("]\n')
    settings = load(work, home)
    assert settings.policies().escalation.deny == ("shell(rm*)",)
    assert len(settings.faults) == 1
    assert settings.faults[0].startswith(f"{home / 'config.toml'}:3: `rules.deny`: 'shell((' is not a rule")


def test_thresholds_that_contradict_each_other_fall_back_together(home: Path, work: Path) -> None:
    own(home, "[confidence]\nreview = 0.9\n")
    settings = load(work, home)
    assert (settings["confidence.review"], settings["confidence.send"]) == (0.6, 0.85)
    assert settings.faults


@pytest.mark.parametrize(("text", "kept"), [("review = 0.98", (0.9, 0.97)), ("send = 0.98", (0.9, 0.98))])
def test_a_workspace_whose_thresholds_contradict_leaves_those_of_the_person(
    home: Path, work: Path, text: str, kept: tuple[float, float]
) -> None:
    own(home, "[confidence]\nsend = 0.97\nreview = 0.9\n")
    project(work, f"[confidence]\n{text}\n")
    settings = load(work, home)
    assert (settings["confidence.review"], settings["confidence.send"]) == kept


thresholds = st.one_of(st.none(), st.floats(0, 1))


@given(mine=st.tuples(thresholds, thresholds), its=st.tuples(thresholds, thresholds))
def test_no_workspace_loosens_a_threshold_of_the_person(
    tmp_path_factory: pytest.TempPathFactory, mine: tuple[float | None, ...], its: tuple[float | None, ...]
) -> None:
    folder = tmp_path_factory.mktemp("thresholds")

    def written(pair: tuple[float | None, ...]) -> str:
        lines = zip(("send", "review"), pair, strict=True)
        return "\n".join(["[confidence]", *(f"{name} = {value!r}" for name, value in lines if value is not None)])

    own(folder, written(mine))
    before = load(folder, folder)
    project(folder, written(its))
    after = load(folder, folder)
    assert after["confidence.send"] >= before["confidence.send"]
    assert after["confidence.review"] >= before["confidence.review"]
    assert after["confidence.review"] <= after["confidence.send"]


def test_a_strategy_that_is_not_registered_is_refused_with_the_names_there_are(home: Path, work: Path) -> None:
    own(home, '[compaction]\nstrategy = "guess"\n')
    settings = load(work, home)
    assert settings["compaction.strategy"] == "auto"
    assert f"must be one of {', '.join(strategy_names())}" in settings.faults[0]


def test_a_workspace_file_that_never_ends_is_not_read(home: Path, work: Path) -> None:
    (work / ".workbench.toml").symlink_to("/dev/zero")
    assert "not a file" in load(work, home).faults[0]
    (work / ".workbench.toml").unlink()
    project(work, "#" * 1_000_001)
    assert "larger than 1 MB" in load(work, home).faults[0]


def test_a_reserve_as_large_as_the_window_is_made_smaller(home: Path, work: Path) -> None:
    own(home, "[window]\nsize = 8000\n")
    assert load(work, home)["reply.reserve"] == 2_000


def test_the_config_folder_follows_the_environment() -> None:
    assert config_folder({"XDG_CONFIG_HOME": "/etc/xdg"}) == Path("/etc/xdg/workbench")


def fits(setting: Setting, value: Any) -> bool:
    """The type and bounds of a setting, said once more in the plainest way."""
    match setting.default:
        case str():
            names = setting.choices() if setting.choices else (value,)
            return isinstance(value, str) and value in (setting.default, *names)
        case []:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case list():
            return isinstance(value, list) and len(value) == 3
        case int():
            return isinstance(value, int) and setting.low <= value <= setting.high
        case _:
            return isinstance(value, int | float) and setting.low <= value <= setting.high


ANYTHING = st.one_of(
    st.integers(),
    st.integers(min_value=10**300, max_value=10**400),
    st.floats(),
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=("Cc",)), max_size=8),
    st.lists(st.one_of(st.floats(), st.text("ab(*)", max_size=5)), max_size=4),
)


def toml(value: Any) -> str:
    """`value` as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return repr(value)


@given(name=st.sampled_from(sorted(SETTINGS)), value=ANYTHING, narrows=st.booleans())
def test_whatever_a_file_says_each_setting_keeps_its_type_and_bounds(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: Any, narrows: bool
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    file = folder / (".workbench.toml" if narrows else "config.toml")
    file.write_text(f"{name} = {toml(value)}\n", encoding="utf-8")
    settings = load(folder, folder)
    assert all(fits(SETTINGS[each], settings[each]) for each in SETTINGS)
    taken = settings.values != Settings().values
    refused = [fault for fault in settings.faults if f":1: `{name}`" in fault and "left out" not in fault]
    assert not (taken and refused)
    if narrows and taken and SETTINGS[name].project == "lower":
        assert settings[name] < SETTINGS[name].default
    settings.policies()
