"""What a file keeps beside its content when it is replaced."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.tools.replacing import replace_content


@pytest.fixture
def described(tmp_path: Path) -> Callable[..., Path]:
    """A file with these extended attributes; skips where the file system has none."""

    def build(**attributes: bytes) -> Path:
        path = tmp_path / "notes.txt"
        path.write_bytes(b"old")
        if not hasattr(os, "setxattr"):
            pytest.skip("this system has no extended attributes")
        try:
            for name, value in attributes.items():
                os.setxattr(path, f"user.{name}", value)
        except OSError as fault:
            pytest.skip(f"this file system has no extended attributes: {fault.strerror}")
        return path

    return build


def read_attributes(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path) if name.startswith("user.")}


def test_extended_attributes_are_kept_whatever_they_hold(described: Callable[..., Path]) -> None:
    path = described(origin=b"https://example.com", blank=b"", bytes=bytes(range(256)))
    before, file = read_attributes(path), path.stat().st_ino
    replace_content(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_ino != file, "another file took its place"
    assert read_attributes(path) == before
    assert len(before) == 3


def test_extended_attributes_are_kept_where_the_file_is_written_in_place(described: Callable[..., Path]) -> None:
    path = described(origin=b"here")
    os.link(path, path.with_name("same.txt"))
    replace_content(path, b"new")
    assert path.with_name("same.txt").read_bytes() == b"new"
    assert read_attributes(path) == {"user.origin": b"here"}


def test_a_new_file_has_no_attributes_of_another(described: Callable[..., Path]) -> None:
    path = described(origin=b"here")
    replace_content(path.with_name("other.txt"), b"new")
    assert read_attributes(path.with_name("other.txt")) == {}
