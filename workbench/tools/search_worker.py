"""A search as a process of its own, so that a pattern that never ends can be ended from outside.

    one JSON object on standard input: kind (lines | names), pattern, top, seconds, most, each
    ─▶ JSON lines on standard output: `[path, hits, [[line number, text], …]]` of a file, a summary at the end

It imports nothing but the standard library and ends by itself when its seconds are over, also as an orphan.
"""

import gc
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from workbench.tools.encoding import decode_text
from workbench.tools.patterns import compile_glob, find_literals
from workbench.tools.walk import Walk

MOST_FILES = 300_000
LARGEST = 50_000_000
"""Bytes of a file that is searched."""
LONGEST = 500
"""Characters of a line that are shown; of a longer one those round the hit."""


CHUNK = 1 << 14
PAGE = 1 << 10


class OutOfTime(Exception):
    """The seconds of this search are over."""


class Search:
    """What one search found so far. `most`: hits whose lines are told, of one file `each`; the others are counted."""

    def __init__(self, pattern: str, walk: Walk, most: int, each: int) -> None:
        self.pattern, self.literals = re.compile(pattern), find_literals(pattern)
        self.walk, self.most, self.each = walk, most, each
        self.hits = self.told = self.cut_lines = 0
        self.files = self.of = 0
        self.more_files = False
        self.at = ""
        """The file that is being searched."""

    def run(self, top: str) -> None:
        """Search all files below `top`, or the file `top`. Raises OutOfTime."""
        paths = [top]
        if os.path.isdir(top):  # noqa: PTH112 - pathlib takes longer to import than many a search
            paths = []
            for entry in self.walk.entries():
                if entry.is_file(follow_symlinks=False):
                    if len(paths) >= MOST_FILES:
                        self.more_files = True
                        break
                    paths.append(entry.path)
                    self.of = len(paths)
        self.of = len(paths)
        for path in paths:
            self.at = path
            self._search_file(path)
            self.files += 1
        self.at = ""

    def summary(self, stopped: bool) -> dict[str, Any]:
        """What the other side must say about it."""
        return {
            **{"hits": self.hits, "files": self.files, "of": self.of, "more_files": self.more_files},
            **{"cut_lines": self.cut_lines, "skipped": sorted(self.walk.skipped), "left_out": self.walk.left_out},
            **{"stopped": stopped, "at": self.at},
        }

    def _search_file(self, path: str) -> None:
        text = self._read(path)
        if not text or (self.literals and not any(literal in text for literal in self.literals)):
            return
        only = self.literals[0] if len(self.literals) == 1 else ""
        found, count = [], 0
        for number, line in lines_with(text, only):
            if match := self.pattern.search(line):
                count += 1
                if self.told < self.most and count <= self.each:
                    self.told += 1
                    found.append((number, self._cut(line, match.start())))
        if count:
            self.hits += count
            emit([path, count, found])

    def _read(self, path: str) -> str:
        """The text of a file; empty where there is none to search, which is counted."""
        try:
            content = read_up_to(path, LARGEST + 1)
        except OSError:
            self.walk.count("unreadable file")
            return ""
        if len(content) > LARGEST:
            self.walk.count(f"file over {LARGEST // 1_000_000} MB")
            return ""
        decoded = decode_text(content)
        if decoded is None:
            self.walk.count("binary file")
            return ""
        return decoded[0].replace("\r\n", "\n") if "\r" in decoded[0] else decoded[0]

    def _cut(self, line: str, at: int) -> str:
        if len(line) <= LONGEST:
            return line
        self.cut_lines += 1
        begin = max(0, min(at - LONGEST // 4, len(line) - LONGEST))
        end = begin + LONGEST
        return f"{'…' if begin else ''}{line[begin:end]}{'…' if end < len(line) else ''}"


def lines_with(text: str, literal: str) -> Iterator[tuple[int, str]]:
    """The lines of `text` that hold `literal`, all of them where it is empty, with their numbers from 1."""
    length = len(text) - text.endswith("\n")
    number, counted, at = 1, 0, text.find(literal)
    while 0 <= at <= length:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        number += text.count("\n", counted, start)
        counted = start
        yield number, text[start:end]
        if end >= length:
            return
        at = text.find(literal, end + 1)


def read_up_to(path: str, most: int) -> bytes:
    """The first `most` bytes of a file, which is not waited for. Raises OSError, also for a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        pieces = [os.read(descriptor, CHUNK)]
        total = len(pieces[0])
        while pieces[-1] and total % PAGE == 0 and total < most:  # other lengths end a file, of the kernel's own too
            pieces.append(os.read(descriptor, min(CHUNK, most - total)))
            total += len(pieces[-1])
    finally:
        os.close(descriptor)
    return b"".join(pieces)


class Listing:
    """The files and folders whose path below `top` matches, newest first. `most`: how many are told."""

    def __init__(self, pattern: str, walk: Walk, most: int) -> None:
        self.pattern, self.walk, self.most = compile_glob(pattern), walk, most
        self.entries = 0
        self.more_files = False
        self.found: list[tuple[int, str]] = []

    def run(self, top: str) -> None:
        """Look at every name below `top`. Raises OutOfTime."""
        begin = len(top.rstrip("/")) + 1
        for entry in self.walk.entries():
            if self.entries >= MOST_FILES:
                self.more_files = True
                return
            self.entries += 1
            if self.pattern.match(entry.path[begin:]):
                try:
                    changed = entry.stat(follow_symlinks=False).st_mtime_ns
                except OSError:  # it vanished meanwhile
                    continue
                self.found.append((-changed, entry.path + ("/" if entry.is_dir(follow_symlinks=False) else "")))

    def summary(self, stopped: bool) -> dict[str, Any]:
        """What the other side must say about it, with the newest names."""
        return {
            **{"names": [path for _, path in sorted(self.found)[: self.most]], "hits": len(self.found)},
            **{"files": self.entries, "more_files": self.more_files, "stopped": stopped},
            **{"skipped": sorted(self.walk.skipped), "left_out": self.walk.left_out},
        }


def emit(record: object) -> None:
    """Write one record whole, the alarm notwithstanding."""
    with alarm_waits():
        sys.stdout.write(json.dumps(record) + "\n")


@contextmanager
def alarm_waits() -> Iterator[None]:
    """Let the alarm come after the body."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})


def stop(number: int, frame: FrameType | None) -> None:
    """The handler of the alarm; the engine of `re` hears it too."""
    raise OutOfTime


def main() -> None:
    """Read the request, search, and tell the summary, also of a search that ran out of time."""
    gc.disable()  # nothing here goes in circles, and many paths are kept
    wanted = json.load(sys.stdin)
    seconds = float(wanted["seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 3, int(seconds) + 4))
    signal.signal(signal.SIGALRM, stop)
    search: Search | Listing
    try:
        if wanted["kind"] == "names":
            hidden = wanted["pattern"].startswith(".") or "/." in wanted["pattern"]
            search = Listing(wanted["pattern"], Walk(wanted["top"], hidden=hidden), wanted["most"])
        else:
            search = Search(wanted["pattern"], Walk(wanted["top"]), wanted["most"], wanted["each"])
    except (re.error, OverflowError, RecursionError) as fault:
        emit({"fault": str(fault)})
        return
    stopped = False
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        search.run(wanted["top"])
    except OutOfTime:
        stopped = True
    signal.setitimer(signal.ITIMER_REAL, 0)
    emit(search.summary(stopped))
