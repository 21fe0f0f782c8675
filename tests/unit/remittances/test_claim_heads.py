"""What stands at the head of a claim, shared over its services to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fscdesk.services.remittances.answered import AnsweredClaim, AnsweredLine, Cas
from fscdesk.services.remittances.claim_heads import balanced_lines


def line(position: int, charge: int, paid: int, *cas: Cas) -> AnsweredLine:
    """A service."""
    return AnsweredLine(position, "90837", charge, paid, cas, charge_id=position)


def claim(
    paid: int, cas: tuple[Cas, ...], *lines: AnsweredLine, status: str = "1"
) -> AnsweredClaim:
    """A claim with something at its head."""
    charge = sum(one.charge for one in lines)
    return AnsweredClaim(1, "CLM1", status, charge, paid, 0, cas, lines)


def test_a_claim_without_anything_at_its_head_is_as_it_is() -> None:
    one = claim(80_00, (), line(1, 100_00, 80_00, Cas("CO", "45", 20_00)))
    assert balanced_lines(one) == one.lines


def test_a_deductible_of_the_whole_claim_lowers_what_its_services_pay() -> None:
    head = (Cas("PR", "1", 50_00),)
    found = balanced_lines(claim(110_00, head, line(1, 80_00, 80_00), line(2, 80_00, 80_00)))
    assert found is not None
    assert [(one.paid, one.cas) for one in found] == [(55_00, (Cas("PR", "1", 25_00),))] * 2


def test_what_services_leave_out_stands_at_the_head() -> None:
    head = (Cas("CO", "45", 30_00), Cas("PR", "1", 30_01))
    found = balanced_lines(claim(99_99, head, line(1, 100_00, 50_00), line(2, 60_00, 49_99)))
    assert found is not None
    assert [one.paid for one in found] == [50_00, 49_99]
    assert [sum(c.cents for c in one.cas) for one in found] == [50_00, 10_01]


def test_a_claim_that_is_not_itemised_has_all_of_its_head() -> None:
    head = (Cas("CO", "45", 30_00), Cas("PR", "1", 30_00))
    whole = replace(line(1, 160_00, 100_00), itemised=False)
    found = balanced_lines(claim(100_00, head, whole))
    assert found is not None
    assert (found[0].paid, found[0].cas) == (100_00, head)
    assert balanced_lines(claim(100_00, head, replace(whole, cas=head))) is not None


def test_a_reversal_is_shared_as_what_it_takes_back() -> None:
    head = (Cas("PR", "1", -50_00),)
    lines = (line(1, -80_00, -80_00), line(2, -80_00, -80_00))
    found = balanced_lines(claim(-110_00, head, *lines, status="22"))
    assert found is not None
    assert [one.paid for one in found] == [-55_00, -55_00]


@pytest.mark.parametrize(
    "one",
    [
        claim(80_00, (), line(1, 100_00, 80_00)),
        claim(81_00, (), line(1, 100_00, 80_00, Cas("CO", "45", 20_00))),
        claim(80_00, (Cas("CO", "45", 19_00),), line(1, 100_00, 80_00)),
        claim(-20_00, (Cas("CO", "45", 120_00),), line(1, 100_00, 100_00)),
    ],
)
def test_what_does_not_balance_is_nothing(one: AnsweredClaim) -> None:
    assert balanced_lines(one) is None


CENTS = st.integers(0, 90_00)


@given(st.lists(CENTS, min_size=1, max_size=6), st.lists(st.integers(-9_00, 90_00), max_size=4))
def test_every_cent_finds_its_service(paid: list[int], head: list[int]) -> None:
    cas = tuple(Cas("CO", str(40 + at), cents) for at, cents in enumerate(head))
    assume(sum(one.cents for one in cas if one.cents > 0) <= sum(paid))
    lines = [line(at, cents + 1, cents, Cas("CO", "1", 1)) for at, cents in enumerate(paid)]
    found = balanced_lines(claim(sum(paid) - sum(head), cas, *lines))
    assert found is not None
    assert sum(one.paid for one in found) == sum(paid) - sum(head)
    for one in found:
        assert one.charge - one.paid == sum(each.cents for each in one.cas)
        assert one.paid >= 0
    for each in cas:
        parts = [part.cents for one in found for part in one.cas if part.carc == each.carc]
        assert sum(parts) == each.cents
