"""Events to store, and a store to put them in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.core import events as e
from workbench.core.messages import Text, ToolUse
from workbench.core.spend import Usage
from workbench.store.sessions import FileSessions

SESSION = "1a2b3c4d"
Make = Callable[[int], e.Stamped]


def event(seq: int) -> e.AnyEvent:
    """The event that stands at `seq` in the tests' journals."""
    if seq == 1:
        return e.SessionOpened("A session", "/work", "rehearsal", "claude-opus-5-5", user="me")
    match seq % 4:
        case 0:
            return e.TurnStarted(seq // 4, f"prompt {seq} – ünïcode\nand a line", 5)
        case 1:
            call = ToolUse(f"call_{seq}", "read", {"path": f"{seq}.py", "deep": {"list": [1, None, 2.5]}})
            return e.MessageAdded(seq // 4, 1, (Text("hm"), call), (1, 9), "tool_use", Usage(10, 5))
        case 2:
            return e.ToolFinished(seq // 4, f"call_{seq - 1}", "read", "x" * (seq % 50), 12, 0.1)
        case _:
            return e.BudgetSettled(seq // 4, 1, "claude-opus-5-5", Usage(10, 5), 0.01)


@pytest.fixture
def stamped() -> Make:
    """Makes the stamped event for a sequence number."""

    def make(seq: int, what: e.AnyEvent | e.Unknown | None = None) -> e.Stamped:
        return e.Stamped(seq, 1_700_000_000.0 + seq, SESSION, "f" * 32, what or event(seq))

    return make


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def store(root: Path) -> FileSessions:
    return FileSessions(root, fsync=False)


@pytest.fixture
def session() -> str:
    return SESSION


@pytest.fixture
def filled(store: FileSessions, stamped: Make) -> Callable[..., Path]:
    """Makes a session of so many events, closes it, and gives its file."""

    def fill(count: int, id: str = SESSION) -> Path:
        journal = store.create(id)
        for seq in range(1, count + 1):
            journal.append(stamped(seq))
        journal.close()
        return store.path(id)

    return fill
