"""What a server reports that cannot be: set aside, told, and counted by estimate."""

import pytest

from tests.fakes import bench
from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.requests import Reply, ReplyBegan, TextDelta
from workbench.core.spend import Usage
from workbench.cost import GenaiPrices

ABSURD = [
    Usage(5, 2, 954_817_987_592),
    Usage(90_000_000, 2),
    Usage(5, 80_000_000),
    Usage(estimated=True),
]


def reports(usage):
    async def play(request):
        yield ReplyBegan("msg", request.model, usage)
        yield TextDelta("a plain answer")
        yield Reply("msg", request.model, (Text("a plain answer"),), "end_turn", usage)

    return play


@pytest.mark.parametrize("usage", ABSURD)
async def test_an_absurd_report_poisons_neither_window_nor_bill_and_is_told(tmp_path, usage):
    made = bench(tmp_path, [reports(usage), reports(usage)])
    await made.ask("one", "two")
    finished = made.of(e.TurnFinished)
    assert [event.stop_reason for event in finished] == ["done", "done"]
    assert all(0 < event.usage.total < 100_000 and event.usage.estimated for event in finished)
    assert made.of(e.WindowMeasured)[-1].window.total < 100_000
    assert "usage" in made.of(e.Noticed)[0].message


@pytest.mark.parametrize("usage", [*ABSURD, Usage(-5, 2), Usage(5, -2), Usage(cache_read_input_tokens=-1)])
def test_no_usage_makes_the_price_table_fail(usage):
    price = GenaiPrices().cost("claude-opus-5-5", usage)
    assert price is None or price >= 0
