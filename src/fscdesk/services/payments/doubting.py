"""Asks back before a payment is posted: what is probably a slip of the hand, and may be meant.

Nothing here refuses by itself. Whoever enters a payment is told, and says that it is meant:
the form by a second Ctrl+Enter, the command line by an option.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Payment, PaymentMethod, PaymentStatus
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.payments.policies import ask_above
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.work import Work

HERE_ALREADY: Final = "payment-here-already"
DAY_AHEAD: Final = "payment-day-ahead"
MUCH: Final = "payment-much"
TIMES: Final = 10
"""More than so many times what an account owes is asked back: a comma went wrong."""
LITTLE: Final = Money(250_00)
"""Up to this much is never too much: who owes a copay may well prepay the next sessions."""
MEANT: Final = "Nothing was posted. Correct it, or say that it is meant."


class Doubted(Problem):
    """A payment that is asked back; ``findings`` say why. Nothing was posted."""

    def __init__(self, findings: tuple[Finding, ...], *, hint: str = MEANT) -> None:
        super().__init__(" ".join(one.message for one in findings), hint=hint)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class _Standing:
    """A payment in the books that may be the same one."""

    id: int
    number: str
    method: PaymentMethod
    reference: str
    received_on: date
    posted_on: date


def require_meant(found: Sequence[Finding], meant: Collection[str], *, hint: str = MEANT) -> None:
    """Raise Doubted unless ``meant`` holds the message of each doubt: a person has read it."""
    if any(one.message not in meant for one in found):
        raise Doubted(tuple(found), hint=hint)


def doubts(work: Work, new: NewPayment, applied: Money) -> tuple[Finding, ...]:
    """Return what should be asked back about a payment of which ``applied`` goes to charges.

    Warnings: the same one stands in the books, a day lies ahead, or the amount is unusual. None
    about a command that was posted before under its key: repeating it posts nothing.
    """
    if new.request_key is not None and work.db.scalar(
        select(Payment.id).where(Payment.request_key == new.request_key)
    ):
        return ()
    return (*_here_already(work, new), *_ahead(work, new), *_much(work, new, applied))


def _here_already(work: Work, new: NewPayment) -> list[Finding]:
    """The same owner and amount, and the same reference; without one, the same day and method.

    A returned check may well come again, and a voided payment was a mistake.
    """
    owner = (
        Payment.guarantor_id == new.guarantor_id
        if new.payer_id is None
        else Payment.payer_id == new.payer_id
    )
    rows = work.db.execute(
        select(
            Payment.id,
            Payment.number,
            Payment.method,
            Payment.reference,
            Payment.received_on,
            Payment.posted_on,
        )
        .where(owner, Payment.amount == new.amount, Payment.status == PaymentStatus.POSTED)
        .order_by(Payment.id.desc())
    )
    same = [one for row in rows if _same(one := _Standing(*row), new)]
    if not same:
        return []
    last, more = same[0], len(same) - 1
    word = "check" if new.method is PaymentMethod.CHECK else "payment"
    known = f", number {last.reference}" if last.reference else ""
    others = f", and {more} more like it" if more else ""
    return [
        _warning(
            HERE_ALREADY,
            f"This {word} is here already: {last.number} of {new.amount}{known},"
            f" posted {last.posted_on:%m/%d/%Y}{others}.",
            f"payment {last.id}",
        )
    ]


def _same(one: _Standing, new: NewPayment) -> bool:
    theirs, ours = _plain(one.reference), _plain(new.reference)
    if theirs and ours:
        return theirs == ours
    # A check without money has often no number at all: several denials on one day are usual.
    return bool(new.amount) and one.received_on == new.received_on and one.method is new.method


def _plain(reference: str) -> str:
    """A reference without what two people write differently: case, spaces, leading zeros."""
    return "".join(reference.casefold().split()).lstrip("0#")


def _ahead(work: Work, new: NewPayment) -> list[Finding]:
    days = (
        ("The day of receipt", new.received_on),
        ("The posting day", new.posted_on or new.received_on),
        ("The day on the check", new.check_on),
    )
    late = [(what, day) for what, day in days if day is not None and day > work.today()]
    if len(late) > 1 and late[1][1] == late[0][1]:
        del late[1]  # who moves the day of receipt moves the posting day with it
    return [
        _warning(DAY_AHEAD, f"{what}, {day:%m/%d/%Y}, lies ahead.", day.isoformat())
        for what, day in late
    ]


def _much(work: Work, new: NewPayment, applied: Money) -> list[Finding]:
    """Of money that charges take whole, the charges vouch for the amount."""
    if new.amount <= max(applied, LITTLE):
        return []
    where = f"{new.amount}"
    if new.guarantor_id is not None:
        owed = max(applied, _owed(work, new.guarantor_id))
        if owed > ZERO and new.amount.cents > TIMES * owed.cents:
            words = f"{new.amount} is more than ten times the {owed} that this account owes."
            return [_warning(MUCH, words, where)]
    limit = ask_above(work)
    if new.amount <= limit:
        return []
    words = f"{new.amount} is above the {limit} from which this practice asks back."
    return [_warning(MUCH, words, where)]


def _owed(work: Work, guarantor_id: int) -> Money:
    total = select(func.sum(Charge.patient_balance)).where(
        Charge.guarantor_id == guarantor_id, Charge.patient_balance > ZERO
    )
    return work.db.scalar(total) or ZERO


def _warning(code: str, words: str, where: str) -> Finding:
    return Finding(code, words, where, Severity.WARNING)
