"""What payers take back: reversals and corrections, checks carried forward, from words to books."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fscdesk.models.recoupment import Recoupment, RecoupmentKind
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import Cas, Plb
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.remittance_acts import fund, looked_at, owed, post
from tests.support.remittances_made import claim, line, remittance

CO45 = Cas("CO", "45", 30_00)
COPAY = Cas("PR", "3", 30_00)


def back(*found: Cas) -> tuple[Cas, ...]:
    """The same adjustments, taken back."""
    return tuple(one._replace(cents=-one.cents) for one in found)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_reversal_comes_before_its_correction_whatever_their_order(
    books: Office, till: Till, order: tuple[int, int]
) -> None:
    said = (CO45, Cas("PR", "1", 50_00))
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 80_00, *said))))
    assert owed(books, till.copays[0]) == (0, 50_00)
    reversal = claim(
        order[0], line(till.copays[0], -80_00, *back(*said), charge=-160_00), status="22"
    )
    correction = claim(order[1], line(till.copays[0], 110_00, CO45, Cas("PR", "1", 20_00)))
    both = sorted((reversal, correction), key=lambda one: one.position)
    both = [replace(one, payer_number="ICN1") for one in both]
    new = post(books, remittance(till.payer, *both, trace="EFT0002"))
    assert (owed(books, till.copays[0]), fund(books, new)) == ((0, 20_00), 0)
    verify(books)


def test_a_reversal_alone_gives_back_what_stood_before(books: Office, till: Till) -> None:
    before = owed(books, till.copays[0])
    said = (CO45, Cas("PR", "1", 50_00))
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 80_00, *said))))
    other = claim(2, line(till.copays[1], 100_00, CO45, COPAY))
    reversal = claim(1, line(till.copays[0], -80_00, *back(*said), charge=-160_00), status="22")
    new = post(books, remittance(till.payer, reversal, other, trace="EFT0002"))
    assert (owed(books, till.copays[0]), owed(books, till.copays[1])) == (before, (0, 30_00))
    assert fund(books, new) == 0
    assert books.read(lambda work: cents(work, "1050")) == 100_00
    verify(books)


def test_more_than_was_paid_is_taken_back_with_a_correction_of_its_own(
    books: Office, till: Till
) -> None:
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY))))
    more = claim(
        1,
        line(till.copays[0], -104_00, Cas("CO", "45", -26_00), *back(COPAY), charge=-160_00),
        status="22",
    )
    other = claim(2, line(till.copays[1], 110_00, Cas("CO", "45", 20_00), COPAY))
    found = looked_at(books, remittance(till.payer, more, other, trace="EFT0002"))
    lines = found.claims[0].lines[0]
    assert (lines.difference, lines.to_open, lines.paid) == (4_00, -104_00, -104_00)
    assert lines.told == (Cas("CO", "45", -26_00),)
    post(books, remittance(till.payer, more, other, trace="EFT0002"))
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    assert books.read(lambda work: cents(work, "4910")) == 4_00
    verify(books)


def test_what_was_never_posted_is_to_explain_and_touches_no_charge(
    books: Office, till: Till
) -> None:
    before = owed(books, till.copays[0])
    strange = claim(1, line(till.copays[0], -80_00, Cas("CO", "45", -80_00), charge=-160_00))
    strange = replace(strange, status="22")
    paid = claim(2, line(till.copays[1], 100_00, CO45, COPAY))
    found = looked_at(books, remittance(till.payer, strange, paid))
    assert found.claims[0].why is Unposted.REVERSES_NOTHING
    assert found.to_explain == (found.claims[0],)
    new = post(books, remittance(till.payer, strange, paid))
    assert (owed(books, till.copays[0]), fund(books, new)) == (before, 0)
    assert books.read(lambda work: cents(work, "1120")) == 80_00
    verify(books)


def test_a_reversal_that_comes_again_takes_nothing_twice(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY))))
    reversal = claim(
        1, line(till.copays[0], -100_00, *back(CO45, COPAY), charge=-160_00), status="22"
    )
    later = [Plb(1, "WO", "X", -100_00)]
    post(books, remittance(till.payer, reversal, trace="EFT0002", plbs=later))
    found = looked_at(books, remittance(till.payer, reversal, trace="EFT0003", plbs=later))
    assert found.claims[0].why is Unposted.POSTED_BEFORE


def test_a_check_that_is_taken_back_whole_is_carried_forward_and_taken_later(
    books: Office, till: Till
) -> None:
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY))))
    reversal = claim(
        1, line(till.copays[0], -100_00, *back(CO45, COPAY), charge=-160_00), status="22"
    )
    carried = [Plb(1, "FB", "EFT0002", -100_00)]
    new = post(books, remittance(till.payer, reversal, trace="EFT0002", plbs=carried))
    assert fund(books, new) == 0

    def waiting(work: Work) -> list[tuple[RecoupmentKind, int]]:
        rows = work.db.scalars(select(Recoupment).order_by(Recoupment.id))
        return [(one.kind, one.open.cents) for one in rows]

    assert books.read(waiting) == [(RecoupmentKind.WILL_TAKE, -100_00)]
    correction = claim(1, line(till.copays[0], 120_00, Cas("CO", "45", 10_00), COPAY))
    taken = [Plb(1, "FB", "EFT0002", 100_00), Plb(2, "L6", "", -1_25)]
    newest = post(books, remittance(till.payer, correction, trace="EFT0003", plbs=taken))
    assert books.read(waiting)[:2] == [(RecoupmentKind.WILL_TAKE, 0), (RecoupmentKind.TAKEN, 0)]
    assert (fund(books, newest), owed(books, till.copays[0])) == (0, (0, 30_00))
    assert books.read(lambda work: (cents(work, "1050"), cents(work, "4310"))) == (121_25, -1_25)
    verify(books)


def test_a_positive_reversal_is_taken_as_the_correction(books: Office, till: Till) -> None:
    one = claim(1, line(till.copays[0], 100_00, CO45, COPAY), status="22")
    found = looked_at(books, remittance(till.payer, one)).claims[0]
    assert found.fate is Fate.POSTED
    assert "correction" in found.words


def test_what_is_taken_back_is_not_left_while_the_rest_posts(books: Office, till: Till) -> None:
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY))))
    reversal = claim(
        1, line(till.copays[0], -100_00, *back(CO45, COPAY), charge=-160_00), status="22"
    )
    paid = claim(2, line(till.copays[1], 100_00, CO45, COPAY))
    both = remittance(till.payer, reversal, paid, trace="EFT0002")
    found = books.read(lambda work: decide(work, both, review=False, positions=[2]))
    assert "100.00 less" in found.stop
    assert not books.read(lambda work: decide(work, both, review=False, positions=[1])).stop


def test_a_reversal_with_a_line_that_pays_waits_and_its_money_is_to_explain(
    books: Office, till: Till
) -> None:
    first = claim(
        1,
        line(till.copays[0], 100_00, CO45, COPAY),
        line(till.copays[1], 0, Cas("CO", "16", 160_00)),
    )
    post(books, remittance(till.payer, first))
    before = owed(books, till.copays[0])
    takes = line(till.copays[0], -100_00, *back(CO45, COPAY), charge=-160_00)
    pays = line(till.copays[1], 35_00, Cas("CO", "16", -195_00), charge=-160_00)
    mixed = claim(1, takes, pays, status="22")
    carried = [Plb(1, "FB", "", -65_00)]
    found = looked_at(books, remittance(till.payer, mixed, trace="EFT0002", plbs=carried))
    assert found.claims[0].why is Unposted.BLOCKED
    new = post(books, remittance(till.payer, mixed, trace="EFT0002", plbs=carried))
    assert (owed(books, till.copays[0]), fund(books, new)) == (before, 0)
    assert books.read(lambda work: cents(work, "1120")) == 65_00
    verify(books)
