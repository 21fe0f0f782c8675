"""Every command that takes a request key, ready to be run: for the battery that each passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.deposits import DepositDraft, DepositKind, make_deposit
from fscdesk.services.billing.account_notes import add_note
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_entry import AdjustmentEntry, adjust_entries
from fscdesk.services.billing.agencies import add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.invoices import Chosen, Terms, make_invoices, plan_invoices
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.billing.write_off_runs import ask_run, plan_write_offs
from fscdesk.services.claims.sending import send_claims
from fscdesk.services.claims.tracking import add_claim_note
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.entering import Entry, receive_entry, source_of
from fscdesk.services.payments.line_entry import PaymentLine, enter_line
from fscdesk.services.payments.plan_entry import FirstPayment, PlanTerms, agree, take_on_plan
from fscdesk.services.payments.plan_payments import pay_plan
from fscdesk.services.payments.receiving import Rest, receive
from fscdesk.services.payments.recovering import NewRecovery, recover
from fscdesk.services.payments.refunding import NewRefund, request_refund
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.agency import AGENCY
from tests.support.claims import claim_of
from tests.support.payment_acts import LATER, unapplied
from tests.support.payments import DAY, Till, open_till, pay
from tests.support.plans import TODAY, Family, check_of, open_family, six_months
from tests.support.sent_claims import plan, some_claims, with_clearinghouse
from tests.support.write_offs import new

KEY = "one-command"
SECOND_WEEK = date(2026, 3, 9)


@dataclass(frozen=True)
class Keyed:
    """A command under one key, what of its answer names the record, and the key misused.

    ``other`` is another command under the same key; None where nothing tells them apart.
    """

    act: Callable[[Work], Any]
    names: Callable[[Any], Any]
    other: Callable[[Work], Any] | None = None


def _till(books: Office) -> Till:
    return books.write(open_till).value


def _family(books: Office) -> Family:
    return books.write(open_family).value


def _deposit(books: Office) -> Keyed:
    till = _till(books)
    one, other = unapplied(books, till), unapplied(books, till)
    new = DepositDraft(None, DepositKind.COUNTER, LATER, (one.payment_id,), request_key=KEY)
    return Keyed(
        lambda work: make_deposit(work, new),
        lambda done: done.id,
        lambda work: make_deposit(work, replace(new, payment_ids=(other.payment_id,))),
    )


def _receive(books: Office) -> Keyed:
    till = _till(books)
    new = pay(till, 30_00, Application(till.copays[0], Money(30_00)), request_key=KEY)
    return Keyed(
        lambda work: receive(work, new),
        lambda done: done.payment_id,
        lambda work: receive(work, replace(new, amount=Money(31_00))),
    )


def _entry(books: Office) -> Keyed:
    till = _till(books)
    source = books.read(lambda work: source_of(work, guarantor_id=till.alma_pays))
    paid = ((till.copays[0], Money(30_00)),)
    entry = Entry(source, Money(30_00), "check", DAY, DAY, KEY, parts=paid)
    more = replace(entry, amount=Money(50_00), rest_kind="retainer", rest_patient=till.alma)
    return Keyed(
        lambda work: receive_entry(work, entry),
        lambda done: done.payment_id,
        lambda work: receive_entry(work, more),
    )


def _line(books: Office) -> Keyed:
    _till(books)
    line = PaymentLine(
        Money(70_00), PaymentMethod.CARD, "G-1", oldest=True, client="P-1", request_key=KEY
    )
    return Keyed(
        lambda work: enter_line(work, line),
        lambda done: done.payment_id,
        lambda work: enter_line(work, replace(line, amount=Money(71_00))),
    )


def _eob(books: Office) -> Keyed:
    till = _till(books)
    new = replace(
        pay(till, 91_40), guarantor_id=None, payer_id=till.payer, rest=Rest(), request_key=KEY
    )
    lines = [EobLine(till.copays[0], Money(91_40), Money(18_60), Money(20_00))]
    less = [EobLine(till.copays[0], Money(90_00), Money(20_00), Money(20_00))]
    return Keyed(
        lambda work: post_eob(work, new, lines),
        lambda done: done.payment.payment_id,
        lambda work: post_eob(work, replace(new, amount=Money(90_00)), less),
    )


def _refund(books: Office) -> Keyed:
    credit = unapplied(books, _till(books)).credit_id
    new = NewRefund(credit, Money(150_00), "Paid twice", request_key=KEY)
    return Keyed(
        lambda work: request_refund(work, new),
        lambda done: done.refund_id,
        lambda work: request_refund(work, replace(new, amount=Money(90_00))),
    )


def _plan(books: Office) -> Keyed:
    new = six_months(_family(books), request_key=KEY)
    return Keyed(
        lambda work: make_plan(work, new),
        lambda done: done.plan_id,
        lambda work: make_plan(work, replace(new, number=5)),
    )


def _agree(books: Office) -> Keyed:
    family = _family(books)
    terms = PlanTerms(family.rowan, family.iris, family.charges[:1], 2, request_key=KEY)
    first = FirstPayment(Money(30_00), "check", TODAY, "1047")
    return Keyed(
        lambda work: agree(work, terms, first),
        lambda done: (done.plan.plan_id, done.payment, done.documents),
        lambda work: agree(work, replace(terms, number=3), first),
    )


def _on_plan(books: Office) -> Keyed:
    family = _family(books)
    short = six_months(family, charge_ids=family.charges[:1])
    plan = books.write(lambda work: make_plan(work, short)).value
    new = check_of(family.rowan, 80_00, request_key=KEY)
    return Keyed(
        lambda work: pay_plan(work, plan.plan_id, new),
        lambda done: done.payment_id,
        lambda work: pay_plan(work, plan.plan_id, replace(new, amount=Money(81_00))),
    )


def _taken_on_plan(books: Office) -> Keyed:
    family = _family(books)
    short = six_months(family, charge_ids=family.charges[:1])
    plan = books.write(lambda work: make_plan(work, short)).value
    new = FirstPayment(Money(80_00), "card", TODAY, request_key=KEY)
    more = replace(new, amount=Money(81_00))
    return Keyed(
        lambda work: take_on_plan(work, plan.plan_id, family.rowan, new),
        lambda done: done.payment_id,
        lambda work: take_on_plan(work, plan.plan_id, family.rowan, more),
    )


def _adjust(books: Office) -> Keyed:
    till = _till(books)
    kind = AdjustmentKind.COURTESY
    entry = AdjustmentEntry(till.own, kind.value, "patient", Money(80_00), "Hardship")
    less = replace(entry, amount=Money(70_00))
    return Keyed(
        lambda work: adjust_entries(work, [entry], request_key=KEY),
        lambda done: done.ids,
        lambda work: adjust_entries(work, [less], request_key=KEY),
    )


def _run(books: Office) -> Keyed:
    def small(work: Work) -> None:
        till = open_till(work)
        for one in till.copays:
            adjust(work, [new(one, AdjustmentKind.TO_PAYER, 25_00)])

    books.write(small)
    plan = books.read(lambda work: plan_write_offs(work, days=1))
    return Keyed(
        lambda work: ask_run(work, plan, reason="Small balances", request_key=KEY),
        lambda done: done.request_id,
    )


def _memo(books: Office) -> Keyed:
    new = NewMemo(_till(books).alma, Money(20_00), "Billed twice", request_key=KEY)
    return Keyed(
        lambda work: issue(work, new),
        lambda done: done.memo_id,
        lambda work: issue(work, replace(new, amount=Money(21_00))),
    )


def _invoices(books: Office) -> Keyed:
    _till(books)
    plan = books.read(lambda work: plan_invoices(work, Chosen(), Terms()))
    return Keyed(
        lambda work: make_invoices(work, plan, request_key=KEY),
        lambda done: [one.id for one in done.invoices],
    )


def _place(books: Office) -> Keyed:
    family = _family(books)
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    other = books.write(lambda work: add_agency(work, replace(AGENCY, name="Other"))).value
    new = NewPlacement(agency, charge_ids=family.charges[:1], request_key=KEY)
    return Keyed(
        lambda work: place(work, new),
        lambda done: (done.cases[0].case_id, done.document_id),
        lambda work: place(work, replace(new, agency_id=other)),
    )


def _recover(books: Office) -> Keyed:
    family = _family(books)

    def hand_over(work: Work) -> int:
        agency = add_agency(work, AGENCY)
        return place(work, NewPlacement(agency, charge_ids=family.charges)).cases[0].case_id

    new = NewRecovery(books.write(hand_over).value, Money(200_00), TODAY, request_key=KEY)
    return Keyed(
        lambda work: recover(work, new),
        lambda done: done.payment_id,
        lambda work: recover(work, replace(new, gross=Money(100_00))),
    )


def _note(books: Office) -> Keyed:
    till = _till(books)
    return Keyed(
        lambda work: add_note(work, till.alma, "Called; pays on Friday.", request_key=KEY),
        lambda note_id: note_id,
        lambda work: add_note(work, till.alma, "Left a message", request_key=KEY),
    )


def _estimate(books: Office) -> Keyed:
    till = _till(books)
    charge = books.read(lambda work: work.db.get_one(Charge, till.own))
    lines = (NewLine(charge.service_id, 10),)
    new = NewEstimate(till.ben, lines, charge.provider_id, request_key=KEY)
    return Keyed(
        lambda work: make_estimate(work, new),
        lambda estimate_id: estimate_id,
        lambda work: make_estimate(work, replace(new, lines=(NewLine(charge.service_id, 9),))),
    )


def _claim_note(books: Office) -> Keyed:
    claim_id = claim_of(books)
    return Keyed(
        lambda work: add_claim_note(work, claim_id, "Called", request_key=KEY),
        lambda note: note,
        lambda work: add_claim_note(work, claim_id, "Wrote", request_key=KEY),
    )


def _sent(books: Office) -> Keyed:
    desk = with_clearinghouse(books)
    first = some_claims(books, desk, 2)
    second = some_claims(books, desk, since=SECOND_WEEK)
    one, other = plan(books, first), plan(books, second)
    return Keyed(
        lambda work: send_claims(work, one, request_key=KEY),
        lambda sent: [batch.number for batch in sent.batches],
        lambda work: send_claims(work, other, request_key=KEY),
    )


KEYED: Mapping[str, Callable[[Office], Keyed]] = MappingProxyType(
    {
        "add_claim_note": _claim_note,
        "send_claims": _sent,
        "receive": _receive,
        "receive_entry": _entry,
        "enter_line": _line,
        "post_eob": _eob,
        "request_refund": _refund,
        "make_deposit": _deposit,
        "make_plan": _plan,
        "agree": _agree,
        "pay_plan": _on_plan,
        "take_on_plan": _taken_on_plan,
        "adjust_entries": _adjust,
        "ask_run": _run,
        "issue": _memo,
        "make_invoices": _invoices,
        "place": _place,
        "recover": _recover,
        "add_note": _note,
        "make_estimate": _estimate,
    }
)
"""By name; each prepares the books and returns the command."""
