"""Commands of the billing office that stand ready to be run, once each: for their battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.document import SentBy
from fscdesk.models.payment import Payment
from fscdesk.models.values import Money
from fscdesk.services.billing.account_notes import add_note, edit_note, pin_note
from fscdesk.services.billing.adjusting import reverse_adjustment
from fscdesk.services.billing.agencies import add_agency, edit_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.invoices import mark_viewed, void_invoice
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.plans import make_plan
from fscdesk.services.billing.recalling import recall
from fscdesk.services.billing.reminders import make_reminders, plan_reminders
from fscdesk.services.billing.statement_sending import mark_sent, mark_unsent, reword
from fscdesk.services.billing.statements import Made, make_statements, plan_statements
from fscdesk.services.importing.mapping import Profile
from fscdesk.services.importing.profiles import delete_profile, list_profiles, save_profile
from fscdesk.services.office import Office
from fscdesk.services.payments.plan_payments import make_plan_with_payment, undo_plan
from fscdesk.services.payments.recovering import NewRecovery, recover, undo_recovery
from fscdesk.services.work import Work
from tests.support.agency import AGENCY, case_row
from tests.support.clock import Clock
from tests.support.invoices import open_practice, sent
from tests.support.payments import open_till
from tests.support.plans import TODAY, Family, money, open_family, six_months
from tests.support.write_offs import made, new

Act = Callable[[Work], Any]
Ready = Callable[[Office, Clock], Act]
MARCH = date(2026, 3, 31)
MAPPING = Profile(
    "Their calendar",
    "a" * 64,
    {"day": "termin", "client": "patient", "clinician": "therapist", "codes": "service"},
)


def _run(books: Office) -> Made:
    books.write(open_till)
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH))
    return books.write(lambda work: make_statements(work, plan)).value


def _make_statements(books: Office, _clock: Clock) -> Act:
    books.write(open_till)
    plan = books.read(lambda work: plan_statements(work, as_of=MARCH))
    return lambda work: make_statements(work, plan)


def _mark_unsent(books: Office, _clock: Clock) -> Act:
    one = _run(books).statements[0]
    books.write(lambda work: mark_sent(work, [one.id], how=SentBy.PRINT))
    return lambda work: mark_unsent(work, [one.id], reason="Paper jam")


def _reword(books: Office, _clock: Clock) -> Act:
    one = _run(books).statements[0]
    return lambda work: reword(work, one.id, "Call us.", seen=one.sha256)


def _make_reminders(books: Office, clock: Clock) -> Act:
    books.write(open_practice)
    sent(books)
    clock.forward(days=40)
    plan = books.read(plan_reminders)
    return lambda work: make_reminders(work, plan)


def _mark_viewed(books: Office, _clock: Clock) -> Act:
    books.write(open_practice)
    one = sent(books).invoices[0]
    return lambda work: mark_viewed(work, one.id, expected_version=2)


def _void_invoice(books: Office, _clock: Clock) -> Act:
    books.write(open_practice)
    one = sent(books).invoices[0]
    return lambda work: void_invoice(work, one.id, "Wrong account", expected_version=2)


def _cancel_plan(books: Office, _clock: Clock) -> Act:
    family = books.write(open_family).value
    plan = books.write(lambda work: make_plan(work, six_months(family))).value
    return lambda work: cancel_plan(work, plan.plan_id, reason="Moved away", expected_version=1)


def _undo_plan(books: Office, _clock: Clock) -> Act:
    family = books.write(open_family).value
    first = money(family, 120_00)
    plan, _ = books.write(
        lambda work: make_plan_with_payment(work, six_months(family), first)
    ).value
    return lambda work: undo_plan(work, plan.plan_id, reason="Wrong family", expected_version=1)


def _handed_over(books: Office) -> tuple[Family, int]:
    family = books.write(open_family).value

    def hand_over(work: Work) -> int:
        wanted = NewPlacement(add_agency(work, AGENCY), charge_ids=family.charges)
        return place(work, wanted).cases[0].case_id

    return family, books.write(hand_over).value


def _place(books: Office, _clock: Clock) -> Act:
    family = books.write(open_family).value
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    return lambda work: place(work, NewPlacement(agency, charge_ids=family.charges))


def _recall(books: Office, _clock: Clock) -> Act:
    _family, case_id = _handed_over(books)
    seen = case_row(books, case_id).version
    return lambda work: recall(work, case_id, reason="Paid us", expected_version=seen)


def _recover(books: Office, _clock: Clock) -> Act:
    _family, case_id = _handed_over(books)
    return lambda work: recover(work, NewRecovery(case_id, Money(400_00), TODAY))


def _undo_recovery(books: Office, clock: Clock) -> Act:
    found = books.write(_recover(books, clock)).value
    version = books.read(lambda work: work.db.get_one(Payment, found.payment_id).version)
    return lambda work: undo_recovery(
        work, 1, found.payment_id, reason="Another case", expected_version=version
    )


def _add_agency(_books: Office, _clock: Clock) -> Act:
    return lambda work: add_agency(work, AGENCY)


def _edit_agency(books: Office, _clock: Clock) -> Act:
    agency = books.write(lambda work: add_agency(work, AGENCY)).value
    dearer = replace(AGENCY, commission_points=3500)
    return lambda work: edit_agency(work, agency, dearer, expected_version=1)


def _reverse_adjustment(books: Office, _clock: Clock) -> Act:
    till = books.write(open_till).value
    (one,) = made(books, new(till.copays[0], AdjustmentKind.TO_PATIENT, 50_00)).ids
    return lambda work: reverse_adjustment(work, one, reason="Paid after all", expected_version=1)


def _edit_note(books: Office, _clock: Clock) -> Act:
    till = books.write(open_till).value
    note = books.write(lambda work: add_note(work, till.alma, "Called")).value
    return lambda work: edit_note(work, note, "Pays on Friday", expected_version=1)


def _pin_note(books: Office, _clock: Clock) -> Act:
    till = books.write(open_till).value
    note = books.write(lambda work: add_note(work, till.alma, "Called")).value
    return lambda work: pin_note(work, note, pinned=True, expected_version=1)


def _delete_profile(books: Office, _clock: Clock) -> Act:
    books.write(lambda work: save_profile(work, MAPPING))
    (kept,) = books.read(list_profiles)
    return lambda work: delete_profile(work, kept.id)


ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "make_statements": _make_statements,
        "mark_unsent": _mark_unsent,
        "reword": _reword,
        "make_reminders": _make_reminders,
        "mark_viewed": _mark_viewed,
        "void_invoice": _void_invoice,
        "cancel_plan": _cancel_plan,
        "undo_plan": _undo_plan,
        "place": _place,
        "recall": _recall,
        "recover": _recover,
        "undo_recovery": _undo_recovery,
        "add_agency": _add_agency,
        "edit_agency": _edit_agency,
        "reverse_adjustment": _reverse_adjustment,
        "edit_note": _edit_note,
        "pin_note": _pin_note,
        "delete_profile": _delete_profile,
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
