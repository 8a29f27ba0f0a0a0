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

from workbench.core.errors import ProviderFault, Refusal, WorkbenchError
from workbench.providers.network import hide_password
from workbench.providers.refusals import find_kind, read_message, read_refusal


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
    "invalid": FaultKind("Sent again it would be refused again; check the model, and the address if one is set.",
                         "The model server refused the request"),
    "local": FaultKind("Nothing was sent; sending it again will not help before that is mended.",
                       "The request could not be sent from here"),
    "media": FaultKind("Ask for it in another form or smaller; /handoff goes on in a session that does not hold it.",
                       "The model server does not take an image or a document"),
    "thinking": FaultKind("/handoff goes on in a session without the model's earlier thinking.",
                          "The model server does not take the model's earlier thinking"),
    "unsupported": FaultKind("Choose another model with --model.", "The model does not take what was asked of it"),
    "uncached": FaultKind("Choose another model with --model, or another address.", "The server takes no cache marks"),
    "reply_limit": FaultKind("Lower reply.reserve in the settings.", "The reply asked for is longer than the model's"),
    "too_long": FaultKind("Compact the window, or drop what is large in it.", "The request is too long for the model",
                          False, "request_too_large", (413,)),
    "not_found": FaultKind("--model names another; check ANTHROPIC_BASE_URL too, if it is set.",
                           "The model server does not know what was asked for", False, "not_found_error", (404,)),
    "spend": FaultKind("Raise the spend limit or add credit in the Console.", "The spend limit is reached", False,
                       "billing_error", (402,)),
    "server": FaultKind("The fault is on the server's side; try again later.", "The model server failed", True,
                        "timeout_error api_error", (408, 409)),
}  # fmt: skip
DECIDED = frozenset({401, 402, 403, 429, 529})
"""Statuses that tell the kind whatever the words are."""
REFUSALS = frozenset({"media", "thinking", "unsupported", "uncached", "reply_limit", "too_long", "invalid"})
LONGEST = 2_000
"""Characters of a server's words that a person is shown."""
IN_THE_CONVERSATION = "What it names stands in the conversation: /handoff goes on in a session that leaves it behind."
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
    type_ = str(error.get("type") or "") if isinstance(error, dict) else ""
    message = read_message(body)
    kind = _find_kind(type_, message, status, code)
    said = _quote(message, status, type_)
    about = KINDS[kind]
    refusal = read_refusal(message) if kind in REFUSALS else Refusal()
    hint = IN_THE_CONVERSATION if kind == "invalid" and refusal.place else about.hint
    return ProviderFault(
        kind,
        f"{about.head}: {said}.",
        hint=hint,
        retryable=about.retryable,
        retry_after=retry_after(headers or {}),
        refusal=refusal,
    )


def as_fault(error: BaseException) -> ProviderFault:
    """`error` classified; a ProviderFault is given back as it is."""
    if isinstance(error, ProviderFault):
        return error
    if isinstance(error, WorkbenchError):
        return ProviderFault("local", error.message, hint=error.hint)
    import anthropic

    match error:
        case anthropic.APIStatusError(status_code=407):
            return closed_proxy()
        case anthropic.APIStatusError():
            code = f"{error.error_code or ''} {type(error).__name__}"
            return parse_fault(error.body, error.status_code, error.response.headers, code)
        case anthropic.APITimeoutError():
            return fault("connection", "The model server did not answer in time.")
        case anthropic.APIConnectionError() if local := find_local(error):
            return local
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


def _quote(message: str, status: int, type_: str) -> str:
    """What the server said, as a person reads it: no page of HTML, and the status where nothing formal came."""
    words = "" if message.startswith("<") else message[:LONGEST].rstrip(".")
    if type_ and words:
        return words
    if status == 200:
        return words or "an error without a message"
    return f"HTTP status {status}: {words}" if words else f"HTTP status {status}"


def _find_kind(type_: str, message: str, status: int, code: str) -> str:
    if "spend" in code.lower():
        return "spend"
    blamed = status not in DECIDED and not type_.startswith(("rate_limit", "overloaded", "authentication", "billing"))
    if blamed and (refused := find_kind(message)):
        return refused  # also with a 500: some gateways pass every refusal on as one
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
    if SPENT.search(message):
        return "spend"
    return "invalid" if status >= 300 or type_ == "invalid_request_error" else "server"


def _transport_fault(error: BaseException) -> ProviderFault:
    import httpx2
    import msgspec

    if local := find_local(error):
        return local
    match error:
        case httpx2.ConnectError() | httpx2.ConnectTimeout() | httpx2.PoolTimeout() | httpx2.ProxyError():
            return fault("connection", f"The model server cannot be reached: {_cause(error)}.")
        case httpx2.TimeoutException() | TimeoutError():
            return fault("stalled", "The model server fell silent in the middle of the answer.")
        case httpx2.TransportError() | httpx2.StreamError() | ConnectionError():
            return fault("cut", "The connection broke in the middle of the answer.")
        case httpx2.DecodingError() | msgspec.DecodeError() | UnicodeDecodeError() | LookupError():
            return fault("server", f"The model server sent what cannot be read: {_cause(error)}.")
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | UnicodeEncodeError():
            return find_local(error) or fault("local", f"{KINDS['local'].head}.")
        case TypeError() if "authentication" in str(error):
            return fault("auth", "There are no credentials for the model server.")
        case _:
            return fault("local", f"{KINDS['local'].head}: {_cause(error)}.")


def closed_proxy() -> ProviderFault:
    """The fault of a proxy that lets nobody through without a name."""
    hint = "Write them into the variable that names the proxy: http://name:password@host:port."
    return ProviderFault("local", "The proxy wants a name and a password.", hint=hint)


def find_local(error: BaseException) -> ProviderFault | None:
    """The fault of a request that this machine could not send, whatever the server; None where it could.

    Of a header it says that one is wrong, and never which value.
    """
    import httpx2

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ProviderFault):
            return cause  # from a hook of the HTTP client
        if isinstance(cause, httpx2.ProxyError) and "407" in str(cause):
            return closed_proxy()
        if isinstance(cause, httpx2.LocalProtocolError | UnicodeEncodeError):
            return fault("local", f"{KINDS['local'].head}: a header holds a character that none may have.")
        if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
            return fault("local", f"{KINDS['local'].head}: {hide_password(str(cause)).rstrip('.')}.")
        cause = cause.__cause__
    return None


def _cause(error: BaseException) -> str:
    cause = error.__cause__ or error
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    return (str(cause) or type(cause).__name__).rstrip(".")
