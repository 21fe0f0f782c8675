"""Backs a practice up, puts a backup in its place, and brings an older practice up to date.

For practices in a file. A shared practice is backed up on its server, with pg_dump: only the
server can give a copy of everything that all workstations have saved.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2

from fscdesk.services.connecting import engine_for, is_shared
from fscdesk.services.drives import refuse_network_drive
from fscdesk.services.errors import Problem
from fscdesk.services.office import utc_now
from fscdesk.services.schema_version import revision_of
from fscdesk.services.upgrading import (
    is_older,
    newest_revision,
    refuse_newer,
    upgrade_engine,
)

ENDING: Final = ".fscdesk"
SENT_OUT: Final = ("BAT", "CLM", "ELG", "GS06", "ISA13", "ST02")
"""Series of numbers that clearinghouses and payers have seen."""
_SKIPPED: Final = 1_000
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was checked. ``rows`` counts the rows of each table."""

    path: Path
    size: int
    revision: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup in the place of a practice; ``kept`` is what stood there before."""

    path: Path
    rows: dict[str, int]
    kept: Path | None


@dataclass(frozen=True, slots=True)
class Migrated:
    """A practice at this program's schema. ``before`` equals ``after`` where nothing was to do."""

    before: str
    after: str
    backup: Path | None


