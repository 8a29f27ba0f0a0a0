"""The requests of a journal, and what lies between any two of its windows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.context.talks import TOOLS, Measured, happenings, live, numbered
from workbench.context import WindowPolicy
from workbench.context.differences import CHANGES, ChangedBlock, Difference, compare_windows
from workbench.context.requests import SentRequest, fold_requests
from workbench.core import events as e
from workbench.core.messages import Text, Thinking, ToolUse
from workbench.core.spend import Usage
from workbench.core.window import Document, Window

ALL = range(1, 100)


class Asked(Measured):
    """A talk whose requests are told too."""

    def step(self, *parts: object, step: int = 1, reported: int = 0, usd: float | None = 0.01) -> "Asked":
        """One request and its reply; `reported` is what usage says of its prompt."""
        turn, usage = self.conversation.turn, Usage(reported, 20, 30 if reported else 0)
        self.add(e.RequestSent(turn, step, "opus", 100))
        self.add(e.BudgetSettled(turn, step, "opus", usage, usd))
        return self.add(e.MessageAdded(turn, step, parts, (20,) * len(parts), "end_turn", usage))

    def turn(self, prompt: str, *parts: object, **more: object) -> "Asked":
        return self.ask(prompt).step(*parts, **more).end()

    def requests(self, in_blocks: object = ALL) -> tuple[SentRequest, ...]:
        return fold_requests(self.journal, WindowPolicy(200_000, reserve=0), in_blocks)

    def compare(self, one: int, other: int) -> Difference:
        found = {request.number: request for request in self.requests()}
        return compare_windows(found[one].window, found[other].window, found[other].became)


def changes(difference: Difference) -> dict[str, list[str]]:
    """Labels by change, with what became of them."""
    told = {change: [b for b in difference.blocks if b.change == change] for change in CHANGES}
    return {change: [write(block) for block in blocks] for change, blocks in told.items() if blocks}


def write(block: ChangedBlock) -> str:
    return f"{block.label} ({block.became})" if block.became else block.label


def test_a_request_holds_what_was_reported_of_it_and_not_its_reply() -> None:
    talk = Asked(tools=TOOLS).turn("hello", Text("Hi."), reported=2_000).turn("and now?", Text("Now."), reported=2_100)
    one, two = talk.requests()
    assert [(r.number, r.name, r.window.total, r.window.exact) for r in (one, two)] == [
        (1, "1.1", 2_030, True),
        (2, "2.1", 2_130, True),
    ]
    assert one.usage == Usage(2_000, 20, 30)
    assert [block.label for block in one.window.blocks][-1] == "hello"
    assert sum(block.tokens for block in one.window.blocks) == 2_030


def test_without_blocks_it_is_the_same_window() -> None:
    talk = Asked(tools=TOOLS).turn("hello", Text("Hi."), reported=2_000).turn("and now?", Text("Now."))
    for bare, whole in zip(talk.requests(()), talk.requests(), strict=True):
        assert not bare.window.blocks
        assert (bare.window.sections, bare.window.total) == (whole.window.sections, whole.window.total)


def test_to_measure_requests_changes_nothing_of_what_comes_after() -> None:
    talk = Asked(tools=TOOLS)
    for number in range(5):
        talk.turn(f"turn {number}", Text("Yes."), reported=2_000 + 90 * number)
    last = talk.requests()[-1].window
    kept = {block.id: block.tokens for block in talk.window().blocks}
    assert {block.id: block.tokens for block in last.blocks}.items() <= kept.items()


def test_a_request_without_a_reply_is_there_with_an_estimate() -> None:
    talk = Asked().ask("hello").add(e.RequestSent(1, 1, "opus", 100))
    [request] = talk.requests()
    assert (request.usage, request.window.exact, request.usd) == (None, False, 0.0)


def test_tries_of_one_request_add_up_and_others_requests_do_not_count() -> None:
    talk = Asked().ask("hello").add(e.RequestSent(1, 1, "opus", 100))
    for purpose, child in (("turn", ""), ("turn", ""), ("summary", ""), ("turn", "child")):
        talk.add(e.BudgetSettled(1, 1, "opus", Usage(10, 1), 0.02, False, purpose, child))
    assert talk.requests()[0].usd == 0.04
    talk.add(e.BudgetSettled(1, 1, "opus", Usage(10, 1), None))
    assert talk.requests()[0].usd is None


def test_a_request_that_was_sent_again_is_two() -> None:
    talk = Asked().ask("hello").add(e.RequestSent(1, 1, "opus", 100)).step(Text("Hi."), reported=900)
    assert [(r.number, r.name, r.usage is None) for r in talk.requests()] == [(1, "1.1", True), (2, "1.1", False)]


def test_what_was_said_came_and_nothing_else_changed() -> None:
    talk = Asked().turn("hello", Text("Hi."), reported=900).turn("more", Text("Yes."), reported=1_000)
    assert changes(talk.compare(1, 2)) == {"came": ["more", "Hi."]}
    sections = {section.name: section.change for section in talk.compare(1, 2).sections if section.change}
    assert sections == {"history": sections["history"], "current": sections["current"]}
    assert sum(sections.values()) == 100


def test_what_a_compaction_did_is_told_block_by_block() -> None:
    talk = Asked().ask("look").step(Thinking("hm", "signed"), Text("I look."), reported=700)
    talk.call("read", numbered("a.py"), 900, file_path="a.py").call(
        "read", numbered("a.py"), 900, file_path="a.py"
    ).end()
    for number in range(12):
        talk.turn(f"turn {number}", Text("Yes."))
    before = len(talk.requests())
    talk.add(e.BlockMarked(talk.conversation.entries[-3].id, "drop"))
    talk.compact(talk.plan("summarise")).turn("on", Text("Yes."))
    became = {block.label: block.became for block in talk.compare(before, before + 1).blocks if block.change == "went"}
    assert became["thinking"] == "dropped"
    assert became["I look."] == "summarised"
    assert "look" not in became, "what the person said stays"
    reads = [b for b in talk.compare(before, before + 1).blocks if b.label == "read a.py" and b.change == "went"]
    assert [block.became for block in reads].count("dropped") == 2
    assert [block.became for block in reads].count("summarised") == 2


def test_a_masked_result_shrank_and_an_undo_brings_it_back() -> None:
    talk = Asked().ask("look").step(Text("I look."))
    talk.call("read", numbered("a.py"), 900, file_path="a.py").step(Text("So."), step=2).end()
    for number in range(8):
        talk.turn(f"turn {number}", Text("Yes."))
    before = len(talk.requests())
    talk.compact(talk.plan("mask")).turn("on", Text("Yes."))
    assert changes(talk.compare(before, before + 1))["shrank"] == ["read a.py (masked)"]
    talk.add(e.CompactionUndone(3)).turn("on", Text("Yes."))
    assert changes(talk.compare(before + 1, before + 2))["grew"] == ["read a.py (brought back)"]
    assert not {"grew", "shrank"} & changes(talk.compare(before, before + 2)).keys()


def test_what_leaves_beside_an_earlier_summary_is_not_said_to_be_in_it() -> None:
    talk = Asked().turn("one", Text("This goes.")).turn("two", Text("Yes."))
    for number in range(12):
        talk.turn(f"turn {number}", Text("Yes."))
    talk.compact(talk.plan("summarise")).turn("on", Text("That goes."))
    talk.add(e.BlockMarked(talk.conversation.entries[-1].id, "drop")).turn("more", Text("Yes."))
    before = len(talk.requests())
    talk.compact(talk.plan("marked")).turn("on", Text("Yes."))
    assert changes(talk.compare(before, before + 1))["went"] == ["That goes. (dropped)"]
    assert changes(talk.compare(2, before))["went"] == ["This goes. (summarised)"]


def test_what_was_lifted_or_attached_says_so() -> None:
    talk = Asked().turn("look", Text("I look."))
    talk.add(e.BlockLifted(talk.conversation.entries[0].id, "[LIFTED] turn 1: look", 30))
    talk.add(e.DocumentAttached(Document("api.md", "reference", "GET /orders", 40, "attached:api.md")))
    came = changes(talk.turn("on", Text("Yes.")).compare(1, 2))["came"]
    assert [each for each in came if each.endswith(")")] == [
        "<reference name='api.md'> GET /orders </referen… (attached)",
        "[LIFTED] turn 1: look (lifted)",
    ]


def test_what_is_pinned_moves_into_the_memory() -> None:
    talk = Asked().turn("which port?", Text("It is 8042."))
    talk.add(e.BlockMarked(talk.conversation.entries[1].id, "pin"))
    for number in range(12):
        talk.turn(f"turn {number}", Text("Yes."))
    before = len(talk.requests())
    talk.compact(talk.plan("summarise")).turn("on", Text("Yes."), reported=3_000)
    [pinned] = [block for block in talk.requests()[-1].window.blocks if block.section == "memory"]
    moved = [block for block in talk.compare(before, before + 1).blocks if block.id == pinned.id]
    assert [(block.became, block.change) for block in moved] == [("moved", "grew")]


def test_a_call_that_has_no_result_yet_is_a_block_like_any_other() -> None:
    talk = Asked().ask("look").step(ToolUse("c", "read", {"file_path": "a.py"}), reported=700)
    talk.add(e.ToolFinished(1, "c", "read", "text", 50, 0.1)).step(Text("So."), step=2, reported=800)
    assert changes(talk.compare(1, 2)) == {"came": ["read a.py", "read a.py"]}


@settings(max_examples=50, deadline=None)
@given(happenings, st.data())
def test_between_any_two_prefixes_the_changes_add_up(steps: list[tuple[str, str, int]], data: st.DataObject) -> None:
    talk, windows = Asked(20_000, TOOLS), list[Window]()
    for step in steps:
        live(talk, step)
        windows.append(talk.window())
    windows.append(talk.window())
    one, other = (data.draw(st.sampled_from(windows)) for _ in range(2))
    difference = compare_windows(one, other, {})
    came, grew, shrank, went = map(difference.sum_up, CHANGES)
    assert min(came, grew, shrank, went) >= 0
    assert came + grew - shrank - went == other.total - one.total
    assert sum(section.change for section in difference.sections) == other.total - one.total
    assert (one.blocks != other.blocks) or not difference.blocks


@settings(max_examples=30, deadline=None)
@given(happenings)
def test_a_longer_journal_says_the_same_of_its_first_requests(steps: list[tuple[str, str, int]]) -> None:
    talk, told = Asked(20_000, TOOLS), list[SentRequest]()
    for step in steps:
        live(talk, step)
        if talk.conversation.running and not talk.conversation.pending:
            talk.step(Text("Yes."), step=talk.conversation.step + 1)
            told.append(talk.requests()[-1])
    for earlier, later in zip(told, talk.requests(), strict=True):
        assert earlier == later
