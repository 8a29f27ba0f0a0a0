"""After a compaction its window is asked what it still knows: by code, and by a model where one is wanted."""

import asyncio

from tests.unit.strategies.talk import Answering, Talk
from workbench.core.messages import Text
from workbench.core.plans import tell_score
from workbench.strategies.probes import GAP, ask_model, probe_window, read_window, score_answers, write_probes


def compacted() -> Talk:
    talk = Talk().ask("Look at the ladder.")
    talk.call("shell", "x" * 40_000 + "\nexit code: 2", 10_000, True, command="make lint | tee log")
    talk.say(Text("The fault is in src/acme/retry.py, and it takes 412 ms. We decided to keep the ladder short."))
    talk.end().exchanges(12)
    return talk.compact(talk.plan(model=Answering("## Goal\nnothing of it")))


def test_the_window_is_asked_fact_by_fact_and_scored_by_kind() -> None:
    scores = {score.kind: (score.found, score.total) for score in probe_window(compacted().view())[1]}
    assert scores["paths"] == scores["commands"] == scores["numbers"] == (1, 1)
    assert scores["decisions"] == (3, 3), "with those of the scratchpad"


def test_what_only_an_id_gives_counts_as_that_and_what_nothing_gives_as_lost() -> None:
    talk = compacted()
    view, epoch = talk.view(), talk.conversation.epoch
    assert epoch is not None
    by_id = type(view)(**{**vars(view), "earlier": "## Goal\nx\n\n## Evidence\nMore: e2 e6"})
    scores = probe_window(by_id)[1]
    assert {(s.kind, s.found, s.by_id) for s in scores} >= {("paths", 0, 1), ("commands", 0, 1)}
    assert tell_score(scores) == "0 of 6 facts word for word, 4 by id, 2 lost"
    lost = probe_window(type(view)(**{**vars(view), "earlier": ""}))[1]
    assert "lost" in tell_score(lost)
    assert next(s.missing for s in lost if s.kind == "paths") == ("src/acme/retry.py",)


def test_what_was_masked_is_in_reach_by_the_id_in_its_place() -> None:
    talk = Talk().ask("make it pass")
    talk.call("shell", "word\n" * 3_000 + "ValueError: 409 is never retried", 9_000, True, command="make lint")
    talk.say(Text("ok")).end().exchanges(12).compact(talk.plan("mask"))
    scores = {score.kind: (score.found, score.by_id, score.total) for score in probe_window(talk.view())[1]}
    assert scores["errors"] == (0, 1, 1)


def test_a_question_is_the_sentence_with_a_gap_for_the_fact() -> None:
    talk = compacted()
    probes = write_probes(probe_window(talk.view())[0], talk.conversation.archive)
    path = next(probe for probe in probes if probe.kind == "paths")
    assert path.answer == "src/acme/retry.py"
    assert path.question.startswith(f"The fault is in {GAP}, and it takes 412 ms.")
    assert next(p.question for p in probes if p.kind == "decisions") == f"We decided to {GAP}"


def test_a_model_is_asked_in_one_request_and_only_what_is_right_counts() -> None:
    talk = compacted()
    probes = write_probes(probe_window(talk.view())[0], talk.conversation.archive)
    right = "\n".join(f"{number}: `{probe.answer}`" for number, probe in enumerate(probes, 1))
    model = Answering(right)
    scores = asyncio.run(ask_model(model, probes, read_window(talk.view()), 1_000))
    [(prompt, _, purpose)] = model.asked
    assert purpose == "probe"
    assert f"1: {probes[0].question}" in prompt
    assert all(score.found == score.total for score in scores)
    wrong = score_answers(probes, right.replace("412", "413").replace("retry.py", "retries.py") + "\nnonsense")
    assert {score.kind: score.found for score in wrong if score.kind in ("paths", "numbers")} == {
        "paths": 0,
        "numbers": 0,
    }
    assert sum(score.found for score in score_answers(probes, "")) == 0
