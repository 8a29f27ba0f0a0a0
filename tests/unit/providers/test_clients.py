"""Which client, with which credentials."""

import pytest

from workbench.core.errors import SettingsFault
from workbench.providers.clients import (
    KEY,
    READ_BY_THE_SDK,
    TOKEN,
    anthropic_client,
    check_credentials,
    endpoint_client,
    has_credentials,
    read_secret,
)


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE"])
def test_a_key_a_token_or_a_profile_is_enough(name):
    assert has_credentials({name: "x"})
    assert not has_credentials({name: ""})


def test_a_federated_identity_needs_all_its_parts():
    parts = {"ANTHROPIC_FEDERATION_RULE_ID": "r", "ANTHROPIC_ORGANIZATION_ID": "o", "ANTHROPIC_IDENTITY_TOKEN": "t"}
    assert has_credentials(parts)
    for name in parts:
        assert not has_credentials({key: value for key, value in parts.items() if key != name})


def test_a_profile_on_disk_counts_when_it_is_there(tmp_path):
    env = {"HOME": str(tmp_path)}
    assert not has_credentials(env)
    configs = tmp_path / ".config" / "anthropic" / "configs"
    configs.mkdir(parents=True)
    (configs / "default.json").write_text("{}")
    assert has_credentials(env)
    (configs.parent / "active_config").write_text("work\n")
    assert not has_credentials(env)
    (configs / "work.json").write_text("{}")
    assert has_credentials({"ANTHROPIC_CONFIG_DIR": str(configs.parent)})


def test_clients_never_try_again_by_themselves():
    client = anthropic_client({KEY: "key"})
    assert client.max_retries == 0
    assert str(client.base_url).startswith("https://api.anthropic.com")


def test_an_endpoint_gets_the_key_the_token_or_a_placeholder():
    bare = endpoint_client("http://localhost:1", {})
    assert bare.api_key
    assert bare.max_retries == 0
    assert endpoint_client("http://localhost:1", {TOKEN: "token"}).auth_token == "token"
    both = endpoint_client("http://localhost:1", {TOKEN: "token", KEY: "key"})
    assert (both.api_key, both.auth_token) == ("key", None)


@pytest.mark.parametrize("name", [KEY, TOKEN])
@pytest.mark.parametrize("around", ["\r", "\n", "\r\n", " ", "\t", "\ufeff", "\u200b"])
def test_what_stands_around_a_key_is_left_out(name, around):
    assert read_secret({name: f"{around}sk-secret{around}"}, name) == "sk-secret"
    check_credentials({name: f"sk-secret{around}"})


@pytest.mark.parametrize("inside", ["\r", "\n", "\0", "\x1b", "\xe9", "\u2026", "\ud800", " ", "\x7f"])
@pytest.mark.parametrize("name", [KEY, TOKEN, *READ_BY_THE_SDK])
def test_a_key_that_no_header_carries_is_refused_by_its_variable_and_never_shown(name, inside):
    if inside == " " and name in READ_BY_THE_SDK:
        return
    if name == "ANTHROPIC_CUSTOM_HEADERS" and inside == "\n":
        return
    with pytest.raises(SettingsFault) as raised:
        check_credentials({name: f"sk-sec{inside}ret"})
    assert name in str(raised.value)
    assert not any(piece in str(raised.value) for piece in ("sk-sec", "ret,"))


def test_a_blank_key_is_no_key():
    assert not has_credentials({KEY: " \r\n"})
    check_credentials({KEY: " \r\n"})
