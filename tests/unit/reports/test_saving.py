"""Saving: all of a file or what was there before, whatever fails in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Self

import pytest

from fscdesk.services.errors import Problem
from fscdesk.services.reports import saving
from fscdesk.services.reports.saving import save_bytes


class FailingFile:
    """A file whose n-th call fails; 0 counts calls and never fails."""

    def __init__(self, file: Any, fail_at: int, fault: BaseException) -> None:
        self._file, self._fail_at, self._fault = file, fail_at, fault
        self.calls = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self._file.close()

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self._fail_at:
            raise self._fault

    def write(self, data: bytes) -> int:
        self._count()
        return int(self._file.write(data))

    def flush(self) -> None:
        self._count()
        self._file.flush()

    def fileno(self) -> int:
        self._count()
        return int(self._file.fileno())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("before", [None, b"what was there before"])
@pytest.mark.parametrize("fail_at", range(1, 7))
@pytest.mark.parametrize("fault", [DISK_FULL, KeyboardInterrupt()])
def test_half_a_file_never_remains(
    before: bytes | None,
    fail_at: int,
    fault: BaseException,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "report.csv"
    if before is not None:
        path.write_bytes(before)
    monkeypatch.setattr(saving, "CHUNK", 4)
    real = os.fdopen
    monkeypatch.setattr(os, "fdopen", lambda *args: FailingFile(real(*args), fail_at, fault))
    with pytest.raises((Problem, KeyboardInterrupt)):
        save_bytes(path, b"four byte.chunks")  # 4 writes, flush, fileno
    monkeypatch.undo()
    assert names(tmp_path) == ([] if before is None else ["report.csv"])
    assert before is None or path.read_bytes() == before


def test_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen
    monkeypatch.setattr(os, "fdopen", lambda *args: FailingFile(real(*args), 1, DISK_FULL))
    with pytest.raises(Problem) as caught:
        save_bytes(tmp_path / "report.csv", b"data")
    assert caught.value.message == "The disk is full. report.csv was not saved."


def test_file_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a workbook that is open in Excel refuses to be replaced."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Problem) as caught:
        save_bytes(path, b"new")
    assert "Close the file" in caught.value.hint
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.xlsx"]


def test_other_faults_of_the_folder_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fdopen
    gone = OSError(errno.EIO, "input/output error")
    monkeypatch.setattr(os, "fdopen", lambda *args: FailingFile(real(*args), 2, gone))
    with pytest.raises(Problem, match="the folder did not take it"):
        save_bytes(tmp_path / "report.csv", b"data")


def test_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="does not exist"):
        save_bytes(tmp_path / "nowhere" / "report.csv", b"data")
    assert names(tmp_path) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a note")
    with pytest.raises(Problem, match="is a file, not a folder"):
        save_bytes(tmp_path / "outbox" / "report.csv", b"data")


def test_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "report.csv").mkdir()
    with pytest.raises(Problem, match="is a folder"):
        save_bytes(tmp_path / "report.csv", b"data")


def test_file_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    save_bytes(path, b"first")
    save_bytes(path, b"second")
    assert path.read_bytes() == b"second"
    assert names(tmp_path) == ["report.csv"]


def test_what_a_power_cut_left_is_swept_away_later(tmp_path: Path) -> None:
    old, young = tmp_path / ".fscdesk-old.part", tmp_path / ".fscdesk-young.part"
    mine = tmp_path / "notes.part"
    for path in (old, young, mine):
        path.write_bytes(b"half")
    long_ago = old.stat().st_mtime - 2 * saving.LEFT_BEHIND
    os.utime(old, (long_ago, long_ago))
    os.utime(mine, (long_ago, long_ago))
    save_bytes(tmp_path / "report.csv", b"data")
    assert names(tmp_path) == [".fscdesk-young.part", "notes.part", "report.csv"]
