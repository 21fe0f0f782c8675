"""Adjustments and credit memos as lists show them: of an account, of a request, of the practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.charge import Charge, Side
from fscdesk.models.invoice import CreditMemo, Invoice, MemoStatus
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payment import Credit
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjustment_rules import RULES
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One adjustment: what it changes, why, where it stands, and who made it when (UTC).

    A positive ``amount`` lowers what ``side`` owes. ``request_number`` is empty where nobody had
    to be asked; ``account`` and ``guarantor`` are who pays for the charge.
    """

    id: int
    number: str
    kind: AdjustmentKind
    word: str
    status: AdjustmentStatus
    side: Side
    charge_id: int
    session_id: int | None
    code: str
    service_day: date
    patient_id: int
    patient: str
    patient_number: str
    guarantor_id: int
    guarantor: str
    account: str
    amount: Money
    reason: str
    group_code: str
    carc: str
    rarc: str
    on: date
    request_id: int | None
    request_number: str
    entry_id: int | None
    made_by: str
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class AdjustmentFilter:
    """Which adjustments a list shows; days are those in the books. Empty asks for all."""

    kinds: tuple[AdjustmentKind, ...] = ()
    statuses: tuple[AdjustmentStatus, ...] = ()
    patient_id: int | None = None
    request_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class MemoRow:
    """One credit memo: ``left`` is what can still be applied, ``applied`` what was."""

    id: int
    number: str
    status: MemoStatus
    patient_id: int
    patient: str
    guarantor_id: int
    guarantor: str
    invoice: str
    amount: Money
    applied: Money
    left: Money
    reason: str
    issued_on: date
    void_reason: str
    credit_id: int | None
    request_id: int | None
    request_number: str
    version: int


SORTS: Final = MappingProxyType(
    {
        "number": Adjustment.id,
        "on": Adjustment.on,
        "patient": Patient.sort_name,
        "kind": Adjustment.kind,
        "status": Adjustment.status,
        "amount": Adjustment.amount,
    }
)


def page_of_adjustments(work: Work, wanted: AdjustmentFilter, span: Span) -> Page[AdjustmentRow]:
    """Return a span of adjustments; ``totals["amount"]`` is the sum of all that match.

    ``span.sort`` is one of ``SORTS``.
    """
    where = _conditions(wanted)
    count, total = work.db.execute(
        select(func.count(), func.sum(Adjustment.amount)).select_from(Adjustment).where(*where)
    ).one()
    order = SORTS[span.sort]
    found = (
        _adjustments()
        .where(*where)
        .order_by(order.desc() if span.descending else order.asc(), Adjustment.id)
        .offset(span.start)
        .limit(span.size)
    )
    rows = tuple(_row(*row) for row in work.db.execute(found))
    return Page(span.start, count, rows, {"amount": total or ZERO})


def adjustments_of(work: Work, patient_id: int) -> tuple[AdjustmentRow, ...]:
    """Return every adjustment of a patient's charges, the newest first."""
    found = _adjustments().where(Adjustment.patient_id == patient_id)
    return tuple(_row(*row) for row in work.db.execute(found.order_by(Adjustment.id.desc())))


def adjustments_in(work: Work, request_id: int) -> tuple[AdjustmentRow, ...]:
    """Return what a request asks for, in the order in which it was asked."""
    found = _adjustments().where(Adjustment.request_id == request_id)
    return tuple(_row(*row) for row in work.db.execute(found.order_by(Adjustment.id)))


def adjustment_row(work: Work, adjustment_id: int) -> AdjustmentRow:
    """Return one adjustment. Raises Problem when there is none of that id."""
    found = work.db.execute(_adjustments().where(Adjustment.id == adjustment_id)).one_or_none()
    if found is None:
        raise Problem("This adjustment is not in the books.", hint="Look at the list again.")
    return _row(*found)


def memos_of(work: Work, patient_id: int) -> tuple[MemoRow, ...]:
    """Return the credit memos of a patient, the newest first."""
    found = _memos().where(CreditMemo.patient_id == patient_id)
    return tuple(_memo(*row) for row in work.db.execute(found.order_by(CreditMemo.id.desc())))


def memo_in(work: Work, request_id: int) -> MemoRow | None:
    """Return the credit memo that a request asks for, if it asks for one."""
    found = work.db.execute(_memos().where(CreditMemo.request_id == request_id)).one_or_none()
    return None if found is None else _memo(*found)


