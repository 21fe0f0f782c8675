"""SimplePractice's reports about money, as CSV: payment export and income allocation."""

from __future__ import annotations

import csv
import io
from binascii import crc32
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from fscdesk.services.demo import cast
from fscdesk.services.demo.money_events import Money, Share
from fscdesk.services.patients.names import without_nickname

EXPORT_HEADER: Final = (
    *("Payment ID", "Date Paid", "Account", "Payment type", "Name", "Amount"),
    "Payment Reference ID",
)
ALLOCATION_HEADER: Final = (
    *("Clinician", "ClinicianId", "Source", "Description", "Date Paid", "Invoice or Claim #"),
    *("Invoice or Claim URL", "Appointment", "Details", "Client", "Insurance Payment Type"),
    *("Insurance Check/Wire Number", "Amount Paid"),
)

BY_CHECK, IN_CASH = 7, 3
"""Of 100 clients, how many pay so."""


def payment_export(money: Iterable[Money]) -> str:
    """Return the payment export of these payments: a row for each, with its id."""
    return _csv(EXPORT_HEADER, map(_payment, money))


def income_allocation(money: Sequence[Money]) -> str:
    """Return the income allocation of these payments: a row for each appointment they paid."""
    return _csv(ALLOCATION_HEADER, _shares(money))


def _payment(one: Money) -> list[str]:
    insured = one.payer is not None
    return [
        str(one.number),
        f"{one.day:%m/%d/%Y}",
        "Accounts Receivable Insurance" if insured else "Accounts Receivable",
        "ACH" if insured else way_of(one.shares[0].one.client.name),
        _payer(one) if insured else without_nickname(one.shares[0].one.client.name),
        _dollars(one.cents),
        one.reference,
    ]


def way_of(name: str) -> str:
    """Return how a client pays, always the same way: most by card, some by check or in cash."""
    drawn = crc32(name.encode()) % 100
    return "Check" if drawn < BY_CHECK else "Cash" if drawn < BY_CHECK + IN_CASH else "Stripe"


def _shares(money: Sequence[Money]) -> Iterator[list[str]]:
    for one in money:
        for share in one.shares:
            yield _share(one, share)


def _share(money: Money, share: Share) -> list[str]:
    one, insured = share.one, money.payer is not None
    words = _payer(money) if insured else "Appointment" if share.cents > 0 else "Refund"
    codes = one.missed or " ".join(line.code for line in one.lines)
    return [
        cast.CLINICIANS[one.clinician].name,
        str(9_000_001 + one.clinician),
        "Insurance Payment" if insured else "Client payment",
        words,
        f"{money.day:%m/%d/%Y}",
        f"{'Claim' if insured else 'INV'} #{money.number}",
        f"https://example.invalid/{'claims' if insured else 'invoices'}/{money.number}",
        f"{one.day:%m/%d/%Y}",
        codes,
        without_nickname(one.client.name),
        "ACH" if insured else "",
        money.reference,
        _dollars(share.cents),
    ]


def _payer(money: Money) -> str:
    assert money.payer is not None
    return cast.PAYERS[money.payer].name


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
