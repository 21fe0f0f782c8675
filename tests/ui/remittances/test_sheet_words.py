"""What the rows of a remittance's page say: what is allowed, what is taken back, and where."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fscdesk.services.remittances.posting import post_remittance
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, reversal_of, service
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot
from tests.ui.remittances.test_page import pays


@pytest.fixture
def sent(robot: RemittanceRobot, desk: ClaimDesk) -> SentClaim:
    return send_claim(robot.office, desk)


def test_allowed_is_computed_where_the_file_does_not_say_it(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    silent = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0], allowed="")
    robot.opens(read(robot.office, era(claim(sent.account, silent, patient=ALMA))))
    row = robot.sheet.sheet.rows[1]
    assert row.cells["allowed"] == "121.40"
    assert robot.sheet.sheet.totals["allowed"] == "121.40"
    assert row.computed == {"allowed"}
    head, high = robot.sheet._head(), robot.sheet._tops
    assert high is not None
    tip = robot.sheet.tip_at(head + 40)
    assert "Allowed 121.40: computed: charged less what the contract takes off" in tip
    assert "allowed computed 121.40" in robot.sheet.accessibleDescription()
    assert "Allowed Computed: charged less what the contract takes off" in robot.in_words()


def test_what_the_payer_says_is_allowed_is_not_called_computed(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    said = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0], allowed="121.40")
    robot.opens(read(robot.office, era(claim(sent.account, said, patient=ALMA))))
    row = robot.sheet.sheet.rows[1]
    assert (row.cells["allowed"], row.computed) == ("121.40", frozenset())
    assert "omputed" not in robot.in_words()


def test_nothing_is_allowed_of_a_denial(robot: RemittanceRobot, sent: SentClaim) -> None:
    line = service("90837", "160", cas="CO16=160", day=sent.days[0], allowed="")
    denied = claim(sent.account, line, status="4", patient=ALMA)
    robot.opens(read(robot.office, era(denied, method="NON", trace="N1")))
    assert robot.sheet.sheet.rows[1].cells["allowed"] == ""


@pytest.mark.parametrize("width", [1180, 1440])
def test_expected_and_allowed_have_room(
    robot: RemittanceRobot, sent: SentClaim, width: int
) -> None:
    robot.window.resize(width, 720)
    robot.opens(read(robot.office, era(pays(sent))))
    columns = {place.key: rect for place, rect in robot.sheet.columns()}
    assert {"expected", "allowed", "charged", "paid", "off", "client", "against"} <= set(columns)
    edges = [(rect.left(), rect.right()) for rect in columns.values()]
    assert all(right < left for (_, right), (left, _) in pairwise(edges))


def test_a_denial_that_is_taken_back_was_no_write_off(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    line = service("90837", "160", cas="CO16=160", day=sent.days[0], allowed="")
    denied = claim(sent.account, line, status="4", patient=ALMA, payer_number="ICN1")
    first = read(robot.office, era(denied, method="NON", trace="N1"))
    robot.office.write(lambda work: post_remittance(work, first))
    both = era(reversal_of(denied), pays(sent, "ICN2"), trace="B")
    robot.opens(read(robot.office, both, "b.835"))
    back, anew = (row for row in robot.sheet.sheet.rows if row.cells)
    assert (back.cells["charged"], back.cells["off"], back.cells["allowed"]) == (
        "−160.00",
        "–",
        "",
    )
    assert (anew.cells["charged"], anew.cells["off"]) == ("160.00", "38.60")
    assert robot.sheet.sheet.totals["charged"] == "0.00"
    assert robot.sheet.sheet.totals["off"] == "38.60"
    robot.does("Ctrl+Return")
    back, anew = (row for row in robot.sheet.sheet.rows if row.cells)
    assert (back.cells["charged"], back.cells["off"]) == ("−160.00", "–")
    proves(robot.office)


def test_what_is_taken_back_of_a_contract_comes_with_its_minus(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    paid = pays(sent)
    first = read(robot.office, era(paid, trace="A"))
    robot.office.write(lambda work: post_remittance(work, first))
    anew = pays(sent, "ICN2", cas="CO45=48.60 PR3=30")
    robot.opens(read(robot.office, era(reversal_of(paid), anew, trace="B", amount="-10"), "b.835"))
    back = next(row for row in robot.sheet.sheet.rows if row.cells)
    assert (back.cells["charged"], back.cells["off"]) == ("−160.00", "−38.60")
