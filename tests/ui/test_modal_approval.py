"""The approval dialog: every key, every choice, the countdown, and what it shows at every size."""

import pytest
from dialog_stage import SIZES, UNSET, Stage, Standing, change, shell, terms, text_of

from workbench.core.decisions import EscalationRequest, Preview, Proposal, Verdict
from workbench.core.effects import Effect
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.choices import Choices
from workbench.ui.modals.editing import CallEditor
from workbench.ui.modals.preview import DiffView


def approval(request: EscalationRequest, clock: Standing | None = None, **options: object) -> ApprovalModal:
    clock = clock or Standing()
    return ApprovalModal(request, terms(clock, expires_at=clock.at + 592, **options))


async def answered(request: EscalationRequest, *keys: str, size: tuple[int, int] = (120, 40)) -> object:
    app = Stage(approval(request))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        (("1",), Verdict("once")),
        (("2",), Verdict("session")),
        (("4", "enter"), Verdict("reject")),
        (("4", *"no", "enter"), Verdict("reject", note="no")),
        (("escape",), Verdict("reject")),
        (("enter",), Verdict("once")),
        (("down", "enter"), Verdict("session")),
        (("down", "down", "down", "up", "up", "enter"), Verdict("session")),
        (("end", "enter", "enter"), Verdict("reject")),
    ],
)
async def test_keys_answer_a_change_that_can_be_undone(
    size: tuple[int, int], keys: tuple[str, ...], verdict: Verdict
) -> None:
    assert await answered(change(reversible=True), *keys, size=size) == verdict


async def test_enter_alone_does_not_run_what_cannot_be_undone() -> None:
    # enter takes the preselected reject, whose note is empty after a second enter
    assert await answered(shell(), "enter", "enter") == Verdict("reject")


async def test_what_is_not_known_to_be_reversible_is_treated_as_if_it_were_not() -> None:
    assert await answered(shell(reversible=None), "enter", "enter") == Verdict("reject")


async def test_a_choice_that_is_not_offered_cannot_be_taken() -> None:
    assert await answered(shell(), "2") is UNSET
    # up from 4 goes to 3 and then past the faint 2 to 1
    assert await answered(shell(), "up", "up", "enter") == Verdict("once")


async def test_esc_in_the_note_goes_back_and_only_then_rejects() -> None:
    assert await answered(shell(), "4", "x", "escape") is UNSET
    assert await answered(shell(), "4", "x", "escape", "escape") == Verdict("reject")


async def test_an_edited_command_gives_the_arguments_as_edited() -> None:
    request = shell()
    assert request.proposal
    command = request.proposal.arguments["command"]
    # the cursor stands at the end of the line
    verdict = await answered(request, "3", *" -n", "enter")
    assert verdict == Verdict("edit", arguments={"command": f"{command} -n", "timeout": 60})


async def test_ctrl_j_begins_a_new_line_of_a_command() -> None:
    verdict = await answered(shell(), "3", "ctrl+j", *"ls", "enter")
    assert isinstance(verdict, Verdict)
    assert verdict.arguments
    assert verdict.arguments["command"].endswith("HEAD\nls")


async def test_an_edit_that_changes_nothing_runs_it_once() -> None:
    assert await answered(shell(), "3", "enter") == Verdict("once")


async def test_digits_typed_into_the_editor_are_text() -> None:
    verdict = await answered(shell(), "3", *" 1234d[", "enter")
    assert isinstance(verdict, Verdict)
    assert verdict.arguments
    assert verdict.arguments["command"].endswith("HEAD 1234d[")


