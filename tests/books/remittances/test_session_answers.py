"""Where a payer's answer puts a session that has several charges."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.session import BillingStatus, Session, StatusKind
from fscdesk.services.office import Office
from fscdesk.services.remittances.session_answers import move_sessions
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work
from tests.support.appointment_files import RATE, UNITS
from tests.support.clock import Clock
from tests.support.exports import FILED, Export, charges, insured


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (BillingStatus.DENIED, ("97", ""), BillingStatus.DENIED),
        (BillingStatus.PENDING, ("97", ""), BillingStatus.DENIED),
        (BillingStatus.PENDING, ("", "97"), BillingStatus.DENIED),
        (BillingStatus.DENIED, ("", ""), BillingStatus.APPROVED),
        (BillingStatus.PAID, ("97", ""), BillingStatus.PAID),
    ],
)
def test_one_denied_charge_is_enough(
    books: Office,
    clock: Clock,
    tmp_path: Path,
    before: BillingStatus,
    said: tuple[str, str],
    after: BillingStatus,
) -> None:
    two = insured("185.0", code="90837 90785 ")
    two[RATE], two[UNITS] = "160.0 25.0 ", "1 1 "
    Export(books, clock, tmp_path).batch(two, day=FILED)
    answers = dict(zip((one.id for one in charges(books)), said, strict=True))

    def act(work: Work) -> BillingStatus:
        one = work.db.scalars(select(Session)).one()
        change = StatusChange(one.id, StatusKind.BILLING, one.billing_status, before, "for a test")
        write_status_changes(work, [change], day=work.today())
        move_sessions(work, answers, "PAY-2026-00001")
        work.db.refresh(one)
        return BillingStatus(one.billing_status)

    assert books.write(act).value is after
