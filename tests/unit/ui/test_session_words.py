"""A session as a sentence: when it was used in whole words, what is unusual, and which one is chosen."""

from datetime import datetime

import pytest

from tests.fakes import ManualClock
from tests.ui.fake_client import FakeOptions
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.ui.screens.session_words import tell_preview, tell_session, tell_time
from workbench.ui.state import UiState

NOW = datetime(2026, 11, 18, 18, 0).timestamp()


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (5, "just now"),
        (60, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (7_200, "2 hours ago"),
        (86_400, "yesterday at 18:00"),
        (3 * 86_400, "on Sunday"),
        (40 * 86_400, "on 9 October 2026"),
        (NOW, "at a time that is not known"),
    ],
)
def test_a_time_is_said_in_words(ago: float, said: str) -> None:
    assert tell_time(NOW - ago, NOW) == said


def told(session: SessionSummary, chosen: bool = False, width: int = 200) -> str:
    facts = RuntimeInfo("anthropic", "m", False, "/src/acme", "", "/s")
    return tell_session(session, (2, 12), chosen, UiState(facts, FakeOptions(), ManualClock(NOW)), "open", width)


def test_a_session_says_its_place_its_name_its_folder_and_its_cost() -> None:
    session = SessionSummary("a", title="retry  ladder", workspace="/src/other", updated_at=NOW - 7_200, usd=0.12)
    assert told(session) == "3 of 12: retry ladder, in other, 2 hours ago, $0.12"
    assert told(session, chosen=True).startswith("chosen: 3 of 12: ")


def test_a_session_in_few_cells_leaves_whole_pieces_out() -> None:
    session = SessionSummary("a", title="retry  ladder", workspace="/src/other", updated_at=NOW - 7_200, usd=0.12)
    assert told(session, width=47) == "3 of 12: retry ladder, in other, 2 hours ago"
    assert told(session, width=40) == "3 of 12: retry ladder, 2 hours ago"
    assert told(session, width=28) == "3 of 12: retry ladder"
    assert told(session, width=18) == "3 of 12: retry la…"


def test_what_the_list_does_not_say_is_said_of_the_chosen_one() -> None:
    session = SessionSummary("a", title="t", workspace="/src/x", task="mend\n it", window=61_400, turns=7, parent="p")
    said = tell_preview(session, "the first")
    assert said[0] == "window: 61.4k tokens, turns: 7, confidence: unrated"
    assert "task: mend it" in said
    assert said[-1] == "came from: the first"
