"""A payer's money that is in the books already, and its second word about one charge."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.remittances.detail import RemittancePage
from fscdesk.services.remittances.session_check import Check, SessionCheck, check_sessions
from fscdesk.services.remittances.typed_eobs import COPAY, EobLine, post_eob
from fscdesk.services.work import Work
from tests.support.claims import add_policy
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_matching import SentClaim
from tests.support.eras import claim, service
from tests.support.payments import DAY

FIRST = "CO45=40 PR3=30"
"""The payer pays 90.00 of 160.00."""


def type_check(edge: EraOffice, one: SentClaim, cents: int, reference: str) -> str:
    """Enter a payer's check for a claim by hand; returns its number."""
    amount = Money(cents)

    def act(work: Work) -> str:
        paid = (Application(one.charges[0], amount, Side.INSURANCE),)
        new = NewPayment(
            amount,
            PaymentMethod.CHECK,
            DAY,
            payer_id=edge.desk.payer,
            reference=reference,
            applications=paid,
        )
        return receive(work, new).number

    return edge.books.write(act).value


def type_eob(
    edge: EraOffice, one: SentClaim, cents: int, off: int, reference: str, patient: int = 0
) -> str:
    """Type a payer's EOB for a claim; returns its payment's number."""

    def act(work: Work) -> str:
        new = NewPayment(
            Money(cents),
            PaymentMethod.CHECK,
            DAY,
            payer_id=edge.desk.payer,
            reference=reference,
        )
        said = EobLine(one.charges[0], Money(cents), Money(off), Money(patient), COPAY)
        return post_eob(work, new, [said]).payment.number

    return edge.books.write(act).value


def checked(edge: EraOffice, one: SentClaim) -> SessionCheck:
    """What the check of its session says."""

    def look(work: Work) -> SessionCheck:
        session_id = work.db.get_one(Charge, one.charges[0]).session_id or 0
        return check_sessions(work, [session_id])[session_id]

    return edge.books.read(look)


def waits_for_a_person(page: RemittancePage, why: Unposted, *words: str) -> None:
    """Fail unless its one claim stays, and says all of that."""
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, why)
    assert [one for one in words if one not in stays.words] == []


# The same money typed in, under another number.


@pytest.mark.parametrize(
    ("typed", "said"), [(50_00, "CO45=80 PR3=30"), (40_00, "CO45=30 PR3=90")], ids=["50", "40"]
)
def test_a_check_that_was_typed_in_is_not_paid_again_out_of_the_write_off(
    edge: EraOffice, typed: int, said: str
) -> None:
    one = edge.send()
    number = type_check(edge, one, typed, "778812")
    page = edge.says(edge.answer(one, said), trace="778813")
    waits_for_a_person(
        page,
        Unposted.PAYS_TOO_MUCH,
        f"{Money(typed)} of this payer is in the books already ({number})",
        "160.00 was billed",
    )
    assert edge.owed(one) == (130_00 - typed, 30_00)
    assert edge.left(page) == typed
    assert "4900" not in edge.accounts()
    edge.verify()
    after = edge.post(page, agreed=[1])
    assert only(after).fate is Fate.POSTED
    found = checked(edge, one)
    assert (found.found, found.amount.cents > 0) == (Check.DUPLICATE, True)
    edge.verify()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("CO45=80 PR3=30", Unposted.POSTED_BEFORE),
        ("CO45=90 PR3=30", Unposted.PAYS_TOO_MUCH),
    ],
)
def test_a_typed_eob_is_not_paid_again_under_another_number(
    edge: EraOffice, said: str, why: Unposted
) -> None:
    one = edge.send()
    type_eob(edge, one, 50_00, 80_00, "778812")
    waits_for_a_person(edge.says(edge.answer(one, said), trace="778813"), why)
    assert edge.owed(one) == (0, 30_00)
    assert checked(edge, one).good
    edge.verify()


def test_what_fits_beside_a_check_that_was_typed_in_is_posted(edge: EraOffice) -> None:
    one = edge.send()
    type_check(edge, one, 40_00, "778812")
    page = edge.says(edge.answer(one, "CO45=30 PR3=30 OAB13=40"))
    assert only(page).fate is Fate.POSTED
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    assert checked(edge, one).good
    edge.verify()


# A second answer, without a reversal.


@pytest.mark.parametrize("group", ["CO", "OA", "PI"])
def test_more_money_that_says_nothing_of_the_client_leaves_his_share(
    edge: EraOffice, group: str
) -> None:
    one = edge.send()
    edge.says(edge.answer(one, FIRST))
    page = edge.says(edge.answer(one, f"CO45=30 {group}B13=120", payer_number="ICN2"))
    (line,) = only(page).lines
    assert (only(page).fate, line.denied, line.to_patient) == (Fate.POSTED, "", Money(0))
    # Its contract takes off 10.00 less than it first said: that is what the 10.00 pays.
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    assert checked(edge, one).good
    edge.verify()


