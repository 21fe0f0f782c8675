"""What a payer takes from a check, adds to it, and has said before: paired, or left open."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.services.remittances.answered import DecidedPair, Plb, PlbPair
from fscdesk.services.remittances.plbs import OpenItem, settle

WILL, TAKEN, WHAT = RecoupmentKind.WILL_TAKE, RecoupmentKind.TAKEN, RecoupmentKind.TO_EXPLAIN


def will_take(item_id: int, cents: int, reference: str = "", reason: str = "WO") -> OpenItem:
    """What the payer said that it will take."""
    return OpenItem(item_id, WILL, reason, reference, "2410", -cents, -cents)


def taken(item_id: int, cents: int, reference: str = "", reason: str = "WO") -> OpenItem:
    """What it took without a word for what."""
    return OpenItem(item_id, TAKEN, reason, reference, "1120", cents, cents)


@pytest.mark.parametrize(
    ("reason", "cents", "kind", "account"),
    [
        ("L6", -1_25, RecoupmentKind.INTEREST, "4310"),
        ("L6", 1_25, RecoupmentKind.INTEREST, "4310"),
        ("CT", -500_00, RecoupmentKind.CAPITATION, "4320"),
        ("IP", -20_00, RecoupmentKind.CAPITATION, "4320"),
        ("50", 10_00, RecoupmentKind.PENALTY, "7620"),
        ("L3", 10_00, RecoupmentKind.PENALTY, "7620"),
        ("LE", 10_00, RecoupmentKind.PENALTY, "7620"),
    ],
)
def test_what_is_settled_by_itself_waits_for_nothing(
    reason: str, cents: int, kind: RecoupmentKind, account: str
) -> None:
    (found,) = settle([Plb(1, reason, "", cents)], [])
    assert (found.kind, found.account, found.rest, found.open) == (kind, account, cents, False)


@pytest.mark.parametrize("reason", ["CS", "72", "ZZ", ""])
@pytest.mark.parametrize("cents", [30_00, -30_00])
def test_what_nobody_knows_is_to_explain(reason: str, cents: int) -> None:
    (found,) = settle([Plb(1, reason, "REF", cents)], [taken(1, 1), will_take(2, 1)])
    assert (found.kind, found.account, found.rest, found.open) == (WHAT, "1120", cents, True)
    assert found.pairs == ()


def test_what_will_be_taken_and_what_was_taken_find_each_other_by_reference() -> None:
    items = [
        will_take(1, 50_00, "OTHER"),
        will_take(2, 30_00, "A 12-3"),
        will_take(3, 40_00, "A123"),
    ]
    (found,) = settle([Plb(1, "WO", "A123", 50_00)], items)
    assert found.pairs == (DecidedPair(2, 30_00), DecidedPair(3, 20_00))
    assert (found.rest, found.open, items[2].left, items[0].left) == (0, False, -20_00, -50_00)


def test_without_a_reference_the_same_amount_is_meant_the_oldest_first() -> None:
    items = [will_take(1, 40_00, "X"), will_take(2, 50_00), will_take(3, 50_00, "Z")]
    first, second = settle([Plb(1, "WO", "Q", 50_00), Plb(2, "WO", "", 50_00)], items)
    assert (first.pairs, second.pairs) == ((DecidedPair(2, 50_00),), (DecidedPair(3, 50_00),))


def test_two_references_that_differ_are_two_matters_whatever_the_amount() -> None:
    items = [will_take(1, 20_00, "CLAIM-BBB")]
    other, own = settle([Plb(1, "WO", "CLAIM-DDD", 20_00), Plb(2, "WO", "CLAIM-BBB", 20_00)], items)
    assert (other.pairs, own.pairs) == ((), (DecidedPair(1, 20_00),))


@pytest.mark.parametrize("reason", ["WO", "FB", "AP"])
def test_what_is_added_later_is_not_what_was_taken_by_its_amount_alone(reason: str) -> None:
    (found,) = settle([Plb(1, reason, "", -40_00)], [taken(1, 40_00, "", reason)])
    assert (found.pairs, found.kind) == ((), WILL)


def test_what_is_left_of_an_item_is_its_amount_and_the_same_reason_comes_first() -> None:
    items = [will_take(1, 50_00, "A1"), will_take(2, 20_00, "", "AP"), will_take(3, 20_00)]
    found = settle(
        [Plb(1, "WO", "A1", 30_00), Plb(2, "WO", "", 20_00), Plb(3, "WO", "", 20_00)], items
    )
    assert [one.pairs for one in found] == [
        (DecidedPair(1, 30_00),),
        (DecidedPair(1, 20_00),),
        (DecidedPair(3, 20_00),),
    ]


def test_a_levy_and_its_return_cancel_and_close_only_each_other() -> None:
    pair = settle([Plb(1, "CS", "R", 10_00), Plb(2, "CS", "R", -10_00)], [])
    assert [(one.open, one.within) for one in pair] == [(False, ()), (False, (PlbPair(1, 10_00),))]
    items = [OpenItem(1, WHAT, "ZZ", "R", "1120", 7_00, 7_00), taken(2, 7_00, "R", "CS")]
    (later,) = settle([Plb(1, "CS", "R", -7_00)], items)
    assert (later.pairs, later.rest) == ((DecidedPair(2, 7_00),), 0)


def test_what_is_not_reimbursed_is_taken_and_added_to_explain() -> None:
    (was,) = settle([Plb(1, "J1", "A", 4_00)], [])
    (added,) = settle([Plb(1, "J1", "A", -4_00)], [])
    assert (was.kind, was.account) == (TAKEN, "1120")
    assert (added.kind, added.account, added.words) == (WHAT, "1120", "4.00 is to explain")


def test_thousands_find_their_partners_among_thousands_at_once() -> None:
    count = 20_000
    both = [Plb(at, "WO", f"R{at}", 10_00) for at in range(1, count + 1)]
    items = [will_take(at, 10_00, f"R{at}") for at in range(count, 0, -1)]
    began = monotonic()
    decided = settle(both, items)
    assert monotonic() - began < 5
    assert [one.pairs for one in decided] == [
        (DecidedPair(at, 10_00),) for at in range(1, count + 1)
    ]


def test_neither_reference_nor_amount_is_no_pair() -> None:
    (found,) = settle([Plb(1, "WO", "Q", 45_00)], [will_take(1, 40_00, "X")])
    assert (found.pairs, found.kind, found.account) == ((), TAKEN, "1120")
    assert (found.rest, found.open) == (45_00, True)


def test_what_is_carried_forward_settles_what_was_carried_under_its_name() -> None:
    items = [will_take(1, 10_00, "E1", "FB"), will_take(3, 30_00, "E2", "FB")]
    own, other = settle([Plb(1, "FB", "E2", 25_00), Plb(2, "FB", "E9", 10_00)], items)
    assert own.pairs == (DecidedPair(3, 25_00),)
    assert (other.pairs, other.kind) == ((), TAKEN)


def test_what_was_taken_first_is_explained_when_the_reversal_comes() -> None:
    (found,) = settle([Plb(1, "WO", "A1", -100_00)], [taken(1, 60_00, "A1")])
    assert (found.pairs, found.rest) == ((DecidedPair(1, 60_00),), -40_00)
    assert (found.kind, found.account, found.open) == (WILL, "2410", True)


@pytest.mark.parametrize("order", [1, -1])
def test_a_refund_that_the_payer_has_got_posts_nothing_twice(order: int) -> None:
    both = [Plb(1, "WO", "A1", 80_00), Plb(2, "72", "A1", -80_00)][::order]
    both = [one._replace(position=at) for at, one in enumerate(both, start=1)]
    items = [will_take(7, 80_00, "A1")]
    first, second = settle(both, items)
    assert (first.within, second.within) == ((), (PlbPair(1, 80_00),))
    assert [(one.account, one.open, one.pairs) for one in (first, second)] == [
        ("1120", False, ())
    ] * 2
    assert (first.rest, second.rest) == (both[0].cents, both[1].cents)
    assert items[0].left == -80_00


def test_a_refund_that_the_payer_got_explains_what_it_took_before() -> None:
    (found,) = settle([Plb(1, "72", "A1", -80_00)], [taken(4, 80_00, "A1"), will_take(5, 80_00)])
    assert (found.pairs, found.rest, found.open) == ((DecidedPair(4, 80_00),), 0, False)


def test_six_of_one_segment_are_six_documents() -> None:
    six = [Plb(at, "WO", f"R{at}", at * 10_00) for at in range(1, 7)]
    items = [will_take(at, at * 10_00, f"R{at}") for at in range(6, 0, -1)]
    assert [one.pairs for one in settle(six, items)] == [
        (DecidedPair(at, at * 10_00),) for at in range(1, 7)
    ]


PLBS = st.lists(
    st.tuples(
        st.sampled_from(["WO", "FB", "72", "L6", "50", "CS", "AP"]),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from([10_00, 20_00, 30_00, -10_00, -20_00, -30_00]),
    ),
    max_size=6,
)
ITEMS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["", "A", "B"]), st.sampled_from([10_00, 15_00])),
    max_size=5,
)


@given(PLBS, ITEMS)
def test_each_cent_settles_once_or_stays(
    plbs: list[tuple[str, str, int]], found: list[tuple[bool, str, int]]
) -> None:
    items = [
        (taken if was else will_take)(at, cents, reference)
        for at, (was, reference, cents) in enumerate(found)
    ]
    left = {one.item_id: one.left for one in items}
    given_ = [Plb(at, *one) for at, one in enumerate(plbs, start=1)]
    decided = settle(given_, items)
    for one in decided:
        sign = 1 if one.plb.cents > 0 else -1
        assert sign * sum(pair.cents for pair in one.pairs) + one.rest == one.plb.cents
        assert all(pair.cents > 0 for pair in one.pairs)
        for pair in one.pairs:
            assert left[pair.item_id] * sign < 0
            left[pair.item_id] += sign * pair.cents
        for within in one.within:
            other = next(each for each in decided if each.plb.position == within.position)
            assert other.plb.cents == -one.plb.cents
    assert left == {one.item_id: one.left for one in items}
    assert all(
        cents * before.amount >= 0 for cents, before in zip(left.values(), items, strict=True)
    )
