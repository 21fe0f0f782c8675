"""What a payer takes from a check or adds to it (features 3.2, cases 19 to 22, 24, 25 and 27)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.recoupment import RecoupmentKind
from fscdesk.models.remittance import Fate, RemittanceStatus
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.payments.refunding import NewRefund, pay_refund, request_refund
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.choosing import let_go_on
from fscdesk.services.work import Work
from tests.support.era_edges import KEPT, EraOffice
from tests.support.eras import plb, plbs, reversal_of
from tests.support.payments import DAY

REOPENED = (130_00, 30_00)
WAITS = (ClaimStatus.PENDING, BillingStatus.PENDING)


# 19: taken back now, from another client's claim.


def test_what_is_taken_back_now_comes_off_another_clients_money(edge: EraOffice) -> None:
    alma, ben = edge.send(), edge.send(ben=True)
    said = edge.answer(alma, "CO45=50 PR3=30")
    edge.says(said)
    page = edge.says(reversal_of(said), edge.answer(ben, KEPT, ben=True))
    assert [each.fate for each in page.claims] == [Fate.POSTED] * 2
    assert (page.row.amount, edge.left(page), page.plbs) == (Money(20_00), 0, ())
    assert (edge.owed(alma), edge.owed(ben)) == (REOPENED, (0, 30_00))
    assert (edge.stands(alma), edge.stands(ben)[0]) == (WAITS, ClaimStatus.PAID)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


# 20: taken back later.


def test_what_is_taken_later_waits_with_the_payer_until_the_check_that_takes_it(
    edge: EraOffice,
) -> None:
    one, two, three = edge.send(), edge.send(week=1), edge.send(week=2)
    said = edge.answer(one, KEPT, payer_number="ICN 77-1")
    edge.says(said)
    now = edge.says(
        reversal_of(said), edge.answer(two, KEPT), plb=[plb("WO", "-100", "X 20260302 ICN771")]
    )
    assert (now.row.amount, edge.left(now)) == (Money(100_00), 0)
    assert [(each.kind, each.open, each.words) for each in now.plbs] == [
        (RecoupmentKind.WILL_TAKE, Money(-100_00), "The payer will take 100.00 of a later check")
    ]
    assert edge.moved() == {"1050": 200_00, "2410": -100_00, "4900": 30_00}
    assert edge.owed(one) == REOPENED
    assert edge.waits(ItemKind.RECOUPMENT) == ["Payer will take this back"]
    later = edge.says(edge.answer(three, KEPT), plb=[plb("WO", "100", "x-20260302-icn771")])
    assert (later.row.amount, edge.left(later)) == (Money(0), 0)
    assert edge.items() == [("WO", -100_00, 0), ("WO", 100_00, 0)]
    assert edge.moved() == {"1050": 200_00, "4900": 60_00}
    assert edge.waits(ItemKind.RECOUPMENT) == []
    edge.verify()


def test_what_was_taken_without_a_reversal_waits_for_the_word(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    edge.says(edge.answer(one, KEPT), plb=[plb("WO", "40", "ICN9")])
    assert edge.moved() == {"1050": 60_00, "1120": 40_00, "4900": 30_00}
    assert edge.waits(ItemKind.RECOUPMENT) == ["Payer took this, and nothing explains it"]
    page = edge.says(edge.answer(two, KEPT), plb=[plb("WO", "-40", "ICN9")])
    assert page.plbs[0].words == "Settles what was open"
    assert edge.items() == [("WO", 40_00, 0), ("WO", -40_00, 0)]
    assert edge.moved() == {"1050": 200_00, "4900": 60_00}
    edge.verify()


# 21: a balance carried from check to check.


def test_a_balance_that_is_carried_from_check_to_check_ends_at_nothing(edge: EraOffice) -> None:
    one, two, three = edge.send(), edge.send(week=1), edge.send(week=2)
    said = edge.answer(one, KEPT)
    edge.says(said)
    # 100.00 is taken back and nothing paid: all of it is carried.
    edge.says(reversal_of(said), plb=[plb("FB", "-100", "EFT0002")])
    # The next pays 40.00: what was carried comes, and 60.00 goes on.
    small = edge.answer(two, "CO45=90 PR3=30")
    edge.says(small, plb=[plb("FB", "100", "EFT0002"), plb("FB", "-60", "EFT0003")])
    assert [open_ for _, _, open_ in edge.items()] == [0, 0, -60_00]
    assert edge.moved() == {"1050": 100_00, "2410": -60_00, "4900": 90_00}
    last = edge.says(edge.answer(three, KEPT), plb=[plb("FB", "60", "EFT0003")])
    assert last.row.amount == Money(40_00)
    assert [open_ for _, _, open_ in edge.items()] == [0, 0, 0, 0]
    assert edge.moved() == {"1050": 140_00, "4900": 120_00}
    assert edge.payments() == [100_00, 0, 0, 40_00]
    edge.verify()


# 22: the practice sent a refund.


def test_a_refund_that_the_payer_has_got_changes_nothing_a_second_time(edge: EraOffice) -> None:
    one = edge.send()

    def paid_too_much(work: Work) -> None:
        new = NewPayment(Money(50_00), PaymentMethod.CHECK, DAY, payer_id=edge.desk.payer)
        got = receive(work, new)
        assert got.credit_id is not None
        asked = request_refund(work, NewRefund(got.credit_id, Money(50_00), "Paid twice"))
        seen = asked.version
        pay_refund(work, asked.refund_id, on=DAY, reference="1001", expected_version=seen)

    edge.books.write(paid_too_much)
    before = edge.moved()
    assert before == {"1000": -50_00, "1050": 50_00}
    seen = [plbs(("WO", "50", "ICN9"), ("72", "-50", "ICN9"))]
    page = edge.says(edge.answer(one, KEPT), plb=seen)
    assert (page.row.amount, edge.left(page)) == (Money(100_00), 0)
    assert [each.words for each in page.plbs] == [
        "Cancels itself out with another one of this remittance"
    ] * 2
    assert edge.items() == [("WO", 50_00, 0), ("72", -50_00, 0)]
    assert edge.moved() == {"1000": -50_00, "1050": 150_00, "4900": 30_00}
    assert edge.waits(ItemKind.RECOUPMENT) == []
    edge.verify()


def test_a_refund_that_is_seen_on_a_later_check_closes_what_was_taken(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    edge.says(edge.answer(one, KEPT), plb=[plb("WO", "50", "ICN9")])
    assert edge.moved() == {"1050": 50_00, "1120": 50_00, "4900": 30_00}
    page = edge.says(edge.answer(two, KEPT), plb=[plb("72", "-50", "ICN9")])
    assert (page.row.amount, edge.items()) == (
        Money(150_00),
        [("WO", 50_00, 0), ("72", -50_00, 0)],
    )
    assert edge.moved() == {"1050": 200_00, "4900": 60_00}
    edge.verify()


# 24: interest, penalties, levies.


@pytest.mark.parametrize(
    ("reason", "amount", "account", "kind"),
    [
        ("L6", "-1.25", "4310", RecoupmentKind.INTEREST),
        ("50", "3", "7620", RecoupmentKind.PENALTY),
        ("LE", "40", "7620", RecoupmentKind.PENALTY),
        ("CT", "-60", "4320", RecoupmentKind.CAPITATION),
        ("IP", "-5", "4320", RecoupmentKind.CAPITATION),
        ("CS", "10", "1120", RecoupmentKind.TO_EXPLAIN),
        ("ZZ", "10", "1120", RecoupmentKind.TO_EXPLAIN),
    ],
)
def test_what_is_no_claims_has_its_own_account_and_lowers_no_claim(
    edge: EraOffice, reason: str, amount: str, account: str, kind: RecoupmentKind
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), plb=[plb(reason, amount, "ICN1")])
    taken = round(float(amount) * 100)
    assert (page.row.amount, edge.left(page)) == (Money(100_00 - taken), 0)
    assert edge.moved() == {"1050": 100_00 - taken, "4900": 30_00, account: taken}
    assert edge.owed(one) == (0, 30_00)
    (item,) = page.plbs
    settled = account != "1120"
    assert (item.kind, item.open.cents) == (kind, 0 if settled else taken)
    assert bool(edge.waits(ItemKind.RECOUPMENT)) is not settled
    edge.verify()


def test_interest_that_a_claim_names_is_income_once(edge: EraOffice) -> None:
    one = edge.send()
    said = edge.answer(one, KEPT, interest="1.25")
    page = edge.says(said, plb=[plb("L6", "-1.25", "ICN0001")])
    assert edge.moved() == {"1050": 101_25, "4310": -1_25, "4900": 30_00}
    assert (edge.owed(one), edge.left(page)) == ((0, 30_00), 0)
    edge.verify()


# 25: six pairs in one segment.


def test_six_pairs_of_one_segment_are_six_documents_with_their_references(
    edge: EraOffice,
) -> None:
    one = edge.send()
    pairs = (
        ("WO", "10", "A 1"),
        ("L6", "-2", "B2"),
        ("FB", "-30", "C3"),
        ("50", "4", "D4"),
        ("LE", "5", "E5"),
        ("CT", "-6", ""),
    )
    page = edge.says(edge.answer(one, KEPT), plb=[plbs(*pairs)])
    assert [(each.reason, each.amount.cents, each.reference) for each in page.plbs] == [
        (reason, round(float(amount) * 100), reference) for reason, amount, reference in pairs
    ]
    assert len({each.item_id for each in page.plbs}) == 6
    assert edge.moved() == {
        "1050": 119_00,
        "1120": 10_00,
        "2410": -30_00,
        "4310": -2_00,
        "4320": -6_00,
        "4900": 30_00,
        "7620": 9_00,
    }
    assert edge.left(page) == 0
    edge.verify()


# 27: a check of nothing, and one below it.


def test_a_check_below_zero_stops_and_is_carried_forward_once_somebody_looked(
    edge: EraOffice,
) -> None:
    one, two = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    page = edge.says(reversal_of(said))
    assert (page.row.status, page.stop) == (
        RemittanceStatus.STOPPED,
        "It says that the check is -100.00.",
    )
    assert (edge.payments(), edge.owed(one)) == ([100_00], (0, 30_00))
    edge.books.write(lambda work: let_go_on(work, page.row.id, "They will take it later"))
    after = edge.post(page)
    assert (after.row.status, edge.left(after)) == (RemittanceStatus.POSTED, 0)
    assert (edge.payments(), edge.items()) == ([100_00, 0], [("FB", -100_00, -100_00)])
    assert edge.moved() == {"1050": 100_00, "2410": -100_00}
    edge.says(edge.answer(two, "CO45=10 PR3=30"), plb=[plb("FB", "100", "EFT0002")])
    assert [open_ for _, _, open_ in edge.items()] == [0, 0]
    assert edge.moved() == {"1050": 120_00, "4900": 10_00}
    edge.verify()


def test_what_is_taken_back_is_not_left_behind_while_the_rest_posts(edge: EraOffice) -> None:
    one, two = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    back = replace(reversal_of(said), number="UNKNOWN", names=())
    page = edge.says(back, edge.answer(two, "CO45=20 PR3=30"))
    # Nobody knows what it takes back: it is to explain, and the check holds no more than it says.
    assert edge.moved() == {"1050": 110_00, "1120": 100_00, "4900": 50_00}
    assert (page.row.amount, edge.left(page), edge.owed(one)) == (Money(10_00), 0, (0, 30_00))
    edge.verify()
