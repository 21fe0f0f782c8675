"""The insurance payment report: what payers paid or denied, claim by claim.

The rows of one check are one payment of the payer, made unless it is here already. What each row
says it paid is kept, so that the check finds its sessions; a claim gets its newest status.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.payment import PaymentStatus
from fscdesk.models.simplepractice import ReportedAllocation
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.insurance_payments import InsurancePaymentRow
from fscdesk.services.importing.readers.report_rows import total
from fscdesk.services.importing.report_signatures import INSURANCE_PAYMENTS
from fscdesk.services.importing.reports.allocation_rows import keys_of, known_keys
from fscdesk.services.importing.reports.check_steps import Check, RowStep, write_checks
from fscdesk.services.importing.reports.claim_words import (
    KnownClaim,
    known_claims,
    restore_claims,
)
from fscdesk.services.importing.reports.known_payments import (
    NEAR,
    PAYER,
    KnownPayment,
    payments_between,
)
from fscdesk.services.importing.reports.payments_undone import forget_rows, take_payments_back
from fscdesk.services.importing.reports_engine import (
    Applying,
    Decision,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.patients.names import alias_key
from fscdesk.services.payments.days import FUTURE_DAYS
from fscdesk.services.spreadsheets.cells import PayerName
from fscdesk.services.work import Topic, Work

Plan = Planning[InsurancePaymentRow]


@dataclass(slots=True)
class _State:
    keys: list[tuple[str, int]]
    known: dict[str, int]
    payments: list[KnownPayment]
    claims: dict[str, KnownClaim]
    checks: dict[tuple[int, str, date], Check] = field(default_factory=dict)
    grouped: bool = False


class InsurancePayments(ReportKind[InsurancePaymentRow]):
    """Rows become payers' payments, what they paid, and the status of claims."""

    profile: ClassVar[str] = INSURANCE_PAYMENTS
    makes_clients: ClassVar[bool] = True
    makes_others: ClassVar[bool] = True
    settles: ClassVar[bool] = True
    topics: ClassVar[tuple[Topic, ...]] = (Topic.PAYMENTS, Topic.LEDGER)

    def named(self, row: InsurancePaymentRow) -> Named:
        """Return the client and the payer."""
        payer = PayerName(row.payer, "") if row.payer else None
        return Named(client=row.client, payer=payer, day=row.received_on)

    def begin(self, planning: Plan) -> _State:
        """Read what is known of these rows, of payers' payments of these days, and of claims."""
        work, report = planning.work, planning.report
        keys = keys_of("ip|", [_facts(row) for row in report.rows])
        first, last = report.first_day or planning.day, report.last_day or planning.day
        return _State(
            keys,
            known_keys(work, [key for key, _ in keys]),
            [one for one in payments_between(work, first - NEAR, last + NEAR) if _payers(one)],
            known_claims(work, [row.clearinghouse_reference for row in report.rows]),
        )

    def which(self, planning: Plan, at: int, patients: Sequence[int]) -> int | None:
        """Say which client of a shared name is meant: the claim tells, else the payer."""
        state: _State = planning.state
        claim = state.claims.get(planning.report.rows[at].clearinghouse_reference)
        if claim is not None and claim.patient_id in patients:
            return claim.patient_id
        payer_id = planning.payer(at)
        if payer_id is None or payer_id < 0:
            return None
        covered = planning.work.db.scalars(
            select(Charge.patient_id)
            .where(Charge.patient_id.in_(patients), Charge.payer_id == payer_id)
            .distinct()
        ).all()
        return covered[0] if len(covered) == 1 else None

    def plan_row(self, planning: Plan, at: int, row: InsurancePaymentRow) -> Decision:
        """Say what a row adds: a share of a check, and the word about a claim."""
        state: _State = planning.state
        if not state.grouped:
            _group(planning, state)
        if planning.patient(at) is None or planning.payer(at) is None:
            return Decision(
                Verdict.SKIPPED, reason=f"“{row.client}” or “{row.payer}” could not be placed"
            )
        if row.received_on > planning.work.today() + timedelta(days=FUTURE_DAYS):
            return Decision(Verdict.SKIPPED, reason=f"{row.received_on:%m/%d/%Y} has not come yet")
        check = state.checks[_check_key(planning, at, row)]
        new_share = bool(row.amount) and state.keys[at][0] not in state.known
        claim = state.claims.get(row.clearinghouse_reference)
        news = _claim_news(row, claim)
        known = check.known
        if not new_share and not news:
            return Decision(
                Verdict.UNCHANGED,
                reason="This is known",
                noun=None if known is None else "payment",
                noun_id=None if known is None else known.id,
            )
        step = RowStep(check, state.keys[at] if new_share else None, news)
        verdict = Verdict.NEW if new_share or claim is None else Verdict.CHANGED
        return Decision(verdict, what=_words(row, check, new_share=new_share), step=step)

    def end(self, planning: Plan) -> None:
        """Tell of checks whose rows do not add up to money that came."""
        state: _State = planning.state
        for (_, reference, day), check in state.checks.items():
            if check.known is None and check.total < ZERO:
                planning.findings.append(
                    Finding(
                        "payer-took-back",
                        f"The rows of {reference or 'a payment'} of {day:%m/%d/%Y} come to"
                        f" {check.total}: the payer took money back. No payment is made of it.",
                        f"line {check.line}",
                        Severity.WARNING,
                    )
                )
            elif check.known is not None and check.differs:
                planning.findings.append(
                    Finding(
                        "check-differs",
                        f"The rows of {reference or 'a payment'} come to {check.total}, but payment"
                        f" {check.known.number} is {check.known.amount}.",
                        f"line {check.line}",
                        Severity.WARNING,
                    )
                )

    def apply(self, applying: Applying) -> None:
        """Receive the checks, keep what they paid, and write the claims."""
        write_checks(applying)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Void the checks, forget what they paid, give the claims their old status back."""
        restore_claims(work, batch)
        return take_payments_back(work, batch) + forget_rows(work, ReportedAllocation, batch)


def _payers(one: KnownPayment) -> bool:
    return one.owner[0] == PAYER and one.status is PaymentStatus.POSTED


def _facts(row: InsurancePaymentRow) -> tuple[object, ...]:
    who = row.clearinghouse_reference or f"{row.payer_claim}|{alias_key(row.client)}"
    return who, row.received_on, row.reference, row.amount.cents


def _check_key(planning: Plan, at: int, row: InsurancePaymentRow) -> tuple[int, str, date]:
    return planning.payer(at) or 0, row.reference, row.received_on


def _group(planning: Plan, state: _State) -> None:
    """Put the rows of one check together, and find the payment that it is, if it is here."""
    state.grouped = True
    rows: dict[tuple[int, str, date], list[int]] = defaultdict(list)
    for at, row in enumerate(planning.report.rows):
        if planning.payer(at) is not None and planning.patient(at) is not None:
            rows[_check_key(planning, at, row)].append(at)
    for key, places in rows.items():
        told = [planning.report.rows[at] for at in places]
        new = [
            planning.report.rows[at].amount for at in places if state.keys[at][0] not in state.known
        ]
        whole = total(row.amount for row in told)
        state.checks[key] = Check(
            payer_id=key[0],
            reference=key[1],
            received_on=key[2],
            total=whole,
            new=total(new),
            line=told[0].line,
            known=_same_check(state, key, whole),
        )


def _same_check(state: _State, key: tuple[int, str, date], whole: Money) -> KnownPayment | None:
    payer_id, reference, day = key
    for one in state.payments:
        if one.owner != (PAYER, payer_id):
            continue
        if reference and one.reference == reference and one.is_near(day):
            return one
        same = one.received_on == day and one.amount == whole
        if same and not (reference and one.reference):
            return one
    return None


def _claim_news(row: InsurancePaymentRow, claim: KnownClaim | None) -> bool:
    """Return whether the row says something about its claim that is not kept."""
    if not row.clearinghouse_reference:
        return False
    return claim is None or (claim.status, claim.payer_claim) != (
        row.status or claim.status,
        row.payer_claim or claim.payer_claim,
    )


def _words(row: InsurancePaymentRow, check: Check, *, new_share: bool) -> str:
    if not row.amount:
        return f"{row.status or 'Answered'}: no money"
    if not new_share:
        return f"The claim is {row.status or 'answered'}"
    if check.known is not None:
        return f"{row.amount} of payment {check.known.number}"
    return f"{row.amount} of {check.reference or 'a payment'}, {check.total} in all"
