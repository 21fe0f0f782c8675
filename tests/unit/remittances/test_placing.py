"""Lines of an answer find ours, whatever their order, and never by a guess."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.models.remittance import Unposted
from fscdesk.services.remittances.answered import AnsweredLine, Cas, MatchedBy
from fscdesk.services.remittances.placing import OurLine, Placed, place

DAY = date(2026, 3, 2)


def ours(
    charge_id: int,
    *,
    day: int = 0,
    code: str = "90837",
    cents: int = 16000,
    modifiers: str = "",
    units: int = 1,
    voided: bool = False,
) -> OurLine:
    """A line of ours; its claim line has the id of its charge and 100."""
    return OurLine(
        *(charge_id, charge_id + 100, 1, 1, DAY + timedelta(days=day), code),
        *(frozenset(modifiers.split()), units, cents, voided),
    )


def said(one: OurLine, *, paid: int = 10000, named: bool = False) -> AnsweredLine:
    """A payer's answer to a line of ours."""
    return AnsweredLine(
        1,
        one.code,
        one.cents,
        paid,
        (Cas("CO", "45", one.cents - paid),),
        modifiers=tuple(sorted(one.modifiers, reverse=True)),
        units=str(one.units),
        first_day=one.day,
        last_day=one.day,
        line_id=str(one.claim_line_id) if named else "",
    )


def placed(
    lines: list[AnsweredLine], known: list[OurLine], named: dict[int, OurLine] | None = None
) -> list[Placed]:
    """What lines are about."""
    return place(lines, known, by=MatchedBy.NUMBER, named=named)


_LINES = st.lists(
    st.builds(
        ours,
        charge_id=st.just(0),
        day=st.integers(0, 2),
        code=st.sampled_from(["90837", "90834"]),
        cents=st.sampled_from([16000, 14000]),
        modifiers=st.sampled_from(["", "95", "95 HO"]),
        units=st.integers(1, 2),
        voided=st.just(False),
    ),
    min_size=1,
    max_size=6,
).map(lambda found: [one._replace(charge_id=at) for at, one in enumerate(found, start=1)])


@settings(max_examples=300)
@given(_LINES, st.randoms(use_true_random=False))
def test_what_is_placed_is_right_and_what_could_be_two_is_not_placed(
    known: list[OurLine], chance: random.Random
) -> None:
    """Each line pays its own amount, so that no two answers are the same."""
    answers = [(one, said(one, paid=one.charge_id)) for one in known]
    chance.shuffle(answers)
    equal = Counter(one[4:] for one in known)
    for (meant, _), got in zip(answers, placed([line for _, line in answers], known), strict=True):
        if equal[meant[4:]] == 1:
            assert got.ours == meant
        else:
            assert (got.ours, got.why) == (None, Unposted.TWO_ALIKE)


@settings(max_examples=200)
@given(_LINES, st.randoms(use_true_random=False), st.booleans())
def test_whatever_is_said_no_charge_is_taken_twice_and_no_cent_is_lost(
    known: list[OurLine], chance: random.Random, same: bool
) -> None:
    lines = [said(one, paid=50 if same else chance.randrange(100)) for one in known]
    lines += [said(chance.choice(known))] if chance.random() < 0.3 else []
    chance.shuffle(lines)
    found = placed(lines, known)
    taken = [one.ours.charge_id for one in found if one.ours is not None]
    assert len(taken) == len(set(taken))
    for line, one in zip(lines, found, strict=True):
        if one.ours is not None and one.why is None:
            assert one.ours.cents == line.charge
            assert one.ours.day == line.first_day
    if same and len(lines) == len(known):
        assert len(taken) == len(known)


@given(_LINES, st.randoms(use_true_random=False))
def test_with_our_ids_every_line_is_found(known: list[OurLine], chance: random.Random) -> None:
    order = chance.sample(known, len(known))
    lines = [said(one, paid=one.charge_id, named=True) for one in order]
    found = placed(lines, known, dict(enumerate(order)))
    assert [one.ours for one in found] == order
    assert {one.by for one in found} == {MatchedBy.LINE_ID}


def test_an_id_that_comes_twice_counts_for_neither() -> None:
    one, other = ours(1), ours(2, day=1)
    lines = [said(one), said(one, paid=5)]
    found = placed(lines, [one, other], {0: one, 1: one})
    assert [(each.ours, each.why) for each in found] == [(None, Unposted.TWO_ALIKE)] * 2
    assert "more often than it was billed" in found[0].words


def test_a_payer_that_drops_the_modifier_leaves_two() -> None:
    known = [ours(1, modifiers="95"), ours(2)]
    bare = [replace(said(known[0], paid=1), modifiers=()), said(known[1], paid=2)]
    assert [each.why for each in placed(bare, known)] == [Unposted.TWO_ALIKE] * 2
    kept = [said(known[0], paid=1), said(known[1], paid=2)]
    assert [each.ours for each in placed(kept, known)] == known


def test_what_one_line_takes_leaves_the_other() -> None:
    known = [ours(1, modifiers="95"), ours(2)]
    with_modifier, without = said(known[0], paid=1), replace(said(known[1], paid=2), units="")
    assert [each.ours for each in placed([without, with_modifier], known)] == [known[1], known[0]]


def test_a_line_that_a_person_chose_is_left_and_takes_its_charge() -> None:
    known = [ours(1), ours(2)]
    chosen = replace(said(known[0], paid=1), matched_by=MatchedBy.HAND, charge_id=2)
    found = placed([chosen, said(known[1], paid=2)], known)
    assert (found[0].ours, found[0].by) == (None, MatchedBy.HAND)
    assert found[1].ours == known[0]


def test_units_of_a_service_that_says_none_are_one() -> None:
    known = [ours(1, units=2), ours(2)]
    line = replace(said(known[1]), units="")
    assert placed([line], known)[0].ours == known[1]


def test_the_other_amount_of_a_service_that_is_there_once_is_told() -> None:
    one = ours(1)
    (found,) = placed([replace(said(one), charge=15000)], [one, ours(2, day=3)])
    assert (found.ours, found.why) == (one, Unposted.AMOUNT_DIFFERS)
    twice = [one, ours(2)]
    (none,) = placed([replace(said(one), charge=15000)], twice)
    assert (none.ours, none.why) == (None, Unposted.NO_LINE)


def test_parts_of_a_service_are_theirs_together() -> None:
    one, other = ours(1), ours(2, code="90834")
    for sign in (1, -1):
        parts = [replace(said(one), charge=sign * cents) for cents in (10000, 6000)]
        for named in ({}, {0: one, 1: one}):
            found = placed([*parts, said(other)], [one, other], named)
            assert [(each.ours, each.why) for each in found] == [
                (one, None),
                (one, None),
                (other, None),
            ]


def test_parts_that_do_not_add_up_are_not_guessed() -> None:
    one = ours(1)
    parts = [replace(said(one), charge=cents) for cents in (10000, 5000)]
    assert {each.why for each in placed(parts, [one], {0: one, 1: one})} == {Unposted.TWO_ALIKE}
    found = placed(parts, [one])
    assert all(each.why is not None for each in found)


def test_parts_of_which_of_two_services_are_not_guessed() -> None:
    one = ours(1)
    parts = [replace(said(one), charge=cents) for cents in (10000, 6000)]
    assert {each.why for each in placed(parts, [one, ours(2)])} == {Unposted.NO_LINE}
