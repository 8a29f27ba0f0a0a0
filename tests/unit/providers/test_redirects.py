"""A redirect takes the credentials nowhere but to the address that is set: real servers, each on a port of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from anthropic import APIConnectionError

from tests.fakes import FakeModels
from workbench.core.errors import ProviderFault
from workbench.providers.anthropic import MessagesModel
from workbench.providers.clients import KEY, TOKEN, endpoint_client

SECRET = "sk-secret"
Seen = list[tuple[str, str, str]]
"""Method, path and credentials of each request that arrived."""


class Handler(BaseHTTPRequestHandler):
    """Answers a path of `moved` with a redirect, any other with an overload."""

    protocol_version = "HTTP/1.1"
    moved: dict[str, tuple[int, str]]
    seen: Seen

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        credentials = f"{self.headers.get('x-api-key') or ''}{self.headers.get('authorization') or ''}"
        self.seen.append((self.command, self.path, credentials))
        path = self.path.partition("?")[0]
        status, location = self.moved.get(path, (529, ""))
        self.send_response(status)
        if location:
            self.send_header("location", location)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


@contextmanager
def server(moved: dict[str, tuple[int, str]] | None = None) -> Iterator[tuple[str, Seen]]:
    """A server on the loopback, and what arrived there."""
    seen: Seen = []
    listening = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Here", (Handler,), {"moved": moved if moved is not None else {}, "seen": seen})
    )
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}", seen
    finally:
        listening.shutdown()
        listening.server_close()


async def refused(url: str, request: Any, name: str = KEY) -> ProviderFault:
    """What a prompt to `url` fails with."""
    model = MessagesModel(lambda: endpoint_client(url, {name: SECRET}), FakeModels())
    with pytest.raises(ProviderFault) as raised:
        _ = [delta async for delta in model.stream(request)]
    return raised.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("name", [KEY, TOKEN])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_no_redirect_takes_a_key_or_a_token_to_another_origin(asked, status, name, host):
    with server() as (address, arrived):
        there = address.replace("127.0.0.1", host)
        with server({"/v1/messages": (status, f"{there}/gate/v1/messages?beta=1")}) as (here, seen):
            fault = await refused(here, asked(), name)
        assert not arrived
        assert SECRET in seen[0][2]
    assert (fault.kind, fault.retryable) == ("local", False)
    assert f"redirects to {there}/gate/v1/messages," in fault.message
    assert fault.hint.endswith(f"set ANTHROPIC_BASE_URL to {there}/gate.")


@pytest.mark.parametrize("form", ["//{at}/v1/messages", "http://ada:pass@{at}/v1/messages", "http:\\\\{at}/x"])
async def test_however_the_other_origin_is_written_nothing_arrives_there(asked, form):
    with server() as (there, arrived):
        location = form.format(at=there.removeprefix("http://"))
        with server({"/v1/messages": (307, location)}) as (here, _):
            fault = await refused(here, asked())
        assert not [credentials for _, _, credentials in arrived]
    assert "pass" not in str(fault)


@pytest.mark.parametrize(
    "location", ["http:/v1/messages", "http:///v1/messages", "https://127.0.0.1:{port}/v1/messages"]
)
async def test_another_port_or_scheme_of_the_same_host_is_another_origin(asked, location):
    moved: dict[str, tuple[int, str]] = {}
    with server(moved) as (here, seen):
        moved["/v1/messages"] = (308, location.format(port=here.rpartition(":")[2]))
        fault = await refused(here, asked())
    assert "set ANTHROPIC_BASE_URL to http" in fault.hint
    assert len(seen) == 1


@pytest.mark.parametrize("location", ["/moved/v1/messages", "../moved/v1/messages"])
async def test_a_redirect_within_the_origin_is_followed_with_the_whole_request(asked, location):
    with server({"/v1/messages": (307, location)}) as (here, seen):
        fault = await refused(here, asked())
    assert fault.kind == "overloaded"
    assert [(method, SECRET in credentials) for method, _, credentials in seen] == [("POST", True), ("POST", True)]
    assert seen[1][1].startswith("/moved/v1/messages")


async def test_a_redirect_that_drops_the_prompt_is_told_and_not_followed(asked):
    with server({"/v1/messages": (302, "/login")}) as (here, seen):
        fault = await refused(here, asked())
    assert [method for method, _, _ in seen] == ["POST"]
    assert f"redirects to {here}/login" in fault.message


async def test_a_step_within_the_origin_does_not_open_the_way_out_of_it(asked):
    with server() as (there, arrived):
        moved = {"/v1/messages": (307, "/again"), "/again": (308, f"{there}/v1/messages")}
        with server(moved) as (here, _):
            fault = await refused(here, asked())
        assert not arrived
    assert fault.hint.endswith(f"set ANTHROPIC_BASE_URL to {there}.")


async def test_what_is_asked_of_models_and_of_tokens_is_kept_to_the_origin_too():
    with server() as (there, arrived):
        moved = {"/v1/models": (301, f"{there}/v1/models"), "/v1/messages/count_tokens": (307, f"{there}/x")}
        with server(moved) as (here, seen):
            client = endpoint_client(here, {KEY: SECRET})
            with pytest.raises(APIConnectionError):
                await client.models.list()
            with pytest.raises(APIConnectionError):
                await client.messages.count_tokens(model="m", messages=[{"role": "user", "content": "hi"}])
            await client.close()
        assert len(seen) == 2
        assert not arrived
