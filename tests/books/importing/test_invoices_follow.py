"""An import exchanges charges that stand on an invoice: the bill follows, and undo puts it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.document import Document, SentBy
from fscdesk.models.invoice import InvoiceLine
from fscdesk.models.session import Attendance, Session
from fscdesk.models.values import Money
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.invoice_listing import InvoiceRow, ShownStatus, invoice_row
from fscdesk.services.billing.invoice_remaking import remake_invoice
from fscdesk.services.billing.invoices import send_invoices, void_invoice
from fscdesk.services.errors import Problem
from fscdesk.services.importing.applying import import_file
from fscdesk.services.importing.reading import read_file
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.work import Work
from tests.support.appointment_files import HEADER, row, written
from tests.support.clock import Clock
from tests.support.invoices import invoiced
from tests.support.payments import verify
from tests.support.pdf import page_texts
from tests.support.queue_items import kinds_now

PAID, UNPAID = 13, 14


class Export:
    """SimplePractice's appointment report, imported again and again."""

    def __init__(self, books: Office, folder: Path) -> None:
        self.books, self.folder, self.number = books, folder, 0

    def comes(self, *rows: list[str]) -> int:
        """Import a file of these rows, and return the batch."""
        self.number += 1
        path = self.folder / f"report{self.number}.csv"
        path.write_text(written([HEADER, *rows]), encoding="utf-8")
        file = read_file(path)
        done = self.books.write(
            lambda work: import_file(work, file, file_day=work.today(), accept_proposals=True)
        ).value
        assert not done.plan.skipped
        return done.batch_id or 0


@pytest.fixture
def export(books: Office, tmp_path: Path) -> Export:
    return Export(books, tmp_path)


def owed(day: int = 2, *, code: str = "90837 ", fee: str = "30.0") -> list[str]:
    """A session of March that the client pays alone, and has not paid."""
    cells = row(DATE=f"03/{day:02}/2026 09:00", CODE=code, PAYER="", RATE=fee, FEE=fee)
    cells[9:] = ["LOCKED", "UNPAID", fee, "0.0", "0.0", fee, "", "0.0", "0.0", "0.0", "0.0"]
    return cells


def insured(payer: str) -> list[str]:
    """A session whose copay of 30.00 is not paid; the payer's part is."""
    cells = row(PAYER=payer)
    cells[10], cells[PAID], cells[UNPAID] = "UNPAID", "0.0", "30.0"
    return cells


def bill(books: Office) -> int:
    """One invoice over everything that is owed, in the mail."""
    (made,) = invoiced(books).invoices
    books.write(lambda work: send_invoices(work, [made.id], SentBy.PRINT))
    return made.id


def seen(books: Office, invoice_id: int, as_of: date | None = None) -> InvoiceRow:
    return books.read(lambda work: invoice_row(work, invoice_id, as_of=as_of))


def page(books: Office, invoice_id: int) -> str:
    def newest(work: Work) -> bytes:
        found = select(Document.id).where(Document.noun_id == invoice_id)
        return document_bytes(
            work, work.db.scalars(found.order_by(Document.id.desc())).first() or 0
        )

    return " ".join(page_texts(books.read(newest)))


def kinds(books: Office) -> set[ItemKind]:
    return set(kinds_now(books))


def test_the_line_follows_and_asks_for_what_its_page_asked(
    books: Office, export: Export, clock: Clock
) -> None:
    export.comes(owed())
    one = bill(books)
    issued = books.read(lambda work: work.today())
    clock.forward(days=7)
    batch = export.comes(owed(code="90834 ", fee="20.0"))
    changed = seen(books, one)
    assert (changed.status, changed.amount, changed.open) == (
        ShownStatus.PARTIAL,
        Money(30_00),
        Money(20_00),
    )
    assert changed.outdated
    assert ItemKind.INVOICE_CHANGED in kinds(books)
    then = seen(books, one, issued)
    assert (then.status, then.open) == (ShownStatus.SENT, Money(30_00))
    verify(books)
    books.write(lambda work: undo_import(work, batch))
    back = seen(books, one)
    assert (back.status, back.open, back.outdated) == (ShownStatus.SENT, Money(30_00), False)
    assert ItemKind.INVOICE_CHANGED not in kinds(books)
    line = books.read(lambda work: work.db.scalars(select(InvoiceLine)).one())
    assert (line.live, line.billed_id) == (line.charge_id, None)
    verify(books)


