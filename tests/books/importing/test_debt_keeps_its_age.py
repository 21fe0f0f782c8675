"""A debt does not grow young when its charge is made anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.values import Money
from fscdesk.services.billing.adjusting import NewAdjustment, adjust
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import change_guarantor
from tests.support.clock import Clock
from tests.support.exports import FILED, Export, charges, client, insured, own
from tests.support.payments import verify
from tests.support.people import add_guarantor

MARCH = date(2026, 3, 2)
APRIL = date(2026, 4, 12)


@pytest.fixture
def export(books: Office, clock: Clock, tmp_path: Path) -> Export:
    return Export(books, clock, tmp_path)


def since(books: Office) -> list[tuple[date, date]]:
    """Since when client and payer owe, of each charge in force."""
    return [(one.patient_since, one.insurance_since) for one in charges(books)]


def test_a_changed_fee_is_as_old_as_the_session(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    batch = export.batch(own("170.0"))
    assert since(books)[0][0] == MARCH
    books.write(lambda work: undo_import(work, batch))
    assert since(books)[0][0] == MARCH
    verify(books)


def test_both_sides_keep_their_day(books: Office, export: Export) -> None:
    export.batch(insured(), day=FILED)
    export.batch(insured("170.0"))
    assert since(books) == [(MARCH, MARCH)]


def test_what_moved_to_the_client_is_as_old_as_the_move(
    books: Office, export: Export, clock: Clock
) -> None:
    export.batch(insured(share="0.0"), day=FILED)
    (old,) = charges(books)
    moved = NewAdjustment(
        old.id, AdjustmentKind.TO_PATIENT, Money(50_00), "Deductible", group_code="PR", carc="1"
    )
    books.write(lambda work: adjust(work, moved))
    assert since(books) == [(APRIL, MARCH)]
    clock.forward(days=20)
    export.batch(insured("170.0", share="0.0"))
    assert [one.patient_balance for one in charges(books)] == [Money(50_00)]
    assert since(books) == [(APRIL, MARCH)]
    verify(books)


def test_a_share_that_is_new_begins_with_the_file(books: Office, export: Export) -> None:
    export.batch(insured(share="0.0"), day=FILED)
    export.batch(insured(share="30.0"))
    assert since(books) == [(APRIL, MARCH)]


def test_another_payer_owes_since_the_file_said_so(books: Office, export: Export) -> None:
    export.batch(insured(), day=FILED)
    other = insured()
    other[4] = "Make-Believe Health (99902)"
    export.batch(other)
    assert since(books) == [(MARCH, APRIL)]


def test_a_second_code_is_as_old_as_its_session(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    export.batch(own("200.0", code="90837 , 90785 "))
    assert {one for one, _ in since(books)} == {MARCH}


def test_a_new_guarantor_owes_as_long(books: Office, export: Export) -> None:
    export.batch(own(), day=FILED)
    who = client(books)
    parent = books.write(lambda work: add_guarantor(work, "Pat Parent")).value
    books.write(
        lambda work: change_guarantor(
            work, who.id, parent, from_day=date(2026, 1, 1), expected_version=who.version
        )
    )
    (new,) = charges(books)
    assert new.guarantor_id == parent
    assert (new.patient_since, new.posted_day) == (MARCH, APRIL)
    verify(books)
