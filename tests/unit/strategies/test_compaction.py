"""Summarising: what stays, what leaves, what survives, and that a window can always be made to fit."""

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.strategies.talk import Answering, Silent, Talk, count, ids, labels, leaving, propose, valid
from workbench.core import events as e
from workbench.core.messages import Part, Text, Thinking, ToolResult, ToolUse
from workbench.strategies import CompactionPolicy
from workbench.strategies.evidence import gather_evidence
from workbench.strategies.plan import remark

POLICY = CompactionPolicy()


def ladder() -> Talk:
    """Seven turns about a retry ladder, the last one running."""
    talk = Talk()
    talk.ask("Make the webhook client retry safely. I prefer small commits.")
    talk.call("grep", "no matches", pattern="backoff")
    talk.call("read", "def delay(): ...", tokens=7_000, file_path="src/acme/retry.py")
    talk.say(Thinking("long", "sig"), Text("The ladder lives in src/acme/client.py."), tokens=4_000).end()
    for turn in range(2, 7):
        talk.ask(f"Step {turn}: never retry a 409, and stay inside 30 seconds.")
        talk.call("shell", "....\n14 passed in 2.8 s", command="pytest tests/test_retry.py -q")
        talk.say(Text("It passes.")).end()
    talk.ask("Give a retried PUT an idempotency key.")
    talk.call("edit", "+4 -2", file_path="src/acme/retry.py")
    talk.call("read", "class Client: ...", file_path="src/acme/client.py")
    return talk


def test_a_short_conversation_has_nothing_to_compact() -> None:
    assert Talk().possible_plan() is None
    assert Talk().ask("hello").say(Text("Hello.")).end().possible_plan() is None


def test_the_last_ten_messages_stay_word_for_word() -> None:
    talk = Talk().exchanges(8)
    made = talk.plan()
    answers = [entry for entry in talk.conversation.entries[:6] if entry.role == "assistant"]
    assert leaving(talk, made) == answers, "and the person's own words of before"
    assert sorted(ids(made, "kept")) == sorted(e.id for e in talk.conversation.entries if e not in answers)


def test_of_the_persons_messages_the_newest_stay_as_far_as_there_is_room() -> None:
    talk = Talk()
    for number in range(9):
        talk.ask(f"prompt {number}", tokens=900).say(Text("a"), tokens=20).end()
    talk.exchanges(8)
    plan = talk.plan(size=40_000)
    prompts = [e.part.text for e in talk.conversation.entries if e.role == "user" and e.id in plan.kept]  # type: ignore
    assert prompts[:4] == ["prompt 6", "prompt 7", "prompt 8", "prompt 0"]
    assert "turns 7–12, your words" in labels(plan, "kept")


def test_the_fates_sum_to_what_the_window_holds() -> None:
    talk = ladder()
    plan = talk.plan(model=Answering("## Goal\nRetry."))
    assert sum(line.tokens for line in plan.lines) == plan.before == talk.window().total
    assert sum(section.tokens for section in plan.sections_before) == plan.before
    assert sum(section.tokens for section in plan.sections_after) == plan.after < plan.before
    assert plan.summary_tokens == next(s.tokens for s in plan.sections_after if s.name == "summary")


def test_lines_say_what_happens_in_few_words() -> None:
    made = ladder().plan()
    assert labels(made, "kept")[0] == "system"
    assert "7  your request, word for word" in labels(made, "kept")
    assert labels(made, "summarised") == ["turns 1–4"]
    assert labels(made, "dropped") == ["an empty search", "a stale read", "turn 1, thinking"]
    assert "thinking" in made.why
    assert made.why.endswith("that nobody needs word for word.")


def test_a_large_result_that_is_summarised_is_named() -> None:
    talk = Talk().ask("look").call("read", "x" * 9_000, tokens=3_000, file_path="big.py").say(Text("ok")).end()
    made = talk.exchanges(5).plan()
    assert labels(made, "summarised") == ["turn 1", "ToolResult, outcome only"]


def test_the_last_request_stays_even_where_its_turn_is_long() -> None:
    talk = Talk().ask("Do the long thing, word for word.")
    for number in range(20):
        talk.call("shell", f"ran {number}", command=f"make step{number}")
    plan = talk.plan()
    assert "e2" in plan.kept
    talk.compact(plan)
    assert talk.conversation.entries[0].part == Text("Do the long thing, word for word.")
    valid(talk.conversation)


def test_a_window_that_is_over_full_keeps_fewer_messages() -> None:
    talk = Talk().ask("read it all")
    for number in range(4):
        talk.call("read", "x" * 100, tokens=60_000, file_path=f"f{number}.py")
    assert talk.window().free < 0
    plan = talk.plan()
    assert plan.after < 0.6 * 140_000
    assert "e2" in plan.kept


