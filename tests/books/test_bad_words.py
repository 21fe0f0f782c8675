"""What no database can keep: half letters, a NUL, too long a key, ids and days beyond the end.

It is refused in words where it comes in, on both databases alike, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.values import Money
from fscdesk.services.billing.account_notes import add_note
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue, void_memo
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.invoices import Chosen, make_invoices, plan_invoices
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.days_meant import days_meant
from fscdesk.services.editing import LONGEST_KEY
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import Rest, receive
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.payments.refunding import NewRefund, request_refund
from fscdesk.services.payments.transferring import apply_credit
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.cli import run_cli
from tests.support.fail_at import whole_books
from tests.support.invoices import open_practice
from tests.support.payment_acts import LATER, unapplied
from tests.support.payments import DAY, Till, pay
from tests.support.write_offs import new

HALF, NUL = "a\udcffb", "a\0b"
TOO_HIGH = (2**63, 10**30)

Keyed = Callable[[Work, Till, str], Any]


def _receive(work: Work, till: Till, key: str) -> Any:
    return receive(work, pay(till, 1, rest=Rest(patient_id=till.alma), request_key=key))


def _refund(work: Work, till: Till, key: str) -> Any:
    return request_refund(work, NewRefund(1, Money(1), "Twice", request_key=key))


def _adjust(work: Work, till: Till, key: str) -> Any:
    return adjust(work, [new(till.own, AdjustmentKind.COURTESY, 1)], request_key=key)


def _memo(work: Work, till: Till, key: str) -> Any:
    return issue(work, NewMemo(till.alma, Money(1), "Ours", request_key=key))


def _plan(work: Work, till: Till, key: str) -> Any:
    return make_plan(work, NewPlan(till.ben_pays, (till.own,), 2, request_key=key))


def _invoice(work: Work, _till: Till, key: str) -> Any:
    return make_invoices(work, plan_invoices(work, Chosen()), request_key=key)


def _estimate(work: Work, till: Till, key: str) -> Any:
    one = NewEstimate(till.ben, (NewLine(1, 1, Money(1)),), 1, request_key=key)
    return make_estimate(work, one)


def _note(work: Work, till: Till, key: str) -> Any:
    return add_note(work, till.ben, "Called", request_key=key)


def _place(work: Work, till: Till, key: str) -> Any:
    return place(work, NewPlacement(1, charge_ids=(till.own,), request_key=key))


def _recover(work: Work, _till: Till, key: str) -> Any:
    return recover(work, NewRecovery(1, Money(1), LATER, request_key=key))


KEYED: dict[str, Keyed] = {
    "receive": _receive,
    "request_refund": _refund,
    "adjust": _adjust,
    "issue": _memo,
    "make_plan": _plan,
    "make_invoices": _invoice,
    "make_estimate": _estimate,
    "add_note": _note,
    "place": _place,
    "recover": _recover,
}


@pytest.fixture
def till(books: Office) -> Till:
    """The little practice, with a credit of Alma's and a case at an agency."""
    till = books.write(open_practice).value
    unapplied(books, till)
    books.write(
        lambda work: place(work, NewPlacement(add_agency(work, AGENCY), charge_ids=(till.own,)))
    )
    return till


def _refused(books: Office, act: Callable[[Work], Any]) -> Problem:
    """Return how an act was refused; it must have changed nothing."""
    before = books.read(whole_books)
    with pytest.raises(Problem) as refused:
        books.write(act)
    assert books.read(whole_books) == before
    assert refused.value.hint
    return refused.value


@pytest.mark.parametrize("name", KEYED)
def test_a_key_that_cannot_be_kept(books: Office, till: Till, name: str) -> None:
    act = KEYED[name]
    for key, told in (
        (HALF, "The key of this command holds a mark that is no letter."),
        (NUL, "The key of this command holds a mark that is no letter."),
        ("k" * (LONGEST_KEY + 1), "The key of this command has 65 letters; 64 fit."),
    ):
        assert _refused(books, lambda work, key=key: act(work, till, key)).message == told  # type: ignore[misc]


