"""Refunds that never went out: recorded by mistake, or a check that nobody ever cashed."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.deposit import Deposit, DepositItem
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.services.audit import record
from fscdesk.services.banking.reconciliation_locks import require_unmatched
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.payments.holding import write_change
from fscdesk.services.payments.recouped import open_voided
from fscdesk.services.payments.refunding import locked_refund
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work


def void_refund(work: Work, refund_id: int, *, reason: str, expected_version: int) -> int:
    """Take a paid refund back that never went out; return the reversing entry, of today.

    The credit holds its money again, what it had settled of a recoupment is open, and the payment
    tells why. Raises Problem, with nothing changed, unless it is paid; where the bank has shown
    it, or a deposit has netted it; and for one that an import brought, which is undone with it.
    """
    require(work, Right.REFUND, "refund money")
    words = text_of(reason, "the reason", longest=300, required=True)
    refund = locked_refund(work, refund_id, expected_version)
    entry_id = _entry_of(work, refund)
    require_unmatched(work, [entry_id], f"Refund {refund.number}")
    locked(work, Credit, refund.credit_id, "this credit")
    memo = f"Refund {refund.number} voided: {words}"[:200]
    back = reverse(work, entry_id, on=work.today(), reason=memo)
    open_voided(work, refund)
    write_change(
        work,
        work.db.get_one(Payment, refund.payment_id),
        "refund_voided",
        old=f"{refund.number}, {refund.amount}, paid {refund.paid_on:%m/%d/%Y}",
        new="Voided",
        reason=words,
    )
    refund.status = RefundStatus.CANCELLED
    # Its entries stay in the books; the same command may ask for it anew.
    refund.entry_id = refund.paid_on = refund.request_key = None
    work.db.flush()
    record(
        work,
        "void_refund",
        "refund",
        refund_id,
        amount=refund.amount.plain(),
        entry=back,
        reason=words,
    )
    work.touch(Topic.PAYMENTS, Topic.PATIENTS, Topic.LEDGER)
    work.db.expire_all()
    return back


def _entry_of(work: Work, refund: Refund) -> int:
    """Return the entry of a refund that can be voided."""
    if refund.status is not RefundStatus.PAID or refund.entry_id is None:
        raise Problem(
            f"Refund {refund.number} is {refund.status.value}, not paid.",
            hint="Nothing was changed. What was not paid is called off.",
        )
    if work.db.get_one(JournalEntry, refund.entry_id).batch_id is not None:
        raise Problem(
            f"Refund {refund.number} was reported by SimplePractice.",
            hint="Nothing was changed. Undo the import that brought it.",
        )
    netted = work.db.scalar(
        select(Deposit.number)
        .join(DepositItem, DepositItem.deposit_id == Deposit.id)
        .where(DepositItem.live_refund_id == refund.id)
    )
    if netted is not None:
        raise Problem(
            f"Refund {refund.number} was kept back in deposit {netted}.",
            hint="Nothing was changed. Undo that deposit first, if it was recorded by mistake.",
        )
    return refund.entry_id
