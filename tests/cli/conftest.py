"""A shop to run commands in, and a session that has lived."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.shop import CREDENTIALS, Shop
from workbench.cli.root import root


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A fresh one."""
    made = Shop(tmp_path / "tally", tmp_path / "sessions", tmp_path / "config" / "workbench")
    made.config.mkdir(parents=True)
    for name, text in {
        "README.md": "# Tally\n\nCounts words in text files.\n",
        "src/tally.py": "def count(words):\n    return len(words)\n",
        "old/notes.txt": "long ago\n",
    }.items():
        (made.project / name).parent.mkdir(parents=True, exist_ok=True)
        (made.project / name).write_text(text)
    for name in CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKBENCH_SESSIONS", str(made.sessions))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made.config.parent))
    monkeypatch.setenv("WORKBENCH_REHEARSAL", "")  # what a test sets goes with it
    monkeypatch.chdir(made.project)
    return made


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sessions folder with one session of three turns, made once."""
    kept = tmp_path_factory.mktemp("lived")
    project = kept / "tally"
    (project / "src").mkdir(parents=True)
    (project / "README.md").write_text("# Tally\n\nCounts words in text files.\n")
    (project / "src" / "tally.py").write_text("def count(words):\n    return len(words)\n")
    with pytest.MonkeyPatch.context() as patch:
        for name in CREDENTIALS:
            patch.delenv(name, raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(kept / "config"))
        for more, prompt in enumerate(("what is in this project?", "read src/tally.py", "explain this project")):
            arguments = ["--workspace", str(project), "--sessions", str(kept / "sessions"), "run", prompt]
            result = CliRunner().invoke(root, [*arguments, *(["--continue"] if more else [])])
            assert result.exit_code == 0, result.output
    return kept


@pytest.fixture
def told(shop: Shop, lived: Path) -> str:
    """The id of a session of three turns, in the shop's own folder."""
    shutil.copytree(lived / "sessions", shop.sessions)
    return shop.journals()[0].name.partition(".")[0]
