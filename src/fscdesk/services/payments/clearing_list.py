"""The 1060 list: what SimplePractice calls paid and no payment has closed, each with its reason.

One line for each charge and part that stands open; their sum is the balance of account 1060.
Beside it the payments of SimplePractice with money left, and the refunds that wait for theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select

from fscdesk.models.charge import Charge
from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow, Verdict
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Credit, Payment, PaymentOrigin
from fscdesk.models.refund import Refund
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.ledger.balances import balance
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.clearing_reasons import (
    Open,
    credit_reasons,
    reasons_of,
    waiting_requests,
)
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Work

CLIENT_PAID, PAYER_PAID, WRITTEN_OFF = "client_paid", "payer_paid", "written_off"
WAITS_FOR_PAYMENT = "Waits for the payment that was refunded"
"""How the reason of a refund's row begins whose payment is not here (reports/payment_export)."""
CLOSED_SINCE = "Settled since that day"
"""The reason of a line of an earlier day that is not open any more."""


@dataclass(frozen=True, slots=True)
class ClearingLine:
    """What stands open for one part of one charge; negative: more was closed than is called paid.

    ``part`` is client_paid, payer_paid or written_off. ``since`` is the day of its first entry.
    ``request_id`` is the request that it waits in, where somebody took the write-off by hand.
    """

    charge_id: int | None
    session_id: int | None
    patient_id: int | None
    patient: str
    number: str
    payer: str
    day: date | None
    code: str
    part: str
    since: date
    amount: Money
    reason: str
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A payment of SimplePractice with money left; ``owner`` is a client or a payer."""

    payment_id: int
    payment: str
    owner: str
    received_on: date
    amount: Money
    left: Money
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingRefund:
    """A refund of SimplePractice that could not be posted: the row, and the file it stands in."""

    file_name: str
    line: int
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """The whole list. ``ledger`` is the balance of account 1060; ``difference`` must be zero.

    ``as_of`` is the earlier day on which the lines stood open; None is now.
    """

    lines: tuple[ClearingLine, ...]
    left_over: tuple[LeftOver, ...]
    refunds: tuple[WaitingRefund, ...]
    total: Money
    ledger: Money
    as_of: date | None = None

    @property
    def difference(self) -> Money:
        """Return what the lines and the ledger differ by."""
        return self.ledger - self.total


def clearing_list(work: Work, as_of: date | None = None) -> Clearing:
    """Return everything that stands open in account 1060, with the reason of each line.

    As of an earlier day it is what stood open then; reasons of what is open still, payments with
    money left and refunds that wait are those of now.
    """
    require(work, Right.SEE_REPORTS, "look at what is recorded in SimplePractice")
    lines = _lines(work, work.db.execute(_asked(_sums(as_of), "day")).all())
    if as_of is not None:
        now = _sums()
        still = {(row[0], row[1]) for row in work.db.execute(select(now.c.charge_id, now.c.part))}
        lines = tuple(
            line if (line.charge_id, line.part) in still else replace(line, reason=CLOSED_SINCE)
            for line in lines
        )
    return Clearing(
        lines,
        tuple(left_over(work)),
        tuple(waiting_refunds(work)),
        Money(sum(line.amount.cents for line in lines)),
        balance(work, RECORDED_IN_SIMPLEPRACTICE, as_of=as_of),
        as_of,
    )


def page_of_clearing(work: Work, span: Span, *, part: str = "") -> Page[ClearingLine]:
    """Return a span of the list. Sorts: day, since, patient, amount; ``part`` picks one of them.

    ``totals`` has the amount of all lines of that part.
    """
    require(work, Right.SEE_REPORTS, "look at what is recorded in SimplePractice")
    sums = _sums()
    wanted = [sums.c.part == part] if part else []
    total, amount = work.db.execute(
        select(func.count(), func.sum(sums.c.amount)).where(*wanted)
    ).one()
    rows = work.db.execute(
        _asked(sums, span.sort, descending=span.descending)
        .where(*wanted)
        .offset(span.start)
        .limit(span.size)
    ).all()
    told = amount if isinstance(amount, Money) else Money(int(amount or 0))
    return Page(span.start, total, _lines(work, rows), {"amount": told})


def left_over(work: Work) -> list[LeftOver]:
    """Return the payments of SimplePractice that are not applied to the end, oldest first."""
    rows = work.db.execute(
        select(
            Payment.id,
            Payment.number,
            Patient.name,
            Payer.name,
            Payment.received_on,
            Payment.amount,
            Credit.balance,
            Credit.patient_id,
            Credit.payer_id,
            Payment.reference,
        )
        .join(Credit, Credit.payment_id == Payment.id)
        .outerjoin(Patient, Patient.id == Credit.patient_id)
        .outerjoin(Payer, Payer.id == Credit.payer_id)
        .where(Payment.origin == PaymentOrigin.SIMPLEPRACTICE, Credit.balance > ZERO)
        .order_by(Payment.received_on, Payment.id, Credit.id)
    ).all()
    reasons = credit_reasons(
        work, [(row.patient_id, row.received_on, row.amount, row.balance) for row in rows]
    )
    return [
        LeftOver(row[0], row[1], row[2] or row[3] or "", *row[4:7], reason=reason)
        for row, reason in zip(rows, reasons, strict=True)
    ]


def waiting_refunds(work: Work) -> list[WaitingRefund]:
    """Return the refunds that no import could post yet, each once, by its newest import."""
    rows = work.db.execute(
        select(
            ImportBatch.file_name, ImportRow.line, ImportRow.raw, ImportRow.reason, ImportRow.before
        )
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            ImportBatch.status == BatchStatus.APPLIED,
            ImportRow.verdict == Verdict.SKIPPED,
            ImportRow.reason.startswith(WAITS_FOR_PAYMENT),
        )
        .order_by(ImportRow.id.desc())
    ).all()
    keys = set(work.db.scalars(select(Refund.request_key)))
    found: dict[str, WaitingRefund] = {}
    for name, line, raw, reason, before in rows:
        if not any(key and f'"{key}"' in (before or "") for key in keys):
            found.setdefault(raw, WaitingRefund(name, line, raw, reason))
    return list(found.values())


def _part() -> ColumnElement[str]:
    return case(
        (JournalLine.part == Part.PATIENT_PAID, CLIENT_PAID),
        (JournalLine.part == Part.INSURANCE_PAID, PAYER_PAID),
        else_=WRITTEN_OFF,
    )


def _sums(as_of: date | None = None) -> Subquery:
    """Return the open amounts by charge and part, each with the day of its first entry."""
    which = _part().label("part")
    until = [] if as_of is None else [JournalLine.day <= as_of]
    return (
        select(
            JournalLine.charge_id,
            which,
            func.sum(JournalLine.amount).label("amount"),
            func.min(JournalLine.day).label("since"),
        )
        .where(JournalLine.account == RECORDED_IN_SIMPLEPRACTICE, *until)
        .group_by(JournalLine.charge_id, which)
        .having(func.sum(JournalLine.amount) != ZERO)
        .subquery()
    )


def _asked(sums: Subquery, sort: str, *, descending: bool = False) -> Select[Any]:
    """Return the question for the lines with whom they are about, in order."""
    keys = {"since": sums.c.since, "patient": Patient.sort_name, "amount": sums.c.amount}
    order = [keys.get(sort, Charge.service_day), sums.c.charge_id, sums.c.part]
    return (
        select(
            sums.c.charge_id,
            sums.c.part,
            sums.c.amount,
            sums.c.since,
            Charge.session_id,
            Charge.patient_id,
            Charge.payer_id,
            Charge.service_day,
            Charge.code,
            Patient.name.label("patient"),
            Patient.number,
            Payer.name.label("payer"),
        )
        .select_from(sums)
        .outerjoin(Charge, Charge.id == sums.c.charge_id)
        .outerjoin(Patient, Patient.id == Charge.patient_id)
        .outerjoin(Payer, Payer.id == Charge.payer_id)
        .order_by(*(key.desc() if descending else key.asc() for key in order))
    )


def _lines(work: Work, rows: Sequence[Any]) -> tuple[ClearingLine, ...]:
    waits = waiting_requests(work, {row.charge_id or 0 for row in rows if row.part == WRITTEN_OFF})
    opens = [
        Open(
            row.charge_id,
            row.session_id,
            row.patient_id,
            row.payer_id,
            row.service_day,
            row.part,
            row.amount,
            waits.get(row.charge_id, (0, ""))[1] if row.part == WRITTEN_OFF else "",
        )
        for row in rows
    ]
    reasons = reasons_of(work, opens)
    return tuple(
        ClearingLine(
            charge_id=row.charge_id,
            session_id=row.session_id,
            patient_id=row.patient_id,
            patient=row.patient or "",
            number=row.number or "",
            payer=row.payer or "",
            day=row.service_day,
            code=row.code or "",
            part=row.part,
            since=row.since,
            amount=row.amount,
            reason=reason,
            request_id=(
                waits[row.charge_id][0]
                if row.part == WRITTEN_OFF and row.charge_id in waits
                else None
            ),
        )
        for row, reason in zip(rows, reasons, strict=True)
    )
