"""At every size an approval says that there is more of what is asked than it shows."""

import re

import msgspec
import pytest
from dialog_stage import Stage, change, terms, text_of
from test_modal_fold import HIDDEN, command

from workbench.core.decisions import EscalationRequest, Preview, Proposal
from workbench.core.effects import Effect
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.asked import AskedView

BEFORE = "a = 1\nb = 2\nc = 3\ngone = 4\nd = 5\ne = 6\nf = 7\n"
REMOVAL = "--- a/b.py\n+++ b/b.py\n@@ -1,7 +1,6 @@\n a = 1\n b = 2\n c = 3\n-gone = 4\n d = 5\n e = 6\n f = 7\n"


def removal() -> EscalationRequest:
    """A change of which the one line that matters stands below three that do not."""
    preview = Preview("diff", REMOVAL, "b.py", 0, 1, before=BEFORE, after=BEFORE.replace("gone = 4\n", ""))
    arguments = {"file_path": "b.py", "old_string": "gone = 4\n", "new_string": ""}
    return change(proposal=Proposal("c", "edit", arguments, (Effect("write", ("b.py",)),), preview))


@pytest.mark.parametrize("height", [10, 11, 12, 14, 15, 16, 17, 18, 20, 22, 24, 29, 30, 40, 50])
@pytest.mark.parametrize("asked", [removal(), command(HIDDEN)], ids=["change", "command"])
async def test_what_is_below_the_fold_is_counted(asked: EscalationRequest, height: int) -> None:
    app = Stage(ApprovalModal(asked, terms()))
    async with app.run_test(size=(160, height)) as pilot:
        for width in (30, 40, 50, 64, 80, 92, 110, 160):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            text, view = text_of(app.screen), app.screen.query_one("#question", AskedView)
            if "Enlarge the" not in text:
                whole = view.content_size.height >= view.lines
                assert whole or re.search(r"↓ \d+ more", text), f"{width}x{height}\n{text}"


@pytest.mark.parametrize("height", [16, 17, 18, 20, 24, 30])
async def test_all_four_answers_are_in_view(height: int) -> None:
    app = Stage(ApprovalModal(removal(), terms()))
    async with app.run_test(size=(50, height)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert all(label in text for label in ("1   Write once", "3   Edit the", "4   Reject and")), text


def writing(path: str) -> EscalationRequest:
    """A change of two hunks of the file `path`, which may be allowed for its folder."""
    asked = change(session_scope=f"for edits under {path.rpartition('/')[0]}/")
    assert asked.proposal and asked.proposal.preview
    preview = msgspec.structs.replace(asked.proposal.preview, path=path)
    return msgspec.structs.replace(asked, proposal=msgspec.structs.replace(asked.proposal, preview=preview))


@pytest.mark.parametrize("size", [(40, 12), (50, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("name", ["t.py", "deep.txt", "settings.py"])
async def test_the_title_keeps_the_name_of_the_file_and_is_cut_once(size: tuple[int, int], name: str) -> None:
    app = Stage(ApprovalModal(writing(f"src/acme/inside/{name}"), terms(waiting=2)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        title = next(line for line in text_of(app.screen).splitlines() if "◆" in line)
        assert f"{name}   +6 -3" in title and title.count("…") <= 1


@pytest.mark.parametrize("size", [(40, 12), (50, 20), (80, 24)])
async def test_a_name_that_is_too_long_leaves_its_folder_and_its_end_in_the_title(size: tuple[int, int]) -> None:
    app = Stage(ApprovalModal(writing(f"src/{'x' * 90}.py"), terms(waiting=2)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        title = next(line for line in text_of(app.screen).splitlines() if "◆" in line)
        assert re.search(r"\? +sr\S*…\S*\.py   \+6 -3", title), title


@pytest.mark.parametrize("size", [(40, 12), (50, 16), (80, 24)])
async def test_the_folder_that_a_yes_for_the_session_is_bounded_by_can_be_read(size: tuple[int, int]) -> None:
    app = Stage(ApprovalModal(writing("src/acme/inside/deep.txt"), terms()))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "inside/" in text_of(app.screen).partition("1   Write")[2].partition("3   Edit")[0]
