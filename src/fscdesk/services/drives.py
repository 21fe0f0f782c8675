"""Tells whether a folder is on this computer: SQLite over a network loses data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fscdesk.services.errors import Problem

NETWORK_KINDS = frozenset(
    {"cifs", "smbfs", "smb3", "nfs", "nfs4", "afpfs", "webdav", "davfs", "fuse.sshfs", "9p"}
)
_WINDOWS_REMOTE = 4


def refuse_network_drive(path: Path) -> None:
    """Raise Problem when the file is (or would be) on a network drive.

    SQLite's own documentation asks for one host: its locks and its WAL do not work over
    a network, and two writers lose each other's money.
    """
    if is_on_network(path):
        raise Problem(
            f"{path} is on a network drive, where a practice of its own would lose data.",
            hint="Keep it on this computer, or share the practice through Postgres.",
        )


def is_on_network(path: Path) -> bool:
    """Return whether the folder of ``path`` lies on another computer."""
    if sys.platform == "win32":
        return _is_remote_windows(path)
    return _mount_kind(path.absolute().parent) in NETWORK_KINDS


def _is_remote_windows(path: Path) -> bool:
    full = os.path.abspath(path)  # noqa: PTH100 - keeps UNC prefixes as they are
    if full.startswith("\\\\"):
        return True
    import ctypes

    windll = getattr(ctypes, "windll", None)
    drive = os.path.splitdrive(full)[0] + "\\"
    return windll is not None and windll.kernel32.GetDriveTypeW(drive) == _WINDOWS_REMOTE


def _mount_kind(folder: Path, table: Path = Path("/proc/mounts")) -> str:
    """Return the file system's kind from the kernel's table of mounts, or nothing."""
    if sys.platform == "darwin":
        return _mount_kind_macos(folder)
    if not table.exists():
        return ""
    best, kind = "", ""
    for line in table.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, mount, found, *_rest = line.split(" ")
        mount = mount.replace("\\040", " ")
        inside = mount == "/" or str(folder) == mount or str(folder).startswith(mount + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, found
    return kind


def _mount_kind_macos(folder: Path) -> str:
    import subprocess

    listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    best, kind = "", ""
    for line in listed.splitlines():
        mount, _, rest = line.partition(" on ")[2].rpartition(" (")
        inside = mount == "/" or str(folder) == mount or str(folder).startswith(mount + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, rest.split(",")[0].rstrip(")")
    return kind
