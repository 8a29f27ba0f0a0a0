"""The real SDK over the rehearsal."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.providers.rehearsal.sse import Scene

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ADDRESS = "http://rehearsal.invalid"
"""Never resolved; nothing leaves the process."""


def rehearsal_client(
    workspace: Path,
    *,
    pace: float = 150.0,
    script: Path | None = None,
    count: Callable[[str], int],
    now: Callable[[], float],
) -> "AsyncAnthropic":
    """An SDK client whose server is this process. Raises SettingsFault where the script is bad.

    `pace`: tokens a second, 0 is flat out. `script`: a file, relative to `workspace` where it is not absolute.
    `count`: tokens of a text. `now`: wall clock in seconds, for the time to live of the prompt cache.
    """
    import httpx2
    from anthropic import AsyncAnthropic

    from workbench.providers.rehearsal.prefix import PrefixCache
    from workbench.providers.rehearsal.script import Script, load
    from workbench.providers.rehearsal.transport import RehearsalTransport

    steps = load(workspace / script) if script else Script()
    transport = RehearsalTransport(_respond, PrefixCache(count, now), count, steps, pace)
    http = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, timeout=None)
    return AsyncAnthropic(api_key="rehearsal", base_url=ADDRESS, http_client=http, max_retries=0)


def _respond(body: dict[str, Any], purpose: str) -> Scene:
    from workbench.providers.rehearsal.agent import respond

    return respond(body, purpose)
