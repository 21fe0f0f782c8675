"""The attendance report leaves what a payer has on a claim, and lets drafts follow."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.patient import Patient
from fscdesk.models.session import BillingStatus, Session, StatusKind
from fscdesk.services.claims.policies import DEFAULT_PLACE
from fscdesk.services.office import Office
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work
from tests.support.claims import build, put_at, the_claim
from tests.support.report_files import line
from tests.support.report_imports import (
    bring_in,
    counts,
    proves,
    sessions_of,
    small,
    take_back,
)

REPORT, DAY = "sp_attendance", date(2026, 3, 31)
ROW = line(
    REPORT,
    clientname="Nova Newclient",
    clinicianname="Testa Fernsample",
    dateofservice="03/31/2026",
    status="No Show",
)


def billed(books: Office) -> int:
    """Build the claim of the session that the row is about."""
    sessions_of(books)

    def act(work: Work) -> int:
        change_setting(work, DEFAULT_PLACE, "11", seen="")
        nova = select(Patient.id).where(Patient.name == "Nova Newclient")
        session = work.db.scalars(
            select(Session).where(Session.day == DAY, Session.patient_id.in_(nova))
        ).one()
        change = StatusChange(
            session.id,
            StatusKind.BILLING,
            session.billing_status,
            BillingStatus.READY_TO_BILL,
            "Imported",
        )
        write_status_changes(work, [change], day=work.today(), batch_id=session.batch_id)
        return session.id

    (claim_id,) = build(books, [books.write(act).value])
    return claim_id


def test_what_a_payer_has_stays(books: Office, tmp_path: Path) -> None:
    claim_id = billed(books)
    books.write(lambda work: put_at(work, claim_id, ClaimStatus.PENDING))
    plan = bring_in(books, small(tmp_path, REPORT, ROW)).plan
    assert counts(plan) == (1, 0, 0, 0, 1)
    assert plan.rows[0].reason == (
        "It is on claim CLM-2026-00001, sent on 04/12/2026, so it stays completed"
    )
    assert the_claim(books, claim_id).outdated == ""
    proves(books)


def test_a_draft_is_dropped_and_the_undo_frees_the_session(books: Office, tmp_path: Path) -> None:
    claim_id = billed(books)
    applied = bring_in(books, small(tmp_path, REPORT, ROW))
    assert counts(applied.plan) == (1, 0, 1, 0, 0)
    assert the_claim(books, claim_id).status is ClaimStatus.VOID
    proves(books)
    take_back(books, applied)
    assert build(books) != (claim_id,)
    proves(books)
