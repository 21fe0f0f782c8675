"""Matching what was matched before, what a person chose, and ten thousand at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fscdesk.models.remittance import Unposted
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredRemittance, MatchedBy
from fscdesk.services.remittances.matching import match
from tests.support.claims import ClaimDesk, add_claim_desk, ready
from tests.support.era_lines import EraClaim
from tests.support.era_matching import (
    STRANGER,
    SentClaim,
    charges,
    matched,
    send_claim,
    whys,
)
from tests.support.eras import claim, era, service
from tests.support.eras_answered import answered
from tests.support.questions import asked_of


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


@pytest.fixture
def two(books: Office, desk: ClaimDesk) -> SentClaim:
    """A claim of two weekly sessions that the payer has."""
    return send_claim(books, desk, sessions=2)


def _again(books: Office, one: AnsweredRemittance) -> AnsweredRemittance:
    (found,) = books.read(lambda work: match(work, [one]))
    return found


def test_matching_twice_is_matching_once(books: Office, desk: ClaimDesk, two: SentClaim) -> None:
    (found,) = matched(
        books,
        era(
            claim(two.account, *[service(charge="160", day=day) for day in two.days]),
            claim("X", service(), patient=STRANGER),
            claim(two.account, service("99999", "5")),
        ),
    )
    assert _again(books, found) == found


def test_what_could_not_be_matched_is_found_once_it_is_there(
    books: Office, desk: ClaimDesk
) -> None:
    (before,) = matched(books, era(claim("SP-1", service(charge="160"))))
    assert whys(before.claims[0]) == [Unposted.NO_LINE]
    books.write(lambda work: ready(work, desk))
    after = _again(books, before)
    assert (whys(after.claims[0]), after.claims[0].why, after.claims[0].words) == ([None], None, "")
    assert charges(after.claims[0]) != [None]


def test_what_is_not_there_any_more_is_forgotten(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    (found,) = matched(books, era(claim(two.account, service(charge="160", day=two.days[0]))))
    one = found.claims[0]
    moved = replace(one, lines=(replace(one.lines[0], first_day=date(2026, 1, 5), last_day=None),))
    after = _again(books, replace(found, claims=(moved,))).claims[0]
    (line,) = after.lines
    assert (line.charge_id, line.claim_line_id, line.matched_by) == (None, None, "")
    assert after.why is Unposted.NO_LINE


def test_a_line_that_a_person_chose_stays(books: Office, desk: ClaimDesk, two: SentClaim) -> None:
    """The payer names a day that nobody knows; a person says which service it means."""
    lines = [service(charge="160", day="20260401"), service(charge="160", day=two.days[0])]
    (found,) = matched(books, era(claim(two.account, *lines)))
    assert charges(found.claims[0]) == [None, two.charges[0]]
    one = found.claims[0]
    chosen = replace(
        one.lines[0],
        charge_id=two.charges[1],
        claim_line_id=two.lines[1],
        matched_by=MatchedBy.HAND,
        why=None,
        words="",
    )
    by_hand = replace(found, claims=(replace(one, lines=(chosen, one.lines[1])),))
    after = _again(books, by_hand).claims[0]
    assert after.lines[0] == chosen
    assert charges(after) == [two.charges[1], two.charges[0]]
    assert (after.why, after.claim_id) == (None, two.id)


def test_a_claim_whose_lines_a_person_chose_is_ours(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    """The number, the client and the days are strange; one line is chosen, then the other."""
    lines = [service(charge="160", day=day) for day in ("20260401", two.days[1])]
    (found,) = matched(books, era(claim("X-1", *lines, patient=STRANGER)))
    one = found.claims[0]
    assert one.why is Unposted.NOT_OURS
    chosen = replace(
        one.lines[0], charge_id=two.charges[0], matched_by=MatchedBy.HAND, why=None, words=""
    )
    by_hand = replace(one, patient_id=desk.alma, lines=(chosen, one.lines[1]))
    after = _again(books, replace(found, claims=(by_hand,))).claims[0]
    assert (after.why, after.patient_id, after.claim_id) == (None, desk.alma, two.id)
    assert charges(after) == list(two.charges)
    assert [line.claim_line_id for line in after.lines] == list(two.lines)
    assert [line.matched_by for line in after.lines] == ["hand", "name"]


def test_a_charge_that_a_person_chose_is_not_taken_by_another_line(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    lines = [service(charge="160", day="20260401"), service(charge="160", day=two.days[0])]
    (found,) = matched(books, era(claim(two.account, *lines)))
    one = found.claims[0]
    chosen = replace(one.lines[0], charge_id=two.charges[0], matched_by=MatchedBy.HAND, why=None)
    after = _again(
        books, replace(found, claims=(replace(one, lines=(chosen, one.lines[1])),))
    ).claims[0]
    assert charges(after) == [two.charges[0], None]
    assert whys(after) == [None, Unposted.NO_LINE]


def test_a_claim_that_a_person_chose_gives_its_lines(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    """The payer spells number, client and member id in ways that nobody knows."""
    lines = [service(charge="160", day=day) for day in two.days]
    (found,) = matched(books, era(claim("X-1", *lines, patient=STRANGER)))
    assert found.claims[0].why is Unposted.NOT_OURS
    by_hand = replace(found.claims[0], claim_id=two.id, matched_by=MatchedBy.HAND)
    after = _again(books, replace(found, claims=(by_hand,))).claims[0]
    assert (after.claim_id, after.patient_id, after.why) == (two.id, desk.alma, None)
    assert charges(after) == list(two.charges)
    assert after.matched_by == MatchedBy.HAND
    assert _again(books, replace(found, claims=(after,))).claims[0] == after


def test_what_is_posted_or_closed_is_not_touched(
    books: Office, desk: ClaimDesk, two: SentClaim
) -> None:
    (said,) = answered(era(claim(two.account, service(charge="160", day=two.days[0]))))
    for done in (replace(said.claims[0], posted=True), replace(said.claims[0], closed=True)):
        found = _again(books, replace(said, claims=(done,)))
        assert found.claims == (done,)


def test_nothing_at_all(books: Office, desk: ClaimDesk) -> None:
    assert books.read(lambda work: match(work, [])) == ()
    (empty,) = answered(era())
    assert _again(books, empty).claims == ()


def test_many_claims_ask_no_more_than_few(books: Office, desk: ClaimDesk, two: SentClaim) -> None:
    def parts(count: int) -> list[EraClaim]:
        days = [date(2026, 3, 2) + timedelta(days=at) for at in range(count)]
        lines = [service(charge="160", day=f"{day:%Y%m%d}") for day in days]
        ours = [claim(two.account, one) for one in lines]
        named = [claim(f"SP-{at}", one) for at, one in enumerate(lines)]
        strange = [claim(f"X-{at}", one, patient=STRANGER) for at, one in enumerate(lines)]
        return [*ours, *named, *strange]

    counts = []
    for count in (2, 40):
        (said,) = answered(era(*parts(count)))
        with asked_of(books) as heard:
            _again(books, said)
        counts.append(len(heard))
    assert counts[0] == counts[1] < 30
