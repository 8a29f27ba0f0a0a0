"""A Messages API on the loopback that asks for money: it reports all the reply tokens that a request allows it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROMPT = 3_000
"""Prompt tokens that it reports."""


@dataclass
class PaidModel:
    """What was asked of it. Answers wait until `release` is set."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


def _frames(body: dict[str, Any]) -> Iterator[bytes]:
    usage = {"input_tokens": PROMPT, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 1}
    head = {"id": "msg_paid", "type": "message", "role": "assistant", "model": body["model"], "content": []}
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    for event in (
        {"type": "message_start", "message": head | {"stop_reason": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Here it is."}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": body["max_tokens"]}},
        {"type": "message_stop"},
    ):
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


@contextmanager
def serve() -> Iterator[PaidModel]:
    """One that listens until the block ends."""
    model = PaidModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if not self.path.startswith("/v1/messages") or not body.get("stream"):
                return self.send_error(404)
            model.asked.append(body)
            model.release.wait(120)
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            for frame in _frames(body):
                self.wfile.write(frame)
            return None

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test reads what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield model
    finally:
        model.release.set()
        server.shutdown()
        server.server_close()
