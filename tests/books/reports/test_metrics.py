"""The seven metrics, the money of each week: on books small enough to check by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.session import BillingStatus
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.reports.metrics import Metric, metrics, money_by_week
from fscdesk.services.sessions.filters import SessionFilter
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.queries import page_of_sessions
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.people import add_patient, add_payer, add_provider, add_session

END = date(2026, 3, 31)
READY, SUBMITTED = BillingStatus.READY_TO_BILL, BillingStatus.SUBMITTED


def _ago(days: int) -> date:
    return END - timedelta(days=days)


class _Desk:
    """One insured client; every act on a day of its own."""

    def __init__(self, office: Office, clock: Clock) -> None:
        self.office, self._clock, self._minute = office, clock, 0
        self.at(200)

        def people(work: Work) -> tuple[int, int, int]:
            return (
                add_patient(work, "Quill Fakerson"),
                add_provider(work, "Testa Fernsample"),
                add_payer(work, "Imaginary Blue"),
            )

        self._patient, self._clinician, self._payer = office.write(people).value

    def at(self, ago: int) -> None:
        day = _ago(ago)
        self._clock.set(datetime(day.year, day.month, day.day, 16, tzinfo=UTC))

    def holds(self, ago: int, *, insured: bool = True, **facts: object) -> int:
        self._minute += 1

        def act(work: Work) -> int:
            return add_session(
                work,
                self._patient,
                self._clinician,
                day=_ago(ago),
                minute=self._minute,
                payer=self._payer if insured else None,
                **facts,  # type: ignore[arg-type]
            )

        return self.office.write(act).value

    def moves(self, session: int, new: BillingStatus, *, ago: int) -> None:
        self.at(ago)
        self.office.write(
            lambda work: change_billing_status(work, [session], new, reason="A test says so")
        )

    def sees(self, ago: int = 0) -> Mapping[str, Metric]:
        found = self.office.read(lambda work: metrics(work, _ago(ago)))
        return MappingProxyType({metric.key: metric for metric in found})


@pytest.fixture
def desk(books: Office, clock: Clock) -> _Desk:
    return _Desk(books, clock)


def test_empty_books_know_nothing(books: Office) -> None:
    found = books.read(lambda work: metrics(work, END))
    assert [metric.key for metric in found] == [
        "unbilled",
        "days_to_payment",
        "days_in_ar",
        "old_claims",
        "denial_rate",
        "clean_rate",
        "collection_rate",
    ]
    assert {(metric.value, metric.good, metric.off_by) for metric in found} == {(None, None, None)}
    assert {metric.trend for metric in found} == {(None,) * 8}
    assert [metric.goal for metric in found] == [
        "< 10",
        "< 45",
        "< 40",
        "0",
        "< 5 %",
        "> 95 %",
        "> 95 %",
    ]


def test_unbilled_sessions_have_a_payer_and_are_not_sent(desk: _Desk) -> None:
    desk.at(30)
    billed = desk.holds(40, insurance=9000, status=READY)
    desk.holds(39, insurance=9000, status=BillingStatus.COMPLETED)
    desk.holds(38, insured=False, share=9000, status=READY)  # goes to the client
    desk.holds(37, insurance=9000, status=SUBMITTED)
    desk.moves(billed, SUBMITTED, ago=10)
    desk.at(0)
    found = desk.sees()["unbilled"]
    assert found.value == 1
    assert found.good
    assert list(found.trend) == [
        None,
        None,
        None,
        None,
        2,
        2,
        2,
        1,
    ]  # known for 30 days, sent 10 ago
    filtered = SessionFilter.of(found.list_of.asked)
    page = desk.office.read(lambda work: page_of_sessions(work, filtered, Span(0, 10, "day")))
    assert page.total == found.value


def test_what_the_office_did_not_know_yet_is_unknown(desk: _Desk) -> None:
    desk.at(30)
    desk.holds(90, insurance=9000, status=READY)
    desk.at(0)
    assert desk.sees()["unbilled"].trend == (None, None, None, None, 1, 1, 1, 1)
    assert desk.sees()["old_claims"].trend[:4] == (None,) * 4


def test_days_to_payment_is_the_mean_over_payments_that_stand(desk: _Desk) -> None:
    desk.at(5)
    desk.holds(60, insurance=9000, insurance_paid=9000, paid_on=_ago(40))  # 20 days
    desk.holds(60, insurance=9000, insurance_paid=4000, paid_on=_ago(10))  # 50 days
    desk.holds(120, insurance=9000, insurance_paid=9000, paid_on=_ago(96))  # before the window
    wrong = desk.holds(80, insurance=9000, insurance_paid=9000, paid_on=_ago(8))

    def undo(work: Work) -> None:
        paid = select(JournalEntry).where(JournalEntry.kind == EntryKind.SP_RECORDED)
        entry = work.db.scalars(paid.order_by(JournalEntry.id.desc())).first()
        assert entry is not None
        reverse(work, entry.id, on=_ago(3), reason="Not ours")

    desk.office.write(undo)
    desk.at(0)
    assert wrong
    found = desk.sees()["days_to_payment"]
    assert (found.value, found.good, found.off_by) == (35.0, True, None)
    # Five days ago the wrong one still stood: 20, 50 and 72 days.
    assert desk.sees(5)["days_to_payment"].value == 47.3
    assert not desk.sees(5)["days_to_payment"].good
    assert desk.sees(5)["days_to_payment"].off_by == 2.3


def test_days_in_receivables(desk: _Desk) -> None:
    desk.at(50)
    desk.holds(50, insurance=9000)
    desk.holds(50, insurance=9000, insurance_paid=9000, paid_on=_ago(20))
    desk.holds(115, insurance=9000)  # open, but charged before the window
    desk.at(0)
    found = desk.sees()["days_in_ar"]
    assert (found.value, found.good, found.off_by) == (90.0, False, 50.0)  # 180 open, 2 a day
    assert desk.sees(21)["days_in_ar"].value == pytest.approx(90 * 270 / 180)
    assert found.trend[-3] == pytest.approx(90 * 270 / 180)  # 21 days ago


def test_old_claims_are_what_a_payer_still_owes_after_ninety_days(desk: _Desk) -> None:
    desk.at(100)
    desk.holds(91, insurance=9000, status=SUBMITTED)
    desk.holds(91, insured=False, share=9000)
    desk.holds(90, insurance=9000)
    desk.holds(140, insurance=9000, insurance_paid=9500, paid_on=_ago(30))
    desk.at(0)
    found = desk.sees()["old_claims"]
    assert (found.value, found.good, found.off_by) == (1, False, 1)
    assert list(found.trend) == [0, 1, 1, 1, 0, 0, 0, 0]  # old since 49 days ago, paid 30 days ago
    assert desk.sees(29)["old_claims"].value == 0
    filtered = SessionFilter.of(found.list_of.asked)
    page = desk.office.read(lambda work: page_of_sessions(work, filtered, Span(0, 10, "day")))
    assert [row.day for row in page.rows] == [_ago(91)]


def test_denials_and_clean_claims(desk: _Desk) -> None:
    desk.at(60)
    paid, denied, bounced, waiting = (
        desk.holds(61, insurance=9000, status=READY) for _ in range(4)
    )
    for session in (paid, denied, bounced, waiting):
        desk.moves(session, SUBMITTED, ago=55)
    desk.moves(bounced, READY, ago=50)
    desk.moves(bounced, SUBMITTED, ago=49)
    desk.moves(paid, BillingStatus.APPROVED, ago=30)
    desk.moves(denied, BillingStatus.DENIED, ago=20)
    desk.at(0)
    found = desk.sees()
    assert (found["denial_rate"].value, found["denial_rate"].good) == (50.0, False)
    assert found["denial_rate"].trend == (None, None, None, None, 0.0, 0.0, 50.0, 50.0)
    assert (found["clean_rate"].value, found["clean_rate"].off_by) == (75.0, 20.0)


def test_collection_rate_is_paid_of_what_could_be_paid(desk: _Desk) -> None:
    desk.at(95)
    desk.holds(90, insurance=9000, insurance_paid=6000, write_off=3000, paid_on=_ago(40))
    desk.holds(31, share=2000, patient_paid=1500, paid_on=_ago(31))
    desk.holds(30, share=9000)  # too young
    desk.holds(91, share=9000)  # too old
    desk.at(0)
    assert desk.sees()["collection_rate"].value == 93.8  # 75.00 of 110.00 - 30.00


def test_money_by_week(desk: _Desk) -> None:
    desk.at(30)
    desk.holds(30, insurance=9000, insurance_paid=6000, write_off=3000, paid_on=date(2026, 3, 29))
    desk.holds(30, share=2500, patient_paid=2500, paid_on=date(2026, 3, 30))
    desk.at(0)
    weeks = desk.office.read(lambda work: money_by_week(work, END))
    assert len(weeks) == 13
    assert [(week.start, str(week.insurance), str(week.patient)) for week in weeks[-2:]] == [
        (date(2026, 3, 23), "60.00", "0.00"),
        (date(2026, 3, 30), "0.00", "25.00"),
    ]
    assert weeks[0].start == date(2026, 1, 5)