async def test_an_empty_command_is_refused_with_its_reason_and_nothing_is_lost() -> None:
    app = Stage(approval(shell()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        app.screen.query_one(CallEditor).text = "  "
        await pilot.press("enter")
        assert "An empty command runs nothing" in text_of(app.screen)
        assert app.result is UNSET


async def test_new_text_is_edited_and_confirmed_behind_tab() -> None:
    verdict = await answered(change(), "3", "enter", "x", "tab", "enter")
    assert verdict == Verdict("edit", arguments={"path": "src/acme/client.py", "old": "a", "new": "the new text\nx"})


async def test_esc_leaves_the_editor_and_its_text_is_there_when_it_opens_again() -> None:
    verdict = await answered(shell(), "3", "x", "escape", "3", "y", "enter")
    assert isinstance(verdict, Verdict)
    assert verdict.arguments
    assert verdict.arguments["command"].endswith("HEADxy")


async def test_arguments_that_are_not_json_say_so_and_stay() -> None:
    proposal = Proposal("c", "deploy_production", {"region": "eu", "count": 2}, (Effect("unknown"),))
    app = Stage(approval(shell(proposal=proposal)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Use deploy_production?" in text_of(app.screen)
        assert '"region": "eu"' in text_of(app.screen)
        await pilot.press("3", "x", "tab", "enter")
        assert "Not JSON" in text_of(app.screen)
        assert app.result is UNSET
        app.screen.query_one(CallEditor).text = '["a"]'
        await pilot.press("enter")
        assert "one JSON object" in text_of(app.screen)
        app.screen.query_one(CallEditor).text = '{"region": "us"}'
        await pilot.press("1")
        await pilot.pause()
        assert app.result == Verdict("edit", arguments={"region": "us"})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("place", "verdict"), [(0, Verdict("once")), (1, Verdict("session"))])
async def test_a_click_moves_to_a_choice_and_a_second_one_takes_it(
    size: tuple[int, int], place: int, verdict: Verdict
) -> None:
    app = Stage(approval(change()))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.click(Choices, offset=(12, place))
        await pilot.pause()
        assert app.result is UNSET
        assert app.screen.query_one(Choices).chosen == place
        await pilot.click(Choices, offset=(12, place))
        await pilot.pause()
        assert app.result == verdict


async def test_a_click_on_edit_and_on_reject_opens_their_fields() -> None:
    app = Stage(approval(change()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(Choices, offset=(12, 3))
        assert app.focused is app.screen.query_one("#note")
        # a click on another choice leaves the note
        await pilot.click(Choices, offset=(12, 2))
        await pilot.click(Choices, offset=(12, 2))
        await pilot.pause()
        assert isinstance(app.focused, CallEditor)


async def test_a_click_on_a_key_does_what_the_key_does() -> None:
    app = Stage(approval(shell()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        line = next(row for row in text_of(app.screen).splitlines() if "esc reject" in row)
        keys = app.screen.query_one("#keys")
        await pilot.click("#keys", offset=(line.index("esc reject") - keys.region.x, 0))
        await pilot.pause()
        assert app.result == Verdict("reject")


async def test_it_counts_down_and_closes_unanswered() -> None:
    clock = Standing()
    app = Stage(approval(shell(), clock))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        modal = app.screen
        assert isinstance(modal, ApprovalModal)
        assert "unanswered in 9:52" in text_of(modal)
        clock.at += 60
        modal.count_down()
        await pilot.pause()
        assert "unanswered in 8:52" in text_of(modal)
        clock.at += 600
        modal.count_down()
        await pilot.pause()
        assert app.result is None


async def test_a_question_without_an_end_shows_no_countdown() -> None:
    app = Stage(ApprovalModal(shell(), terms()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "unanswered" not in text_of(app.screen)


async def test_withdrawing_gives_no_verdict_and_a_second_answer_is_not_taken() -> None:
    app = Stage(approval(shell()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        modal = app.screen
        assert isinstance(modal, ApprovalModal)
        modal.close(None)
        modal.close(Verdict("once"))
        await pilot.pause()
        assert app.result is None


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_what_a_person_needs_in_order(size: tuple[int, int]) -> None:
    app = Stage(approval(shell(), waiting=2))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        order = (
            "Run this command?",
            "git fetch",
            "it rewrites",
            "cannot be undone",
            "11 of 20 steps",
            "0.74",
            "Run once",
        )
        places = [text.index(words) for words in order]
        assert places == sorted(places)
        assert "1 of 2 waiting" in text
        assert "it cannot be undone" in text
        assert "origin/retry-ladder loses 2 commits" in text


async def test_its_facts_are_there_from_the_first_layout_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late the rows are shared out, what would happen is never blank above the choices."""
    monkeypatch.setattr(ApprovalModal, "fit", lambda *_: None)
    async with Stage(approval(shell())).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert pilot.app.screen.query_one("#facts").size.height >= 4


@pytest.mark.parametrize("size", [*SIZES, (80, 18), (60, 20), (200, 60)])
@pytest.mark.parametrize("long", ["x" * 500, "echo " + "word " * 100, "printf '日本語 🎉' && " * 25, "a\n" * 300])
async def test_a_very_long_command_leaves_choices_and_keys_in_view(size: tuple[int, int], long: str) -> None:
    proposal = Proposal("c", "run", {"command": long}, (), Preview("command", long, segment=long[-20:]))
    app = Stage(approval(shell(proposal=proposal)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        for words in (
            "Run this command?",
            "Run once",
            "Edit the command",
            "Reject and say why",
            "cannot be undone",
            "esc",
        ):
            assert words in text


async def test_the_asking_segment_is_underlined() -> None:
    app = Stage(approval(shell()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        underlined = "".join(s.text for strip in strips for s in strip if s.style and s.style.underline)
        assert underlined == "git push --force-with-lease origin HEAD"


async def test_escape_sequences_are_shown_and_not_sent() -> None:
    evil = "echo \x1b[2J\x1b]0;x\x07 \u202e[bold]not markup[/bold]"
    proposal = Proposal("c", "run", {"command": evil}, (), Preview("command", evil, segment=evil))
    app = Stage(approval(shell(proposal=proposal, because=evil, consequence=evil)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert "\x1b" not in text and "\u202e" not in text
        assert "[bold]not markup[/bold]" in text


async def test_details_show_every_argument_and_effect() -> None:
    app = Stage(approval(shell(question="tidy the branch")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("d")
        await pilot.pause()
        text = text_of(app.screen)
        assert "toolu_1" in text and "safety trigger" in text
        # what does not fit scrolls
        await pilot.press("pagedown", "pagedown", "pagedown")
        await pilot.pause()
        assert '"timeout": 60' in text_of(app.screen)


def big_diff(lines: int) -> str:
    hunks = []
    for start in range(1, lines, 100):
        hunks.append(f"@@ -{start},3 +{start},3 @@\n context {start}\n-old {start}\n+new {start}\n more {start}\n")
    return "--- a/x\n+++ b/x\n" + "".join(hunks)


async def test_brackets_walk_the_hunks_and_the_title_says_where() -> None:
    proposal = Proposal("c", "edit", {"new": "x"}, (), Preview("diff", big_diff(2_000), "a/very/long/path.py", 20, 20))
    app = Stage(approval(change(proposal=proposal)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "hunk 1 of 20" in text_of(app.screen)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "hunk 2 of 20" in text_of(app.screen) and "new 101" in text_of(app.screen)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await pilot.pause()
        assert "hunk 20 of 20" in text_of(app.screen) and "new 1901" in text_of(app.screen)


@pytest.mark.parametrize("size", SIZES)
async def test_a_diff_of_two_thousand_lines_keeps_the_choices_in_view(size: tuple[int, int]) -> None:
    diff = "@@ -1,2000 +1,2000 @@\n" + "".join(f"-old line {n}\n+new line {n} {'y' * 200}\n" for n in range(2_000))
    proposal = Proposal("c", "edit", {"new": "x"}, (), Preview("diff", diff, "p.py", 2_000, 2_000))
    app = Stage(approval(change(proposal=proposal)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert "Write once" in text and "can be undone" in text and "old line 0" in text
        await pilot.press("d")
        await pilot.pause()
        assert app.screen.query_one(DiffView).split
        assert "old line 0" in text_of(app.screen) and "new line 0" in text_of(app.screen)
        # a cut line says that it is cut, and sideways shows the rest
        assert "…" in text_of(app.screen)
        await pilot.press("d", "right", "pagedown", "1")
        await pilot.pause()
        assert app.result == Verdict("once")


async def test_a_deletion_asks_with_its_path() -> None:
    proposal = Proposal(
        "c", "delete_file", {"path": "old.py"}, (Effect("delete", ("old.py",)),), Preview("diff", "", "old.py", 0, 12)
    )
    app = Stage(approval(shell(proposal=proposal)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Delete old.py?" in text_of(app.screen)
        assert "Delete once" in text_of(app.screen)


async def test_a_question_that_cannot_be_edited_says_so() -> None:
    assert await answered(shell(editable=False), "3") is UNSET


@pytest.mark.parametrize("theme", ["lamplight", "daylight", "chalk"])
async def test_every_palette_draws_it(theme: str) -> None:
    app = Stage(approval(shell()), theme)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert ("▶" in text_of(app.screen)) is (theme == "chalk")
        assert ("╭" in text_of(app.screen)) is (theme == "chalk")
        app.theme = "chalk"
        await pilot.pause()
        assert "╭" in text_of(app.screen)


async def test_esc_keeps_an_edited_command_says_so_and_asks_before_it_is_dropped() -> None:
    app = Stage(approval(shell()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "x", "escape")
        await pilot.pause()
        assert "your text is kept" in text_of(app.screen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is UNSET
        assert "esc again rejects" in text_of(app.screen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.result == Verdict("reject")
