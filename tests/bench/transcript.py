"""Streaming 20,000 tokens: the transcript against Textual's own MarkdownStream, both in a real terminal (a pty).

    python tests/bench/transcript.py            prints CPU, key latency, and how many times less

Each run is a child process behind a pty of 120x40. A key is pressed a tenth of a second after the last was answered;
its latency is the time until the terminal receives what it changed. CPU is the child's, from first token to last paint.
MarkdownStream takes minutes for all of it: `BENCH_TOKENS=4000` gives the same picture sooner.
"""

import asyncio
import fcntl
import json
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]
# A child process reads it too, so it comes from the environment.
TOKENS = int(os.environ.get("BENCH_TOKENS", "20000"))
PACE = 1_000
"""Tokens a second when paced."""
FLUSH = 0.05

PROSE = (
    "The ladder falls back to **our own** delays, starting at `0.5` seconds, and it keeps the jitter below the cap, "
    "so a retried request never waits longer than the server allows. See [the notes](https://example.com/notes).\n\n"
)
LIST = "- **Key** made once for each logical call\n- **Jitter** drawn below the cap\n- nothing else changes\n\n"
CODE = "```python\nfor attempt in range(5):\n    wait = min(cap, base * 2**attempt)\n    yield jittered(wait)\n```\n\n"
TABLE = "| name | tokens |\n|---|--:|\n| history | 22.0k |\n| results | 18.5k |\n\n"


def tokens(count: int = TOKENS) -> list[str]:
    """A deterministic answer in pieces of about four characters."""
    chapter = "## A part\n\n" + PROSE * 4 + LIST + CODE + PROSE * 2 + TABLE
    text = chapter * (count * 4 // len(chapter) + 1)
    return [text[place : place + 4] for place in range(0, count * 4, 4)]


def child(kind: str, pace: str, out: str) -> None:
    """Run one application over the stream and write what it used."""
    from textual.app import App, ComposeResult
    from textual.containers import VerticalScroll
    from textual.widgets import Markdown, Static

    from tests.ui.fake_client import state_of
    from workbench.ui.palettes import list_defaults
    from workbench.ui.state import Answer, Change
    from workbench.ui.transcript.view import Transcript

    class Bench(App[dict[str, float]]):
        """A transcript, a line that answers keys, and a stream."""

        CSS: ClassVar[str] = "#keys { dock: bottom; height: 1; }"
        pressed = 0

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return list_defaults()

        def compose(self) -> ComposeResult:
            self.state = state_of()
            if kind == "ours":
                yield Transcript(self.state)
            else:
                with VerticalScroll():
                    yield Markdown()
            yield Static("", id="keys")

        def on_key(self) -> None:
            self.pressed += 1
            self.query_one("#keys", Static).update(f"<K{self.pressed}>")

        def on_mount(self) -> None:
            self.run_worker(self.stream())

        async def stream(self) -> None:
            await asyncio.sleep(0.5)
            pieces = tokens()
            self.query_one("#keys", Static).update("<GO>")
            wall, cpu = time.perf_counter(), time.process_time()
            await (self.ours(pieces) if kind == "ours" else self.theirs(pieces))
            await asyncio.sleep(0.1)
            used = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
            self.exit(used)

        async def ours(self, pieces: list[str]) -> None:
            widget, waiting = self.query_one(Transcript), []
            answer = Answer(turn=1, streaming=True)
            self.state.entries.append(answer)
            widget.changed(Change.ADDED)

            def flush() -> None:
                if waiting:
                    answer.text += "".join(waiting)
                    waiting.clear()
                    widget.changed(Change.TAIL)

            timer = self.set_interval(FLUSH, flush)
            await self.feed(pieces, waiting.append)
            timer.stop()
            flush()
            answer.streaming = False
            self.state.touched.add(0)
            widget.changed(Change.TAIL | Change.ENTRIES)

        async def theirs(self, pieces: list[str]) -> None:
            markdown, scroll = self.query_one(Markdown), self.query_one(VerticalScroll)
            scroll.anchor()
            stream = Markdown.get_stream(markdown)
            await self.feed(pieces, stream.write)
            await stream.stop()

        async def feed(self, pieces: list[str], write: Any) -> None:
            begun = time.perf_counter()
            for place, piece in enumerate(pieces):
                result = write(piece)
                if result is not None:
                    await result
                elif place % 10 == 0:
                    await asyncio.sleep(0)
                if pace == "paced" and place % 10 == 9:
                    await asyncio.sleep(max(0.0, begun + (place + 1) / PACE - time.perf_counter()))

    used = Bench().run()
    Path(out).write_text(json.dumps(used))


def run(kind: str, pace: str) -> dict[str, float]:
    """One child behind a pty: CPU and wall seconds, and key latency p50 and p95 in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "used.json")
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        environment["PYTHONPATH"] = str(ROOT)
        command = [sys.executable, __file__, "--child", kind, pace, out]
        process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        latencies = _press_keys(process, master)
        process.wait()
        os.close(master)
        used: dict[str, float] = json.loads(Path(out).read_text())
    latencies = sorted(latencies) or [0.0]
    p95 = latencies[min(len(latencies) - 1, int(len(latencies) * 0.95))]
    return used | {"p50": statistics.median(latencies) * 1000, "p95": p95 * 1000, "keys": len(latencies)}


def _press_keys(process: "subprocess.Popen[bytes]", master: int) -> list[float]:
    """Press a key, wait for what it changes, press the next a tenth of a second later."""
    latencies: list[float] = []
    seen, number, sent, due = b"", 0, 0.0, 0.0
    while process.poll() is None:
        ready, _, _ = select.select([master], [], [], 0.005)
        if ready:
            try:
                seen = seen[-4_000:] + os.read(master, 65_536)
            except OSError:
                break
        now = time.perf_counter()
        if number == 0 and b"<GO>" in seen:
            due, number = now, 1
        elif sent and re.search(rb"<K%d>" % number, seen):
            latencies.append(now - sent)
            number, sent, due = number + 1, 0.0, now + 0.1
        elif number and not sent and now >= due:
            os.write(master, b"x")
            sent = now
    return latencies


def measure(paces: tuple[str, ...] = ("flat", "paced")) -> dict[str, dict[str, dict[str, float]]]:
    """Both applications at each pace: `{pace: {"ours": …, "theirs": …, "times": …}}`."""
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for pace in paces:
        ours, theirs = run("ours", pace), run("theirs", pace)
        times = {name: theirs[name] / max(ours[name], 1e-9) for name in ("cpu", "wall", "p50", "p95")}
        figures[pace] = {"ours": ours, "theirs": theirs, "times": times}
    return figures


def main() -> None:
    """Print the table."""
    if "--child" in sys.argv:
        place = sys.argv.index("--child")
        child(*sys.argv[place + 1 : place + 4])
        return
    for pace, rows in measure(tuple(sys.argv[1:]) or ("flat", "paced")).items():
        print(f"{pace}: {TOKENS} tokens")
        for name, row in rows.items():
            print("  ", name.ljust(8), "  ".join(f"{key} {value:.2f}" for key, value in row.items()))


if __name__ == "__main__":
    main()
