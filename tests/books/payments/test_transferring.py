"""Money that is not applied: to charges and back, to another client, to another kind."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Credit, CreditKind, PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application, applications_of
from fscdesk.services.payments.queries import payment_detail
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.payments.transferring import (
    apply_credit,
    change_kind,
    take_back,
    transfer,
)
from fscdesk.services.work import Work
from tests.support.payment_acts import LATER, asked, partly, unapplied, version_of
from tests.support.payments import DAY, Till, cents, received, verify


def test_a_credit_is_applied_in_parts_until_nothing_is_left(books: Office, till: Till) -> None:
    one = unapplied(books, till, 60_00)
    first = [Application(till.copays[0], Money(20_00))]
    books.write(lambda work: apply_credit(work, one.credit_id, first, on=LATER))
    rest = [Application(till.copays[0], Money(10_00)), Application(till.own, Money(30_00))]
    books.write(lambda work: apply_credit(work, one.credit_id, rest, on=LATER))

    def look(work: Work) -> None:
        assert work.db.get_one(Credit, one.credit_id).balance == Money()
        assert work.db.get_one(Charge, till.own).patient_balance == Money(130_00)
        detail = payment_detail(work, one.payment_id)
        assert [(row.patient_number, row.amount) for row in detail.applications] == [
            ("P-1", Money(20_00)),
            ("P-1", Money(10_00)),
            ("P-2", Money(30_00)),
        ]

    books.read(look)
    verify(books)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "above zero"), (-1, "above zero"), (60_01, "but 60.00 is left"), (30_01, "that is open")],
)
def test_what_cannot_be_applied_is_refused(
    books: Office, till: Till, amount: int, words: str
) -> None:
    one = unapplied(books, till, 60_00)
    parts = [Application(till.copays[0], Money(amount))]
    with pytest.raises(Problem, match=words):
        books.write(lambda work: apply_credit(work, one.credit_id, parts, on=LATER))
    with pytest.raises(Problem, match="No charge was chosen"):
        books.write(lambda work: apply_credit(work, one.credit_id, [], on=LATER))


def test_what_waits_to_be_refunded_is_neither_applied_nor_transferred(
    books: Office, till: Till
) -> None:
    one = unapplied(books, till, 60_00)
    asked(books, one.credit_id, 40_00)
    parts = [Application(till.copays[0], Money(30_00))]
    with pytest.raises(Problem, match=r"but 20\.00 is left.*40\.00 waits to be refunded"):
        books.write(lambda work: apply_credit(work, one.credit_id, parts, on=LATER))
    with pytest.raises(Problem, match=r"20\.00 is left"):
        books.write(
            lambda work: transfer(
                work,
                one.credit_id,
                amount=Money(30_00),
                to_patient=till.ben,
                reason="for Ben",
                on=LATER,
            )
        )


def test_an_application_taken_back_says_so_under_the_payment(books: Office, till: Till) -> None:
    one = partly(books, till)
    (entry,) = books.read(lambda work: applications_of(work, one.payment_id))
    before = version_of(books, one.payment_id)
    books.write(lambda work: take_back(work, entry, reason="wrong session"))
    assert version_of(books, one.payment_id) == before + 1

    def look(work: Work) -> None:
        assert work.db.get_one(Charge, till.copays[0]).patient_balance == Money(30_00)
        detail = payment_detail(work, one.payment_id)
        assert detail.applications == ()
        (change,) = detail.changes
        assert change.words == (
            "Taken back: from 30.00 applied to 90837 of 03/02/2026 to Not applied, by"
            f" {work.actor.name}: wrong session"
        )

    books.read(look)
    with pytest.raises(ChangedElsewhere, match="taken back before"):
        books.write(lambda work: take_back(work, entry, reason="again"))
    receipt = books.read(lambda work: work.db.scalar(select(JournalEntry.id).limit(1))) or 0
    with pytest.raises(Problem, match="not an application"):
        books.write(lambda work: take_back(work, receipt, reason="again"))
    verify(books)


def test_a_transfer_is_paired_and_both_accounts_name_the_other(books: Office, till: Till) -> None:
    one = unapplied(books, till, 100_00)
    income = books.read(lambda work: cents(work, "4010"))
    done = books.write(
        lambda work: transfer(
            work,
            one.credit_id,
            amount=Money(60_00),
            to_patient=till.ben,
            reason="meant for Ben",
            on=LATER,
        )
    ).value

    def look(work: Work) -> None:
        assert work.db.get_one(Patient, till.alma).unapplied == Money(40_00)
        assert work.db.get_one(Patient, till.ben).unapplied == Money(60_00)
        lines = work.db.scalars(
            select(JournalLine)
            .where(JournalLine.entry_id == done.entry_id)
            .order_by(JournalLine.amount.desc())
        ).all()
        assert [(one.account, one.amount, one.patient_id, one.guarantor_id) for one in lines] == [
            ("2400", Money(60_00), till.alma, till.alma_pays),
            ("2400", Money(-60_00), till.ben, till.ben_pays),
        ]
        assert {line.payment_id for line in lines} == {one.payment_id}
        memo = work.db.get_one(JournalEntry, done.entry_id).memo
        assert memo == "Transfer from P-1 to P-2", "an entry names nobody"
        (change,) = payment_detail(work, one.payment_id).changes
        assert (change.what, change.old, change.new) == (
            "transfer",
            "60.00 of Alma Anyone (P-1)",
            "Ben Somebody (P-2)",
        )
        assert cents(work, "4010") == income

    books.read(look)
    # What came to Ben can pay Ben, and go back to Alma.
    parts = [Application(till.own, Money(25_00))]
    books.write(lambda work: apply_credit(work, done.credit_id, parts, on=LATER))
    books.write(
        lambda work: transfer(
            work,
            done.credit_id,
            amount=Money(35_00),
            to_patient=till.alma,
            reason="too much",
            on=LATER,
        )
    )
    assert books.read(lambda work: work.db.get_one(Patient, till.alma).unapplied) == Money(75_00)
    verify(books)


def test_transfers_that_cannot_be_are_refused(books: Office, till: Till) -> None:
    one = unapplied(books, till, 100_00)
    payers = received(books, NewPayment(Money(10_00), PaymentMethod.EFT, DAY, payer_id=till.payer))
    tries: list[tuple[int, int, int, str]] = [
        (one.credit_id, 0, till.ben, "above zero"),
        (one.credit_id, 100_01, till.ben, "100.00 is left"),
        (one.credit_id, 1, till.alma, "this client's already"),
        (one.credit_id, 1, 999_999, "not in the books"),
        (payers.credit_id, 1, till.ben, "a payer's money"),
        (999_999, 1, till.ben, "not in the books"),
    ]
    for credit, amount, to, words in tries:
        with pytest.raises(Problem, match=words):
            books.write(
                lambda work, credit=credit, amount=amount, to=to: transfer(  # type: ignore[misc]
                    work, credit, amount=Money(amount), to_patient=to, reason="x", on=LATER
                )
            )
    with pytest.raises(Problem, match="reason is missing"):
        books.write(
            lambda work: transfer(
                work, one.credit_id, amount=Money(1), to_patient=till.ben, reason=" ", on=LATER
            )
        )


def test_the_kind_of_a_credit_changes_and_is_no_memo(books: Office, till: Till) -> None:
    one = unapplied(books, till)

    def change(kind: CreditKind, seen: CreditKind) -> None:
        books.write(lambda work: change_kind(work, one.credit_id, kind, reason="agreed", seen=seen))

    change(CreditKind.RETAINER, CreditKind.OVERPAYMENT)
    assert books.read(lambda work: work.db.get_one(Credit, one.credit_id).kind) == "retainer"
    with pytest.raises(ChangedElsewhere):
        change(CreditKind.PREPAYMENT, CreditKind.OVERPAYMENT)
    with pytest.raises(Problem, match="no money that came"):
        change(CreditKind.CREDIT_MEMO, CreditKind.RETAINER)
