"""Writes what the insurance payment report says: checks, what they paid, and claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fscdesk.models.charge import Side
from fscdesk.models.payment import CreditKind, PaymentMethod, PaymentOrigin
from fscdesk.models.values import ZERO, Money
from fscdesk.services.importing.readers.insurance_payments import InsurancePaymentRow
from fscdesk.services.importing.reports.allocation_rows import Share, store_shares
from fscdesk.services.importing.reports.claim_words import write_claim
from fscdesk.services.importing.reports.known_payments import KnownPayment
from fscdesk.services.importing.reports.payment_words import CHECKS, key_of
from fscdesk.services.importing.reports_engine import Applying, Kept, Step
from fscdesk.services.payments.bulk_receiving import receive_all
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.reported import correct_reported


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """The rows of one payer's payment. ``new`` is the sum of those that were not known."""

    payer_id: int
    reference: str
    received_on: date
    total: Money
    new: Money
    line: int
    known: KnownPayment | None

    @property
    def grows(self) -> bool:
        """Whether an earlier load of this report had fewer rows of the check."""
        return (
            self.known is not None
            and (self.known.external_id or "").startswith(CHECKS)
            and self.new > ZERO
            and self.total > self.known.amount
            and not self.known.deposited
        )

    @property
    def differs(self) -> bool:
        """Whether the payment that is here has another amount than the rows, and keeps it."""
        return self.known is not None and self.known.amount != self.total and not self.grows


@dataclass(frozen=True, slots=True)
class RowStep:
    """What a row writes: its share under this key and occurrence, and its claim."""

    check: Check
    share: tuple[str, int] | None
    claim: bool


def write_checks(applying: Applying) -> None:
    """Receive the checks that are new, store the shares, write the claims."""
    payments = _receive(applying)
    shares = [step for step in applying.steps if step.step.share is not None]
    ids = store_shares(
        applying.work, [_share(applying, step) for step in shares], batch_id=applying.batch.id
    )
    stored = {step.row_id: ident for step, ident in zip(shares, ids, strict=True)}
    grown = {step.step.check for step in applying.steps if step.step.check.grows}
    for step in applying.steps:
        before: dict[str, Any] = {}
        if step.step.claim:
            before = _claim(applying, step)
        check: Check = step.step.check
        payment_id = payments.get(check)
        if check in grown and check.known is not None:
            grown.remove(check)
            before["cents"] = check.known.amount.cents
        if step.row_id in stored:
            before["allocation"] = stored[step.row_id]
        noun = None if payment_id is None else "payment"
        applying.kept[step.row_id] = Kept(noun, payment_id, before or None)


def _receive(applying: Applying) -> dict[Check, int]:
    """Make the payments that are not here; return all of them by their check."""
    checks = list(dict.fromkeys(step.step.check for step in applying.steps))
    found = {check: check.known.id for check in checks if check.known is not None}
    for check in checks:
        if check.known is not None and check.grows:
            correct_reported(
                applying.work,
                check.known.id,
                check.total,
                on=applying.on,
                batch_id=applying.batch.id,
            )
    new = [check for check in checks if check.known is None and check.total > ZERO]
    made = receive_all(
        applying.work,
        [_payment(applying, check) for check in new],
        batch_id=applying.batch.id,
    )
    return found | dict(zip(new, made.payment_ids, strict=True))


def _payment(applying: Applying, check: Check) -> NewPayment:
    payer_id = applying.payer(check.payer_id)
    digits = check.reference.replace("-", "").isdecimal()
    return NewPayment(
        amount=check.total,
        method=PaymentMethod.CHECK if digits else PaymentMethod.EFT,
        received_on=check.received_on,
        payer_id=payer_id,
        reference=check.reference[:100],
        rest=Rest(CreditKind.OVERPAYMENT),
        origin=PaymentOrigin.SIMPLEPRACTICE,
        external_id=key_of(CHECKS, payer_id, check.reference, check.received_on),
    )


def _share(applying: Applying, step: Step) -> Share:
    row: InsurancePaymentRow = applying.row(step)
    key, occurrence = step.step.share
    reference = row.clearinghouse_reference
    return Share(
        key=key,
        occurrence=occurrence,
        side=Side.INSURANCE,
        patient_id=applying.patient(applying.prepared.names.patient(step.at)),
        provider_id=None,
        paid_on=row.received_on,
        session_day=None,
        codes="",
        document=f"Claim #{reference}" if reference else "",
        reference=row.reference,
        amount=row.amount,
    )


def _claim(applying: Applying, step: Step) -> dict[str, Any]:
    row: InsurancePaymentRow = applying.row(step)
    names = applying.prepared.names
    return write_claim(
        applying.work,
        row.clearinghouse_reference,
        payer_claim=row.payer_claim,
        status=row.status,
        patient_id=applying.patient(names.patient(step.at)),
        payer_id=applying.payer(names.payer_of[step.at]),
        batch_id=applying.batch.id,
    )
