"""Money that goes back leaves the bank account it is in, or the account that the practice uses."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.bank import BankAccount
from fscdesk.models.payment import Payment, PaymentMethod, PaymentOrigin
from fscdesk.models.values import Money
from fscdesk.services.banking.accepting import MatchDraft, accept
from fscdesk.services.banking.accounts import BankAccountDraft, account_named, save_bank_account
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.disputing import charge_back_part
from fscdesk.services.payments.refunding import pay_refund
from fscdesk.services.payments.reported import ReportedRefund, pay_back
from fscdesk.services.payments.returning import ReturnKind, return_payment, undo_return
from fscdesk.services.work import Work
from tests.support.deposits import deposit, paid
from tests.support.payment_acts import LATER, asked, version_of
from tests.support.payments import Till, cents, verify
from tests.support.people import add_batch


def in_use(books: Office, name: str = "Credit union") -> int:
    """Add an account that is the default one, take the first (1000) out of use; return its id."""

    def change(work: Work) -> int:
        first = account_named(work)
        made = save_bank_account(work, BankAccountDraft(name, is_default=True))
        work.db.get_one(BankAccount, first).active = False
        return made

    return books.write(change).value


def another(books: Office) -> int:
    """Add an account beside the default one."""
    return books.write(lambda work: save_bank_account(work, BankAccountDraft("Savings"))).value


def held(books: Office) -> tuple[int, int]:
    """Return what the first account (1000) and the second (1001) hold, in cents."""
    return books.read(lambda work: (cents(work, "1000"), cents(work, "1001")))


def refunded(books: Office, credit_id: int, amount: int) -> None:
    """Pay so much of a credit back by check."""
    one = asked(books, credit_id, amount)
    books.write(
        lambda work: pay_refund(
            work, one.refund_id, on=LATER, reference="2001", expected_version=one.version
        )
    )


def bounced(books: Office, payment_id: int, kind: ReturnKind = ReturnKind.NSF) -> int:
    """Let the bank take a payment back; return the entry."""
    version = version_of(books, payment_id)
    done = books.write(
        lambda work: return_payment(
            work,
            payment_id,
            on=LATER,
            reason="not covered",
            expected_version=version,
            kind=kind,
            fee=Money(),
        )
    )
    return done.value.entry_id


def test_a_refund_leaves_the_account_of_the_deposit(books: Office, till: Till) -> None:
    in_use(books)
    check = paid(books, till, 90_00)
    deposit(books, check.payment_id)
    refunded(books, check.credit_id, 40_00)
    assert held(books) == (0, 50_00)
    verify(books)


def test_it_need_not_be_the_default_account(books: Office, till: Till) -> None:
    savings = another(books)
    check = paid(books, till, 90_00)
    deposit(books, check.payment_id, bank_account_id=savings)
    refunded(books, check.credit_id, 40_00)
    assert held(books) == (0, 50_00)
    verify(books)


def test_before_the_deposit_it_leaves_the_default_account(books: Office, till: Till) -> None:
    in_use(books)
    refunded(books, paid(books, till, 90_00).credit_id, 40_00)
    assert held(books) == (0, -40_00)
    verify(books)


def test_an_account_out_of_use_pays_nothing(books: Office, till: Till) -> None:
    """What was deposited there is in the account that the practice moved to."""
    check = paid(books, till, 90_00)
    deposit(books, check.payment_id)
    in_use(books)
    refunded(books, check.credit_id, 40_00)
    assert held(books) == (90_00, -40_00)
    verify(books)


def test_without_a_default_account_it_is_the_first(books: Office, till: Till) -> None:
    another(books)

    def no_default(work: Work) -> None:
        for one in work.db.query(BankAccount):
            one.is_default = False

    books.write(no_default)
    refunded(books, paid(books, till, 90_00).credit_id, 40_00)
    assert held(books) == (-40_00, 0)


def test_a_chargeback_before_the_deposit_is_netted_by_it(books: Office, till: Till) -> None:
    in_use(books)
    whole = paid(books, till, 60_00, PaymentMethod.CARD)
    part = paid(books, till, 50_00, PaymentMethod.CARD)
    bounced(books, whole.payment_id, ReturnKind.CHARGEBACK)
    version = version_of(books, part.payment_id)
    books.write(
        lambda work: charge_back_part(
            work,
            part.payment_id,
            Money(20_00),
            on=LATER,
            reason="disputed",
            expected_version=version,
            fee=Money(),
        )
    )
    assert held(books) == (0, -80_00)
    deposit(books, whole.payment_id, part.payment_id)
    assert held(books) == (0, 30_00)
    verify(books)


def test_a_refund_that_simplepractice_made_leaves_it_too(books: Office, till: Till) -> None:
    in_use(books)
    check = paid(books, till, 90_00, origin=PaymentOrigin.SIMPLEPRACTICE, external_id="SP-1")
    deposit(books, check.payment_id)
    told = ReportedRefund(
        "R-1", till.alma, payers=False, amount=Money(25_00), method=PaymentMethod.CHECK, on=LATER
    )
    books.write(lambda work: pay_back(work, told, batch_id=add_batch(work, read=0, created=0)))
    assert held(books) == (0, 65_00)
    verify(books)


def test_what_was_returned_is_deposited_where_it_left(books: Office, till: Till) -> None:
    """Else one account is below zero and the other too high for ever."""
    savings = another(books)
    check, other = paid(books, till, 90_00).payment_id, paid(books, till, 10_00).payment_id
    bounced(books, check)
    with pytest.raises(Problem, match="took money of payment PAY-2026-00001 back") as said:
        deposit(books, check, other, bank_account_id=savings)
    assert said.value.message.endswith(
        "back from Operating account; this deposit goes into Savings."
    )
    assert "Take its return or dispute back" in said.value.hint
    assert held(books) == (-90_00, 0)
    version = version_of(books, check)
    books.write(lambda work: undo_return(work, check, reason="anew", expected_version=version))
    deposit(books, check, other, bank_account_id=savings)
    bounced(books, check)
    assert held(books) == (0, 10_00)
    verify(books)


def test_what_the_bank_has_shown_in_another_account_is_so(books: Office, till: Till) -> None:
    """A processor may pay into one account and take from another: the statements say so."""
    savings = another(books)
    check = paid(books, till, 90_00).payment_id
    entry = bounced(books, check)

    def shown(work: Work) -> None:
        account = account_named(work, "Operating account")
        line = type_line(
            work, account, on=date(2026, 4, 12), amount=Money(-90_00), words="RETURNED ITEM"
        )
        accept(work, MatchDraft(account, (line,), entry_ids=(entry,)))

    books.write(shown)
    deposit(books, check, bank_account_id=savings)
    assert held(books) == (-90_00, 90_00)
    assert books.read(lambda work: work.db.get_one(Payment, check).deposited_on) == LATER
    verify(books)
