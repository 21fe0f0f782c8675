"""Services that were paid below the fee that was agreed: the list, what closes it, the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.office import Office
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.answered import AnsweredClaim, Cas
from fscdesk.services.remittances.fee_history import FeePoint, FeeRow, fee_rows
from fscdesk.services.remittances.posting import PostedRemittance, post_remittance
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.remittances.underpayments import (
    SORTS,
    UnderpaymentFilter,
    UnderpaymentRow,
    page_of_underpayments,
    underpayment_counts,
)
from fscdesk.services.remittances.undoing import undo_remittance
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY
from tests.support.payments import Till, verify
from tests.support.remittances_made import claim, kept, line, plain, posted, remittance

ALL = UnderpaymentFilter(view="all")
FEE = 140_00


@pytest.fixture
def agreed(books: Office, till: Till) -> Till:
    """The payer has agreed to allow 140.00 for 90837."""

    def act(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=till.payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=Money(FEE))
        work.db.add(fee)

    books.write(act)
    return till


def answer(charge_id: int, paid: int, patient: int, position: int = 1) -> AnsweredClaim:
    """The payer pays, leaves a copay to the client, and takes the rest off."""
    rest = 160_00 - paid - patient
    cas = [Cas("CO", "45", rest)] * bool(rest) + [Cas("PR", "3", patient)] * bool(patient)
    return claim(position, line(charge_id, paid, *cas))


def post(
    books: Office, till: Till, *claims: AnsweredClaim, trace: str = "EFT0001"
) -> PostedRemittance:
    """Keep a remittance and post it."""

    def act(work: Work) -> PostedRemittance:
        return post_remittance(work, kept(work, remittance(till.payer, *claims, trace=trace)))

    done = books.write(act).value
    assert done.unposted == 0
    return done


def page(
    books: Office, wanted: UnderpaymentFilter = ALL, sort: str = "day", *, falling: bool = False
) -> Page[UnderpaymentRow]:
    """A page of the list."""
    span = Span(0, 100, sort, descending=falling)
    return books.read(lambda work: page_of_underpayments(work, wanted, span))


def counts(books: Office) -> tuple[int, int]:
    """How many are open, and how many were corrected."""
    found = books.read(underpayment_counts)
    assert found["all"] == found["open"] + found["corrected"]
    return found["open"], found["corrected"]


def rows(books: Office, **asked: object) -> Sequence[FeeRow]:
    """What payers allow by code."""
    return books.read(lambda work: fee_rows(work, **asked))  # type: ignore[arg-type]


def test_what_is_paid_below_the_fee_is_in_the_list(books: Office, agreed: Till) -> None:
    low, right = agreed.copays
    post(books, agreed, answer(low, 80_00, 30_00), answer(right, 110_00, 30_00, position=2))
    found = page(books)
    (one,) = found.rows
    assert (one.charge_id, one.day, one.code) == (low, date(2026, 3, 2), "90837")
    assert (one.expected, one.allowed, one.paid) == (Money(FEE), Money(110_00), Money(80_00))
    assert (one.patient_share, one.short, one.was_short) == (
        Money(30_00),
        Money(30_00),
        Money(30_00),
    )
    assert (one.reasons, one.corrected_on) == (("CO-45",), None)
    assert (one.patient, one.payer, one.trace) == ("Alma Anyone", "Example East", "EFT0001")
    assert found.totals == {
        "expected": Money(FEE),
        "short": Money(30_00),
        "was_short": Money(30_00),
    }
    assert counts(books) == (1, 0)


def test_without_an_agreed_fee_nothing_is_low(books: Office, till: Till) -> None:
    post(books, till, answer(till.copays[0], 10_00, 30_00))
    assert page(books).total == 0
    (row,) = rows(books)
    assert (row.expected, row.allowed, row.low_lines) == (None, Money(40_00), 0)


def test_a_denial_and_a_capitation_are_no_underpayments(books: Office, agreed: Till) -> None:
    denied, free = agreed.copays
    refused = claim(1, line(denied, 0, Cas("CO", "197", 160_00)), status="4")
    covered = claim(2, line(free, 0, Cas("CO", "24", 160_00)))
    post(books, agreed, refused, covered)
    assert page(books).total == 0


def test_a_reversal_with_its_correction_closes_it(books: Office, agreed: Till) -> None:
    low = agreed.copays[0]
    post(books, agreed, answer(low, 80_00, 30_00))
    cas = (Cas("CO", "45", -50_00), Cas("PR", "3", -30_00))
    back = claim(1, line(low, -80_00, *cas, charge=-160_00), status="22")
    anew = replace(answer(low, 110_00, 30_00, position=2), payer_number="ICN9")
    done = post(books, agreed, back, anew, trace="EFT0002")
    (one,) = page(books).rows
    assert (one.short, one.was_short, one.trace) == (ZERO, Money(30_00), "EFT0002")
    assert one.corrected_on == TODAY
    assert counts(books) == (0, 1)
    books.write(lambda work: undo_remittance(work, done.remittance_id, "Another practice's"))
    (again,) = page(books).rows
    assert (again.short, again.trace, again.corrected_on) == (Money(30_00), "EFT0001", None)
    verify(books)


def test_a_correction_that_stands_before_its_reversal_counts(books: Office, agreed: Till) -> None:
    low = agreed.copays[0]
    post(books, agreed, answer(low, 80_00, 30_00))
    cas = (Cas("CO", "45", -50_00), Cas("PR", "3", -30_00))
    back = claim(2, line(low, -80_00, *cas, charge=-160_00), status="22")
    anew = replace(answer(low, 100_00, 30_00), payer_number="ICN9")
    post(books, agreed, anew, back, trace="EFT0002")
    (one,) = page(books).rows
    assert (one.short, one.was_short, one.paid) == (Money(10_00), Money(30_00), Money(100_00))


def test_what_was_only_taken_back_is_not_low(books: Office, agreed: Till) -> None:
    low = agreed.copays[0]
    post(books, agreed, answer(low, 80_00, 30_00), answer(agreed.copays[1], 110_00, 30_00, 2))
    cas = (Cas("CO", "45", -50_00), Cas("PR", "3", -30_00))
    back = claim(1, line(low, -80_00, *cas, charge=-160_00), status="22")
    other = claim(2, line(None, 80_00), number="STRANGE")

    def act(work: Work) -> None:
        post_remittance(work, kept(work, remittance(agreed.payer, back, other, trace="EFT0002")))

    books.write(act)
    assert page(books).total == 0


def test_the_rest_on_a_check_that_was_typed_in_closes_it(books: Office, agreed: Till) -> None:
    low = agreed.copays[0]
    cas = (Cas("PR", "3", 30_00), Cas("CO", "253", 10_00))
    post(books, agreed, claim(1, line(low, 80_00, *cas, charge=120_00)))
    (one,) = page(books).rows
    assert one.short == Money(30_00)
    check = NewPayment(Money(30_00), PaymentMethod.CHECK, TODAY, payer_id=agreed.payer)
    books.write(lambda work: post_eob(work, check, [EobLine(low, Money(30_00))]))
    (one,) = page(books).rows
    assert (one.short, one.was_short, one.corrected_on) == (ZERO, Money(30_00), TODAY)


def test_a_later_remittance_with_the_rest_keeps_the_clients_part(
    books: Office, agreed: Till
) -> None:
    low = agreed.copays[0]
    first = claim(
        1, line(low, 80_00, Cas("PR", "3", 30_00), Cas("CO", "253", 10_00), charge=120_00)
    )
    post(books, agreed, first)
    rest = claim(1, line(low, 20_00))
    base = plain(replace(rest, payer_number="ICN9"))

    def act(work: Work) -> None:
        one = kept(work, remittance(agreed.payer, base.claim, trace="EFT0002"))
        lines = tuple(replace(each, expected=FEE) for each in base.lines)
        posted(work, one, [replace(base, lines=lines)])

    books.write(act)
    (one,) = page(books).rows
    assert (one.short, one.trace) == (Money(10_00), "EFT0002")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (UnderpaymentFilter(), 2),
        (UnderpaymentFilter(text="alma east"), 2),
        (UnderpaymentFilter(text="3/2/2026"), 1),
        (UnderpaymentFilter(text="EFT0001"), 2),
        (UnderpaymentFilter(text="nobody"), 0),
        (UnderpaymentFilter(from_day=date(2026, 3, 3)), 1),
        (UnderpaymentFilter(to_day=date(2026, 3, 2)), 1),
        (UnderpaymentFilter(codes=("90837",)), 2),
        (UnderpaymentFilter(codes=("90834",)), 0),
        (UnderpaymentFilter(payers=(99,)), 0),
        (UnderpaymentFilter(least=Money(30_00)), 1),
        (UnderpaymentFilter(view="corrected"), 0),
        (UnderpaymentFilter.of({"code": ["90837"], "least": Money(31_00)}), 0),
    ],
)
def test_a_question_finds(
    books: Office, agreed: Till, wanted: UnderpaymentFilter, found: int
) -> None:
    low, lower = agreed.copays
    post(books, agreed, answer(low, 90_00, 30_00), answer(lower, 80_00, 30_00, position=2))
    assert page(books, wanted).total == found


def test_it_is_sorted_by_every_column(books: Office, agreed: Till) -> None:
    low, lower = agreed.copays
    post(books, agreed, answer(low, 90_00, 30_00), answer(lower, 80_00, 30_00, position=2))
    for sort in SORTS:
        assert page(books, sort=sort).total == 2
    falling = page(books, sort="short", falling=True).rows
    assert [one.charge_id for one in falling] == [lower, low]


def test_the_history_of_a_code_has_a_point_for_each_day(books: Office, agreed: Till) -> None:
    first, second = agreed.copays
    post(books, agreed, answer(first, 110_00, 30_00))
    post(books, agreed, answer(second, 80_00, 30_00), trace="EFT0002")
    (row,) = rows(books, payers=(agreed.payer,))
    assert (row.payer, row.code, row.lines) == ("Example East", "90837", 2)
    assert (row.lowest, row.highest, row.allowed) == (
        Money(110_00),
        Money(FEE),
        Money(110_00),
    )
    assert (row.low_lines, row.short, row.expected) == (1, Money(30_00), Money(FEE))
    assert row.points == (
        FeePoint(date(2026, 3, 2), 1, Money(FEE), Money(110_00), Money(FEE)),
        FeePoint(date(2026, 3, 9), 1, Money(110_00), Money(80_00), Money(FEE)),
    )
    (late,) = rows(books, first=date(2026, 3, 3), codes=("90837",))
    assert late.lines == 1
    assert rows(books, codes=("90834",)) == ()
    assert rows(books, payers=(99,)) == ()
    assert rows(books, last=date(2026, 3, 1)) == ()
