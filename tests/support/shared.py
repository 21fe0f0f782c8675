"""Sample files that are kept beside the repository; a test without them is skipped, with a word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared() -> Path:
    """The folder of shared facts: FSCDESK_SHARED, or `shared` beside the repository."""
    return Path(os.environ.get("FSCDESK_SHARED", ROOT.parent / "shared"))


def samples() -> Path:
    """The folder of exports to import, with `expected.json`."""
    return _folder("samples")


def x12() -> Path:
    """The folder of X12 files."""
    return _folder("x12")


def x12_files(kind: str) -> list[Path]:
    """The X12 files of one kind, such as "835" or "277CA", by name."""
    folder = x12() / kind
    if not folder.is_dir():
        pytest.skip(f"there are no X12 files of kind {kind} here")
    return sorted(path for path in folder.iterdir() if path.is_file())


def _folder(name: str) -> Path:
    folder = shared() / name
    if not folder.is_dir():
        pytest.skip(f"the {name} are not here: set FSCDESK_SHARED to the folder that holds them")
    return folder
