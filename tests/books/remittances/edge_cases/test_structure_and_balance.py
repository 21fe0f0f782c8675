"""What an 835 is made of and whether it balances (features 3.1, cases 1 to 6 and 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from fscdesk.models.claim import ClaimStatus
from fscdesk.models.coverage import Policy
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment, PaymentMethod
from fscdesk.models.remittance import Fate, RemittanceStatus, Unposted
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.choosing import let_go_on
from fscdesk.services.work import Topic, Work
from fscdesk.services.x12.segments import Delimiters
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_matching import STRANGER
from tests.support.eras import claim, era, file_of, plb, remittance, service
from tests.support.queue_items import items_of

OPEN = {"1100": 30_00, "1110": 130_00}
"""One session before its payer has answered."""


# 1: three balances.


def test_a_service_out_of_balance_stops_all_until_somebody_looks_and_never_posts_itself(
    edge: EraOffice,
) -> None:
    off, good = edge.send(), edge.send(week=1)
    line = service(charge="160", paid="90", cas=KEPT, day=off.days[0])
    page = edge.says(claim(off.account, line, paid="90"), edge.answer(good, KEPT))
    assert (page.row.status, page.services_off) == (RemittanceStatus.STOPPED, 1)
    assert "1 of its services do not balance" in page.stop
    assert (edge.moved(), edge.payments()) == ({}, [])
    edge.books.write(lambda work: let_go_on(work, page.row.id, "The payer was called"))
    after = edge.post(page)
    assert (after.claims[0].fate, after.claims[0].why) == (Fate.UNPOSTED, Unposted.OUT_OF_BALANCE)
    assert "10.00" in after.claims[0].words
    assert (edge.owed(off), edge.owed(good)) == ((130_00, 30_00), (0, 30_00))
    assert (after.row.status, edge.left(after)) == (RemittanceStatus.PARTLY, 90_00)
    edge.verify()


def test_a_claim_out_of_balance_says_by_how_much(edge: EraOffice) -> None:
    off = edge.send()
    line = service(charge="160", cas=KEPT, day=off.days[0])
    page = edge.says(claim(off.account, line, paid="85"))
    assert (page.row.status, page.claims_off, page.check_off) == (
        RemittanceStatus.STOPPED,
        1,
        Money(0),
    )
    edge.books.write(lambda work: let_go_on(work, page.row.id, "Looked at"))
    stays = only(edge.post(page))
    assert (stays.why, stays.words) == (
        Unposted.OUT_OF_BALANCE,
        "It is 15.00 out of balance.",
    )
    assert edge.owed(off) == (130_00, 30_00)
    edge.verify()


@pytest.mark.parametrize(
    ("amount", "off", "words"),
    [("90", -10_00, "10.00 less than claims"), ("130", 30_00, "30.00 more than claims")],
)
def test_a_check_out_of_balance_never_posts(
    edge: EraOffice, amount: str, off: int, words: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), amount=amount)
    assert (page.row.status, page.check_off, page.postable) == (
        RemittanceStatus.STOPPED,
        Money(off),
        0,
    )
    assert words in page.stop
    with pytest.raises(Problem, match=f"is stopped: The check does not balance: {words}"):
        edge.post(page)
    assert edge.accounts() == OPEN
    assert edge.stands(one) == (ClaimStatus.ACCEPTED, BillingStatus.PENDING)


# 2: the sign of a PLB.


@pytest.mark.parametrize(
    ("amount", "check", "stands"),
    [
        ("25", 75_00, {"1050": 75_00, "1120": 25_00}),
        ("-25", 125_00, {"1050": 125_00, "2410": -25_00}),
    ],
)
def test_a_positive_plb_takes_from_the_check_and_a_negative_one_adds_to_it(
    edge: EraOffice, amount: str, check: int, stands: dict[str, int]
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), plb=[plb("WO", amount, "ICN7")])
    assert (page.row.amount, edge.owed(one)) == (Money(check), (0, 30_00))
    assert edge.moved() == {**stands, "4900": 30_00}
    assert edge.left(page) == 0
    edge.verify()


# 3: delimiters, lines, several transactions, parties that are named again.


@pytest.mark.parametrize(
    ("marks", "wrap"),
    [
        (Delimiters(), "80"),
        (Delimiters("|", ">", "!", "'"), "none"),
        (Delimiters("\t"), "crlf"),
        (Delimiters("|", ":", "^", "\n"), "lines"),
    ],
)
def test_marks_and_wraps_change_nothing_and_one_bad_transaction_stays_alone(
    edge: EraOffice, marks: Delimiters, wrap: str
) -> None:
    first, second = edge.send(), edge.send(week=1)
    named_again = (
        "N1*PR*IMAGINARY BLUE*XV*99901",
        "N1*PE*FICTIONAL SPRINGS COUNSELING*XX*1234567893",
    )
    parts = (
        remittance(edge.answer(first, KEPT), trace="ONE", extra=named_again),
        remittance(replace(claim("X"), charge="abc", paid="1"), amount="1", trace="BAD"),
        remittance(edge.answer(second, "CO45=40 PR3=30"), trace="TWO", control="0003"),
    )
    pages = edge.all_of(file_of(*parts, delimiters=marks, wrap=wrap))
    assert [one.row.status for one in pages] == [
        RemittanceStatus.POSTED,
        RemittanceStatus.STOPPED,
        RemittanceStatus.POSTED,
    ]
    assert pages[1].stop == "A part of it could not be read."
    assert (edge.owed(first), edge.owed(second)) == ((0, 30_00), (0, 30_00))
    assert edge.moved() == {"1050": 190_00, "4900": 70_00}
    edge.verify()


# 4: how the money came.


@pytest.mark.parametrize(
    ("method", "kept"),
    [
        ("ACH", PaymentMethod.ACH),
        ("CHK", PaymentMethod.CHECK),
        ("FWT", PaymentMethod.WIRE),
        ("NON", PaymentMethod.OTHER),
    ],
)
def test_a_remittance_without_money_posts_its_denials_and_contract_and_no_cash(
    edge: EraOffice, method: str, kept: PaymentMethod
) -> None:
    denied, owes = edge.send(), edge.send(week=1)
    page = edge.says(
        edge.answer(denied, "CO197=160", status="4"),
        edge.answer(owes, "CO45=60 PR1=100"),
        method=method,
    )
    assert (page.row.status, page.row.amount, page.row.unposted) == (
        RemittanceStatus.POSTED,
        Money(0),
        0,
    )
    assert (edge.owed(denied), edge.owed(owes)) == ((130_00, 30_00), (0, 100_00))
    assert edge.stands(denied) == (ClaimStatus.DENIED, BillingStatus.DENIED)
    assert (edge.payments(), edge.moved()) == ([0], {"4900": 60_00})
    method_kept = edge.books.read(lambda work: work.db.scalars(select(Payment.method)).one())
    assert method_kept is kept
    edge.verify()


def test_money_that_says_it_does_not_come_is_looked_at_first(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT), method="NON")
    assert page.row.status is RemittanceStatus.STOPPED
    assert page.stop == "It says that no money comes (NON), but its check is 100.00."
    assert (edge.accounts(), edge.payments()) == (OPEN, [])
    edge.books.write(lambda work: let_go_on(work, page.row.id, "The bank has it"))
    edge.post(page)
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    edge.verify()


# 5: two practices in one file.


def test_what_is_another_practices_stays_as_a_named_rest_of_the_check(edge: EraOffice) -> None:
    ours = edge.send()
    theirs = claim("77-1", service("90834", "75"), patient=STRANGER, rendering="1679576722")
    page = edge.says(edge.answer(ours, KEPT), theirs, npi="", tax_id="229999999")
    assert (page.row.status, page.row.unposted) == (RemittanceStatus.PARTLY, 1)
    assert [one.why for one in page.claims] == [None, Unposted.NOT_OURS]
    assert (page.row.amount, edge.left(page)) == (Money(175_00), 75_00)
    assert edge.moved() == {"1050": 175_00, "2410": -75_00, "4900": 30_00}
    assert edge.owed(ours) == (0, 30_00)
    edge.verify()


# 6: the same again.


def test_the_same_check_in_another_file_changes_nothing_and_another_word_is_shown_beside_it(
    edge: EraOffice,
) -> None:
    one = edge.send()
    text = edge.answer(one, KEPT)
    first = edge.reads(era(text, trace="EFT1"))
    before = (edge.accounts(), edge.payments())
    same = edge.reads(era(text, trace="EFT1", interchange="000000999", control="0044", wrap="80"))
    assert same.row.id == first.row.id
    other = edge.reads(era(edge.answer(one, "CO45=40 PR3=30"), trace="EFT1"))
    assert (other.row.status, other.conflict_id) == (RemittanceStatus.STOPPED, first.row.id)
    assert other.stop == "Another remittance with this check number says something else."
    assert (edge.accounts(), edge.payments()) == before
    edge.verify()


def test_the_same_claim_of_another_check_is_not_paid_twice(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, KEPT))
    again = edge.says(edge.answer(one, KEPT))
    stays = only(again)
    assert (stays.why, again.row.status) == (Unposted.POSTED_BEFORE, RemittanceStatus.TO_POST)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}, "nobody said that its money came"
    looked = edge.post(again)
    assert edge.left(looked) == 100_00
    assert stays.words == "The same answer is posted already, of another remittance."
    assert edge.owed(one) == (0, 30_00)
    assert edge.moved() == {"1050": 200_00, "2410": -100_00, "4900": 30_00}
    edge.verify()


# 11: the payer corrects a name or an id.


def test_a_corrected_name_is_told_and_nothing_on_the_card_is_overwritten(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT, corrected=("ANYONE-SMITH", "ALMA", "XYZ999")))
    found = only(page)
    assert found.corrected == "name ALMA ANYONE-SMITH, member id XYZ999"
    assert found.words == f"The payer has {found.corrected}: look at the card"

    def card(work: Work) -> tuple[str, str]:
        name = work.db.get_one(Patient, edge.desk.alma).name
        return name, work.db.get_one(Policy, edge.desk.policy).member_id

    assert edge.books.read(card) == ("Alma Anyone", "XYZ123456789")
    assert edge.owed(one) == (0, 30_00)
    edge.verify()


def test_a_correction_waits_in_the_queue_until_the_card_says_the_same(edge: EraOffice) -> None:
    books, desk, one = edge.books, edge.desk, edge.send()
    assert items_of(books, ItemKind.CORRECTED) == []
    edge.says(edge.answer(one, KEPT, corrected=("ANYONE-SMITH", "ALMA", "XYZ999")))
    (found,) = items_of(books, ItemKind.CORRECTED)
    assert found.key == f"corrected:{desk.alma}-{desk.payer}"
    assert "name ALMA ANYONE-SMITH, member id XYZ999" in found.why
    asked = {"patient": desk.alma, "tab": "policies", "record": desk.policy}
    assert (found.opens.place, found.opens.asked) == ("patients", asked)

    def change(work: Work) -> None:
        work.db.get_one(Policy, desk.policy).member_id = "xyz-999"
        work.touch(Topic.PATIENTS)

    books.write(change)
    assert len(items_of(books, ItemKind.CORRECTED)) == 1, "the name is another one still"

    def rename(work: Work) -> None:
        work.db.get_one(Patient, desk.alma).name = "Alma B Anyone-Smith"
        work.touch(Topic.PATIENTS)

    books.write(rename)
    assert items_of(books, ItemKind.CORRECTED) == []


def test_what_the_payer_has_as_the_card_says_it_is_no_task(edge: EraOffice) -> None:
    one = edge.send()
    edge.says(edge.answer(one, KEPT, corrected=("ANYONE", "ALMA", "XYZ123456789")))
    assert items_of(edge.books, ItemKind.CORRECTED) == []
