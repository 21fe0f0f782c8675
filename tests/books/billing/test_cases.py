"""Cases at an agency: their file, what comes back, their list, and the agencies."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from fscdesk.models.collection import CaseStatus, CollectionCase
from fscdesk.models.document import Sending
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus, InvoiceStyle
from fscdesk.models.patient import Guarantor
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.agencies import (
    AgencyFields,
    add_agency,
    agencies,
    edit_agency,
)
from fscdesk.services.billing.collection_plan import plan_collections
from fscdesk.services.billing.collection_reading import (
    CaseFilter,
    case_detail,
    page_of_cases,
)
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.hand_off import COLUMNS, give_hand_off, hand_off_of
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.agency import AGENCY, case_row, placed
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import cents, verify
from tests.support.plans import (
    TODAY,
    Family,
)
from tests.support.tampering import tamper


def test_the_file_holds_what_is_needed_and_no_formula(
    books: Office, family: Family, agency: int
) -> None:
    def rename(work: Work) -> None:
        person = work.db.get_one(Guarantor, family.rowan)
        person.name, person.address1 = '=HYPERLINK("x")', "+1 Fable Road"

    books.write(rename)
    done = placed(books, NewPlacement(agency, (family.rowan, family.stranger)))
    case_id = done.cases[1].case_id
    file = assert_all_or_nothing(books, lambda work: give_hand_off(work, case_id)).value
    assert file.file_name == "HO-2026-00001.csv"
    text = file.content.decode("utf-8-sig")
    header, first, second = csv.reader(io.StringIO(text))
    assert tuple(header) == COLUMNS
    assert dict(zip(header, first, strict=True)) == {
        "Case": "COL-2026-00001",
        "Account": "G-1",
        "Name": '\'=HYPERLINK("x")',
        "Address 1": "'+1 Fable Road",
        "Address 2": "",
        "City": "Inventia",
        "State": "NJ",
        "ZIP": "07009",
        "Phone": "555-0142",
        "Services from": "2025-11-02",
        "Services to": "2025-11-10",
        "Placed on": "2026-04-12",
        "Amount": "600.00",
    }
    assert second[2:3] == ["Sol Somebody"]
    for secret in ("90837", "Mockley", "Iris", "Finn", "F41"):
        assert secret not in text
    kept = books.read(lambda work: hand_off_of(work, done.cases[0].case_id))
    assert kept.id == file.document_id == done.document_id
    sent = books.read(lambda work: work.db.scalars(select(Sending)).all())
    assert [(one.destination, one.document_id) for one in sent] == [
        ("Fictional Recovery", file.document_id)
    ]


def test_a_case_can_be_recalled_in_part_and_whole(
    books: Office, family: Family, agency: int
) -> None:
    case_id = placed(books, NewPlacement(agency, (family.rowan,))).cases[0].case_id
    seen = case_row(books, case_id).version

    def back(work: Work, version: int = seen, charges: tuple[int, ...] | None = None) -> Any:
        return recall(work, case_id, reason="paid us", expected_version=version, charge_ids=charges)

    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: back(work, seen + 1))
    with pytest.raises(Problem, match="is not in case COL-2026-00001"):
        books.write(lambda work: back(work, charges=(family.other,)))
    part = assert_all_or_nothing(books, lambda work: back(work, charges=family.charges[:1])).value
    assert (part.amount, part.left, part.status) == (
        Money(150_00),
        Money(450_00),
        CaseStatus.PLACED,
    )
    verify(books)
    with pytest.raises(Problem, match="Nothing is left at the agency"):
        books.write(lambda work: back(work, case_version(work, case_id), family.charges[:1]))
    whole = books.write(lambda work: back(work, case_version(work, case_id))).value
    assert (whole.amount, whole.left, whole.status) == (
        Money(450_00),
        Money(),
        CaseStatus.RECALLED,
    )
    row = case_row(books, case_id)
    assert (row.returned, row.closed_on, row.close_reason) == (Money(600_00), TODAY, "paid us")
    assert books.read(lambda work: cents(work, "1130")) == 0
    verify(books)
    # It can be handed over again: the lines of each case are its own.
    again = placed(books, NewPlacement(agency, (family.rowan,))).cases[0]
    assert case_row(books, again.case_id).left == Money(600_00)
    assert case_row(books, case_id).left == Money()
    verify(books)


def case_version(work: Work, case_id: int) -> int:
    return work.db.get_one(CollectionCase, case_id).version


def test_a_case_that_is_settled_is_closed_so(books: Office, family: Family, agency: int) -> None:
    case_id = placed(books, NewPlacement(agency, (family.rowan,))).cases[0].case_id

    def settle(work: Work) -> Any:
        version = case_version(work, case_id)
        return recall(
            work, case_id, reason="settled for half", expected_version=version, settled=True
        )

    assert books.write(settle).value.status is CaseStatus.SETTLED


def test_the_list_of_cases(books: Office, family: Family, agency: int) -> None:
    done = placed(books, NewPlacement(agency, (family.rowan, family.stranger)))

    def numbers(which: CaseFilter, sort: str = "number") -> list[str]:
        page = books.read(lambda work: page_of_cases(work, Span(0, 10, sort, True), which))
        assert page.total == len(page.rows)
        return [row.number for row in page.rows]

    first, second = (one.number for one in done.cases)
    assert numbers(CaseFilter()) == [second, first]
    assert numbers(CaseFilter(), "amount") == [first, second]
    assert numbers(CaseFilter((CaseStatus.RECALLED,))) == []
    assert numbers(CaseFilter(agency_id=agency, text="sol")) == [second]
    assert numbers(CaseFilter(guarantor_id=family.rowan)) == [first]
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: case_detail(work, 99))


def test_agencies_are_set_up(books: Office, agency: int) -> None:
    with pytest.raises(Problem, match="There is an agency Fictional Recovery already"):
        books.write(lambda work: add_agency(work, replace(AGENCY, name="fictional recovery")))
    with pytest.raises(Problem, match="name is missing"):
        books.write(lambda work: add_agency(work, replace(AGENCY, name=" ")))
    for points in (-1, 10_000):
        wrong = replace(AGENCY, name="Other", commission_points=points)

        def add(work: Work, fields: AgencyFields = wrong) -> int:
            return add_agency(work, fields)

        with pytest.raises(Problem, match="cannot be"):
            books.write(add)
    dearer = replace(AGENCY, commission_points=3500)
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: edit_agency(work, agency, dearer, expected_version=2))
    assert_all_or_nothing(books, lambda work: edit_agency(work, agency, dearer, expected_version=1))
    assert_all_or_nothing(
        books, lambda work: add_agency(work, replace(AGENCY, name="Second", active=False))
    )
    assert [one.fields.name for one in books.read(agencies)] == ["Fictional Recovery", "Second"]
    active = books.read(lambda work: agencies(work, active_only=True))
    assert [one.fields.commission_points for one in active] == [3500]


def test_without_the_right_nothing_is_handed_over(
    books: Office, family: Family, agency: int
) -> None:
    case_id = placed(books, NewPlacement(agency, (family.stranger,))).cases[0].case_id
    acts: list[Any] = [
        plan_collections,
        lambda work: place(work, NewPlacement(agency, (family.rowan,))),
        lambda work: recall(work, case_id, reason="x", expected_version=1),
        lambda work: give_hand_off(work, case_id),
        lambda work: add_agency(work, AGENCY),
        lambda work: edit_agency(work, agency, AGENCY, expected_version=1),
    ]
    for act in acts:

        def without(work: Work, act: Any = act) -> None:
            work.db.execute(delete(RoleRight))
            act(work)

        with pytest.raises(Problem, match="You may not"):
            books.write(without)
    assert books.read(lambda work: work.db.scalar(select(func.count(CollectionCase.id)))) == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE collection_case SET amount = amount + 1", "its charges 600.00"),
        ("UPDATE collection_item SET amount = amount - 1 WHERE id = 2", "its entry moved 150.00"),
        ("DELETE FROM collection_item WHERE id = 3", "the agency holds 150.00 of 0.00"),
    ],
)
def test_the_check_names_what_agencies_hold_wrongly(
    books: Office, practice: str, family: Family, agency: int, statement: str, words: str
) -> None:
    placed(books, NewPlacement(agency, (family.rowan,)))
    tamper(practice, statement)
    (check,) = books.read(lambda work: run_checks(work, ["agencies-hold"])).checks
    assert not check.ok
    assert any(words in one for one in check.offenders), check.offenders


def test_the_bills_of_what_is_handed_over_say_so(
    books: Office, family: Family, agency: int
) -> None:
    def bill(work: Work) -> None:
        for at, charge in enumerate(family.charges[:2], start=1):
            invoice = Invoice(
                number=f"INV-2026-0000{at}",
                guarantor_id=family.rowan,
                patient_id=family.iris,
                style=InvoiceStyle.PATIENT,
                status=InvoiceStatus.VIEWED if at == 1 else InvoiceStatus.DRAFT,
                issued_on=TODAY,
                due_on=TODAY,
                amount=Money(150_00),
                viewed_on=TODAY if at == 1 else None,
                made_by=work.actor.staff_id,
                made_at=work.now(),
            )
            work.db.add(invoice)
            work.db.flush()
            work.db.add(
                InvoiceLine(
                    invoice_id=invoice.id,
                    position=1,
                    charge_id=charge,
                    live=charge,
                    amount=Money(150_00),
                )
            )

    def statuses() -> list[str]:
        found = select(Invoice.status).order_by(Invoice.id)
        return [one.value for one in books.read(lambda work: work.db.scalars(found).all())]

    books.write(bill)
    case_id = placed(books, NewPlacement(agency, (family.rowan,))).cases[0].case_id
    assert statuses() == ["collections", "draft"]

    def back(work: Work) -> None:
        version = case_version(work, case_id)
        recall(work, case_id, reason="paid us", expected_version=version)

    books.write(back)
    assert statuses() == ["viewed", "draft"]
