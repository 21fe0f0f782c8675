"""Says in words why something stands open in account 1060, or why a payment has money left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.approval import ApprovalRequest
from fscdesk.models.charge import Charge, Side
from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import PatientAlias
from fscdesk.models.payment import Credit, Payment, PaymentOrigin
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.session import SessionReport
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import ZERO, Money
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.work import Work

_EXPORT = "sp_payment_export"
_ANSWERED_WITHIN = timedelta(days=366)
"""How long after a service a payer's payment is still thought to be for it: a year to file."""


@dataclass(frozen=True, slots=True)
class Open:
    """What of 1060 a reason is wanted for; ``part`` is client_paid, payer_paid, written_off.

    ``waits_in`` is the number of the request that it waits in.
    """

    charge_id: int | None
    session_id: int | None
    patient_id: int | None
    payer_id: int | None
    day: date | None
    part: str
    amount: Money
    waits_in: str = ""


@dataclass(slots=True)
class _Facts:
    refunds: dict[int, list[tuple[date, Money]]] = field(default_factory=lambda: defaultdict(list))
    told: dict[tuple[int, date], date] = field(default_factory=dict)  # client, session: paid on
    namesakes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    credits: dict[int, list[tuple[date, Money]]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[int, list[tuple[date, str, Money]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # payer: its payments with money left, the oldest first
    payer_paid: dict[int, Money] = field(default_factory=dict)  # session: what is called paid
    covered: list[tuple[date, date]] = field(default_factory=list)
    arrived: set[int] = field(default_factory=set)  # charges whose payer's payment is here


def reasons_of(work: Work, items: Sequence[Open]) -> list[str]:
    """Return the reason of each open amount, in order."""
    if not items:
        return []
    facts = _facts(work, items)
    return [_reason(facts, item) for item in items]


def waiting_requests(work: Work, charges: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return the requests (id, number) in which write-offs of these charges wait, by charge."""
    found = (
        select(Adjustment.charge_id, ApprovalRequest.id, ApprovalRequest.number)
        .join(ApprovalRequest, ApprovalRequest.id == Adjustment.request_id)
        .where(
            among(work, Adjustment.charge_id, charges),
            Adjustment.status == AdjustmentStatus.WAITING,
            Adjustment.recorded.is_(True),
        )
    )
    return {row.charge_id: (row.id, row.number) for row in work.db.execute(found)}


def credit_reasons(work: Work, left: Sequence[tuple[int | None, date, Money, Money]]) -> list[str]:
    """Return why payments (client or None, day, amount, what is left) are not applied."""
    patients = {patient_id for patient_id, *_ in left if patient_id is not None}
    loose = {
        (row.patient_id, row.paid_on, row.amount.cents)
        for row in work.db.execute(
            select(
                ReportedAllocation.patient_id,
                ReportedAllocation.paid_on,
                ReportedAllocation.amount,
            ).where(
                among(work, ReportedAllocation.patient_id, patients),
                ReportedAllocation.side == Side.PATIENT,
                ReportedAllocation.session_day.is_(None),
            )
        )
    }
    charged = set(
        work.db.scalars(
            select(Charge.patient_id)
            .where(among(work, Charge.patient_id, patients), Charge.voided_on.is_(None))
            .distinct()
        )
    )
    found = []
    for patient_id, day, amount, rest in left:
        if patient_id is None:
            found.append(
                "The payer’s payment is here, but no report says what the rest of it paid"
                if rest < amount
                else "The payer’s payment is here, but no report says what it paid, or the sessions"
                " are not here"
            )
        elif (patient_id, day, amount.cents) in loose:
            found.append("SimplePractice has it as an unallocated credit too")
        elif patient_id not in charged:
            found.append("No session of this client is here")
        else:
            found.append("SimplePractice calls no session paid with it")
    return found


def _reason(facts: _Facts, item: Open) -> str:
    if item.amount < ZERO:
        return "More has closed it than SimplePractice calls paid now"
    if item.part == "client_paid":
        return _client_reason(facts, item)
    if item.waits_in:
        return f"Written off by hand: request {item.waits_in} waits for a second person"
    if item.part == "payer_paid":
        return _payer_reason(facts.checks.get(item.payer_id or 0, []), item.day)
    if item.charge_id in facts.arrived:
        return "Written off with the payer’s payment: the next import takes it as contractual"
    if facts.payer_paid.get(item.session_id or 0, ZERO) > ZERO:
        return "Written off, but the payer’s payment is missing"
    return (
        "Written off in SimplePractice without a payment of the payer: import its payment, take it"
        " as contractual if the payer answered so, or take the write-off back there"
    )


def _payer_reason(checks: Sequence[tuple[date, str, Money]], day: date | None) -> str:
    """Name the first payment that can have paid a service: none came before it was given."""
    for paid_on, reference, rest in checks:
        if day is None or day <= paid_on <= day + _ANSWERED_WITHIN:
            which = f"payment {reference}" if reference else "payment"
            return (
                f"The payer’s {which} of {paid_on:%m/%d/%Y} is here with {rest} left, but no report"
                " says that it paid this: import the income allocation or the insurance payments"
            )
    if checks:
        return (
            "No payment of the payer with money left can have paid this, by its day: import the"
            " insurance payments or the payment export"
        )
    return "No payment of the payer came: import the insurance payments or the payment export"


def _client_reason(facts: _Facts, item: Open) -> str:
    patient_id = item.patient_id or 0
    for day, amount in facts.refunds.get(patient_id, ()):
        if amount >= item.amount and (item.day is None or day >= item.day):
            return (
                f"SimplePractice refunded {amount} on {day:%m/%d/%Y}, but its appointment report"
                " still calls this paid: import a newer one"
            )
    for other in sorted(facts.namesakes.get(patient_id, ())):
        for day, amount in facts.credits.get(other, ()):
            if amount >= item.amount:
                return (
                    f"A payment with {amount} left came on {day:%m/%d/%Y}, but it belongs to"
                    " another client of this name: transfer it if it is this one’s"
                )
    paid_on = None if item.day is None else facts.told.get((patient_id, item.day))
    if paid_on is not None:
        return (
            f"The income allocation says that it was paid on {paid_on:%m/%d/%Y}, but that payment"
            " is not here: import the payment export of that day"
        )
    if item.day is not None and any(first <= item.day <= last for first, last in facts.covered):
        return "No payment came for it, although the payment export of its day is here"
    return "No payment came: the payment export of its day is not here"


def _facts(work: Work, items: Sequence[Open]) -> _Facts:
    facts = _Facts()
    patients = {one.patient_id for one in items if one.patient_id is not None}
    _read_namesakes(work, patients, facts)
    for patient_id, day, amount in work.db.execute(
        select(Credit.patient_id, Refund.paid_on, Refund.amount)
        .join(Credit, Credit.id == Refund.credit_id)
        .where(among(work, Credit.patient_id, patients), Refund.status == RefundStatus.PAID)
        .order_by(Refund.paid_on.desc())
    ):
        if day is not None:
            facts.refunds[patient_id or 0].append((day, amount))
    for patient_id, session_day, paid_on in work.db.execute(
        select(
            ReportedAllocation.patient_id,
            ReportedAllocation.session_day,
            ReportedAllocation.paid_on,
        ).where(
            among(work, ReportedAllocation.patient_id, patients),
            ReportedAllocation.side == Side.PATIENT,
            ReportedAllocation.session_day.is_not(None),
            ReportedAllocation.amount > ZERO,
        )
    ):
        if session_day is not None:
            facts.told[patient_id or 0, session_day] = paid_on
    _read_checks(work, items, facts)
    sessions = {one.session_id for one in items if one.session_id is not None}
    facts.payer_paid = {
        row.session_id: row.insurance_paid
        for row in work.db.execute(
            select(SessionReport.session_id, SessionReport.insurance_paid).where(
                among(work, SessionReport.session_id, sessions)
            )
        )
    }
    facts.covered = [
        (row.first_day, row.last_day)
        for row in work.db.execute(
            select(ImportBatch.first_day, ImportBatch.last_day).where(
                ImportBatch.profile == _EXPORT,
                ImportBatch.status == BatchStatus.APPLIED,
                ImportBatch.first_day.is_not(None),
            )
        )
    ]
    return facts


def _read_checks(work: Work, items: Sequence[Open], facts: _Facts) -> None:
    """Read what is left of payers' payments, and which charges a payer's payment has reached."""
    payers = {one.payer_id for one in items if one.payer_id is not None}
    for payer_id, paid_on, reference, rest in work.db.execute(
        select(Credit.payer_id, Payment.received_on, Payment.reference, Credit.balance)
        .join(Payment, Payment.id == Credit.payment_id)
        .where(
            among(work, Credit.payer_id, payers),
            Payment.origin == PaymentOrigin.SIMPLEPRACTICE,
            Credit.balance > ZERO,
        )
        .order_by(Payment.received_on, Payment.id)
    ):
        facts.checks[payer_id or 0].append((paid_on, reference, rest))
    charges = {one.charge_id for one in items if one.charge_id is not None}
    facts.arrived = {
        one
        for one in work.db.scalars(
            select(JournalLine.charge_id)
            .where(
                among(work, JournalLine.charge_id, charges),
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                JournalLine.part == Part.INSURANCE_PAID,
                JournalLine.payment_id.is_not(None),
            )
            .group_by(JournalLine.charge_id)
            .having(func.sum(JournalLine.amount) != ZERO)
        )
        if one is not None
    }


def _read_namesakes(work: Work, patients: set[int], facts: _Facts) -> None:
    """Read who else has the names of some clients, and what is left of their payments."""
    spelled = select(PatientAlias.alias).where(among(work, PatientAlias.patient_id, patients))
    groups: dict[str, set[int]] = defaultdict(set)
    for alias, patient_id in work.db.execute(
        select(PatientAlias.alias, PatientAlias.patient_id).where(PatientAlias.alias.in_(spelled))
    ):
        groups[alias].add(patient_id)
    everybody: set[int] = set()
    for group in groups.values():
        for one in group & patients:
            facts.namesakes[one] |= group - {one}
            everybody |= group - {one}
    for namesake, day, rest in work.db.execute(
        select(Credit.patient_id, Payment.received_on, Credit.balance)
        .join(Payment, Payment.id == Credit.payment_id)
        .where(
            among(work, Credit.patient_id, everybody),
            Payment.origin == PaymentOrigin.SIMPLEPRACTICE,
            Credit.balance > ZERO,
        )
    ):
        facts.credits[namesake or 0].append((day, rest))