def test_more_money_in_the_same_check_leaves_the_clients_share(edge: EraOffice) -> None:
    one = edge.send()
    more = edge.answer(one, "CO45=30 OAB13=120", payer_number="ICN2")
    page = edge.says(edge.answer(one, "CO45=30 PR3=30 OA23=10"), more)
    assert [each.fate for each in page.claims] == [Fate.POSTED, Fate.POSTED]
    assert edge.owed(one) == (0, 30_00)
    edge.verify()


def test_a_denial_before_it_is_no_word_about_the_clients_share(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, "PR204=160", status="4"))
    edge.says(edge.answer(one, "CO45=30", payer_number="ICN2"))
    assert edge.owed(one) == (0, 0)
    edge.verify()


def test_what_it_calls_paid_before_is_no_denial_and_waits_where_nothing_was(
    edge: EraOffice,
) -> None:
    one, two = edge.send(), edge.send(week=1)
    edge.says(edge.answer(one, KEPT))
    before = edge.stands(one)
    page = edge.says(edge.answer(one, "OAB13=160", payer_number="ICN2"))
    assert (only(page).fate, only(page).lines[0].denied) == (Fate.POSTED, "")
    assert (edge.owed(one), edge.stands(one)) == ((0, 30_00), before)
    lost = edge.says(edge.answer(two, "CO45=30 PR3=30 OAB13=100", payer_number="ICN3"))
    words = "has paid 100.00 of this before, and no payment of it is in the books"
    waits_for_a_person(lost, Unposted.BLOCKED, words)
    assert edge.owed(two) == (130_00, 30_00)
    edge.verify()


def test_an_answer_that_contradicts_one_that_stands_waits(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, KEPT))
    page = edge.says(edge.answer(one, "CO45=40 PR1=120", payer_number="ICN2"))
    waits_for_a_person(page, Unposted.PAYS_TOO_MUCH, "260.00", "reversal is missing")
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    edge.verify()


def test_a_payer_that_is_first_and_second_leaves_nothing_to_the_client(edge: EraOffice) -> None:
    desk = edge.desk
    edge.books.write(lambda work: add_policy(work, desk.alma, desk.payer, "SEC1", rank=2))
    one = edge.send()
    second = claim(
        one.account,
        service(charge="160", cas="OA23=110", day=one.days[0]),
        status="2",
        payer_number="ICNS",
    )
    edge.says(edge.answer(one, "CO45=30 PR2=50"))
    page = edge.says(second)
    assert only(page).fate is Fate.POSTED
    assert edge.owed(one) == (0, 0)
    edge.verify()


# More than was billed, and more than was allowed at first.


@pytest.mark.parametrize(("cas", "paid"), [("CO45=-20", "180"), ("CO45=-30 PR3=0", "190")])
def test_more_than_was_billed_waits_until_somebody_agrees(
    edge: EraOffice, cas: str, paid: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, cas))
    words = f"{paid}.00 was paid of 160.00 that was billed"
    waits_for_a_person(page, Unposted.PAYS_TOO_MUCH, words)
    assert (edge.owed(one), edge.left(page)) == ((130_00, 30_00), int(Decimal(paid) * 100))
    assert only(edge.post(page, agreed=[1])).fate is Fate.POSTED
    edge.verify()


def test_a_bonus_above_what_was_billed_is_no_mistake(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CO94=-20"))
    assert only(page).fate is Fate.POSTED
    edge.verify()


def test_a_contract_that_allows_more_later_takes_less_off(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, FIRST))
    page = edge.says(edge.answer(one, "CO45=30 PR3=30 COB13=90", payer_number="ICN2"))
    assert "10.00 less is written off" in only(page).lines[0].words
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    assert edge.books.read(lambda work: len(work.db.scalars(select(Payment)).all())) == 2
    assert checked(edge, one).good
    edge.verify()
    again = edge.says(edge.answer(one, "CO45=20 PR3=30 COB13=100", payer_number="ICN3"))
    assert only(again).fate is Fate.POSTED
    assert edge.moved() == {"1050": 110_00, "4900": 20_00}
    edge.verify()


# The client's whole part, as an EOB prints it.


@pytest.mark.parametrize(
    ("paid", "patient", "owed"),
    [
        (80_00, 30_00, (20_00, 30_00)),  # its copay, which is known
        (100_00, 30_00, (0, 30_00)),
        (70_00, 60_00, (0, 60_00)),
        (80_00, 20_00, (0, 50_00)),  # fits beside the copay: it is more than that
    ],
)
def test_the_copay_of_an_eob_is_not_charged_twice(
    edge: EraOffice, paid: int, patient: int, owed: tuple[int, int]
) -> None:
    one = edge.send()
    type_eob(edge, one, paid, 30_00, "4711", patient)
    assert edge.owed(one) == owed
    edge.verify()


def test_more_for_the_client_than_any_reading_allows_is_refused(edge: EraOffice) -> None:
    one = edge.send()
    with pytest.raises(Problem):
        type_eob(edge, one, 100_00, 30_00, "4711", 45_00)
    assert (edge.owed(one), edge.payments()) == ((130_00, 30_00), [])
