"""Refunds that never went out: their money is a credit again, unless the bank has shown it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.ledger import EntryKind, JournalEntry
from fscdesk.models.payment import Credit, PaymentMethod, PaymentOrigin
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.refund import Refund, RefundStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposits import undeposited
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.detail import WHAT, payment_detail
from fscdesk.services.payments.queries import RefundFilter, refund_counts
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.payments.reported import ReportedRefund, pay_back
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.payments.voiding_refunds import void_refund
from fscdesk.services.remittances.answered import Plb
from fscdesk.services.remittances.recoupment_detail import item_detail
from fscdesk.services.work import Work
from tests.support.bank_books import line, starts
from tests.support.clock import Clock
from tests.support.deposits import deposit, paid, undone
from tests.support.payment_acts import LATER, asked, version_of
from tests.support.payments import Till, cents, verify
from tests.support.people import add_batch
from tests.support.remittances_made import claim, kept, plain, posted, remittance, will_take
from tests.support.remittances_made import line as said_of
from tests.support.second_person import before_saving, clerk

WHY = "The check was never cashed"
UNTIL = date(2026, 4, 12)


def version(work: Work, refund_id: int) -> int:
    return work.db.get_one(Refund, refund_id).version


def refunded(
    books: Office, credit_id: int, amount: int, *, on: date = LATER, **facts: object
) -> tuple[int, int]:
    """Pay so much of a credit back; return the refund and its entry."""
    one = asked(books, credit_id, amount, **facts)
    entry = books.write(
        lambda work: pay_refund(
            work,
            one.refund_id,
            on=on,
            reference="2001",
            expected_version=version(work, one.refund_id),
        )
    ).value
    return one.refund_id, entry


def voided(books: Office, refund_id: int) -> int:
    """Void a refund; return the entry that took it back."""
    return books.write(lambda work: void(work, refund_id)).value


def void(work: Work, refund_id: int) -> int:
    return void_refund(work, refund_id, reason=WHY, expected_version=version(work, refund_id))


def held(books: Office, *accounts: str) -> list[int]:
    return books.read(lambda work: [cents(work, one) for one in accounts])


def test_its_money_is_a_credit_again_today(books: Office, till: Till, clock: Clock) -> None:
    check = paid(books, till, 90_00)
    deposit(books, check.payment_id)
    refund, entry = refunded(books, check.credit_id, 40_00)
    assert held(books, "1000", "2400") == [50_00, -50_00]
    clock.forward(days=60)
    back = voided(books, refund)
    assert held(books, "1000", "2400") == [90_00, -90_00]

    def look(work: Work) -> None:
        made = work.db.get_one(JournalEntry, back)
        assert (made.kind, made.reverses_id) == (EntryKind.REVERSAL, entry)
        assert made.entry_date == work.today() == date(2026, 6, 11)
        kept = work.db.get_one(Refund, refund)
        assert (kept.status, kept.paid_on, kept.reference) == (RefundStatus.CANCELLED, None, "2001")
        assert refund_counts(work, RefundFilter())["paid"] == 0
        (change,) = payment_detail(work, check.payment_id).changes
        assert (WHAT[change.what], change.old, change.reason) == (
            "Refund voided",
            "REF-2026-00001, 40.00, paid 04/11/2026",
            WHY,
        )

    books.read(look)
    verify(books)
    part = Application(till.copays[0], Money(30_00))
    books.write(lambda work: apply_credit(work, check.credit_id, [part], on=work.today()))
    again, _entry = refunded(books, check.credit_id, 60_00)
    assert again != refund
    verify(books)


def test_nothing_of_it_is_in_the_way_of_the_payment(books: Office, till: Till) -> None:
    check = paid(books, till, 90_00)
    refund, _entry = refunded(books, check.credit_id, 40_00)
    seen = version_of(books, check.payment_id)
    with pytest.raises(Problem, match="was refunded"):
        books.write(
            lambda work: void_payment(work, check.payment_id, reason="x", expected_version=seen)
        )
    voided(books, refund)
    seen = version_of(books, check.payment_id)
    books.write(
        lambda work: void_payment(work, check.payment_id, reason="x", expected_version=seen)
    )
    assert held(books, "1000", "1050", "2400") == [0, 0, 0]
    verify(books)


def test_only_what_was_paid_is_voided_and_once(books: Office, till: Till) -> None:
    one = asked(books, paid(books, till, 90_00).credit_id, 40_00)
    with pytest.raises(Problem, match="is approved, not paid") as said:
        voided(books, one.refund_id)
    assert said.value.hint == "Nothing was changed. What was not paid is called off."
    books.write(
        lambda work: pay_refund(
            work, one.refund_id, on=LATER, reference="", expected_version=one.version
        )
    )
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: void_refund(work, one.refund_id, reason=WHY, expected_version=one.version)
        )
    with pytest.raises(Problem, match="reason is missing"):
        books.write(
            lambda work: void_refund(
                work, one.refund_id, reason=" ", expected_version=version(work, one.refund_id)
            )
        )
    voided(books, one.refund_id)
    with pytest.raises(Problem, match="is cancelled, not paid"):
        voided(books, one.refund_id)


def test_what_the_bank_has_shown_went_out(books: Office, till: Till) -> None:
    check = paid(books, till, 90_00)
    deposit(books, check.payment_id)
    refund, entry = refunded(books, check.credit_id, 40_00)

    def shown(work: Work) -> int:
        starts(work, "4/1", -90_00)
        draft = MatchDraft(account_named(work), (line(work, "4/12", -40_00),), entry_ids=(entry,))
        return accept(work, draft)

    match = books.write(shown).value
    with pytest.raises(Problem, match="Refund REF-2026-00001 is matched with the bank's") as told:
        voided(books, refund)
    assert told.value.hint == "Nothing was changed. Take that match apart first."
    assert held(books, "1000") == [50_00]
    books.write(lambda work: take_apart(work, match, "Another check"))
    voided(books, refund)
    assert held(books, "1000") == [90_00]
    verify(books)


def test_a_check_that_was_on_the_way_at_a_proof_is_voided_after_it(
    books: Office, till: Till, clock: Clock
) -> None:
    refund, entry = refunded(books, paid(books, till, 90_00).credit_id, 40_00)

    def proof(work: Work) -> None:
        account = starts(work, "4/1", 0)
        complete(work, start(work, account, UNTIL, Money()))

    books.write(proof)
    clock.forward(days=90)
    back = voided(books, refund)
    day = books.read(lambda work: work.db.get_one(JournalEntry, back).entry_date)
    assert day == date(2026, 7, 11)

    def both(work: Work) -> None:
        account = account_named(work)
        complete(work, start(work, account, date(2026, 7, 11), Money()))
        assert work.db.get_one(JournalEntry, entry).entry_date == LATER

    books.write(both)  # both cancel out: neither waits for the bank
    verify(books)


def test_a_refund_that_is_being_voided_is_not_matched(books: Office, till: Till) -> None:
    refund, entry = refunded(books, paid(books, till, 90_00).credit_id, 40_00)
    shown = books.write(lambda work: line(work, "4/12", -40_00)).value
    draft = MatchDraft(books.read(account_named), (shown,), entry_ids=(entry,))
    back, match = before_saving(
        (books, lambda work: void(work, refund)),
        (clerk(books), lambda work: accept(work, draft)),
    )
    assert isinstance(back, int)
    assert isinstance(match, Problem)
    verify(books)


def test_a_card_refund_that_a_deposit_netted_stays(books: Office, till: Till) -> None:
    card = paid(books, till, 100_00, PaymentMethod.CARD)
    refund, _entry = refunded(books, card.credit_id, 30_00)
    made = deposit(books, card.payment_id, refund_ids=(refund,))
    with pytest.raises(Problem, match="was kept back in deposit DEP-2026-00001") as said:
        voided(books, refund)
    assert said.value.hint.startswith("Nothing was changed. Undo that deposit first")
    undone(books, made.id)
    voided(books, refund)
    assert held(books, "1000", "1050", "2400") == [0, 100_00, -100_00]
    assert [one.number for one in books.read(undeposited)] == ["PAY-2026-00001"]
    verify(books)


def test_one_that_simplepractice_made_stays_with_its_import(books: Office, till: Till) -> None:
    paid(books, till, 90_00, origin=PaymentOrigin.SIMPLEPRACTICE, external_id="SP-1")
    told = ReportedRefund(
        "R-1", till.alma, payers=False, amount=Money(25_00), method=PaymentMethod.CHECK, on=LATER
    )
    (refund,) = books.write(
        lambda work: pay_back(work, told, batch_id=add_batch(work, read=0, created=0))
    ).value
    with pytest.raises(Problem, match="was reported by SimplePractice") as said:
        voided(books, refund)
    assert said.value.hint == "Nothing was changed. Undo the import that brought it."
    assert held(books, "1000") == [-25_00]


def test_the_same_command_asks_for_it_anew(books: Office, till: Till) -> None:
    check = paid(books, till, 90_00)
    new = NewRefund(check.credit_id, Money(40_00), "Paid twice", request_key="r1")
    first, _entry = refunded(books, check.credit_id, 40_00, request_key="r1")
    voided(books, first)
    again = books.write(lambda work: request_refund(work, new)).value
    assert (again.repeated, again.status) == (False, RefundStatus.APPROVED)
    assert again.refund_id != first


def test_what_a_payer_will_take_is_open_again(books: Office, till: Till) -> None:
    def told(work: Work) -> int:
        money = claim(1, said_of(till.copays[0], 130_00))
        decided = [will_take(Plb(1, "WO", "ICN3", -60_00))]
        one = kept(work, remittance(till.payer, money, plbs=[plb.plb for plb in decided]))
        posted(work, one, [plain(money)], decided)
        credit = select(Recoupment.credit_id)
        found = work.db.scalars(credit).one()
        assert found is not None
        return found

    credit = books.write(told).value
    refund, _entry = refunded(books, credit, 45_00, on=UNTIL)

    def left(work: Work) -> tuple[int, int]:
        item = work.db.scalars(select(Recoupment)).one()
        return item.open.cents, work.db.get_one(Credit, credit).balance.cents

    assert books.read(left) == (-15_00, 15_00)
    voided(books, refund)
    assert books.read(left) == (-60_00, 60_00)
    (settled,) = books.read(lambda work: item_detail(work, 1)).history
    assert settled.undone_at is not None
    verify(books)
    refunded(books, credit, 60_00, on=UNTIL)
    assert books.read(left) == (0, 0)
    verify(books)
