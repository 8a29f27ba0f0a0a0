"""The models that the rehearsal serves, and its errors, worded as the API words them."""

from typing import Any

PATH = "/v1/models"
LINES = ("opus", "sonnet", "haiku")
RELEASED = "2026-10-21T00:00:00Z"
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 408: "timeout_error", 413: "request_too_large", 429: "rate_limit_error",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip


def models() -> list[dict[str, Any]]:
    """Every model in the list, as the API describes them."""
    rehearsal = _model("rehearsal", "Rehearsal (no model, answers by rules)", None, 200_000)
    return [rehearsal, *(_model(f"claude-{line}-5-5", f"Claude {line.title()} 5.5", line, 1_000_000) for line in LINES)]


def model(id: str) -> dict[str, Any] | None:
    """One model; any name that begins with `claude-` is played, none other is known."""
    played = _model(id, id, None, 200_000) if id.startswith("claude-") else None
    return next((known for known in models() if known["id"] == id), played)


def error(status: int, message: str, type_: str = "") -> dict[str, Any]:
    """The body of an error, of the type that goes with `status` where none is given."""
    type_ = type_ or TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
    return {"type": "error", "error": {"type": type_, "message": message}}


def _model(id: str, name: str, line: str | None, window: int) -> dict[str, Any]:
    about = {"type": "model", "id": id, "display_name": name, "created_at": RELEASED, "lifecycle": "active"}
    return about | {"line": line, "max_input_tokens": window, "max_tokens": 128_000}
