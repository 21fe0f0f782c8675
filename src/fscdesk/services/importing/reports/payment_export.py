"""The payment export: every payment and refund that SimplePractice knows, each with its id.

A payment is made once, however often it comes and from whichever report. A check that was typed
here, or that the insurance payment report told first, gets the id and nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from fscdesk.models.import_batch import ImportBatch, Verdict
from fscdesk.models.payment import PaymentStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.plan import FieldChange
from fscdesk.services.importing.readers.payment_export import (
    CLIENT,
    INSURANCE,
    PaymentExportRow,
)
from fscdesk.services.importing.report_signatures import PAYMENT_EXPORT
from fscdesk.services.importing.reports.card_linking import link_cards
from fscdesk.services.importing.reports.known_payments import PATIENT, PAYER, KnownPayment, WhoPaid
from fscdesk.services.importing.reports.payment_state import (
    Plan,
    State,
    coverage,
    owner_of,
    read_state,
    take_same_payment,
    take_same_refund,
)
from fscdesk.services.importing.reports.payment_steps import (
    Back,
    Correct,
    Link,
    LinkBack,
    New,
    write_steps,
)
from fscdesk.services.importing.reports.payment_words import method_of
from fscdesk.services.importing.reports.payments_undone import take_payments_back
from fscdesk.services.importing.reports_engine import (
    WAITS,
    Applying,
    Decision,
    Named,
    ReportKind,
)
from fscdesk.services.payments.days import FUTURE_DAYS
from fscdesk.services.payments.reported import holdings
from fscdesk.services.spreadsheets.cells import PayerName
from fscdesk.services.work import Topic, Work


class PaymentExport(ReportKind[PaymentExportRow]):
    """Rows become payments and refunds."""

    profile: ClassVar[str] = PAYMENT_EXPORT
    makes_clients: ClassVar[bool] = True
    makes_others: ClassVar[bool] = True
    settles: ClassVar[bool] = True
    topics: ClassVar[tuple[Topic, ...]] = (Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)

    def named(self, row: PaymentExportRow) -> Named:
        """Return the client or the payer of a payment."""
        if row.account == CLIENT:
            return Named(client=row.name, day=row.paid_on)
        payer = PayerName(row.name, "") if row.account == INSURANCE and row.name else None
        return Named(payer=payer, day=row.paid_on)

    def begin(self, planning: Plan) -> State:
        """Read the payments and refunds that the rows may be."""
        return read_state(planning)

    def which(self, planning: Plan, at: int, patients: Sequence[int]) -> int | None:
        """Say which client of a shared name paid: the payment is known, or its day and amount."""
        state: State = planning.state
        row, key = planning.report.rows[at], state.keys[at]
        known, refund = state.known.get(key), state.refunds.get(key)
        if known is not None and known.patient_id in patients:
            return known.patient_id
        if refund is not None and refund.owner[0] == PATIENT and refund.owner[1] in patients:
            return refund.owner[1]
        if state.who_paid is None:
            state.who_paid = WhoPaid(planning.work)
        return state.who_paid.one_of(patients, row.paid_on, row.amount)

    def plan_row(self, planning: Plan, at: int, row: PaymentExportRow) -> Decision:
        """Say whether a row is a new payment, a known one, a refund, or cannot be used."""
        state: State = planning.state
        key, owner = state.keys[at], owner_of(planning, at)
        if row.account not in (CLIENT, INSURANCE):
            return _skipped(f"“{row.account}” is no account that fscdesk knows")
        if owner is None:
            return _skipped(f"“{row.name}” could not be placed")
        if not row.amount:
            return _skipped("The amount is 0.00: no money came")
        if row.paid_on > planning.work.today() + timedelta(days=FUTURE_DAYS):
            return _skipped(f"{row.paid_on:%m/%d/%Y} has not come yet")
        if key in state.seen:
            return _skipped(f"The payment id {row.payment_id} stands in line {state.seen[key]} too")
        state.seen[key] = row.line
        if row.amount.cents < 0:
            return _refund(planning, at, row)
        known = state.known.get(key)
        if known is not None:
            return _known(planning, row, known)
        known = take_same_payment(state, row, owner)
        if known is not None:
            return Decision(
                Verdict.CHANGED,
                what=f"Payment {known.number} is here already; it gets the id {row.payment_id}",
                step=Link(known.id, key, known.external_id, known.amount),
                changes=(FieldChange("SimplePractice id", "", row.payment_id),),
                noun="payment",
                noun_id=known.id,
            )
        whose = "from the payer" if owner[0] == PAYER else "from the client"
        how = method_of(row.method_word).value
        return Decision(
            Verdict.NEW,
            what=f"{row.amount} {whose}, {how}, {row.paid_on:%m/%d/%Y}",
            step=New(key, owner),
        )

    def apply(self, applying: Applying) -> None:
        """Correct, link, receive and pay back; then find the cards of the payments."""
        write_steps(applying)
        link_cards(applying.work)

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Void the payments, call off the refunds, give ids and amounts back as they were."""
        return take_payments_back(work, batch)


