"""What the prompt cache charges."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.providers.rehearsal.prefix import FRAMING, PrefixCache

MARK = {"type": "ephemeral"}


def block(name: str, size: int, mark: bool = False, ttl: str = "") -> dict[str, Any]:
    """A text block of so many tokens, framing included."""
    plain = {"type": "text", "text": " ".join([name] * (size - FRAMING))}
    return plain | ({"cache_control": MARK | ({"ttl": ttl} if ttl else {})} if mark else {})


def body(*blocks: dict[str, Any], system: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    return {"model": "m", "system": list(system), "messages": [{"role": "user", "content": list(blocks)}], **more}


@pytest.fixture
def charge(time: Callable[[], float]) -> Callable[..., tuple[int, int, int]]:
    """Uncached, read and written tokens of a request, one cache for a whole test."""
    cache = PrefixCache(lambda text: len(text.split()), time)

    def charged(request: dict[str, Any]) -> tuple[int, int, int]:
        usage = cache.charge(request)
        figures = usage["input_tokens"], usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
        assert sum(figures) == cache.tokens(request)
        return figures

    return charged


def test_the_first_request_writes_and_the_same_again_reads(charge):
    request = body(block("a", 600, mark=True), block("b", 50))
    assert charge(request) == (50, 0, 600)
    assert charge(request) == (50, 600, 0)


def test_a_growing_conversation_reads_what_the_last_request_left(charge):
    assert charge(body(block("a", 600), block("b", 100, mark=True))) == (0, 0, 700)
    assert charge(body(block("a", 600), block("b", 100), block("c", 80, mark=True))) == (0, 700, 80)


def test_one_changed_word_before_the_mark_is_a_miss(charge):
    charge(body(block("a", 600, mark=True)))
    assert charge(body(block("z", 600, mark=True))) == (0, 0, 600)


def test_an_unchanged_system_prompt_is_read_though_the_messages_differ(charge):
    system = (block("s", 800, mark=True),)
    assert charge(body(block("a", 50, mark=True), system=system)) == (0, 0, 850)
    assert charge(body(block("b", 70, mark=True), system=system)) == (0, 800, 70)


def test_a_short_prefix_is_not_cached(charge):
    request = body(block("a", 511, mark=True))
    assert charge(request) == charge(request) == (511, 0, 0)
    assert charge(body(block("a", 512, mark=True))) == (0, 0, 512)


def test_an_entry_lives_five_minutes_from_its_last_use(charge, time):
    request = body(block("a", 600, mark=True))
    charge(request)
    time.at += 299
    assert charge(request) == (0, 600, 0)
    time.at += 299
    assert charge(request) == (0, 600, 0)
    time.at += 301
    assert charge(request) == (0, 0, 600)


def test_an_hour_long_entry_is_told_apart_and_outlives_the_others(time):
    cache = PrefixCache(lambda text: len(text.split()), time)
    request = body(block("b", 100, mark=True), system=(block("s", 600, mark=True, ttl="1h"),))
    split = cache.charge(request)["cache_creation"]
    assert split == {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 600}
    time.at += 1_000
    assert cache.charge(request)["cache_read_input_tokens"] == 600


def test_an_entry_is_found_twenty_blocks_back_and_no_further(charge):
    start = block("a", 600)
    charge(body(start | {"cache_control": MARK}))
    near = [block(f"n{place}", 10) for place in range(18)]
    assert charge(body(start, *near, block("tail", 20, mark=True))) == (0, 600, 200)
    far = [block(f"f{place}", 10) for place in range(19)]
    assert charge(body(start, *far, block("tail", 20, mark=True)))[1] == 0


def test_another_model_or_tool_choice_misses(charge):
    request = body(block("a", 600, mark=True), system=(block("s", 600, mark=True),))
    charge(request)
    assert charge(request | {"model": "other"}) == (0, 0, 1200)
    assert charge(request | {"tool_choice": {"type": "none"}}) == (0, 600, 600)


def test_a_mark_at_the_top_level_moves_with_the_tail(charge):
    charge(body(block("a", 600), cache_control=MARK))
    assert charge(body(block("a", 600), block("b", 30), cache_control=MARK)) == (0, 600, 30)


def test_an_image_costs_tokens_but_not_its_base64(charge):
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A " * 100_000}}
    assert 1_000 < charge(body(image))[0] < 3_000


async def test_the_figures_reach_the_reply_through_the_sdk(scripted, asked):
    from workbench.core.requests import Reply

    model = scripted({"text": "Yes.", "repeat": 0})
    content = [block("a", 600, mark=True)]
    usages = []
    for more in ([], [block("b", 40, mark=True)]):
        request = asked(messages=[{"role": "user", "content": [*content, *more]}])
        usages += [delta.usage async for delta in model.stream(request) if isinstance(delta, Reply)]
    assert [(usage.cache_read_input_tokens, usage.cache_creation_input_tokens) for usage in usages] == [
        (0, 600),
        (600, 40),
    ]
