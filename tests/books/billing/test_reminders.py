"""Reminders: once each band, one letter for each guarantor, and who is left out and why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, select

from fscdesk.models.collection import ParkedBalance
from fscdesk.models.document import Document, DocumentKind
from fscdesk.models.invoice import Reminder
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.staff import RoleRight
from fscdesk.models.values import Money
from fscdesk.services.billing.invoice_policies import reminder_key
from fscdesk.services.billing.invoices import Chosen
from fscdesk.services.billing.reminders import (
    NotReminded,
    ReminderPlan,
    RemindersMade,
    make_reminders,
    plan_reminders,
    reminders_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.fail_at import assert_all_or_nothing
from tests.support.invoices import invoiced, open_practice, sent, set_to, text_of_page
from tests.support.payments import Till, pay, received, verify
from tests.support.plans import hold_in_plan

DUE_IN = 30


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges, and addresses."""
    return books.write(open_practice).value


def planned(books: Office) -> ReminderPlan:
    return books.read(plan_reminders)


def made(books: Office) -> RemindersMade:
    return books.write(lambda work: make_reminders(work, plan_reminders(work))).value


def test_each_band_comes_once_and_in_its_own_words(books: Office, till: Till, clock: Clock) -> None:
    (invoice,) = sent(books, Chosen(charge_ids=(till.own,))).invoices
    seen: list[tuple[int, int]] = []
    texts: dict[int, str] = {}
    for day in range(1, DUE_IN + 130):
        clock.forward(days=1)
        for letter in planned(books).letters:
            for one in made(books).letters:
                seen.append((day - DUE_IN, one.band))
                texts[one.band] = text_of_page(books, one.document_id)
            assert letter.total == Money(160_00)
    assert seen == [(7, 7), (14, 14), (30, 30), (60, 60), (90, 90)]
    assert [row.days for row in books.read(lambda work: reminders_of(work, invoice.id))] == [
        *(7, 14, 30, 60, 90)
    ]
    assert len(set(texts.values())) == 5
    assert "friendly reminder" in texts[7].replace("\n", " ")
    assert "collection agency" in texts[90].replace("\n", " ")
    for text in texts.values():
        assert "Invoice INV-2026-00001" in text
        assert "$160.00" in text
        assert "Alma" not in text
    verify(books)


def test_who_was_not_reminded_for_long_gets_one_letter_of_today(
    books: Office, till: Till, clock: Clock
) -> None:
    sent(books, Chosen(charge_ids=(till.copays[0],)))
    clock.forward(days=20)
    sent(books, Chosen(charge_ids=(till.copays[1],)))
    clock.forward(days=DUE_IN + 15)
    (letter,) = made(books).letters
    assert (letter.band, letter.total) == (30, Money(60_00))
    assert letter.invoices == ("INV-2026-00001", "INV-2026-00002")
    found = books.read(
        lambda work: work.db.execute(
            select(Reminder.days, Reminder.amount).order_by(Reminder.id)
        ).all()
    )
    assert [tuple(row) for row in found] == [(30, Money(30_00)), (14, Money(30_00))]
    again = planned(books)
    assert again.letters == ()
    assert {one.reason for one in again.left_out} == {
        "Reminded of at 30 days",
        "Reminded of at 14 days",
    }
    with pytest.raises(Problem, match="nobody to remind"):
        made(books)


def test_a_letter_is_for_one_guarantor(books: Office, till: Till, clock: Clock) -> None:
    sent(books)
    clock.forward(days=DUE_IN + 7)
    letters = made(books).letters
    assert [(one.account, one.total.plain()) for one in letters] == [
        ("G-1", "60.00"),
        ("G-2", "160.00"),
    ]
    alma, ben = (text_of_page(books, one.document_id) for one in letters)
    assert ("Ben" in alma, "160.00" in alma) == (False, False)
    assert ("Alma" in ben, "60.00\n" in ben.replace("160.00", "")) == (False, False)
    kept = books.read(
        lambda work: (
            work.db.execute(
                select(Document.guarantor_id).where(Document.kind == DocumentKind.REMINDER)
            )
            .scalars()
            .all()
        )
    )
    assert kept == [till.alma_pays, till.ben_pays]


