"""Two different acts on the same money at once: the books hold, and nobody meets a bug."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import correct_amount, void_payment
from fscdesk.services.payments.receiving import receive
from fscdesk.services.payments.refunding import NewRefund, request_refund
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.payments.transferring import apply_credit, transfer
from fscdesk.services.work import Work
from tests.support.payment_acts import LATER, unapplied, version_of
from tests.support.payments import Till, pay, verify
from tests.support.second_person import at_once, refusals

Made = Callable[[Work], Any]


def acts(books: Office, till: Till) -> dict[str, Made]:
    """Return acts that all want the same 150.00, or the same charges."""
    one = unapplied(books, till)
    version = version_of(books, one.payment_id)
    own, copay = Application(till.own, Money(140_00)), Application(till.copays[0], Money(10_00))
    return {
        "apply": lambda work: apply_credit(work, one.credit_id, [own, copay], on=LATER),
        "receive": lambda work: receive(work, pay(till, 150_00, copay, own)),
        "void": lambda work: void_payment(
            work, one.payment_id, reason="twice", expected_version=version
        ),
        "return": lambda work: return_payment(
            work, one.payment_id, on=LATER, reason="bounced", expected_version=version
        ),
        "transfer": lambda work: transfer(
            work, one.credit_id, amount=Money(150_00), to_patient=till.ben, reason="x", on=LATER
        ),
        "refund": lambda work: request_refund(
            work, NewRefund(one.credit_id, Money(150_00), "twice")
        ),
        "correct": lambda work: correct_amount(
            work, one.payment_id, Money(20_00), reason="misread", expected_version=version
        ),
    }


NAMES = ("apply", "receive", "void", "return", "transfer", "refund", "correct")
BOTH_MAY = {("apply", "void"), ("apply", "return"), ("void", "transfer"), ("return", "transfer")}
"""Pairs of which both succeed in one of the two orders: what was applied comes back."""


@pytest.mark.parametrize("pair", list(combinations(NAMES, 2)), ids="-".join)
def test_two_acts_at_once_leave_the_books_whole(
    books: Office, till: Till, pair: tuple[str, str]
) -> None:
    ready = acts(books, till)
    outcomes = at_once(*[(books, ready[name]) for name in pair])
    told = refusals(outcomes)
    assert all(isinstance(one, Problem) for one in told), told
    if pair not in BOTH_MAY and "receive" not in pair:
        assert len(told) == 1, outcomes
    assert len(told) <= 1, outcomes
    verify(books)
