"""What posting a remittance does, from the payer's words to the books, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, Fate, Unposted
from fscdesk.services.office import Office
from fscdesk.services.payments.policies import OVER_APPLYING, OverApplying
from fscdesk.services.remittances.answered import AnsweredClaim, Cas, Plb
from fscdesk.services.remittances.deciding import decide
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.setup.settings import change_setting
from fscdesk.services.work import Work
from tests.support.payments import Till, cents, verify
from tests.support.people import add_payer, add_provider, add_session
from tests.support.questions import asked_of
from tests.support.remittance_acts import (
    fund,
    insure,
    looked_at,
    looked_at_again,
    owed,
    post,
    recorded,
)
from tests.support.remittances_made import claim, kept, line, remittance

CO45 = Cas("CO", "45", 30_00)
COPAY = Cas("PR", "3", 30_00)


def back(*found: Cas) -> tuple[Cas, ...]:
    """The same adjustments, taken back."""
    return tuple(one._replace(cents=-one.cents) for one in found)


def whys(books: Office, *answers: AnsweredClaim, till: Till) -> list[Unposted | None]:
    """Why each claim of a remittance would stay."""
    found = looked_at(books, remittance(till.payer, *answers))
    return [one.why for one in found.claims]


def test_a_payment_with_its_copay_and_contract_settles_the_charge(
    books: Office, till: Till
) -> None:
    one = claim(1, line(till.copays[0], 100_00, CO45, COPAY))
    found = looked_at(books, remittance(till.payer, one)).claims[0].lines[0]
    assert (found.fate, found.paid, found.to_open, found.to_patient) == (
        Fate.POSTED,
        100_00,
        100_00,
        0,
    )
    assert (found.wrote_off, found.left, found.denied) == (30_00, 0, "")
    post(books, remittance(till.payer, one))
    assert owed(books, till.copays[0]) == (0, 30_00)
    verify(books)


@pytest.mark.parametrize(("copay", "patient"), [(0, 0), (10_00, 10_00), (50_00, 50_00)])
def test_the_clients_share_becomes_what_the_payer_says(
    books: Office, till: Till, copay: int, patient: int
) -> None:
    said = (Cas("PR", "3", copay),) if copay else ()
    paid = 130_00 - copay
    post(books, remittance(till.payer, claim(1, line(till.copays[0], paid, CO45, *said))))
    assert owed(books, till.copays[0]) == (0, patient)
    verify(books)


def test_a_denial_stays_with_the_payer_and_is_never_the_clients(books: Office, till: Till) -> None:
    denied = (
        claim(1, line(till.copays[0], 0, Cas("CO", "45", 30_00), Cas("PR", "96", 130_00))),
        claim(2, line(till.copays[1], 0, Cas("CO", "45", 30_00), COPAY, Cas("CO", "97", 100_00))),
    )
    found = looked_at(books, remittance(till.payer, *denied))
    assert [one.lines[0].denied for one in found.claims] == ["PR-96", "CO-97"]
    post(books, remittance(till.payer, *denied))
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    # Beside what it leaves the client: the contract comes off, and the denied part stays.
    assert owed(books, till.copays[1]) == (100_00, 30_00)
    verify(books)


def test_what_is_denied_of_a_line_that_is_paid_stays_open(books: Office, till: Till) -> None:
    said = (CO45, COPAY, Cas("CO", "16", 40_00))
    one = claim(1, line(till.copays[0], 60_00, *said))
    found = looked_at(books, remittance(till.payer, one)).claims[0].lines[0]
    assert (found.denied, found.left, found.wrote_off) == ("CO-16", 40_00, 30_00)
    post(books, remittance(till.payer, one))
    assert owed(books, till.copays[0]) == (40_00, 30_00)


def test_what_simplepractice_recorded_is_paid_first(books: Office, till: Till) -> None:
    def told(work: Work) -> int:
        provider = add_provider(work, "Testa Fernsample", "1987654320")
        session = add_session(
            work,
            till.alma,
            provider,
            day=date(2026, 3, 16),
            payer=till.payer,
            insurance=130_00,
            share=30_00,
            insurance_paid=100_00,
            write_off=25_00,
            patient_paid=30_00,
        )
        return work.db.scalars(select(Charge.id).where(Charge.session_id == session)).one()

    charge = books.write(told).value
    one = claim(1, line(charge, 100_00, CO45, COPAY))
    found = looked_at(books, remittance(till.payer, one)).claims[0].lines[0]
    assert (found.to_recorded, found.to_open, found.over) == (100_00, 0, 0)
    assert [(part.cents, part.recorded) for part in found.adjustments] == [
        (25_00, True),
        (5_00, False),
    ]
    post(books, remittance(till.payer, one))
    assert (recorded(books, charge), owed(books, charge)) == (30_00, (0, 0))  # the client's own
    verify(books)
    taken = claim(1, line(charge, -100_00, *back(CO45, COPAY), charge=-160_00), status="22")
    post(books, remittance(till.payer, taken, trace="EFT0002", plbs=[Plb(1, "WO", "A1", -100_00)]))
    assert (recorded(books, charge), owed(books, charge)) == (155_00, (5_00, 0))
    verify(books)


def test_nothing_of_a_claim_posts_where_one_line_stays(books: Office, till: Till) -> None:
    one = claim(
        1,
        line(till.copays[0], 100_00, CO45, COPAY),
        line(till.copays[1], 100_00, Cas("CO", "299x", 60_00)),
    )
    found = looked_at(books, remittance(till.payer, one)).claims[0]
    assert (found.fate, found.why) == (Fate.UNPOSTED, Unposted.BLOCKED)
    assert [each.fate for each in found.lines] == [Fate.UNPOSTED] * 2
    new = post(books, remittance(till.payer, one))
    assert fund(books, new) == 200_00
    assert owed(books, till.copays[0]) == (130_00, 30_00)
    verify(books)


def test_more_than_is_owed_waits_or_is_kept_with_the_charge(books: Office, till: Till) -> None:
    first = claim(1, line(till.copays[0], 100_00, CO45, COPAY))
    again = claim(1, line(till.copays[0], 100_00, CO45, COPAY), payer_number="ANOTHER")
    post(books, remittance(till.payer, first))
    assert whys(books, again, till=till) == [Unposted.PAYS_TOO_MUCH]
    allowed = OverApplying.WARN.value
    books.write(lambda work: change_setting(work, OVER_APPLYING, allowed, seen="block"))
    post(books, remittance(till.payer, again, trace="EFT0002"))
    assert owed(books, till.copays[0]) == (-100_00, 30_00)
    assert books.read(lambda work: cents(work, "2410")) == -100_00
    verify(books)
    taken = line(till.copays[0], -100_00, *back(CO45, COPAY), charge=-160_00)
    taken_back = claim(1, taken, status="22", payer_number="ANOTHER")
    paid = claim(2, line(till.copays[1], 100_00, CO45, COPAY))
    post(books, remittance(till.payer, taken_back, paid, trace="EFT0003"))
    assert owed(books, till.copays[0]) == (0, 30_00)
    assert books.read(lambda work: cents(work, "2410")) == 0  # what was too much went first
    verify(books)


def test_the_same_answer_of_another_remittance_is_told(books: Office, till: Till) -> None:
    one = claim(1, line(till.copays[0], 0, Cas("CO", "16", 160_00)))
    post(books, remittance(till.payer, one))
    assert whys(books, one, till=till) == [Unposted.POSTED_BEFORE]
    assert whys(books, replace(one, payer_number="B"), till=till) == [None]
    twice = (replace(one, payer_number="C"), replace(one, position=2, payer_number="C"))
    assert whys(books, *twice, till=till) == [None, Unposted.POSTED_BEFORE]


def test_the_first_payers_part_for_the_client_waits_for_the_next_payer(
    books: Office, till: Till
) -> None:
    def cover(work: Work) -> int:
        second = add_payer(work, "Example West", code="99902")
        insure(work, till.alma, till.payer, 1)
        insure(work, till.alma, second, 2)
        return second

    second = books.write(cover).value
    charge = till.copays[0]
    theirs = claim(
        1,
        line(charge, 60_00, Cas("CO", "45", 30_00), Cas("OA", "23", 60_00), Cas("PR", "3", 10_00)),
        status="2",
    )
    early = looked_at(books, remittance(second, theirs)).claims[0]
    assert early.why is Unposted.WAITS_FOR_EARLIER
    first = claim(1, line(charge, 60_00, CO45, Cas("PR", "1", 70_00)))
    found = looked_at(books, remittance(till.payer, first)).claims[0].lines[0]
    assert (found.to_patient, found.wrote_off, found.left) == (0, 30_00, 40_00)
    post(books, remittance(till.payer, first))
    assert owed(books, charge) == (40_00, 30_00)
    post(books, remittance(second, theirs, trace="EFT0009"))
    assert owed(books, charge) == (0, 10_00)  # the contract was not written off twice
    assert books.read(lambda work: cents(work, "4900")) == 30_00
    verify(books)


def test_what_a_payer_passes_on_waits_though_no_card_says_so(books: Office, till: Till) -> None:
    said = (CO45, Cas("PR", "1", 50_00))
    one = claim(1, line(till.copays[0], 80_00, *said), status="19", forwarded=True)
    post(books, remittance(till.payer, one))
    assert owed(books, till.copays[0]) == (20_00, 30_00)


@pytest.mark.parametrize("carc", ["45", "24"])
def test_a_charge_that_is_taken_off_whole_is_looked_at_but_for_capitation(
    books: Office, till: Till, carc: str
) -> None:
    one = claim(1, line(till.copays[0], 0, Cas("CO", carc, 160_00)))
    wanted = None if carc == "24" else Unposted.WRITES_ALL_OFF
    assert whys(books, one, till=till) == [wanted]
    assert whys(books, replace(one, status="4"), till=till) == [None]  # denied, and stays


def test_an_adjustment_of_the_whole_claim_lowers_what_its_services_pay(
    books: Office, till: Till
) -> None:
    one = claim(
        1,
        line(till.copays[0], 100_00, CO45, COPAY),
        line(till.copays[1], 100_00, CO45, COPAY),
    )
    one = replace(one, paid=196_00, cas=(Cas("CO", "253", 4_00),))
    found = looked_at(books, remittance(till.payer, one)).claims[0]
    assert [(each.paid, each.wrote_off) for each in found.lines] == [(98_00, 32_00)] * 2
    post(books, remittance(till.payer, one))
    assert [owed(books, each) for each in till.copays] == [(0, 30_00)] * 2
    verify(books)


def test_two_services_of_one_charge_are_one_answer(books: Office, till: Till) -> None:
    one = claim(
        1,
        line(till.copays[0], 60_00, Cas("CO", "45", 20_00), charge=80_00),
        line(till.copays[0], 40_00, Cas("CO", "45", 10_00), COPAY, charge=80_00),
    )
    found = looked_at(books, remittance(till.payer, one)).claims[0]
    assert [each.paid for each in found.lines] == [100_00, 0]
    post(books, remittance(till.payer, one))
    assert owed(books, till.copays[0]) == (0, 30_00)
    verify(books)


def test_what_stops_a_remittance_is_said_and_nothing_of_it_posts(books: Office, till: Till) -> None:
    one = remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY)))
    for wrong, words in (
        (replace(one, test=True), "test"),
        (replace(one, check_off=5), "0.05 off"),
        (replace(one, readable=False), "cannot be read"),
        (replace(one, payer_id=None), "Choose the payer"),
    ):
        found = looked_at(books, wrong)
        assert words in found.stop
        assert [each.fate for each in found.claims] == [Fate.UNPOSTED]
    off = replace(one, services_off=1)
    assert looked_at(books, off, review=None).stop
    assert not looked_at(books, off).stop  # a person has looked: what balances can post


def test_a_claim_that_does_not_balance_stays(books: Office, till: Till) -> None:
    wrong = claim(1, line(till.copays[0], 100_00, CO45))
    right = claim(2, line(till.copays[1], 100_00, CO45, COPAY))
    assert whys(books, wrong, right, till=till) == [Unposted.OUT_OF_BALANCE, None]


def test_a_payer_that_is_reviewed_posts_nothing_without_a_person(books: Office, till: Till) -> None:
    def watch(work: Work) -> None:
        work.db.get_one(Payer, till.payer).automation = Automation.REVIEW

    books.write(watch)
    one = remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY)))
    found = looked_at(books, one, review=None).claims[0]
    assert (found.why, found.lines[0].paid) == (Unposted.REVIEW, 100_00)
    assert looked_at(books, one).claims[0].fate is Fate.POSTED


def test_what_is_posted_is_not_decided_again(books: Office, till: Till) -> None:
    one = remittance(
        till.payer,
        claim(1, line(till.copays[0], 100_00, CO45, COPAY)),
        plbs=[Plb(1, "L6", "", -2_00)],
    )
    found = looked_at_again(books, post(books, one))
    assert [(each.fate, each.lines) for each in found.claims] == [(Fate.POSTED, ())]
    assert (found.plbs, found.stop) == ((), "")


def test_ten_thousand_questions_are_not_asked(books: Office, till: Till) -> None:
    one = remittance(till.payer, claim(1, line(till.copays[0], 100_00, CO45, COPAY)))
    two = remittance(
        till.payer,
        claim(1, line(till.copays[0], 100_00, CO45, COPAY)),
        claim(2, line(till.copays[1], 100_00, CO45, COPAY)),
    )
    counts = []
    for each in (one, two):
        with asked_of(books) as questions:
            looked_at(books, each)
        counts.append(len(questions))
    assert counts[0] == counts[1]
    assert counts[0] < 25


def test_a_person_can_say_that_what_looks_wrong_is_right(books: Office, till: Till) -> None:
    first = claim(1, line(till.copays[0], 100_00, CO45, COPAY))
    post(books, remittance(till.payer, first))
    doubts = (
        first,
        claim(2, line(till.copays[0], 50_00, Cas("CO", "45", 110_00)), payer_number="B"),
        claim(3, line(till.copays[1], 0, Cas("CO", "45", 160_00))),
        claim(4, line(till.copays[1], 0, Cas("CO", "399", 160_00))),
    )
    one = remittance(till.payer, *doubts, trace="EFT0002")
    alone = books.read(lambda work: decide(work, one, review=False))
    assert [each.why for each in alone.claims] == [
        Unposted.POSTED_BEFORE,
        Unposted.PAYS_TOO_MUCH,
        Unposted.WRITES_ALL_OFF,
        Unposted.BLOCKED,
    ]
    agreed = books.read(lambda work: decide(work, one, review=False, agreed=[1, 2, 3, 4]))
    assert [each.why for each in agreed.claims] == [None, None, None, Unposted.BLOCKED]
    assert [each.lines[0].over for each in agreed.claims[:2]] == [100_00, 50_00]

    def go(work: Work) -> None:
        post_remittance(work, kept(work, one), positions=[3], agreed=[3])

    books.write(go)
    assert owed(books, till.copays[1]) == (0, 0)
    verify(books)
