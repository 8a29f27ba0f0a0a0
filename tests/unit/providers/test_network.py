"""Addresses, proxies and certificates as the environment names them, over real sockets where one is needed."""

import socket
import sys
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.loopback import serve
from tests.fakes import FakeModels
from workbench.core.errors import ProviderFault, SettingsFault
from workbench.core.requests import Reply
from workbench.providers.anthropic import MessagesModel
from workbench.providers.clients import endpoint_client
from workbench.providers.network import Proxy, check_network, find_proxy, is_exempt

SERVER = "http://models.example.com"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:9", "localhost:9/x", "ftp://localhost", "http://", "http://[::1", "http://h:99999", "http://h:0",
     "http://a b", "http://h\r", "http://h\x7f", "//host", "http://m\xfcller", ""],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_by_the_name_of_what_holds_it(address):
    with pytest.raises(SettingsFault, match=r"^ANTHROPIC_BASE_URL is no address"):
        check_network(address, "ANTHROPIC_BASE_URL", {})


@pytest.mark.parametrize("address", ["http://localhost:8080", "https://h/v1", "http://[::1]:80/", "http://10.0.0.1"])
def test_an_address_that_is_one_is_taken(address):
    check_network(address, "ANTHROPIC_BASE_URL", {"NO_PROXY": "[::1,fe80::/999,%,:::"})


def test_a_password_in_an_address_is_not_shown():
    with pytest.raises(SettingsFault) as raised:
        check_network("ftp://ada:secret@host", "ANTHROPIC_BASE_URL", {})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "proxy", ["http://[::1", "http://h:port", "socks4://h:1", "gopher://h", "http://", "http://h\x01:1"]
)
def test_a_proxy_that_is_none_is_refused_by_its_variable(variable, proxy):
    with pytest.raises(SettingsFault, match=f"^{variable} is no address"):
        check_network(SERVER, "ANTHROPIC_BASE_URL", {variable: proxy})
    check_network(SERVER, "ANTHROPIC_BASE_URL", {variable: proxy, "NO_PROXY": "example.com"})
    check_network("https://h", "ANTHROPIC_BASE_URL", {"HTTP_PROXY": proxy})


def test_a_socks_proxy_without_its_package_is_told_by_its_variable(monkeypatch):
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(SettingsFault, match="ALL_PROXY names a SOCKS proxy, and the package socksio"):
        check_network(SERVER, "ANTHROPIC_BASE_URL", {"ALL_PROXY": "socks5h://localhost:1080"})


def test_the_scheme_chooses_the_proxy_and_the_lower_case_outweighs():
    env = {"HTTP_PROXY": "a:1", "https_proxy": "b:1", "HTTPS_PROXY": "c:1", "ALL_PROXY": "d:1"}
    assert find_proxy("http://h", env) == Proxy("HTTP_PROXY", "http://a:1")
    assert find_proxy("https://h", env) == Proxy("https_proxy", "http://b:1")
    assert find_proxy("http://h", env | {"REQUEST_METHOD": "GET"}) == Proxy("ALL_PROXY", "http://d:1")
    assert find_proxy("http://h", {"HTTP_PROXY": "  "}) is None


@pytest.mark.parametrize(
    ("address", "entries", "exempt"),
    [
        ("http://[::1]:8080", "::1", True),
        ("http://[::1]:8080", "[::1]", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://[::1]:8080", "[::1]:80", False),
        ("http://[fe80::1]", "fe80::/10", True),
        ("http://[fe80::1%25eth0]", "fe80::1", True),
        ("http://[fe80::1]", "[fe80::1%eth0]", True),
        ("http://[2001:db8::1]", "2001:db8::/32,10.0.0.0/8", True),
        ("http://10.1.2.3", "10.0.0.0/8", True),
        ("http://10.1.2.3", "11.0.0.0/8", False),
        ("http://10.1.2.3", "10.1.2.3:80", True),
        ("http://localhost", "::1, localhost", True),
        ("http://api.example.com", "example.com", True),
        ("http://api.example.com", ".example.com", True),
        ("http://api.example.com", "*.example.com", True),
        ("http://API.Example.com", "api.example.COM", True),
        ("http://apiexample.com", "example.com", False),
        ("http://h", "*", True),
        ("http://h", "http://h", True),
        ("http://h", "[::1, fe80::/999, :, /8, [, %", False),
        ("http://h", "", False),
    ],
)
def test_no_proxy_exempts_names_addresses_and_networks(address, entries, exempt):
    assert is_exempt(urlsplit(address), entries) is exempt


@given(st.text(alphabet="[]:./*%,abc019 ", max_size=20))
def test_an_entry_that_cannot_be_used_is_ignored(entries):
    is_exempt(urlsplit("http://[::1]:80"), entries)
    is_exempt(urlsplit(SERVER), entries)


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"SSL_CERT_FILE": "/nowhere/x.pem"}, "SSL_CERT_FILE is /nowhere/x.pem: No such file"),
        ({"SSL_CERT_FILE": __file__}, "holds no certificates"),
        ({"SSL_CERT_FILE": "/"}, "SSL_CERT_FILE is /"),
        ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR is /nowhere: no such folder"),
    ],
)
def test_certificates_that_are_none_are_told_by_their_variable_where_they_matter(env, says):
    with pytest.raises(SettingsFault, match=says):
        check_network("https://h", "ANTHROPIC_BASE_URL", env)
    check_network("http://h", "ANTHROPIC_BASE_URL", env)


