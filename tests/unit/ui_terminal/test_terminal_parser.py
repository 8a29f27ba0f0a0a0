"""What bytes of a terminal mean: the same however they are split, never text unless somebody typed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from workbench.ui.terminal.parser import TerminalParser, clean_paste

ESCAPE_S, LONG = 0.1, 60.0
START, END = b"\x1b[200~", b"\x1b[201~"

SEQUENCES = [
    *(
        b"\x1b[A",
        b"\x1bOA",
        b"\x1b[1;5D",
        b"\x1b[3~",
        b"\x1b[Z",
        b"\x1b[15;2~",
        b"\x1bOP",
        b"\x1b[[A",
        b"\x1b\r",
        b"\x1b\x0b",
        b"\x1b\x7f",
    ),
    *(b"\x1b[97u", b"\x1b[97:65:97;2:1;65u", b"\x1b[57413u", b"\x1b[97;1:3u", b"\x1b[27;5;106~", b"\x1b[13;3u"),
    *(b"\x1b[<0;4;5M", b"\x1b[<0;4;5m", b"\x1b[M !!", b"\x1b[M\x60\xf0\xff", b"\x1b[32;4;5M", b"\x1b[I", b"\x1b[O"),
    *(
        b"\x1b[?1;2c",
        b"\x1b[?2026;2$y",
        b"\x1b[?25u",
        b"\x1b]11;rgb:1/2/3\x07",
        b"\x1b]4;1;x\x1b\\",
        b"\x1bP1$r0m\x1b\\",
    ),
    *(b"\x1b_Gi=1;OK\x1b\\", b"\x1bn", b"\x1b\xc3\xa9", START + b"a\x1b[1mb\r\nc" + END, START + END),
]
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x1b"), max_size=8).map(str.encode)
STREAMS = st.lists(st.one_of(TEXTS, st.sampled_from(SEQUENCES)), max_size=12).map(b"".join)


def tell(message: Message) -> tuple[object, ...]:
    match message:
        case events.Key():
            return "key", message.key, message.character if message.is_printable else ""
        case events.Paste():
            return "paste", message.text
        case events.MouseEvent():
            return type(message).__name__, message.x, message.y, message.button
    return (type(message).__name__,)


def read(*parts: bytes | float) -> list[tuple[object, ...]]:
    """What `parts` mean: bytes that came at once, and seconds in which nothing came."""
    parser, now, found = TerminalParser(ESCAPE_S), 0.0, []
    for part in (*parts, LONG):
        if isinstance(part, bytes):
            found += list(parser.feed(part, now))
        else:
            now += part
            found += list(parser.tick(now))
    return [tell(message) for message in found]


def typed(*parts: bytes | float) -> str:
    """The characters that would be inserted."""
    return "".join(str(told[2]) for told in read(*parts) if told[0] == "key")


def names(*parts: bytes | float) -> list[object]:
    return [told[1] for told in read(*parts) if told[0] == "key"]


@given(STREAMS, st.data())
def test_any_split_of_a_stream_means_the_same_as_the_whole(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parts = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read(*parts) == read(stream)


@given(st.lists(st.binary(max_size=20), max_size=20), st.lists(st.floats(0, 10), max_size=20))
def test_whatever_comes_is_read_without_a_fault_and_brings_no_control_into_a_text(
    chunks: list[bytes], pauses: list[float]
) -> None:
    parts: list[bytes | float] = [each for pair in zip(chunks, pauses, strict=False) for each in pair]
    for told in read(*parts):
        if told[0] == "key" and told[2]:
            assert str(told[2]) >= " "
        if told[0] == "paste":
            assert all(each >= " " or each in "\n\t" for each in str(told[1]))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_every_character_that_is_typed_is_inserted(text: str) -> None:
    """Wide and joining blanks, combining marks, private ones and those of a newer Unicode among them."""
    assert typed(text.encode()) == text


@given(st.binary(), st.lists(st.integers(0, 40), max_size=5))
def test_a_paste_is_one_text_whatever_bytes_it_holds(content: bytes, cuts: list[int]) -> None:
    stream = START + content.replace(END, b"") + END
    places = sorted(min(cut, len(stream)) for cut in cuts)
    parts = [stream[begin:end] for begin, end in zip([0, *places], [*places, len(stream)], strict=True)]
    assert all(told[0] == "paste" for told in read(*parts))
    assert len(read(*parts)) <= 1


def test_a_paste_of_a_megabyte_is_one_text() -> None:
    text = b"0123456789abcde\r" * 65_536
    stream = START + text + END
    parts = [stream[place : place + 4096] for place in range(0, len(stream), 4096)]
    assert read(*parts) == [("paste", text.decode().replace("\r", "\n"))]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\x1b[1mWARN\x1b[0m disk", "WARN disk"),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("\x1b]0;title\x07x\x1bOPy\x1b(Bz\x1bP1\x1b\\w", "xyzw"),
        ("\x00\x07\x9b1m\x7f", "1m"),
        ("\x1b[200~in\x1b[20", "in[20"),
    ],
)
def test_a_paste_says_what_it_would_have_said(raw: str, clean: str) -> None:
    assert clean_paste(raw) == clean


def test_an_end_of_a_paste_that_another_follows_was_part_of_it() -> None:
    assert read(START + b"one" + END + b"rm\r" + END) == [("paste", "onerm\n")]
    assert read(START + b"one" + END + START + b"two" + END) == [("paste", "one"), ("paste", "two")]


def test_a_paste_that_stalls_is_handed_on_and_goes_on_as_a_paste() -> None:
    told = read(START + b"one\r", 5.0, b"two\rthree", 5.0, b"\rfour" + END, b"\r")
    assert told == [("paste", "one\n"), ("paste", "two\nthree"), ("paste", "\nfour"), ("key", "enter", "")]


def test_a_key_after_a_paste_without_an_end_is_a_key() -> None:
    assert read(START + b"one\x1b[2", 5.0, b"\r", b"x") == [("paste", "one"), ("key", "enter", ""), ("key", "x", "x")]
    assert read(START + b"one\x1b[20", 5.0, b"1~", b"x") == [("paste", "one"), ("key", "x", "x")]


def test_an_esc_alone_is_the_key_after_a_moment() -> None:
    assert names(b"\x1b", 0.05) == ["escape"]
    assert names(b"\x1b", b"\x1b") == ["escape", "escape"]
    assert names(b"\x1b", 0.05, b"[A") == ["up"]


@pytest.mark.parametrize(
    "tail",
    [
        b"[<35;40;12M",
        b"[M !!",
        b"[A",
        b"[1;5C",
        b"[I",
        b"[97;5u",
        b"OA",
        b"]11;rgb:1/2/3\x07",
        b"P1$r0m\x1b\\",
        b"[?1;2c",
    ],
)
def test_the_rest_of_a_sequence_that_comes_after_its_esc_is_dropped(tail: bytes) -> None:
    assert read(b"\x1b", 0.15, tail, b"x") == [("key", "escape", ""), ("key", "x", "x")]
    for cut in range(1, len(tail)) if tail[:1] == b"[" and len(tail) > 3 else ():
        assert typed(b"\x1b", 0.15, tail[:cut], 0.01, tail[cut:], b"x") == "x", tail[:cut]


@pytest.mark.parametrize(
    "text", [b"[", b"[x]", b"OPEN", b"OK", b"[link](x)", b"]", b"P1 is broken", b"_Gap", b"1", b"[]"]
)
def test_what_is_typed_after_an_esc_is_typed(text: bytes) -> None:
    assert typed(b"\x1b", 0.15, text) == text.decode()
    assert typed(b"\x1b", 0.15, *(text[at : at + 1] for at in range(len(text)))) == text.decode()


def test_an_answer_that_breaks_off_or_comes_late_is_never_text() -> None:
    assert typed(b"\x1b]11;rgb:ff", 5.0, b"ff/ffff/ffff\x1b\\", b"x") == "x"
    assert typed(b"\x1b[<35;4", 5.0, b"x") == "x"
    assert names(b"\x1b[1;5", b"\x03") == ["ctrl+c"]
    assert typed(b"\x1b[?1;", 1.0, b"2c", b"x") == "x"


@pytest.mark.parametrize(
    ("sequence", "key", "text"),
    [
        (b"\x1b[32u", "space", " "),
        (b"\x1b[57413u", "plus", "+"),
        (b"\x1b[57399;129u", "0", "0"),
        (b"\x1b[57416u", "comma", ","),
        (b"\x1b[57414u", "enter", ""),
        (b"\x1b[57417;1u", "left", ""),
        (b"\x1b[97;;97u", "a", "a"),
        (b"\x1b[97:65;2u", "A", "A"),
        (b"\x1b[97;2u", "A", "A"),
        (b"\x1b[97;65u", "A", "A"),
        (b"\x1b[49:33;2;33u", "exclamation_mark", "!"),
        (b"\x1b[97;5u", "ctrl+a", ""),
        (b"\x1b[27;6;75~", "ctrl+shift+k", ""),
        (b"\x1b[27;2;65~", "A", "A"),
        (b"\x1b[27;3;13~", "alt+enter", ""),
        (b"\x1b[13;2u", "shift+enter", ""),
        (b"\x1b[127;2u", "backspace", ""),
        (b"\x1b[127;3u", "alt+backspace", ""),
        (b"\x1b[9;2u", "shift+tab", ""),
        (b"\x1b[27u", "escape", ""),
        (b"\x1b[1;129A", "up", ""),
        (b"\x1b[1;6:2D", "ctrl+shift+left", ""),
        (b"\x1b[97;3u", "alt+a", ""),
        (b"\x1ba", "alt+a", ""),
        (b"\x1b\n", "alt+enter", ""),
        (b"\x1f", "ctrl+underscore", ""),
    ],
)
def test_a_key_has_one_name_in_every_form(sequence: bytes, key: str, text: str) -> None:
    assert read(sequence) == [("key", key, text)]


@pytest.mark.parametrize(
    "sequence",
    [b"\x1b[97;1:3u", b"\x1b[57441;2u", b"\x1b[57358u", b"\x1b[99999999u", b"\x1b[0u", b"\x1b[55296u", b"\x1b[?62;4c",
     b"\x1b[1" + b"1" * 5000 + b"u", b"\x1b[200q", b"\x1b[201~"],
)  # fmt: skip
def test_what_is_no_key_that_went_down_is_nothing(sequence: bytes) -> None:
    assert read(sequence + b"x") == [("key", "x", "x")]


def test_an_input_method_commits_several_characters_in_one_sequence() -> None:
    assert typed(b"\x1b[;;20320:22909u\x1b[0;;10084:65039u") == "你好❤\ufe0f"


@pytest.mark.parametrize("wheel", [b"\x1b[<64;4;5M", b"\x1b[M\x60$%", b"\x1b[96;4;5M"])
def test_the_wheel_is_the_wheel_in_every_form(wheel: bytes) -> None:
    assert read(wheel) == [("MouseScrollUp", 3.0, 4.0, 0)]


@pytest.mark.parametrize("letter", "abcdefgklnopqrstuvwxyz")
def test_an_esc_and_a_control_at_once_are_one_key_and_no_esc(letter: str) -> None:
    control = bytes([ord(letter) - 96])
    told = names(b"\x1b" + control)
    assert told == [f"alt+ctrl+{letter}"] and told == names(b"\x1b", 0.05, control)
    assert names(b"\x1b", 0.2, control) == ["escape", f"ctrl+{letter}"], "an esc that stood alone is the key"


@pytest.mark.parametrize("control", [bytes([code]) for code in range(1, 32) if code != 27] + [b"\x7f"])
def test_the_first_half_of_a_key_is_never_an_esc(control: bytes) -> None:
    assert "escape" not in names(b"\x1b" + control) and not typed(b"\x1b" + control)
