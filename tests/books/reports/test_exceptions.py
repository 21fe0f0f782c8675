"""Exceptions: each kind appears when one half is here, and closes itself when the other comes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankSuspense
from fscdesk.models.charge import Charge, Side
from fscdesk.models.deposit import Deposit
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.remittance import Remittance
from fscdesk.models.values import Money
from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposits import undo_deposit
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.suspense import explain, explain_by_account, tell_apart
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BANK_INTEREST
from fscdesk.services.ledger.posting import reverse
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.reports.exceptions import (
    BankException,
    ExceptionKind,
    Opens,
    exception_totals,
    exceptions,
)
from fscdesk.services.reports.exceptions_report import exceptions_report
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work
from tests.support.bank_books import deposit, entry, line, match, starts, suspense
from tests.support.clock import Clock
from tests.support.payments import DAY, Till, open_till, pay, received, verify
from tests.support.people import add_patient, add_provider, add_session
from tests.support.remittance_acts import post
from tests.support.remittances_made import CONTRACT, claim, kept, remittance
from tests.support.remittances_made import line as service_line
from tests.support.second_person import nobody

Kinds = ExceptionKind


@pytest.fixture
def till(books: Office) -> Till:
    return books.write(open_till).value


def listed(books: Office, as_of: date | None = None) -> list[tuple[str, str]]:
    """The list as pairs of kind and amount."""
    return [(one.kind.value, str(one.amount)) for one in look(books, as_of)]


def look(books: Office, as_of: date | None = None) -> tuple[BankException, ...]:
    return books.read(lambda work: exceptions(work, as_of))


def payment_of(books: Office, remittance_id: int) -> int:
    found = books.read(lambda work: work.db.get_one(Remittance, remittance_id).payment_id)
    assert found is not None
    return found


def test_nothing_open_is_no_list(books: Office, till: Till) -> None:
    assert look(books) == ()


def test_a_posted_remittance_waits_for_its_money(books: Office, till: Till, clock: Clock) -> None:
    answer = claim(1, service_line(till.copays[0], 111_40, CONTRACT, charge=130_00))
    ident = post(books, remittance(till.payer, answer))
    (one,) = look(books)
    assert (one.kind, one.opens, one.opens_id) == (
        Kinds.REMITTANCE_WITHOUT_MONEY,
        Opens.REMITTANCE,
        ident,
    )
    assert (one.who, str(one.amount), one.since, one.days) == (
        "Example East",
        "111.40",
        date(2026, 4, 9),
        3,
    )
    assert one.words == "Transfer EFT0001, posted as PAY-2026-00001"
    payment = payment_of(books, ident)
    made = books.write(lambda work: deposit(work, payment, "4/12")).value
    (waits,) = look(books)
    assert (waits.kind, waits.number, waits.who) == (
        Kinds.DEPOSITED_NOT_BANKED,
        "DEP-2026-00001",
        "Operating account",
    )
    clock.set(datetime(2026, 4, 20, 16, tzinfo=UTC))
    books.write(lambda work: match(work, [line(work, "4/15", 111_40)], [_entry_of(work, made)]))
    assert look(books) == ()
    assert listed(books, date(2026, 4, 14)) == [("deposited_not_banked", "111.40")]
    assert listed(books, date(2026, 4, 8)) == []


def test_an_unposted_remittance_waits_until_the_bank_shows_it(books: Office, till: Till) -> None:
    answer = claim(1, service_line(till.copays[0], 111_40, CONTRACT, charge=130_00))
    ident = books.write(lambda work: kept(work, remittance(till.payer, answer))).value
    (one,) = look(books)
    assert (one.kind, one.opens_id, one.words) == (
        Kinds.REMITTANCE_WITHOUT_MONEY,
        ident,
        "Check or transfer EFT0001, not posted",
    )

    def at_the_bank(work: Work) -> None:
        words = "EXAMPLE EAST HCCLAIMPMT TRN*1*EFT0001*1999999999"
        type_line(work, 1, on=date(2026, 4, 11), amount=Money(111_40), words=words)

    books.write(at_the_bank)
    (shown,) = look(books)
    assert (shown.kind, shown.opens) == (Kinds.BANKED_NOT_POSTED, Opens.BANK_LINE)
    assert shown.to_do == f"Post {one.number}, whose money this is."
    books.write(lambda work: post_remittance(work, ident))
    assert {kind for kind, _ in listed(books)} == {
        "banked_not_posted",
        "remittance_without_money",
    }


def test_a_transfer_that_nothing_names_is_money_without_a_remittance(books: Office) -> None:
    def at_the_bank(work: Work) -> int:
        words = "EXAMPLE EAST HCCLAIMPMT TRN*1*EFT0009*1999999999"
        return type_line(work, 1, on=date(2026, 4, 1), amount=Money(61_75), words=words)

    credit = books.write(at_the_bank).value
    assert listed(books) == [("money_without_remittance", "61.75")]
    books.write(lambda work: suspense(work, credit))
    (one,) = look(books)
    assert (one.kind, one.opens, one.number) == (
        Kinds.MONEY_WITHOUT_REMITTANCE,
        Opens.SUSPENSE,
        "SUS-2026-00001",
    )

    def explained(work: Work) -> None:
        work.db.scalars(select(BankSuspense)).one().open = Money()

    books.write(explained)
    assert look(books) == ()


@pytest.mark.parametrize("closed", [False, True])
def test_money_that_was_explained_later_was_open_before_in_a_closed_month(
    books: Office, clock: Clock, *, closed: bool
) -> None:
    """What it was belongs to the bank's day, unless that month is closed."""

    def held(work: Work) -> int:
        came = line(work, "4/10", 61_75)
        accept(work, MatchDraft(account_named(work), (came,), hold=True))
        return work.db.scalars(select(BankSuspense.id)).one()

    ident = books.write(held).value
    assert listed(books) == [("held_not_identified", "61.75")]
    clock.set(datetime(2026, 5, 20, 16, tzinfo=UTC))
    if closed:
        books.write(lambda work: close(work, date(2026, 4, 1)))
        clock.forward(minutes=1)
    legs = [BankLeg(BANK_INTEREST, Money(61_00))]
    books.write(lambda work: explain_by_account(work, ident, legs, "Interest after all"))
    assert listed(books) == [("held_not_identified", "0.75")]
    before = "61.75" if closed else "0.75"
    assert listed(books, date(2026, 4, 19)) == [("held_not_identified", before)]
    assert listed(books, date(2026, 4, 9)) == []
    verify(books)


