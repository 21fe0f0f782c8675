"""Why claims of a remittance stay for a person: each has a reason of the list, and words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.services.office import Office
from fscdesk.services.remittances.answered import AnsweredClaim, Cas, Plb
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, add_policy, claim_of
from tests.support.payments import Till
from tests.support.people import add_payer
from tests.support.remittance_acts import insure, looked_at, post
from tests.support.remittances_made import claim, line, remittance

CO45 = Cas("CO", "45", 30_00)
COPAY = Cas("PR", "3", 30_00)


def good(till: Till, **facts: object) -> AnsweredClaim:
    """A claim that posts, but for what is said here."""
    one = claim(1, line(till.copays[0], 100_00, CO45, COPAY))
    return replace(one, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"readable": False}, Unposted.UNREADABLE),
        ({"status": "25"}, Unposted.PREDETERMINATION),
        ({"why": Unposted.NOT_OURS, "words": "It is not ours."}, Unposted.NOT_OURS),
        ({"off": 1_00}, Unposted.OUT_OF_BALANCE),
        ({"lines": ()}, Unposted.NOT_ITEMISED),
    ],
)
def test_what_a_claim_says_of_itself_can_keep_it(
    books: Office, till: Till, facts: dict[str, object], why: Unposted | None
) -> None:
    (found,) = looked_at(books, remittance(till.payer, good(till, **facts))).claims
    assert found.why is why
    assert bool(found.words) is (why is not None)
    assert {one.why for one in found.lines} <= {why}


@pytest.mark.parametrize(
    ("charge", "why"), [(None, None), (None, Unposted.TWO_ALIKE), (999_999, None)]
)
def test_a_line_without_a_charge_keeps_its_claim(
    books: Office, till: Till, charge: int | None, why: Unposted | None
) -> None:
    one = replace(line(charge, 100_00, CO45, COPAY), why=why, words="Two are alike." if why else "")
    (found,) = looked_at(books, remittance(till.payer, claim(1, one))).claims
    assert found.why is (why or Unposted.NO_LINE)
    assert found.words


def test_what_is_decided_is_left_alone_whoever_it_is_of(books: Office, till: Till) -> None:
    closed = good(till, closed=True, words="Closed by hand.")
    for payer in (till.payer, None):
        (found,) = looked_at(books, remittance(payer, closed)).claims
        assert (found.fate, found.lines, found.words) == (Fate.CLOSED, (), "Closed by hand.")


def test_what_a_person_should_know_is_told(books: Office, till: Till) -> None:
    one = good(till, forwarded=True, forwarded_to="Example West", corrected="name ALMA ANYON")
    (found,) = looked_at(books, remittance(till.payer, one)).claims
    assert (
        found.words == "Passed on to Example West; The payer has name ALMA ANYON: look at the card"
    )


def test_paid_and_taken_back_again_with_the_same_words_is_no_repeat(
    books: Office, till: Till
) -> None:
    opposite = (Cas("CO", "45", -30_00), Cas("PR", "3", -30_00))
    back = claim(1, line(till.copays[0], -100_00, *opposite, charge=-160_00), status="22")
    carried = [Plb(1, "WO", "W", -100_00)]
    for trace in ("EFT1", "EFT3"):
        paid = remittance(till.payer, good(till), trace=trace)
        assert looked_at(books, paid).claims[0].why is None
        post(books, paid)
        again = remittance(till.payer, back, trace=f"{trace}B", plbs=carried)
        assert looked_at(books, again).claims[0].why is None
        post(books, again)


def test_the_place_of_the_payer_is_that_of_our_claim(books: Office) -> None:
    def act(work: Work) -> ClaimDesk:
        made = add_claim_desk(work)
        add_policy(work, made.alma, made.payer, "SEC", rank=2)  # two plans with one payer
        return made

    desk = books.write(act).value
    payer, claim_id = desk.payer, claim_of(books, desk=desk, status=ClaimStatus.PENDING)
    charge = books.read(lambda work: work.db.scalars(select(Charge.id).order_by(Charge.id)).one())
    one = claim(1, line(charge, 80_00, CO45, Cas("PR", "1", 50_00)), status="2")
    assert looked_at(books, remittance(payer, one)).claims[0].why is Unposted.WAITS_FOR_EARLIER
    ours = replace(one, claim_id=claim_id)  # what the payer calls it does not matter then
    found = looked_at(books, remittance(payer, ours)).claims[0]
    assert (found.why, found.lines[0].to_patient) == (None, 0)


def test_a_payer_without_a_policy_on_the_day_is_another_payer(books: Office, till: Till) -> None:
    other = books.write(lambda work: add_payer(work, "Example West", code="99902")).value
    assert looked_at(books, remittance(other, good(till))).claims[0].why is Unposted.OTHER_PAYER
    books.write(lambda work: insure(work, till.alma, other, 2))
    later = looked_at(books, remittance(other, good(till))).claims[0]
    assert later.why is Unposted.WAITS_FOR_EARLIER


def test_a_charge_that_was_taken_back_here_waits(books: Office, till: Till) -> None:
    def void(work: Work) -> None:
        work.db.get_one(Charge, till.copays[0]).voided_on = date(2026, 4, 1)

    books.write(void)
    assert looked_at(books, remittance(till.payer, good(till))).claims[0].why is Unposted.VOIDED
