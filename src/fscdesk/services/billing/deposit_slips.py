"""The slips of deposits: what they say, drawn and kept with their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from fscdesk.models.document import DocumentKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposit_list import DepositDetail, DepositLine, deposit_detail
from fscdesk.services.banking.deposit_words import NO_SLIP
from fscdesk.services.billing.documents import Kept, keep, kept, kept_document
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.deposit_slip import (
    DepositSlipDoc,
    SlipCash,
    SlipItem,
    deposit_slip,
)
from fscdesk.services.work import Work


def make_deposit_slip(work: Work, deposit_id: int) -> Kept:
    """Return the kept slip of a deposit as it stands now, drawn and kept where it is another.

    Raises Problem for a transfer: nobody takes it to the bank.
    """
    require(work, Right.MAKE_DEPOSITS, "print deposit slips")
    row = deposit_detail(work, deposit_id).row
    if row.kind in NO_SLIP:
        raise Problem(
            f"{row.number} is a transfer: it has no slip.",
            hint="Nothing was printed, and nothing was changed. The bank shows it by itself.",
        )
    document = slip_document(work, deposit_id)
    pdf = deposit_slip(document)
    before = kept(work, DocumentKind.DEPOSIT_SLIP, deposit_id)
    if before and before[0].sha256 == hashlib.sha256(pdf).hexdigest():
        return before[0]
    page = keep(work, DocumentKind.DEPOSIT_SLIP, deposit_id, pdf, number=document.number)
    return kept_document(work, page)


def slip_document(work: Work, deposit_id: int) -> DepositSlipDoc:
    """Return what the slip of a deposit says. Raises Problem when there is no such deposit."""
    whole = deposit_detail(work, deposit_id)
    cash = _sum(one.amount for one in whole.lines if one.method is PaymentMethod.CASH)
    ending = f" ···{whole.account_ending}" if whole.account_ending else ""
    undone = whole.undone_at
    return DepositSlipDoc(
        letterhead=letterhead_of(work),
        number=whole.row.number,
        on=whole.row.on,
        bank=whole.bank,
        account=f"{whole.row.account}{ending}",
        amount=whole.row.amount,
        cash=cash,
        counted=tuple(SlipCash(Money(value), count) for value, count in (whole.cash or {}).items()),
        checks=_items(whole, checks=True),
        others=_items(whole, checks=False),
        fees=whole.row.fees,
        reference=whole.row.reference,
        note=whole.note,
        undone_on=None if undone is None else undone.astimezone(work.zone).date(),
        undone_why=whole.undone_why,
    )


def _items(whole: DepositDetail, *, checks: bool) -> tuple[SlipItem, ...]:
    return tuple(
        SlipItem(_reference(one), one.number, one.amount)
        for one in whole.lines
        if one.method is not PaymentMethod.CASH and (one.method is PaymentMethod.CHECK) == checks
    )


def _reference(one: DepositLine) -> str:
    if one.reference or one.method is PaymentMethod.CHECK:
        return one.reference
    return one.method.value


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)
