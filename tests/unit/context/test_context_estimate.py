"""Estimates: the class of a text, pieces of mixed text, media."""

import base64
import hashlib
import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.context.classes import RATIOS, classify
from workbench.context.estimate import Estimator, bound_tokens, count_media, cut_pieces
from workbench.core.messages import Media, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.providers.tokenizer import TiktokenCounter

SAMPLES = {
    "english": "The sandbox answers 429 without a Retry-After header, so the ladder falls back to our own delays.\n"
    "We should keep the whole of it inside thirty seconds, and never retry a conflict.",
    "code": "import random\n\n\nclass Ladder:\n    def delay(self, attempt: int) -> float:\n"
    "        top = min(self.cap, self.base * 2**attempt)\n        return random.uniform(0, top)\n",
    "diff": "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,3 @@\n def f():\n"
    "-    return 1\n+    return 2\n",
    "css": "Screen {\n    background: $surface;\n    color: $text;\n}\n#a {\n    height: 3;\n    padding: 0 1;\n}\n",
    "log": "2026-11-20 14:09:01,123 INFO request sent\n2026-11-20 14:09:02,003 WARNING 429\nINFO retrying in 2 s\n",
    "json": '{\n  "name": "retry",\n  "base": 0.5,\n  "caps": [\n    30,\n    60\n  ]\n}\n',
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n" * 3,
    "base64": base64.b64encode(hashlib.sha512(b"x").digest() * 3).decode(),
    "path": "src/acme/retry.py\nsrc/acme/client.py\ntests/unit/test_retry.py\ndocs/adr/0007.md\n",
    "chinese": "沙箱在没有重试标头的情况下返回错误，因此我们使用自己的延迟。",
    "japanese": "サンドボックスは再試行ヘッダーなしで応答するので、独自の遅延を使います。",
    "korean": "샌드박스는 재시도 헤더 없이 응답하므로 자체 지연을 사용합니다.",
    "russian": "Песочница отвечает без заголовка, поэтому мы используем собственные задержки.",
}


class Characters:
    """A tokenizer of four characters a token."""

    def __init__(self) -> None:
        self.read = 0

    def count(self, text: str) -> int:
        self.read += len(text)
        return -(-len(text) // 4)


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_class_is_known_by_its_looks(kind: str) -> None:
    assert classify(SAMPLES[kind]) == kind


def test_every_class_has_a_ratio_and_a_sample() -> None:
    assert set(RATIOS) == set(SAMPLES)


@pytest.mark.parametrize("text", ['{"a": 1, "b": [2]}', "{}", '[{"id": "x"}]'])
def test_one_line_of_json_is_json(text: str) -> None:
    assert classify(text) == "json"


@pytest.mark.parametrize("text", ["", "   \n", "ok", "Yes, do that.", "if it works, keep it", "- a list\n- of words"])
def test_short_prose_is_english(text: str) -> None:
    assert classify(text) == "english"


def test_nothing_costs_nothing_and_anything_costs_at_least_one() -> None:
    class Blind:
        def count(self, text: str) -> int:
            return 0

    assert Estimator(Characters()).count("") == 0
    assert Estimator(Blind()).count(" ") == 1


def test_a_count_is_the_raw_count_times_the_ratio() -> None:
    text = SAMPLES["english"]
    assert Estimator(Characters()).count(text) == round(Characters().count(text) * 1.62)


def test_code_inside_prose_counts_as_code() -> None:
    text = SAMPLES["english"] * 3 + "\n```python\n" + SAMPLES["code"] * 4 + "```\n" + SAMPLES["english"] * 3
    assert [kind for kind, _ in cut_pieces(text)] == ["english", "code", "english"]


def test_a_long_line_without_breaks_is_cut() -> None:
    assert max(len(piece) for _, piece in cut_pieces("x" * 3_000 + "\n" + "short\n")) <= 6_000
    assert "".join(piece for _, piece in cut_pieces("a b" * 3_000)) == "a b" * 3_000


@given(st.text(max_size=5_000))
def test_pieces_lose_nothing(text: str) -> None:
    assert "".join(piece for _, piece in cut_pieces(text)) == text


@given(st.text(min_size=1))
def test_any_text_is_counted(text: str) -> None:
    assert Estimator(Characters()).count(text) >= 1


BYTES = random.Random(7).randbytes(58_000)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (base64.b64encode(BYTES).decode(), "base64"),
        (base64.encodebytes(BYTES).decode(), "base64"),
        (base64.urlsafe_b64encode(BYTES).decode(), "base64"),
        (base64.b32encode(BYTES).decode(), "base64"),
        ("-----BEGIN KEY-----\n" + base64.encodebytes(BYTES).decode() + "-----END KEY-----\n", "base64"),
        (f'<img src="data:image/png;base64,{base64.b64encode(BYTES).decode()}">', "base64"),
        (BYTES.hex(), "hex"),
        (BYTES.hex(" "), "hex"),
        (BYTES.hex(" ", 2), "hex"),
        ("\n".join(str(uuid.UUID(bytes=BYTES[at : at + 16])) for at in range(0, 16_000, 16)), "hex"),
    ],
    ids=["base64", "lines", "url", "base32", "pem", "data-uri", "hex", "pairs", "words", "uuids"],
)
def test_binary_data_as_text_has_a_class_of_its_own_and_costs_less_than_its_bytes(text: str, kind: str) -> None:
    """Its raw count is about .72 of its bytes (base64) and .57 (hex)."""
    pieces = [(found, len(piece)) for found, piece in cut_pieces(text)]
    assert sum(size for found, size in pieces if found == kind) > 0.9 * len(text)
    assert Estimator(TiktokenCounter()).count(text) < 0.9 * len(text)


