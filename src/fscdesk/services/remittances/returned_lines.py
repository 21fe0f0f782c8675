"""A line by which the bank took a payment back: the return is recorded, and is the line.

    done = record_return(work, account_id, line_id, payment_id, reason="Not sufficient funds")
    take_return_back(work, done)

Both are one act: the return has the bank's day, and its entry is matched with the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.bank import BankAccount, BankLine
from fscdesk.models.payment import Payment
from fscdesk.models.reconciliation import MatchedBy
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, take_apart
from fscdesk.services.banking.line_meaning import says_chargeback
from fscdesk.services.banking.match_items import OpenLine
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.payments.returning import Returned, ReturnKind, undo_return
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.bouncing import bounce
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ReturnOfLine:
    """What was done: the payment, the day, and the match of its return with the bank's line.

    ``undone`` is the number of the remittance that was taken back with it, "" where none was: such
    a return is not taken back at once.
    """

    payment_id: int
    number: str
    amount: Money
    on: date
    match_id: int
    returned: Returned
    undone: str = ""


def record_return(
    work: Work,
    account_id: int,
    line_id: int,
    payment_id: int,
    *,
    reason: str,
    fee: Money | None = None,
) -> ReturnOfLine:
    """Record that a line of the bank is the return of a payment, on the day of the line.

    ``fee`` None charges the practice's own. Raises Problem, with nothing posted, for what
    ``bounce`` and ``accept`` refuse, and where the payment is of another amount than the line.
    """
    require(work, Right.RECONCILE, "match the bank's lines")
    require(work, Right.CORRECT_PAYMENT, "mark payments as returned")
    # The account is locked before payments, as where a match makes deposits.
    locked(work, BankAccount, account_id, "this bank account")
    line = work.db.get_one(BankLine, line_id)
    payment = work.db.get_one(Payment, payment_id)
    if payment.amount != -line.amount:
        raise Problem(
            f"{payment.number} is {payment.amount}; the bank took {-line.amount} back.",
            hint="Nothing was posted. Choose a payment of this amount.",
        )
    bounced = bounce(
        work,
        payment_id,
        on=line.on,
        reason=reason,
        expected_version=payment.version,
        kind=_kind_of(line),
        fee=fee,
    )
    match_id = accept(
        work,
        MatchDraft(
            account_id,
            (line_id,),
            entry_ids=(bounced.returned.entry_id,),
            by=MatchedBy.HAND,
            why=f"The return of {payment.number}",
            learn=False,
        ),
    )
    return ReturnOfLine(
        payment_id,
        payment.number,
        payment.amount,
        line.on,
        match_id,
        bounced.returned,
        bounced.undone,
    )


def take_return_back(
    work: Work, done: ReturnOfLine, reason: str = "Taken back right after it was recorded"
) -> None:
    """Take the match apart and the return back, with its fee; the line is open again.

    Raises Problem where somebody has changed the payment or the match since.
    """
    take_apart(work, done.match_id, reason)
    version = work.db.get_one(Payment, done.payment_id).version
    undo_return(work, done.payment_id, reason=reason, expected_version=version)


def _kind_of(line: BankLine) -> ReturnKind:
    told = OpenLine(line.id, line.on, line.amount, line.words, line.kind)
    return ReturnKind.CHARGEBACK if says_chargeback(told) else ReturnKind.NSF
