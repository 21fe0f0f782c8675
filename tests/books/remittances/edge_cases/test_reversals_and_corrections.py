"""What a payer takes back, and what it says instead (features 3.2, cases 12 to 18, 23 and 26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind, AdjustmentStatus
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.ledger import JournalEntry
from fscdesk.models.remittance import Fate, Unposted
from fscdesk.models.session import BillingStatus
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.answered import Cas
from tests.support.clock import Clock
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.eras import plb, reversal_of, service

DEDUCTIBLE = "CO45=30 PR1=50"
"""80.00 is paid, and the client owes 50.00 instead of 30.00."""
FIRST_DAY, TODAY = date(2026, 4, 12), date(2026, 5, 12)
WAITS = (ClaimStatus.PENDING, BillingStatus.PENDING)


# 12, 23: what comes back goes against what was posted, today, and never to the client.


def test_a_reversal_posts_the_opposite_of_what_stands_dated_today(
    edge: EraOffice, clock: Clock
) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, DEDUCTIBLE)
    edge.says(said)
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 50_00), ClaimStatus.PAID)
    told = edge.history(one)
    clock.forward(days=30)
    page = edge.says(reversal_of(said), edge.answer(other, KEPT))
    back = page.claims[0]
    assert (back.fate, back.reversal, back.words) == (Fate.POSTED, True, "")
    assert back.lines[0].adjustments == (Cas("CO", "45", -30_00), Cas("PR", "1", -50_00))
    # What stood before the answer: the client's own share, and not what the payer took back.
    assert (edge.owed(one), edge.stands(one)) == ((130_00, 30_00), WAITS)
    assert edge.history(one)[: len(told)] == told
    new = edge.history(one)[len(told) :]
    assert sorted(new) == [
        ("reversal", TODAY, -20_00),
        ("reversal", TODAY, 20_00),
        ("reversal", TODAY, 30_00),
        ("taken_back", TODAY, 80_00),
    ]
    assert (page.row.amount.cents, edge.left(page)) == (20_00, 0)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    reversed_ones = edge.books.read(
        lambda work: work.db.scalar(
            select(func.count(JournalEntry.id)).where(JournalEntry.reverses_id.is_not(None))
        )
    )
    assert reversed_ones == 2  # both adjustments of the first answer name what they take back
    edge.verify()


def test_what_is_taken_back_before_a_denial_is_denied_and_not_the_clients(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    denied = edge.answer(one, "CO197=160", status="4", payer_number="ICN2")
    edge.says(reversal_of(said), denied, edge.answer(other, KEPT))
    assert edge.owed(one) == (130_00, 30_00)
    assert edge.stands(one) == (ClaimStatus.DENIED, BillingStatus.DENIED)
    assert edge.reason_of(one) == "197"
    assert len(edge.waits(ItemKind.DENIED)) == 1
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


# 13: a correction that is marked as a reversal.


def test_a_reversal_that_pays_is_the_correction_and_says_so(edge: EraOffice) -> None:
    one = edge.send()
    said = edge.answer(one, DEDUCTIBLE)
    edge.says(said)
    page = edge.says(reversal_of(said), edge.answer(one, KEPT, status="22", payer_number="ICN2"))
    assert page.claims[1].words == ("Marked as a reversal, but it pays: taken as the correction")
    assert [each.fate for each in page.claims] == [Fate.POSTED] * 2
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 30_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


# 14, 15: both in one file, in either order; the history of both stays.


@pytest.mark.parametrize("first", ["reversal", "correction"])
def test_a_reversal_and_its_correction_are_both_kept_in_whatever_order(
    edge: EraOffice, first: str
) -> None:
    one = edge.send()
    said = edge.answer(one, DEDUCTIBLE)
    edge.says(said)
    told = edge.history(one)
    both = [reversal_of(said), edge.answer(one, "CO45=20 PR3=35", payer_number="ICN2")]
    page = edge.says(*(both if first == "reversal" else reversed(both)))
    assert sorted(each.paid.cents for each in page.claims) == [-80_00, 105_00]
    assert [each.fate for each in page.claims] == [Fate.POSTED] * 2
    assert page.row.amount.cents == 25_00
    new = [(kind, cents) for kind, _, cents in edge.history(one)[len(told) :]]
    # First all that is taken back, then what is said instead: nothing was netted away.
    assert new[:4] == [
        ("reversal", 30_00),
        ("reversal", -20_00),
        ("reversal", 20_00),
        ("taken_back", 80_00),
    ]
    assert new[4:] == [
        ("applied", -105_00),
        ("adjustment", -20_00),
        ("responsibility", 5_00),
        ("responsibility", -5_00),
    ]
    assert (edge.owed(one), edge.stands(one)[0]) == ((0, 35_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 105_00, "4900": 20_00}
    assert edge.left(page) == 0
    edge.verify()


# 16: what is taken back was never posted here.


def test_a_reversal_of_what_is_not_in_the_books_waits_and_touches_no_charge(
    edge: EraOffice,
) -> None:
    one, other = edge.send(), edge.send(week=1)
    page = edge.says(reversal_of(edge.answer(one, KEPT)), edge.answer(other, KEPT))
    back = page.claims[0]
    assert (back.fate, back.why) == (Fate.UNPOSTED, Unposted.REVERSES_NOTHING)
    assert back.words == (
        "100.00 is taken back for 90837 of 03/02/2026, but nothing that this payer paid for it is"
        " in the books."
    )
    assert (edge.owed(one), edge.stands(one)) == (
        (130_00, 30_00),
        (ClaimStatus.ACCEPTED, BillingStatus.PENDING),
    )
    assert (page.row.amount.cents, edge.moved()) == (0, {"1120": 100_00, "4900": 30_00})
    assert [(cents, left) for _, cents, left in edge.items()] == [(100_00, 100_00)]
    assert edge.waits(ItemKind.UNPOSTED) == [f"Not posted: {back.words.removesuffix('.')}"]
    assert len(edge.waits(ItemKind.RECOUPMENT)) == 1
    edge.verify()


# 17: groups and adjustments that are not those of the first answer.


def test_other_adjustments_on_the_reversal_are_told_and_what_was_posted_is_taken_back(
    edge: EraOffice,
) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    (line,) = said.services
    back = reversal_of(replace(said, services=(replace(line, cas="CR45=35 PR3=25"),)))
    page = edge.says(back, edge.answer(other, KEPT))
    found = page.claims[0].lines[0]
    assert (found.fate, found.words) == (
        Fate.POSTED,
        "its adjustments are not those that it takes back",
    )
    assert found.adjustments == (Cas("CR", "45", -35_00), Cas("PR", "3", -25_00))
    assert edge.owed(one) == (130_00, 30_00)  # as posted here: 30.00 off, not 35.00
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


def test_the_old_group_for_corrections_has_no_rule_and_waits_for_a_person(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CR45=30 PR3=30"))
    stays = only(page)
    assert stays.why is Unposted.BLOCKED
    assert "CR-45 over 30.00" in stays.words
    assert (edge.owed(one), edge.left(page)) == ((130_00, 30_00), 100_00)
    edge.verify()


# 18: more is taken back than was paid.


def test_what_is_taken_back_beyond_the_payment_is_an_adjustment_of_its_own(
    edge: EraOffice,
) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    line = service(charge="-160", paid="-103.75", cas="CO45=-26.25 PR3=-30", day=one.days[0])
    back = replace(reversal_of(said), services=(line,), paid="-103.75")
    page = edge.says(back, edge.answer(other, "CO45=25 PR3=30"))
    assert page.claims[0].lines[0].words.startswith("The payer took back 3.75 more than it paid")
    assert (page.row.amount.cents, edge.left(page)) == (1_25, 0)
    # What the payer owes is what stood before, and the difference is on its own line.
    assert edge.owed(one) == (130_00, 30_00)
    rows = edge.books.read(
        lambda work: work.db.scalars(
            select(Adjustment).where(
                Adjustment.charge_id == one.charges[0],
                Adjustment.status == AdjustmentStatus.POSTED,
            )
        ).all()
    )
    assert [(row.kind, row.amount.cents, row.reason) for row in rows] == [
        (AdjustmentKind.CORRECTION, 3_75, "The payer took back more than it had paid")
    ]
    edge.verify()


# 26: a negative contractual amount.


def test_a_negative_contract_on_a_claim_keeps_its_sign(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.post(edge.says(edge.answer(one, "CO45=-12.50")), agreed=[1])
    (line,) = only(page).lines
    assert (line.paid.cents, line.wrote_off.cents) == (172_50, -12_50)
    assert edge.owed(one) == (0, 0)
    assert edge.moved() == {"1050": 172_50, "4900": -12_50}
    edge.verify()


def test_a_check_that_takes_back_more_than_it_pays_is_no_deposit(edge: EraOffice) -> None:
    one, other = edge.send(), edge.send(week=1)
    said = edge.answer(one, KEPT)
    edge.says(said)
    page = edge.says(reversal_of(said), plb=[plb("FB", "-100", "EFT0002")])
    assert (page.row.amount.cents, edge.payments()) == (0, [100_00, 0])
    assert edge.items() == [("FB", -100_00, -100_00)]
    assert (edge.owed(one), edge.owed(other)) == ((130_00, 30_00), (130_00, 30_00))
    assert edge.moved() == {"1050": 100_00, "2410": -100_00}
    edge.verify()
