"""A session can always go on: a refusal is repaired, told in one line, and sent once more; or a person is asked."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import Bench, FakeModels, Hand, ManualClock, bench, calls, says, stops
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.errors import ProviderFault, Refusal
from workbench.core.messages import Media, Part, Text, Thinking, ToolUse
from workbench.core.models import ModelFacts
from workbench.core.tools import ToolOutput
from workbench.engine import Policies
from workbench.providers.rehearsal.validity import faults
from workbench.strategies import CompactionPolicy

PICTURE = Media("image", "image/png", "aGVsbG8gd29ybGQ=")
YES, NOBODY = Verdict("once"), None


def refuse(kind: str, *place: int, sent: int = 0, limit: int = 0) -> ProviderFault:
    """A refusal as the API words it."""
    return ProviderFault(kind, f"refused for {kind}", refusal=Refusal(place, sent, limit))


def leave_out(request: EscalationRequest) -> Verdict | None:
    """What a run without a person answers."""
    return YES if request.rule == "what stands in the window" else NOBODY


def get_faults(made: Bench) -> list[str]:
    """Why the API would refuse what was asked last, pictures aside: their bytes are no picture here."""
    asked = made.model.asked[-1]
    body = {"model": "m", "max_tokens": asked.max_tokens, "messages": asked.messages, "tools": asked.tools}
    return [fault for fault in faults(body | {"system": asked.system}) if "image" not in fault]


class Camera(Hand):
    """A tool whose result holds a picture."""

    async def run(self, arguments: object, context: object) -> ToolOutput:
        return ToolOutput("a picture", media=(PICTURE,))


async def test_a_picture_that_is_refused_leaves_the_window_and_the_answer_comes(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": "x"})), refuse("media", 2, 0, 1), says("there it is")]
    made = bench(tmp_path, steps, hands=[Camera()])
    await made.ask("look at it")
    assert made.of(e.TurnFinished)[0].text == "there it is"
    assert [told.repair for told in made.of(e.RequestRepaired)] == ["drop_block"]
    sent = str(made.model.asked[-1].messages)
    assert "image/png" not in sent
    assert "Left out by the workbench" in sent
    assert "a picture" in sent
    assert made.of(e.TurnFinished)[0].steps == 2, "a repair is no step"
    await made.engine.close()


@pytest.mark.parametrize("refusal", [refuse("media", 2, 0, 1), refuse("thinking", 1, 0)], ids=["media", "thinking"])
async def test_what_the_model_was_told_beside_the_prompt_stands_there_once_after_a_repair(
    tmp_path: Path, refusal: ProviderFault
) -> None:
    thought = stops("tool_use", Thinking("hm", "signed"), ToolUse("toolu_1", "look", {"what": "x"}))
    made = bench(tmp_path, [thought, refusal, says("there it is"), says("and more")], hands=[Camera()])
    await made.ask("look at it", "go on")
    assert len(made.of(e.RequestRepaired)) == 1
    assert made.of(e.TurnFinished)[-1].text == "and more"
    assert [str(asked.messages).count("[NOTICE] Today is") for asked in made.model.asked] == [1, 1, 1, 1]
    await made.engine.close()


async def test_a_declined_turn_leaves_the_window_and_what_was_said_before_stays(
    tmp_path: Path,
) -> None:
    made = bench(tmp_path, [says("one"), stops("refusal", Text("I ca")), says("three")])
    await made.ask("first", "the trigger", "third")
    assert [end.stop_reason for end in made.of(e.TurnFinished)] == ["done", "error", "done"]
    sent = str(made.model.asked[-1].messages)
    assert ("first" in sent, "third" in sent) == (True, True)
    assert ("the trigger" in sent, "I ca" in sent) == (False, False)
    assert not get_faults(made)
    await made.engine.close()


async def test_a_turn_that_was_declined_and_then_killed_leaves_with_the_next_declined_one(tmp_path: Path) -> None:
    killed = stops("refusal", Text("I ca"))
    made = bench(tmp_path, [killed, killed, says("three")])
    await made.ask("the trigger")
    kept = made.engine.session.events
    cut = next(n for n, each in enumerate(kept) if isinstance(each.event, e.RequestRepaired))
    id = await made.engine.adopt(tuple(kept[:cut]))
    await made.engine.handle(c.OpenSession(id))
    await made.ask("second", "third")
    assert made.of(e.TurnFinished)[-1].text == "three"
    assert "the trigger" not in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_a_summary_that_was_declined_is_written_without_the_model(tmp_path: Path) -> None:
    talk = [says(f"answer {n} " + "word " * 900) for n in range(6)]
    made = bench(tmp_path, [*talk, stops("refusal", Text("I ca"))])
    await made.ask(*(f"question {n}" for n in range(6)))
    await made.engine.handle(c.PlanCompaction("summarise"))
    await made.engine.idle()
    summary = made.of(e.CompactionPlanned)[-1].plan.summary
    assert ("question 0" in summary, "I ca" in summary) == (True, False)
    await made.engine.close()


async def test_a_refusal_that_names_no_block_takes_the_newest_picture(tmp_path: Path) -> None:
    made = bench(tmp_path, [calls(("look", {"what": "x"})), refuse("media"), says("seen")], hands=[Camera()])
    await made.ask("look at it", "again")
    assert [end.text for end in made.of(e.TurnFinished)] == ["seen", "nothing more to say"]
    assert "image/png" not in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_thinking_of_another_key_is_left_out_and_comes_back_with_no_undo(tmp_path: Path) -> None:
    thought: tuple[Part, ...] = (Thinking("hm", "signed"), Text("first"))
    made = bench(tmp_path, [stops("end_turn", *thought), refuse("thinking", 1, 0), says("second")])
    await made.ask("one", "two")
    assert made.of(e.TurnFinished)[-1].text == "second"
    assert "signed" in str(made.model.asked[1].messages)
    assert "signed" not in str(made.model.asked[2].messages)
    assert "first" in str(made.model.asked[2].messages)
    await made.engine.close()


async def test_a_reply_longer_than_the_models_is_shortened_and_that_is_remembered(tmp_path: Path) -> None:
    models = FakeModels()
    made = bench(tmp_path, [refuse("reply_limit", sent=32_000, limit=8_000), says("short")], models=models)
    await made.ask("go")
    assert [asked.max_tokens for asked in made.model.asked] == [32_000, 8_000]
    assert models.taught == [("scripted", ModelFacts(reply=8_000))]
    again = bench(tmp_path / "next", [says("at once")], models=models)
    await again.ask("go")
    assert [asked.max_tokens for asked in again.model.asked] == [8_000]
    await made.engine.close()
    await again.engine.close()


async def talk(tmp_path: Path, *steps: object, models: FakeModels | None = None, size: int = 60_000) -> Bench:
    """A session of eight turns, then `steps`."""
    policies = Policies(
        window=WindowPolicy(size, 0.7, 4_000), compaction=CompactionPolicy(keep_last=2, strategy="mask")
    )
    said = [says("word " * 700) for _ in range(8)]
    made = bench(tmp_path, [*said, *steps], policies=policies, models=models, unattended=leave_out)
    await made.ask(*(f"question {n} " + "of words " * 200 for n in range(8)))
    return made


@pytest.mark.parametrize("limit", [6_000, 0])
async def test_a_window_smaller_than_thought_is_learnt_and_the_request_made_to_fit(tmp_path: Path, limit: int) -> None:
    models = FakeModels()
    made = await talk(tmp_path, refuse("too_long", sent=limit and 11_000, limit=limit), models=models)
    before = made.engine.session.window().total
    await made.ask("the last request")
    assert made.of(e.TurnFinished)[-1].stop_reason == "done"
    window = made.engine.session.window()
    assert window.total < before
    assert window.size == limit or (not limit and window.size < 60_000)
    assert "the last request" in str(made.model.asked[-1].messages)
    assert models.taught == ([("scripted", ModelFacts(window=6_000))] if limit else [])
    assert window.size_reason.startswith("the model's")
    assert get_faults(made) == []
    await made.engine.close()


async def test_an_endpoint_that_takes_more_than_the_setting_is_shown_with_the_reason(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("yes")], models=FakeModels(scripted=ModelFacts(window=1_000_000, source="endpoint")))
    await made.ask("go")
    window = made.engine.session.window()
    assert window.size == 200_000
    assert window.size_reason == "window.size; the model takes 1,000,000"
    assert made.of(e.LimitLearnt) == [e.LimitLearnt("scripted", 1_000_000, None, "the endpoint says so")]
    await made.engine.close()


async def test_a_window_in_which_nothing_could_be_sent_is_not_believed(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("yes")], models=FakeModels(scripted=ModelFacts(window=1, source="endpoint")))
    await made.ask("go")
    assert made.of(e.TurnFinished)[0].text == "yes"
    window = made.engine.session.window()
    assert (window.size, window.size_reason) == (200_000, "")
    await made.engine.close()


async def test_a_window_that_fills_in_the_middle_of_a_turn_is_compacted_as_often_as_it_fills(tmp_path: Path) -> None:
    class Long(Hand):
        async def run(self, arguments: object, context: object) -> ToolOutput:
            return ToolOutput("word " * 2_000)

    policies = Policies(window=WindowPolicy(12_000, 0.7, 1_024), compaction=CompactionPolicy(keep_last=2))
    made = bench(tmp_path, [], hands=[Long()], policies=policies, unattended=leave_out)
    left = [15]

    def answer(request: object) -> object:
        if getattr(request, "purpose", "") != "turn":
            return says("a short summary", trailer="")
        left[0] -= 1
        return calls(("look", {"what": "x"})) if left[0] > 0 else says("done at last")

    made.model.choose = answer  # type: ignore[assignment]
    await made.ask("read many long things")
    assert made.of(e.TurnFinished)[0].text == "done at last"
    assert len([opened for opened in made.of(e.EpochOpened) if opened.reason in ("compacted", "repaired")]) >= 2
    assert "read many long things" in str(made.model.asked[-1].messages)
    assert get_faults(made) == []
    await made.engine.close()


async def test_what_no_repair_mends_is_asked_and_a_yes_keeps_the_words(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": "x"}), text="I look"), refuse("invalid"), says("with words alone")]
    made = bench(tmp_path, steps, hands=[Hand()], unattended=leave_out)
    await made.ask("look at it")
    assert made.of(e.TurnFinished)[0].text == "with words alone"
    asked = made.of(e.EscalationRaised)[0].request
    assert asked.message == "The request was refused. Go on with the words alone?"
    assert "tool_use" not in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_a_refusal_that_stays_ends_in_its_own_words(tmp_path: Path) -> None:
    made = bench(tmp_path, [refuse("invalid"), says("later")])
    await made.ask("go", "again")
    assert made.of(e.TurnFailed)[0].message == "refused for invalid"
    assert made.of(e.TurnFinished)[0].text == "later"
    await made.engine.close()


async def test_a_long_wait_is_asked_about_and_obeyed(tmp_path: Path) -> None:
    busy = ProviderFault("rate_limit", "too many requests", retryable=True, retry_after=600.0)
    clock = ManualClock()
    made = bench(tmp_path, [busy, says("after ten minutes")], clock=clock, unattended=lambda _: YES)
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.RetryScheduled)
    assert made.of(e.RetryScheduled)[0].delay == 600.0
    await clock.pass_deadline(600.0)
    await made.until(e.TurnFinished)
    assert made.of(e.TurnFinished)[0].text == "after ten minutes"
    await made.engine.close()


async def test_where_nobody_answers_a_long_wait_ends_the_turn_with_its_figure(tmp_path: Path) -> None:
    busy = ProviderFault("rate_limit", "too many requests", retryable=True, retry_after=600.0)
    made = bench(tmp_path, [busy], unattended=lambda _: NOBODY)
    await made.ask("go")
    failed = made.of(e.TurnFailed)[0]
    assert "600 s" in failed.hint
    assert len(made.model.asked) == 1
    await made.engine.close()


async def test_one_call_that_was_sent_twice_runs_once(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    once = ToolUse("toolu_1", "touch", {"what": "x"})
    steps = [(once, once), (once,), (once,), says("done")]
    made = bench(tmp_path, steps, hands=[touch], unattended=lambda _: YES)
    await made.ask("touch it")
    assert len(touch.seen) == 2, "twice in one reply is once; again in the next is none; after that it is a new call"
    assert "was not run a second time" in str(made.model.asked[2].messages)
    assert get_faults(made) == []
    await made.engine.close()


kinds = st.sampled_from(["media", "thinking", "too_long", "reply_limit", "invalid", "unsupported", "server"])
places = st.lists(st.integers(0, 6), max_size=3).map(tuple)
figures = st.sampled_from([0, 0, 500, 3_000, 9_000])
refusals = st.builds(
    lambda kind, place, sent, limit: refuse(kind, *place, sent=sent, limit=limit), kinds, places, figures, figures
)
replies = st.sampled_from(
    [
        says("fine"),
        calls(("look", {"what": "x"})),
        stops("end_turn", Thinking("hm", "signed"), Text("thought")),
        stops("max_tokens", Text("half"), Thinking("hm", "")),
        stops("pause_turn", Thinking("hm", "signed"), Text(" ")),
        stops("end_turn", Text("x"), Thinking("hm", "signed"), Text("\n")),
    ]
)


@given(st.lists(st.one_of(refusals, replies), max_size=9), st.booleans(), st.data())
@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_refusals_kills_and_continuations_end_in_an_answer_or_a_true_message(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object], answers: bool, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("any")
    policies = Policies(window=WindowPolicy(20_000, 0.7, 2_000), compaction=CompactionPolicy(keep_last=2))
    unattended = leave_out if answers else lambda _: NOBODY
    made = bench(root, steps, hands=[Camera()], policies=policies, unattended=unattended)
    await made.ask("first", "second " * 50, "third")
    told = len(made.of(e.TurnFinished)) + len(made.of(e.TurnFailed))
    assert told == 3
    events = made.engine.session.events
    await made.engine.close()
    # Wherever the journal is cut, its next request is one that the API takes.
    killed = Conversation()
    for stamped in events[: data.draw(st.integers(1, len(events)))]:
        killed.apply(stamped)
    if killed.epoch is not None and killed.entries:
        said = killed.messages()
        said = said if said[-1]["role"] == "user" else [*said, {"role": "user", "content": "go on"}]
        tools = [tool.definition for tool in killed.epoch.tools]
        body = {"model": "m", "max_tokens": 9, "messages": said, "tools": tools}
        assert [fault for fault in faults(body) if "image" not in fault] == []
    # And once the endpoint takes requests, so it goes on.
    resumed = bench(root, [says("on we go")], hands=[Camera()], policies=policies, unattended=leave_out)
    await resumed.engine.handle(c.OpenSession(made.engine.session.id))
    await resumed.ask("and now?")
    assert resumed.of(e.TurnFinished)[-1].text == "on we go"
    assert get_faults(resumed) == []
    await resumed.engine.close()
