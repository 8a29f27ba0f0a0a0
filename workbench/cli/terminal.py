"""Opening the terminal interface; Textual is imported here and not a moment earlier."""

import asyncio
import sys
from typing import TYPE_CHECKING

from workbench.cli.faults import USAGE, complain
from workbench.cli.hangup import leave_on_hangup
from workbench.cli.shared import Where, resume
from workbench.observability import log_to

if TYPE_CHECKING:
    from workbench.bootstrap import Chosen


def open_terminal(where: Where) -> None:
    """Run the user interface to its end. Raises SystemExit without a terminal, WorkbenchError before it opens."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("this needs a terminal. For scripts there is `workbench run PROMPT`.")
        raise SystemExit(USAGE)
    from workbench.bootstrap import Choice, choose

    chosen = choose(Choice(where.workspace, where.provider, where.model, where.sessions))
    log_to(chosen.sessions)
    asyncio.run(_show(chosen, where))


async def _show(chosen: "Chosen", where: Where) -> None:
    from workbench.bootstrap.client import DeferredClient
    from workbench.ui.app import WorkbenchApp

    client = DeferredClient(chosen)
    try:
        await resume(client, where)
        theme = where.theme or chosen.settings.text("theme")
        app = WorkbenchApp(client, chosen.settings.options(), chosen.clock, theme, chosen.sessions / "prompts.jsonl")
        leave_on_hangup(lambda code: app.exit(return_code=code))
        await app.run_async()
        if app.return_code:
            raise SystemExit(app.return_code)
    finally:
        await client.close()
