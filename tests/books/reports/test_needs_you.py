"""What needs a person: each group by the fact that makes it, its urgency, and its list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.import_batch import ImportAnswer, ImportRow, Verdict
from fscdesk.models.payer import Payer
from fscdesk.models.service import Service
from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.queue.waiting import Kind, queue
from fscdesk.services.reports.needs_you import Need, needs_you
from fscdesk.services.sessions.filters import SessionFilter
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.queries import page_of_sessions
from fscdesk.services.work import Topic, Work
from tests.support.claim_acts import denied_claim
from tests.support.clock import Clock
from tests.support.people import add_batch, add_patient, add_payer, add_provider, add_session

END = date(2026, 3, 31)
READY, SUBMITTED = BillingStatus.READY_TO_BILL, BillingStatus.SUBMITTED


def _ago(days: int) -> date:
    return END - timedelta(days=days)


class _Desk:
    """One insured client and one clinician."""

    def __init__(self, office: Office) -> None:
        self.office, self._minute = office, 0

        def people(work: Work) -> tuple[int, int, int]:
            return (
                add_patient(work, "Quill Fakerson"),
                add_provider(work, "Testa Fernsample"),
                add_payer(work, "Imaginary Blue"),
            )

        self.patient, self.clinician, self.payer = office.write(people).value

    def holds(self, ago: int, *, insured: bool = True, **facts: object) -> int:
        self._minute += 1

        def act(work: Work) -> int:
            return add_session(
                work,
                self.patient,
                self.clinician,
                day=_ago(ago),
                minute=self._minute,
                payer=self.payer if insured else None,
                **facts,  # type: ignore[arg-type]
            )

        return self.office.write(act).value

    def sees(self) -> list[Need]:
        return list(self.office.read(needs_you))

    def sees_one(self) -> Need:
        [need] = self.sees()
        return need

    def listed(self, need: Need) -> int:
        assert need.opens.place == "sessions"
        filtered = SessionFilter.of(need.opens.asked)
        return self.office.read(
            lambda work: page_of_sessions(work, filtered, Span(0, 10, "day"))
        ).total


@pytest.fixture
def desk(books: Office, clock: Clock) -> _Desk:
    clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC))
    return _Desk(books)


def test_nothing_needs_anybody_in_a_settled_book(desk: _Desk) -> None:
    desk.holds(40, insurance=9000, insurance_paid=9000, paid_on=_ago(9), status=BillingStatus.PAID)
    assert desk.sees() == []


def test_notes_wait_a_day_and_are_urgent_after_a_week(desk: _Desk) -> None:
    desk.holds(0, insurance=9000, note="NO NOTE")
    desk.holds(1, insurance=9000, note="NO NOTE")
    desk.holds(7, insurance=9000, note="DRAFT")
    desk.holds(8, insurance=8000, note="NO NOTE")
    high, medium = desk.sees()
    assert (high.key, high.urgency, high.count, str(high.amount)) == (
        "no_signed_note",
        "high",
        1,
        "80.00",
    )
    assert high.why == "1 session waits for 1 clinician, oldest 03/23"
    assert (medium.urgency, medium.count, medium.when) == ("medium", 2, "oldest 7 days")
    assert (desk.listed(high), desk.listed(medium)) == (1, 2)


@pytest.mark.parametrize(
    ("held", "urgency", "when"),
    [
        (60, "high", "in 30 days"),
        (76, "critical", "in 14 days"),
        (95, "critical", "5 days too late"),
    ],
)
def test_a_filing_limit_comes_nearer(desk: _Desk, held: int, urgency: str, when: str) -> None:
    desk.office.write(lambda work: work.db.execute(update(Payer).values(filing_days=90)))
    desk.holds(held, insurance=9000)
    desk.holds(59, insurance=9000)
    found = desk.sees_one()
    assert (found.key, found.urgency, found.when, found.count) == (
        "timely_filing",
        urgency,
        when,
        1,
    )
    assert found.why == "1 session not billed; Imaginary Blue takes claims for 90 days only"
    assert desk.listed(found) == 1


def test_a_silent_payer_grows_louder(desk: _Desk, clock: Clock) -> None:
    for ago in (29, 30, 60, 90):  # sent nobody knows when: counted from the session
        desk.holds(ago, insurance=1000 + ago, status=SUBMITTED)
    late = desk.holds(100, insurance=9000, status=READY)
    clock.set(datetime(2026, 3, 25, 16, tzinfo=UTC))
    desk.office.write(lambda work: change_billing_status(work, [late], SUBMITTED, reason=""))
    clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert [(need.urgency, need.count, str(need.amount)) for need in desk.sees()] == [
        ("critical", 1, "10.90"),
        ("high", 1, "10.60"),
        ("medium", 1, "10.30"),
    ]
    assert desk.sees()[2].why == ("1 session at Imaginary Blue since 03/01/2026, on no claim here")


def test_a_payer_that_paid_too_much_is_to_be_paid_back(desk: _Desk) -> None:
    desk.holds(
        40,
        insurance=9000,
        insurance_paid=10000,
        paid_on=_ago(10),
        status=BillingStatus.PAID,
    )
    found = desk.sees_one()
    assert (found.key, found.urgency, str(found.amount)) == ("overpaid", "high", "10.00")
    assert (found.next_step, found.when) == ("Return by 05/20/2026", "in 50 days")
    assert found.opens.asked == {"by": "payer", "key": desk.payer, "bucket": "unapplied"}


def test_a_denial_on_no_claim_of_ours_waits(desk: _Desk) -> None:
    desk.holds(40, insurance=9000, status=BillingStatus.DENIED)
    denied = desk.sees_one()
    assert (denied.key, str(denied.amount), desk.listed(denied)) == ("denied", "90.00", 1)


def test_what_stands_on_a_claim_is_the_queues_own_matter(books: Office) -> None:
    claim_id = denied_claim(books)
    assert "denied" not in {need.key for need in books.read(needs_you)}
    kinds = {row.kind for row in books.read(queue).rows}
    assert Kind.CLAIM_DENIED in kinds
    assert Kind.SESSION_DENIED not in kinds

    def falls(work: Work) -> None:
        work.db.execute(update(Claim).where(Claim.id == claim_id).values(status=ClaimStatus.CLOSED))
        work.touch(Topic.CLAIMS)

    books.write(falls)
    row = next(row for row in books.read(queue).rows if row.kind is Kind.SESSION_DENIED)
    asked = SessionFilter.of(row.opens.asked)
    found = books.read(lambda work: page_of_sessions(work, asked, Span(0, 10, "day")))
    assert (found.total, row.count) == (1, 1)


def test_gone_sessions_wait_until_somebody_decides(desk: _Desk) -> None:
    session = desk.holds(20, insured=False, share=1000)

    def gone(work: Work) -> int:
        batch = add_batch(work, gone=1)
        work.db.add(
            ImportRow(
                batch_id=batch,
                line=0,
                verdict=Verdict.GONE,
                reason="Not in this file",
                raw="",
                session_id=session,
            )
        )
        return batch

    batch = desk.office.write(gone).value
    found = desk.sees_one()
    assert (found.key, found.count, str(found.amount)) == ("gone", 1, "10.00")
    assert found.opens.asked == {"batch": batch}
    answer = ImportAnswer(question=f"gone:{session}", answer="keep", batch_id=batch)
    desk.office.write(lambda work: work.db.add(answer))
    assert desk.sees() == []


def test_rows_without_an_answer_wait_until_they_are_read_again(desk: _Desk) -> None:
    def skipped(work: Work) -> None:
        batch = add_batch(work)
        reason = "Waits for an answer"
        row = ImportRow(batch_id=batch, line=7, verdict=Verdict.SKIPPED, reason=reason, raw="{}")
        work.db.add(row)

    desk.office.write(skipped)
    found = desk.sees_one()
    assert (found.key, found.why) == (
        "unanswered",
        "1 row of appointments_2026-03.csv wait for an answer",
    )
    desk.office.write(lambda work: add_batch(work, "appointments_2026-03 again.csv"))
    assert desk.sees() == []


def test_codes_from_a_file_want_a_look(desk: _Desk) -> None:
    desk.holds(2, insured=False, share=1000)
    batch = desk.office.write(add_batch).value
    desk.office.write(lambda work: work.db.execute(update(Service).values(batch_id=batch)))
    found = desk.sees_one()
    assert (found.key, found.why) == ("new_codes", "1 code first seen in a file: 90837")
    desk.office.write(lambda work: work.db.execute(update(Service).values(version=2)))
    assert desk.sees() == []


def test_the_most_urgent_come_first_then_the_dearest(desk: _Desk) -> None:
    desk.holds(95, insurance=9000, status=SUBMITTED)
    desk.holds(20, insurance=9000, status=BillingStatus.DENIED)
    desk.holds(20, insurance=50000, note="NO NOTE")
    assert [need.key for need in desk.sees()] == [
        "silent_payer",
        "no_signed_note",
        "denied",
    ]
