"""Prompts sent before: kept in a file that only its owner can read, browsed with a place in it."""

import logging
import os
from pathlib import Path

from workbench.workspace import read_file

log = logging.getLogger(__name__)

KEPT = 1000
"""Prompts; older ones are forgotten when the file is next read."""
MOST_BYTES = 100_000_000
"""Of the file; a larger one is not read."""


class PromptHistory:
    """Oldest first. Without a path it lives as long as the application."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._prompts: list[str] | None = None if path else []
        self._at: int | None = None
        self._draft = ""

    @property
    def prompts(self) -> list[str]:
        """All of them; the file is read when they are first asked for."""
        if self._prompts is None:
            self._prompts = self._read()
        return self._prompts

    def _read(self) -> list[str]:
        if self._path is None or not self._path.exists():
            return []
        try:
            lines = read_file(self._path, MOST_BYTES).decode("utf-8", "replace").splitlines()
        except OSError as error:
            log.warning("earlier prompts cannot be read: %s", error)
            return []
        return [prompt for line in lines[-KEPT:] if (prompt := _decoded(line))]

    def add(self, prompt: str) -> None:
        """Remember `prompt`; the same again moves to the end."""
        self.leave()
        if not prompt.strip() or (self.prompts and self.prompts[-1] == prompt):
            return
        self.prompts.append(prompt)
        if self._path is None:
            return
        import json

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(prompt) + "\n")
        except OSError as error:
            log.warning("this prompt was not kept for later: %s", error)

    def keep(self, draft: str) -> None:
        """Remember `draft` while the application runs: it was cleared, not sent."""
        self.leave()
        self._keep(draft)

    def _keep(self, draft: str) -> None:
        if draft.strip() and self.prompts[-1:] != [draft]:
            self.prompts.append(draft)

    def earlier(self, current: str) -> str | None:
        """The prompt before; `current` is kept when browsing begins. None at the oldest."""
        place = len(self.prompts) if self._at is None else self._at
        if place == 0:
            return None
        if self._at is None:
            self._draft = current
        self._at = place - 1
        return self.prompts[self._at]

    def later(self) -> str | None:
        """The prompt after, at the end what was being written; None when nothing is being browsed."""
        if self._at is None:
            return None
        self._at += 1
        if self._at >= len(self.prompts):
            self._at = None
            return self._draft
        return self.prompts[self._at]

    def leave(self) -> None:
        """Stop browsing: what is written now is a prompt of its own, and what was written before stays findable."""
        if self._at is not None:
            self._at = None
            self._keep(self._draft)

    def search(self, words: str, most: int = 50) -> list[str]:
        """Prompts that have all of `words`, newest first, each once."""
        wanted = words.lower().split()
        found: dict[str, None] = {}
        for prompt in reversed(self.prompts):
            if all(word in prompt.lower() for word in wanted):
                found.setdefault(prompt)
            if len(found) >= most:
                break
        return list(found)


def _decoded(line: str) -> str:
    import json

    try:
        prompt = json.loads(line)
    except json.JSONDecodeError:
        return ""
    return prompt if isinstance(prompt, str) else ""
