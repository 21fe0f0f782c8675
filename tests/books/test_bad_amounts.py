"""Amounts that cannot be: nothing, less than nothing, more than the books hold. In words, always.

What is no amount at all (``NaN``, ``1e5``, ``12.345``) never becomes Money: the fields and the
commands refuse it where it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.values import LARGEST_CENTS, Money
from fscdesk.services.billing.account_fees import FeeCode, charge_fee
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import correct_amount
from fscdesk.services.payments.plan_payments import pay_plan
from fscdesk.services.payments.receiving import receive
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.payments.refunding import NewRefund, request_refund
from fscdesk.services.payments.transferring import apply_credit, transfer
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.fail_at import whole_books
from tests.support.payment_acts import LATER, partly, unapplied, version_of
from tests.support.payments import DAY, open_till, pay, verify
from tests.support.plans import TODAY, check_of, open_family, six_months
from tests.support.write_offs import new

Takes = Callable[..., Any]
TOO_MUCH = Money(LARGEST_CENTS + 1)
BAD = (Money(0), Money(-1), TOO_MUCH)


def _receive(books: Office) -> Takes:
    till = books.write(open_till).value
    return lambda work, amount: receive(work, replace(pay(till, 1), amount=amount))


def _application(books: Office) -> Takes:
    till = books.write(open_till).value
    return lambda work, amount: receive(work, pay(till, 30_00, Application(till.own, amount)))


def _apply_credit(books: Office) -> Takes:
    till = books.write(open_till).value
    one = unapplied(books, till)
    return lambda work, amount: apply_credit(
        work, one.credit_id, [Application(till.own, amount)], on=LATER
    )


def _transfer(books: Office) -> Takes:
    till = books.write(open_till).value
    one = unapplied(books, till)
    return lambda work, amount: transfer(
        work, one.credit_id, amount=amount, to_patient=till.ben, reason="for Ben", on=LATER
    )


def _correct(books: Office) -> Takes:
    till = books.write(open_till).value
    one = partly(books, till)
    version = version_of(books, one.payment_id)
    return lambda work, amount: correct_amount(
        work, one.payment_id, amount, reason="misread", expected_version=version
    )


def _refund(books: Office) -> Takes:
    till = books.write(open_till).value
    one = unapplied(books, till)
    return lambda work, amount: request_refund(work, NewRefund(one.credit_id, amount, "twice"))


def _eob(books: Office) -> Takes:
    till = books.write(open_till).value
    check = replace(pay(till, 91_40), guarantor_id=None, payer_id=till.payer)
    rest = Money(91_40)
    return lambda work, amount: post_eob(
        work, check, [EobLine(till.copays[0], paid=rest, contractual=amount - Money(1))]
    )


def _fee(books: Office) -> Takes:
    till = books.write(open_till).value
    return lambda work, amount: charge_fee(
        work,
        patient_id=till.alma,
        guarantor_id=till.alma_pays,
        amount=amount,
        code=FeeCode.LATE,
        on=DAY,
        memo="",
    )


def _adjust(books: Office) -> Takes:
    till = books.write(open_till).value
    one = new(till.own, AdjustmentKind.COURTESY, 1)
    return lambda work, amount: adjust(work, [replace(one, amount=amount)])


def _memo(books: Office) -> Takes:
    till = books.write(open_till).value
    return lambda work, amount: issue(work, NewMemo(till.alma, amount, "Billed twice"))


def _estimate(books: Office) -> Takes:
    till = books.write(open_till).value
    charge = books.read(lambda work: work.db.get_one(Charge, till.own))

    def act(work: Work, amount: Money) -> int:
        line = NewLine(charge.service_id, 1, amount or Money(-5))
        return make_estimate(work, NewEstimate(till.ben, (line,), charge.provider_id))

    return act


def _down(books: Office) -> Takes:
    family = books.write(open_family).value
    return lambda work, amount: make_plan(work, six_months(family, down_payment=amount))


def _on_plan(books: Office) -> Takes:
    family = books.write(open_family).value
    plan = books.write(lambda work: make_plan(work, six_months(family))).value
    return lambda work, amount: pay_plan(
        work, plan.plan_id, replace(check_of(family.rowan, 1), amount=amount)
    )


def _recover(books: Office) -> Takes:
    family = books.write(open_family).value

    def hand_over(work: Work) -> int:
        wanted = NewPlacement(add_agency(work, AGENCY), charge_ids=family.charges)
        return place(work, wanted).cases[0].case_id

    case_id = books.write(hand_over).value
    return lambda work, amount: recover(work, NewRecovery(case_id, amount, TODAY))


COMMANDS = {
    "receive": _receive,
    "an application": _application,
    "apply_credit": _apply_credit,
    "transfer": _transfer,
    "correct_amount": _correct,
    "request_refund": _refund,
    "post_eob": _eob,
    "charge_fee": _fee,
    "adjust": _adjust,
    "issue": _memo,
    "make_estimate": _estimate,
    "make_plan": _down,
    "pay_plan": _on_plan,
    "recover": _recover,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_amount_that_cannot_be_is_refused_and_nothing_changes(books: Office, name: str) -> None:
    act = COMMANDS[name](books)
    before = books.read(whole_books)
    for amount in BAD:
        with pytest.raises(Problem) as refused:
            books.write(partial(act, amount=amount))
        assert refused.value.message.endswith(".")
        said = f"{refused.value.message} {refused.value.hint}"
        assert re.search(r"Nothing was \w+|No \w+ was made", said), said
    assert books.read(whole_books) == before
    verify(books)
