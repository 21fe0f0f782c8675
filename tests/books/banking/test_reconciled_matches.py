"""What people match is locked by the reconciliation of its month, and free again without it."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.deposit import Deposit, DepositKind
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept, take_apart
from fscdesk.services.banking.deposits import DepositDraft, make_deposit, undo_deposit
from fscdesk.services.banking.match_items import BankLeg
from fscdesk.services.banking.reconciling import complete, require_unlocked, start, undo_last
from fscdesk.services.errors import Problem
from fscdesk.services.ledger.accounts import BANK_FEES
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Work
from tests.support.bank_books import line
from tests.support.payments import open_till, pay, received, verify

UNTIL = date(2026, 4, 12)


def test_a_fee_and_a_deposit_are_locked_and_set_free(books: Office) -> None:
    till = books.write(open_till).value
    paid = received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))

    def matched(work: Work) -> tuple[int, int, int]:
        draft = DepositDraft(None, DepositKind.COUNTER, UNTIL, payment_ids=(paid.payment_id,))
        made = make_deposit(work, draft)
        entry_id = work.db.get_one(Deposit, made.id).entry_id
        legs = (BankLeg(BANK_FEES, Money(-15_00)),)
        fee = MatchDraft(1, (line(work, "4/12", -15_00, "MONTHLY FEE"),), legs=legs, memo="Fee")
        taken = MatchDraft(1, (line(work, "4/12", 30_00),), entry_ids=(entry_id,))
        return made.id, accept(work, fee), accept(work, taken)

    deposit_id, fee, taken = books.write(matched).value
    done = books.write(lambda work: complete(work, start(work, 1, UNTIL, Money(15_00)))).value
    assert (str(done.book), done.in_transit, done.outstanding) == ("15.00", (), ())
    verify(books)
    said = r"is reconciled \(REC-2026-00001\)"
    with pytest.raises(Problem, match=said):
        books.write(lambda work: take_apart(work, fee, "Wrong"))
    with pytest.raises(Problem, match=said):
        books.write(lambda work: take_apart(work, taken, "Wrong"))
    with pytest.raises(Problem, match=said):
        books.write(lambda work: undo_deposit(work, deposit_id, "Wrong"))
    with pytest.raises(Problem, match=said):
        books.read(lambda work: require_unlocked(work, payments=[paid.payment_id]))
    with pytest.raises(Problem, match=said) as refused:
        books.read(lambda work: require_unlocked(work, deposits=[deposit_id], saved="Not now."))
    assert refused.value.hint == "Not now. Undo that reconciliation first."
    books.write(lambda work: undo_last(work, 1, "The fee is wrong"))

    def apart(work: Work) -> None:
        take_apart(work, fee, "Wrong")
        take_apart(work, taken, "Wrong")
        undo_deposit(work, deposit_id, "Wrong")

    books.write(apart)
    verify(books)