def page_of_memos(work: Work, span: Span, *, status: MemoStatus | None = None) -> Page[MemoRow]:
    """Return a span of credit memos by number; totals: ``amount`` and ``left``."""
    where = () if status is None else (CreditMemo.status == status,)
    count, total, left = work.db.execute(
        select(func.count(), func.sum(CreditMemo.amount), func.sum(Credit.balance))
        .select_from(CreditMemo)
        .outerjoin(Credit, Credit.id == CreditMemo.credit_id)
        .where(*where)
    ).one()
    order = CreditMemo.id.desc() if span.descending else CreditMemo.id.asc()
    found = _memos().where(*where).order_by(order).offset(span.start).limit(span.size)
    rows = tuple(_memo(*row) for row in work.db.execute(found))
    return Page(span.start, count, rows, {"amount": total or ZERO, "left": left or ZERO})


def _conditions(wanted: AdjustmentFilter) -> list[Any]:
    where: list[Any] = []
    if wanted.kinds:
        where.append(Adjustment.kind.in_(wanted.kinds))
    if wanted.statuses:
        where.append(Adjustment.status.in_(wanted.statuses))
    if wanted.patient_id is not None:
        where.append(Adjustment.patient_id == wanted.patient_id)
    if wanted.request_id is not None:
        where.append(Adjustment.request_id == wanted.request_id)
    if wanted.from_day is not None:
        where.append(Adjustment.on >= wanted.from_day)
    if wanted.to_day is not None:
        where.append(Adjustment.on <= wanted.to_day)
    return where


def _adjustments() -> Select[Adjustment, Charge, Patient, Guarantor, str, str]:
    return (
        select(Adjustment, Charge, Patient, Guarantor, ApprovalRequest.number, Staff.name)
        .join(Charge, Charge.id == Adjustment.charge_id)
        .join(Patient, Patient.id == Adjustment.patient_id)
        .join(Guarantor, Guarantor.id == Charge.guarantor_id)
        .join(Staff, Staff.id == Adjustment.made_by)
        .outerjoin(ApprovalRequest, ApprovalRequest.id == Adjustment.request_id)
    )


def _row(
    one: Adjustment,
    charge: Charge,
    patient: Patient,
    pays: Guarantor,
    request: str | None,
    by: str,
) -> AdjustmentRow:
    kind = AdjustmentKind(one.kind)
    return AdjustmentRow(
        id=one.id,
        number=one.number,
        kind=kind,
        word=RULES[kind].word,
        status=AdjustmentStatus(one.status),
        side=Side(one.side),
        charge_id=charge.id,
        session_id=charge.session_id,
        code=charge.code,
        service_day=charge.service_day,
        patient_id=patient.id,
        patient=patient.name,
        patient_number=patient.number,
        guarantor_id=pays.id,
        guarantor=pays.name,
        account=pays.number,
        amount=one.amount,
        reason=one.reason,
        group_code=one.group_code,
        carc=one.carc,
        rarc=one.rarc,
        on=one.on,
        request_id=one.request_id,
        request_number=request or "",
        entry_id=one.entry_id,
        made_by=by,
        made_at=one.made_at,
        version=one.version,
    )


def _memos() -> Select[CreditMemo, str, str, str, Credit, str, Money]:
    given = (
        select(-func.sum(JournalLine.amount))
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(
            JournalLine.credit_id == CreditMemo.credit_id,
            or_(
                JournalEntry.kind == EntryKind.CREDIT_MEMO,
                JournalEntry.reverses_id == CreditMemo.entry_id,
            ),
        )
        .correlate(CreditMemo)
        .scalar_subquery()
    )
    return (
        select(
            CreditMemo,
            Patient.name,
            Guarantor.name,
            Invoice.number,
            Credit,
            ApprovalRequest.number,
            given,
        )
        .join(Patient, Patient.id == CreditMemo.patient_id)
        .join(Guarantor, Guarantor.id == CreditMemo.guarantor_id)
        .outerjoin(Invoice, Invoice.id == CreditMemo.invoice_id)
        .outerjoin(Credit, Credit.id == CreditMemo.credit_id)
        .outerjoin(ApprovalRequest, ApprovalRequest.id == CreditMemo.request_id)
    )


def _memo(
    one: CreditMemo,
    patient: str,
    guarantor: str,
    invoice: str | None,
    credit: Credit | None,
    request: str | None,
    given: Money | None,
) -> MemoRow:
    left = ZERO if credit is None else credit.balance
    return MemoRow(
        id=one.id,
        number=one.number,
        status=MemoStatus(one.status),
        patient_id=one.patient_id,
        patient=patient,
        guarantor_id=one.guarantor_id,
        guarantor=guarantor,
        invoice=invoice or "",
        amount=one.amount,
        applied=(given or ZERO) - left,
        left=left,
        reason=one.reason,
        issued_on=one.issued_on,
        void_reason=one.void_reason,
        credit_id=one.credit_id,
        request_id=one.request_id,
        request_number=request or "",
        version=one.version,
    )
