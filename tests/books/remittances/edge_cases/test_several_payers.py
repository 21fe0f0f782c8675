"""More than one payer: what each place says, waits for, and takes off (features 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import Automation, Fate, RemittanceStatus, Unposted
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.building import WhyNot, build_claims, plan_secondary
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.detail import RemittancePage
from fscdesk.services.work import Work
from tests.support.claims import add_policy, put_at
from tests.support.clock import Clock
from tests.support.era_edges import KEPT, EraOffice, only
from tests.support.era_lines import EraClaim
from tests.support.era_matching import SentClaim
from tests.support.eras import claim, reversal_of, service
from tests.support.people import add_payer
from tests.support.queue_items import items_of

SECOND = {"payer": "EXAMPLE EAST", "payer_id": "99902", "origin": "1999029902"}
THIRD = {"payer": "EXAMPLE NORTH", "payer_id": "99903", "origin": "1999039903"}
FIRST_SAYS = "CO45=30 PR2=50"
"""The first payer pays 80.00 of 160.00; 50.00 is for the next payer, or the client."""


@dataclass(frozen=True)
class Covered:
    """Alma with two or three payers, and the claim that the first one has."""

    edge: EraOffice
    one: SentClaim

    def second(self, *cas: str, **said: str) -> RemittancePage:
        """What the second payer says of the same service, under a number of its own."""
        line = service(charge="160", cas=" ".join(cas), day=self.one.days[0])
        return self.edge.says(
            claim("88-1", line, **{"status": "2", "payer_number": "SEC1"} | said), **SECOND
        )


@pytest.fixture
def covered(edge: EraOffice) -> Covered:
    """Two payers; the first one has the claim."""
    desk = edge.desk
    edge.books.write(lambda work: add_policy(work, desk.alma, desk.next_payer, "SEC1", rank=2))
    return Covered(edge, edge.send())


# 28: the statuses.


@pytest.mark.parametrize("status", ["1", "19"])
def test_what_the_first_payer_leaves_waits_for_the_next(covered: Covered, status: str) -> None:
    edge, one = covered.edge, covered.one
    page = edge.says(edge.answer(one, FIRST_SAYS, status=status))
    (line,) = only(page).lines
    assert line.words == "20.00 waits for the next payer"
    assert (edge.owed(one), edge.stands(one)[0]) == ((20_00, 30_00), ClaimStatus.PAID)
    assert edge.moved() == {"1050": 80_00, "4900": 30_00}
    edge.verify()


@pytest.mark.parametrize("status", ["2", "20"])
def test_the_second_payers_answer_settles_what_the_first_has_left(
    covered: Covered, status: str
) -> None:
    edge, one = covered.edge, covered.one
    edge.says(edge.answer(one, FIRST_SAYS))
    page = covered.second("CO45=30", "OA23=80", "PR3=10", status=status)
    assert only(page).fate is Fate.POSTED
    assert edge.owed(one) == (0, 10_00)
    assert edge.moved() == {"1050": 120_00, "4900": 30_00}
    edge.verify()


@pytest.mark.parametrize("status", ["3", "21"])
def test_a_third_payer_answers_after_the_second(covered: Covered, status: str) -> None:
    edge, one = covered.edge, covered.one

    def cover(work: Work) -> None:
        third = add_payer(work, "Example North", code="99903")
        work.db.get_one(Payer, third).automation = Automation.ONE_CLICK
        add_policy(work, edge.desk.alma, third, "THI1", rank=3)

    edge.books.write(cover)
    edge.says(edge.answer(one, FIRST_SAYS))
    line = service(charge="160", cas="OA23=130 PR3=5", day=one.days[0])
    last: EraClaim = claim("99-1", line, status=status, payer_number="THI1")
    early = edge.says(last, **THIRD)
    assert only(early).why is Unposted.WAITS_FOR_EARLIER
    assert edge.left(early) == 25_00
    covered.second("CO45=30", "OA23=80", "PR2=30")
    assert edge.owed(one) == (0, 30_00)
    after = edge.post(early)
    assert (only(after).fate, edge.owed(one)) == (Fate.POSTED, (0, 5_00))
    edge.verify()


@pytest.mark.parametrize(
    ("status", "cas", "why", "left"),
    [
        ("4", "CO197=160", None, 0),
        ("22", "CO45=30 PR3=30", None, 0),
        ("23", "OA109=160", None, 0),
        ("25", "CO45=30 PR3=30", Unposted.PREDETERMINATION, 0),
    ],
)
def test_denied_not_theirs_and_predetermined_move_no_charge(
    edge: EraOffice, status: str, cas: str, why: Unposted | None, left: int
) -> None:
    one = edge.send()
    said = edge.answer(one, cas, status=status)
    if status == "25":
        line = service(charge="160", paid="0", cas="OA101=160", day=one.days[0])
        said = claim(one.account, line, status=status)
    if status == "22":
        edge.says(edge.answer(one, cas))
        said = reversal_of(edge.answer(one, cas))
        other = edge.send(week=3)
        page = edge.says(said, edge.answer(other, KEPT))
    else:
        page = edge.says(said)
    assert (page.claims[0].why, edge.left(page)) == (why, left)
    assert edge.owed(one) == (130_00, 30_00)
    denied = status in ("4", "23")
    wanted = (ClaimStatus.DENIED, BillingStatus.DENIED) if denied else None
    assert wanted is None or edge.stands(one) == wanted
    if status == "25":
        assert page.claims[0].words == "It says what would be paid; no money came for it."
        assert edge.stands(one)[0] is ClaimStatus.ACCEPTED
    edge.verify()


# 29: the payer passes it on.


@pytest.mark.parametrize(
    "said",
    [
        {"status": "19"},
        {"crossover": ("EXAMPLE EAST", "99902")},
        {"remarks": ("MA07",)},
        {"remarks": ("MA18",)},
    ],
    ids=["19", "TT", "MA07", "MA18"],
)
def test_what_is_passed_on_is_not_sent_and_its_wait_grows_old(
    covered: Covered, clock: Clock, said: dict[str, Any]
) -> None:
    edge, one = covered.edge, covered.one
    page = edge.says(edge.answer(one, FIRST_SAYS, **said))
    assert only(page).words.startswith("Passed on to ")
    assert edge.owed(one) == (20_00, 30_00)
    planned = edge.books.read(plan_secondary)
    assert ([each.code for each in planned.left_out], planned.claims) == ([WhyNot.WAITS], ())
    assert edge.waits(ItemKind.SILENT) == []
    clock.forward(days=100)
    assert edge.owed(one) == (20_00, 30_00)
    edge.verify()


def test_a_claim_that_stood_ready_for_the_next_payer_waits_and_is_silent_in_time(
    covered: Covered, clock: Clock
) -> None:
    edge, one = covered.edge, covered.one
    edge.books.write(lambda work: put_at(work, one.id, ClaimStatus.PARTIALLY_PAID))
    (second,) = edge.books.write(
        lambda work: build_claims(work, plan_secondary(work))
    ).value.claim_ids
    edge.says(edge.answer(one, FIRST_SAYS, status="19"))

    def look(work: Work) -> tuple[ClaimStatus, bool]:
        row = work.db.get_one(Claim, second)
        return row.status, row.crossed_over

    assert edge.books.read(look) == (ClaimStatus.PENDING, True)
    assert edge.waits(ItemKind.SILENT) == []
    clock.forward(days=100)
    assert len(edge.waits(ItemKind.SILENT)) == 1
    edge.verify()


# 30: the second payer repeats the contract.


def test_the_contract_is_written_off_once_and_never_below_nothing(covered: Covered) -> None:
    edge, one = covered.edge, covered.one
    edge.says(edge.answer(one, FIRST_SAYS))
    assert edge.moved() == {"1050": 80_00, "4900": 30_00}
    page = covered.second("CO45=45", "OA23=80", "PR3=10")
    (line,) = only(page).lines
    # Open are 50.00: 25.00 is paid, 10.00 is the client's, so that 15.00 of its 45.00 come off.
    assert (line.wrote_off, line.to_patient) == (Money(15_00), Money(-20_00))
    assert edge.owed(one) == (0, 10_00)
    assert edge.moved() == {"1050": 105_00, "4900": 45_00}
    edge.verify()


def test_a_second_payer_that_pays_nothing_over_writes_off_nothing_twice(covered: Covered) -> None:
    edge, one = covered.edge, covered.one
    edge.says(edge.answer(one, FIRST_SAYS))
    page = covered.second("CO45=30", "OA23=80")
    assert only(page).lines[0].wrote_off == Money(0)
    assert edge.owed(one) == (0, 0)
    assert edge.moved() == {"1050": 130_00, "4900": 30_00}
    edge.verify()


# 31: the second payer is earlier than the first.


def test_the_second_payers_money_is_held_until_the_first_answer_is_posted(
    covered: Covered,
) -> None:
    edge, one = covered.edge, covered.one
    early = covered.second("CO45=30", "OA23=80", "PR3=10")
    stays = only(early)
    assert (stays.why, early.row.status) == (Unposted.WAITS_FOR_EARLIER, RemittanceStatus.PARTLY)
    assert stays.words == (
        "The payer before this one has not answered for 90837 of 03/02/2026. Post its answer first."
    )
    assert (edge.owed(one), edge.left(early)) == ((130_00, 30_00), 40_00)
    (waits,) = items_of(edge.books, ItemKind.UNPOSTED)
    assert waits.title.startswith("Not posted: The payer before this one has not answered")
    edge.says(edge.answer(one, FIRST_SAYS))
    assert edge.page(early.row.id).postable == 1
    (ready,) = items_of(edge.books, ItemKind.UNPOSTED)
    assert ready.key == waits.key
    assert ready.title == "To post: The payer before it has answered now"
    assert ready.fingerprint != waits.fingerprint, "what was snoozed or set aside comes back"
    after = edge.post(early)
    assert items_of(edge.books, ItemKind.UNPOSTED) == []
    assert (after.row.status, edge.left(after)) == (RemittanceStatus.POSTED, 0)
    assert (edge.owed(one), edge.moved()) == ((0, 10_00), {"1050": 120_00, "4900": 30_00})
    edge.verify()


# 32: the second payer denies.


@pytest.mark.parametrize(
    ("cas", "owes", "denied"),
    [
        ("OA23=80 CO96=80", (20_00, 30_00), "CO-96"),
        ("OA23=80 PR96=80", (20_00, 30_00), "PR-96"),
        ("CO45=30 OA23=80 PR2=50", (0, 50_00), ""),
    ],
)
def test_what_the_second_payer_denies_is_the_clients_only_where_it_says_so(
    covered: Covered, cas: str, owes: tuple[int, int], denied: str
) -> None:
    edge, one = covered.edge, covered.one
    edge.says(edge.answer(one, FIRST_SAYS))
    page = covered.second(cas, status="4" if denied else "2")
    assert only(page).lines[0].denied == denied
    assert edge.owed(one) == owes
    assert edge.moved() == {"1050": 80_00, "4900": 30_00}
    edge.verify()


# 33: the claim to the second payer, after a correction.


def test_after_a_correction_the_second_payer_is_told_the_corrected_answer_alone(
    covered: Covered,
) -> None:
    edge, one = covered.edge, covered.one
    said = edge.answer(one, FIRST_SAYS)
    edge.says(said)
    other = edge.send(week=1)
    anew = edge.answer(one, "CO45=20 PR1=35", payer_number="ICN2")
    edge.says(anew, reversal_of(said), edge.answer(other, KEPT))
    made = edge.books.write(lambda work: build_claims(work, plan_secondary(work))).value.claim_ids
    told = edge.books.read(lambda work: [content_of(work, at) for at in made])
    (content,) = (each for each in told if each.lines[0].charge_id == one.charges[0])
    answer = content.others[0].answer
    assert answer is not None
    (line,) = answer.lines
    assert (answer.paid, line.paid) == (Money(105_00), Money(105_00))
    assert [(each.group, each.carc, each.amount.cents) for each in line.adjustments] == [
        ("CO", "45", 20_00),
        ("PR", "1", 35_00),
    ]
    edge.verify()


@pytest.mark.parametrize("status", ["2", "20"])
def test_an_answer_as_the_second_waits_where_nobody_was_before_it(
    edge: EraOffice, status: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, KEPT, status=status))
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.WAITS_FOR_EARLIER)
    assert f"as the second (status {status}), and nobody was before it here" in stays.words
    assert (edge.owed(one), edge.moved()) == ((130_00, 30_00), {"1050": 100_00, "2410": -100_00})
    (title,) = edge.waits(ItemKind.UNPOSTED)
    assert "nobody was before it here" in title
    assert only(edge.post(page)).fate is Fate.UNPOSTED, "a second time neither"
    assert only(edge.post(page, agreed=[1])).fate is Fate.POSTED
    assert edge.owed(one) == (0, 30_00)
    edge.verify()
