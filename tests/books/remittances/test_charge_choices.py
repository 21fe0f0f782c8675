"""What is offered for a line that nobody could place, and that a choice can be taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.remittance import Fate, RemittanceLine, Unposted
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.remittances.charge_choices import (
    ChargeChoice,
    LineToPlace,
    charge_choices,
    lines_to_place,
)
from fscdesk.services.remittances.choosing import choose_charge, forget_charges
from fscdesk.services.remittances.detail import PageClaim, remittance_page
from fscdesk.services.remittances.posting import post_remittance
from tests.support.claims import ClaimDesk, add_claim_desk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, service
from tests.support.second_person import nobody


@pytest.fixture
def desk(books: Office) -> ClaimDesk:
    """A practice that bills payers."""
    return books.write(add_claim_desk).value


def strange(books: Office, sent: SentClaim, *, code: str = "90837") -> int:
    """A remittance about both sessions of a claim, for somebody who is not known here."""
    lines = [service(code, "160", cas="CO45=40", day=day) for day in sent.days]
    return read(books, era(claim("ZZ9", *lines, patient=STRANGER)))


def first(books: Office, one: int) -> PageClaim:
    return books.read(lambda work: remittance_page(work, one)).claims[0]


def places(books: Office, one: int) -> tuple[LineToPlace, ...]:
    row = first(books, one)
    return books.read(lambda work: lines_to_place(work, row.id))


def offered(books: Office, line: LineToPlace, text: str = "") -> tuple[ChargeChoice, ...]:
    return books.read(lambda work: charge_choices(work, line.id, text))


def test_what_fits_to_the_day_and_the_cent_is_offered_first(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk, sessions=2)
    one = strange(books, sent, code="90834")
    lines = places(books, one)
    assert [(line.position, line.of, line.code) for line in lines] == [
        (1, 2, "90834"),
        (2, 2, "90834"),
    ]
    (choice,) = offered(books, lines[0])
    assert (choice.id, choice.patient, choice.code) == (sent.charges[0], "Alma Anyone", "90837")
    assert (choice.claim, choice.differs) == ("CLM-2026-00001", "")
    by_name = offered(books, lines[0], "alma")
    assert [row.id for row in by_name] == [sent.charges[0], sent.charges[1]]
    assert [row.differs for row in by_name] == ["", "another day"]
    assert [row.id for row in offered(books, lines[0], "any 3/9")] == [sent.charges[1]]
    assert offered(books, lines[0], "nobody") == ()
    assert offered(books, lines[0], "ben") == ()


def test_once_the_client_is_known_the_other_lines_are_found_by_themselves(
    books: Office, desk: ClaimDesk
) -> None:
    sent = send_claim(books, desk, sessions=2)
    one = strange(books, sent)
    line = places(books, one)[0]
    books.write(lambda work: choose_charge(work, line.id, sent.charges[0]))
    assert [(left.position, left.charge_id) for left in places(books, one)] == [
        (1, sent.charges[0])
    ]
    assert [row.charge_id for row in first(books, one).lines] == list(sent.charges)


def test_what_another_line_has_is_not_offered(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk, sessions=2)
    one = strange(books, sent, code="90834")
    line, second = places(books, one)
    books.write(lambda work: choose_charge(work, line.id, sent.charges[0]))
    assert [(left.position, left.charge_id) for left in places(books, one)] == [
        (2, None),
        (1, sent.charges[0]),
    ]
    assert [row.id for row in offered(books, second)] == [sent.charges[1]]
    assert [row.id for row in offered(books, second, "alma")] == [sent.charges[1]]


def test_a_choice_is_taken_back_and_nothing_of_it_stays(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk, sessions=2)
    one = strange(books, sent)
    before = first(books, one)
    for line, charge in zip(places(books, one), sent.charges, strict=True):
        books.write(lambda work, line=line, charge=charge: choose_charge(work, line.id, charge))  # type: ignore[misc]
    assert first(books, one).fate is Fate.POSTED
    assert first(books, one).patient == "Alma Anyone"
    ids = [line.id for line in places(books, one)]
    assert books.write(lambda work: forget_charges(work, ids)).value == 2
    assert first(books, one) == before
    assert first(books, one).why is Unposted.NOT_OURS
    assert books.write(lambda work: forget_charges(work, ids)).value == 0


def test_what_is_posted_is_neither_offered_nor_taken_back(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    one = strange(books, sent)
    (line,) = places(books, one)
    books.write(lambda work: choose_charge(work, line.id, sent.charges[0]))
    books.write(lambda work: post_remittance(work, one))
    assert places(books, one) == ()
    with pytest.raises(Problem, match="is posted"):
        books.write(lambda work: forget_charges(work, [line.id]))


def test_a_line_that_was_found_is_not_to_be_placed(books: Office, desk: ClaimDesk) -> None:
    sent = send_claim(books, desk)
    line = service("90837", "160", cas="CO45=40", day=sent.days[0])
    one = read(books, era(claim(sent.account, line, patient=ALMA)))
    assert places(books, one) == ()
    row = books.read(lambda work: work.db.scalar(select(RemittanceLine.id)))
    assert row is not None
    assert books.write(lambda work: forget_charges(work, [row])).value == 0
    assert first(books, one).lines[0].charge_id == sent.charges[0]


def test_who_may_not_post_is_offered_nothing(books: Office, desk: ClaimDesk) -> None:
    one = strange(books, send_claim(books, desk))
    (line,) = places(books, one)
    with pytest.raises(Problem, match="You may not post remittances"):
        nobody(books).read(lambda work: charge_choices(work, line.id))
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: charge_choices(work, 99_999))
