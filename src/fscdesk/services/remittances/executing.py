"""Carries out what was decided about a remittance: money, adjustments, rows, and who follows.

Order: the check, what the payer settles beside its claims, what it takes back, what it pays. All
entries go into the ledger at once; nothing is asked for a single claim.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.payment import (
    Credit,
    CreditKind,
    Payment,
    PaymentMethod,
    PaymentOrigin,
    PaymentStatus,
)
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Fate, Remittance, RemittanceClaim, RemittanceStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.banking.certain import ExplainedMoney
from fscdesk.services.errors import Problem
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.charge_locks import BilledCharge, billed_charges
from fscdesk.services.ledger.periods import postable
from fscdesk.services.ledger.posting import Draft, post_all
from fscdesk.services.numbering import next_number
from fscdesk.services.payments.holding import locked_credits, locked_payment
from fscdesk.services.payments.receiving import SERIES
from fscdesk.services.remittances.adjustment_rows import set_since, take_back, write_adjustments
from fscdesk.services.remittances.answered import Decided, DecidedClaim
from fscdesk.services.remittances.entries import (
    Fund,
    NewRow,
    adjustments_of,
    charges_in,
    payments_of,
    receipt,
    taken_back_memo,
)
from fscdesk.services.remittances.fates import write_fates
from fscdesk.services.remittances.following import follow_answers
from fscdesk.services.remittances.provider_postings import (
    ItemPosting,
    explain_postings,
    finish,
    free_item,
    provider_postings,
)
from fscdesk.services.work import Topic, Work

METHODS: Final[Mapping[str, PaymentMethod]] = MappingProxyType(
    {
        "ACH": PaymentMethod.ACH,
        "CHK": PaymentMethod.CHECK,
        "FWT": PaymentMethod.WIRE,
        "BOP": PaymentMethod.EFT,
    }
)
"""How money came, by BPR04; NON (no money) and what else there is are ``other``."""


@dataclass(frozen=True, slots=True)
class PostedRemittance:
    """What posting did: how many claims are in the books now, and how many stay, with the sums.

    ``applied`` is what this posting paid of charges less what it took back, ``left`` what the
    check still holds for claims that stay. ``explained`` is the money of the bank that waited for
    this remittance, where there was some.
    """

    remittance_id: int
    number: str
    status: RemittanceStatus
    payment_id: int
    payment_number: str
    amount: Money
    claims: int
    unposted: int
    applied: Money
    contractual: Money
    patient: Money
    denied: int
    left: Money
    explained: ExplainedMoney | None = None


@dataclass(slots=True)
class _Batch:
    """Entries that are posted together, and which of them post what."""

    drafts: list[Draft] = field(default_factory=list)
    items: list[tuple[ItemPosting, int | None]] = field(default_factory=list)
    rows: list[tuple[int, NewRow]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add_items(self, found: Sequence[ItemPosting]) -> None:
        """Add what posts items."""
        for one in found:
            if one.draft is None:
                self.items.append((one, None))
                continue
            self.items.append((one, len(self.drafts)))
            self.drafts.append(one.draft)

    def add_claim(
        self, claim: DecidedClaim, charges: Mapping[int, BilledCharge], fund: Fund
    ) -> None:
        """Add what posts a claim, its money before its adjustments."""
        memo = fund.memo(claim.claim.position)
        for line in claim.lines:
            charge = charges.get(line.line.charge_id or 0)
            if charge is None:
                if line.paid or line.adjustments or line.to_patient:
                    raise LookupError(f"{memo}: a line with money has no charge")
                continue
            self.drafts += payments_of(line, charge, fund, memo)
            for new in adjustments_of(line, charge, fund):
                self.rows.append((claim.claim.row_id, new))
                self.places.append(len(self.drafts))
                self.drafts.append(new.draft(memo))


def lock_fund(work: Work, row: Remittance) -> None:
    """Lock the payment of a remittance and its credits, where it has money in the books."""
    if row.payment_id is None or row.status is RemittanceStatus.UNDONE:
        return
    locked_payment(work, row.payment_id)
    locked_credits(work, row.payment_id)


def execute(
    work: Work,
    row: Remittance,
    decided: Decided,
    items: Mapping[int, Recoupment],
    *,
    positions: Collection[int] | None,
    on: date,
) -> PostedRemittance:
    """Post what was decided; the remittance, its items and charges are locked.

    Raises Problem, with nothing posted, where nothing of it can post, none of the chosen claims
    can, or the check does not hold what they take.
    """
    if decided.stop or row.payer_id is None:
        why = decided.stop or "It is not known whose remittance this is."
        raise Problem(why, hint="Nothing was posted. Look at the remittance.")
    chosen = _chosen(decided, positions)
    charges = billed_charges(work, charges_in(chosen))
    payment, credit, first = _fund(work, row, on)
    fund = Fund(credit.id, payment.id, row.payer_id, row.number, postable(work, on))
    for one in chosen:
        if one.claim.paid < 0:
            free_item(work, items, one.claim.row_id, one.claim.number, fund)
    _take_back(work, chosen, fund)
    batch = _Batch()
    if first and payment.amount:
        batch.drafts.append(receipt(fund, payment.amount.cents, payment.number))
    batch.add_items(provider_postings(work, row, decided.plbs, items, fund))
    batch.add_items(explain_postings(work, row, decided.to_explain, items, fund))
    for one in chosen:
        batch.add_claim(one, charges, fund)
    set_since(work, [new for _, new in batch.rows])
    entry_ids = post_all(work, batch.drafts)
    write_adjustments(work, batch.rows, [entry_ids[at] for at in batch.places], payment.id)
    posted = [(one, None if at is None else entry_ids[at]) for one, at in batch.items]
    finish(work, posted, items, fund)
    write_fates(work, decided, {one.claim.position for one in chosen})
    left = _left(work, row, credit.id)
    follow_answers(work, row, payment.number, chosen)
    return _done(work, row, chosen, batch.rows, left)


def _chosen(decided: Decided, positions: Collection[int] | None) -> list[DecidedClaim]:
    """Return the claims that post now, what is taken back first; nothing is netted away."""
    open_ones = [one for one in decided.claims if not (one.claim.posted or one.claim.closed)]
    if positions is not None:
        open_ones = [one for one in open_ones if one.claim.position in positions]
    found = [one for one in open_ones if one.fate is Fate.POSTED]
    if positions is not None and not found:
        why = next((one.words for one in open_ones if one.words), "")
        raise Problem(
            why or "None of these claims can be posted.",
            hint="Nothing was posted. Look at why they stay.",
        )
    return sorted(found, key=lambda one: (not one.claim.reversal, one.claim.position))


def _fund(work: Work, row: Remittance, on: date) -> tuple[Payment, Credit, bool]:
    """Return the payment of a remittance and its fund, and whether they are new.

    One that was undone gets a payment of its own again: the voided one stays what it was.
    """
    if row.payment_id is not None and row.status is not RemittanceStatus.UNDONE:
        payment = work.db.get_one(Payment, row.payment_id)
        held = select(Credit).where(
            Credit.payment_id == payment.id, Credit.kind == CreditKind.REMITTANCE
        )
        credit = work.db.scalars(held.order_by(Credit.id).limit(1)).one()
        return payment, credit, False
    posted_on = postable(work, on)
    payment = Payment(
        number=next_number(work, SERIES, posted_on.year),
        payer_id=row.payer_id,
        method=METHODS.get(row.method, PaymentMethod.OTHER),
        reference=row.trace,
        amount=max(row.amount, ZERO),
        received_on=on,
        posted_on=posted_on,
        check_on=row.paid_on,
        memo=f"Remittance {row.number}",
        status=PaymentStatus.POSTED,
        origin=PaymentOrigin.REMITTANCE,
        received_by=work.actor.staff_id,
        posted_at=work.now(),
    )
    work.db.add(payment)
    work.db.flush()
    row.payment_id = payment.id
    credit = crediting.open_credit(
        work,
        CreditKind.REMITTANCE,
        since=on,
        payment_id=payment.id,
        payer_id=row.payer_id,
        note=f"Remittance {row.number}",
    )
    return payment, credit, True


def _take_back(work: Work, chosen: Sequence[DecidedClaim], fund: Fund) -> None:
    """Reverse the adjustments that came with what the payer takes back."""
    undone = {one for claim in chosen for line in claim.lines for one in line.undo}
    if undone:
        take_back(work, undone, on=fund.on, reason=taken_back_memo(fund.number))


def _left(work: Work, row: Remittance, credit_id: int) -> Money:
    work.db.expire_all()
    left = work.db.get_one(Credit, credit_id).balance
    if left < ZERO:
        raise Problem(
            f"The claims take {-left} more than the check of {row.number} holds.",
            hint="Nothing was posted. Post what the payer takes back together with them.",
        )
    return left


def _done(
    work: Work,
    row: Remittance,
    chosen: Sequence[DecidedClaim],
    rows: Sequence[tuple[int, NewRow]],
    left: Money,
) -> PostedRemittance:
    waiting = count_unposted(work, row.id)
    row.unposted = waiting
    row.status = RemittanceStatus.PARTLY if waiting else RemittanceStatus.POSTED
    row.posted_by, row.posted_at, row.reason = work.actor.staff_id, work.now(), ""
    work.db.flush()
    payment = work.db.get_one(Payment, row.payment_id)
    lines = [line for claim in chosen for line in claim.lines]
    kinds = {
        AdjustmentKind.CONTRACTUAL: 0,
        AdjustmentKind.TO_PATIENT: 0,
        AdjustmentKind.TO_PAYER: 0,
    }
    for _, new in rows:
        if new.kind in kinds:
            kinds[new.kind] += new.amount
    record(
        work,
        "post_remittance",
        "remittance",
        row.id,
        number=row.number,
        payment=payment.number,
        amount=payment.amount.plain(),
        claims=len(chosen),
        unposted=waiting,
        adjustments=len(rows),
    )
    work.touch(Topic.REMITTANCES, Topic.QUEUE, Topic.PAYMENTS, Topic.LEDGER)
    work.touch(Topic.PATIENTS, Topic.SESSIONS, Topic.CLAIMS)
    return PostedRemittance(
        remittance_id=row.id,
        number=row.number,
        status=row.status,
        payment_id=payment.id,
        payment_number=payment.number,
        amount=payment.amount,
        claims=len(chosen),
        unposted=waiting,
        applied=Money(sum(line.paid for line in lines)),
        contractual=Money(kinds[AdjustmentKind.CONTRACTUAL]),
        patient=Money(kinds[AdjustmentKind.TO_PATIENT] - kinds[AdjustmentKind.TO_PAYER]),
        denied=sum(bool(line.denied) for line in lines),
        left=left,
    )


def count_unposted(work: Work, remittance_id: int) -> int:
    """Return how many claims of a remittance wait for a person."""
    found = (
        select(func.count())
        .select_from(RemittanceClaim)
        .where(
            RemittanceClaim.remittance_id == remittance_id,
            RemittanceClaim.fate == Fate.UNPOSTED,
        )
    )
    return work.db.scalar(found) or 0
