"""Posts a payment as one line names it: by account, payer and client numbers, for scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fscdesk.models.charge import Side
from fscdesk.models.payment import CreditKind, PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.named import guarantor_named, patient_named, payer_named
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.doubting import Doubted, doubts
from fscdesk.services.payments.open_charges import open_charges
from fscdesk.services.payments.receiving import NewPayment, Received, Rest, receive
from fscdesk.services.payments.sharing import oldest_first
from fscdesk.services.work import Work

__all__ = ["RESTS", "CreditKind", "PaymentLine", "PaymentMethod", "Received", "enter_line"]

MOST_OPEN = 5_000
RESTS = (CreditKind.PREPAYMENT, CreditKind.OVERPAYMENT, CreditKind.RETAINER)
"""Why money may stay without a charge when it is entered."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment, from the account ``guarantor`` or from the payer ``payer``, never both.

    ``charges`` are ids and what each gets; or ``oldest`` shares the amount out by itself.
    ``client`` is whose credit the rest becomes. ``received_on`` None is today.
    """

    amount: Money
    method: PaymentMethod
    guarantor: str | None = None
    payer: str | None = None
    reference: str = ""
    received_on: date | None = None
    posted_on: date | None = None
    check_on: date | None = None
    memo: str = ""
    charges: tuple[tuple[int, Money], ...] = ()
    oldest: bool = False
    rest: CreditKind = CreditKind.OVERPAYMENT
    client: str | None = None
    request_key: str | None = None


def enter_line(work: Work, line: PaymentLine, *, meant: bool = False) -> Received:
    """Post the payment of a line; the same key posts once.

    Raises Problem, with nothing posted, when it names nobody or both, or cannot be posted; and
    Doubted when it stands in the books already, lies ahead, or is unusually much, unless it is
    ``meant``: then its findings say so, and it is posted.
    """
    if (line.guarantor is None) == (line.payer is None):
        raise Problem("A payment comes from one guarantor or one payer.", hint="Say who paid.")
    whose = None if line.guarantor is None else guarantor_named(work, line.guarantor)
    insurer = None if line.payer is None else payer_named(work, line.payer)
    served = None if line.client is None else patient_named(work, line.client)
    side = Side.PATIENT if insurer is None else Side.INSURANCE
    parts = tuple(Application(charge, amount, side) for charge, amount in line.charges)
    if line.oldest:
        # A guarantor's money goes over the whole account; a payer's may be for one client.
        only = () if served is None or insurer is None else (served,)
        rows = open_charges(
            work, guarantor_id=whose, payer_id=insurer, patient_ids=only, most=MOST_OPEN
        )
        parts = oldest_first(rows, line.amount)
    new = NewPayment(
        line.amount,
        line.method,
        line.received_on or work.today(),
        guarantor_id=whose,
        payer_id=insurer,
        reference=line.reference,
        check_on=line.check_on,
        posted_on=line.posted_on,
        memo=line.memo,
        applications=parts,
        rest=Rest(line.rest, served),
        request_key=line.request_key,
        says=_said(line),
    )
    doubted = doubts(work, new, sum((one.amount for one in parts), ZERO))
    done = receive(work, new)
    if doubted and not meant:
        raise Doubted(doubted)
    return replace(done, findings=(*doubted, *done.findings))


def _said(line: PaymentLine) -> str:
    """Return the line itself where its shares are found anew: a repeat would find others."""
    return repr(replace(line, request_key=None)) if line.oldest and line.amount else ""
