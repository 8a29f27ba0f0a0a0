"""The log: a rotating file beside the sessions."""

import logging
import logging.handlers
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
MOST_BYTES = 1_000_000
KEPT = 2


def log_to(folder: Path) -> None:
    """Log warnings and worse to `folder/workbench.log`, and nothing anywhere else; nowhere if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "workbench.log", maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(level=logging.WARNING, format=FORMAT, handlers=[handler], force=True)
