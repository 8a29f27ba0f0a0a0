"""`run --attach FILE`: a reference document goes along, in the memory of the session, for as long as it lives."""

import json
from pathlib import Path

import pytest

from tests.cli.shop import Shop

ANSWER = [{"text": "yes", "confidence": 0.9}]


def sections(shop: Shop, id: str) -> dict[str, int]:
    return {each["name"]: each["tokens"] for each in shop("window", id, "--json").json["sections"]}


def test_a_new_session_has_it_in_its_memory(shop: Shop) -> None:
    (shop.project / "style.md").write_text("Names are nouns. " * 40)
    plain = shop("run", "hi", "--output-format", "json", script=ANSWER).json["session_id"]
    ended = shop("run", "hi", "--attach", "style.md", "--output-format", "json", script=ANSWER)
    assert ended.code == 0
    id = ended.json["session_id"]
    assert sections(shop, id)["memory"] > sections(shop, plain)["memory"] + 100
    assert "style.md" in shop("window", id).out


def test_one_that_goes_on_is_told_of_it_and_keeps_it_through_a_compaction(shop: Shop) -> None:
    id = shop("run", "hi", "--output-format", "json", script=ANSWER).json["session_id"]
    (shop.project / "style.md").write_text("Names are nouns.")
    (shop.project / "more.md").write_text("Verbs are verbs.")
    more = ["--attach", "style.md", "--attach", str(shop.project / "more.md")]
    assert shop("run", "and now?", "--resume", id, *more, script=ANSWER).code == 0
    for number in range(12):
        shop("run", f"question {number}", "--resume", id, script=ANSWER)
    assert shop("compact", id, "--strategy", "summarise").code == 0
    memory = [each for each in shop("window", id, "--json").json["blocks"] if each["section"] == "memory"]
    assert len(memory) >= 2
    exported = json.dumps(shop("sessions", "export", id).json)
    assert "Names are nouns." in exported
    assert "Verbs are verbs." in exported


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.md", None, "cannot be read"),
        ("logo.png", b"\x89PNG\xff", "no text in UTF-8"),
        ("e.md", b"", "is empty"),
    ],
)
def test_what_cannot_be_attached_is_told_and_nothing_is_sent(
    shop: Shop, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        Path(shop.project / name).write_bytes(content)
    ended = shop("run", "hi", "--attach", name, script=ANSWER)
    assert ended.code == 1
    assert said in ended.err
    assert ended.out == ""
    assert shop.journals() == []
