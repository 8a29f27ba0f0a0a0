"""What is known of models, kept between sessions by the endpoint's address and the model's id: facts, token ratios."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.core.errors import StoreFault
from workbench.core.models import ModelFacts, Source, TokenRatio
from workbench.store.shared_rows import Row, SharedRows

FILE = "models.jsonlog"
MOST_ROWS = 200
KEEPS_S = 30 * 86_400.0
"""Seconds after which what a refusal taught is tried anew: servers get other models under the same name."""


class KnownModels:
    """Facts of one endpoint's models. A file that cannot be read or written costs what it would have saved."""

    def __init__(self, folder: Path, address: str, now: Callable[[], float] = time.time) -> None:
        """`folder`: the user's data. `address`: the endpoint's, of which no password or query is kept."""
        self._rows = SharedRows(folder / FILE, "models")
        self._address = address.split("?", maxsplit=1)[0].rpartition("@")[2]
        self._now = now

    def read(self, model: str) -> Mapping[Source, ModelFacts]:
        """Facts by source; empty where none are known or the file cannot be read."""
        try:
            row = self._rows.rows().get(self._key(model), {})
            known = msgspec.convert(row.get("known", {}), dict[Source, ModelFacts])
            return known if self._now() - float(row.get("at", 0.0)) < KEEPS_S else {}
        except (StoreFault, msgspec.ValidationError, TypeError, ValueError):
            return {}

    def write(self, model: str, known: Mapping[Source, ModelFacts]) -> None:
        """Remember them in the place of what was known."""
        row: Row = {"known": msgspec.to_builtins(dict(known)), "at": self._now()}
        self._put(model, lambda before: before | row)

    def read_ratios(self, model: str) -> Mapping[str, TokenRatio]:
        """Ratios by content class, however old: what another tokenizer needs is soon learnt anew."""
        with suppress(StoreFault):
            return _read_ratios(self._rows.rows().get(self._key(model), {}))
        return {}

    def write_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Remember them; classes that are not among them stay as they were."""

        def add(before: Row) -> Row:
            known = dict(_read_ratios(before)) | dict(ratios)
            return before | {"ratios": msgspec.to_builtins(known), "learnt": self._now()}

        self._put(model, add)

    def _put(self, model: str, change: Callable[[Row], Row]) -> None:
        key = self._key(model)
        with suppress(StoreFault):
            self._rows.change(lambda rows: {key: change(dict(rows.get(key, {})))}, self._surplus())

    def close(self) -> None:
        """Release the file."""
        self._rows.close()

    def _key(self, model: str) -> str:
        return f"{self._address}\n{model}"

    def _surplus(self) -> list[str]:
        """The rows that were written longest ago, where there are too many."""
        rows = self._rows.rows()
        oldest = sorted(rows, key=lambda key: max(_time(rows[key], "at"), _time(rows[key], "learnt")))
        return oldest[: max(0, len(oldest) - MOST_ROWS + 1)]


def _read_ratios(row: Row) -> Mapping[str, TokenRatio]:
    try:
        return msgspec.convert(row.get("ratios", {}), dict[str, TokenRatio])
    except msgspec.ValidationError:
        return {}


def _time(row: Row, name: str) -> float:
    return at if isinstance(at := row.get(name), float) else 0.0
