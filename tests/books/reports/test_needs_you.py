"""What needs a person: each group by the fact that makes it, its urgency, and its list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from fscdesk.models.import_batch import ImportAnswer, ImportRow, Verdict
from fscdesk.models.service import Service
from fscdesk.models.session import BillingStatus
from fscdesk.services.office import Office
from fscdesk.services.reports.needs_you import Need, needs_you
from fscdesk.services.work import Work
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


@pytest.fixture
def desk(books: Office, clock: Clock) -> _Desk:
    clock.set(datetime(2026, 3, 31, 16, tzinfo=UTC))
    return _Desk(books)


def test_nothing_needs_anybody_in_a_settled_book(desk: _Desk) -> None:
    desk.holds(40, insurance=9000, insurance_paid=9000, paid_on=_ago(9), status=BillingStatus.PAID)
    assert desk.sees() == []


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
