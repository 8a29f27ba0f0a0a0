"""What command line, settings and environment choose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.bootstrap import Choice, choose
from workbench.bootstrap.build import build
from workbench.core.errors import SettingsFault, WorkbenchError

KEY = {"ANTHROPIC_API_KEY": "k"}
ADDRESS = {"ANTHROPIC_BASE_URL": "http://localhost:1"}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing is set, on a machine without any settings."""
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path / "home")}


@pytest.mark.parametrize(
    ("given", "provider"),
    [
        ({}, "rehearsal"),
        (KEY, "anthropic"),
        ({"ANTHROPIC_AUTH_TOKEN": "t"}, "anthropic"),
        ({"ANTHROPIC_API_KEY": ""}, "rehearsal"),
        (KEY | ADDRESS, "endpoint"),
        (ADDRESS, "endpoint"),
    ],
)
def test_the_environment_chooses_the_provider(
    tmp_path: Path, env: dict[str, str], given: dict[str, str], provider: str
) -> None:
    facts = choose(Choice(tmp_path), env | given).facts
    assert facts.provider == provider
    assert facts.as_if == (provider == "rehearsal")


def test_the_first_frame_waits_for_no_system(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from workbench.bootstrap import *; choose(Choice(Path()), {})\n"
    code += "print(*{name.split('.')[1] for name in sys.modules if name.startswith('workbench.')})"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"bootstrap", "core", "providers", "settings", "workspace"}


def test_a_profile_counts_as_a_key(tmp_path: Path, env: dict[str, str]) -> None:
    configs = tmp_path / "home" / ".config" / "anthropic" / "configs"
    configs.mkdir(parents=True)
    (configs / "default.json").write_text("{}")
    assert choose(Choice(tmp_path), env).facts.provider == "anthropic"


def test_the_command_line_outweighs_the_environment(tmp_path: Path, env: dict[str, str]) -> None:
    facts = choose(Choice(tmp_path, provider="rehearsal", model="mine"), env | KEY).facts
    assert (facts.provider, facts.model) == ("rehearsal", "mine")


def test_the_own_file_chooses_where_the_command_line_does_not(tmp_path: Path, env: dict[str, str]) -> None:
    config = tmp_path / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('provider = "endpoint"\nbase_url = "http://own"\nmodel = "local"\n')
    chosen = choose(Choice(tmp_path), env)
    assert (chosen.facts.provider, chosen.base_url, chosen.facts.model) == ("endpoint", "http://own", "local")
    assert choose(Choice(tmp_path), env | ADDRESS).base_url == "http://localhost:1"


@pytest.mark.parametrize(("provider", "hint"), [("endpoint", "ANTHROPIC_BASE_URL"), ("anthropic", "ANTHROPIC_API_KEY")])
def test_a_provider_that_lacks_something_says_what(
    tmp_path: Path, env: dict[str, str], provider: str, hint: str
) -> None:
    with pytest.raises(SettingsFault, match=hint):
        choose(Choice(tmp_path, provider=provider), env)


def test_sessions_option_then_environment_then_workspace_then_user_folder(
    tmp_path: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    found = [choose(Choice(tmp_path), env).sessions]
    (tmp_path / ".workbench.toml").write_text('sessions = "kept"')
    found.append(choose(Choice(tmp_path), env).sessions)
    env["WORKBENCH_SESSIONS"] = str(tmp_path / "env")
    found.append(choose(Choice(tmp_path), env).sessions)
    found.append(choose(Choice(tmp_path, sessions=tmp_path / "option"), env).sessions)
    assert "workbench" in found[0].parts
    assert found[1:] == [tmp_path / "kept", tmp_path / "env", tmp_path / "option"]


def test_a_home_that_nobody_has_is_a_message(tmp_path: Path, env: dict[str, str]) -> None:
    with pytest.raises(WorkbenchError, match="no home folder"):
        choose(Choice(tmp_path, sessions=Path("~nobody_of_this_name/x")), env)


def test_a_workspace_that_is_missing_or_a_file_is_a_message(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkbenchError, match="does not exist"):
        choose(Choice(tmp_path / "missing"), env)
    with pytest.raises(WorkbenchError, match="is not a folder"):
        choose(Choice(tmp_path / "file"), env)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_workspace_that_cannot_be_read_is_a_message(tmp_path: Path, env: dict[str, str]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    with pytest.raises(WorkbenchError, match="cannot be read"):
        choose(Choice(closed), env)


def test_a_link_to_a_workspace_is_the_workspace(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert choose(Choice(tmp_path / "link"), env).workspace == tmp_path / "real"


def test_a_sessions_folder_that_cannot_be_made_is_a_message(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkbenchError, match="cannot be made"):
        build(choose(Choice(tmp_path, sessions=tmp_path / "file" / "sessions"), env))


def test_without_a_home_the_sessions_are_put_nowhere_but_where_one_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name: f"~/.local/share/{name}")  # nobody's `~`
    with pytest.raises(SettingsFault, match=r"no home folder.*--sessions DIR"):
        choose(Choice(tmp_path), {"XDG_CONFIG_HOME": str(tmp_path)})
    assert choose(Choice(tmp_path, sessions=tmp_path / "kept"), {"XDG_CONFIG_HOME": str(tmp_path)}).sessions


def test_a_working_directory_that_is_gone_is_named_unless_every_path_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    with pytest.raises(SettingsFault, match=r"is gone.*--workspace DIR"):
        choose(Choice(Path(), sessions=tmp_path / "kept"), env)
    with pytest.raises(SettingsFault, match=r"is gone.*--sessions DIR"):
        choose(Choice(tmp_path, sessions=Path("kept")), env)
    assert choose(Choice(tmp_path, sessions=tmp_path / "kept"), env).workspace == tmp_path
