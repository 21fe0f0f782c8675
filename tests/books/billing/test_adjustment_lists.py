"""What lists and pages say of adjustments, credit memos and estimates."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind as K
from fscdesk.models.adjustment import AdjustmentStatus
from fscdesk.models.charge import Charge, Side
from fscdesk.models.invoice import MemoStatus
from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit
from fscdesk.models.values import Money
from fscdesk.services.billing.adjustment_lists import (
    SORTS,
    AdjustmentFilter,
    adjustment_row,
    adjustments_in,
    adjustments_of,
    memos_of,
    page_of_adjustments,
    page_of_memos,
)
from fscdesk.services.billing.credit_memos import NewMemo, issue, void_memo
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.estimate_pages import keep_estimate
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.billing.memo_pages import make_memo_page, memo_document, memo_uses
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application, apply, unapply
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till
from tests.support.pdf import page_texts
from tests.support.second_person import manager, nobody
from tests.support.write_offs import TODAY, approved, decide_setting, made, new


def test_an_adjustment_is_listed_with_what_it_is_about(books: Office, till: Till) -> None:
    found = made(books, new(till.copays[0], K.CONTRACTUAL, 80_00, group_code="CO", carc="45"))
    row = books.read(lambda work: adjustment_row(work, found.ids[0]))
    assert (row.number, row.word, row.side, row.status) == (
        "ADJ-2026-00001",
        "Contractual adjustment",
        Side.INSURANCE,
        AdjustmentStatus.WAITING,
    )
    assert (row.code, row.service_day, row.patient, row.account) == (
        "90837",
        date(2026, 3, 2),
        "Alma Anyone",
        "G-1",
    )
    assert (row.group_code, row.carc, row.request_number) == ("CO", "45", "REQ-2026-00001")
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: adjustment_row(work, 999))


def test_lists_by_request_by_patient_and_by_filter(books: Office, till: Till) -> None:
    first = made(
        books, new(till.copays[0], K.BAD_DEBT, 10_00), new(till.own, K.SMALL_BALANCE, 4_00)
    )
    made(books, new(till.copays[1], K.TO_PATIENT, 50_00, on=date(2026, 4, 1)))
    approved(manager(books), first.request_id)
    items = books.read(lambda work: adjustments_in(work, first.request_id or 0))
    assert [(one.kind, one.status) for one in items] == [
        (K.BAD_DEBT, AdjustmentStatus.POSTED),
        (K.SMALL_BALANCE, AdjustmentStatus.POSTED),
    ]
    mine = books.read(lambda work: adjustments_of(work, till.alma))
    assert [one.kind for one in mine] == [K.TO_PATIENT, K.BAD_DEBT]

    def page(wanted: AdjustmentFilter, sort: str = "number") -> tuple[list[K], Money]:
        found = books.read(lambda work: page_of_adjustments(work, wanted, Span(0, 2, sort)))
        return [one.kind for one in found.rows], found.totals["amount"]

    assert page(AdjustmentFilter()) == ([K.BAD_DEBT, K.SMALL_BALANCE], Money(64_00))
    assert page(AdjustmentFilter(kinds=(K.TO_PATIENT,)))[1] == Money(50_00)
    assert page(AdjustmentFilter(to_day=date(2026, 4, 1))) == ([K.TO_PATIENT], Money(50_00))
    assert page(AdjustmentFilter(from_day=TODAY))[1] == Money(14_00)
    assert page(AdjustmentFilter(patient_id=till.ben)) == ([K.SMALL_BALANCE], Money(4_00))
    assert page(AdjustmentFilter(statuses=(AdjustmentStatus.WAITING,))) == ([], Money())
    assert page(AdjustmentFilter(request_id=first.request_id))[1] == Money(14_00)
    for sort in SORTS:
        assert page(AdjustmentFilter(), sort)[1] == Money(64_00)
    assert page(AdjustmentFilter(), "amount")[0] == [K.SMALL_BALANCE, K.BAD_DEBT]


def issued(books: Office, till: Till) -> int:
    """Issue 20.00, of which 12.00 pay a copay; 5.00 more were applied and taken back."""

    def act(work: Work) -> int:
        decide_setting(work, WRITE_OFF_ALONE, "20.00")
        memo = issue(work, NewMemo(till.alma, Money(20_00), "Long wait on 03/02"))
        for charge, cents in ((till.copays[0], 12_00), (till.copays[1], 5_00)):
            credit = work.db.get_one(Credit, memo.credit_id)
            apply(work, credit, [Application(charge, Money(cents))], on=TODAY)
        last = select(JournalEntry.id).filter_by(kind=EntryKind.APPLIED, charge_id=till.copays[1])
        unapply(work, work.db.scalars(last), on=TODAY, reason="wrong session")
        return memo.memo_id

    return books.write(act).value


def test_memos_are_listed_and_printed_as_they_stand(books: Office, till: Till) -> None:
    memo_id = issued(books, till)
    (row,) = books.read(lambda work: memos_of(work, till.alma))
    assert (row.amount, row.applied, row.left) == (Money(20_00), Money(12_00), Money(8_00))
    document = books.read(lambda work: memo_document(work, memo_id))
    assert [(use.what, use.amount) for use in document.uses] == [
        ("Applied to 90837 of 03/02/2026", Money(12_00))
    ]
    assert document.left == Money(8_00)
    page = assert_all_or_nothing(books, lambda work: make_memo_page(work, memo_id)).value
    still = books.write(lambda work: make_memo_page(work, memo_id)).value
    assert still == page, "what is still true is not drawn anew"
    uses = books.read(lambda work: memo_uses(work, memo_id))
    assert uses == document.uses
    assert (page.number, page.file_name) == ("CM-2026-00001", "CM-2026-00001.pdf")
    text = " ".join(page_texts(books.read(lambda work: document_bytes(work, page.id))))
    for words in ("CM-2026-00001", "Long wait on 03/02", "Alma Anyone", "20.00", "8.00"):
        assert words in text
    books.write(lambda work: void_memo(work, memo_id, reason="Twice", expected_version=row.version))
    document = books.read(lambda work: memo_document(work, memo_id))
    assert (document.void_on, document.void_reason) == (TODAY, "Twice")
    listed = books.read(
        lambda work: page_of_memos(work, Span(0, 10, "number"), status=MemoStatus.VOID)
    )
    assert [(one.applied, one.left) for one in listed.rows] == [(Money(12_00), Money())]
    again = books.write(lambda work: make_memo_page(work, memo_id)).value
    assert again.number == "CM-2026-00001-2"


def test_what_was_never_issued_is_not_printed(books: Office, till: Till) -> None:
    memo = books.write(lambda work: issue(work, NewMemo(till.alma, Money(9_00), "Late"))).value
    for one in (memo.memo_id, 999):
        with pytest.raises(Problem, match="was never issued"):
            books.write(lambda work, one=one: make_memo_page(work, one))  # type: ignore[misc]
    with pytest.raises(Problem, match="You may not print credit memos"):
        nobody(books).write(lambda work: make_memo_page(work, memo.memo_id))


def test_an_estimate_is_drawn_once(books: Office, till: Till) -> None:
    def act(work: Work) -> int:
        charge = work.db.get_one(Charge, till.own)
        work.db.get_one(Patient, till.ben).birth_date = date(1988, 5, 6)
        lines = (NewLine(charge.service_id, 10),)
        return make_estimate(work, NewEstimate(till.ben, lines, charge.provider_id))

    estimate_id = books.write(act).value
    page = assert_all_or_nothing(books, lambda work: keep_estimate(work, estimate_id)).value
    assert page.number == "GFE-2026-00001"
    again = books.write(lambda work: keep_estimate(work, estimate_id)).value
    assert again == page
    with pytest.raises(Problem, match="You may not print estimates"):
        nobody(books).write(lambda work: keep_estimate(work, estimate_id))
