"""Opening the terminal interface; Textual is imported here and not a moment earlier."""

import asyncio
import logging
import logging.handlers
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.cli.faults import USAGE, complain
from workbench.cli.shared import Where, session_to_open
from workbench.core import commands as c

if TYPE_CHECKING:
    from workbench.bootstrap import Built


class TerminalOptions(msgspec.Struct, frozen=True):
    """What the user interface needs of the settings: `core.ports.Options`."""

    confidence_send: float
    confidence_review: float
    approval_quiet_s: float
    budget_usd: float
    budget_tokens: int
    steps_budget: int
    settings_faults: tuple[str, ...]


def open_terminal(where: Where) -> None:
    """Run the user interface to its end. Raises SystemExit without a terminal, WorkbenchError before it opens."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("this needs a terminal. For scripts there is `workbench run PROMPT`.")
        raise SystemExit(USAGE)
    from workbench.bootstrap import Choice, build

    made = build(Choice(where.workspace, where.provider, where.model, where.sessions))
    log_to(made.sessions)
    asyncio.run(_show(made, where))


async def _show(made: "Built", where: Where) -> None:
    from workbench.ui.app import WorkbenchApp

    engine, settings = made.engine, made.settings
    try:
        if id := session_to_open(made, where):
            await engine.handle(c.OpenSession(id))
        options = TerminalOptions(
            settings["confidence.send"],
            settings["confidence.review"],
            settings["approval.quiet_s"],
            settings["budget.session_usd"],
            settings["budget.session_tokens"],
            settings["steps.budget"],
            tuple(settings.faults),
        )
        app = WorkbenchApp(
            engine, options, made.clock, where.theme or settings["theme"], made.sessions / "prompts.jsonl"
        )
        await app.run_async()
        if app.return_code:
            raise SystemExit(app.return_code)
    finally:
        await engine.close()


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
