"""A server on the loopback that streams N tokens over the wire format of the Messages API, for benchmarks.

    python -m tests.bench.loopback --tokens 20000 --rate 0 --port 8765       rate 0 is flat out

or, from a benchmark, in a process of its own so that its CPU is not counted:

    with serve(tokens=20_000, rate=100) as url: ...

It answers any request with the same Markdown: paragraphs, short lists and short code fences.
"""

import argparse
import asyncio
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIECES = re.compile(r"\s*\S{1,6}")
BATCH = 64
"""Events in one write when it goes flat out."""

PROSE = (
    "The window holds what the next request says, section by section, and **nothing else** counts. A compaction closes "
    "the epoch, keeps the last messages as they are, and leaves a summary with its `evidence index` in front of them. "
    "What it saves each turn is the price of the tokens that are no longer read; what it costs is a cold prefix.\n\n"
)
LIST = "".join(f"- point {n}: the `field_{n}` is read before *anything* is written\n" for n in range(1, 4)) + "\n"
CODE = "".join(
    f"def step_{n}(window: Window, limit: int = {n}) -> Window:\n    kept = [b for b in window if b.tokens < limit]\n"
    f"    return Window(tuple(kept), total=sum(b.tokens for b in kept))\n\n"
    for n in range(2)
)
# No table and no long fence: those alone cost MarkdownStream minutes, and the comparison should not live on them.


def content(tokens: int) -> list[str]:
    """So many pieces of Markdown, each about as long as a token."""
    sections = itertools.cycle([f"## Part\n\n{PROSE}{PROSE}", LIST, f"{PROSE}```python\n{CODE}```\n\n"])
    return list(itertools.islice((piece for section in sections for piece in PIECES.findall(section)), tokens))


def frames(tokens: int) -> Iterator[bytes]:
    """The events of the whole reply, as they stand on the wire."""
    usage = {"input_tokens": 1_200, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 1}
    head = {"id": "msg_loopback", "type": "message", "role": "assistant", "model": "loopback", "content": []}
    yield _frame({"type": "message_start", "message": head | {"stop_reason": None, "usage": usage}})
    yield _frame({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    for piece in content(tokens):
        yield _frame({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
    yield _frame({"type": "content_block_stop", "index": 0})
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _frame({"type": "message_delta", "delta": stop, "usage": {"output_tokens": tokens}})
    yield _frame({"type": "message_stop"})


@contextmanager
def serve(tokens: int = 20_000, rate: float = 0.0, port: int = 0) -> Iterator[str]:
    """The address of a server in a child process; it ends with the block."""
    command = [sys.executable, "-m", "tests.bench.loopback", "--tokens", str(tokens), "--rate", str(rate)]
    child = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert child.stdout is not None
        yield child.stdout.readline().strip()
    finally:
        child.terminate()
        child.wait()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tokens: int, rate: float) -> None:
    """One request after another on a connection that is kept open."""
    try:
        while await _request(reader):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            await _stream(writer, tokens, rate)
    except (ConnectionError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.I)
    await reader.readexactly(int(length[1]) if length else 0)
    return True


async def _stream(writer: asyncio.StreamWriter, tokens: int, rate: float) -> None:
    loop = asyncio.get_running_loop()
    began, sent, events = loop.time(), 0, frames(tokens)
    while batch := list(itertools.islice(events, 1 if rate else BATCH)):
        data = b"".join(batch)
        writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await writer.drain()
        sent += len(batch)
        # By the clock and not by equal pauses, so that a late wake-up does not lower the rate.
        if rate and (early := began + sent / rate - loop.time()) > 0:
            await asyncio.sleep(early)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def main(tokens: int, rate: float, port: int) -> None:
    """Serve until the process is ended; the first line on stdout is the address."""
    server = await asyncio.start_server(lambda r, w: answer(r, w, tokens, rate), "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


def _frame(event: dict[str, object]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=0.0, help="tokens a second, 0 is flat out")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    given = parser.parse_args()
    asyncio.run(main(given.tokens, given.rate, given.port))
