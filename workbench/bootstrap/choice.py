"""What command line, settings and environment choose; imports nothing slow."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.core.errors import SettingsFault
from workbench.core.messages import replace_surrogates
from workbench.core.ports import Clock, RuntimeInfo, SystemClock
from workbench.providers.clients import ANTHROPIC, BASE_URL, check_credentials, has_credentials
from workbench.providers.network import check_network, find_proxy
from workbench.settings import Settings, config_folder, load
from workbench.workspace import branch

if TYPE_CHECKING:
    from workbench.escalation import Approve

DEFAULT_MODEL = "claude-opus-5-5"


class Choice(msgspec.Struct, frozen=True):
    """What the command line chose; None and empty leave it to settings and environment."""

    workspace: Path
    provider: str = ""
    model: str = ""
    sessions: Path | None = None
    approve: "Approve | None" = None
    """For a run without a person; None where one answers."""
    max_steps: int | None = None
    max_usd: float | None = None
    add_dirs: tuple[Path, ...] = ()
    """Folders beside the workspace that the file tools may use, absolute."""


class Chosen(msgspec.Struct, frozen=True):
    """Everything that is decided before an engine is built."""

    choice: Choice
    settings: Settings
    facts: RuntimeInfo
    env: Mapping[str, str]
    base_url: str
    clock: Clock

    @property
    def workspace(self) -> Path:
        """The folder that the agent works in, resolved."""
        return Path(self.facts.workspace)

    @property
    def sessions(self) -> Path:
        """The folder that keeps the sessions."""
        return Path(self.facts.sessions)

    @property
    def address(self) -> str:
        """Of the model server; a rehearsal's has none."""
        match self.facts.provider:
            case "anthropic":
                return self.env.get(BASE_URL, "").strip() or ANTHROPIC
            case "endpoint":
                return self.base_url
        return ""

    @property
    def proxy(self) -> str:
        """The variable that names the proxy before the model server; empty where there is none."""
        proxy = find_proxy(self.address, self.env) if self.address else None
        return proxy.variable if proxy else ""

    def check_reach(self) -> None:
        """Raises SettingsFault, naming the variable, where the model server could not be asked as things are set."""
        if self.address:
            check_credentials(self.env)
            source = BASE_URL if self.env.get(BASE_URL, "").strip() else "base_url in the settings"
            check_network(self.address, source, self.env)


def choose(choice: Choice, env: Mapping[str, str] | None = None) -> Chosen:
    """Decide. Raises SettingsFault with a message for a person."""
    env = os.environ if env is None else env
    workspace = _workspace(choice.workspace)
    settings = load(workspace, config_folder(env))
    base_url = (env.get(BASE_URL, "").strip() or settings.text("base_url")).strip()
    provider = _provider(choice.provider or settings.text("provider"), base_url, env)
    root = sessions_folder(choice.sessions, workspace, settings, env)
    model = choice.model or settings.text("model") or ("rehearsal" if provider == "rehearsal" else DEFAULT_MODEL)
    as_if = provider == "rehearsal"
    if as_if and (script := env.get("WORKBENCH_REHEARSAL")):
        from workbench.providers.rehearsal.script import load as load_script

        load_script(workspace / script)  # one that cannot be played is reported now, not at the first request
    added = tuple(map(str, choice.add_dirs))
    place = (str(workspace), branch(workspace), str(root))
    facts = RuntimeInfo(provider, model, as_if, *place, _strategies, model_is_default=not choice.model, added=added)
    return Chosen(choice, settings, facts, env, base_url, SystemClock())


def sessions_folder(chosen: Path | None, workspace: Path, settings: Settings, env: Mapping[str, str]) -> Path:
    """Where sessions are kept: option, environment, workspace file, user data directory, in this order."""
    given = chosen or env.get("WORKBENCH_SESSIONS")
    if given:
        return _absolute(Path(given), "sessions")
    if folder := settings.text("sessions"):
        return (workspace / _expanded(Path(folder))).absolute()
    return data_folder(env) / "sessions"


def data_folder(env: Mapping[str, str]) -> Path:
    """`$XDG_DATA_HOME/workbench`, or where this system keeps a user's data: sessions, and what all of them share."""
    if home := env.get("XDG_DATA_HOME"):
        return Path(home) / "workbench"
    import platformdirs

    kept = Path(platformdirs.user_data_dir("workbench"))
    if not kept.is_absolute():
        raise SettingsFault("there is no home folder for the sessions.", hint="Set HOME, or say --sessions DIR.")
    return kept


def _strategies() -> tuple[tuple[str, str, str], ...]:
    from workbench.strategies import choices

    return choices()


def _expanded(folder: Path) -> Path:
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise SettingsFault(f"there is no home folder for {folder}.", hint="Write the whole path.") from error


def _absolute(folder: Path, option: str) -> Path:
    """`folder` from where this was started, which may be gone by now."""
    try:
        return _expanded(folder).absolute()
    except FileNotFoundError as error:
        hint = f"Go to one that is there, or name a whole path with --{option} DIR."
        raise SettingsFault("the folder that this was started in is gone.", hint=hint) from error


def _workspace(folder: Path) -> Path:
    path = _absolute(folder, "workspace")
    if not path.is_dir():
        what = "is not a folder" if path.exists() else "does not exist"
        raise SettingsFault(f"the workspace {path} {what}.", hint="Name another with --workspace DIR.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise SettingsFault(f"the workspace {path} cannot be read.", hint="Check its permissions.")
    if (shown := replace_surrogates(str(path))) != str(path):
        raise SettingsFault(f"the name of the workspace {shown} is not UTF-8.", hint="Rename it, or link to it.")
    return path.resolve()


def _provider(wanted: str, base_url: str, env: Mapping[str, str]) -> str:
    if wanted == "endpoint" and not base_url:
        raise SettingsFault("the provider endpoint needs an address.", hint="Set ANTHROPIC_BASE_URL.")
    if wanted == "anthropic" and not has_credentials(env):
        raise SettingsFault(
            "the provider anthropic needs a key.", hint="Set ANTHROPIC_API_KEY, or use --provider rehearsal."
        )
    if wanted:
        return wanted
    if base_url:
        return "endpoint"  # a local server often asks for no key
    return "anthropic" if has_credentials(env) else "rehearsal"
