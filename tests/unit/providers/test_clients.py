"""Which client, with which credentials."""

import pytest

from workbench.providers.clients import anthropic_client, endpoint_client, has_credentials


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


def test_clients_never_try_again_by_themselves(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    assert anthropic_client().max_retries == 0
    assert str(anthropic_client().base_url).startswith("https://api.anthropic.com")


def test_an_endpoint_gets_the_key_the_token_or_a_placeholder(monkeypatch):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    bare = endpoint_client("http://localhost:1")
    assert bare.api_key
    assert bare.max_retries == 0
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token")
    assert endpoint_client("http://localhost:1").auth_token == "token"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    assert endpoint_client("http://localhost:1").api_key == "key"
