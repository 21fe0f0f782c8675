"""Notes of the billing office about an account. What they say stands in no audit record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from fscdesk.models.note import AccountNote
from fscdesk.models.patient import Patient
from fscdesk.models.staff import Staff
from fscdesk.services.audit import record
from fscdesk.services.editing import is_storable, key_of, locked, require_version
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

LONGEST = 4000
_DOING = "write notes"


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note: by whom, when it was last written (UTC), and whether it is pinned."""

    id: int
    patient_id: int
    text: str
    pinned: bool
    at: datetime
    by: str
    version: int


def add_note(
    work: Work,
    patient_id: int,
    text: str,
    *,
    pinned: bool = False,
    request_key: str | None = None,
) -> int:
    """Add a note to an account and return its id; the same key adds it once.

    Raises Problem for an empty or too long one, and for a key that another note has.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    locked(work, Patient, patient_id, "this client")
    words = _text(text)
    repeated = _added_before(work, patient_id, words, request_key)
    if repeated is not None:
        return repeated
    row = AccountNote(
        patient_id=patient_id,
        text=words,
        pinned=pinned,
        at=work.now(),
        staff_id=work.actor.staff_id,
        request_key=request_key,
    )
    work.db.add(row)
    work.db.flush()
    _record(work, row, "add_note")
    return row.id


def edit_note(work: Work, note_id: int, text: str, *, expected_version: int) -> None:
    """Write a note anew; it then stands with who wrote it last, and when."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = locked(work, AccountNote, note_id, "this note")
    require_version(row, expected_version, "this note")
    words = _text(text)
    if words == row.text:
        return
    row.text, row.at, row.staff_id = words, work.now(), work.actor.staff_id
    work.db.flush()
    _record(work, row, "edit_note")


def pin_note(work: Work, note_id: int, *, pinned: bool, expected_version: int) -> None:
    """Pin a note, so that it is shown whenever the account is opened; or take the pin away."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = locked(work, AccountNote, note_id, "this note")
    require_version(row, expected_version, "this note")
    if row.pinned == pinned:
        return
    row.pinned = pinned
    work.db.flush()
    _record(work, row, "pin_note" if pinned else "unpin_note")


def notes_of(work: Work, patient_id: int) -> tuple[NoteRow, ...]:
    """Return the notes of an account: pinned ones first, then the newest."""
    found = (
        select(AccountNote, Staff.name)
        .join(Staff, Staff.id == AccountNote.staff_id)
        .where(AccountNote.patient_id == patient_id)
        .order_by(AccountNote.pinned.desc(), AccountNote.at.desc(), AccountNote.id.desc())
    )
    return tuple(
        NoteRow(row.id, row.patient_id, row.text, row.pinned, row.at, by, row.version)
        for row, by in work.db.execute(found)
    )


def _added_before(work: Work, patient_id: int, words: str, request_key: str | None) -> int | None:
    if key_of(request_key) is None:
        return None
    row = work.db.scalars(select(AccountNote).filter_by(request_key=request_key)).one_or_none()
    if row is None:
        return None
    if (row.patient_id, row.text) != (patient_id, words):
        raise Problem(
            "A note was added under the same key with other words.",
            hint="Nothing was saved. Enter this one anew.",
        )
    return row.id


def _text(text: str) -> str:
    """Return a note without outer blanks; it may have lines."""
    words = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not words:
        raise Problem("The note is empty.", hint="Nothing was saved. Type it first.")
    if len(words) > LONGEST:
        raise Problem(
            f"The note has {len(words)} letters; {LONGEST} fit.",
            hint="Nothing was saved. Shorten it.",
        )
    if not is_storable(words):
        raise Problem("The note holds a mark that is no letter.", hint="Nothing was saved.")
    return words


def _record(work: Work, row: AccountNote, action: str) -> None:
    record(work, action, "account_note", row.id, patient_id=row.patient_id, letters=len(row.text))
    work.touch(Topic.NOTES)
