"""Claims follow charges that are voided and made anew, and nothing is pulled from under one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimChange, ClaimLine, ClaimStatus
from fscdesk.models.patient import Patient
from fscdesk.models.session import Attendance, BillingStatus, Session, StatusKind
from fscdesk.models.values import Money
from fscdesk.services.claims.building import plan_claims
from fscdesk.services.claims.correcting import correct_claim
from fscdesk.services.claims.policies import DEFAULT_PLACE
from fscdesk.services.errors import Problem
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.sessions.attending import change_attendance, foresee_attendance
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.statuses import StatusChange, write_status_changes
from fscdesk.services.work import Work
from tests.support.appointment_files import RATE, UNITS
from tests.support.claims import (
    DAY,
    ClaimDesk,
    add_claim_desk,
    build,
    claim_of,
    put_at,
    ready,
    statuses_of,
    the_claim,
)
from tests.support.clock import Clock
from tests.support.exports import FILED, Export, charges, insured
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import verify
from tests.support.people import add_guarantor

S = ClaimStatus


def lines(books: Office) -> list[ClaimLine]:
    """Return every line in its order."""
    return books.read(lambda work: list(work.db.scalars(select(ClaimLine).order_by(ClaimLine.id))))


def changes(books: Office, claim_id: int) -> list[tuple[str, str]]:
    """Return field and old value of what changed on a claim."""

    def look(work: Work) -> list[tuple[str, str]]:
        rows = work.db.scalars(select(ClaimChange).filter_by(claim_id=claim_id))
        return [(row.field, row.old) for row in rows]

    return books.read(look)


def cancel(session_id: int) -> Callable[[Work], int]:
    """Cancel a session at the desk."""
    return lambda work: change_attendance(work, [session_id], Attendance.CANCELLED)


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """The little practice that bills payers."""
    return books.write(add_claim_desk).value


# At the desk


def test_a_draft_loses_what_was_cancelled(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=3)
    second = lines(books)[1].session_id
    assert_all_or_nothing(books, cancel(second))
    claim = the_claim(books, claim_id)
    assert (claim.total, claim.last_day) == (Money(320_00), DAY + timedelta(weeks=2))
    assert [line.position for line in lines(books)] == [1, 2]
    assert changes(books, claim_id) == [("lines", "90837 of 03/09/2026, 160.00")]
    verify(books)


def test_a_draft_of_which_nothing_is_left_is_dropped(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk)
    books.write(cancel(lines(books)[0].session_id))
    claim = the_claim(books, claim_id)
    assert claim.status is S.VOID
    assert len(lines(books)) == 1  # it still says what it was
    verify(books)


def test_a_rejected_claim_is_dropped_and_its_other_sessions_are_free(
    books: Office, desk: ClaimDesk
) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2, status=S.REJECTED)
    first, second = lines(books)
    books.write(cancel(first.session_id))
    assert the_claim(books, claim_id).status is S.VOID
    plan = books.read(plan_claims)
    assert [one.session_ids for one in plan.claims] == [(second.session_id,)]
    verify(books)


def test_a_session_that_a_payer_has_is_not_cancelled(books: Office, desk: ClaimDesk) -> None:
    claim_of(books, desk=desk, status=S.SUBMITTED)
    (line,) = lines(books)
    said = "Alma Anyone on 03/02/2026 is on claim CLM-2026-00001, sent on 04/12/2026"
    outlook = books.read(
        lambda work: foresee_attendance(work, [line.session_id], Attendance.NO_SHOW)
    )
    assert said in outlook.refusal
    with pytest.raises(Problem, match=said) as told:
        books.write(cancel(line.session_id))
    assert told.value.hint == "Nothing was changed. Take the claim back at its payer first."
    verify(books)


@pytest.mark.parametrize("status", [None, S.PENDING])
def test_a_new_guarantor_changes_nothing_on_a_claim(
    books: Office, desk: ClaimDesk, status: ClaimStatus | None
) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2, status=status)
    before = [line.charge_id for line in lines(books)]

    def move(work: Work) -> None:
        other = add_guarantor(work, "Pat Anyone", "G-9")
        version = work.db.get_one(Patient, desk.alma).version
        change_guarantor(work, desk.alma, other, from_day=DAY, expected_version=version)

    books.write(move)
    after = lines(books)
    assert not {line.charge_id for line in after} & set(before)
    assert [line.live for line in after] == [f"{line.charge_id}:1" for line in after]
    claim = the_claim(books, claim_id)
    assert (claim.outdated, claim.total) == ("", Money(320_00))
    assert claim.status is (status or S.SCRUBBED)
    assert changes(books, claim_id) == []
    verify(books)


# By imports


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    """The report, again and again."""
    books.write(lambda work: change_setting(work, DEFAULT_PLACE, "11", seen=""))
    return Export(books, clock, tmp_path)


def billed(export: Export, status: ClaimStatus | None = None) -> int:
    """Build the claim of the imported session, and send it."""
    books = export.books
    export.clock.forward(minutes=1)

    def ready_now(work: Work) -> None:
        # As if it had come ready: a status that a person sets would hold the undo by itself.
        rows = work.db.execute(select(Session.id, Session.billing_status, Session.batch_id)).all()
        for row in rows:
            old, new = row.billing_status, BillingStatus.READY_TO_BILL
            change = StatusChange(row.id, StatusKind.BILLING, old, new, "Imported")
            write_status_changes(work, [change], day=work.today(), batch_id=row.batch_id)

    books.write(ready_now)
    (claim_id,) = build(books)
    if status is not None:
        books.write(lambda work: put_at(work, claim_id, status))
    return claim_id


def test_a_changed_price_takes_the_session_off_its_draft(books: Office, export: Export) -> None:
    export.batch(insured(), day=FILED)
    claim_id = billed(export)
    export.batch(insured("170.0"))
    assert the_claim(books, claim_id).status is S.VOID
    verify(books)


def test_a_code_that_was_added_takes_the_session_off_its_draft(
    books: Office, export: Export
) -> None:
    export.batch(insured(), day=FILED)
    claim_id = billed(export)
    two = insured("185.0", code="90837 90785 ")
    two[RATE], two[UNITS] = "160.0 25.0 ", "1 1 "
    export.batch(two)
    assert [(one.code, one.amount) for one in charges(books)] == [
        ("90837", Money(160_00)),
        ("90785", Money(25_00)),
    ]
    assert the_claim(books, claim_id).status is S.VOID
    verify(books)


def test_a_changed_price_outdates_what_was_sent_and_is_foreseen(
    books: Office, export: Export
) -> None:
    export.batch(insured(), day=FILED)
    claim_id = billed(export, S.PENDING)
    done = export.comes(insured("170.0"))
    (said,) = [one for one in done.plan.findings if one.code == "on-sent-claim"]
    assert "It is on claim CLM-2026-00001, sent on 04/12/2026" in said.message
    claim = the_claim(books, claim_id)
    assert claim.outdated.startswith("What was charged for 03/02/2026 changed: changed by import")
    assert (claim.status, claim.total) == (S.PENDING, Money(160_00))
    assert ("outdated", "") in changes(books, claim_id)
    books.write(lambda work: undo_import(work, done.batch_id or 0))
    assert the_claim(books, claim_id).outdated == ""
    assert [one.id for one in charges(books)] == [lines(books)[0].charge_id]
    verify(books)


def test_the_correction_of_an_outdated_claim_says_what_is_charged_now(
    books: Office, export: Export
) -> None:
    export.batch(insured(), day=FILED)
    claim_id = billed(export, S.DENIED)

    def number(work: Work) -> int:
        claim = work.db.get_one(Claim, claim_id)
        claim.payer_number = "ICN1"
        work.db.flush()
        return claim.version

    export.comes(insured("170.0"))
    seen = books.write(number).value
    new = books.write(lambda work: correct_claim(work, claim_id, expected_version=seen)).value
    claim = the_claim(books, new)
    assert (claim.total, claim.frequency.value, claim.outdated) == (Money(170_00), "7", "")
    (line,) = [one for one in lines(books) if one.claim_id == new]
    (charge,) = charges(books)
    assert (line.charge_id, line.amount) == (charge.id, Money(170_00))
    assert line.live is None  # until it is sent, the first claim stands
    assert the_claim(books, claim_id).total == Money(160_00)
    verify(books)


def test_what_money_alone_changed_leaves_the_claim(books: Office, export: Export) -> None:
    export.batch(insured(), day=FILED)
    claim_id = billed(export, S.PENDING)
    done = export.comes(insured(written_off="20.0"))
    assert not [one for one in done.plan.findings if one.code == "on-sent-claim"]
    assert the_claim(books, claim_id).outdated == ""
    verify(books)


def test_a_session_that_a_payer_has_is_not_gone(books: Office, export: Export) -> None:
    export.batch(*three_days(), day=FILED)
    claim_id = billed(export, S.SUBMITTED)
    (question,) = _gone(export.comes(*three_days()[::2]))
    assert "It is on claim CLM-2026-00001, sent on 04/12/2026, so it stays" in question.detail
    assert the_claim(books, claim_id).outdated == ""
    assert len(charges(books)) == 3
    verify(books)


def three_days() -> list[list[str]]:
    """A session on each of three days."""
    rows = [insured() for _ in range(3)]
    for day, cells in enumerate(rows, start=2):
        cells[0] = f"03/{day:02}/2026 09:00"
    return rows


def _gone(done: Any) -> list[Any]:
    return [one for one in done.plan.questions if one.id.startswith("gone:")]


def test_a_session_of_a_draft_may_go(books: Office, export: Export) -> None:
    export.batch(*three_days(), day=FILED)
    claim_id = billed(export)
    export.comes(*three_days()[::2])
    claim = the_claim(books, claim_id)
    assert (claim.status in (S.DRAFT, S.SCRUBBED), claim.total) == (True, Money(320_00))
    verify(books)


def test_an_import_is_not_undone_from_under_a_sent_claim(books: Office, export: Export) -> None:
    batch = export.batch(insured(), day=FILED)
    claim_id = billed(export, S.PENDING)
    with pytest.raises(Problem, match="claim CLM-2026-00001, sent on 04/12/2026"):
        books.write(lambda work: undo_import(work, batch))
    assert the_claim(books, claim_id).outdated == ""
    assert len(charges(books)) == 1
    verify(books)


def test_undoing_an_import_drops_the_drafts_on_it(books: Office, export: Export) -> None:
    batch = export.batch(insured(), day=FILED)
    claim_id = billed(export)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch), every=7)
    claim = the_claim(books, claim_id)
    assert (claim.status, claim.policy_id) == (S.VOID, None)
    verify(books)


def test_a_policy_stays_while_another_imports_claim_stands_on_it(
    books: Office, export: Export
) -> None:
    first = export.batch(insured(), day=FILED)
    later = insured()
    later[0] = "03/09/2026 09:00"
    export.comes(insured(), later)
    claim_id = billed(export)
    books.write(lambda work: undo_import(work, first))
    claim = the_claim(books, claim_id)
    assert claim.policy_id is not None
    assert claim.total == Money(160_00)
    verify(books)


def test_what_a_claim_says_of_a_session_is_whole(books: Office, desk: ClaimDesk) -> None:
    claim_id = claim_of(books, desk=desk, sessions=2)

    def look(work: Work) -> set[int]:
        rows = work.db.scalars(select(Charge.id).where(Charge.voided_on.is_(None)))
        return set(rows)

    assert {line.charge_id for line in lines(books)} == books.read(look)
    assert books.read(lambda work: work.db.get_one(Claim, claim_id).outdated) == ""
    books.write(lambda work: ready(work, desk, day=DAY + timedelta(days=1)))
    assert len(statuses_of(books)) == 3
