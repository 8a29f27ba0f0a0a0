"""A model over the real SDK, whose server is a script in this process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeModels
from workbench.core.models import ModelFacts
from workbench.core.requests import ModelRequest
from workbench.providers.anthropic import MessagesModel
from workbench.providers.rehearsal.transport import rehearsal_client

Scripted = Callable[..., MessagesModel]


def words(text: str) -> int:
    """A counter that a reader can check: one token a word."""
    return len(text.split())


class Time:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client_of(tmp_path: Path, time: Time) -> Callable[..., Any]:
    """An SDK client that plays these steps."""

    def build(*steps: dict[str, Any]) -> Any:
        script = tmp_path / "script.json"
        script.write_text(json.dumps({"steps": steps}))
        return rehearsal_client(tmp_path, pace=0, script=script, count=words, now=time)

    return build


@pytest.fixture
def scripted(client_of: Callable[..., Any]) -> Scripted:
    """A model that plays these steps."""

    def build(*steps: dict[str, Any], stall_s: float = 60.0, thinking: bool = False) -> MessagesModel:
        models = FakeModels(rehearsal=ModelFacts(thinking=thinking))
        return MessagesModel(lambda: client_of(*steps), models, stall_s)

    return build


@pytest.fixture
def asked() -> Callable[..., ModelRequest]:
    """A request with one prompt."""

    def build(text: str = "Hello", **more: Any) -> ModelRequest:
        messages = [{"role": "user", "content": [{"type": "text", "text": text}]}]
        return ModelRequest(**{"model": "rehearsal", "max_tokens": 1000, "system": [], "messages": messages} | more)

    return build