@contextmanager
def proxy():
    """A proxy for plain HTTP, and the request lines that it was sent."""
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def pump():
            while True:
                try:
                    near, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=carry, args=(near,), daemon=True).start()

        def carry(near):
            request = near.recv(65_536)
            seen.append(request.split(b"\r\n")[0].decode())
            target = urlsplit(seen[-1].split()[1])
            with near, socket.create_connection((target.hostname, target.port)) as far:
                far.sendall(request)
                threading.Thread(target=copy, args=(near, far), daemon=True).start()
                copy(far, near)

        def copy(source, sink):
            with suppress(OSError):
                while piece := source.recv(65_536):
                    sink.sendall(piece)

        threading.Thread(target=pump, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen


async def last(model, request):
    return [delta async for delta in model.stream(request)][-1]


async def test_a_request_goes_through_the_proxy_and_past_it_where_no_proxy_says_so(asked):
    with serve(tokens=5) as url, proxy() as (through, seen):
        env = {"HTTP_PROXY": through}
        model = MessagesModel(lambda: endpoint_client(url, env), FakeModels())
        assert isinstance(await last(model, asked()), Reply)
        assert [line.split()[1].endswith("/v1/messages") for line in seen] == [True]
        free = MessagesModel(lambda: endpoint_client(url, env | {"NO_PROXY": "::1,[::1,127.0.0.0/8"}), FakeModels())
        assert isinstance(await last(free, asked()), Reply)
        assert len(seen) == 1


async def test_a_proxy_that_does_not_answer_is_named_by_its_variable(asked):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    env = {"ALL_PROXY": f"http://ada:secret@127.0.0.1:{port}"}
    model = MessagesModel(lambda: endpoint_client(SERVER, env), FakeModels(), proxy="ALL_PROXY")
    with pytest.raises(ProviderFault) as raised:
        await last(model, asked())
    assert raised.value.kind == "connection"
    assert "ALL_PROXY" in raised.value.hint
    assert "secret" not in str(raised.value)


async def test_a_proxy_that_wants_a_name_is_not_asked_again(asked):
    import anthropic
    import httpx2

    def tunnel(request):
        raise httpx2.ProxyError("407 Proxy Authentication Required")

    for answer in (lambda _: httpx2.Response(407, text="<html>"), tunnel):
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        client = anthropic.AsyncAnthropic(api_key="k", base_url=SERVER, http_client=http, max_retries=0)
        with pytest.raises(ProviderFault, match="name and a password") as raised:
            await last(MessagesModel(lambda client=client: client, FakeModels()), asked())
        assert not raised.value.retryable


async def test_a_header_that_cannot_be_sent_is_a_local_fault_that_quotes_nothing(asked):
    import anthropic

    with serve(tokens=5) as url:
        for bad in ("sk-secret\r", "sk-secret\0", "sk-sec\nret"):
            client = anthropic.AsyncAnthropic(api_key=bad, base_url=url, max_retries=0)
            with pytest.raises(ProviderFault) as raised:
                await last(MessagesModel(lambda client=client: client, FakeModels()), asked())
            assert (raised.value.kind, raised.value.retryable) == ("local", False)
            assert "sk-s" not in f"{raised.value} {raised.value.__cause__!r}"


async def test_a_server_that_echoes_the_key_does_not_put_it_into_the_message(asked):
    import anthropic
    import httpx2

    def echo(request):
        key = request.headers.get("x-api-key") or request.headers["authorization"].split()[1]
        return httpx2.Response(401, json={"error": {"type": "authentication_error", "message": f"bad key {key}"}})

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(echo))
    client = anthropic.AsyncAnthropic(api_key="sk-secret-1", base_url="http://x.invalid", http_client=http)
    with pytest.raises(ProviderFault) as raised:
        await last(MessagesModel(lambda: client, FakeModels()), asked())
    assert "bad key …" in raised.value.message
    assert "sk-secret" not in repr(raised.value.args)