def _skipped(reason: str) -> Decision:
    return Decision(Verdict.SKIPPED, reason=reason)


def _known(planning: Plan, row: PaymentExportRow, known: KnownPayment) -> Decision:
    """Say what a row does to the payment that has its id: nothing, or another amount."""
    reason = f"It is payment {known.number}"
    if known.status is not PaymentStatus.POSTED:
        reason = f"Payment {known.number} was {known.status.value} here"
    if known.status is not PaymentStatus.POSTED or known.amount == row.amount:
        return Decision(Verdict.UNCHANGED, reason=reason, noun="payment", noun_id=known.id)
    words = f"Amount {known.amount} → {row.amount}"
    why = "it was deposited" if known.deposited else _used(planning, known, row.amount)
    if not why:
        return Decision(
            Verdict.CHANGED,
            what=words,
            step=Correct(known.id, known.amount),
            changes=(FieldChange("Amount", str(known.amount), str(row.amount)),),
            noun="payment",
            noun_id=known.id,
        )
    planning.findings.append(
        Finding(
            "amount-changed",
            f"{words} of payment {known.number} in SimplePractice, but {why}. Take back what was"
            " applied and import again, or correct it by hand.",
            f"line {row.line}",
            Severity.WARNING,
        )
    )
    return Decision(
        Verdict.SKIPPED,
        reason=f"{WAITS} a person: {words}, but {why}",
        noun="payment",
        noun_id=known.id,
    )


def _used(planning: Plan, known: KnownPayment, amount: Money) -> str:
    """Say why a payment cannot become so small: what a person did with it. Empty if it can."""
    if amount >= known.amount:
        return ""
    payers = known.owner[0] == PAYER
    whose = known.owner[1] if payers else known.patient_id or 0
    held = holdings(planning.work, [whose], payers=payers).get(whose, [])
    free = sum(one.free for one in held if one.payment_id == known.id)
    if free >= known.amount.cents - amount.cents:
        return ""
    return f"{known.amount - Money(free)} of it is used here"


def _refund(planning: Plan, at: int, row: PaymentExportRow) -> Decision:
    """Say what becomes of money that went back."""
    state: State = planning.state
    key, owner, amount = state.keys[at], owner_of(planning, at), Money(-row.amount.cents)
    if owner is None:
        return _skipped(f"“{row.name}” could not be placed")
    known = state.refunds.get(key)
    if known is not None:
        reason = f"It is refund {known.number}"
        return Decision(Verdict.UNCHANGED, reason=reason, noun="refund", noun_id=known.id)
    loose = take_same_refund(state, row, owner, amount)
    if loose is not None:
        return Decision(
            Verdict.CHANGED,
            what=f"Refund {loose.number} is here already; it gets the id {row.payment_id}",
            step=LinkBack(loose.id, key, loose.key),
            noun="refund",
            noun_id=loose.id,
        )
    if coverage(planning, owner, row.paid_on) >= amount.cents:
        state.drawn[owner] += amount.cents
        return Decision(
            Verdict.NEW,
            what=f"{amount} went back, {row.paid_on:%m/%d/%Y}",
            step=Back(key, owner),
        )
    planning.findings.append(
        Finding(
            "refund-uncovered",
            f"{amount} went back on {row.paid_on:%m/%d/%Y}, but the payment that it came from is"
            " not here. Import the payments of the days before, then this file again.",
            f"line {row.line}",
            Severity.WARNING,
        )
    )
    keep = {"cents": row.amount.cents, "paid_on": row.paid_on.isoformat(), "key": key}
    return Decision(
        Verdict.SKIPPED,
        reason=f"{WAITS} the payment that was refunded: {amount} went back",
        noun=owner[0] if owner[1] > 0 else None,
        noun_id=owner[1] if owner[1] > 0 else None,
        keep={**keep, "refund": True},
    )
