"""The SDK's clients by where they lead; each is built when it is first needed, because the SDK is slow to import."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ANTHROPIC = "https://api.anthropic.com"
NO_KEY = "none"
"""Sent to an endpoint that was given no key: most local servers ask for none, the SDK always does."""


def anthropic_client() -> "AsyncAnthropic":
    """The Messages API, with the key, token or profile of the environment. Never tries again by itself."""
    from anthropic import AsyncAnthropic

    return AsyncAnthropic(max_retries=0)


def endpoint_client(base_url: str) -> "AsyncAnthropic":
    """An Anthropic-compatible server at `base_url`, with the environment's key or token if there is one."""
    from anthropic import AsyncAnthropic

    key, token = os.environ.get("ANTHROPIC_API_KEY"), os.environ.get("ANTHROPIC_AUTH_TOKEN")
    if token and not key:
        return AsyncAnthropic(base_url=base_url, auth_token=token, max_retries=0)
    return AsyncAnthropic(base_url=base_url, api_key=key or NO_KEY, max_retries=0)


def has_credentials(env: Mapping[str, str]) -> bool:
    """True when the SDK would find a key, a token, a federated identity or a profile; imports nothing."""
    if any(env.get(f"ANTHROPIC_{name}") for name in ("API_KEY", "AUTH_TOKEN", "PROFILE")):
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
