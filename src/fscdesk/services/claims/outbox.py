"""The outbox: the folder from which files go to the clearinghouse.

A claim that counts as sent must have its file, and a file that lies in the outbox must have its
claims. A database and a folder cannot commit together, so one goes first, and it is the database:

1. ``send_claims`` saves the batch with the file's content. Until that is saved, the outbox has
   nothing of it; if the computer stops before, nothing was sent.
2. ``write_missing`` writes the file of every batch that has none yet, whole and by one rename,
   and notes in the batch that it was written. If the computer stops before, the next
   ``write_missing`` does it: the window calls it after each send and when it opens the practice.

A written file is not written again when it is gone, since the clearinghouse's program takes
files out of the folder: a second one would bill twice. Only the stop of a computer between the
rename and the note writes a file twice, with the same bytes and the same control number, which
receivers drop (ISA13 seen before).

Taking a batch back goes the other way round: the file is first renamed to one that no program
looks at (``.NAME.held``), then the batch is undone, then the file is deleted. Whatever of it
happened, ``write_missing`` ends it: deleted where the batch is undone, put back where it is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, event, select

from fscdesk.models.claim_batch import BatchState, ClaimBatch, Route
from fscdesk.services.audit import record
from fscdesk.services.claims import policies
from fscdesk.services.errors import Problem
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Topic, Work

__all__ = ["Waiting", "Written", "hold_back", "is_there", "something_waits", "write_missing"]

_HELD = ".held"
_LONGEST_REFERENCE = 80


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch whose file could not be written, and why. Nothing is lost: its content is kept."""

    batch_id: int
    number: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written now, and the batches that still wait for theirs."""

    paths: tuple[Path, ...]
    waiting: tuple[Waiting, ...] = ()


def write_missing(work: Work) -> Written:
    """Write the file of every batch that waits for it, each once; end what was broken off.

    May be called at any time and by anybody who may open the practice: it does only what a send
    or an undo has decided. A folder that does not take a file is told in ``waiting``, and tried
    again the next time.
    """
    folder = policies.outbox(work)
    if folder is not None:
        _end_undone(work, folder)
    waiting: list[Waiting] = []
    paths: list[Path] = []
    for batch in _unwritten(work):
        try:
            paths.append(_write(work, batch, folder))
        except Problem as problem:
            waiting.append(Waiting(batch.id, batch.number, problem.message, problem.hint))
    if paths:
        work.touch(Topic.DOCUMENTS)  # beside the books: no act of a person, so nothing to undo
    return Written(tuple(paths), tuple(waiting))


def something_waits(work: Work) -> bool:
    """Return whether ``write_missing`` would have anything to do; writes and locks nothing."""
    waits = _waiting_batches().limit(1)
    if work.db.scalar(waits.with_only_columns(ClaimBatch.id)) is not None:
        return True
    folder = policies.outbox(work)
    try:
        return folder is not None and any(folder.glob(f".*{_HELD}"))
    except OSError:
        return False


def is_there(folder: Path | None, batch: ClaimBatch) -> bool:
    """Return whether the file of a batch lies in the outbox, unchanged."""
    return folder is not None and _same(folder / batch.file_name, batch.sha256)


def hold_back(work: Work, batch: ClaimBatch) -> None:
    """Take a file out of reach; where this work fails, it is put back.

    `write_missing` deletes it afterwards. Does nothing where the file is not there.
    """
    folder = policies.outbox(work)
    if not is_there(folder, batch) or folder is None:
        return
    path, held = folder / batch.file_name, _held(folder / batch.file_name)
    try:
        path.replace(held)
    except OSError:
        raise Problem(
            f"{batch.file_name} in the outbox cannot be taken back now.",
            hint="Nothing was changed. Close the program that has it open, and try again.",
        ) from None

    def put_back(_db: object) -> None:
        with suppress(OSError):
            held.replace(path)

    event.listen(work.db, "after_rollback", put_back, once=True)


def _unwritten(work: Work) -> Iterable[ClaimBatch]:
    """Return the batches whose file was not written yet, locked: two desks write none twice."""
    locked = _waiting_batches().with_for_update().execution_options(populate_existing=True)
    return work.db.scalars(locked).all()


def _waiting_batches() -> Select[ClaimBatch]:
    return (
        select(ClaimBatch)
        .where(
            ClaimBatch.route == Route.ELECTRONIC,
            ClaimBatch.state == BatchState.SENT,
            ClaimBatch.reference == "",
        )
        .order_by(ClaimBatch.id)
    )


def _write(work: Work, batch: ClaimBatch, folder: Path | None) -> Path:
    if folder is None:
        raise Problem(
            f"The file of {batch.number} is not written: no outbox is set.",
            hint="Name a folder under Setup, Claim files; then it is written at once.",
        )
    content = bytes(batch.content or b"")
    if hashlib.sha256(content).hexdigest() != batch.sha256:
        raise Problem(
            f"The file of {batch.number} was changed outside of fscdesk.",
            hint="It was not written. Restore the practice from a backup, and send anew.",
        )
    path = folder / batch.file_name
    if not _same(path, batch.sha256):
        if path.exists():
            raise Problem(
                f"{path.name} is in the outbox already and is another file.",
                hint="It was not replaced. Look whose it is, and move it away.",
            )
        save_bytes(path, content)
    batch.reference = f"Outbox {folder.name}"[:_LONGEST_REFERENCE]
    work.db.flush()
    record(work, "write_claim_file", "claim_batch", batch.id, number=batch.number)
    return path


def _end_undone(work: Work, folder: Path) -> None:
    """Delete the held file of a batch that was undone; put back one whose undo did not happen."""
    try:
        left = sorted(folder.glob(f".*{_HELD}"))
    except OSError:
        return
    for held in left:
        name = held.name.removeprefix(".").removesuffix(_HELD)
        state = work.db.scalar(
            select(ClaimBatch.state).where(ClaimBatch.file_name == name).with_for_update()
        )
        with suppress(OSError):
            if state is BatchState.UNDONE:
                held.unlink()
            elif state is not None and not held.with_name(name).exists():
                held.replace(held.with_name(name))


def _held(path: Path) -> Path:
    return path.with_name(f".{path.name}{_HELD}")


def _same(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False
