"""How a model server is reached: its address, the proxy before it and the certificates it is held against.

Everything is read from the environment here, and not by the HTTP library: what cannot be used is named by its variable
before anything is sent. Light: imports neither the SDK nor the HTTP library before a client is made.
"""

import ipaddress
import os
import platform
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

from workbench.core.errors import SettingsFault
from workbench.providers.redirects import keep_to_origin

if TYPE_CHECKING:
    import ssl

    import httpx2

SCHEMES = {"http": 80, "https": 443}
PROXIES = ("http", "https", "socks5", "socks5h")
SOCKS = "socksio"
"""The package by which SOCKS proxies are spoken to."""


class Proxy(NamedTuple):
    """A proxy, and the variable that names it."""

    variable: str
    address: str


def check_network(address: str, source: str, env: Mapping[str, str]) -> None:
    """Raises SettingsFault, naming the variable, where `address` cannot be reached as the environment says.

    `source`: what holds the address, for the message.
    """
    _split(address, source, SCHEMES)
    if proxy := find_proxy(address, env):
        _check_proxy(proxy)
    if address.startswith("https:") or (proxy and proxy.address.startswith("https:")):
        _check_certificates(env)


def find_proxy(address: str, env: Mapping[str, str]) -> Proxy | None:
    """The proxy through which `address` is reached; None where it is reached directly, or is no address.

    NO_PROXY exempts from it. As everywhere, the lower-case variable outweighs the other, and an upper-case HTTP_PROXY
    is not read under CGI.
    """
    try:
        target = urlsplit(address)
        exempt = is_exempt(target, env.get("no_proxy") or env.get("NO_PROXY") or "")
    except ValueError:
        return None
    for name in (f"{target.scheme}_proxy", "all_proxy"):
        for variable in (name, name.upper()):
            if variable == "HTTP_PROXY" and "REQUEST_METHOD" in env:
                continue
            if given := env.get(variable, "").strip():
                proxy = Proxy(variable, given if "://" in given else f"http://{given}")
                return None if exempt else proxy
    return None if exempt else _find_system_proxy(target)


def is_exempt(target: SplitResult, entries: str) -> bool:
    """Whether NO_PROXY exempts `target`: names and their subdomains, addresses, networks, each with a port or not.

    An entry that is none of these exempts nothing.
    """
    host = (target.hostname or "").rstrip(".").split("%")[0]
    port = target.port or SCHEMES.get(target.scheme)
    return any(_covers(entry.strip().lower(), host, port) for entry in entries.split(","))


def make_http_client(address: str, env: Mapping[str, str]) -> "httpx2.AsyncClient":
    """The HTTP client that reaches `address`, and is redirected to no other origin. Slow: imports the SDK.

    Raises SettingsFault as `check_network` does.
    """
    from anthropic import DefaultAsyncHttpxClient

    proxy = find_proxy(address, env)
    try:
        return DefaultAsyncHttpxClient(
            proxy=proxy.address if proxy else None,
            trust_env=False,
            verify=_load_certificates(env),
            event_hooks={"request": [keep_to_origin]},
        )
    except (ImportError, ValueError) as error:
        where = proxy.variable if proxy else "the environment"
        raise SettingsFault(f"no connection can be made as {where} says: {type(error).__name__}.") from None


def hide_password(address: str) -> str:
    """`address` without what stands before an @."""
    head, mark, rest = address.partition("://")
    return f"{head}{mark}{rest.rpartition('@')[2]}" if mark else address.rpartition("@")[2]


def _find_system_proxy(target: SplitResult) -> Proxy | None:
    """The proxy of the system's own settings, which macOS and Windows keep beside the environment."""
    if platform.system() not in ("Darwin", "Windows"):
        return None
    from urllib.request import getproxies, proxy_bypass

    address = getproxies().get(target.scheme)
    return None if not address or proxy_bypass(target.hostname or "") else Proxy("the system's settings", address)


def _covers(entry: str, host: str, port: int | None) -> bool:
    if not entry:
        return False
    if entry == "*":
        return True
    entry = entry.partition("://")[2] or entry
    name, colon, end = entry.rpartition(":")
    if colon and end.isdigit() and (name.endswith("]") or ":" not in name):
        if int(end) != port:
            return False
        entry = name
    entry = entry.strip("[]").split("%")[0].removeprefix("*").removeprefix(".").rstrip(".")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return bool(entry) and "/" not in entry and (host == entry or host.endswith(f".{entry}"))


def _split(address: str, source: str, schemes: Mapping[str, int] | tuple[str, ...]) -> SplitResult:
    shown, known = hide_password(address), " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise SettingsFault(f"{source} is no address: {shown}.", hint=f"{error}; correct it.") from None
    if "://" not in address or parts.scheme not in schemes:
        hint = (
            f"Write it with its protocol: {known}." if "://" in address else f"Write http://{shown} or https://{shown}."
        )
        raise SettingsFault(f"{source} is no address that can be used: {shown}.", hint=hint)
    if not host or port == 0 or not (address.isascii() and address.isprintable()) or " " in address:
        raise SettingsFault(
            f"{source} is no address: {shown!a}.", hint=f"It needs a name after {known}, and no blanks."
        )
    return parts


def _check_proxy(proxy: Proxy) -> None:
    parts = _split(proxy.address, proxy.variable, PROXIES)
    if parts.scheme.startswith("socks") and find_spec(SOCKS) is None:
        raise SettingsFault(
            f"{proxy.variable} names a SOCKS proxy, and the package {SOCKS} is not installed.",
            hint=f"Install {SOCKS}, name an HTTP proxy, or exempt the server with NO_PROXY.",
        )


def _check_certificates(env: Mapping[str, str]) -> None:
    if env.get("SSL_CERT_FILE") or env.get("SSL_CERT_DIR"):
        _load_certificates(env)


def _load_certificates(env: Mapping[str, str]) -> "ssl.SSLContext":
    """The certificates that servers are held against. Raises SettingsFault naming the variable that names none."""
    import ssl

    file, folder = env.get("SSL_CERT_FILE"), env.get("SSL_CERT_DIR")
    if file:
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as error:
            reason = "holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror or "cannot be read"
            raise SettingsFault(f"SSL_CERT_FILE is {file}: {reason}.", hint="Name a PEM file, or unset it.") from None
    if folder:
        if not any(Path(each).is_dir() for each in folder.split(os.pathsep)):
            raise SettingsFault(f"SSL_CERT_DIR is {folder}: no such folder.", hint="Correct it, or unset it.")
        return ssl.create_default_context(capath=folder.split(os.pathsep)[0])
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)
