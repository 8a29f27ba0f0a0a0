"""CPU until the first paint of the prompt, against a bare Textual app, in alternating runs; and what was imported."""

import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.apps import READY
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]
PAIRS = 10
PAINTED = READY[1:].encode()
"""The prompt's words as they are drawn; the cursor may stand on the first letter."""
HEAVY = ("anthropic", "tiktoken", "genai_prices", "pydantic", "httpx2")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A clean environment that keeps everything in `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "WORKBENCH_SESSIONS": str(folder / "sessions"),
        "TEXTUAL_ANIMATIONS": "none",
        **more,
    }


def first_paint(app: str, folder: Path, root: Path = ROOT) -> tuple[float, set[str]]:
    """Seconds of CPU until the prompt is on the screen, and the modules imported by then; `root` holds the sources."""
    modules = folder / "modules"
    modules.unlink(missing_ok=True)
    env = environment(folder, PYTHONPATH=str(root), WORKBENCH_BENCH_MODULES=str(modules))
    terminal = Terminal([sys.executable, "-m", "tests.bench.apps", app], env=env, cwd=folder)
    try:
        cpu = terminal.cpu_when(PAINTED)
        if app == "workbench":
            os.kill(terminal.pid, signal.SIGUSR1)
        until = time.monotonic() + 5
        while app == "workbench" and not modules.exists() and time.monotonic() < until:
            terminal.pump(0.05)
        return cpu, set(modules.read_text().split()) if modules.exists() else set()
    finally:
        terminal.close()


def measure() -> dict[str, float]:
    """Medians of both, their ratio, and how many heavy modules were there too early."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first_paint("bare", folder)
        first_paint("workbench", folder)
        pairs = [(first_paint("bare", folder)[0], first_paint("workbench", folder)) for _ in range(PAIRS)]
    bare = statistics.median(cpu for cpu, _ in pairs)
    ours = statistics.median(cpu for _, (cpu, _) in pairs)
    ratio = statistics.median(cpu / theirs for theirs, (cpu, _) in pairs)  # a pair ran on the same busy machine
    early = {module for _, (_, modules) in pairs for module in HEAVY if module in modules}
    return {"bare": bare, "workbench": ours, "ratio": ratio, "heavy modules": float(len(early))}
