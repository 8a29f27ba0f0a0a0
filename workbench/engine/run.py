"""A run: one agent at work in one session. Any number of them work in a process, each on its own journal.

Run ─┬─ session      journal and folds           billing    what it may cost, at the root's budget
     ├─ queue        what runs, what waits       executor   its grants, its calls
     ├─ compactor, handoffs                      plans and documents under review
     └─ delegate     children: runs that do a part of its work, in the turn's trace, with windows of their own
"""

import asyncio
from pathlib import Path

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import ReadOnlySession, WorkbenchError
from workbench.core.ids import new_session_id
from workbench.core.messages import replace_surrogates
from workbench.core.tools import ToolSpec
from workbench.core.window import Document
from workbench.engine.billing import Billing
from workbench.engine.calls import CallRunner
from workbench.engine.compactor import Compactor
from workbench.engine.executor import ToolExecutor
from workbench.engine.guards import make_guards
from workbench.engine.handoffs import Handoffs
from workbench.engine.limits import check_fits
from workbench.engine.model_call import ModelAccess, SessionModel
from workbench.engine.model_choice import check_name
from workbench.engine.pause import Pause
from workbench.engine.prefix import warm_cache
from workbench.engine.recount import Recount
from workbench.engine.recovery import conclude, recover
from workbench.engine.repairs import Repairs
from workbench.engine.request import keep_model
from workbench.engine.session import Session, begin_session, find_session, rename
from workbench.engine.steering import Steering
from workbench.engine.switching import choose_model
from workbench.engine.task_queue import TaskQueue, see_through
from workbench.engine.turn import Turn
from workbench.engine.workplace import Workplace
from workbench.escalation import Gate, Grants


