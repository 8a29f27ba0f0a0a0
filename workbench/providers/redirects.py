"""Where a redirect may lead: within the origin that was asked, with the whole request; nowhere else.

    request ─▶ hook ─▶ sent ─▶ redirect ─▶ hook ─▶ same origin and method? ─yes─▶ sent
                                                       └no─▶ ProviderFault that names where it leads

Of another origin the HTTP library takes out `Authorization` alone, and not even that on the way from http to https:
`x-api-key`, a person's own headers and the whole conversation would go along. A 301, 302 or 303 makes a GET of a
prompt, which then asks for nothing.
"""

from typing import TYPE_CHECKING

from workbench.core.errors import ProviderFault

if TYPE_CHECKING:
    import httpx2

ASKED = "workbench.asked"
"""The extension in which a request tells those that follow from it what was asked first."""


async def keep_to_origin(request: "httpx2.Request") -> None:
    """A request hook, which sees a redirected request before it is sent. Raises ProviderFault where it may not be."""
    origin, method = request.extensions.setdefault(ASKED, (request.url.origin, request.method))
    if request.url.origin != origin:
        raise _refuse(request.url, "and the key is sent nowhere but to the address that is set")
    if request.method != method:
        raise _refuse(request.url, "which drops what was asked")


def _refuse(url: "httpx2.URL", why: str) -> ProviderFault:
    """The fault that names `url`, without name, password or query, which may be secrets."""
    shown = str(url.copy_with(username=None, password=None, query=None, fragment=None))
    path = url.path.partition("/v1/")[0] if "/v1/" in url.path else ""
    base = str(url.copy_with(username=None, password=None, path=path or "/", query=None, fragment=None)).rstrip("/")
    hint = f"Where that is the model server, set ANTHROPIC_BASE_URL to {base}."
    return ProviderFault("local", f"The model server redirects to {shown}, {why}.", hint=hint)