def test_a_large_head_still_leaves_the_last_messages_what_room_there_is() -> None:
    talk = Talk()
    for number in range(8):
        talk.ask(f"prompt {number}").say(Text("a"), tokens=900).end()
    window = talk.window(size=30_000)
    head = msgspec.structs.replace(window.blocks[0], tokens=12_000)
    heavy = msgspec.structs.replace(window, blocks=(head, *window.blocks[1:]), total=window.total + 11_500)
    made = talk.plan(view=talk.view(window=heavy))
    assert len(made.kept) > 1


def test_a_window_measured_before_the_last_entry_still_accounts_for_it() -> None:
    talk = ladder()
    window = talk.window()
    talk.say(Text("one more"), tokens=33)
    made = talk.plan(view=talk.view(window=window))
    assert made.before == window.total + 33
    assert talk.conversation.entries[-1].id in made.kept


def test_one_giant_result_leaves_too() -> None:
    plan = Talk().ask("read it").call("read", "x" * 100, tokens=300_000, file_path="f.py").plan()
    assert plan.kept == ("e2",)
    assert plan.after < 10_000


def test_a_call_that_still_runs_stays() -> None:
    talk = Talk().exchanges(8)
    talk.ask("go").say(Text("running"), ToolUse("open", "shell", {"command": "make"}))
    plan = talk.plan()
    assert talk.conversation.entries[-1].id in plan.kept
    valid(talk.compact(plan).conversation)


def test_the_prompt_is_the_seeds_and_carries_the_earlier_summary() -> None:
    talk = Talk("## Goal\nKeep the ladder inside 30 s.\n\n## Evidence\n### Paths\n- docs/adr/0007.md").exchanges(8)
    model = Answering("## Goal\nx")
    plan = talk.plan(model=model)
    [(prompt, limit, purpose)] = model.asked
    assert (limit, purpose) == (POLICY.summary_tokens(0), "summary")
    assert prompt.startswith("Summarise the following conversation history. Preserve: key decisions")
    assert "[CONVERSATION SUMMARY]\n## Goal\nKeep the ladder inside 30 s." in prompt
    assert "[user]: prompt 0\n[assistant]: answer 0\n" in prompt
    assert all(f"## {name}" in prompt for name in ("Goal", "Decided", "Done", "Open"))
    assert "the earlier summary" in labels(plan, "summarised")
    assert plan.summary == "## Goal\nx"
    assert "docs/adr/0007.md" in plan.evidence, "no index of before is lost"


def test_a_prompt_too_long_for_a_request_shortens_results_first() -> None:
    talk = Talk().ask("the words of the person")
    for number in range(30):
        talk.call(
            "shell", f"start{number} " + "word " * 2_000 + f"end{number}", tokens=3_000, command=f"make s{number}"
        )
    model = Answering()
    talk.plan(size=20_000, model=model)
    [(prompt, _, _)] = model.asked
    assert count(prompt) < 20_000
    assert all(f"make s{number}" in prompt for number in range(20))
    assert "characters left out" in prompt


def test_the_summary_may_be_as_long_as_what_it_replaces_deserves() -> None:
    assert [POLICY.summary_tokens(n) for n in (0, 10_000, 30_000, 900_000)] == [500, 500, 1_500, 2_000]


def test_evidence_counts_what_survives_and_names_what_does_not() -> None:
    talk = ladder()
    plan = talk.plan()
    evidence = gather_evidence(leaving(talk, plan), talk.view())
    assert {"src/acme/retry.py", "src/acme/client.py"} <= set(evidence.of("paths"))
    assert evidence.of("commands") == ("pytest tests/test_retry.py -q",)
    assert {"14 passed", "2.8 s"} <= set(evidence.of("numbers"))
    counts = {c.kind: (c.found, c.total, c.missing) for c in evidence.check("full jitter: the sandbox bursts")}
    assert counts["decisions"] == (1, 2, ("no 409 retries",))
    assert all(checked.found == checked.total for checked in plan.checked), "what the summary misses is in the index"
    assert "never retry a 409, and stay inside 30 seconds." not in plan.evidence, (
        "it stands in the window as it was said"
    )


def test_the_remark_counts_what_a_person_looks_for() -> None:
    plan = ladder().plan(model=Answering("## Goal\nRetry."))
    assert remark(plan) == "2 decisions, 3 paths kept"


def test_a_summary_without_a_model_has_the_four_sections_and_the_work() -> None:
    summary = ladder().plan(model=Silent()).summary
    headings = [line for line in summary.splitlines() if line.startswith("## ")]
    assert headings == ["## Goal", "## Decided", "## Done", "## Open"]
    assert "Make the webhook client retry safely." in summary
    assert "ran `pytest tests/test_retry.py -q`: 14 passed in 2.8 s" in summary
    assert "Give a retried PUT an idempotency key." in summary
    assert count(summary) <= POLICY.summary_max


