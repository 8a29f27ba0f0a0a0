"""Settings files: each fault is named with file and line, and a workspace's own file only narrows."""

import os
from collections.abc import Callable
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


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(home: Path, work: Path) -> None:
    for file, text in (
        (home / "config.toml", "[steps]\r\nmax = 9\r\n"),
        (work / ".workbench.toml", "[steps]\nmax = 8\n"),
    ):
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    settings = load(work, home)
    assert (settings["steps.max"], settings.faults, settings.blocked) == (8, [], "")


def test_a_file_in_another_encoding_is_named_in_words(home: Path, work: Path) -> None:
    (home / "config.toml").write_bytes("[steps]\nmax = 9\n".encode("utf-16"))
    settings = load(work, home)
    assert "it cannot be read (it is not UTF-8); defaults are used" in settings.faults[0]
    assert settings.blocked


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
    assert settings.policies().escalation.blocked.startswith(str(home / "config.toml"))


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


@pytest.mark.parametrize("text", ["review = 0.9", "review = 0.9\nsend = 0.7", "send = 0.88\nreview = 0.9"])
def test_where_the_persons_thresholds_contradict_each_other_the_higher_one_rules(
    home: Path, work: Path, text: str
) -> None:
    own(home, f"[confidence]\n{text}\n")
    settings = load(work, home)
    assert (settings["confidence.review"], settings["confidence.send"]) == (0.9, 0.9)
    assert settings.faults


@pytest.mark.parametrize(("text", "kept"), [("review = 0.98", (0.9, 0.97)), ("send = 0.98", (0.9, 0.98))])
def test_a_workspace_whose_thresholds_contradict_leaves_those_of_the_person(
    home: Path, work: Path, text: str, kept: tuple[float, float]
) -> None:
    own(home, "[confidence]\nsend = 0.97\nreview = 0.9\n")
    project(work, f"[confidence]\n{text}\n")
    settings = load(work, home)
    assert (settings["confidence.review"], settings["confidence.send"]) == kept


FORBIDS = """[rules]
deny = ["shell(rm*)"]
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FORBIDS + "x = = 1", ":3"),
        (FORBIDS + 'ask = ["shell(("]', ":3"),
        (FORBIDS + "ask = 3", ":3"),
        ('[rules]\ndenny = ["shell(rm*)"]', ":2"),
        ('[rules]\nDeny = ["shell(rm*)"]', ":2"),
        ('[rule]\ndeny = ["shell(rm*)"]', ":2"),
        ('deny = ["shell(rm*)"]', ":1"),
        ('[[rules]]\ndeny = ["shell(rm*)"]', ":1"),
        ('[rules.deny]\nshell = "rm*"', ":2"),
    ],
)
def test_where_the_persons_own_rules_cannot_be_read_nothing_is_done_until_they_are_mended(
    home: Path, work: Path, text: str, line: str
) -> None:
    own(home, text)
    settings = load(work, home)
    assert settings.policies().escalation.blocked == f"{home / 'config.toml'}{line}"
    assert settings.faults


@pytest.mark.parametrize("text", ["", FORBIDS, "[window]\nsize = 'big'", "[rules]\nallow = ['((']", "colour = 1"])
def test_a_fault_that_forbids_nothing_holds_nothing_up(home: Path, work: Path, text: str) -> None:
    own(home, text)
    project(work, "x = = 1")
    assert load(work, home).policies().escalation.blocked == ""


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda at: at.symlink_to("/dev/zero")])
def test_a_persons_file_that_is_none_is_not_waited_for_and_holds_up_what_it_might_forbid(
    home: Path, work: Path, make: Callable[[Path], None]
) -> None:
    make(home / "config.toml")
    settings = load(work, home)
    assert "it is not a file" in settings.faults[0]
    assert settings.blocked == str(home / "config.toml")


def test_a_workspaces_file_that_lies_elsewhere_is_not_read(home: Path, work: Path) -> None:
    own(home, "[steps]\nmax = 3")
    (work / ".workbench.toml").symlink_to(home / "config.toml")
    (work.parent / "empty").mkdir()
    settings = load(work, work.parent / "empty")
    assert settings["steps.max"] == 25
    assert "it leads out of" in settings.faults[0]


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
    for name, wanted in zip(("confidence.send", "confidence.review"), mine, strict=True):
        assert before[name] >= (Settings()[name] if wanted is None else wanted)
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


GUARDED = {name: setting for name, setting in SETTINGS.items() if setting.project in ("lower", "raise")}


def numbers(setting: Setting) -> st.SearchStrategy[Any]:
    """Values in and around the bounds of a setting, and some that are none."""
    near = [setting.low, setting.default, min(setting.high, 10**15), -1, 0, "nan", "inf"]
    inside = st.floats(setting.low, min(setting.high, 1e6)) if isinstance(setting.default, float) else st.integers()
    return st.one_of(st.sampled_from(near), inside)


FILES = st.fixed_dictionaries({}, optional={name: numbers(setting) for name, setting in GUARDED.items()})


@given(mine=FILES, its=FILES)
def test_whatever_two_files_say_nothing_is_looser_than_what_the_person_set_or_the_default(
    tmp_path_factory: pytest.TempPathFactory, mine: dict[str, Any], its: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    for write, values in ((own, mine), (project, its)):
        write(folder, "\n".join(f"{name} = {value}" for name, value in values.items()))
    settings = load(folder, folder)
    for name, setting in GUARDED.items():
        wanted = mine.get(name, setting.default)
        reference = wanted if fits(setting, wanted) else setting.default
        if setting.project == "raise":
            assert settings[name] >= reference
        else:
            assert settings[name] <= reference
