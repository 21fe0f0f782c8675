"""What takes a worker half a minute to build is built once in a run, and copied by the others."""

from __future__ import annotations

import os
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.databases import Databases, lent

T = TypeVar("T")
PATIENCE = 900.0
"""Seconds that a worker waits for the one that builds."""


def built_once(
    paths: pytest.TempPathFactory,
    name: str,
    databases: Databases,
    build: Callable[[str], T],
) -> tuple[str, T]:
    """Return a target where `build` was done, and what it returned; ours to drop.

    `build` fills an empty target and closes it; what it returns must be one that pickle takes.
    Whoever comes first builds it, under a lock that is free again if that worker dies.
    """
    folder = _folder_of_the_run(paths)
    kept, said = folder / f"{name}.kept", folder / f"{name}.said"
    lock = sqlite3.connect(folder / f"{name}.lock", timeout=PATIENCE, isolation_level=None)
    with closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        if not said.exists():  # written last: half of it is nothing
            with lent(databases, empty=True) as target:
                answer = build(target)
                databases.keep(target, kept)
            said.write_bytes(pickle.dumps(answer))
    found: T = pickle.loads(said.read_bytes())  # noqa: S301 - written by this run
    return databases.copy_of(kept), found


def _folder_of_the_run(paths: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of pytest-xdist share; alone, our own."""
    ours = paths.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
