"""A stage for dialogs: an app with the palettes and the dialogs' style sheets, a clock that stands, requests to ask."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from textual.app import App
from textual.screen import Screen

from tests.fakes import ManualClock
from workbench.core.commands import Command, DeleteSession
from workbench.core.decisions import Confidence, EscalationRequest, Preview, Progress, Proposal
from workbench.core.effects import Effect
from workbench.core.errors import WorkbenchError
from workbench.core.events import Stamped
from workbench.core.models import ModelOffer
from workbench.core.plans import Checked, CompactionPlan, HandoffPlan, HandoffSection, PlanLine
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.core.window import Section, SectionName
from workbench.ui import palettes
from workbench.ui.modals.question import Terms

THEMES = Path(__file__).parents[2] / "themes"
SIZES = [(80, 24), (120, 40)]
UNSET = object()


class Standing(ManualClock):
    """A clock whose time, by either measure, is `at`."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        super().__init__(0.0)
        self.at = at


class Stage(App[None]):
    """Shows one screen and keeps what it gives back."""

    def __init__(self, screen: Screen[Any], theme: str = "lamplight") -> None:
        super().__init__()
        found, _ = palettes.read_palettes([THEMES])
        for palette in found:
            self.register_theme(palettes.build_theme(palette))
        self.theme = theme
        self.shown = screen
        self.result: Any = UNSET
        self.copied: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return palettes.list_defaults()

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.keep)

    def keep(self, result: Any) -> None:
        self.result = result


def terms(clock: Standing | None = None, **changes: Any) -> Terms:
    """What a question stands under, with the defaults of the settings."""
    values: dict[str, Any] = {"review": 0.6, "send": 0.85}
    return Terms(clock or Standing(), **(values | changes))


STRATEGIES = (("auto", "auto", "what fits"), ("summarise", "summarise", "one summary of all"))


def text_of(screen: Screen[Any]) -> str:
    """What the screen shows, as lines of characters."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def shell(**changes: Any) -> EscalationRequest:
    """The mock-up's question about a forced push."""
    command = "git fetch origin && git push --force-with-lease origin HEAD"
    values: dict[str, Any] = {
        "id": "esc_1",
        "reason": "safety",
        "urgency": "high",
        "message": "Run a command that rewrites a shared branch?",
        "because": "it rewrites a shared branch",
        "rule": "git push --force*, always asked",
        "consequence": "origin/retry-ladder loses 2 commits",
        "reversible": False,
        "progress": Progress(11, 20, 84_000, 0.42, notes=("14 tests pass", "all committed")),
        "proposal": Proposal(
            "toolu_1",
            "run",
            {"command": command, "timeout": 60},
            (Effect("network", ("origin",), reversible=False),),
            Preview("command", command, segment="git push --force-with-lease origin HEAD"),
        ),
        "confidence": Confidence(0.74, "The tests pass. I did not check who else pulls this branch."),
        "not_offered": "it cannot be undone",
    }
    return EscalationRequest(**(values | changes))


DIFF = """--- a/src/acme/client.py
+++ b/src/acme/client.py
@@ -88,4 +88,5 @@ class Client:
     async def put(self, path: str, body: bytes) -> Reply:
-        return await self.ladder.run(self.send, "PUT", path, body)
+        call = Call("PUT", path, body, key=new_key())
+        return await self.ladder.run(call.send)
     # the one door
     async def send(self, call: Call) -> Reply:
@@ -93,3 +94,3 @@
-        headers = dict(self.headers)
-        headers["X-Attempt"] = str(self.attempt)
+        headers = self.headers | {"Idempotency-Key": call.key}
+        log.debug("attempt %d", self.attempt)
         return headers
"""


def change(**changes: Any) -> EscalationRequest:
    """The mock-up's question about an edit."""
    values: dict[str, Any] = {
        "id": "esc_2",
        "reason": "policy",
        "urgency": "low",
        "message": "Edit src/acme/client.py?",
        "because": "it edits a file you have open changes in",
        "rule": "edit dirty files",
        "consequence": "the session keeps the version before",
        "reversible": None,
        "progress": Progress(3, 20, 61_000, 0.38, notes=("retry.py edited", "tests not run yet")),
        "proposal": Proposal(
            "toolu_2",
            "edit",
            {"path": "src/acme/client.py", "old": "a", "new": "the new text"},
            (Effect("write", ("src/acme/client.py",)),),
            Preview("diff", DIFF, path="src/acme/client.py", added=6, removed=3, before="a", after="the new text"),
        ),
        "confidence": Confidence(0.88, "Both callers go through put."),
        "session_scope": "edits under src/acme/",
    }
    return EscalationRequest(**(values | changes))


