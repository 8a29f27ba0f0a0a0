"""At every size an approval says that there is more of what is asked than it shows."""

import re

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
