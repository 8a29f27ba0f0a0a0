"""A small project to work on: a webhook client with a retry ladder, and a folder that nobody has dared to delete."""

import os
from pathlib import Path

WRITTEN_AT = 1_789_990_000
"""When every file was last changed, seconds since the epoch: listings are sorted by it."""

FILES = {
    "AGENTS.md": """# Working on acme

- Python 3.11, standard library only.
- Tests stand in `tests/`, one file for each module; run them with `python -m unittest`.
- Never log a webhook's body: it may hold customer data.
""",
    "README.md": """# acme webhooks

Delivers events to the addresses that customers gave, once each, in order for each address.

## How a delivery works

1. `outbox.py` takes the oldest event that is due.
2. `client.py` signs it and sends it.
3. `retry.py` says whether and when to try again; after the last try it goes to the dead letters.

## Running

    python -m acme --once
    python -m unittest
""",
    "pyproject.toml": """[project]
name = "acme-webhooks"
version = "2.4.0"
description = "Delivers events to customers' addresses, once each."
requires-python = ">=3.11"
dependencies = []

[project.scripts]
acme = "acme.cli:main"
""",
    "src/acme/__init__.py": '"""Webhooks, delivered once each."""\n',
    "src/acme/cli.py": '''"""The command line."""

import argparse

from acme.client import Client
from acme.outbox import Outbox


def main() -> None:
    """Deliver what is due, once or until stopped."""
    parser = argparse.ArgumentParser(prog="acme")
    parser.add_argument("--once", action="store_true")
    chosen = parser.parse_args()
    outbox, client = Outbox(), Client()
    while event := outbox.due():
        client.deliver(event)
        if chosen.once:
            return
''',
    "src/acme/client.py": '''"""Signs events and sends them."""

import hashlib
import hmac
import time
import urllib.request

from acme.outbox import Event
from acme.retry import Ladder

TIMEOUT_S = 10.0


class Client:
    """Delivers one event at a time."""

    def __init__(self, ladder: Ladder | None = None) -> None:
        self.ladder = ladder or Ladder()

    def deliver(self, event: Event) -> bool:
        """True once the address took the event; False when the last try failed."""
        for delay in self.ladder.delays():
            time.sleep(delay)
            status = self.send(event)
            if status < 300:
                return True
            if not self.ladder.worth_another(status):
                return False
        return False

    def send(self, event: Event) -> int:
        """The status with which the address answered."""
        headers = {"X-Acme-Signature": signature(event.body, event.secret), "X-Acme-Event": event.id}
        request = urllib.request.Request(event.url, event.body, headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return int(answer.status)


def signature(body: bytes, secret: bytes) -> str:
    """HMAC-SHA256 of the body, as hexadecimal digits."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()
''',
    "src/acme/outbox.py": '''"""Events that wait to be delivered."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened, and who wants to hear of it."""

    id: str
    url: str
    body: bytes
    secret: bytes


class Outbox:
    """First in, first out."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()

    def put(self, event: Event) -> None:
        self._events.append(event)

    def due(self) -> Event | None:
        """The oldest event, or None."""
        return self._events.popleft() if self._events else None
''',
    "src/acme/retry.py": '''"""When to try again: a ladder of delays with full jitter."""

import random
from collections.abc import Iterator

MAX_TRIES = 3
BASE_S = 0.5
CAP_S = 30.0
RETRIED = (408, 409, 429, 500, 502, 503, 504)


class Ladder:
    """Delays that double, are capped, and are drawn anew for each try."""

    def __init__(self, draw: random.Random | None = None) -> None:
        self._draw = draw or random.Random()

    def delays(self) -> Iterator[float]:
        """Seconds to wait before each try; the first does not wait."""
        yield 0.0
        for step in range(1, MAX_TRIES):
            yield self._draw.uniform(0.0, min(CAP_S, BASE_S * 2**step))

    def worth_another(self, status: int) -> bool:
        """True for an answer that may be another one next time."""
        return status in RETRIED
''',
    "tests/test_retry.py": '''"""The ladder."""

import unittest

from acme.retry import CAP_S, MAX_TRIES, Ladder


class LadderTest(unittest.TestCase):
    def test_it_has_as_many_delays_as_tries(self) -> None:
        self.assertEqual(len(list(Ladder().delays())), MAX_TRIES)

    def test_no_delay_is_over_the_cap(self) -> None:
        self.assertLessEqual(max(Ladder().delays()), CAP_S)

    def test_a_refusal_is_final(self) -> None:
        self.assertFalse(Ladder().worth_another(403))
''',
    "docs/delivery.md": """# Delivery

## Retries

A delivery is tried `MAX_TRIES` times. The delays double from `BASE_S` and are never over `CAP_S`; full jitter spreads
customers' retries over the whole delay, so that a customer who comes back is not met by all of us at once.

## What is never retried

- 400, 401, 403, 404, 410: the address does not want it.
- Anything after the last try: it goes to the dead letters, where a person looks.

## Dead letters

TODO: say how long they are kept.
""",
    "legacy/sender.py": '''"""The sender before the ladder. Replaced by acme.client in 2.0."""

import urllib.request


def post(url: str, body: bytes) -> None:
    for _ in range(10):
        try:
            urllib.request.urlopen(url, body)
            return
        except OSError:
            continue
''',
    "legacy/notes.txt": "Kept until the last customer has left version 1.\n",
}


def make_project(folder: Path) -> None:
    """Write the project into `folder`, every file of the same age."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))
