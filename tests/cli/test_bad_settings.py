"""Settings, workspaces and rehearsal scripts that are wrong: named with file and line, and costing only themselves."""

import pytest

from tests.cli.shop import Shop

OK = [{"text": "ok"}]


def test_broken_toml_is_named_with_file_and_line_and_defaults_are_used(shop: Shop) -> None:
    file = shop.config / "config.toml"
    file.write_text("[window]\nsize = = 3\n")
    ended = shop("run", "hi", script=OK)
    assert (ended.code, ended.out) == (0, "ok\n")
    assert f"{file}:2" in ended.err
    assert "defaults are used" in ended.err


def test_wrong_values_are_named_with_file_and_line_and_cost_only_themselves(shop: Shop) -> None:
    file = shop.config / "config.toml"
    file.write_text('[window]\nsize = "big"\ncompact_at = 0.5\n\n[steps]\nbudget = -3\n\n[no]\nsuch = 1\n')
    ended = shop("run", "hi", "--output-format", "json", script=OK)
    assert ended.code == 0
    for line in (2, 6, 9):
        assert f"{file}:{line}:" in ended.err
    assert shop("window", ended.json["session_id"], "--json").json["size"] == 200_000


def test_a_workspace_file_may_not_loosen_what_the_person_set(shop: Shop) -> None:
    (shop.project / ".workbench.toml").write_text(
        'provider = "anthropic"\nsessions = "../../elsewhere"\n[steps]\nmax = 99\n'
    )
    ended = shop("run", "hi", script=OK)
    assert ended.code == 0
    for line in (1, 2, 4):
        assert f".workbench.toml:{line}:" in ended.err


def test_settings_that_are_not_text_are_named(shop: Shop) -> None:
    (shop.config / "config.toml").write_bytes(b"\xff\xfe\x00")
    (shop.project / ".workbench.toml").mkdir()
    ended = shop("run", "hi", script=OK)
    assert ended.code == 0
    assert "config.toml" in ended.err
    assert ".workbench.toml" in ended.err


def test_a_workspace_that_is_not_there_or_no_folder_is_named(shop: Shop) -> None:
    for path, said in ((shop.project / "none", "does not exist"), (shop.project / "README.md", "is not a folder")):
        ended = shop("--workspace", str(path), "run", "hi")
        assert ended.code == 2
        assert said in ended.err
        assert str(path) in ended.err


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('{"steps": [\n{"text": "a"},\n{"text": }]}', "script.json:3"),
        ('[{"text": "a"}, {"txt": "b"}]', "step 2"),
        ('"text"', "script.json"),
        ("[{}]", "step 1"),
        ('[{"calls": [{"tool": ""}]}]', "step 1"),
        ('[{"text": "a", "fault": {"phase": "mid", "kind": "status"}}]', "step 1"),
    ],
)
def test_a_broken_rehearsal_script_is_reported_before_anything_begins(shop: Shop, script: str, said: str) -> None:
    ended = shop("run", "hi", script=script)
    assert ended.code == 2
    assert said in ended.err
    assert "WORKBENCH_REHEARSAL" in ended.err
    assert not shop.journals()


def test_a_rehearsal_script_that_is_not_there_is_reported(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.plays(OK)
    (shop.project.parent / "script.json").rename(shop.project.parent / "gone.json")
    from click.testing import CliRunner

    from workbench.cli.root import root

    ended = CliRunner().invoke(root, ["run", "hi"])
    assert ended.exit_code == 2
    assert "script.json" in ended.stderr
