"""Compaction: what stays, what leaves, what survives, and that a window can always be made to fit."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.epoch import Epoch
from workbench.core.messages import Part, Text, Thinking, ToolResult, ToolUse
from workbench.core.notes import Note, Scratchpad
from workbench.core.plans import CompactionPlan
from workbench.core.usage import Usage
from workbench.core.window import SECTIONS, Block, Section, Window
from workbench.strategies import (
    CompactionPolicy,
    Draft,
    draft,
    finished,
    gathered,
    remark,
    still_kept,
    truncated,
)

POLICY = CompactionPolicy()
PAD = Scratchpad(decisions=(Note("decision", "full jitter", "the sandbox bursts"), Note("decision", "no 409 retries")))


def count(text: str) -> int:
    return -(-len(text) // 4)


def economics(before: int, after: int, summary: int) -> tuple[float | None, float | None, float | None]:
    return (before / 1e6, (before - after) / 1e7, 4.0)


class Talk:
    """A conversation as its journal made it."""

    def __init__(self, summary: str = "") -> None:
        self.conversation = Conversation()
        self.seq = 0
        self.add(e.EpochOpened(Epoch(1, "opus", "You are Workbench.", 500, (), (), summary, count(summary))))

    def add(self, event: e.AnyEvent) -> "Talk":
        self.seq += 1
        self.conversation.apply(e.Stamped(self.seq, 0.0, "s", "t", event))
        return self

    def ask(self, prompt: str, tokens: int = 20) -> "Talk":
        return self.add(e.TurnStarted(self.conversation.turn + 1, prompt, tokens))

    def say(self, *parts: Part, tokens: int = 50) -> "Talk":
        return self.add(e.MessageAdded(self.conversation.turn, 1, parts, (tokens,) * len(parts), "end_turn", Usage()))

    def call(self, name: str, result: str, tokens: int = 200, error: bool = False, **arguments: Any) -> "Talk":
        id = f"c{self.seq}"
        self.say(ToolUse(id, name, arguments))
        return self.add(e.ToolFinished(self.conversation.turn, id, name, result, tokens, 0.1, error=error))

    def end(self) -> "Talk":
        return self.add(e.TurnFinished(self.conversation.turn, "done", "", 1, 0.1, Usage(), None))

    def window(self, size: int = 200_000) -> Window:
        conversation = self.conversation
        blocks = [Block("system", "system", "system", 500, True, 0, 1)]
        if conversation.epoch and conversation.epoch.summary:
            blocks.append(Block("summary", "summary", "user", conversation.epoch.summary_tokens, True, 0, 1))
        for entry in (*conversation.entries, *conversation.results.values()):
            section, name = conversation.section(entry), type(entry.part).__name__
            blocks.append(Block(entry.id, section, entry.role, entry.tokens, True, entry.turn, entry.seq, name))
        total = sum(block.tokens for block in blocks)
        sections = tuple(Section(n, sum(b.tokens for b in blocks if b.section == n)) for n in SECTIONS)
        return Window(size, 0, int(size * 0.7), total, size - total, True, sections, tuple(blocks))

    def draft(self, size: int = 200_000, policy: CompactionPolicy = POLICY) -> Draft | None:
        return draft(self.conversation, self.window(size), policy)

    def plan(self, summary: str = "", size: int = 200_000, pad: Scratchpad = PAD) -> CompactionPlan:
        made = self.draft(size)
        assert made is not None
        return finished(made, summary, gathered(made.leaving, pad), self.window(size), count, economics)

    def compact(self, plan: CompactionPlan) -> "Talk":
        text = f"{plan.summary}\n\n{plan.evidence}".strip()
        epoch = Epoch(2, "opus", "You are Workbench.", 500, (), (), text, count(text))
        return self.add(e.EpochOpened(epoch, "compacted", still_kept(plan, self.conversation.entries)))


def ladder() -> Talk:
    """Seven turns about a retry ladder, the last one running."""
    talk = Talk()
    talk.ask("Make the webhook client retry safely. I prefer small commits.")
    talk.call("grep", "no matches", pattern="backoff")
    talk.call("read", "def delay(): ...", tokens=7_000, path="src/acme/retry.py")
    talk.say(Thinking("long", "sig"), Text("The ladder lives in src/acme/client.py."), tokens=4_000).end()
    for turn in range(2, 7):
        talk.ask(f"Step {turn}: never retry a 409, and stay inside 30 seconds.")
        talk.call("shell", "....\n14 passed in 2.8 s", command="pytest tests/test_retry.py -q")
        talk.say(Text("It passes.")).end()
    talk.ask("Give a retried PUT an idempotency key.")
    talk.call("edit", "+4 -2", path="src/acme/retry.py")
    talk.call("read", "class Client: ...", path="src/acme/client.py")
    return talk


def ids(made: Draft | CompactionPlan, fate: str) -> list[str]:
    return [id for line in made.lines if line.fate == fate for id in line.ids]


def labels(made: Draft | CompactionPlan, fate: str) -> list[str]:
    return [line.label for line in made.lines if line.fate == fate]


def test_a_short_conversation_has_nothing_to_compact() -> None:
    assert Talk().draft() is None
    assert Talk().ask("hello").say(Text("Hello.")).end().draft() is None


def test_the_last_ten_messages_stay_word_for_word() -> None:
    talk = Talk()
    for number in range(8):
        talk.ask(f"prompt {number}").say(Text(f"answer {number}")).end()
    made = talk.draft()
    assert made is not None
    assert [entry.id for entry in made.leaving] == [entry.id for entry in talk.conversation.entries[:6]]
    assert sorted(ids(made, "kept")) == sorted(entry.id for entry in talk.conversation.entries[6:])


def test_the_fates_sum_to_what_the_window_holds() -> None:
    talk = ladder()
    plan = talk.plan("## Goal\nRetry.")
    assert sum(line.tokens for line in plan.lines) == plan.before == talk.window().total
    assert sum(section.tokens for section in plan.sections_before) == plan.before
    assert sum(section.tokens for section in plan.sections_after) == plan.after < plan.before
    assert plan.summary_tokens == next(s.tokens for s in plan.sections_after if s.name == "summary")


def test_lines_say_what_happens_in_few_words() -> None:
    made = ladder().draft()
    assert made is not None
    assert labels(made, "kept")[0] == "system"
    assert "7  your request, word for word" in labels(made, "kept")
    assert labels(made, "summarised") == ["turns 1–4"]
    assert labels(made, "dropped") == ["an empty search", "a stale read", "turn 1, thinking"]
    assert "thinking" in made.why
    assert made.why.endswith("that nobody needs word for word.")


def test_a_large_result_that_is_summarised_is_named() -> None:
    talk = Talk().ask("look").call("read", "x" * 9_000, tokens=3_000, path="big.py").say(Text("ok")).end()
    for number in range(5):
        talk.ask(f"p{number}").say(Text("a")).end()
    made = talk.draft()
    assert made is not None
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
        talk.call("read", "x" * 100, tokens=60_000, path=f"f{number}.py")
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
    made = draft(talk.conversation, heavy, POLICY)
    assert made is not None
    assert len(made.kept) > 1


def test_a_window_measured_before_the_last_entry_still_accounts_for_it() -> None:
    talk = ladder()
    window = talk.window()
    talk.say(Text("one more"), tokens=33)
    made = draft(talk.conversation, window, POLICY)
    assert made is not None
    assert made.before == window.total + 33
    assert talk.conversation.entries[-1].id in made.kept


def test_one_giant_result_leaves_too() -> None:
    plan = Talk().ask("read it").call("read", "x" * 100, tokens=300_000, path="f.py").plan()
    assert plan.kept == ("e2",)
    assert plan.after < 10_000


def test_a_call_that_still_runs_stays() -> None:
    talk = Talk()
    for number in range(8):
        talk.ask(f"prompt {number}").say(Text("a")).end()
    talk.ask("go").say(Text("running"), ToolUse("open", "shell", {"command": "make"}))
    plan = talk.plan()
    assert talk.conversation.entries[-1].id in plan.kept
    valid(talk.compact(plan).conversation)


def test_the_prompt_is_the_seeds_and_carries_the_earlier_summary() -> None:
    talk = Talk(summary="## Goal\nKeep the ladder inside 30 s.\n\n## Evidence\n### Paths\n- docs/adr/0007.md")
    for number in range(8):
        talk.ask(f"prompt {number}").say(Text(f"answer {number}")).end()
    made = talk.draft()
    assert made is not None
    assert made.prompt.startswith("Summarise the following conversation history. Preserve: key decisions")
    assert "[CONVERSATION SUMMARY]\n## Goal\nKeep the ladder inside 30 s." in made.prompt
    assert "[user]: prompt 0\n[assistant]: answer 0\n" in made.prompt
    assert all(f"## {name}" in made.prompt for name in ("Goal", "Decided", "Done", "Open"))
    assert "the earlier summary" in labels(made, "summarised")
    plan = finished(made, "## Goal\nx", gathered(made.leaving, PAD), talk.window(), count, economics)
    assert "docs/adr/0007.md" in plan.evidence


def test_a_prompt_too_long_for_a_request_shortens_results_first() -> None:
    talk = Talk().ask("the words of the person")
    for number in range(30):
        talk.call(
            "shell", f"start{number} " + "word " * 2_000 + f"end{number}", tokens=3_000, command=f"make s{number}"
        )
    made = talk.draft(size=20_000)
    assert made is not None
    assert count(made.prompt) < 20_000
    assert all(f"make s{number}" in made.prompt for number in range(20))
    assert "characters left out" in made.prompt


def test_the_summary_may_be_as_long_as_what_it_replaces_deserves() -> None:
    assert [POLICY.summary_tokens(n) for n in (0, 10_000, 30_000, 900_000)] == [500, 500, 1_500, 2_000]


def test_evidence_counts_what_survives_and_names_what_does_not() -> None:
    talk = ladder()
    made = talk.draft()
    assert made is not None
    evidence = gathered(made.leaving, PAD)
    assert "src/acme/retry.py" in evidence.paths
    assert "src/acme/client.py" in evidence.paths
    assert evidence.commands == ("pytest tests/test_retry.py -q",)
    assert "30 seconds" in evidence.numbers
    assert "14 passed" in evidence.numbers
    counts = {c.kind: (c.found, c.total, c.missing) for c in evidence.checked("full jitter: the sandbox bursts")}
    assert counts["decisions"] == (1, 2, ("no 409 retries",))
    whole = {c.kind: c for c in evidence.checked(evidence.as_markdown(5_000))}
    assert all(checked.found == checked.total for checked in whole.values())
    assert [c.kind for c in evidence.checked("")] == ["paths", "commands", "numbers", "decisions", "requests"]


def test_the_remark_counts_what_a_person_looks_for() -> None:
    plan = ladder().plan("## Goal\nRetry.")
    assert remark(plan) == "2 decisions, 3 paths kept"


def test_a_summary_without_a_model_has_the_four_sections_and_the_work() -> None:
    made = ladder().draft()
    assert made is not None
    summary = truncated(made)
    assert [line for line in summary.splitlines() if line.startswith("## ")] == [
        "## Goal",
        "## Decided",
        "## Done",
        "## Open",
    ]
    assert "Make the webhook client retry safely." in summary
    assert "never retry a 409" in summary
    assert "ran `pytest tests/test_retry.py -q`: 14 passed in 2.8 s" in summary
    assert "Give a retried PUT an idempotency key." in summary
    assert count(summary) <= made.max_tokens


def test_compacting_again_without_a_model_keeps_goal_and_evidence() -> None:
    talk = ladder()
    talk.compact(talk.plan())
    for number in range(12):
        talk.ask(f"later {number}").say(Text("done")).end()
    plan = talk.plan()
    assert "Make the webhook client retry safely." in plan.summary
    assert "src/acme/client.py" in plan.evidence
    assert "Give a retried PUT an idempotency key." in plan.evidence


def test_what_came_after_the_plan_was_made_stays() -> None:
    talk = ladder()
    plan = talk.plan()
    talk.say(Text("One more thing."))
    talk.compact(plan)
    assert talk.conversation.entries[-1].part == Text("One more thing.")


def valid(conversation: Conversation) -> None:
    """`messages` would be accepted: user first, roles alternate, calls answered at once, no thinking."""
    messages = conversation.messages()
    roles = [message["role"] for message in messages]
    assert roles[:1] in ([], ["user"])
    assert all(a != b for a, b in pairwise(roles))
    calls: list[str] = []
    for message in messages:
        kinds = [block["type"] for block in message["content"]]
        assert "thinking" not in kinds
        answered = [block["tool_use_id"] for block in message["content"] if block["type"] == "tool_result"]
        assert sorted(answered) == sorted(calls)
        calls = [block["id"] for block in message["content"] if block["type"] == "tool_use"]
    assert not calls


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
                    ToolUse(id, draw(st.sampled_from(["read", "edit", "grep", "shell"])), {"path": "a.py"})
                    for id in pending
                ]
                talk.say(Thinking("t", "s"), *calls, tokens=tokens)
            case "r" | "e" if pending:
                text = draw(st.sampled_from(["", "no matches", "out"]))
                talk.add(e.ToolFinished(talk.conversation.turn, pending.pop(), "read", text, tokens, 0.1))
            case "t":
                pending = []
                talk.end()
            case "n":
                talk.add(e.RequestSent(talk.conversation.turn, 1, "opus", 9, "it is noon", 9))
    return talk


@settings(max_examples=200, deadline=None)
@given(talks(), st.integers(0, 12), st.sampled_from([5_000, 200_000]))
def test_any_conversation_compacts_to_a_valid_one(talk: Talk, keep: int, size: int) -> None:
    window = talk.window(size)
    made = draft(talk.conversation, window, CompactionPolicy(keep_last=keep))
    if made is None:
        return
    prompt = next(
        x
        for x in reversed(talk.conversation.entries)
        if x.role == "user" and x.step == 0 and not x.notice and isinstance(x.part, Text)
    )
    plan = finished(made, "", gathered(made.leaving, PAD), window, count, economics)
    assert sum(line.tokens for line in plan.lines) == plan.before == window.total
    assert sum(section.tokens for section in plan.sections_after) == plan.after
    every = [id for line in plan.lines for id in line.ids]
    assert len(every) == len(set(every))
    assert {entry.id for entry in talk.conversation.entries} <= set(every)
    assert prompt.id in plan.kept
    running = not talk.conversation.unanswered
    results = {entry.part.tool_use_id for entry in talk.conversation.entries if isinstance(entry.part, ToolResult)}
    talk.compact(plan)
    valid(talk.conversation)
    kept = {entry.id for entry in talk.conversation.entries}
    assert prompt.id in kept
    if running and results:
        assert set(plan.kept) == kept