@pytest.mark.parametrize(
    "text",
    [
        "workbench/providers/rehearsal/transport/implementation/module.py\n" * 9,
        "THIS_IS_A_CONSTANT_THAT_IS_LONGER_THAN_FORTY_CHARACTERS = 1\n" * 9,
        "ADonaudampfschiffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft\n" * 9,
    ],
)
def test_long_names_and_paths_are_not_taken_for_base64(text: str) -> None:
    assert classify(text) != "base64"


class EveryByte:
    """The tokenizer that says most: a token for each byte."""

    def count(self, text: str) -> int:
        return len(text.encode("utf-8", "surrogatepass"))


ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.binary(max_size=3_000).map(lambda data: base64.b64encode(data).decode()),
    st.binary(max_size=3_000).map(bytes.hex),
    st.text("\U0001f600\U00012000!@#$%\x00\n", max_size=500),
)


@given(ANY_TEXT)
def test_no_text_costs_more_tokens_than_it_has_bytes(text: str) -> None:
    most = len(text.encode("utf-8", "surrogatepass"))
    for counter in (EveryByte(), TiktokenCounter()):
        assert Estimator(counter).count(text) <= most
    assert Estimator(EveryByte()).count_json(text.encode("utf-8", "replace").decode()) <= 6 * most + 2


def test_the_tokenizer_reads_each_character_once() -> None:
    counter = Characters()
    Estimator(counter).count("words and words\n" * 5_000)
    assert counter.read == 80_000


def test_parts_count_their_content_and_their_frame() -> None:
    counter = Estimator(Characters())
    call = ToolUse("t1", "read", {"path": "src/x.py"})
    assert counter.count_part(call) > counter.count_json(call.input)
    assert counter.count_part(ToolResult("t1", "text" * 100)) > counter.count("text" * 100)
    assert counter.count_part(Text("hello there")) == counter.count("hello there")
    assert counter.count_part(Thinking("", "sig")) == 1
    assert counter.count_part(RedactedThinking("x" * 60)) == 10


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_block_has_the_class_of_its_text(kind: str) -> None:
    counter = Estimator(Characters())
    assert counter.measure(SAMPLES[kind]) == (counter.count(SAMPLES[kind]), kind)
    assert counter.measure_part(ToolResult("t1", SAMPLES[kind])).content_class == kind


def test_mixed_text_has_the_class_of_its_larger_part() -> None:
    text = SAMPLES["english"] * 3 + "\n```python\n" + SAMPLES["code"] * 9 + "```\n"
    assert Estimator(Characters()).measure(text).content_class == "code"


def test_what_a_picture_costs_teaches_nothing_of_the_words_beside_it() -> None:
    counter = Estimator(Characters())
    shown = ToolResult("t1", "a picture", media=(Media("image", "image/png", _png(750, 1_000)),))
    read = ToolResult("t1", "a paper", media=(Media("document", "application/pdf", ""),))
    assert (counter.measure_part(shown).content_class, counter.measure_part(read).content_class) == (
        "image",
        "document",
    )
    assert counter.measure_part(ToolUse("t1", "read", {"path": "x"})).content_class == "json"
    assert bound_tokens(shown) is None


@given(ANY_TEXT)
def test_a_block_is_bounded_by_its_bytes_and_its_frame(text: str) -> None:
    counter = Estimator(EveryByte())
    for part in (Text(text), Thinking(text, "s"), ToolResult("t1", text)):
        assert counter.count_part(part) <= max(1, bound_tokens(part) or 0)


def _png(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    return base64.b64encode(head + bytes(16)).decode()


def test_an_image_costs_by_its_pixels_up_to_the_largest_that_is_read() -> None:
    assert count_media(Media("image", "image/png", _png(750, 100))) == 100
    assert count_media(Media("image", "image/png", _png(8_000, 8_000))) == 1_600
    assert count_media(Media("image", "image/png", "not base64!")) == 1_600


def test_a_jpeg_gif_and_webp_tell_their_size_too() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + (75).to_bytes(2) + (100).to_bytes(2) + bytes(10)
    gif = b"GIF89a" + (100).to_bytes(2, "little") + (75).to_bytes(2, "little")
    webp = b"RIFFxxxxWEBPVP8X" + bytes(8) + (99).to_bytes(3, "little") + (74).to_bytes(3, "little")
    for data in (jpeg, gif, webp):
        assert count_media(Media("image", "image/x", base64.b64encode(data).decode())) == 10


def test_a_pdf_costs_by_its_pages() -> None:
    data = b"%PDF-1.7\n/Type /Pages /Type /Page x /Type/Page y"
    media = Media("document", "application/pdf", base64.b64encode(data).decode())
    assert count_media(media) == 2 * 2_200
