"""A field in which nothing is hidden: what is drawn shows each character, what comes out is what was written."""

from dialog_stage import Stage, change, shell, terms, text_of
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events

from workbench.core.decisions import EscalationRequest, Preview, Proposal, Verdict
from workbench.core.effects import Effect
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.editing import CallEditor
from workbench.ui.widgets.seen_text import hold, release

ODD = "a <U+202E>\u202e\u2066\u200b\u00ad\ufeff\u00a0\u3000\r\n\t\x00\x1b\x7f\x85\u2028\x0c\U00100041\ud800é日👩\u200d"
TEXTS = st.text(st.sampled_from(ODD) | st.characters(), max_size=40)


@given(TEXTS)
@example("a\r\nb\rc\x85d\u2028e\x0bf\n")
@example("\U0010003c\U00100055\U0010002b\U00100032\U00100030\U00100032\U00100045\U0010003e")
def test_what_is_held_gives_back_what_was_written_and_has_no_other_end_of_line_than_a_newline(text: str) -> None:
    held = hold(text)
    assert release(held) == text
    assert held.splitlines() == (held.removesuffix("\n").split("\n") if held else [])


def asked_to_write(text: str) -> EscalationRequest:
    """A question about a change that brings `text` in."""
    preview = Preview("diff", "@@ -1 +1 @@\n-a\n+b\n", path="x.py", added=1, removed=1, before="a", after=text)
    arguments = {"path": "x.py", "old": "a", "new": text}
    return change(proposal=Proposal("c", "edit", arguments, (Effect("write", ("x.py",)),), preview))


UNSEEN = "if \u202ex\u202c:\r\n\tdo\u200b()  \n\u00a0end\x1b[0m\t\n👩\u200d💻\n\nc\x85d\u2028e"
DRAWN = ["if <U+202E>x<U+202C>:␍", "do<U+200B>()··", "<U+00A0>end␛[0m", "c<U+0085>d<U+2028>e"]


async def test_the_editor_of_a_change_shows_what_is_not_seen_and_gives_back_the_same_text() -> None:
    app = Stage(ApprovalModal(asked_to_write(UNSEEN), terms()))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        for line in DRAWN:
            assert line in text_of(app.screen)
        await pilot.press("tab", "1")
        await pilot.pause()
        assert app.result == Verdict("once")  # nothing was changed


async def test_what_is_typed_and_pasted_is_saved_as_it_is_and_what_is_undone_and_done_again_too() -> None:
    app = Stage(ApprovalModal(asked_to_write(UNSEEN), terms()))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("3", "ctrl+end")
        app.post_message(events.Paste("\u202e<U+202E>\x85"))
        await pilot.pause()
        await pilot.press("x", "space")
        assert "<U+202E><U+202E><U+0085>x·" in text_of(app.screen)
        await pilot.press("ctrl+underscore", "ctrl+y", "tab", "1")
        await pilot.pause()
        written = UNSEEN + "\u202e<U+202E>\x85x "
        assert app.result == Verdict("edit", arguments={"path": "x.py", "old": "a", "new": written})


async def test_a_code_that_is_edited_is_letters_as_it_is_seen_and_one_that_is_whole_is_copied_as_what_it_is() -> None:
    app = Stage(ApprovalModal(asked_to_write("ab\u202e"), terms()))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("3", "ctrl+end")
        editor = app.screen.query_one(CallEditor)
        editor.select_all()
        assert editor.selected_text == "ab\u202e"
        await pilot.press("end", "backspace")
        assert editor.text == "ab<U+202E" and "ab<U+202E" in text_of(app.screen)


async def test_a_command_is_edited_with_nothing_hidden_too() -> None:
    line = "echo a\u202eb "
    proposal = Proposal("c", "run", {"command": line}, (), Preview("command", line))
    app = Stage(ApprovalModal(shell(proposal=proposal), terms()))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "echo a<U+202E>b·" in text_of(app.screen)


async def test_trailing_tabs_are_underlined_and_what_is_not_seen_takes_the_room_that_it_is_drawn_in() -> None:
    app = Stage(ApprovalModal(asked_to_write("\u200b" * 30 + "end\t"), terms()))
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        shown = text_of(app.screen)
        assert shown.count("<") == shown.count(">") == 30 and "end" in shown
        drawn = app.screen.query_one(CallEditor).get_line(0)
        assert any("underline" in str(span.style) and span.end == len(drawn.plain) for span in drawn.spans)
