"""How an error that nobody foresaw is told: a failed screen is gone back from, anything else ends the application."""

import logging

from rich.text import Text

from workbench.core.events import Noticed


def describe_failure(what: str, error: Exception) -> Noticed:
    """What to say of a screen that could not be shown."""
    hint = f"the session goes on. {_log_place()}".strip()
    return Noticed(f"{what} could not be shown: {_name(error)}", "error", hint)


class Crash(Exception):
    """An error nobody foresaw, as a person reads it when the application has closed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = self.__cause__ = cause

    def __rich__(self) -> Text:
        place = _log_place() or "Start again with workbench --continue."
        return Text(f"workbench stopped: {_name(self.cause)}. Everything up to here is saved. {place}")


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _log_place() -> str:
    """Where more is said, as a sentence; empty where nothing is logged to a file."""
    handlers = (*logging.getLogger("workbench").handlers, *logging.getLogger().handlers)
    files = [handler.baseFilename for handler in handlers if isinstance(handler, logging.FileHandler)]
    return f"What happened is in {files[0]}." if files else ""
