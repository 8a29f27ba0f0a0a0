"""Opening the terminal interface; Textual is imported here and not a moment earlier."""

import asyncio
import logging
import logging.handlers
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.faults import USAGE, complain
from workbench.cli.shared import Where, resume
from workbench.core.ports import Options

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
    from workbench.bootstrap.deferred import DeferredDesk
    from workbench.ui.app import WorkbenchApp

    desk = DeferredDesk(chosen)
    try:
        await resume(desk, where)
        theme = where.theme or chosen.settings["theme"]
        app = WorkbenchApp(desk, _options(chosen), chosen.clock, theme, chosen.sessions / "prompts.jsonl")
        await app.run_async()
        if app.return_code:
            raise SystemExit(app.return_code)
    finally:
        await desk.close()


def _options(chosen: "Chosen") -> Options:
    settings = chosen.settings
    return Options(
        settings["confidence.send"],
        settings["confidence.review"],
        settings["approval.quiet_s"],
        settings["budget.session_usd"],
        settings["budget.session_tokens"],
        settings["steps.budget"],
        tuple(settings.faults),
    )


def log_to(folder: Path) -> None:
    """Log to a rotating file beside the sessions, never to the terminal."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "workbench.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
