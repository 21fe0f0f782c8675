"""An import is not undone from under money that was moved, promised or agreed about since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.collection import CollectionCase
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust, reverse_adjustment
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.parking import park, release
from fscdesk.services.billing.plan_ending import cancel_plan
from fscdesk.services.billing.plans import NewPlan, make_plan
from fscdesk.services.billing.recalling import recall
from fscdesk.services.errors import Problem
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.payments.receiving import Rest
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.payments.transferring import apply_credit, transfer
from tests.support.clock import Clock
from tests.support.exports import (
    FILED,
    Export,
    at_agency,
    charges,
    client,
    courtesy,
    left_of_money,
    own,
    paid,
)
from tests.support.payments import received, verify
from tests.support.people import add_patient
from tests.support.plans import TODAY, check_of


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    return Export(books, clock, tmp_path)


def refused(books: Office, batch: int) -> str:
    """What stands in the way of an undo, which has changed nothing."""
    before = (charges(books), left_of_money(books))
    with pytest.raises(Problem, match="Later work stands on the import") as told:
        books.write(lambda work: undo_import(work, batch))
    assert [vars_of(one) for one in charges(books)] == [vars_of(one) for one in before[0]]
    assert left_of_money(books) == before[1]
    verify(books)
    return told.value.message


def vars_of(charge: object) -> dict[str, Any]:
    return {name: value for name, value in vars(charge).items() if not name.startswith("_")}


def undone(books: Office, batch: int) -> None:
    books.write(lambda work: undo_import(work, batch))
    verify(books)


def version(books: Office, noun: type[Any], ident: int) -> int:
    return int(books.read(lambda work: work.db.get_one(noun, ident).version))


# Fault 1: money that an import had set free


def freed(export: Export) -> int:
    """160.00 is paid, then the session costs 100.00: the import sets 60.00 free."""
    export.batch(own(), own(day=9), day=FILED)
    first, _second = charges(export.books)
    paid(export.books, 160_00, charge_id=first.id)
    batch = export.batch(own("100.0"), own(day=9))
    assert left_of_money(export.books) == [60_00]
    return batch


def test_freed_money_that_was_refunded_is_not_put_back(books: Office, export: Export) -> None:
    batch = freed(export)
    asked = books.write(
        lambda work: request_refund(work, NewRefund(1, Money(60_00), "Paid too much"))
    ).value
    assert "REF-2026-00001" in refused(books, batch), "it is promised"
    books.write(
        lambda work: pay_refund(
            work, asked.refund_id, on=TODAY, reference="1", expected_version=asked.version
        )
    )
    assert "REF-2026-00001" in refused(books, batch), "it went out"


def test_freed_money_that_pays_something_else_is_not_put_back(
    books: Office, export: Export
) -> None:
    batch = freed(export)
    other = next(one.id for one in charges(books) if one.service_day.day == 9)
    books.write(lambda work: apply_credit(work, 1, (Application(other, Money(60_00)),), on=TODAY))
    assert "PAY-2026-00001" in refused(books, batch)


def test_freed_money_that_somebody_else_got_is_not_put_back(books: Office, export: Export) -> None:
    batch = freed(export)
    sol = books.write(lambda work: add_patient(work, "Sol Somebody", "P-9")).value
    books.write(
        lambda work: transfer(
            work, 1, amount=Money(60_00), to_patient=sol, reason="His money", on=TODAY
        )
    )
    assert "PAY-2026-00001" in refused(books, batch)


def test_a_payment_that_was_voided_since_does_not_come_back(books: Office, export: Export) -> None:
    batch = freed(export)
    seen = version(books, Payment, 1)
    books.write(lambda work: void_payment(work, 1, reason="Typed twice", expected_version=seen))
    assert "PAY-2026-00001" in refused(books, batch)


def test_freed_money_that_is_still_there_goes_back(books: Office, export: Export) -> None:
    batch = freed(export)
    undone(books, batch)
    assert left_of_money(books) == [0]
    assert [one.patient_balance for one in charges(books)] == [Money(), Money(160_00)]


# Fault 2: what else stands on what an import made


def test_a_charge_at_an_agency_keeps_its_import(books: Office, export: Export) -> None:
    batch = export.batch(own(), day=FILED)
    case = at_agency(books)
    assert "collection case COL-2026-00001" in refused(books, batch)
    seen = version(books, CollectionCase, case)
    books.write(lambda work: recall(work, case, reason="Paid after all", expected_version=seen))
    undone(books, batch)


def test_a_plan_keeps_the_import_of_its_charges(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    batch = export.batch(own("170.0"))
    (new,) = charges(books)
    plan = books.write(lambda work: make_plan(work, NewPlan(new.guarantor_id, (new.id,), 3))).value
    assert f"payment plan {plan.number}" in refused(books, batch)
    books.write(lambda work: cancel_plan(work, plan.plan_id, reason="Not now", expected_version=1))
    undone(books, batch)


def test_a_request_that_waits_keeps_the_import(books: Office, export: Export) -> None:
    batch = export.batch(own(), day=FILED)
    (charge,) = charges(books)
    books.write(
        lambda work: adjust(
            work, NewAdjustment(charge.id, AdjustmentKind.BAD_DEBT, Money(50_00), "Gone away")
        )
    )
    assert "adjustment ADJ-2026-00001, which waits for approval" in refused(books, batch)


def _memo(books: Office, patient: int) -> None:
    books.write(lambda work: issue(work, NewMemo(patient, Money(60_00), "Late start")))


def _unapplied(books: Office, patient: int) -> None:
    rest = Rest(patient_id=patient)
    received(books, check_of(client(books).guarantor_id, 160_00, rest=rest))


def _parked(books: Office, patient: int) -> None:
    books.write(lambda work: park(work, patient, reason="Cannot be found"))


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (_memo, "credit memo CM-2026-00001, which waits for approval"),
        (_unapplied, "payment PAY-2026-00001"),
        (_parked, "the parked balance of Quill Fakerson"),
    ],
)
def test_a_client_with_something_of_its_own_is_not_withdrawn(
    books: Office, export: Export, act: Callable[[Office, int], None], named: str
) -> None:
    batch = export.batch(own(), day=FILED)
    act(books, client(books).id)
    assert named in refused(books, batch)
    assert not client(books).withdrawn


def test_a_balance_that_came_back_is_in_nobodys_way(books: Office, export: Export) -> None:
    batch = export.batch(own(), day=FILED)
    patient = client(books).id
    _parked(books, patient)
    books.write(lambda work: release(work, patient, reason="Found"))
    undone(books, batch)
    assert books.read(lambda work: work.db.scalars(select(Patient.withdrawn)).one())


# An adjustment that an import had taken along stands again where it stood


def test_an_adjustment_that_was_carried_is_back_in_force(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    (old,) = charges(books)
    courtesy(books, 20_00)
    batch = export.batch(own("170.0"))
    assert [one.patient_balance for one in charges(books)] == [Money(150_00)]
    undone(books, batch)
    assert [(one.id, one.patient_balance) for one in charges(books)] == [(old.id, Money(140_00))]
    rows = books.read(
        lambda work: list(work.db.scalars(select(Adjustment).order_by(Adjustment.id)))
    )
    assert [(one.charge_id == old.id, one.status) for one in rows] == [
        (True, AdjustmentStatus.POSTED),
        (False, AdjustmentStatus.REVERSED),
    ]
    books.write(
        lambda work: reverse_adjustment(
            work, rows[0].id, reason="After all", expected_version=rows[0].version
        )
    )
    assert [one.patient_balance for one in charges(books)] == [Money(160_00)]
    verify(books)
