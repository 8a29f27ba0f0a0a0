"""Long tool sessions: their tools really run, and by the bytes of their requests the cache is read."""

from pathlib import Path

import pytest

from tests.bench.cache import bill
from tests.tool_sessions import SESSIONS, ToolSession, replay
from workbench.core import events as e
from workbench.core.spend import Usage


def test_each_of_the_ten_has_twenty_to_sixty_steps_with_tools() -> None:
    assert len(SESSIONS) == 10
    assert all(20 <= session.tool_steps <= 60 for session in SESSIONS)


@pytest.mark.parametrize("session", SESSIONS[1:4], ids=lambda session: session.name)
async def test_what_the_bytes_say_of_the_cache(session: ToolSession, tmp_path: Path) -> None:
    replayed = await replay(session, tmp_path)
    made = replayed.made
    assert [each.text for each in made.of(e.ToolFailed)] == []
    assert not [each.text for each in made.of(e.ToolFinished) if each.error]
    assert made.of(e.PrefixBroken) == []
    found = bill(replayed)
    assert found.unexplained == 0
    assert found.usd < found.naive_usd / 4
    assert {each.why for each in made.of(e.CacheReported)} == {""}
    assert sum((each.usage for each in made.of(e.TurnFinished)), Usage()).cached_share > 0.8
