"""Where entries come from: the payment, the deposit, the session, the entry they turn back."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalEntry
from fscdesk.services.accounting.entry_origins import EntryOrigin, OriginKind, origins_of
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.ledgers import EntryFilter, journal_page
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.receiving import Rest
from fscdesk.services.work import Work
from tests.support.bank_books import entry, line, match, starts
from tests.support.deposits import deposit, undone
from tests.support.payments import open_till, pay, received
from tests.support.second_person import second_person

DAY = date(2026, 4, 10)
RENT = (ManualLeg("7000", 120000), ManualLeg("1000", -120000))


def of_kind(books: Office, kind: EntryKind) -> int:
    asked = EntryFilter(kinds=(kind,))
    page = books.read(lambda work: journal_page(work, asked, Span(0, 1, "number")))
    return page.rows[0].id


def origins(books: Office, entry: int) -> tuple[EntryOrigin, ...]:
    return books.read(lambda work: origins_of(work, entry))


def test_an_entry_by_hand_comes_from_nothing_and_names_its_reversal(books: Office) -> None:
    made = books.write(lambda work: post_manual(work, ManualEntry(DAY, "Rent", RENT))).value
    assert origins(books, made.id) == ()
    back = books.write(lambda work: reverse_manual(work, made.id, reason="Twice")).value
    assert origins(books, made.id) == (
        EntryOrigin(OriginKind.TURNED_BACK_BY, back.id, back.number),
    )
    assert origins(books, back.id) == (EntryOrigin(OriginKind.ENTRY, made.id, made.number),)


def test_a_charge_comes_from_its_session_and_a_receipt_from_its_payment(books: Office) -> None:
    till = books.write(open_till).value
    paid = received(books, pay(till, 50_00, rest=Rest(patient_id=till.alma)))
    receipt = origins(books, of_kind(books, EntryKind.RECEIPT))
    assert (receipt[0].kind, receipt[0].id, receipt[0].number) == (
        OriginKind.PAYMENT,
        paid.payment_id,
        paid.number,
    )
    charge = of_kind(books, EntryKind.CHARGE)

    def session_of(work: Work) -> int:
        made = work.db.get_one(JournalEntry, charge)
        assert made.charge_id is not None
        return work.db.get_one(Charge, made.charge_id).session_id or 0

    session = next(one for one in origins(books, charge) if one.kind is OriginKind.SESSION)
    assert session.id == books.read(session_of)
    assert session.patient_id is not None


def test_a_deposit_s_entry_names_the_deposit_and_so_does_what_takes_it_back(books: Office) -> None:
    till = books.write(open_till).value
    paid = received(books, pay(till, 50_00, rest=Rest(patient_id=till.alma)))
    made = deposit(books, paid.payment_id)
    posted = of_kind(books, EntryKind.DEPOSIT)
    assert origins(books, posted)[0] == EntryOrigin(OriginKind.DEPOSIT, made.id, made.number)
    undone(books, made.id)
    back = origins(books, posted)[-1]
    assert back.kind is OriginKind.TURNED_BACK_BY
    assert origins(books, back.id)[0] == EntryOrigin(OriginKind.DEPOSIT, made.id, made.number)


def test_an_entry_that_the_bank_has_names_the_line_of_the_bank(books: Office) -> None:
    def lived(work: Work) -> tuple[int, int]:
        starts(work, "3/31", 0)
        seen, booked = line(work, "4/2", -35_00), entry(work, "4/2", -35_00)
        match(work, [seen], [booked])
        return seen, booked

    seen, booked = books.write(lived).value
    (found,) = origins(books, booked)
    assert (found.kind, found.id, found.reconciliation_id) == (OriginKind.BANK_LINE, seen, None)
    assert found.bank_account_id is not None


def test_who_may_not_see_reports_sees_no_origin(books: Office) -> None:
    made = books.write(lambda work: post_manual(work, ManualEntry(DAY, "Rent", RENT))).value
    other = second_person(books)
    with pytest.raises(Problem):
        other.read(lambda work: origins_of(work, made.id))


def test_an_entry_that_is_not_there_is_said(books: Office) -> None:
    with pytest.raises(Problem, match="not in the books"):
        origins(books, 4711)
