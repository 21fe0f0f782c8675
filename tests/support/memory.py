"""Lets the tests keep their files in memory: on a disk, making files costs most of their time."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")  # noqa: S108 - only folders with names of their own are made in it
ROOM = 2 << 30
"""Bytes that two to four workers need at most, each with a Postgres of its own."""


def use_memory() -> None:
    """Make the folder for temporary files one in memory, where there is one with room.

    A copy of the empty practice on Postgres is 700 files: 30 ms there, 350 ms on a slow disk.
    Whoever sets TMPDIR has chosen; what was chosen here, the workers of pytest-xdist inherit.
    """
    if "TMPDIR" in os.environ or not _has_room():
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # it was looked up before


def _has_room() -> bool:
    """Return whether this system has such a folder, and room in it and in memory."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return False
    free: int = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available // 2)
    return free >= ROOM
