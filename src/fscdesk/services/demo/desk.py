"""What the office does by hand between two imports: denials, appeals, checks before billing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from fscdesk.models.patient import Patient
from fscdesk.models.provider import Provider
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.services.demo import cast
from fscdesk.services.demo.diary import Appointment, DeskNote
from fscdesk.services.patients.names import without_nickname
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.pre_bill import UNBILLED, make_ready
from fscdesk.services.work import Work

LATELY = timedelta(days=60)
"""Older sessions are not checked before billing again and again."""
_OVER = frozenset({BillingStatus.APPROVED, BillingStatus.PAID})


class Turn(NamedTuple):
    """A note of the diary whose day has come."""

    day: date
    number: int
    one: Appointment
    note: DeskNote


class Desk:
    """Takes the diary's notes in their order and writes each on its day."""

    def __init__(self, diary: Sequence[Appointment]) -> None:
        self._turns = sorted(
            (
                Turn(note.day, number, one, note)
                for number, one in enumerate(diary)
                for note in one.notes
            ),
            key=lambda turn: (turn.day, turn.number),
        )

    def days_until(self, last: date) -> Iterator[tuple[date, list[Turn]]]:
        """Yield what is to be done up to that day, a day at a time; each once."""
        while self._turns and self._turns[0].day <= last:
            day = self._turns[0].day
            today = [turn for turn in self._turns if turn.day == day]
            del self._turns[: len(today)]
            yield day, today


def write_notes(work: Work, turns: Sequence[Turn]) -> None:
    """Set the statuses of one day; what is paid by now or not in the books is left alone."""
    for turn in turns:
        session = session_of(work, turn.one)
        if session is None or BillingStatus(session.billing_status) in _OVER:
            continue
        change_billing_status(work, [session.id], turn.note.status, reason=turn.note.reason)


def check_before_billing(work: Work) -> None:
    """Let what was held lately and is not billed become ready, or say what it lacks."""
    today = work.today()
    ids = work.db.scalars(
        select(Session.id)
        .where(
            Session.billing_status.in_(UNBILLED),
            Session.attendance == Attendance.COMPLETED,
            Session.withdrawn_by.is_(None),
            Session.day.between(today - LATELY, today),
        )
        .order_by(Session.id)
    )
    make_ready(work, list(ids))


def session_of(work: Work, one: Appointment) -> Session | None:
    """Return the session of an appointment that was held, if the books have it."""
    found = work.db.scalars(
        select(Session)
        .join(Patient, Patient.id == Session.patient_id)
        .join(Provider, Provider.id == Session.provider_id)
        .where(
            Session.day == one.day,
            Session.minute == one.minute,
            Session.withdrawn_by.is_(None),
            Session.attendance == Attendance.COMPLETED,
            Patient.name == without_nickname(one.client.name),
            Provider.name == cast.CLINICIANS[one.clinician].name,
        )
    )
    return found.first()
