"""The mind on folders of several kinds: what it says was really there."""

import re
from pathlib import Path
from typing import Any

import pytest


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    """`folder` with `files` in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize(
    "prompt", ["What is in this project?", "please explain the project.", "Give me an overview of this repo"]
)
def test_an_overview_quotes_readme_manifest_and_docstrings(desk: Any, prompt: str) -> None:
    text, rated = desk.answer(prompt)
    for fact in (
        "Corner shop",
        "0.3.1",
        "A tiny shop.",
        "Sells things on a corner.",
        "shop.cli:main",
        "The command line.",
    ):
        assert fact in text
    assert rated["confidence"] == 0.9
    assert "pyproject.toml" in rated["confidence_reasoning"]
    assert desk.steps <= 8


def test_what_is_in_a_folder_is_its_listing(desk: Any) -> None:
    text, rated = desk.answer("What is in src?")
    assert "`till.py`" in text
    assert rated["confidence"] > 0.85


def test_every_path_in_an_overview_exists(desk: Any, shop: Path) -> None:
    text, _ = desk.answer("What is in this project?")
    named = list(re.findall(r"`([\w./]+\.(?:py|md|toml))`", text))
    assert named
    assert all(list(shop.rglob(Path(name).name)) for name in named)


def test_the_scratchpad_is_kept_beside_the_work(desk: Any) -> None:
    desk.answer("What is in this project?")
    kinds = [name for name, _ in desk.notes]
    assert kinds[0] == "set_task"
    assert kinds[-1] == "set_status"
    assert any("shop 0.3.1" in note.get("text", "") for _, note in desk.notes)


def test_a_javascript_project_is_told_from_its_package_file(tmp_path: Path, desk_on: Any) -> None:
    package = (
        '{"name": "cart", "version": "2.0.0", "scripts": {"test": "node --test"}, "dependencies": '
        '{"left-pad": "^1.3.0"}}'
    )
    source = "// Keeps a cart.\nexport function add(item) {\n  return item;\n}\n"
    desk = desk_on(written(tmp_path / "js", {"package.json": package, "src/index.js": source}))
    text, rated = desk.answer("explain this project")
    assert "JavaScript" in text
    assert "cart 2.0.0" in text
    assert "Keeps a cart." in text
    assert "`add`" in text
    assert 0.7 < rated["confidence"] < 0.9


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, desk_on: Any) -> None:
    text, rated = desk_on(written(tmp_path / "empty", {})).answer("what is in this project?")
    assert "is empty" in text
    assert rated["confidence"] > 0.8


def test_binary_files_are_known_by_name_only(tmp_path: Path, desk_on: Any) -> None:
    desk = desk_on(written(tmp_path / "bin", {"a.bin": b"\x00\x01\xff", "b.dat": b"\xff\xfe\x00"}))
    text, rated = desk.answer("what is in this project?")
    assert "`a.bin`" in text
    assert rated["confidence"] <= 0.7


def test_a_lone_readme_is_enough_for_an_answer(tmp_path: Path, desk_on: Any) -> None:
    text, rated = desk_on(written(tmp_path / "one", {"README.md": "# Poems\n\nTwelve poems on rain.\n"})).answer(
        "explain this project"
    )
    assert "Twelve poems on rain." in text
    assert 0.7 < rated["confidence"] < 0.9


def test_names_beyond_ascii_are_read_like_others(tmp_path: Path, desk_on: Any) -> None:
    desk = desk_on(
        written(
            tmp_path / "ünï",
            {"größe.py": '"""Maße."""\n\ndef länge():\n    return 1\n', "説明.md": "# 説明\n\n雨の詩。\n"},
        )
    )
    assert "`länge`" in desk.answer("summarise größe.py")[0]
    assert "雨の詩" in desk.answer("read 説明.md")[0]


def test_listings_relative_to_the_workspace_do_as_well(shop: Path, desk_on: Any) -> None:
    desk = desk_on(shop)
    desk.absolute = False
    text, _ = desk.answer("list the python files")
    assert "4 files match" in text
    assert "`src/shop/`" in text


def test_a_folder_can_be_asked_about_alone(desk: Any) -> None:
    text, _ = desk.answer("what is in docs/?")
    assert "guide.md" in text
    assert "pyproject" not in text


def test_the_version_is_quoted_with_its_file(desk: Any) -> None:
    text, _ = desk.answer("What version is this project?")
    assert "**0.3.1** (`pyproject.toml`)" in text


def test_the_longest_function_is_measured(desk: Any) -> None:
    text, _ = desk.answer("analyse src/shop/cli.py")
    assert "`main`: 5 lines, from line 6" in text
    assert "line 9: `# TODO: greet the customer`" in text


def test_a_document_is_told_by_its_headings(desk: Any) -> None:
    text, _ = desk.answer("analyse docs/guide.md")
    assert "- Guide (line 1)" in text
    assert "- Opening (line 5)" in text


def test_programs_are_read_before_data(tmp_path: Path, desk_on: Any) -> None:
    files: dict[str, str | bytes] = {
        "README.md": "# Lamp\n\nA lamp.\n",
        "a/big.txt": "x\n",
        "b/till.py": '"""A till."""\n',
    }
    files |= {"tests/test_till.py": "\n", "b/c/price.py": '"""A price."""\n', "b/cart.py": '"""A cart."""\n'}
    text, _ = desk_on(written(tmp_path / "lamp", files)).answer("What is in this project?")
    assert all(said in text for said in ("A till.", "A price.", "A cart."))
