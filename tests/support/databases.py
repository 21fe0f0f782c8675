"""A practice of its own for each test: migrated once, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from fscdesk.services.connecting import create_practice
from tests.support.clock import Clock

NAME = "Fictional Springs Counseling"
ZONE = "America/New_York"


class Databases(Protocol):
    """Where practices for tests come from, on one of the two databases."""

    def practice(self) -> str:
        """The target of a new copy of the empty practice."""

    def empty(self) -> str:
        """A target with nothing in it, not even a schema."""

    def drop(self, target: str) -> None:
        """Remove what stands at a target; nobody may have it open."""

    def keep(self, target: str, file: Path) -> None:
        """Write a closed practice into a file, for any process on the same kind of database."""

    def copy_of(self, file: Path) -> str:
        """The target of a new practice that holds what was kept."""


class SqliteDatabases:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._template = folder / "template.fscdesk"
        create_practice(self._template, name=NAME, zone=ZONE, now=Clock()).close()

    def practice(self) -> str:
        """Copy the template; it was closed, so its log is already part of the file."""
        target = self.empty()
        shutil.copyfile(self._template, target)
        return target

    def copy(self, source: str, target: str) -> None:
        """Copy a practice that is closed."""
        shutil.copyfile(source, target)

    def empty(self) -> str:
        """Name a file that does not exist."""
        return str(self._folder / f"practice-{next(self._numbers)}.fscdesk")

    def drop(self, target: str) -> None:
        """Remove the file and what SQLite keeps beside it."""
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(target + ending).unlink(missing_ok=True)

    def keep(self, target: str, file: Path) -> None:
        """Copy the file."""
        self.copy(target, str(file))

    def copy_of(self, file: Path) -> str:
        """Copy it back."""
        target = self.empty()
        self.copy(str(file), target)
        return target


@contextmanager
def lent(databases: Databases, *, empty: bool = False) -> Iterator[str]:
    """Lend a target and take it back, whatever happens."""
    target = databases.empty() if empty else databases.practice()
    try:
        yield target
    finally:
        databases.drop(target)