def do_not_bill(work: Work, till: Till) -> None:
    work.db.get_one(Guarantor, till.ben_pays).do_not_bill = True


def bad_address(work: Work, till: Till) -> None:
    work.db.get_one(Guarantor, till.ben_pays).bad_address = True


def no_address(work: Work, till: Till) -> None:
    work.db.get_one(Guarantor, till.ben_pays).city = ""


def deceased(work: Work, till: Till) -> None:
    work.db.get_one(Patient, till.ben).deceased_on = date(2026, 5, 1)


def parked(work: Work, till: Till) -> None:
    work.db.add(
        ParkedBalance(
            patient_id=till.ben,
            live=till.ben,
            parked_on=work.today(),
            parked_by=work.actor.staff_id,
            reason="Away",
        )
    )


def on_plan(work: Work, till: Till) -> None:
    hold_in_plan(work, till.own)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (do_not_bill, NotReminded.DO_NOT_BILL),
        (bad_address, NotReminded.BAD_ADDRESS),
        (no_address, NotReminded.NO_ADDRESS),
        (deceased, NotReminded.DECEASED),
        (parked, NotReminded.PARKED),
        (on_plan, NotReminded.ON_PLAN),
    ],
)
def test_who_is_left_out(
    books: Office,
    till: Till,
    clock: Clock,
    fact: Callable[[Work, Till], None],
    reason: NotReminded,
) -> None:
    sent(books)
    clock.forward(days=DUE_IN + 8)
    books.write(lambda work: fact(work, till))
    plan = planned(books)
    assert [one.account for one in plan.letters] == ["G-1"]
    assert [(one.account, one.reason_code) for one in plan.left_out] == [("G-2", reason)]
    assert plan.left_out[0].reason


def test_drafts_and_what_is_paid_are_not_reminded_of(
    books: Office, till: Till, clock: Clock
) -> None:
    invoiced(books, Chosen(charge_ids=(till.own,)))
    sent(books, Chosen(guarantor_ids=(till.alma_pays,)))
    parts = [Application(one, Money(30_00)) for one in till.copays]
    received(books, pay(till, 60_00, *parts))
    clock.forward(days=DUE_IN + 40)
    assert (planned(books).letters, planned(books).left_out) == ((), ())


def test_less_than_a_week_late_is_not_yet(books: Office, till: Till, clock: Clock) -> None:
    sent(books, Chosen(charge_ids=(till.own,)))
    clock.forward(days=DUE_IN + 6)
    assert [one.reason_code for one in planned(books).left_out] == [NotReminded.NOT_YET]


def test_money_that_came_meanwhile_stops_the_letters(
    books: Office, till: Till, clock: Clock
) -> None:
    sent(books)
    clock.forward(days=DUE_IN + 8)
    plan = planned(books)
    received(books, pay(till, 10_00, Application(till.copays[0], Money(10_00))))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: make_reminders(work, plan))
    assert books.read(lambda work: work.db.scalars(select(Reminder.id)).all()) == []


def test_a_practice_has_its_own_words(books: Office, till: Till, clock: Clock) -> None:
    set_to(books, reminder_key(7), "Remember us.")
    sent(books, Chosen(charge_ids=(till.own,)))
    clock.forward(days=DUE_IN + 7)
    (letter,) = made(books).letters
    assert "Remember us." in text_of_page(books, letter.document_id)


def test_making_is_all_or_nothing_and_of_two_desks_one_wins(
    books: Office, till: Till, clock: Clock
) -> None:
    sent(books)
    clock.forward(days=DUE_IN + 7)
    plan = planned(books)
    assert_all_or_nothing(books, lambda work: make_reminders(work, plan))
    clock.forward(days=7)
    plan = planned(books)

    def act(_desk: int) -> bool:
        try:
            books.write(lambda work: make_reminders(work, plan))
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, range(2))) == [False, True]
    books.write(lambda work: work.db.execute(delete(RoleRight)))
    with pytest.raises(Problem, match="You may not"):
        planned(books)
