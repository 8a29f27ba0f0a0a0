"""A Messages API on loopback that refuses what the real one is documented to refuse, in its words.

    request ─▶ key ─▶ tests.strict_rules ─▶ the next answer: text, thinking, calls, a stream that breaks, an error

It is a real HTTP server with real server-sent events: the installed program is pointed at `url`.
"""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.strict_rules import Endpoint, count, flatten, refusals, sign
from workbench.providers.rehearsal import sse

Block = dict[str, Any]
TOO_LARGE = "Request exceeds the maximum size"


@dataclass(frozen=True)
class Reply:
    """One answer, whole or broken."""

    blocks: tuple[Block, ...] = ({"type": "text", "text": "ok"},)
    stop: str = ""
    """The stop reason; empty: tool_use where there is a call, else end_turn."""
    usage: dict[str, Any] | None = None
    """Figures to report instead of those counted."""
    cut_at: float | None = None
    """The share of the stream's bytes after which the connection drops."""
    overloaded: int | None = None
    """Events after which an overload is told in the stream."""
    raw: bytes | None = None
    """What is sent as the stream instead."""


@dataclass(frozen=True)
class Refuse:
    """An error before any answer."""

    status: int
    type: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


Answer = Reply | Refuse | Callable[[dict[str, Any]], Reply | Refuse]


def text(words: str) -> Block:
    return {"type": "text", "text": words}


def thinking(words: str) -> Block:
    """Thinking that the server signs when it sends it."""
    return {"type": "thinking", "thinking": words}


def call(tool: str, id: str, **arguments: Any) -> Block:
    return {"type": "tool_use", "id": id, "name": tool, "input": arguments}


def says(*blocks: Block | str, **more: Any) -> Reply:
    """A reply of these blocks; a string is text."""
    return Reply(tuple(text(block) if isinstance(block, str) else block for block in blocks), **more)


class StrictApi:
    """The server. A context manager: it listens while it is open."""

    def __init__(self, *answers: Answer, endpoint: Endpoint | None = None) -> None:
        self.endpoint = endpoint or Endpoint()
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        """Every body that was sent to `/v1/messages`, refused or not."""
        self.refusals: list[str] = []
        """What was said to those that were refused."""
        self.paid: list[dict[str, Any]] = []
        """The true usage of every answer that was begun."""
        self._lock = threading.Lock()
        server = self

        class Handler(_Handler):
            api = server

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "StrictApi":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: dict[str, Any]) -> Reply | Refuse:
        """What comes of a request; refusals and payment are noted."""
        with self._lock:
            self.requests.append(body)
            if why := next(refusals(body, self.endpoint), ""):
                self.refusals.append(why)
                return Refuse(400, "invalid_request_error", why)
            answer = self.answers.pop(0) if self.answers else Reply()
            answer = answer(body) if callable(answer) else answer
            if isinstance(answer, Refuse):
                self.refusals.append(answer.message)
            else:
                self.paid.append(self.usage(body, answer))
            return answer

    def usage(self, body: dict[str, Any], reply: Reply) -> dict[str, Any]:
        """Tokens of a request and its reply."""
        size = sse.size(sse.Scene(reply.blocks), _count_words)
        return {"input_tokens": count(body), "output_tokens": min(size, body["max_tokens"])}

    def signed(self, body: dict[str, Any], block: Block) -> Block:
        """`block` with the signature that binds it to all that stood before it."""
        if block["type"] != "thinking" or "signature" in block:
            return block
        return block | {"signature": sign(self.endpoint.secret, *flatten(body), block["thinking"])}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the server's."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    api: StrictApi
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: stderr is the test's."""

    def do_GET(self) -> None:
        endpoint, path = self.api.endpoint, self.path.partition("?")[0]
        if self._refused_key() or not endpoint.models or not path.startswith("/v1/models"):
            return self._missing()
        name = path.removeprefix("/v1/models").strip("/")
        if name:
            return self._json(200, endpoint.info(name))
        data = [endpoint.info(name) for name in ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")]
        return self._json(200, {"data": data, "has_more": False, "first_id": None, "last_id": None})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"]))
        if self._refused_key():
            return self._json(401, _error("authentication_error", "invalid x-api-key"))
        if len(sent) > self.api.endpoint.most_bytes:
            self.api.refusals.append(TOO_LARGE)
            return self._json(413, _error("request_too_large", TOO_LARGE))
        body = json.loads(sent)
        path = self.path.partition("?")[0]
        if path == "/v1/messages/count_tokens" and self.api.endpoint.counts:
            return self._json(200, {"input_tokens": count(body)})
        if path != "/v1/messages":
            return self._missing()
        answer = self.api.answer(body)
        if isinstance(answer, Refuse):
            return self._json(answer.status, _error(answer.type, answer.message), answer.headers)
        return self._reply(body, answer)

    def _refused_key(self) -> bool:
        given = self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")
        return given != self.api.endpoint.key

    def _missing(self) -> None:
        self._json(404, _error("not_found_error", "Not found"))

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "request-id": "req_1", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _reply(self, body: dict[str, Any], reply: Reply) -> None:
        calls = any(block["type"] == "tool_use" for block in reply.blocks)
        stop = reply.stop or ("tool_use" if calls else "end_turn")
        scene = sse.Scene(tuple(self.api.signed(body, block) for block in reply.blocks), stop)
        scene = sse.shorten(scene, body["max_tokens"], _count_words)
        usage = self.api.usage(body, reply) | (reply.usage or {})
        id = f"msg_{len(self.api.requests)}"
        if not body.get("stream"):
            return self._json(200, sse.message(scene, id, body["model"], usage))
        return self._stream(reply, list(sse.events(scene, id, body["model"], usage)))

    def _stream(self, reply: Reply, events: list[dict[str, Any]]) -> None:
        if reply.overloaded is not None:
            events = [*events[: reply.overloaded], _error("overloaded_error", "Overloaded")]
        data = reply.raw if reply.raw is not None else b"".join(sse.frame(event) for event in events)
        if reply.cut_at is not None:
            data = data[: int(len(data) * reply.cut_at)]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for start in range(0, len(data), 4_096):
            piece = data[start : start + 4_096]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if reply.cut_at is None:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.close_connection = True


def _count_words(text: str) -> int:
    return len(text) // 4


def _error(type: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": type, "message": message}, "request_id": "req_1"}