def test_compacting_again_without_a_model_keeps_goal_and_evidence() -> None:
    talk = ladder()
    plan = talk.compact(talk.plan()).exchanges(12).plan()
    assert "Make the webhook client retry safely." in plan.summary
    assert "src/acme/client.py" in plan.evidence
    assert "Finished: turns 1–" in plan.evidence
    assert "Give a retried PUT an idempotency key." in str(talk.compact(plan).conversation.messages())


def test_what_came_after_the_plan_was_made_stays() -> None:
    talk = ladder()
    plan = talk.plan()
    talk.say(Text("One more thing."))
    talk.compact(plan)
    assert talk.conversation.entries[-1].part == Text("One more thing.")


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    talk = Talk(draw(st.sampled_from(["", "## Goal\nold"])))
    pending: list[str] = []
    talk.ask("begin")
    for kind in draw(st.lists(st.sampled_from("aasscccreetn"), max_size=50)):
        tokens = draw(st.sampled_from([5, 50, 800, 40_000]))
        match kind:
            case "a":
                pending = []
                talk.ask(draw(st.sampled_from(["do x", "é 漢字 src/a.py", ""])), tokens)
            case "s" if not pending:
                talk.say(Thinking("t", "s"), Text("said 3 things"), tokens=tokens)
            case "c" if not pending:
                pending = [f"k{talk.seq}.{n}" for n in range(draw(st.integers(1, 3)))]
                calls: Sequence[Part] = [
                    ToolUse(id, draw(st.sampled_from(["read", "edit", "grep", "shell"])), {"file_path": "a.py"})
                    for id in pending
                ]
                talk.say(Thinking("t", "s"), *calls, tokens=tokens)
                for call in calls:
                    if isinstance(call, ToolUse) and draw(st.booleans()):
                        talk.add(e.ToolProposed(talk.conversation.turn, 1, propose(call.id, call.name, **call.input)))
            case "r" | "e" if pending:
                text = draw(st.sampled_from(["", "no matches", "out"]))
                talk.add(e.ToolFinished(talk.conversation.turn, pending.pop(), "read", text, tokens, 0.1))
            case "t":
                pending = []
                talk.end()
            case "n":
                talk.add(e.RequestSent(talk.conversation.turn, 1, "opus", 9, "it is noon", 9))
    return talk


@given(talks(), st.integers(0, 12), st.sampled_from([5_000, 200_000]), st.sampled_from(["summarise", "mask", "auto"]))
def test_any_conversation_compacts_to_a_valid_one(talk: Talk, keep: int, size: int, strategy: str) -> None:
    window = talk.window(size)
    plan = talk.possible_plan(strategy, size=size, policy=CompactionPolicy(keep_last=keep))
    if plan is None:
        return
    request = talk.view().request
    assert request is not None
    assert sum(line.tokens for line in plan.lines) == plan.before == window.total
    written = plan.summary_tokens if plan.summarises else 0
    assert sum(line.after for line in plan.lines) + written == plan.after
    assert sum(section.tokens for section in plan.sections_after) == plan.after
    every = [id for line in plan.lines for id in line.ids]
    assert len(every) == len(set(every))
    assert {entry.id for entry in talk.conversation.entries} <= set(every)
    talk.compact(plan)
    valid(talk.conversation)
    assert request in talk.conversation.entries
    assert {entry.id for entry in talk.conversation.entries} <= set(plan.kept)


def test_what_a_running_turn_has_just_got_back_stays_for_it_to_read() -> None:
    talk = Talk().exchanges(3).ask("read the log").call("read", "x" * 20_000, 4_800, file_path="log.txt")
    plan = talk.plan("summarise", size=12_000)
    [result] = [each.id for each in talk.conversation.entries if isinstance(each.part, ToolResult)]
    assert result in plan.kept
    talk = Talk().exchanges(3).ask("read the log").call("read", "x" * 60_000, 14_000, file_path="log.txt")
    [result] = [each.id for each in talk.conversation.entries if isinstance(each.part, ToolResult)]
    assert result not in talk.plan("summarise", size=12_000).kept, "no request could hold it"


def test_what_was_lifted_is_no_outdated_notice() -> None:
    talk = Talk().exchanges(2).add(e.BlockLifted("e3", "[LIFTED] the port is 8042", 300)).ask("and?")
    talk.add(e.RequestSent(3, 1, "opus", 100)).say(Text("8042")).end().exchanges(12)
    fates = {id: line.fate for line in talk.plan("summarise").lines for id in line.ids}
    [lifted] = [each.id for each in talk.conversation.entries if each.restated]
    assert fates[lifted] == "summarised"
