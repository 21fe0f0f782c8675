"""Saves a finished file whole or not at all, for everything that leaves the program."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from fscdesk.services.errors import Problem

CHUNK = 1 << 20
PREFIX, SUFFIX = ".fscdesk-", ".part"
LEFT_BEHIND = 24 * 3600.0
"""Seconds after which a part file can only come from a power cut, and is swept away."""
_SWEPT: dict[Path, float] = {}
"""When each folder was last swept: a run of statements saves a thousand files into one."""


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file so that `path` holds either all of it or what it held before.

    The part file stands beside the target, never in the computer's shared folder for temporary
    files, is readable by its owner alone, and is gone when this returns or raises. Raises Problem
    when the folder does not exist or does not take the file.
    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise Problem(
            f"{folder} is a file, not a folder. Nothing was saved.", hint="Choose a folder."
        )
    if not folder.is_dir():
        raise Problem(
            f"The folder {folder} does not exist. Nothing was saved.", hint="Choose another folder."
        )
    if path.is_dir():
        raise Problem(
            f"{path.name} is a folder there. Nothing was saved.", hint="Choose another name."
        )
    try:
        _sweep(folder)
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=folder)
    except OSError as fault:
        raise _refusal(path, fault) from fault
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for at in range(0, len(data), CHUNK):
                file.write(data[at : at + CHUNK])
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise _refusal(path, fault) from fault
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(folder)


def _refusal(path: Path, fault: OSError) -> Problem:
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem(
            f"The disk is full. {path.name} was not saved.",
            hint="Make room, or choose another folder.",
        )
    if isinstance(fault, PermissionError):
        return Problem(
            f"{path.name} was not saved: this folder or file cannot be written.",
            hint="Close the file where it is open, or choose another folder.",
        )
    return Problem(
        f"{path.name} was not saved: the folder did not take it.", hint="Choose another folder."
    )


def _sweep(folder: Path) -> None:
    """Remove part files that a power cut left here; a folder is looked through once a day."""
    before = time.time() - LEFT_BEHIND
    if _SWEPT.get(folder, before) > before:
        return
    _SWEPT[folder] = time.time()
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(OSError):  # another desk is sweeping, too; it is no reason not to save
            if left.stat().st_mtime < before:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network folders refuse; the file itself is on disk
            os.fsync(handle)
    finally:
        os.close(handle)