def test_what_its_page_says_is_followed_in_silence(
    books: Office, export: Export, clock: Clock
) -> None:
    export.comes(insured("Imaginary Blue Plan (99901)"))
    one = bill(books)
    old = books.read(lambda work: work.db.scalars(select(InvoiceLine.charge_id)).one())
    clock.forward(days=7)
    export.comes(insured("Make-Believe Health (99902)"))
    now = books.read(lambda work: work.db.scalars(select(InvoiceLine.charge_id)).one())
    assert now != old
    found = seen(books, one)
    assert (found.status, found.open, found.outdated) == (ShownStatus.SENT, Money(30_00), False)
    assert invoiced_anew(books) == []
    verify(books)


def invoiced_anew(books: Office) -> list[str]:
    """The bills that could be made now."""
    with pytest.raises(Problem, match="nothing to invoice"):
        invoiced(books)
    return []


def test_a_bill_of_which_nothing_is_left_is_void_until_the_undo(
    books: Office, export: Export, clock: Clock
) -> None:
    export.comes(owed(2), owed(9), owed(16))
    books.write(
        lambda work: void_all_but(work, keep=date(2026, 3, 9))  # the bill is about one of them
    )
    one = bill(books)
    clock.forward(days=7)
    batch = export.comes(owed(2), owed(16))
    gone = seen(books, one)
    assert gone.status is ShownStatus.VOID
    assert f"cancelled by import {batch}" in gone.void_reason
    assert "VOID" in page(books, one)
    verify(books)
    books.write(lambda work: undo_import(work, batch))
    back = seen(books, one)
    assert (back.status, back.open, back.void_reason) == (ShownStatus.SENT, Money(30_00), "")
    assert "VOID" not in page(books, one)
    line = books.read(lambda work: work.db.scalars(select(InvoiceLine)).one())
    assert line.live == line.charge_id
    verify(books)


def void_all_but(work: Work, *, keep: date) -> None:
    """Cancel the other sessions, so that they are on no bill."""
    others = list(work.db.scalars(select(Session.id).where(Session.day != keep)))
    change_attendance(work, others, Attendance.CANCELLED, reason="Not this one")


def test_what_is_left_of_a_bill_is_asked_for_and_made_anew(
    books: Office, export: Export, clock: Clock
) -> None:
    export.comes(owed(2), owed(9), owed(16))
    one = bill(books)
    clock.forward(days=7)
    export.comes(owed(2), owed(16))
    found = seen(books, one)
    assert (found.status, found.open, found.outdated) == (
        ShownStatus.PARTIAL,
        Money(60_00),
        True,
    )
    done = books.write(lambda work: remake_invoice(work, one, expected_version=found.version)).value
    assert done.made is not None
    assert (done.void, done.made.amount, done.made.charges) == (found.number, Money(60_00), 2)
    assert seen(books, one).status is ShownStatus.VOID
    assert seen(books, done.made.id).status is ShownStatus.DRAFT
    assert ItemKind.INVOICE_CHANGED not in kinds(books)
    verify(books)


def test_an_import_whose_sessions_were_invoiced_is_not_undone_under_the_bill(
    books: Office, export: Export
) -> None:
    batch = export.comes(owed())
    one = bill(books)
    with pytest.raises(Problem, match=r"invoice INV-2026-00001"):
        books.write(lambda work: undo_import(work, batch))
    version = seen(books, one).version
    books.write(lambda work: void_invoice(work, one, "not yet", expected_version=version))
    books.write(lambda work: undo_import(work, batch))
    verify(books)


def test_a_draft_over_an_import_is_void_when_the_import_is_undone(
    books: Office, export: Export
) -> None:
    batch = export.comes(owed())
    (made,) = invoiced(books).invoices
    books.write(lambda work: undo_import(work, batch))
    found = seen(books, made.id)
    assert found.status is ShownStatus.VOID
    assert "was undone" in found.void_reason
    verify(books)


def test_a_missed_session_takes_its_bill_along(books: Office, export: Export) -> None:
    export.comes(owed())
    one = bill(books)

    def missed(work: Work) -> None:
        session = work.db.scalars(select(Session.id)).one()
        change_attendance(work, [session], Attendance.CANCELLED, reason="Was ill")

    books.write(missed)
    found = seen(books, one)
    assert (found.status, found.open) == (ShownStatus.VOID, Money())
    assert found.void_reason == "Nothing is left of it: cancelled: Was ill"
    verify(books)
