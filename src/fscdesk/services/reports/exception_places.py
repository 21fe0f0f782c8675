"""Where each exception is worked on, and which sessions its money is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from fscdesk.models.bank import BankSuspense
from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimLine
from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.remittance import Remittance, RemittanceClaim
from fscdesk.models.session import Session
from fscdesk.services.banking.three_way import ThreeWay, three_way
from fscdesk.services.id_sets import among
from fscdesk.services.reports import opening
from fscdesk.services.reports.exception_kinds import BankException, Opens
from fscdesk.services.work import Work

MOST_SESSIONS: Final = 6
"""So many sessions of one exception are told; more are counted."""


@dataclass(frozen=True, slots=True)
class SessionWay:
    """One session that the money is about, and how far it has come."""

    session_id: int
    patient: str
    on: date
    way: ThreeWay


@dataclass(frozen=True, slots=True)
class ExceptionStory:
    """The sessions of an exception; ``more`` are not told. ``opens`` is where it is worked on."""

    sessions: tuple[SessionWay, ...]
    more: int
    opens: opening.Opens


def places_of(
    work: Work, found: Collection[BankException]
) -> Mapping[BankException, opening.Opens]:
    """Return where each exception is worked on: a place of the program and what to ask there."""
    entries = [one.opens_id for one in found if one.opens is Opens.ENTRY]
    deposits = {
        row.entry_id: row.id
        for row in work.db.execute(
            select(Deposit.entry_id, Deposit.id).where(among(work, Deposit.entry_id, entries))
        )
    }
    held = [one.opens_id for one in found if one.opens is Opens.SUSPENSE]
    lines = {
        row.id: row.bank_line_id
        for row in work.db.execute(
            select(BankSuspense.id, BankSuspense.bank_line_id).where(
                among(work, BankSuspense.id, held)
            )
        )
    }
    return {one: _place(one, deposits, lines) for one in found}


def story_of(work: Work, one: BankException) -> ExceptionStory:
    """Return the sessions that an exception is about, each followed to the bank."""
    ids = _sessions(work, one)
    rows = work.db.execute(
        select(Session.id, Session.day, Patient.name)
        .join(Patient, Patient.id == Session.patient_id)
        .where(among(work, Session.id, ids))
        .order_by(Session.day, Session.id)
    ).all()
    told = tuple(
        SessionWay(row.id, row.name, row.day, three_way(work, row.id))
        for row in rows[:MOST_SESSIONS]
    )
    return ExceptionStory(told, max(0, len(rows) - MOST_SESSIONS), places_of(work, [one])[one])


def _place(
    one: BankException, deposits: Mapping[int, int], lines: Mapping[int, int]
) -> opening.Opens:
    number = one.opens_id
    if one.opens is Opens.ENTRY:
        if number in deposits:
            return opening.Opens("payments", {"tab": "deposits", "deposit": deposits[number]})
        return opening.Opens("accounting", {"entry": number})
    places = {
        Opens.REMITTANCE: opening.Opens("remittance", {"remittance": number}),
        Opens.PAYMENT: opening.Opens("payments", {"payment": number}),
        Opens.SUSPENSE: opening.Opens(
            "reconciliation", {"tab": "bank", "line": lines.get(number, 0)}
        ),
        Opens.BANK_LINE: opening.Opens("reconciliation", {"tab": "bank", "line": number}),
        Opens.SESSION: opening.Opens("sessions", {"session": number}),
        Opens.CLEARING: opening.Opens("payments", {"tab": "clearing"}),
    }
    return places[one.opens]


def _sessions(work: Work, one: BankException) -> list[int]:
    """Return the ids of the sessions; none where nothing names one."""
    number = one.opens_id
    if one.opens is Opens.SESSION:
        return [number]
    if one.opens is Opens.PAYMENT:
        return _paid_by(work, [number])
    if one.opens is Opens.REMITTANCE:
        payment = work.db.scalar(select(Remittance.payment_id).where(Remittance.id == number))
        if payment is not None:
            return _paid_by(work, [payment])
        claims = select(RemittanceClaim.claim_id).where(RemittanceClaim.remittance_id == number)
        asked = select(ClaimLine.session_id).where(ClaimLine.claim_id.in_(claims)).distinct()
        return [one_ for one_ in work.db.scalars(asked) if one_ is not None]
    if one.opens is Opens.ENTRY:
        held = (
            select(DepositItem.live_payment_id)
            .join(Deposit, Deposit.id == DepositItem.deposit_id)
            .where(Deposit.entry_id == number, DepositItem.live_payment_id.is_not(None))
        )
        return _paid_by(work, [found for found in work.db.scalars(held) if found is not None])
    return []


def _paid_by(work: Work, payment_ids: Collection[int]) -> list[int]:
    asked = (
        select(Charge.session_id)
        .join(JournalLine, JournalLine.charge_id == Charge.id)
        .where(among(work, JournalLine.payment_id, payment_ids))
        .distinct()
    )
    return [found for found in work.db.scalars(asked) if found is not None]
