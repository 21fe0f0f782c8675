"""Deposits in tests: made of payments by the shortest words, and what stands afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.services.banking.deposits import (
    DepositDraft,
    DepositKind,
    MadeDeposit,
    make_deposit,
    undeposited,
    undo_deposit,
)
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Received, Rest
from tests.support.payment_acts import LATER
from tests.support.payments import Till, pay, received


def paid(
    books: Office, till: Till, cents: int, method: PaymentMethod = PaymentMethod.CHECK, **facts: Any
) -> Received:
    """Receive money of Alma's guarantor that stays her credit."""
    new = replace(pay(till, cents, rest=Rest(patient_id=till.alma)), method=method, **facts)
    return received(books, new)


def counter(payments: Sequence[int], **facts: Any) -> DepositDraft:
    """Return a deposit at the counter of the default account, the day after."""
    return replace(DepositDraft(None, DepositKind.COUNTER, LATER, tuple(payments)), **facts)


def deposit(books: Office, *payments: int, **facts: Any) -> MadeDeposit:
    """Deposit payments."""
    draft = counter(payments, **facts)
    return books.write(lambda work: make_deposit(work, draft)).value


def undone(books: Office, deposit_id: int) -> None:
    """Take a deposit back."""
    books.write(lambda work: undo_deposit(work, deposit_id, "Counted again"))


def waiting(books: Office) -> list[tuple[str, str]]:
    """Return the numbers and amounts of what is undeposited."""
    return [(one.number, str(one.amount)) for one in books.read(undeposited)]


def deposited_on(books: Office, payment_id: int) -> Any:
    """Return the day of deposit that stands with a payment."""
    return books.read(lambda work: work.db.get_one(Payment, payment_id).deposited_on)
