"""A session keeps its model: who answers changes only where it was asked for, and is said."""

import json

from tests.cli.shop import Ended, Shop

OK = [{"text": "ok", "repeat": 0}]
HAIKU, OPUS = "claude-haiku-4-5", "claude-opus-5-5"


def answered(ended: Ended) -> str:
    """The model that the last request went to."""
    assert ended.code == 0, ended.err
    return [line["event"]["model"] for line in ended.lines[:-1] if line["event"]["type"] == "RequestSent"][-1]


def run(shop: Shop, *arguments: str) -> Ended:
    return shop("run", "hi", "--provider", "rehearsal", "--output-format", "stream-json", *arguments, script=OK)


def test_a_session_that_goes_on_keeps_its_model_without_a_word(shop: Shop) -> None:
    assert answered(run(shop, "--model", HAIKU)) == HAIKU
    again = run(shop, "--continue")
    assert answered(again) == HAIKU
    assert again.err == ""
    (shop.config / "config.toml").write_text(f'model = "{OPUS}"\n')
    assert answered(run(shop, "--continue")) == HAIKU, "a setting is a default for new sessions"
    assert answered(run(shop)) == OPUS


def test_another_model_is_taken_where_it_is_named_kept_and_said(shop: Shop) -> None:
    run(shop, "--model", HAIKU)
    other = run(shop, "--continue", "--model", OPUS)
    assert answered(other) == OPUS
    assert f"until now {HAIKU} (rehearsal) answered here; from now on {OPUS} (rehearsal) does" in other.err
    again = run(shop, "--continue")
    assert (answered(again), again.err) == (OPUS, "")
    assert shop("sessions", "list", "--json").json[0]["model"] == OPUS


def test_another_provider_brings_its_own_model_and_is_said(shop: Shop, told: str) -> None:
    """`told` was answered by the rehearsal; one with a key, or an endpoint, cannot ask for that model."""
    (shop.config / "config.toml").write_text('base_url = "http://127.0.0.1:9"\nretry.attempts = 1\n')
    ended = shop("run", "hi", "--resume", told, "--provider", "endpoint", "--output-format", "stream-json")
    assert ended.code == 1
    assert f"until now rehearsal (rehearsal) answered here; from now on {OPUS} (endpoint) does" in ended.err
    again = shop("run", "hi", "--resume", told, "--provider", "endpoint", "--output-format", "stream-json")
    assert "until now" not in again.err
    assert shop("sessions", "list", "--json").json[0]["provider"] == "endpoint"
    assert json.dumps("endpoint") in shop("sessions", "export", told).out