def test_words_that_cannot_be_kept(books: Office, till: Till) -> None:
    for words in (HALF, NUL):
        for what, one in (
            ("The reference", pay(till, 1, rest=Rest(patient_id=till.alma), reference=words)),
            ("The memo", pay(till, 1, rest=Rest(patient_id=till.alma), memo=words)),
            ("The note", pay(till, 1, rest=Rest(patient_id=till.alma, note=words))),
        ):
            told = _refused(books, lambda work, one=one: receive(work, one))  # type: ignore[misc]
            assert told.message == f"{what} holds a mark that is no letter."
        told = _refused(books, lambda work, words=words: add_note(work, till.ben, words))  # type: ignore[misc]
        assert told.message == "The note holds a mark that is no letter."
    long = Rest(patient_id=till.alma, note="n" * 201)
    told = _refused(books, lambda work: receive(work, pay(till, 1, rest=long)))
    assert told.message == "The note has 201 letters; 200 fit."


@pytest.mark.parametrize("one", TOO_HIGH)
def test_an_id_that_no_row_can_have(books: Office, till: Till, one: int) -> None:
    for act in (
        lambda work: receive(work, pay(till, 1, Application(one, Money(1)))),
        lambda work: apply_credit(work, one, [Application(till.own, Money(1))], on=LATER),
        lambda work: adjust(work, [new(one, AdjustmentKind.COURTESY, 1)]),
        lambda work: issue(work, NewMemo(one, Money(1), "Ours")),
        lambda work: void_memo(work, one, reason="Wrong", expected_version=1),
        lambda work: void_payment(work, one, reason="Wrong", expected_version=1),
        lambda work: request_refund(work, NewRefund(one, Money(1), "Twice")),
        lambda work: make_plan(work, NewPlan(till.ben_pays, (one,), 2)),
    ):
        _refused(books, act)


def test_days_that_nobody_can_mean() -> None:
    assert days_meant("0001-01-01", DAY) == days_meant("12/31/2200", DAY) == ()
    assert days_meant("1900-01-01", DAY) == (date(1900, 1, 1),)


COMMANDS = (
    ("report", "aging", "--as-of", "0001-01-01"),
    ("payment", "list", "--to", "0001-01-01"),
    ("statements", "--plan", "--as-of", "0001-01-01"),
    ("statements", "run", "--plan", "--as-of", "9999-12-31"),
)


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_a_day_beyond_all_calendars_on_a_command(practice: str, line: tuple[str, ...]) -> None:
    ran = run_cli(*line, "--practice", practice)
    assert (ran.status, ran.out) == (2, "")
    assert "cannot be meant: days lie between 1900-01-01 and 2199-12-31." in ran.err


ADD = ("payment", "add", "--amount", "10.00", "--method", "cash", "--from")
LINES = (
    ((*ADD, HALF), "holds bytes that are no text."),
    ((*ADD, "G-1", "--charge", f"{2**63}=1.00"), "is no number of a record: none is so high."),
    ((*ADD, "G-1", "--charge", f"{'9' * 5000}=1.00"), "is no number of a record"),
    (("invoice", "--charge", "9" * 30), "is no number of a record: none is so high."),
    (("statements", "unsent", "--run", "9" * 30), "is no number of a record: none is so high."),
    (("invoice", "--charge", "seven"), "seven is no number of a record. Write it like 117."),
    (("statements", "run", "--plan", "--age", "9" * 30), "36500"),
)


@pytest.mark.parametrize(("line", "told"), LINES, ids=[told for _, told in LINES])
def test_what_a_command_cannot_take(practice: str, line: tuple[str, ...], told: str) -> None:
    ran = run_cli(*line, "--practice", practice)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
