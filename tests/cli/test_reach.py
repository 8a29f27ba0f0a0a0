"""Keys, addresses, proxies and certificates that cannot be used: told at the start, by the name of the variable."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from tests.cli.shop import Shop
from workbench.cli.root import root

SECRET = "sk-secret-0123456789"
KEYED = {"ANTHROPIC_API_KEY": SECRET}


@pytest.mark.parametrize(
    ("env", "names"),
    [
        ({"ANTHROPIC_API_KEY": f"{SECRET}\x01x"}, "ANTHROPIC_API_KEY holds a control character"),
        ({"ANTHROPIC_AUTH_TOKEN": f"{SECRET}\r\nx: y"}, "ANTHROPIC_AUTH_TOKEN holds a line break"),
        ({"ANTHROPIC_BASE_URL": "127.0.0.1:9"}, "ANTHROPIC_BASE_URL is no address"),
        ({"ANTHROPIC_BASE_URL": "http://[::1"}, "ANTHROPIC_BASE_URL is no address"),
        (KEYED | {"HTTPS_PROXY": "socks9://h:1"}, "HTTPS_PROXY is no address"),
        (KEYED | {"SSL_CERT_FILE": "/nowhere.pem"}, "SSL_CERT_FILE is /nowhere.pem"),
        (KEYED | {"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR is /nowhere"),
    ],
)
def test_a_run_says_at_its_start_which_variable_cannot_be_used(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], names: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(root, ["run", "hello"])
    assert done.exit_code == 2
    assert names in done.stderr
    assert SECRET[:9] not in done.output
    assert CliRunner().invoke(root, ["sessions", "list"]).exit_code == 0


class Echo(BaseHTTPRequestHandler):
    """Refuses every request with the key that it came with."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        key = self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")
        body = b'{"type": "error", "error": {"type": "authentication_error", "message": "bad key %s"}}' % key.encode()
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of a server that echoes keys."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_line_end_after_the_key_is_left_out_and_the_key_is_written_nowhere(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, echo: str
) -> None:
    env = {"ANTHROPIC_API_KEY": f"{SECRET}\r\n", "ANTHROPIC_BASE_URL": f"{echo}\r", "NO_PROXY": "[::1,fe80::/999"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_DATA_HOME", str(shop.sessions / "data"))
    done = CliRunner().invoke(root, ["run", "hello", "--output-format", "stream-json"])
    assert done.exit_code == 1
    assert "bad key …" in done.stdout
    assert "RetryScheduled" not in done.stdout
    kept = [path.read_bytes() for path in shop.sessions.rglob("*") if path.is_file()]
    assert len(kept) > 1
    assert not any(SECRET.encode() in each for each in [*kept, done.output.encode()])
