"""Opening the terminal interface, and leaving it: by its own keys, by a signal, or because the terminal is gone.

A closed window sends SIGHUP only to the leader of its session; whoever that is may not pass it on, and a workbench
without a terminal would hold its session's lock for ever. Textual is imported here and not a moment earlier.
"""

import asyncio
import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workbench.cli.shared import USAGE, Where, choose_for, resume
from workbench.cli.signals import ENDING
from workbench.cli.streams import complain, tell, write_utf8
from workbench.observability import log_to
from workbench.settings.chosen_theme import keep_theme, read_theme
from workbench.settings.files import config_folder
from workbench.ui.terminal.capabilities import Capabilities, read_capabilities
from workbench.ui.terminal.held import HELD

if TYPE_CHECKING:
    from workbench.bootstrap import Chosen

HUNG_UP = 128 + signal.SIGHUP
GRACE_S = 10.0
"""Seconds after which a leave that does not come to its end is cut short; the journal is safe at any moment."""
UNDRAWABLE_HINT = "Set TERM to what it really is, such as xterm-256color, or use `workbench run PROMPT`."
UNREAD_S = 2.0
"""Seconds that a terminal which does not read may hold up a leave."""


def open_terminal(where: Where) -> None:
    """Run the user interface to its end, again where that moved to another folder's session.

    Raises SystemExit without a terminal, WorkbenchError before it opens.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("this needs a terminal. For scripts there is `workbench run PROMPT`.")
        raise SystemExit(USAGE)
    terminal = read_capabilities(os.environ, sys.stdout.encoding)
    if not terminal.drawable:
        complain(f"a terminal of the kind {terminal.name!r} (TERM) cannot show a screen. {UNDRAWABLE_HINT}")
        raise SystemExit(USAGE)
    if terminal.unicode:
        write_utf8()
    moved: Where | None = where
    while moved:
        gc.disable()  # a fifth of start-up; the application collects again after its first frame
        chosen = choose_for(moved)
        chosen.check_reach()
        log_to(chosen.sessions)
        moved = asyncio.run(_show(chosen, moved, terminal))


async def _show(chosen: "Chosen", where: Where, terminal: Capabilities) -> Where | None:
    """Run the user interface once; where it is to begin again, if it is."""
    from workbench.bootstrap.client import DeferredClient
    from workbench.ui.app import WorkbenchApp

    client = DeferredClient(chosen)
    try:
        await resume(client, where)
        config, options = config_folder(chosen.env), chosen.settings.options()
        if chosen.env.get("TEXTUAL_ANIMATIONS") == "none":
            options = msgspec.structs.replace(options, motion="reduced")
        if where.linear:
            options = msgspec.structs.replace(options, linear=True)
        written = chosen.settings.text("theme") if "theme" in chosen.settings.given else ""
        history = chosen.sessions / "prompts.jsonl"
        app = WorkbenchApp(
            client,
            options,
            chosen.clock,
            where.theme or read_theme(config, written),
            history,
            capabilities=terminal,
            remember_theme=lambda name: keep_theme(config, name, written),
        )
        leave_on_hangup(app.giving.leave)
        await app.run_async(mouse=options.mouse)
        if app.sessions.moved:
            session, workspace = app.sessions.moved
            return msgspec.structs.replace(
                where, workspace=Path(workspace), sessions=chosen.sessions, resume_id=session, resume_last=False
            )
        if client.session_id:
            tell(f"resume with: {resume_line(client.session_id, chosen, where)}")
        if app.return_code:
            raise SystemExit(app.return_code)
        return None
    finally:
        HELD.restore()
        await client.close()


def resume_line(session: str, chosen: "Chosen", where: Where) -> str:
    """The command that opens `session` again from here, with the folders that it would not find by itself."""
    import shlex

    from workbench.bootstrap.choice import sessions_folder

    words = ["workbench", "--resume", session]
    try:
        elsewhere = str(chosen.workspace) != os.path.realpath(os.curdir)
    except OSError:  # the folder that it began in is gone
        elsewhere = True
    if elsewhere:
        words += ["--workspace", str(chosen.workspace)]
    if where.sessions and chosen.sessions != sessions_folder(None, chosen.workspace, chosen.settings, chosen.env):
        words += ["--sessions", str(chosen.sessions)]
    if where.linear:
        words.append("--linear")
    return shlex.join(words)


def leave_on_hangup(leave: Callable[[int], bool]) -> None:
    """Call `leave` with an exit code, on the running loop, at a signal that ends or at the end of the terminal.

    It gives false where the signal was meant for somebody else.
    """
    loop = asyncio.get_running_loop()

    def go(code: int) -> None:
        if _is_hung_up():
            _write_nowhere()
        HELD.give_up_within(UNREAD_S)
        stays = threading.Event()
        threading.Thread(target=_cut_short, args=(code, stays), daemon=True).start()
        loop.call_soon_threadsafe(lambda: None if leave(code) else stays.set())

    for number in ENDING:
        # Not the loop's own handlers: it may be waiting for a terminal that does not read.
        signal.signal(number, lambda number, _: go(128 + number))
    watcher = threading.Thread(target=_watch, args=(loop, go), name="hangup", daemon=True)
    watcher.start()


def _watch(loop: asyncio.AbstractEventLoop, go: Callable[[int], None]) -> None:
    """Sleep in the kernel until the terminal hangs up."""
    _is_hung_up(None)
    if not loop.is_closed():
        go(HUNG_UP)


def _is_hung_up(patience_ms: int | None = 0) -> bool:
    """True when there is no terminal any more; waits so long for its end, None: until it comes."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    return bool(poll.poll(patience_ms))


def _write_nowhere() -> None:
    """There is no terminal to restore; writing to it would only fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _cut_short(code: int, stays: threading.Event) -> None:
    """End the process where it does not end by itself, unless it `stays`."""
    if not stays.wait(GRACE_S):
        HELD.restore()
        os._exit(code)
