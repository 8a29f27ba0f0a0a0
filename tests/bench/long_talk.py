"""A session of so many messages, as an engine would have written it: turns of a prompt, a call, its result, an answer.

python -m tests.bench.long_talk FOLDER MESSAGES       writes it into FOLDER and prints its id
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.effects import Effect
from workbench.core.messages import Text, ToolUse
from workbench.core.spend import Usage
from workbench.core.window import Epoch, ToolDef
from workbench.store.sessions import FileSessions

SESSION = "10a90000"
MODEL = "claude-opus-4-5"
LAST = "The last answer stands here."
"""How the newest answer ends: when it is drawn, the page is there."""
PROMPT, RESULT, ANSWER, HEAD = 12, 60, 40, 900
"""Tokens of each."""
EPOCH = Epoch(1, MODEL, "You are Workbench.", 400, (ToolDef("read", {"name": "read"}, 500),))


def talk(messages: int) -> Iterator[e.AnyEvent]:
    """The events: four messages a turn; of none, a session that was only opened."""
    yield e.SessionOpened("a long talk", "/work", "anthropic", MODEL, user="ada")
    if not messages:
        return
    yield e.EpochOpened(EPOCH)
    prompt, turns = HEAD, messages // 4
    for turn in range(1, turns + 1):
        yield from _turn(turn, prompt, last=turn == turns)
        prompt += PROMPT + 2 * ANSWER + RESULT


def _turn(turn: int, sent: int, *, last: bool) -> Iterator[e.AnyEvent]:
    path = f"src/part_{turn}.py"
    call, said = f"toolu_{turn}", f"Part {turn} holds **{turn}** functions; `{path}` has them all. Nothing was changed."
    yield e.TurnStarted(turn, f"What does part {turn} hold?", PROMPT)
    yield from _reply(turn, 1, sent + PROMPT, (ToolUse(call, "read", {"file_path": path}),))
    effect = Effect("read", (path,), True)
    proposal = Proposal(call, "read", {"file_path": path}, (effect,), kind="read", verb="read", subject=path)
    yield e.ToolProposed(turn, 1, proposal)
    yield e.ToolStarted(turn, call)
    text = "\n".join(f"{n}: def function_{n}(): return {turn}" for n in range(6))
    yield e.ToolFinished(turn, call, "read", text, RESULT, 0.01, "6 lines")
    yield from _reply(turn, 2, sent + PROMPT + ANSWER + RESULT, (Text(f"{said}\n\n{LAST}" if last else said),))
    yield e.AnswerRouted(turn, "unrated")
    usage = Usage(PROMPT, ANSWER, sent)
    yield e.TurnFinished(turn, "done", said, 2, 3.0, usage, 0.001, "end_turn")


def _reply(turn: int, step: int, prompt: int, parts: tuple[Text | ToolUse, ...]) -> Iterator[e.AnyEvent]:
    usage = Usage(PROMPT, ANSWER, prompt - PROMPT)
    stop = "tool_use" if isinstance(parts[0], ToolUse) else "end_turn"
    yield e.RequestSent(turn, step, MODEL, 32_000)
    yield e.BudgetReserved(turn, step, prompt + 32_000, 0.8)
    yield e.BudgetSettled(turn, step, MODEL, usage, 0.0005)
    yield e.MessageAdded(turn, step, parts, (ANSWER,), stop, usage, f"msg_{turn}_{step}")
    yield e.CacheReported(prompt - PROMPT, PROMPT, 0, 1_700_000_300.0 + turn)


def stamp(events: Iterator[e.AnyEvent], session: str = SESSION) -> Iterator[e.Stamped]:
    """The events with their places in the journal; a trace and a span for each turn, as the engine has them."""
    turn = 0
    for seq, event in enumerate(events, 1):
        turn += isinstance(event, e.TurnStarted)
        yield e.Stamped(seq, 1_700_000_000.0 + seq, session, f"{turn:032x}", event, f"{turn:016x}", "")


def write(folder: Path, messages: int) -> str:
    """Write the session into `folder`; gives its id."""
    journal = FileSessions(folder, fsync=False).create(SESSION)
    for stamped in stamp(talk(messages)):
        journal.append(stamped)
    journal.close()
    return SESSION


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