def test_an_explanation_told_apart_counts_its_suspense_once(
    books: Office, till: Till, clock: Clock
) -> None:
    """As of the bank's day it is what is said of it; taken back, the money was open then."""

    def held(work: Work) -> int:
        came = line(work, "3/15", 61_75)
        accept(work, MatchDraft(account_named(work), (came,), hold=True))
        return work.db.scalars(select(BankSuspense.id)).one()

    ident = books.write(held).value
    march, open_then = date(2026, 3, 31), [("held_not_identified", "61.75")]
    assert listed(books, march) == open_then
    clock.set(datetime(2026, 4, 20, 16, tzinfo=UTC))
    legs = [BankLeg(BANK_INTEREST, Money(61_75))]
    said = books.write(lambda work: explain_by_account(work, ident, legs, "Interest")).value
    assert listed(books, march) == []
    books.write(lambda work: tell_apart(work, said, "Not interest"))
    assert listed(books, march) == open_then
    check = received(books, pay(till, 61_75, rest=Rest(patient_id=till.alma)))
    done = books.write(lambda work: explain(work, ident, [check.payment_id])).value
    assert listed(books, march) == open_then
    books.write(lambda work: undo_deposit(work, done.id, "Another payment"))
    assert listed(books, march) == open_then
    assert ("held_not_identified", "61.75") in listed(books)
    verify(books)


def test_a_payers_money_that_nothing_explains_to_the_end(books: Office, till: Till) -> None:
    new = NewPayment(
        Money(80_00),
        PaymentMethod.EFT,
        DAY,
        payer_id=till.payer,
        reference="EFT0002",
        applications=(Application(till.copays[0], Money(50_00), Side.INSURANCE),),
        rest=Rest(),
    )
    done = received(books, new)
    assert listed(books) == [
        ("money_without_remittance", "30.00"),
        ("posted_not_deposited", "80.00"),
    ]
    books.write(lambda work: deposit(work, done.payment_id, "4/11"))
    assert [kind for kind, _ in listed(books)] == [
        "money_without_remittance",
        "deposited_not_banked",
    ]
    answered = books.write(
        lambda work: kept(
            work, remittance(till.payer, claim(1, service_line(till.copays[1], 80_00)))
        )
    ).value

    def is_its(work: Work) -> None:
        work.db.get_one(Remittance, answered).payment_id = done.payment_id

    books.write(is_its)
    assert [kind for kind, _ in listed(books)] == ["deposited_not_banked"]


