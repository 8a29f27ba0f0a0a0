"""A conversation with the window that a ledger measures of it, and what may happen in one, at random."""

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.strategies.talk import Talk
from workbench.context import Ledger, WindowPolicy
from workbench.context.findings import find_waste
from workbench.core import events as e
from workbench.core.inspection import Finding
from workbench.core.messages import Text
from workbench.core.window import ToolDef, Window

TOOLS = tuple(
    ToolDef(name, {"name": name, "description": f"It can {name}."}, 300) for name in ("read", "edit", "shell")
)


class Measured(Talk):
    """A talk with a ledger beside it; every event that was told is kept."""

    def __init__(self, size: int = 200_000, tools: tuple[ToolDef, ...] = ()) -> None:
        self.ledger, self.journal = Ledger(WindowPolicy(size, reserve=0)), list[e.Stamped]()
        self.tools = tools
        super().__init__()

    def add(self, event: e.AnyEvent) -> "Measured":
        if isinstance(event, e.EpochOpened) and not event.epoch.tools:
            event = replace(event, epoch=replace(event.epoch, tools=self.tools))
        super().add(event)
        self.journal.append(e.Stamped(self.seq, 0.0, "s", "t", event))
        self.ledger.apply(self.journal[-1], self.conversation)
        return self

    def window(self, size: int = 0) -> Window:
        return self.ledger.measure(self.conversation)

    def read(self, path: str, text: str = "", tokens: int = 900, **more: Any) -> "Measured":
        """A turn that reads a file, and says nothing of it."""
        self.ask("go on").call("read", text or numbered(path), tokens, file_path=path, **more)
        self.say(Text("Done.")).end()
        return self

    def chat(self, turns: int, words: str = "and so on") -> "Measured":
        """So many turns of small talk."""
        for _ in range(turns):
            self.ask(words).say(Text("Yes.")).end()
        return self

    def findings(self) -> tuple[Finding, ...]:
        return find_waste(self.window(), self.conversation)

    def kinds(self) -> list[str]:
        return [finding.kind for finding in self.findings()]

    def find(self, kind: str) -> Finding:
        """The one finding of that kind."""
        [found] = [finding for finding in self.findings() if finding.kind == kind]
        return found


def numbered(path: str, lines: int = 30) -> str:
    """A text of its own: no other path's has a line of it."""
    name = "".join(character if character.isalnum() else "_" for character in path)
    return "\n".join(f"{name}_value_{line} = compute_{name}({line * 1000 + len(name)})" for line in range(lines))


PATHS = ("src/app.py", "src/api.py", "docs/notes.md")
WORDS = ("see src/app.py", "src_api_py_value_3 is wrong", "nothing", "the notes", "retry with compute_docs_notes_md")
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.sampled_from(PATHS), st.integers(10, 3_000)),
        st.tuples(st.just("edit"), st.sampled_from(PATHS), st.integers(10, 300)),
        st.tuples(st.just("shell"), st.sampled_from(PATHS), st.integers(10, 9_000)),
        st.tuples(st.just("say"), st.sampled_from(WORDS), st.integers(1, 2_000)),
        st.tuples(st.just("mark"), st.sampled_from(("pin", "drop", "mask", "")), st.integers(0, 40)),
        st.tuples(st.just("compact"), st.sampled_from(("summarise", "mask", "marked")), st.just(0)),
        st.tuples(st.just("undo"), st.just(""), st.just(0)),
        st.tuples(st.just("lift"), st.just(""), st.integers(0, 40)),
        st.tuples(st.just("end"), st.just(""), st.just(0)),
        st.tuples(st.just("chat"), st.sampled_from(WORDS), st.integers(1, 9)),
    ),
    max_size=40,
)
"""Steps of a session, for `live`."""


def live(talk: Measured, step: tuple[str, str, int]) -> None:
    """Let one of `happenings` happen."""
    kind, what, number = step
    entries = talk.conversation.entries
    if kind in ("read", "edit", "shell", "say") and not talk.conversation.running:
        talk.ask("go on")
    match kind:
        case "read" | "edit":
            talk.call(kind, numbered(what), number, file_path=what)
        case "shell":
            talk.call(kind, numbered(what, 12), number, command=f"grep -rn compute {what}")
        case "say":
            talk.say(Text(what), tokens=number)
        case "end" if talk.conversation.running:
            talk.end()
        case "chat":
            if talk.conversation.running:
                talk.say(Text("Done.")).end()
            talk.chat(number, what)
        case "mark" if entries:
            talk.add(e.BlockMarked(entries[number % len(entries)].id, what))
        case "lift" if entries:
            talk.add(e.BlockLifted(entries[number % len(entries)].id, "[LIFTED] said again", 30))
        case "compact" if not talk.conversation.running:
            if plan := talk.possible_plan(what):
                talk.compact(plan)
        case "undo" if talk.conversation.undo and talk.conversation.epoch and not talk.conversation.running:
            talk.add(e.CompactionUndone(talk.conversation.epoch.number + 1))
