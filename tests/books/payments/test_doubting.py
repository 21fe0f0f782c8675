"""What is asked back before a payment is posted: the same one twice, a day ahead, too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.setting import Setting
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Severity
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.doubting import (
    DAY_AHEAD,
    HERE_ALREADY,
    MUCH,
    Doubted,
    doubts,
    require_meant,
)
from fscdesk.services.payments.line_entry import PaymentLine, enter_line
from fscdesk.services.payments.policies import ASK_ABOVE
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.work import Work
from tests.support.payments import DAY, Till, pay, received, verify

TODAY = date(2026, 4, 10)


def asked(books: Office, new: NewPayment, applied: Money = ZERO) -> list[tuple[str, str]]:
    """Return the code and the words of each doubt; every one is a warning."""
    found = books.read(lambda work: doubts(work, new, applied))
    assert all(one.severity is Severity.WARNING for one in found)
    return [(one.code, one.message) for one in found]


def check(till: Till, amount: int = 45_00, reference: str = "8831", **facts: object) -> NewPayment:
    return pay(till, amount, reference=reference, rest=Rest(patient_id=till.alma), **facts)


def test_the_same_check_is_asked_back_by_its_number(books: Office, till: Till) -> None:
    assert asked(books, check(till)) == []
    first = received(books, check(till))
    words = f"This check is here already: {first.number} of 45.00, number 8831, posted 04/10/2026."
    assert asked(books, check(till)) == [(HERE_ALREADY, words)]
    later = replace(check(till, reference=" 0008831 "), received_on=DAY + timedelta(days=0))
    assert asked(books, later) == [(HERE_ALREADY, words)]
    for other in (
        check(till, reference="8832"),
        check(till, 46_00),
        replace(check(till), guarantor_id=till.ben_pays),
    ):
        assert asked(books, other) == []


def test_without_a_number_day_and_method_tell(books: Office, till: Till) -> None:
    cash = replace(check(till, reference=""), method=PaymentMethod.CASH)
    received(books, cash)
    assert [code for code, _words in asked(books, cash)] == [HERE_ALREADY]
    assert "This payment is here" in asked(books, cash)[0][1]
    assert asked(books, replace(cash, method=PaymentMethod.CARD)) == []
    assert asked(books, replace(cash, received_on=DAY - timedelta(days=1))) == []


def test_what_was_voided_may_come_again(books: Office, till: Till) -> None:
    first = received(books, check(till))

    def void(work: Work) -> None:
        version = work.db.get_one(Payment, first.payment_id).version
        void_payment(work, first.payment_id, reason="Typed twice", expected_version=version)

    books.write(void)
    assert asked(books, check(till)) == []
    verify(books)


def test_repeating_a_command_is_not_asked_back(books: Office, till: Till) -> None:
    new = check(till, request_key="k1")
    received(books, new)
    assert asked(books, new) == []
    assert [one for one, _words in asked(books, check(till, request_key="k2"))] == [HERE_ALREADY]


def test_a_day_ahead_is_asked_back(books: Office, till: Till) -> None:
    words = "The day on the check, 12/25/2026, lies ahead."
    assert asked(books, check(till, check_on=date(2026, 12, 25))) == [(DAY_AHEAD, words)]
    tomorrow = books.read(lambda work: work.today()) + timedelta(days=1)
    found = asked(books, replace(check(till), received_on=tomorrow))
    assert [code for code, _words in found] == [DAY_AHEAD], "the posting day only follows it"


def test_much_more_than_is_owed_is_asked_back(books: Office, till: Till) -> None:
    # Alma's guarantor owes 60.00: ten times that may well be meant, a cent more is asked back.
    assert asked(books, check(till, 600_00)) == []
    assert [code for code, _words in asked(books, check(till, 600_01))] == [MUCH]
    # Ten copays in advance are little, whatever is owed.
    assert asked(books, check(till, 250_00), Money(5_00)) == []
    # What charges take whole, they vouch for.
    assert asked(books, check(till, 20_000_00), Money(20_000_00)) == []


def test_the_practice_says_from_which_amount_on(books: Office, till: Till) -> None:
    eft = replace(
        check(till, 10_000_01), guarantor_id=None, payer_id=till.payer, method=PaymentMethod.EFT
    )
    assert [code for code, _words in asked(books, eft)] == [MUCH]

    def raise_it(work: Work) -> None:
        facts = {"changed_by": work.actor.staff_id, "changed_at": work.now()}
        work.db.merge(Setting(key=ASK_ABOVE, value="12000.00", **facts))

    books.write(raise_it)
    assert asked(books, eft) == []


def test_a_doubt_is_answered_by_its_words(books: Office, till: Till) -> None:
    received(books, check(till))
    found = books.read(lambda work: doubts(work, check(till), ZERO))
    require_meant(found, [one.message for one in found])
    with pytest.raises(Doubted, match="is here already") as caught:
        require_meant(found, ["another doubt"])
    assert caught.value.findings == found


def test_a_line_is_posted_twice_only_when_that_is_meant(books: Office, till: Till) -> None:
    line = PaymentLine(
        Money(45_00), PaymentMethod.CHECK, guarantor="G-1", reference="8831", client="P-1"
    )
    books.write(lambda work: enter_line(work, line))
    with pytest.raises(Doubted):
        books.write(lambda work: enter_line(work, line))
    meant = books.write(lambda work: enter_line(work, line, meant=True)).value
    assert [one.code for one in meant.findings] == [HERE_ALREADY]
    verify(books)
