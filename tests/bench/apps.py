"""The programs a benchmark compares: `python -m tests.bench.apps bare|markdown|workbench`, run as children in a pty."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

READY = "Ask for something"


def bare() -> None:
    """The least Textual app that has a prompt."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static, TextArea

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("bare")
            yield TextArea(READY)

    Bare().run()


def markdown() -> None:
    """A minimal chat: prompt below, one Markdown widget, Textual's own stream, the SDK's own helper."""
    from anthropic import AsyncAnthropic
    from textual.app import App, ComposeResult
    from textual.binding import Binding
    from textual.containers import VerticalScroll
    from textual.widgets import Markdown, Static, TextArea

    class Chat(App[None]):
        BINDINGS = [Binding("ctrl+y", "send", "send", priority=True)]  # noqa: RUF012 - as Textual has it

        def compose(self) -> ComposeResult:
            with VerticalScroll() as scroll:
                scroll.anchor()
                yield Markdown()
            prompt = TextArea(READY)
            prompt.styles.height = 4
            yield prompt
            yield Static("chat", id="state")

        def on_mount(self) -> None:
            self.query_one(TextArea).focus()

        def action_send(self) -> None:
            self.run_worker(self.ask())

        async def ask(self) -> None:
            stream = Markdown.get_stream(self.query_one(Markdown))
            client = AsyncAnthropic(api_key="none", max_retries=0)
            messages = [{"role": "user", "content": "stream"}]
            async with client.messages.stream(model="loopback", max_tokens=64_000, messages=messages) as reply:
                async for text in reply.text_stream:
                    await stream.write(text)
            await stream.stop()
            self.query_one("#state", Static).update("DONE")

    Chat().run()


def workbench() -> None:
    """The real thing.

    On SIGUSR1 it writes the names of its modules to the file `WORKBENCH_BENCH_MODULES`, on SIGUSR2 the most CPU seconds
    that one callback of its loop took to `WORKBENCH_BENCH_LOOP`.
    """
    from workbench.cli import main

    def dump(*_: object) -> None:
        Path(os.environ["WORKBENCH_BENCH_MODULES"]).write_text("\n".join(sys.modules))

    if "WORKBENCH_BENCH_MODULES" in os.environ:
        signal.signal(signal.SIGUSR1, dump)
    if "WORKBENCH_BENCH_LOOP" in os.environ:
        time_callbacks(Path(os.environ["WORKBENCH_BENCH_LOOP"]))
    sys.argv = ["workbench", *sys.argv[2:]]
    main()


def time_callbacks(told: Path) -> None:
    """Time each callback of the loop; on SIGUSR2 write the longest to `told`."""
    run, longest = asyncio.Handle._run, [0.0]

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        longest.append(max(longest.pop(), time.thread_time() - began))

    asyncio.Handle._run = timed
    signal.signal(signal.SIGUSR2, lambda *_: told.write_text(f"{longest[0]}"))


if __name__ == "__main__":
    {"bare": bare, "markdown": markdown, "workbench": workbench}[sys.argv[1]]()