class Run:
    """One agent in one session: at most one task at a time, and a queue of prompts."""

    def __init__(self, session: Session, shared: Workplace) -> None:
        deps = shared.deps
        policies, clock = deps.policies, deps.clock
        self.session, self._shared = session, shared
        spends = session, deps.prices, deps.days, clock, deps.user, deps.facts.as_if
        self.billing = Billing(*spends, lambda: keep_model(deps.facts, session).model, policies.budget)
        reach = deps.model, deps.estimator, clock, policies.retry, policies.turn.deadline_s, deps.jitter, deps.counter
        self._access = ModelAccess(*reach, Pause(clock))
        model = SessionModel(session, self.billing, self._access)
        self.compactor = Compactor(session, model, policies.compaction, deps.estimator, deps.prices, clock)
        self._handoffs = Handoffs(session, model, deps.estimator, clock, deps.exports)
        runner = CallRunner(session, clock, deps.estimator, self.delegate)
        self._gate, grants = Gate(policies.escalation), Grants(Path(deps.facts.workspace))
        hands = shared.approvals, shared.toolbox, runner, self._gate, grants
        self._executor = ToolExecutor(session, self.billing, *hands)
        self._guards = make_guards(session, self.compactor.brake, self.billing, policies.turn.max_steps)
        self._queue = TaskQueue(session.emit, self._answer)
        self._delegated: set[asyncio.Task[e.SubtaskFinished]] = set()
        self._steering = Steering(session, deps.estimator, deps.facts.workspace)
        self._recount = Recount(session, deps, shared.ready)
        shared.runs[session.id] = self

    @property
    def busy(self) -> bool:
        """True while a turn, a plan, a draft or a child is under way."""
        return self._queue.busy or bool(self._delegated)

    @property
    def read_only(self) -> str:
        """Why the session cannot be written, or empty."""
        if root := self.session.summary.root if self.session.root is self.session else "":
            return f"this session is a part of {root}; it goes on only from there"
        return self.session.read_only

    def send(self, prompt: str) -> None:
        """Queue a prompt; it begins when nothing runs any more. Raises WorkbenchError, also where no cap can hold."""
        if not prompt.strip():
            raise WorkbenchError("there is nothing to send", "Type a prompt first.")
        self._check_writable()
        self.billing.check_caps()
        self._queue.send(replace_surrogates(prompt))

    async def stop(self) -> None:
        """Cancel what runs here and in all children, drop what waits, and return when it has ended."""
        await self._queue.stop()
        for work in self._delegated:
            work.cancel()
        if self._delegated:
            await asyncio.wait(self._delegated)

    async def idle(self) -> None:
        """Wait until nothing is under way and the queue is empty."""
        await self._queue.idle()
        if self._delegated:
            await asyncio.wait(self._delegated)

    async def close(self) -> None:
        """Stop what runs, then release the session."""
        await self.stop()
        try:
            await self.session.sync()
        finally:
            self.leave()

    def leave(self) -> None:
        """Release the session, in which nothing runs any more."""
        self._recount.stop()
        self._shared.runs.pop(self.session.id, None)
        self.session.close()

    async def begin(
        self, title: str, *, before: Session | None = None, role: str = "", handed: tuple[Document, ...] = ()
    ) -> None:
        """Open the session where it has no events yet, and the epoch where its head is another than the last.

        `before`: the session that hands off to this one.
        """
        deps = self._shared.deps
        tools, files = await self.prepare()
        facts = keep_model(deps.facts, before or self.session)
        if before is not None and before.choice.fresh:
            self.session.choice.take(e.ModelChosen(facts.model, facts.provider))
        elif self.session.choice.find(facts.provider) not in ("", facts.model):
            self.session.emit(e.ModelChosen(facts.model, facts.provider))  # the command line named another since
            self.session.choice.reopen()
        begin_session(self.session, facts, deps.user, title, parent=before.id if before else "", role=role)
        await self._recount.open(facts, tools, files, handed + self._steering.take_attached())

    async def prepare(self) -> tuple[tuple[ToolSpec, ...], tuple[tuple[str, str], ...]]:
        """The tools, and the instruction files by name and text. What of them or of the rules is idle is said once."""
        found = await asyncio.to_thread(self._shared.deps.instructions)
        tools = await self._shared.toolbox.load()
        for said in (*found.left_out, *self._gate.describe_idle(self._shared.toolbox.names)):
            if said not in self._shared.said:
                self._shared.said.add(said)
                self.session.emit(e.Noticed(said, "warning"))
        return tools, found.files

    async def _answer(self, prompt: str) -> None:
        """Run the turn of one prompt."""
        session, deps = self.session, self._shared.deps
        # A turn whose end the disk refused is closed before the next one begins.
        recover(session, children=bool(self._delegated))
        await self.begin(prompt)
        if not session.cache.is_warm(deps.clock.now()):
            await self.compactor.carry_out_marks()  # the prefix is written anew whatever it holds
        access, approvals, compact = self._access, self._shared.approvals, self.compactor.automatic
        turn = Turn(
            *(session, self.billing, access, self._guards, self._executor, approvals),
            route_policy=deps.policies.route,
            repairs=Repairs(session, deps.models, approvals, deps.estimator, access.pause, compact),
        )
        ended = await turn.run(prompt)
        await self._recount.keep_ratios()
        if ended.follow_up:
            self._queue.send(ended.follow_up, first=True)

    async def delegate(self, role: str, task: str, call_id: str = "", *, resume: str = "") -> e.SubtaskFinished:
        """Give `task` to a child run and wait for what comes of it, also in the journal. Cancelling stops the child.

        `resume` names a child session of before that goes on. Raises WorkbenchError before this session has begun.
        """
        self._check_begun()
        work = asyncio.get_running_loop().create_task(self._delegate(role, task, call_id, resume))
        self._delegated.add(work)
        work.add_done_callback(self._delegated.discard)
        return await work

    async def _delegate(self, role: str, task: str, call_id: str, resume: str) -> e.SubtaskFinished:
        child, clock = await self._open_child(resume), self._shared.deps.clock
        began, first_event = clock.monotonic(), len(child.session.events)
        try:
            self.session.emit(e.SubtaskStarted(child.session.id, role, task, call_id))
            await child.begin(task, role=role)
            child.send(task)
            await child.idle()
        finally:
            try:
                await see_through(child.close())
            finally:
                finished = conclude(child.session, role, first_event, clock.monotonic() - began)
                self.session.emit(finished)
        return finished

    async def _open_child(self, resume: str) -> "Run":
        shared, root = self._shared, self.session.root
        if not resume:
            return Run(Session(new_session_id(), shared.deps, shared.bus, root), shared)
        session = await find_session(resume, shared.deps, shared.bus, root)
        if session.read_only or session.summary.root != root.id:
            session.release()
            raise WorkbenchError(f"{resume} is not a session that this one can go on with", session.read_only)
        recover(session)
        return Run(session, shared)

    async def handle(self, command: c.Command) -> None:
        """Carry out a command to this session. Raises WorkbenchError, also for one that nothing handles."""
        match command:
            case c.SendPrompt(text=text):
                await check_fits(text, self.session, self._shared.deps)
                self.send(text)
            case c.WithdrawPrompt(text=text):
                if not self._queue.withdraw(replace_surrogates(text)):
                    raise WorkbenchError("this prompt waits no longer", "If it is what runs now, esc stops it.")
            case c.CancelTurn():
                await self.stop()
            case c.RetryNow():
                self._access.pause.end()
            case c.PlanCompaction() | c.ChangePlan() | c.Compact() | c.UndoCompaction():
                self._check_quiet("undo" if isinstance(command, c.UndoCompaction) else "compact")
                await self._compact(command)
            case c.MarkBlock() | c.LiftBlock() | c.AttachDocument():
                self._check_writable()
                await self._steering.handle(command)
            case c.WarmCache():
                self._check_quiet("warm the cache")
                self._queue.start(lambda: warm_cache(self.session, self.billing, self._access))
            case c.DraftHandoff():
                self._check_quiet("hand off")
                self._queue.start(self._handoffs.review)
            case c.DiscardPlan() if not self._queue.answering:
                await self._queue.stop(dropping=False)
                self.compactor.plan = self._handoffs.draft = None
            case c.DiscardPlan():
                pass  # nothing is under review in a turn
            case c.RenameSession(title=title):
                self._check_writable()
                rename(self.session, title)
            case c.ChooseModel(model=model):
                name, deps = check_name(model), self._shared.deps
                self._check_writable()
                if choose_model(self.session, self.billing, name, deps.models, deps.facts.provider):
                    await self.count()
            case c.SetBudget(usd=usd, tokens=tokens, steps=steps):
                self._check_begun()
                self.session.emit(e.BudgetRaised(usd, tokens, steps))
                self.session.measure()
            case _:
                raise WorkbenchError(f"nothing handles {type(command).__name__}")

    async def _compact(self, command: c.PlanCompaction | c.ChangePlan | c.Compact | c.UndoCompaction) -> None:
        """Make a plan, change it, carry it out, or undo the last one. Raises WorkbenchError."""
        match command:
            case c.PlanCompaction(strategy=strategy, instructions=instructions):
                found = self.compactor.find(strategy)
                self._queue.start(lambda: self.compactor.review(found, instructions))
            case c.ChangePlan(plan=plan, fates=fates, summary=summary):
                self.compactor.change(plan, fates, summary)
            case c.Compact(plan=plan, summary=summary):
                self.compactor.carry_out(plan, summary, self._queue.start)
                await self._put_down()
            case c.UndoCompaction():
                self.compactor.undo()
                await self._put_down()

    async def hand_off(self, command: c.HandOff, to: str) -> Document:
        """Accept the draft under review, for the session `to`. Raises WorkbenchError for another."""
        self._check_quiet("hand off")
        accepted = self._handoffs.accept(command.plan, command.document, to)
        await self._put_down()
        return accepted

    async def count(self) -> None:
        """Have the endpoint count what the next request holds, in the background, where no report says it."""
        if self._recount.wanted:
            self._recount.begin(*await self.prepare())

    async def _put_down(self) -> None:
        await self.session.sync()
        self.session.remember()
        await self.count()

    def _check_writable(self) -> None:
        if self.read_only:
            raise ReadOnlySession(self.read_only, "/new begins a session that can be written.")

    def _check_begun(self) -> None:
        self._check_writable()
        if not self.session.begun:
            raise WorkbenchError("this session has no file yet", "Ask for something first.")

    def _check_quiet(self, deed: str) -> None:
        """Raises WorkbenchError unless there is a session and nothing runs in it."""
        self._check_writable()
        if self.busy:
            raise WorkbenchError(f"cannot {deed} while something runs", "Wait for it, or press esc to stop it.")
        if not self.session.begun:
            raise WorkbenchError(f"there is nothing to {deed} yet", "Ask for something first.")
