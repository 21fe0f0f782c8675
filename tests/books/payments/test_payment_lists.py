"""The lists of the payments screens: what they find, in which order, with which sums."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fscdesk.models.charge import Side
from fscdesk.models.payment import CreditKind, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.deposits import DepositKind
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments import credit_list, listing, refund_list
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.approving import queue, request_detail
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.queries import (
    CreditFilter,
    PaymentFilter,
    PaymentRow,
    RefundFilter,
    credit_counts,
    open_credits,
    page_of_credits,
    page_of_payments,
    page_of_refunds,
    payment_counts,
    payment_detail,
    refund_counts,
)
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.work import Work
from tests.support.deposits import deposit
from tests.support.payment_acts import LATER, asked, version_of
from tests.support.payments import DAY, Till, pay, received
from tests.support.people import add_session

POSTED = Span(0, 50, "posted")


@pytest.fixture
def three(books: Office, till: Till) -> tuple[int, int, int]:
    """A check of Alma (1047, 150.00, 30.00 applied), cash of Ben (40.00), an EFT of the payer."""
    check = received(
        books,
        pay(till, 150_00, Application(till.copays[0], Money(30_00)), reference="1047"),
    )
    cash = received(
        books,
        NewPayment(
            Money(40_00),
            PaymentMethod.CASH,
            date(2026, 4, 8),
            guarantor_id=till.ben_pays,
            rest=Rest(CreditKind.PREPAYMENT, till.ben, "for May"),
        ),
    )
    eft = received(
        books,
        NewPayment(
            Money(130_00),
            PaymentMethod.EFT,
            date(2026, 4, 9),
            payer_id=till.payer,
            reference="E-77",
            applications=(Application(till.copays[0], Money(130_00), Side.INSURANCE),),
        ),
    )
    return check.payment_id, cash.payment_id, eft.payment_id


def ids(books: Office, span: Span = POSTED, **asked_for: Any) -> list[int]:
    wanted = PaymentFilter.of(asked_for)
    return [row.id for row in books.read(lambda work: page_of_payments(work, wanted, span)).rows]


def test_a_row_says_what_became_of_a_payment(
    books: Office, till: Till, three: tuple[int, int, int]
) -> None:
    page = books.read(lambda work: page_of_payments(work, PaymentFilter(), POSTED))
    assert [row.id for row in page.rows] == [three[1], three[2], three[0]]
    check = page.rows[2]
    assert (check.number, check.from_name, check.reference) == (
        "PAY-2026-00001",
        "Alma Anyone",
        "1047",
    )
    assert (check.amount, check.applied, check.unapplied, check.refunded) == (
        Money(150_00),
        Money(30_00),
        Money(120_00),
        Money(),
    )
    assert (page.total, page.totals) == (
        3,
        {"amount": Money(320_00), "unapplied": Money(160_00)},
    )
    refund = asked(
        books,
        books.read(lambda work: payment_detail(work, three[0])).credits[0].id,
        20_00,
    )
    books.write(
        lambda work: pay_refund(
            work, refund.refund_id, on=LATER, reference="", expected_version=refund.version
        )
    )
    check = books.read(lambda work: payment_detail(work, three[0])).row
    assert (check.applied, check.unapplied, check.refunded) == (
        Money(30_00),
        Money(100_00),
        Money(20_00),
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", listing.SORTS)
def test_every_order_is_total_and_its_pages_join(
    books: Office, three: tuple[int, int, int], sort: str, *, descending: bool
) -> None:
    whole = ids(books, Span(0, 50, sort, descending))
    assert sorted(whole) == sorted(three)
    parts = [ids(books, Span(at, 1, sort, descending))[0] for at in range(3)]
    assert parts == whole
    filtered = ids(books, Span(0, 50, sort, descending), view="unapplied")
    assert filtered == [one for one in whole if one != three[2]]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", listing.SORTS)
def test_what_is_deep_in_an_order_is_where_the_top_says(
    books: Office,
    three: tuple[int, int, int],
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    *,
    descending: bool,
) -> None:
    top = ids(books, Span(0, 50, sort, descending))
    monkeypatch.setattr(listing, "SHALLOW", 0)
    assert [ids(books, Span(at, 1, sort, descending))[0] for at in range(3)] == top


def test_orders_go_by_their_column(books: Office, three: tuple[int, int, int]) -> None:
    check, cash, eft = three
    assert ids(books, Span(0, 9, "from")) == [check, eft, cash]  # by family names
    assert ids(books, Span(0, 9, "amount", descending=True)) == [check, eft, cash]
    assert ids(books, Span(0, 9, "unapplied")) == [eft, cash, check]
    assert ids(books, Span(0, 9, "number", descending=True)) == [eft, cash, check]


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [
        ({"text": "alma"}, [0]),
        ({"text": "P-2"}, [1]),
        ({"text": "example east"}, [2]),
        ({"text": "104"}, [0]),
        ({"text": "e-77"}, []),
        ({"text": "E-7"}, [2]),
        ({"text": "pay-2026-00002"}, [1]),
        ({"text": "130.00"}, [2]),
        ({"text": "4/8"}, [1]),
        ({"text": "alma 4/8"}, []),
        ({"day": (date(2026, 4, 9), date(2026, 4, 9))}, [2]),
        ({"day": (date(2026, 4, 9), None)}, [2, 0]),
        ({"method": ["cash", "check"]}, [1, 0]),
        ({"status": ["returned"]}, []),
        ({"origin": ["typed"]}, [1, 2, 0]),
        ({"view": "unapplied"}, [1, 0]),
        ({"view": "not_deposited"}, [1, 2, 0]),
    ],
)
def test_filters_find_what_they_say(
    books: Office, three: tuple[int, int, int], asked_for: dict[str, Any], found: list[int]
) -> None:
    assert ids(books, **asked_for) == [three[one] for one in found]


def test_filters_by_who_paid_and_unknown_keys(
    books: Office, till: Till, three: tuple[int, int, int]
) -> None:
    assert ids(books, payer=[till.payer]) == [three[2]]
    assert ids(books, guarantor=till.ben_pays) == [three[1]]
    assert ids(books, batch=1) == []
    with pytest.raises(KeyError):
        PaymentFilter.of({"colour": "red"})
    with pytest.raises(KeyError):
        CreditFilter.of({"colour": "red"})
    with pytest.raises(KeyError):
        RefundFilter.of({"colour": "red"})


def test_views_are_counted_and_voided_money_is_no_sum(
    books: Office, till: Till, three: tuple[int, int, int]
) -> None:
    check, cash, eft = three
    deposit(books, eft, kind=DepositKind.EFT)
    version = version_of(books, cash)
    books.write(lambda work: void_payment(work, cash, reason="twice", expected_version=version))
    version = version_of(books, check)
    books.write(
        lambda work: return_payment(
            work, check, on=LATER, reason="not covered", expected_version=version
        )
    )
    assert books.read(payment_counts) == {
        "all": 3,
        "unapplied": 0,
        "not_deposited": 0,
        "returned": 1,
        "voided": 1,
    }
    page = books.read(lambda work: page_of_payments(work, PaymentFilter(), POSTED))
    # The bank took the check back: it is listed, but no money of it is here any more.
    assert page.totals == {"amount": Money(130_00), "unapplied": Money()}
    rows: dict[int, PaymentRow] = {row.id: row for row in page.rows}
    assert (rows[check].applied, rows[check].unapplied) == (Money(), Money())
    assert rows[eft].deposited_on == LATER


def test_the_detail_of_a_payment(books: Office, till: Till, three: tuple[int, int, int]) -> None:
    detail = books.read(lambda work: payment_detail(work, three[0]))
    (applied,) = detail.applications
    assert (applied.patient, applied.service_day, applied.code, applied.amount) == (
        "Alma Anyone",
        date(2026, 3, 2),
        "90837",
        Money(30_00),
    )
    assert (applied.side, applied.recorded, applied.on) == (Side.PATIENT, False, DAY)
    (credit,) = detail.credits
    assert (credit.owner, credit.balance, credit.promised) == (
        "Alma Anyone",
        Money(120_00),
        Money(),
    )
    assert (detail.refunds, detail.changes, detail.documents) == ((), (), ())
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: payment_detail(work, 999))


def test_unapplied_credits_with_what_simplepractice_alone_knows(
    books: Office, till: Till, three: tuple[int, int, int]
) -> None:
    def overpaid(work: Work) -> None:
        add_session(work, till.ben, 1, day=date(2026, 2, 2), share=100_00, patient_paid=112_00)

    books.write(overpaid)
    rows = books.read(open_credits)
    assert [(row.kind, row.owner, row.balance) for row in rows] == [
        ("simplepractice", "Ben Somebody", Money(12_00)),
        ("prepayment", "Ben Somebody", Money(40_00)),
        ("overpayment", "Alma Anyone", Money(120_00)),
    ]
    assert (rows[0].id, rows[0].since, rows[1].age) == (None, date(2026, 2, 22), 4)
    asked(books, rows[2].id or 0, 50_00)
    page = books.read(
        lambda work: page_of_credits(work, CreditFilter(), Span(0, 2, "balance", descending=True))
    )
    assert [row.balance for row in page.rows] == [Money(120_00), Money(40_00)]
    assert (page.rows[0].promised, page.rows[0].free) == (Money(50_00), Money(70_00))
    assert page.totals == {
        "balance": Money(172_00),
        "promised": Money(50_00),
        "free": Money(122_00),
    }
    assert books.read(credit_counts) == {
        "all": 3,
        "clients": 3,
        "payers": 0,
        "simplepractice": 1,
        "old": 1,
    }

    def found(**asked_for: object) -> list[Money]:
        wanted = CreditFilter.of(asked_for)
        span = Span(0, 9, "since")
        return [
            row.balance for row in books.read(lambda work: page_of_credits(work, wanted, span)).rows
        ]

    assert found(text="for may") == [Money(40_00)]
    assert found(text="somebody 00002") == [Money(40_00)]
    assert found(kind=["overpayment"]) == [Money(120_00)]
    assert found(client=till.ben) == [Money(12_00), Money(40_00)]
    assert found(payment=three[0]) == [Money(120_00)]
    for sort in credit_list.SORTS:
        whole = books.read(
            lambda work, sort=sort: page_of_credits(work, CreditFilter(), Span(0, 9, sort))  # type: ignore[misc]
        )
        assert whole.total == len(whole.rows) == 3


def test_the_list_of_refunds(books: Office, till: Till, three: tuple[int, int, int]) -> None:
    held = books.read(lambda work: payment_detail(work, three[0])).credits[0]
    small, large = asked(books, held.id, 20_00), asked(books, held.id, 90_00)
    books.write(
        lambda work: pay_refund(
            work, small.refund_id, on=LATER, reference="2001", expected_version=small.version
        )
    )
    assert books.read(refund_counts) == {
        "all": 2,
        "open": 0,
        "waiting": 1,
        "overdue": 0,
        "paid": 1,
    }

    def found(span: Span, **asked_for: object) -> list[int]:
        wanted = RefundFilter.of(asked_for)
        page = books.read(lambda work: page_of_refunds(work, wanted, span))
        assert page.total >= len(page.rows)
        return [row.id for row in page.rows]

    for sort in refund_list.SORTS:
        assert sorted(found(Span(0, 9, sort))) == [small.refund_id, large.refund_id]
        assert len(found(Span(1, 9, sort, descending=True))) == 1
    due = Span(0, 9, "amount", descending=True)
    assert found(due) == [large.refund_id, small.refund_id]
    assert found(due, text="2001") == [small.refund_id]
    assert found(due, text="alma 00002") == [large.refund_id]
    assert found(due, status=["waiting"]) == [large.refund_id]
    assert found(due, payment=three[1]) == []
    assert found(due, guarantor=till.alma_pays) == [large.refund_id, small.refund_id]
    rows = books.read(lambda work: page_of_refunds(work, RefundFilter(), due)).rows
    assert [row.days_left for row in rows] == [30, None]
    assert rows[0].request_number == "REQ-2026-00001"
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: request_detail(work, 999))
    assert len(books.read(queue)) == 1
