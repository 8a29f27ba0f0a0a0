"""The programs a benchmark compares: `python -m tests.bench.apps bare|markdown|workbench`, run as children in a pty."""

import os
import signal
import sys
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
    """The real thing; on SIGUSR1 it writes the names of its modules to the file `WORKBENCH_BENCH_MODULES`."""
    from workbench.cli import main

    def dump(*_: object) -> None:
        Path(os.environ["WORKBENCH_BENCH_MODULES"]).write_text("\n".join(sys.modules))

    if "WORKBENCH_BENCH_MODULES" in os.environ:
        signal.signal(signal.SIGUSR1, dump)
    sys.argv = ["workbench", *sys.argv[2:]]
    main()


if __name__ == "__main__":
    {"bare": bare, "markdown": markdown, "workbench": workbench}[sys.argv[1]]()
