"""When a window may compact by itself: not again before it has grown, and no more once that brought nothing."""

from dataclasses import dataclass

from workbench.core.window import Window

AGAIN = 0.1
"""Share of the window by which it must have grown since the last time, and which a time must free to be worth it."""
TRIES = 3
"""How often in a row it may bring too little."""
STOPPED = (
    "compacting frees too little: the window does not compact by itself any more",
    "/compact starts it again, as a larger window.size does; /handoff goes on in a fresh session.",
)


@dataclass
class Brake:
    """Remembers what automatic compactions of one session brought; a person's own ones, or more room, release it."""

    held: int | None = None
    """Tokens after the last one; None before one."""
    poor: int = 0
    """How many in a row brought too little."""
    trigger: int = 0
    """Of the window at the last one."""

    def allows(self, window: Window) -> bool:
        """True where another one is worth a try."""
        if self.held is None or window.trigger > self.trigger:
            return True
        return self.poor < TRIES and window.total - self.held >= window.size * AGAIN

    def note(self, before: Window, after: Window) -> bool:
        """Remember one, carried out or not; True where it was the last for now."""
        if after.trigger > self.trigger:
            self.poor = 0
        poor = before.total - after.total < before.size * AGAIN
        self.poor = self.poor + 1 if poor else 0
        self.held, self.trigger = after.total, after.trigger
        return self.poor == TRIES

    def release(self) -> None:
        """Begin anew: the person compacted, or took a compaction back."""
        self.held, self.poor = None, 0
