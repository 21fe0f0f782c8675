"""Exceptions of what is in our books: remittances, payments, and what SimplePractice calls paid."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from sqlalchemy import exists, func, select

from fscdesk.models.bank import BankLine
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentMethod
from fscdesk.models.remittance import Remittance, RemittanceStatus
from fscdesk.models.session import Session
from fscdesk.models.values import ZERO
from fscdesk.services.banking.undeposited import Undeposited, waiting_money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.payments.entering import METHODS
from fscdesk.services.reports.exception_kinds import (
    BankException,
    ExceptionKind,
    Opens,
    how,
    made,
)
from fscdesk.services.work import Work

_SENT: Final = frozenset({PaymentMethod.ACH, PaymentMethod.EFT, PaymentMethod.WIRE})
_METHODS: Final = dict(METHODS)


def remittances_and_payments(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield what payers said that they sent, and what was received, that is in no deposit.

    A transfer of a payer whose remittance is here is missing at the bank; everything else that
    is undeposited is in the drawer, or with the card processor.
    """
    waiting = waiting_money(work, None if as_of >= work.today() else as_of)
    told = _remittances_of(work, {one.payment_id for one in waiting if _is_transfer(one)})
    for one in waiting:
        remittance = told.get(one.payment_id) if _is_transfer(one) else None
        if remittance is not None and one.amount > ZERO:
            yield _sent(one, remittance, as_of)
        else:
            yield _in_the_drawer(one, as_of)
    yield from _unposted(work, as_of)


def payments_without_remittance(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield money of payers that is in the books, and nothing says what all of it pays."""
    answered = exists().where(Remittance.payment_id == Payment.id)
    asked = (
        select(
            Payment.id,
            Payment.number,
            Payment.reference,
            Payment.received_on,
            Payer.short_name,
            func.sum(-JournalLine.amount).label("left"),
        )
        .join(Credit, Credit.payment_id == Payment.id)
        .join(JournalLine, JournalLine.credit_id == Credit.id)
        .join(Payer, Payer.id == Payment.payer_id)
        .where(~answered, Credit.payer_id.is_not(None), JournalLine.day <= as_of)
        .group_by(
            Payment.id, Payment.number, Payment.reference, Payment.received_on, Payer.short_name
        )
        .having(func.sum(-JournalLine.amount) > ZERO)
    )
    if as_of >= work.today():
        asked = asked.where(Credit.balance > ZERO)
    for row in work.db.execute(asked):
        yield made(
            ExceptionKind.MONEY_WITHOUT_REMITTANCE,
            (Opens.PAYMENT, row.id, row.number),
            row.short_name,
            f"{how('Transfer or check', row.reference)}, not applied",
            row.left,
            row.received_on,
            as_of,
            "Read the payer's ERA, or type in its EOB, so that the money finds its sessions.",
        )


def recorded_not_received(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield the sessions for which account 1060 is open: called paid, and no payment came."""
    sums = (
        select(
            JournalLine.session_id,
            func.sum(JournalLine.amount).label("amount"),
            func.min(JournalLine.day).label("since"),
        )
        .where(JournalLine.account == RECORDED_IN_SIMPLEPRACTICE, JournalLine.day <= as_of)
        .group_by(JournalLine.session_id)
        .having(func.sum(JournalLine.amount) != ZERO)
        .subquery()
    )
    rows = work.db.execute(
        select(sums.c.session_id, sums.c.amount, sums.c.since, Session.day, Patient.name)
        .select_from(sums)
        .outerjoin(Session, Session.id == sums.c.session_id)
        .outerjoin(Patient, Patient.id == Session.patient_id)
    )
    for row in rows:
        known = row.session_id is not None and row.day is not None
        opens = Opens.SESSION if known else Opens.CLEARING
        more = row.amount < ZERO
        yield made(
            ExceptionKind.RECORDED_NOT_RECEIVED,
            (opens, row.session_id or 0, ""),
            row.name or "",
            f"Session of {row.day:%m/%d/%Y}" if known else "Without a session",
            row.amount,
            row.since,
            as_of,
            (
                "More came than SimplePractice calls paid: import its newest reports."
                if more
                else "Import the payment report, or enter the payment that SimplePractice shows."
            ),
        )


def _is_transfer(one: Undeposited) -> bool:
    return one.method in _SENT and one.refund_id is None


def _remittances_of(work: Work, payment_ids: Collection[int]) -> dict[int, tuple[int, str, date]]:
    rows = work.db.execute(
        select(Remittance.payment_id, Remittance.id, Remittance.number, Remittance.paid_on).where(
            among(work, Remittance.payment_id, payment_ids), Remittance.test.is_(False)
        )
    )
    return {row.payment_id: (row.id, row.number, row.paid_on) for row in rows if row.payment_id}


def _sent(one: Undeposited, told: tuple[int, str, date], as_of: date) -> BankException:
    ident, number, paid_on = told
    return made(
        ExceptionKind.REMITTANCE_WITHOUT_MONEY,
        (Opens.REMITTANCE, ident, number),
        one.owner,
        f"{how('Transfer', one.reference)}, posted as {one.number}",
        one.amount,
        min(paid_on, one.received_on),
        as_of,
        "Read the bank's statement; where it is not there, ask the payer to trace the transfer.",
    )


def _in_the_drawer(one: Undeposited, as_of: date) -> BankException:
    to_do = "Put it into a deposit."
    if one.returned:
        to_do = "The bank has returned it: enter the deposit that it was in."
    elif one.amount < ZERO:
        to_do = "It was kept back from a card payout: put it into that payout's deposit."
    elif one.method in _SENT:
        to_do = "Match it with the bank's line, or make its deposit."
    return made(
        ExceptionKind.POSTED_NOT_DEPOSITED,
        (Opens.PAYMENT, one.payment_id, one.number),
        one.owner,
        how(_METHODS[one.method.value], one.reference),
        one.amount,
        one.received_on,
        as_of,
        to_do,
    )


def _unposted(work: Work, as_of: date) -> Iterator[BankException]:
    """Yield remittances of which nothing is posted and whose money the bank does not show."""
    at_the_bank = exists().where(
        BankLine.live.is_(True),
        BankLine.on <= as_of,
        BankLine.amount == Remittance.amount,
        BankLine.trace == Remittance.trace,
        BankLine.trace != "",
    )
    rows = work.db.execute(
        select(
            Remittance.id,
            Remittance.number,
            Remittance.trace,
            Remittance.amount,
            Remittance.paid_on,
            Remittance.status,
            Remittance.payer_name,
            Payer.short_name,
        )
        .outerjoin(Payer, Payer.id == Remittance.payer_id)
        .where(
            Remittance.payment_id.is_(None),
            Remittance.status.in_(
                (RemittanceStatus.TO_POST, RemittanceStatus.PARTLY, RemittanceStatus.STOPPED)
            ),
            Remittance.test.is_(False),
            Remittance.amount > ZERO,
            Remittance.paid_on <= as_of,
            ~at_the_bank,
        )
    )
    for row in rows:
        stopped = row.status is RemittanceStatus.STOPPED
        yield made(
            ExceptionKind.REMITTANCE_WITHOUT_MONEY,
            (Opens.REMITTANCE, row.id, row.number),
            row.short_name or row.payer_name,
            f"{how('Check or transfer', row.trace)}, not posted",
            row.amount,
            row.paid_on,
            as_of,
            (
                "It is stopped: look at why, and ask the payer for a right one."
                if stopped
                else "Post it, and look for the money at the bank."
            ),
        )
