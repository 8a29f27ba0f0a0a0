"""What is known of models, between sessions."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.core.models import ModelFacts
from workbench.store.known_models import FILE, KEEPS_S, MOST_ROWS, KnownModels

FACTS = {"refusal": ModelFacts(window=48_508, source="refusal")}


def test_facts_come_back_and_no_password_is_kept(tmp_path):
    KnownModels(tmp_path, "https://ada:secret@host/v1?token=hush").write("m", FACTS)
    assert KnownModels(tmp_path, "https://ada:secret@host/v1?token=hush").read("m") == FACTS
    kept = (tmp_path / FILE).read_text()
    assert "secret" not in kept
    assert "hush" not in kept


def test_a_lesson_is_tried_anew_after_a_month(tmp_path):
    now = [1_000.0]
    known = KnownModels(tmp_path, "http://one", lambda: now[0])
    known.write("m", FACTS)
    now[0] += KEEPS_S + 1
    assert known.read("m") == {}


@pytest.mark.parametrize("body", [b"", b"\0" * 100, b"nonsense\n" * 9, b"[]"])
def test_a_damaged_file_costs_what_it_knew_and_nothing_else(tmp_path, body):
    (tmp_path / FILE).write_bytes(body)
    known = KnownModels(tmp_path, "http://one")
    assert known.read("m") == {}
    known.write("m", FACTS)
    assert KnownModels(tmp_path, "http://one").read("m") in ({}, FACTS)


def test_a_folder_that_cannot_be_written_fails_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    known = KnownModels(tmp_path / "file", "http://one")
    known.write("m", FACTS)
    assert known.read("m") == {}


def test_the_file_stays_bounded(tmp_path):
    now = [0.0]
    known = KnownModels(tmp_path, "http://one", lambda: now[0])
    for number in range(MOST_ROWS + 20):
        now[0] = float(number + 1)
        known.write(f"m{number}", FACTS)
    assert known.read("m0") == {}
    assert known.read(f"m{MOST_ROWS + 19}") == FACTS


def test_several_at_once_lose_nothing(tmp_path):
    def teach(number):
        KnownModels(tmp_path, "http://one").write(f"m{number}", FACTS)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(teach, range(16)))
    known = KnownModels(tmp_path, "http://one")
    assert all(known.read(f"m{number}") == FACTS for number in range(16))