def back_up(target: str | Path, to: Path) -> Backup:
    """Copy a practice into a new file, whole and as of one moment, while others may write.

    The copy is checked (SQLite's own check, foreign keys, the rows of every table) before it
    gets its name. Raises Problem, and leaves nothing behind, when there is no such practice,
    when ``to`` exists already, or when the copy is not sound.
    """
    path = _file_of(target, "backed up")
    _require_free(to)
    handle, name = tempfile.mkstemp(prefix=".fscdesk-", suffix=".part", dir=to.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(_opened(path)) as source, closing(_opened(part)) as copy:
            source.execute("BEGIN")  # holds what is counted and what is copied together
            rows = _rows(source)
            source.backup(copy)
            source.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            _require_sound(copy, path.name, rows)
            revision = _revision(copy)
        _sync(part)
        _take_name(part, to)
    except sqlcipher3.dbapi2.DatabaseError:
        raise Problem(
            f"{path.name} could not be copied: it is damaged, or the disk is full.",
            hint="No backup was made. Make room, or restore an older backup.",
        ) from None
    finally:
        _remove(part)
    return Backup(to, to.stat().st_size, revision, rows)


def restore(backup: Path, target: str | Path, *, replace: bool = False) -> Restored:
    """Put a backup in the place of a practice. What stood there is kept beside it.

    Raises Problem, with everything as it was, when the backup is not a sound practice, is of
    a newer program, when somebody has the practice open, or when one stands there and
    ``replace`` is not given.
    """
    path = _file_of(target, "restored", must_exist=False)
    if not backup.is_file():
        raise Problem(f"There is no backup at {backup}.", hint="Nothing was changed.")
    if path.exists() and path.samefile(backup):
        raise Problem("The backup is the practice itself.", hint="Nothing was changed.")
    if path.exists() and not replace:
        raise Problem(
            f"{path} exists already, and nothing was changed in it.",
            hint="Say that it is to be replaced (--replace; it is kept beside), "
            "or restore to another name.",
        )
    if not path.parent.is_dir():
        raise Problem(
            f"The folder {path.parent} does not exist.", hint="Nothing was made. Create it first."
        )
    refuse_network_drive(path)
    handle, name = tempfile.mkstemp(prefix=".fscdesk-", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        rows = _copy_backup(backup, part, path)
        _sync(part)
        kept = _set_aside(path) if path.exists() else None
        try:
            _take_name(part, path)
        except BaseException:
            if kept is not None:
                kept.replace(path)
            raise
    finally:
        _remove(part)
    return Restored(path, rows, kept)


def migrate(
    target: str | Path, *, dumped: bool = False, now: Callable[[], datetime] = utc_now
) -> Migrated:
    """Bring a practice of an older program up to date; a file is backed up beside it first.

    ``dumped``: the person says that a shared practice was dumped on its server. Raises Problem
    when it was not, or when the practice is of a newer program.
    """
    shared = is_shared(target)
    if not shared:
        _file_of(target, "brought up to date")
    engine = engine_for(target)
    try:
        before = revision_of(engine)
        if before is None:
            raise Problem("There is no practice to bring up to date.", hint="Nothing was changed.")
        refuse_newer(before)
        if not is_older(before):
            return Migrated(before, before, None)
        if shared and not dumped:
            raise Problem(
                "A shared practice is backed up on its server before it is brought up to date.",
                hint="Nothing was changed. Run pg_dump there, then migrate again with --dumped.",
            )
        kept = None if shared else _backup_name(Path(target), before, now())
        if kept is not None:
            back_up(target, kept)
        upgrade_engine(engine)
        return Migrated(before, newest_revision(), kept)
    finally:
        engine.dispose()


def _backup_name(path: Path, revision: str, moment: datetime) -> Path:
    stamp = f"{moment:%Y%m%d-%H%M%S}"
    return path.with_name(f"{path.stem}.before-upgrade-from-{revision}-{stamp}{ENDING}")


def _file_of(target: str | Path, done: str, *, must_exist: bool = True) -> Path:
    if is_shared(target):
        raise Problem(
            f"A shared practice is {done} on its server, not by fscdesk.",
            hint="Nothing was changed. Use pg_dump (and pg_restore) of the Postgres server.",
        )
    path = Path(target)
    if must_exist and not path.is_file():
        raise Problem(f"There is no practice at {target}.", hint="Choose another file.")
    return path


def _require_free(to: Path) -> None:
    if to.exists():
        raise Problem(
            f"{to} exists already. No backup was made.", hint="Choose another name for the backup."
        )
    if not to.parent.is_dir():
        raise Problem(
            f"The folder {to.parent} does not exist. No backup was made.",
            hint="Create the folder first, or choose another.",
        )


def _opened(path: Path) -> Any:
    connection: Any = sqlcipher3.dbapi2.connect(str(path), timeout=10.0, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _copy_backup(backup: Path, part: Path, standing: Path) -> dict[str, int]:
    try:
        with closing(_opened(backup)) as source, closing(_opened(part)) as copy:
            source.execute("BEGIN")
            revision, rows = _revision(source), _rows(source)
            refuse_newer(revision)
            source.backup(copy)
            source.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode=DELETE")
            _require_sound(copy, backup.name, rows)
            if not rows.get("practice"):
                raise _no_practice(backup)
            _skip_numbers(copy, _numbers(standing) if standing.exists() else {})
            return rows
    except sqlcipher3.dbapi2.DatabaseError:
        raise _no_practice(backup) from None


def _numbers(standing: Path) -> dict[tuple[str, int], int]:
    """Return how far the practice that is replaced has counted; nothing where it is damaged."""
    try:
        with closing(_opened(standing)) as before:
            rows = before.execute("SELECT name, year, next FROM number_series").fetchall()
    except sqlcipher3.dbapi2.DatabaseError:
        return {}
    return {(name, year): following for name, year, following in rows}


def _skip_numbers(copy: Any, standing: dict[tuple[str, int], int]) -> None:
    """Let what payers know by a number go on far beyond what was counted after the backup.

    What was sent since the backup is not in it; a second claim or file under its number would
    take the first one's answers.
    """
    marks = ", ".join("?" * len(SENT_OUT))
    rows = copy.execute(
        f"SELECT name, year, next FROM number_series WHERE name IN ({marks})",  # noqa: S608
        SENT_OUT,
    ).fetchall()
    known = {(name, year): following for name, year, following in rows}
    known |= {
        key: max(following, known.get(key, 1))
        for key, following in standing.items()
        if key[0] in SENT_OUT
    }
    copy.executemany(
        "INSERT INTO number_series (name, year, next) VALUES (?, ?, ?)"
        " ON CONFLICT (name, year) DO UPDATE SET next = excluded.next",
        [(name, year, following + _SKIPPED) for (name, year), following in known.items()],
    )


def _no_practice(backup: Path) -> Problem:
    return Problem(
        f"{backup.name} is not a backup of a practice, or it is damaged.",
        hint="Nothing was changed. Choose another backup.",
    )


def _set_aside(path: Path) -> Path:
    """Move the practice that stands at ``path`` to a name of its own; nobody may have it open."""
    try:
        with closing(_opened(path)) as standing:
            standing.execute("PRAGMA busy_timeout=500")
            standing.execute("PRAGMA journal_mode=DELETE").fetchone()  # only when it is alone
    except sqlcipher3.dbapi2.OperationalError as fault:
        if "locked" in str(fault):
            raise Problem(
                "Somebody has this practice open.",
                hint="Nothing was changed. Close fscdesk on this computer, then restore again.",
            ) from None
        raise
    except sqlcipher3.dbapi2.DatabaseError:
        pass  # damaged: the very reason for a restore; it is kept as it is
    number = 1
    while (kept := path.with_name(f"{path.stem}.replaced-{number}{ENDING}")).exists():
        number += 1
    path.replace(kept)
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").replace(f"{kept}{ending}")
    return kept


def _rows(connection: Any) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names
    }


def _revision(connection: Any) -> str:
    return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _require_sound(copy: Any, name: str, rows: dict[str, int]) -> None:
    checked = copy.execute("PRAGMA integrity_check").fetchall()
    strays = copy.execute("PRAGMA foreign_key_check").fetchone()
    if checked != [("ok",)] or strays is not None or _rows(copy) != rows:
        raise Problem(
            f"The copy of {name} is not sound: rows of it are damaged or missing.",
            hint="Nothing was kept. The practice needs an older backup; ask for help first.",
        )


def _take_name(part: Path, to: Path) -> None:
    """Give the finished file its name without ever taking the place of another file."""
    try:
        os.link(part, to)
    except FileExistsError:
        raise Problem(f"{to} exists already.", hint="Nothing was changed in it.") from None
    except OSError:  # a file system without links
        _require_free(to)
        part.rename(to)
    _sync_folder(to.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    for ending in ("", *_BESIDE):
        Path(f"{part}{ending}").unlink(missing_ok=True)
