"""One session: its pane and its story, from import to reversal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fscdesk.models.coverage import Policy
from fscdesk.models.import_batch import BatchStatus, ImportBatch
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.queries import Step, session_detail, story
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.people import (
    SPRING,
    add_batch,
    add_import_row,
    add_patient,
    add_payer,
    add_provider,
    add_session,
)


def one_session(work: Work) -> int:
    testa = add_provider(work, "Testa Fernsample")
    ficta = add_payer(work, "Fictional Assurance", "FICTA")
    maxim = add_patient(work, "Maxim Nonesuch", "1006")
    other = add_payer(work, "Imaginary Blue", "Blue")
    for payer, start, end in (
        (other, date(2025, 1, 1), date(2025, 12, 31)),
        (ficta, date(2026, 1, 1), None),
    ):
        work.db.add(
            Policy(
                patient_id=maxim,
                payer_id=payer,
                rank=1,
                member_id="ZZZ000005",
                valid_from=start,
                valid_to=end,
                copay=Money(1500),
            )
        )
    batch = add_batch(work)
    made = add_session(
        work,
        maxim,
        testa,
        payer=ficta,
        insurance=10500,
        share=1500,
        insurance_paid=14500,
        status=BillingStatus.APPROVED,
        batch=batch,
    )
    add_import_row(work, batch, made, line=35)
    return made


@pytest.fixture
def session_id(books: Office) -> int:
    return books.write(one_session).value


def test_the_pane_has_figures_charges_coverage_and_step(books: Office, session_id: int) -> None:
    found = books.read(lambda work: session_detail(work, session_id))

    assert (found.row.fee, found.row.insurance_balance, found.row.patient_balance) == (
        Money(12000),
        Money(-4000),
        Money(1500),
    )
    assert (found.step, found.step_words, found.stuck) == (
        6,
        "Step 6 of 7. Paid when both balances are 0.00",
        False,
    )
    (charge,) = found.charges
    assert (charge.code, charge.insurance_share, charge.patient_share, charge.payer) == (
        "90837",
        Money(10500),
        Money(1500),
        "FICTA",
    )
    assert [(one.payer, one.member_id) for one in found.coverage] == [("FICTA", "ZZZ000005")]
    assert found.report is not None
    assert found.report.insurance_paid == Money(14500)
    assert (found.guarantor, found.file_name) == ("Maxim Nonesuch", "appointments_2026-03.csv")


@pytest.mark.parametrize(
    ("status", "step", "stuck"),
    [
        (BillingStatus.COMPLETED, 1, False),
        (BillingStatus.READY_TO_BILL, 3, False),
        (BillingStatus.DENIED, 5, True),
        (BillingStatus.APPEALING, 5, True),
    ],
)
def test_what_was_denied_stands_where_the_payer_decides(
    books: Office, session_id: int, status: BillingStatus, step: int, stuck: bool
) -> None:
    books.write(lambda work: change_billing_status(work, [session_id], status, reason="A test"))
    found = books.read(lambda work: session_detail(work, session_id))

    assert (found.step, found.stuck) == (step, stuck)


def test_a_session_that_is_not_there_is_said_to_be_not_there(books: Office) -> None:
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: session_detail(work, 77))


def told(steps: tuple[Step, ...]) -> list[tuple[str, str, str | None]]:
    return [
        (step.title, step.detail, None if step.amount is None else str(step.amount))
        for step in steps
    ]


def test_the_story_is_told_newest_first_with_words_and_amounts(
    books: Office, session_id: int, clock: Clock
) -> None:
    clock.forward(hours=1)
    books.write(
        lambda work: change_billing_status(
            work, [session_id], BillingStatus.DENIED, reason="CO-197, no authorization"
        )
    )
    clock.forward(days=1)
    books.write(
        lambda work: void_charges(
            work, [session_id], on=work.today(), reason="Wrong code", batch_id=None
        )
    )
    who = books.actor.name
    steps = books.read(lambda work: story(work, session_id))

    assert told(steps) == [
        ("Recorded in SimplePractice: reversed", "Wrong code", "-145.00"),
        ("Charge 90837: reversed", "Wrong code", "-120.00"),
        ("Denied", f"CO-197, no authorization, by {who}", None),
        ("Approved", f"Imported, by {who}", None),
        ("Recorded in SimplePractice", "payer paid 145.00", "145.00"),
        ("Charge 90837", "FICTA 105.00, client 15.00", "120.00"),
        ("Imported", "appointments_2026-03.csv, row 35", None),
    ]
    assert {step.source.kind for step in steps} == {"import", "entry", "status"}
    assert steps[5].day == SPRING
    assert steps[4].day == SPRING + timedelta(days=20)


def test_an_import_that_was_undone_is_part_of_the_story(
    books: Office, session_id: int, clock: Clock
) -> None:
    clock.forward(days=2)

    def undo(work: Work) -> None:
        batch = work.db.get_one(ImportBatch, 1)
        batch.status, batch.undone_at = BatchStatus.UNDONE, work.now()
        batch.undone_by = work.actor.staff_id

    books.write(undo)
    newest = books.read(lambda work: story(work, session_id))[0]

    assert (newest.title, newest.detail) == (
        "Import undone",
        f"appointments_2026-03.csv, by {books.actor.name}",
    )
    assert newest.day == date(2026, 4, 14)


def test_a_later_import_says_what_it_changed(books: Office, session_id: int, clock: Clock) -> None:
    clock.forward(days=3)

    def change(work: Work) -> None:
        batch = add_batch(work, "appointments_2026-04.csv")
        add_import_row(work, batch, session_id, line=7, before="{}")

    books.write(change)
    newest = books.read(lambda work: story(work, session_id))[0]

    assert (newest.title, newest.detail) == (
        "Changed by an import",
        "appointments_2026-04.csv, row 7",
    )
