"""The SDK's clients by where they lead; each is built when it is first needed, because the SDK is slow to import."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import SettingsFault
from workbench.providers.network import make_http_client

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ANTHROPIC = "https://api.anthropic.com"
NO_KEY = "none"
"""Sent to an endpoint that was given no key: most local servers ask for none, the SDK always does."""
KEY, TOKEN, BASE_URL = "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"
READ_BY_THE_SDK = tuple(
    f"ANTHROPIC_{name}"
    for name in ("CUSTOM_HEADERS", "PROFILE", "FEDERATION_RULE_ID", "ORGANIZATION_ID", "IDENTITY_TOKEN")
)
"""Variables that end in a header without passing through here."""


def anthropic_client(env: Mapping[str, str]) -> "AsyncAnthropic":
    """The Messages API, with the key, token or profile of `env`. Never tries again by itself. Raises SettingsFault."""
    from anthropic import AsyncAnthropic

    key, token = read_credentials(env)
    http = make_http_client(env.get(BASE_URL, "").strip() or ANTHROPIC, env)
    return AsyncAnthropic(api_key=key, auth_token=token, http_client=http, max_retries=0)


def endpoint_client(base_url: str, env: Mapping[str, str]) -> "AsyncAnthropic":
    """An Anthropic-compatible server at `base_url`, with the key or token of `env` if there is one.

    Raises SettingsFault where they cannot be sent.
    """
    from anthropic import AsyncAnthropic

    key, token = read_credentials(env)
    http = make_http_client(base_url, env)
    key = key if key or token else NO_KEY
    return AsyncAnthropic(base_url=base_url, api_key=key, auth_token=token, http_client=http, max_retries=0)


def read_secret(env: Mapping[str, str], name: str) -> str:
    """The value of a variable without the blanks and line ends around it; empty where it is not set.

    Raises SettingsFault, which names the variable and shows nothing of it, where no header could carry it.
    """
    value = env.get(name, "").strip().strip("\ufeff\u200b").strip()
    if found := _describe_illegal(value):
        raise SettingsFault(f"{name} holds {found}, which cannot be sent.", hint="Set it anew.")
    return value


def check_credentials(env: Mapping[str, str]) -> None:
    """Raises SettingsFault where a key, a token or a header of `env` cannot be sent."""
    read_credentials(env)
    for name in READ_BY_THE_SDK:
        for line in env.get(name, "").split("\n") if name == "ANTHROPIC_CUSTOM_HEADERS" else [env.get(name, "")]:
            if found := _describe_illegal(line.strip() if name == "ANTHROPIC_CUSTOM_HEADERS" else line, blanks=True):
                raise SettingsFault(f"{name} holds {found}, which cannot be sent.", hint="Set it anew.")


def read_credentials(env: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Key and token; of both the key is sent, as the SDK does it. Raises SettingsFault as `read_secret`."""
    key = read_secret(env, KEY) or None
    return key, None if key else read_secret(env, TOKEN) or None


def _describe_illegal(value: str, blanks: bool = False) -> str:
    """What no header may hold; empty where there is nothing of that kind."""
    if "\n" in value or "\r" in value:
        return "a line break"
    if not value.isascii():
        return "a character that is not ASCII"
    if not value.isprintable():
        return "a control character"
    return "a blank" if " " in value and not blanks else ""


def has_credentials(env: Mapping[str, str]) -> bool:
    """True when the SDK would find a key, a token, a federated identity or a profile; imports nothing."""
    if any(env.get(f"ANTHROPIC_{name}", "").strip() for name in ("API_KEY", "AUTH_TOKEN", "PROFILE")):
        return True
    federated = env.get("ANTHROPIC_FEDERATION_RULE_ID") and env.get("ANTHROPIC_ORGANIZATION_ID")
    if federated and (env.get("ANTHROPIC_IDENTITY_TOKEN") or env.get("ANTHROPIC_IDENTITY_TOKEN_FILE")):
        return True
    folder = _profiles(env)
    return folder is not None and (folder / "configs" / f"{_active(folder)}.json").is_file()


def _profiles(env: Mapping[str, str]) -> Path | None:
    if given := env.get("ANTHROPIC_CONFIG_DIR"):
        return Path(given)
    home = env.get("HOME") or env.get("USERPROFILE")
    return Path(home) / ".config" / "anthropic" if home else None


def _active(folder: Path) -> str:
    try:
        return (folder / "active_config").read_text(encoding="utf-8").strip() or "default"
    except (OSError, UnicodeDecodeError):
        return "default"
