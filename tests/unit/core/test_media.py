"""Images and documents that models take, and those that they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import media as samples
from workbench.core.media import PDF, count_pages, detect_type, find_fault, measure_pixels, name_foreign

SAMPLES = {
    "image/png": samples.png(40, 30),
    "image/jpeg": samples.jpeg(),
    "image/gif": samples.gif(),
    "image/webp": samples.webp(),
    PDF: samples.pdf(2),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_whole_one_is_known_by_its_bytes_and_has_no_fault(kind):
    assert detect_type(SAMPLES[kind]) == kind
    assert find_fault(SAMPLES[kind]) is None


@pytest.mark.parametrize("kind", SAMPLES)
def test_one_that_was_cut_anywhere_has_a_fault_or_is_none(kind):
    data = SAMPLES[kind]
    for end in range(len(data) - 18):
        cut = data[:end]
        assert not detect_type(cut) or find_fault(cut) is not None, end


def test_sizes_are_read():
    assert measure_pixels(SAMPLES["image/png"]) == (40, 30)
    assert {measure_pixels(SAMPLES[kind]) for kind in ("image/jpeg", "image/gif", "image/webp")} == {(1, 1)}
    assert count_pages(SAMPLES[PDF]) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (samples.png(8_001, 1), "8,001 x 1 pixels"),
        (samples.png(padding=4_000_000), "in base64"),
        (samples.png(0, 5), "no size"),
        (samples.png().replace(b"IDAT", b"IxAT"), "cut off"),
        (samples.png()[:20] + b"\1" + samples.png()[21:], "cut off"),
        (samples.pdf(101), "101 pages"),
        (samples.pdf(1, b"/Encrypt 9 0 R"), "encrypted"),
    ],
)
def test_what_models_do_not_take_is_named_with_a_remedy(data, says):
    fault = find_fault(data)
    assert fault is not None
    assert says in fault.reason
    assert fault.remedy.endswith(".")


def test_a_thumbnail_inside_a_jpeg_is_not_taken_for_its_end():
    whole = samples.jpeg()
    thumbnail = b"\xff\xe1" + (len(whole) + 2).to_bytes(2) + whole
    assert find_fault(whole[:2] + thumbnail + whole[2:]) is None
    assert find_fault(whole[:2] + thumbnail + whole[2:-2]) is not None


@pytest.mark.parametrize("data", [b"BM....", b"II*\0", b"PK\3\4", b"\0\0\0\x18ftypheic"])
def test_files_of_other_kinds_are_named(data):
    assert name_foreign(data)
    assert not detect_type(data)


@given(st.binary(max_size=200), st.sampled_from([b"", *[data[:12] for data in SAMPLES.values()]]))
def test_any_bytes_are_judged_without_a_failure(data, head):
    detect_type(head + data)
    measure_pixels(head + data)
    find_fault(head + data)
