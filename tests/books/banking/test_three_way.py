"""A session followed to the bank: each half that is missing is said, and then is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.deposit import Deposit
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import Money
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.three_way import ThreeWay, three_way
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.reports.freshness import freshness
from fscdesk.services.sessions.story import story
from fscdesk.services.work import Work
from tests.support.bank_books import deposit, line, match
from tests.support.clock import Clock
from tests.support.payments import Till, open_till, pay, received
from tests.support.people import add_patient, add_provider, add_session
from tests.support.remittance_acts import post
from tests.support.remittances_made import CONTRACT, claim, remittance
from tests.support.remittances_made import line as service_line
from tests.support.sent_claims import send, some_claims, with_clearinghouse


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def session_of(books: Office, charge_id: int) -> int:
    found = books.read(lambda work: work.db.get_one(Charge, charge_id).session_id)
    assert found is not None
    return found


def look(books: Office, charge_id: int) -> ThreeWay:
    session = session_of(books, charge_id)
    return books.read(lambda work: three_way(work, session))


def test_nothing_is_whole_where_nothing_was_paid(books: Office, till: Till) -> None:
    found = look(books, till.own)
    assert (found.paths, found.sentences, found.whole) == ((), (), True)


def test_a_payers_money_is_followed_to_the_bank(books: Office, till: Till, clock: Clock) -> None:
    charge = till.copays[0]
    answer = claim(1, service_line(charge, 111_40, CONTRACT, charge=130_00))
    ident = post(books, remittance(till.payer, answer))
    number = books.read(lambda work: work.db.get_one(Remittance, ident).number)
    way = f"111.40 of Example East (EFT0001), by {number}, posted as PAY-2026-00001"
    found = look(books, charge)
    assert (found.sentences, found.whole) == ((f"{way}: not deposited yet.",), False)

    def taken(work: Work) -> int:
        made = deposit(work, found.paths[0].payment_id, "4/12")
        return work.db.get_one(Deposit, made).entry_id

    entry_id = books.write(taken).value
    way += ", deposited 04/12/2026 (DEP-2026-00001)"
    assert look(books, charge).sentences == (f"{way}: the bank has not shown it yet.",)
    clock.set(datetime(2026, 4, 20, 16, tzinfo=UTC))
    books.write(lambda work: match(work, [line(work, "4/15", 111_40)], [entry_id]))
    whole = look(books, charge)
    assert (whole.sentences, whole.whole) == ((f"{way}, at the bank 04/15/2026.",), True)
    session = session_of(books, charge)
    told = [
        (step.title, step.day, step.detail, step.source.id)
        for step in books.read(lambda work: story(work, session))
        if step.title in {"Deposited", "At the bank"}
    ]
    assert told == [
        ("At the bank", date(2026, 4, 15), whole.sentences[0], entry_id),
        (
            "Deposited",
            date(2026, 4, 12),
            "DEP-2026-00001, PAY-2026-00001 of Example East",
            entry_id,
        ),
    ]
    books.write(lambda work: complete(work, start(work, 1, date(2026, 4, 16), Money(111_40))))
    assert look(books, charge).whole


def test_of_a_check_for_two_sessions_each_has_its_part(books: Office, till: Till) -> None:
    parts = tuple(Application(one, Money(30_00)) for one in till.copays)
    received(books, pay(till, 60_00, *parts, reference="1042"))
    for charge in till.copays:
        assert look(books, charge).sentences == (
            "30.00 of Alma Anyone (1042), posted as PAY-2026-00001: not deposited yet.",
        )


def test_what_is_only_recorded_is_missing(books: Office) -> None:
    def seen(work: Work) -> int:
        patient = add_patient(work, "Quill Fakerson")
        clinician = add_provider(work, "Testa Fernsample")
        return add_session(work, patient, clinician, share=30_00, patient_paid=30_00)

    session = books.write(seen).value
    found = books.read(lambda work: three_way(work, session))
    assert found.sentences == ("30.00 is recorded in SimplePractice: no payment has come for it.",)
    assert not found.whole


def test_how_new_the_accounts_are(books: Office, till: Till, clock: Clock) -> None:
    assert books.read(freshness).accounts == ()
    done = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    books.write(lambda work: deposit(work, done.payment_id, "4/12"))
    never = books.read(freshness)
    assert [(one.name, one.days, one.late) for one in never.accounts] == [
        ("Operating account", None, True)
    ]
    assert [(one.name, one.days, one.late) for one in never.deposits] == [
        ("Operating account", 0, False)
    ]
    books.write(lambda work: line(work, "4/10", 30_00))
    clock.set(datetime(2026, 4, 20, 16, tzinfo=UTC))
    assert [(one.days, one.late) for one in books.read(freshness).accounts] == [(10, False)]
    clock.set(datetime(2026, 4, 21, 16, tzinfo=UTC))
    assert [(one.days, one.late) for one in books.read(freshness).accounts] == [(11, True)]


def test_a_claim_without_an_answer_is_said(books: Office, tmp_path: Path) -> None:
    desk = with_clearinghouse(books, tmp_path)
    (ident, *_) = some_claims(books, desk, 1)
    asked = select(ClaimLine.session_id).where(ClaimLine.claim_id == ident)

    def waits(work: Work) -> tuple[str, ...]:
        return three_way(work, work.db.scalars(asked.limit(1)).one()).sentences

    assert books.read(waits) == ()
    send(books, [ident])
    number = books.read(lambda work: work.db.get_one(Claim, ident).number)
    (said,) = books.read(waits)
    assert said.startswith(f"{number} is at ")
    assert said.endswith(": no answer yet.")
