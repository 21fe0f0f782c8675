"""The same check again is found, and whether it says the same."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.remittances.answered import AnsweredRemittance, Cas, Plb
from fscdesk.services.remittances.identity import digest_of, identity_of
from tests.support.eras import claim, era, plb, service
from tests.support.eras_answered import answered


def _said(**settings: object) -> AnsweredRemittance:
    lines = [service(cas="CO45=30 PR3=20"), service("90834", "140", day="20260309")]
    claims = [claim("C-1", *lines), claim("C-2", service("90791", "225")), claim("C-3", charge="5")]
    (found,) = answered(era(*claims, plb=[plb("WO", "25", "ICN0"), plb("L6", "-2")], **settings))
    return found


def test_the_same_check_in_another_file_is_the_same() -> None:
    first = _said()
    again = _said(
        *(), control="0099", payer="IMAGINARY BLUE OF NOWHERE", payer_id="OTHER", interchange="3"
    )
    assert identity_of(first) == identity_of(again) == "1999019901|EFT2026001"
    assert digest_of(first) == digest_of(again)


def test_another_trace_or_another_payer_is_another_check() -> None:
    known = {identity_of(_said())}
    known |= {identity_of(_said(trace="EFT2026002")), identity_of(_said(origin="1999019902"))}
    known |= {identity_of(_said(origin="")), identity_of(_said(origin="", payer_id=""))}
    assert len(known) == 5


def test_the_trace_may_be_spelled_in_small_letters() -> None:
    assert identity_of(_said(trace="eft2026001")) == identity_of(_said())


def test_without_a_trace_it_is_known_by_what_it_says() -> None:
    for trace in ("0", "000000000", "NONE", "N/A", "NO PAYMENT", ""):
        found = replace(_said(), trace=trace)
        assert identity_of(found).startswith("digest|")
        assert identity_of(found) != identity_of(replace(found, amount=1))


def test_an_identity_fits_its_column() -> None:
    found = replace(_said(), origin_id="", payer_code="", payer_name="N" * 200)
    assert len(identity_of(found)) <= 160
    assert identity_of(found) != identity_of(replace(found, trace="OTHER"))


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_said_does_not_matter(chance: random.Random) -> None:
    first = _said()
    claims = [
        replace(
            one,
            position=99,
            lines=tuple(
                replace(line, cas=tuple(chance.sample(line.cas, len(line.cas))))
                for line in chance.sample(one.lines, len(one.lines))
            ),
        )
        for one in chance.sample(first.claims, len(first.claims))
    ]
    plbs = tuple(chance.sample(first.plbs, len(first.plbs)))
    assert digest_of(replace(first, claims=tuple(claims), plbs=plbs)) == digest_of(first)


def test_what_was_matched_does_not_matter() -> None:
    first = _said()
    lines = tuple(replace(one, charge_id=7, matched_by="hand") for one in first.claims[0].lines)
    matched = replace(first.claims[0], lines=lines, claim_id=3, patient_id=4, words="x")
    kept = replace(first, claims=(matched, *first.claims[1:]), payer_id=1, remittance_id=9)
    assert digest_of(kept) == digest_of(first)


def test_every_change_of_money_is_another_content() -> None:
    first = _said()
    one = first.claims[0]
    line = one.lines[0]
    changed = [
        replace(first, amount=first.amount + 1),
        replace(first, plbs=(Plb(1, "FB", "ICN0", 2500), first.plbs[1])),
        replace(first, claims=first.claims[1:]),
        replace(first, claims=(*first.claims, one)),
    ]
    claims = (
        replace(one, number="C-9"),
        replace(one, status="22"),
        replace(one, paid=one.paid + 1),
        replace(one, charge=one.charge + 1),
        replace(one, payer_number="ICN9"),
        replace(one, patient_share=1),
        replace(one, cas=(Cas("CO", "45", 1),)),
        replace(one, lines=one.lines[1:]),
        replace(one, lines=(replace(line, paid=line.paid - 1), *one.lines[1:])),
        replace(one, lines=(replace(line, cas=line.cas[1:]), *one.lines[1:])),
        replace(one, lines=(replace(line, code="90832"), *one.lines[1:])),
        replace(one, lines=(replace(line, first_day=None), *one.lines[1:])),
    )
    changed += [replace(first, claims=(each, *first.claims[1:])) for each in claims]
    digests = {digest_of(each) for each in changed}
    assert len(digests) == len(changed)
    assert digest_of(first) not in digests