def test_a_check_in_the_drawer(books: Office, till: Till) -> None:
    done = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    (one,) = look(books)
    assert (one.kind, one.opens, one.opens_id) == (
        Kinds.POSTED_NOT_DEPOSITED,
        Opens.PAYMENT,
        done.payment_id,
    )
    assert (one.who, one.words, one.to_do, one.days) == (
        "Alma Anyone",
        "Check",
        "Put it into a deposit.",
        2,
    )
    made = books.write(lambda work: deposit(work, done.payment_id, "4/11")).value
    assert listed(books) == [("deposited_not_banked", "30.00")]
    books.write(lambda work: match(work, [line(work, "4/12", 30_00)], [_entry_of(work, made)]))
    assert look(books) == ()


def test_what_is_deposited_and_taken_back_waits_for_nothing(books: Office) -> None:
    wrong = books.write(lambda work: entry(work, "4/2", 12_00)).value
    assert listed(books) == [("deposited_not_banked", "12.00")]
    books.write(lambda work: reverse(work, wrong, on=date(2026, 4, 3), reason="Typed twice"))
    assert look(books) == ()


def test_what_the_account_began_with_waits_for_nothing(books: Office) -> None:
    def fill(work: Work) -> None:
        starts(work, "3/1", 5000_00)
        entry(work, "2/28", 5000_00)

    books.write(fill)
    assert look(books) == ()


def test_a_fee_that_nobody_entered(books: Office) -> None:
    fee = books.write(lambda work: line(work, "3/31", -15_00, "MONTHLY SERVICE FEE")).value
    (one,) = look(books)
    assert (one.kind, str(one.amount), one.opens_id, one.days) == (
        Kinds.BANKED_NOT_POSTED,
        "-15.00",
        fee,
        12,
    )
    assert one.to_do.startswith("Match it with what was paid")
    books.write(lambda work: match(work, [fee], [entry(work, "3/31", -15_00)]))
    assert look(books) == ()


def test_what_simplepractice_calls_paid(books: Office) -> None:
    def seen(work: Work) -> int:
        patient = add_patient(work, "Quill Fakerson")
        clinician = add_provider(work, "Testa Fernsample")
        return add_session(
            work, patient, clinician, share=30_00, patient_paid=30_00, paid_on=date(2026, 3, 5)
        )

    session = books.write(seen).value
    (one,) = look(books)
    assert (one.kind, one.opens, one.opens_id) == (
        Kinds.RECORDED_NOT_RECEIVED,
        Opens.SESSION,
        session,
    )
    assert (one.who, one.words, str(one.amount)) == (
        "Quill Fakerson",
        "Session of 03/02/2026",
        "30.00",
    )
    assert listed(books, date(2026, 3, 1)) == []

    def comes(work: Work) -> None:
        charge = work.db.scalars(select(Charge)).one()
        new = NewPayment(
            Money(30_00),
            PaymentMethod.CASH,
            DAY,
            guarantor_id=charge.guarantor_id,
            applications=(Application(charge.id, Money(30_00), recorded=True),),
        )
        work.db.get_one(Payment, receive(work, new).payment_id)

    books.write(comes)
    assert listed(books) == [("posted_not_deposited", "30.00")]


def test_kinds_totals_and_the_right(books: Office, till: Till) -> None:
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    books.write(lambda work: line(work, "3/31", -15_00))
    books.write(lambda work: line(work, "4/1", -1_00))
    only = books.read(lambda work: exceptions(work, kinds=[Kinds.BANKED_NOT_POSTED]))
    assert [str(one.amount) for one in only] == ["-15.00", "-1.00"]
    assert [
        (one.words, one.count, str(one.amount), one.oldest) for one in exception_totals(look(books))
    ] == [("At the bank, not posted", 2, "-16.00", 12), ("Posted, not deposited", 1, "30.00", 2)]
    with pytest.raises(Problem, match="You may not see exceptions"):
        nobody(books).read(exceptions)


def _entry_of(work: Work, deposit_id: int) -> int:
    return work.db.get_one(Deposit, deposit_id).entry_id


def test_the_report_has_a_total_of_one_kind_only(books: Office, till: Till) -> None:
    def table(work: Work, kinds: frozenset[ExceptionKind]) -> TableReport:
        return exceptions_report(work, exceptions(work, kinds=kinds), work.today())

    books.write(lambda work: line(work, "4/10", -15_00, "MONTHLY FEE"))
    books.write(lambda work: line(work, "4/11", -5_00, "WIRE FEE"))
    received(books, pay(till, 20_00, rest=Rest(patient_id=till.alma)))
    found = look(books)
    assert len({one.kind for one in found}) == 2
    assert books.read(lambda work: table(work, frozenset())).totals is None
    one = books.read(lambda work: table(work, frozenset({Kinds.BANKED_NOT_POSTED})))
    assert one.totals is not None
    assert one.totals[6] == Money(-20_00)
