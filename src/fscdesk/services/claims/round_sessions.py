"""What a portal says of a session that was billed elsewhere: noted in one act, and taken back.

It has no claim of ours that could keep an answer. Where the session stands is written with the
reason, what else was said as a note of the thing in the queue; no money moves by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update

from fscdesk.models.alert import WorkItem
from fscdesk.models.session import BillingStatus, Session, StatusKind
from fscdesk.services.audit import record
from fscdesk.services.claims.answers import GROUPS
from fscdesk.services.claims.found import LOOK_AGAIN_DAYS, MONEY_DAYS, NOT_ON_FILE, SAID_PAID, Found
from fscdesk.services.claims.silent_sessions import key_of
from fscdesk.services.editing import changed_elsewhere, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Topic, Work

__all__ = ["NotedSession", "note_session", "take_back_session"]

_DOING: Final = "look up claims in portals"
_NOTHING: Final = "Nothing was noted."
_LONGEST: Final = 2000
_STANDS: Final = {
    # Paid it is when its money is posted: until then it must not drop out of what is followed.
    Found.PAID: BillingStatus.PENDING,
    Found.PENDING: BillingStatus.PENDING,
    Found.DENIED: BillingStatus.DENIED,
    Found.NOT_ON_FILE: BillingStatus.READY_TO_BILL,
}
_DAYS: Final = {Found.PENDING: LOOK_AGAIN_DAYS, Found.PAID: MONEY_DAYS}


@dataclass(frozen=True, slots=True)
class NotedSession:
    """What was noted of a session, and how it stood before: what takes it back needs no more.

    ``version`` is that of the session afterwards; ``number`` says which session it is.
    """

    session_id: int
    number: str
    found: Found
    status: BillingStatus
    before: BillingStatus
    again_on: date | None
    was_until: date | None
    note: str
    version: int


def note_session(
    work: Work,
    session_id: int,
    found: Found,
    *,
    expected_version: int,
    carc: str = "",
    group: str = "",
    words: str = "",
    payer_number: str = "",
    again_on: date | None = None,
) -> NotedSession:
    """Note what a portal says today of a session, and return where it stands then.

    In process, and paid without its money here, it is pending and put off until ``again_on``
    (as usual for the answer where it is not given). What the payer does not have on file is ready
    to bill again. Raises Problem for a denial without its reason code and for a day that is over,
    ChangedElsewhere where it is not the version that the person saw.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    session = locked(work, Session, session_id, "this session")
    require_version(session, expected_version, "this session")
    _require_said(work, found, carc, group, again_on)
    before, new = BillingStatus(session.billing_status), _STANDS[found]
    said = _said(found, carc, group, text_of(words, "its words", longest=300), payer_number)
    number = f"Session of {session.day:%m/%d/%Y}"
    if before is not new:
        change = StatusChange(session.id, StatusKind.BILLING, before, new, f"Its portal: {said}")
        write_status_changes(work, [change], day=work.today())
    row = _row(work, session_id)
    was_until, note = row.snoozed_until, row.note
    usual = _DAYS.get(found)
    until = None if usual is None else again_on or work.today() + timedelta(days=usual)
    line = f"{work.today():%m/%d/%Y}: {said}"
    row.snoozed_until, row.note = until, f"{note}\n{line}".strip()[-_LONGEST:]
    noted = NotedSession(session_id, number, found, new, before, until, was_until, note, 0)
    record(work, "note_portal_answer", "session", session_id, found=found.value)
    return replace(noted, version=_seen(work, session_id))


def take_back_session(work: Work, noted: NotedSession) -> str:
    """Let a session stand as before what was noted of it, and return which it is.

    It is to be looked up again. Raises ChangedElsewhere when it has gone on since.
    """
    require(work, Right.MAKE_CLAIMS, _DOING)
    session = locked(work, Session, noted.session_id, "this session")
    require_version(session, noted.version, "this session")
    if session.billing_status is not noted.status:
        raise changed_elsewhere("this session")
    if noted.status is not noted.before:
        why = "What its portal said was taken back"
        change = StatusChange(noted.session_id, StatusKind.BILLING, noted.status, noted.before, why)
        write_status_changes(work, [change], day=work.today())
    row = _row(work, noted.session_id)
    # Its status began today, by this: from today on it is to be looked up all the same.
    row.snoozed_until, row.note = noted.was_until or work.today(), noted.note
    record(work, "take_back_portal_answer", "session", noted.session_id, found=noted.found.value)
    _seen(work, noted.session_id)
    return noted.number


def _require_said(work: Work, found: Found, carc: str, group: str, again_on: date | None) -> None:
    if group and group not in GROUPS:
        raise Problem(
            f"{group} is no group code.", hint=f"{_NOTHING} It is one of {', '.join(GROUPS)}."
        )
    if found is Found.DENIED and carc_of(carc) is None:
        raise Problem(
            f"{carc.strip() or 'Nothing'} is no denial code (CARC).",
            hint=f"{_NOTHING} It is like 16, 197, A1, B7 or P12.",
        )
    if again_on is not None and again_on < work.today():
        raise Problem(f"{again_on:%m/%d/%Y} is over.", hint=f"{_NOTHING} Choose a later day.")


def _said(found: Found, carc: str, group: str, words: str, payer_number: str) -> str:
    code = f"{group}-{carc}" if group and carc else carc
    said = {
        Found.PAID: SAID_PAID,
        Found.PENDING: "In process",
        Found.DENIED: f"Denied, {code}",
        Found.NOT_ON_FILE: NOT_ON_FILE,
    }[found]
    parts = (said, f"their number {payer_number}" if payer_number else "", words)
    return ", ".join(part for part in parts if part)


def _row(work: Work, session_id: int) -> WorkItem:
    """Return what people did about the silent session, made where there is nothing yet."""
    wanted = select(WorkItem).where(WorkItem.key == key_of(session_id)).with_for_update()
    row = work.db.scalars(wanted).one_or_none()
    if row is None:
        row = WorkItem(key=key_of(session_id), note="")
        work.db.add(row)
    row.changed_by, row.changed_at = work.actor.staff_id, work.now()
    return row


def _seen(work: Work, session_id: int) -> int:
    """Give the session its next version, so that every other desk sees that it was looked up."""
    work.db.flush()
    work.db.execute(
        update(Session)
        .where(Session.id == session_id)
        .values(version=Session.version + 1)
        .execution_options(synchronize_session=False)
    )
    work.touch(Topic.SESSIONS, Topic.QUEUE)
    return work.db.get_one(Session, session_id, populate_existing=True).version
