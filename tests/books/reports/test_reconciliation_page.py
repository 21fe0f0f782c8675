"""The page of a reconciliation: its figures, kept as it was made."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.ledger import EntryKind
from fscdesk.models.values import Money
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.reports.reconciliation_page import keep_reconciliation_page
from fscdesk.services.work import Work
from tests.support.bank_books import cleared, entry, starts
from tests.support.pdf import page_texts


def march(work: Work) -> int:
    entry(work, "2/28", 5000_00, kind=EntryKind.OPENING)
    account = starts(work, "3/1", 5000_00)
    for number in range(4, 28):
        cleared(work, f"3/{number}", 57_50 + number)
    cleared(work, "3/28", -100_00, booked="3/18")
    cleared(work, "3/31", -15_00, booked="4/2")
    entry(work, "3/31", 80_00, "Deposit of 3/31")
    entry(work, "3/30", -25_00, "Check 1042")
    return start(work, account, date(2026, 3, 31), Money(6268_72))


def test_the_page_has_both_sides_and_is_kept(books: Office) -> None:
    ident = books.write(march).value
    with pytest.raises(Problem, match="is not completed"):
        books.write(lambda work: keep_reconciliation_page(work, ident))
    books.write(lambda work: complete(work, ident))
    page = books.write(lambda work: keep_reconciliation_page(work, ident)).value
    assert (page.number, page.file_name) == ("REC-2026-00001", "REC-2026-00001.pdf")
    again = books.write(lambda work: keep_reconciliation_page(work, ident)).value
    assert again == page
    pdf = books.read(lambda work: document_bytes(work, page.id))
    text = " ".join(" ".join(page_texts(pdf)).split())
    for said in (
        "Bank reconciliation",
        "03/01/2026 to 03/31/2026",
        "Balance when the period opened 5,000.00",
        "Money in that cleared 24 1,383.72",
        "Money out that cleared 2 -115.00",
        "Statement balance 6,268.72",
        "Deposits in transit 1 80.00",
        "Outstanding checks and payments 1 -25.00",
        "At the bank, in our books on a later day 1 15.00",
        "Account 1000 on 03/31/2026 6,338.72",
        "Check 1042",
        "Reviewed by",
    ):
        assert said in text.replace("−", "-"), (said, text)
