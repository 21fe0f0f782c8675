"""No mistyped year gets into the books, and one that is there does not stop their check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import monotonic

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry, Part
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.ledger.posting import Draft, Leg, post
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import PaymentFacts, correct_facts
from fscdesk.services.payments.days import first_day
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.transferring import take_back
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, cents, pay, received, verify
from tests.support.people import add_patient, add_provider, add_session


@pytest.mark.parametrize("day", [date(206, 3, 2), date(2006, 3, 2), date(2024, 12, 31)])
@pytest.mark.parametrize("field", ["received_on", "posted_on", "check_on"])
def test_money_does_not_come_before_the_practice_began(
    books: Office, till: Till, field: str, day: date
) -> None:
    new = pay(till, 30_00, Application(till.copays[0], Money(30_00)))
    with pytest.raises(Problem, match=rf"/{day.year:04}, lies before 01/01/2025"):
        received(books, replace(new, **{field: day}))  # type: ignore[arg-type]
    assert books.read(lambda work: cents(work, "1050")) == 0
    received(books, replace(new, **{field: date(2025, 1, 1)}))  # type: ignore[arg-type]
    verify(books)


def test_the_first_day_goes_by_the_first_session(books: Office) -> None:
    assert books.read(first_day) == date(2025, 1, 1)  # nothing yet: by the office's day

    def old(work: Work) -> None:
        clinician, patient = add_provider(work, "Testa Fernsample"), add_patient(work, "Quill")
        add_session(work, patient, clinician, day=date(2019, 6, 3), share=10_00)

    books.write(old)
    assert books.read(first_day) == date(2018, 1, 1)


def test_a_day_that_is_corrected_or_taken_back_is_looked_at_too(books: Office, till: Till) -> None:
    done = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    facts = PaymentFacts(PaymentMethod.CHECK, "", date(206, 3, 2), "")
    with pytest.raises(Problem, match="The day on the check, 03/02/0206"):
        books.write(
            lambda work: correct_facts(work, done.payment_id, facts, reason="x", expected_version=1)
        )
    entry = books.read(_applied)
    with pytest.raises(Problem, match="03/02/0206, lies before"):
        books.write(lambda work: take_back(work, entry, reason="x", on=date(206, 3, 2)))


def _applied(work: Work) -> int:
    found = work.db.scalar(select(JournalEntry.id).where(JournalEntry.kind == EntryKind.APPLIED))
    assert found is not None
    return found


def test_the_check_of_open_items_asks_only_months_that_moved(books: Office, till: Till) -> None:
    """A line of the year 206 (a foreign program's, or an old file's) costs one question."""

    def old(work: Work) -> None:
        legs = (Leg("1120", 100, Part.CHARGE), Leg("1000", -100, Part.CHARGE))
        post(work, Draft(date(206, 3, 2), EntryKind.OPENING, "old", legs))

    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    books.write(old)
    asked: list[int] = []

    def look(work: Work) -> None:
        step = work.job.step

        def count(done: int, total: int, text: str = "") -> None:
            asked.append(total)
            step(done, total, text)

        work.job.step = count  # type: ignore[method-assign]
        run_checks(work, ["open-items-equal-ledger"])

    began = monotonic()
    books.read(look)
    assert max(asked) <= 3  # the old month, March, and today in April
    assert monotonic() - began < 10


def test_a_payment_of_another_day_is_another_payment(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(30_00),
        PaymentMethod.CHECK,
        DAY,
        guarantor_id=till.alma_pays,
        applications=(Application(till.copays[0], Money(30_00)),),
        request_key="same",
    )
    first = received(books, new)
    other = replace(new, applications=(Application(till.copays[1], Money(30_00)),))
    for changed in (other, replace(new, received_on=date(2026, 4, 9))):
        with pytest.raises(Problem, match="under the same key with other facts"):
            received(books, changed)
    assert received(books, new) == replace(first, repeated=True)
