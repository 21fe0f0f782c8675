"""What is denied, by whom it is owed, and what comes off (features 3.4, cases 34 to 37)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.adjustment import Adjustment, AdjustmentKind
from fscdesk.models.claim import ClaimStatus
from fscdesk.models.remittance import Fate, RemittanceStatus, RuleAction, Unposted
from fscdesk.models.session import BillingStatus
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.remittances.rule_setup import RuleFields, set_rule
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from tests.support.era_edges import KEPT, EraOffice, only

OPEN = (130_00, 30_00)
DENIED = (ClaimStatus.DENIED, BillingStatus.DENIED)


# 34: denials, and what is one without saying so.


@pytest.mark.parametrize(
    ("status", "cas", "reason"),
    [
        ("4", "CO197=160", "CO-197"),
        ("4", "CO45=160", "CO-45"),
        ("1", "CO16=160", "CO-16"),
        ("1", "OA18=160", "OA-18"),
        ("1", "CO45=30 CO97=130", "CO-97"),
        ("1", "PR96=160", "PR-96"),
        ("1", "OA23=0 CO22=160", "CO-22"),
    ],
)
def test_a_denial_is_the_practices_work_and_moves_nothing(
    edge: EraOffice, status: str, cas: str, reason: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, cas, status=status))
    found = only(page)
    assert (found.fate, found.lines[0].denied) == (Fate.POSTED, reason)
    assert found.lines[0].words == "Denied: it stays with the payer"
    assert (edge.owed(one), edge.moved(), edge.payments()) == (OPEN, {}, [0])
    assert edge.stands(one) == DENIED
    assert edge.reason_of(one) == reason.partition("-")[2]
    assert len(edge.waits(ItemKind.DENIED)) == 1
    edge.verify()


def test_all_taken_off_under_the_name_of_the_contract_is_looked_at(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CO45=160"))
    stays = only(page)
    assert (stays.fate, stays.why) == (Fate.UNPOSTED, Unposted.WRITES_ALL_OFF)
    assert stays.words == (
        "The payer pays nothing and takes all of 160.00 off. Look whether it is a denial."
    )
    assert (edge.owed(one), edge.moved()) == (OPEN, {})
    assert len(edge.waits(ItemKind.UNPOSTED)) == 1
    edge.verify()


def test_nothing_is_paid_and_the_client_owes_it_is_no_denial(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CO45=40 PR1=120"))
    assert only(page).lines[0].denied == ""
    assert (edge.owed(one), edge.moved()) == ((0, 120_00), {"4900": 40_00})
    assert edge.stands(one) == (ClaimStatus.PAID, BillingStatus.APPROVED)
    edge.verify()


# 35: the groups.


@pytest.mark.parametrize(
    ("cas", "owes", "stands"),
    [
        ("CO45=40", (0, 0), {"1050": 120_00, "4900": 40_00}),
        ("CO253=2.40 CO45=37.60 PR3=30", (0, 30_00), {"1050": 90_00, "4900": 40_00}),
        ("PR1=20 PR2=20 PR3=20", (0, 60_00), {"1050": 100_00}),
        ("CO16=40 PR3=30", (40_00, 30_00), {"1050": 90_00}),
        ("PR204=40 PR3=30", (40_00, 30_00), {"1050": 90_00}),
        ("PI45=40 PR3=30", (0, 30_00), {"1050": 90_00, "4900": 40_00}),
    ],
)
def test_co_is_the_practices_pr_1_to_3_the_clients_and_a_denial_nobodys_yet(
    edge: EraOffice, cas: str, owes: tuple[int, int], stands: dict[str, int]
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, cas))
    assert only(page).fate is Fate.POSTED
    assert (edge.owed(one), edge.moved(), edge.left(page)) == (owes, stands, 0)
    edge.verify()


@pytest.mark.parametrize("code", ["OA45", "PI223", "OA100", "PR45", "CO105"])
def test_what_no_rule_settles_waits_until_the_practice_has_said_what_it_is(
    edge: EraOffice, code: str
) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, f"{code}=30 PR3=30"))
    stays = only(page)
    group, carc = code[:2], code[2:]
    assert (stays.why, edge.owed(one)) == (Unposted.BLOCKED, OPEN)
    assert f"{group}-{carc} over 30.00" in stays.words
    assert stays.words.endswith("Give it a rule, or post it by hand.")
    assert edge.left(page) == 100_00
    rule = RuleFields(group, carc, RuleAction.WRITE_OFF, edge.desk.payer, "The payer told us")
    edge.books.write(lambda work: set_rule(work, rule))
    after = edge.post(page)
    assert (after.row.status, edge.left(after)) == (RemittanceStatus.POSTED, 0)
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), {"1050": 100_00, "4900": 30_00})
    edge.verify()


def test_no_rule_makes_money_the_clients_that_is_not_of_group_pr(edge: EraOffice) -> None:
    rule = RuleFields("CO", "45", RuleAction.PATIENT, edge.desk.payer)
    with pytest.raises(Problem, match="PR"):
        edge.books.write(lambda work: set_rule(work, rule))


# 36: bundled services, and capitation.


def test_a_bundled_service_is_denied_beside_the_one_that_is_paid(edge: EraOffice) -> None:
    one = edge.send(minutes=(540, 700))
    page = edge.says(edge.answer(one, KEPT, "CO97=160"))
    paid, bundled = only(page).lines
    assert (paid.denied, bundled.denied) == ("", "CO-97")
    assert (edge.owed(one, 0), edge.owed(one, 1)) == ((0, 30_00), OPEN)
    assert edge.stands(one) == (ClaimStatus.PARTIALLY_PAID, BillingStatus.APPROVED)
    assert edge.moved() == {"1050": 100_00, "4900": 30_00}
    edge.verify()


def test_capitation_leaves_nothing_open_and_the_session_counts(edge: EraOffice) -> None:
    one = edge.send()
    page = edge.says(edge.answer(one, "CO24=130 PR3=30"))
    assert only(page).lines[0].denied == ""
    assert edge.owed(one) == (0, 30_00)
    assert edge.moved() == {"4900": 130_00}
    row = edge.books.read(lambda work: work.db.scalars(select(Adjustment)).one())
    assert (row.kind, row.group_code, row.carc) == (AdjustmentKind.CONTRACTUAL, "CO", "24")
    assert edge.stands(one) == (ClaimStatus.PAID, BillingStatus.APPROVED)
    edge.verify()


# 37: incentives.


@pytest.mark.parametrize(
    ("cas", "stands"),
    [
        ("CO144=-2 CO45=30 PR3=30", {"1050": 102_00, "4900": 30_00, "4910": -2_00}),
        ("CO144=2 CO45=30 PR3=30", {"1050": 98_00, "4900": 30_00, "4910": 2_00}),
    ],
)
def test_an_incentive_keeps_its_sign_and_is_not_the_clients(
    edge: EraOffice, cas: str, stands: dict[str, int]
) -> None:
    one = edge.send()
    edge.says(edge.answer(one, cas))
    assert (edge.owed(one), edge.moved()) == ((0, 30_00), stands)
    rows = edge.books.read(lambda work: work.db.scalars(select(Adjustment)).all())
    assert [(row.kind, row.group_code, row.carc) for row in rows if row.carc == "144"] == [
        (AdjustmentKind.CORRECTION, "CO", "144")
    ]
    edge.verify()


# N8, N9: what was posted goes back by a new posting of today, whole or claim by claim.


def test_a_claim_or_the_whole_goes_back_in_one_act_with_a_reason_and_can_be_posted_again(
    edge: EraOffice,
) -> None:
    one, denied = edge.send(), edge.send(week=1)
    before = (edge.owed(one), edge.owed(denied), edge.stands(one), edge.stands(denied))
    page = edge.says(edge.answer(one, KEPT), edge.answer(denied, "CO29=160", status="4"))
    after = (edge.owed(one), edge.owed(denied), edge.stands(one), edge.stands(denied))
    posted = edge.accounts()
    with pytest.raises(Problem, match="reason"):
        edge.books.write(lambda work: undo_remittance(work, page.row.id, " "))
    edge.books.write(lambda work: undo_claim(work, page.claims[1].id, "Not ours"))
    assert (edge.owed(one), edge.stands(denied)) == (after[0], before[3])
    edge.books.write(lambda work: undo_remittance(work, page.row.id, "The wrong file"))
    assert (edge.owed(one), edge.owed(denied), edge.stands(one), edge.stands(denied)) == before
    assert edge.moved() == {}
    again = edge.post(page)
    assert again.row.status is RemittanceStatus.POSTED
    assert (edge.owed(one), edge.owed(denied), edge.stands(one), edge.stands(denied)) == after
    assert edge.accounts() == posted
    assert again.row.amount == Money(100_00)
    edge.verify()