def plan(**changes: Any) -> CompactionPlan:
    """The mock-up's plan."""
    sections: dict[SectionName, tuple[int, int]] = {
        "tools": (3_200, 3_200),
        "system": (4_100, 4_100),
        "memory": (3_800, 3_800),
        "summary": (9_000, 5_300),
        "history": (22_000, 3_500),
        "results": (18_100, 3_000),
        "current": (1_200, 1_200),
    }
    values: dict[str, Any] = {
        "id": "plan_1",
        "strategy": "auto",
        "before": sum(before for before, _ in sections.values()),
        "after": sum(after for _, after in sections.values()),
        "sections_before": tuple(Section(name, before) for name, (before, _) in sections.items()),
        "sections_after": tuple(Section(name, after) for name, (_, after) in sections.items()),
        "lines": (
            PlanLine("kept", "system, tools, AGENTS.md, handoff", 11_100, pinned=True),
            PlanLine("kept", "7  your request, word for word", 100, ("e1",), pinned=True),
            PlanLine("kept", "turn 7, from the edit on", 7_500, ("e2", "e3")),
            PlanLine("summarised", "turns 1–6", 18_500, ("e4", "e5", "e6")),
            PlanLine("summarised", "read client.py, outcome only", 7_400, ("e7",)),
            PlanLine("dropped", "6  thinking", 9_200, ("e8",)),
            PlanLine("dropped", "a stale read, an empty search", 7_600, ("e9", "e10")),
        ),
        "summary": "## Goal\nMake the webhook client retry safely.\n\n## Decided\n- Full jitter, not equal\n",
        "summary_tokens": 1_900,
        "checked": (
            Checked("paths", 11, 11),
            Checked("commands", 9, 9),
            Checked("numbers", 14, 16, ("30", "0.5")),
            Checked("decisions", 4, 4),
        ),
        "cost": 0.12,
        "saves": 0.03,
        "payback": 4.0,
        "why": "Turn 6 is one long answer and its thinking, and the read of retry.py is stale.",
    }
    return CompactionPlan(**(values | changes))


DOCUMENT = """# 1. TASK STATUS
Make the webhook client retry safely inside 30 s. Not finished: PATCH is undecided.

# 2. DECISIONS MADE
- Full jitter below the cap, because the sandbox answers bursts with bursts

# 3. FILES CHANGED
- src/acme/retry.py: delay() draws below the cap

# 4. OPEN ITEMS
- May PATCH be retried too?

# 5. CONTEXT FOR NEXT SESSION
Run the tests with `pytest tests/test_retry.py -q`.
"""


def draft(**changes: Any) -> HandoffPlan:
    """The mock-up's handoff."""
    values: dict[str, Any] = {
        "id": "plan_2",
        "document": DOCUMENT,
        "tokens": 1_400,
        "window": 61_400,
        "sections": (
            HandoffSection(1, "Task status", "", "partly", "not finished"),
            HandoffSection(2, "Decisions made", "", "done", "4, all with reasons"),
            HandoffSection(3, "Files changed", "", "done", "3, match git"),
            HandoffSection(4, "Open items", "", "done", "2"),
            HandoffSection(5, "Context for next session", "", "done", "6 facts"),
        ),
        "checked": (
            Checked("paths", 24, 25, ("docs/adr/0007.md",)),
            Checked("commands", 9, 9),
            Checked("preferences", 2, 3, ("small commits",)),
        ),
        "left_behind": ("2 approaches given up", "38 tool outputs", "6 searches that led nowhere"),
    }
    return HandoffPlan(**(values | changes))


class FakeClient:
    """A client with sessions that can be deleted; nothing else happens on it."""

    facts = RuntimeInfo("anthropic", "claude-opus-5-5", False, "/src/acme-api", "main", "/src/acme-api/sessions")
    read_only = ""
    busy = False

    def __init__(self, rows: list[SessionSummary], open_id: str = "") -> None:
        self.rows = rows
        self.session_id = open_id
        self.handled: list[Command] = []
        self.fault: WorkbenchError | None = None
        self.hold: asyncio.Event | None = None
        """What is handled waits for it."""

    async def handle(self, command: Command) -> None:
        if self.hold:
            await self.hold.wait()
        if self.fault:
            raise self.fault
        self.handled.append(command)
        if isinstance(command, DeleteSession):
            self.rows = [row for row in self.rows if row.id != command.id]

    def subscribe(self, listener: Callable[[Stamped], None]) -> Callable[[], None]:
        return lambda: None

    def history(self) -> Iterable[Stamped]:
        return ()

    def sessions(self) -> list[SessionSummary]:
        return self.rows

    async def list_models(self) -> tuple[ModelOffer, ...]:
        return ()

    async def warm_up(self) -> None:
        return None

    async def close(self) -> None:
        return None


def some_sessions(now: float) -> list[SessionSummary]:
    """The mock-up's sessions, newest first."""
    hour, day = 3600, 86_400

    def one(id: str, title: str, ago: float, **more: Any) -> SessionSummary:
        return SessionSummary(id, title, "/src/acme-api", "anthropic", "claude-opus-5-5", updated_at=now - ago, **more)

    return [
        one(
            "7f3a0001",
            "retry-ladder",
            10,
            turns=7,
            usd=0.42,
            window=61_400,
            confidence=0.82,
            state="running",
            parent="7f3a0002",
            task="Make the webhook client retry safely, and keep the whole ladder inside 30 s.",
        ),
        one("7f3a0002", "webhook-spike", hour, turns=19, usd=1.96, window=140_000, confidence=0.88, state="handed off"),
        one("7f3a0003", "release notes 2.4", 3 * hour, turns=4, usd=0.11, window=30_000, confidence=0.93),
        one("7f3a0004", "migrate-tenants", day, turns=22, usd=2.75, window=120_000, confidence=0.51, state="waiting"),
        one("7f3a0005", "flaky-upload", day + hour, turns=11, usd=0.87, window=60_000, confidence=0.79),
        one("7f3a0006", "import-ledger", 4 * day, turns=14, usd=1.20, window=120_000, state="spent"),
        one("7f3a0007", "docs-search", 5 * day, turns=8, usd=None, window=40_000, confidence=0.91),
        one("7f3a0008", "日本語のセッション", 40 * day, turns=8, as_if_usd=0.36, window=40_000, as_if=True),
    ]
