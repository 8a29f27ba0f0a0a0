"""Whatever a request can fail with, as a ProviderFault that says what to do.

    before the reply    an HTTP status, or no connection at all
    in its midst        an SSE error (status 200, told by its type), a dropped socket, silence, an end without an end

The last three come straight from the transport and are no AnthropicErrors.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from workbench.core.errors import ProviderFault, WorkbenchError


class FaultKind(NamedTuple):
    """One kind of fault: what is said of it, and how an error body is known to tell it."""

    hint: str
    head: str = "The request failed"
    """How the message of a server's error begins."""
    retryable: bool = False
    types: str = ""
    """Error types, apart by spaces."""
    statuses: tuple[int, ...] = ()


KINDS = {
    "overloaded": FaultKind("It is busy; this passes.", "The model is overloaded", True, "overloaded_error", (529,)),
    "rate_limit": FaultKind("Too many requests or tokens a minute; wait a little.", "The rate limit is reached", True,
                            "rate_limit_error", (429,)),
    "connection": FaultKind("Check the network, and ANTHROPIC_BASE_URL if it is set.", retryable=True),
    "stalled": FaultKind("It may be busy; send the prompt again.", retryable=True),
    "cut": FaultKind("Send the prompt again.", retryable=True),
    "auth": FaultKind("Check ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN), and that it may use this model.",
                      "The model server refused the credentials", False,
                      "authentication_error permission_error", (401, 403)),
    "invalid": FaultKind("This is a fault in the request; compact or start a new session if it stays.",
                         "The model server refused the request"),
    "too_long": FaultKind("Compact the window, or drop what is large in it.", "The request is too long for the model",
                          False, "request_too_large", (413,)),
    "not_found": FaultKind("Check the name after --model, and ANTHROPIC_BASE_URL if it is set.",
                           "The model server does not know what was asked for", False, "not_found_error", (404,)),
    "spend": FaultKind("Raise the spend limit or add credit in the Console.", "The spend limit is reached", False,
                       "billing_error", (402,)),
    "server": FaultKind("The fault is on the server's side; try again later.", "The model server failed", True,
                        "timeout_error api_error", (408, 409)),
}  # fmt: skip
TOO_LONG = re.compile(r"too long|context (window|length|limit|size)|too many (input )?tokens|exceeds? .*context", re.I)
SPENT = re.compile(r"credit balance|spend(ing)? limit|billing", re.I)


def fault(kind: str, message: str, retry_after: float | None = None) -> ProviderFault:
    """A fault of this kind with its hint; `kind` alone decides whether to try again."""
    about = KINDS[kind]
    return ProviderFault(kind, message, hint=about.hint, retryable=about.retryable, retry_after=retry_after)


def parse_fault(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None, code: str = ""
) -> ProviderFault:
    """The fault that an error body tells, `{"type": "error", "error": {"type", "message"}}` or anything else."""
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    type_, message = str(error.get("type") or ""), str(error.get("message") or "")
    kind = _kind(type_, message, status, code)
    said = message or (f"HTTP status {status}" if status != 200 else "an error without a message")
    return fault(kind, f"{KINDS[kind].head}: {said.rstrip('.')}.", retry_after(headers or {}))


def as_fault(error: BaseException) -> ProviderFault:
    """`error` classified; a ProviderFault is given back as it is."""
    if isinstance(error, ProviderFault):
        return error
    if isinstance(error, WorkbenchError):
        return ProviderFault("invalid", error.message, hint=error.hint)
    import anthropic

    match error:
        case anthropic.APIStatusError():
            code = f"{error.error_code or ''} {type(error).__name__}"
            return parse_fault(error.body, error.status_code, error.response.headers, code)
        case anthropic.APITimeoutError():
            return fault("connection", "The model server did not answer in time.")
        case anthropic.APIConnectionError():
            return fault("connection", f"The model server cannot be reached: {_cause(error)}.")
        case anthropic.AnthropicError():
            return fault("auth", f"There are no usable credentials: {error}")
        case _:
            return _transport_fault(error)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asked for: `retry-after-ms`, or `retry-after` in seconds or as a date."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return seconds if 0 <= seconds < float("inf") else None
    try:
        when = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _kind(type_: str, message: str, status: int, code: str) -> str:
    if "spend" in code.lower():
        return "spend"
    # A status that blames the request outweighs a type that blames the server.
    if not (type_ == "api_error" and 300 <= status < 500):
        for name, kind in KINDS.items():
            if type_ in kind.types.split():
                return name
    for name, kind in KINDS.items():
        if status in kind.statuses:
            return name
    if status >= 500:
        return "server"
    if TOO_LONG.search(message):
        return "too_long"
    if SPENT.search(message):
        return "spend"
    return "invalid" if status >= 300 or type_ == "invalid_request_error" else "server"


def _transport_fault(error: BaseException) -> ProviderFault:
    import httpx2
    import msgspec

    match error:
        case httpx2.ConnectError() | httpx2.ConnectTimeout() | httpx2.PoolTimeout() | httpx2.ProxyError():
            return fault("connection", f"The model server cannot be reached: {_cause(error)}.")
        case httpx2.TimeoutException() | TimeoutError():
            return fault("stalled", "The model server fell silent in the middle of the answer.")
        case httpx2.TransportError() | httpx2.StreamError() | ConnectionError():
            return fault("cut", "The connection broke in the middle of the answer.")
        case httpx2.DecodingError() | msgspec.DecodeError() | UnicodeDecodeError() | LookupError():
            return fault("server", f"The model server sent what cannot be read: {_cause(error)}.")
        case TypeError() if "authentication" in str(error):
            return fault("auth", "There are no credentials for the model server.")
        case _:
            return fault("invalid", f"The request could not be sent: {_cause(error)}.")


def _cause(error: BaseException) -> str:
    cause = error.__cause__ or error
    return (str(cause) or type(cause).__name__).rstrip(".")
