"""The Recoupments tab by key: its views, pairing two, explaining one, taking that apart."""

from __future__ import annotations

import pytest

from fscdesk.models.values import Money
from fscdesk.services.ledger.balances import balance
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import recoupments
from fscdesk.ui.messages import Level
from fscdesk.ui.screens.remittances.page_screen import RemittanceScreen
from fscdesk.ui.screens.remittances.recoupments_list import VIEW, page_of, totals_words
from fscdesk.ui.tables.filter_state import FilterState
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraPlb
from tests.support.era_matching import ALMA, send_claim
from tests.support.eras import claim, era, plb, plbs, service
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.billing import proves
from tests.support.robots.recoupments import RecoupmentRobot
from tests.support.robots.remittances import RemittanceRobot

TOLD, TAKEN, OTHER = "RCP-2026-00001", "RCP-2026-00002", "RCP-2026-00003"


def post(office: Office, desk: ClaimDesk, trace: str, *pairs: EraPlb) -> int:
    """Post a check for a new claim of Alma, with these pairs beside it."""
    sent = send_claim(office, desk)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    said = claim(sent.account, line, patient=ALMA, payer_number=f"ICN{trace}")
    one = read(office, era(said, trace=trace, plb=list(pairs)), f"{trace}.835")
    office.write(lambda work: post_remittance(work, one))
    return one


@pytest.fixture
def settler(robot: RemittanceRobot, desk: ClaimDesk) -> RecoupmentRobot:
    """The payer has told 60.00, taken 45.00 of it under another name, and 7.00 for nothing."""
    office = robot.office
    post(office, desk, "A", plb("WO", "-60", "ICN3"))
    post(office, desk, "B", plbs(("WO", "45", "OTHERS"), ("CS", "7", "")))
    return RecoupmentRobot(robot.qtbot, robot.window, office)


def left(settler: RecoupmentRobot) -> dict[str, int]:
    """What is open of each item, in cents."""
    rows = settler.office.read(lambda work: recoupments(work, open_only=False))
    return {row.number: row.open.cents for row in rows}


def test_each_view_counts_what_it_shows_and_the_tab_what_is_to_explain(
    settler: RecoupmentRobot,
) -> None:
    settler.opens_tab("explain")
    settler.sees_only(TAKEN, OTHER)
    assert settler.says("state", "open") == [
        ("To explain", "\u221245.00"),
        ("To explain", "\u22127.00"),
    ]
    settler.opens_tab("will_take")
    assert settler.says("number", "state", "open") == [(TOLD, "Will take", "60.00")]
    settler.opens_tab("taken")
    settler.sees_only(TAKEN, OTHER)
    settler.opens_tab("closed")
    settler.sees_only()
    views = settler.listed.views
    assert views is not None
    keys = ("explain", "will_take", "taken", "closed", "all")
    settler.waits(lambda: [views.tabs.count(one) for one in keys] == [2, 1, 2, 0, 3])


def test_space_marks_one_and_enter_on_its_partner_pairs_them_with_undo(
    settler: RecoupmentRobot,
) -> None:
    settler.opens_tab()
    settler.goes_to(TOLD)
    settler.does("Space")
    assert settler.listed.body.bar.isVisible()
    settler.goes_to(TAKEN)
    settler.does("Return")
    dialog = settler.asks()
    assert dialog.value("amount") == Money(45_00)
    settler.presses("Return")
    assert settler.asks() is dialog, "nothing is done without a reason"
    assert left(settler) == {TOLD: -60_00, TAKEN: 45_00, OTHER: 7_00}
    comes_to(dialog.field("reason").editor)
    settler.types("By phone")
    settler.answers()
    assert settler.newest().text == (
        f"45.00 of {TAKEN} and {TOLD} settle each other. 15.00 of {TOLD} stays open."
    )
    assert left(settler) == {TOLD: -15_00, TAKEN: 0, OTHER: 7_00}
    assert not settler.listed.body.bar.isVisible()
    proves(settler.office)
    settler.does("Ctrl+Z")
    assert left(settler) == {TOLD: -60_00, TAKEN: 45_00, OTHER: 7_00}
    assert settler.newest().text == f"{TAKEN} and {TOLD} are open again."
    proves(settler.office)


def test_two_that_go_the_same_way_are_not_asked_about(settler: RecoupmentRobot) -> None:
    settler.opens_tab()
    settler.goes_to(TAKEN)
    settler.does("Space")
    settler.goes_to(OTHER)
    settler.does("Return")
    said = settler.newest()
    assert said.level is Level.PROBLEM
    assert said.text == f"{TAKEN} and {OTHER} go the same way: both were taken."
    settler.does("Escape")
    assert not settler.listed.body.bar.isVisible()


def test_an_account_explains_one_and_it_is_taken_apart_in_its_history(
    settler: RecoupmentRobot,
) -> None:
    settler.opens_tab("explain")
    settler.goes_to(OTHER)
    assert settler.steps()[0] == "Explain 7.00…"
    settler.does("Ctrl+Shift+X")
    dialog = settler.asks()
    comes_to(dialog.field("account").editor)
    settler.types("7620")
    comes_to(dialog.field("account").editor)
    settler.presses("Tab", "Tab")
    comes_to(dialog.field("reason").editor)
    settler.types("A late fee, says its letter")
    settler.answers()
    assert settler.newest().text == f"7.00 of {OTHER} is explained by account 7620."
    settler.sees_only(TAKEN)
    assert settler.office.read(lambda work: balance(work, "7620")) == Money(7_00)
    proves(settler.office)
    settler.opens_tab("closed")
    settler.goes_to(OTHER)
    story = settler.story("history")
    assert "Explained by 7620" in story.accessibleDescription()
    settler.presses("Return")
    dialog = settler.asks()
    comes_to(dialog.field("reason").editor)
    settler.types("It was a recovery")
    settler.answers()
    assert left(settler)[OTHER] == 7_00
    proves(settler.office)
    settler.does("Ctrl+Z")
    assert left(settler)[OTHER] == 0
    assert settler.office.read(lambda work: balance(work, "7620")) == Money(7_00)
    proves(settler.office)


def test_the_likeliest_partner_comes_first_and_enter_on_it_pairs(
    settler: RecoupmentRobot, desk: ClaimDesk
) -> None:
    post(settler.office, desk, "C", plb("CS", "-7", "NEWER"))
    settler.opens_tab("explain")
    settler.goes_to(OTHER)
    assert [one.number for one in settler.detail.partners] == ["RCP-2026-00004", TOLD]
    assert settler.detail.partners[0].words == "Same amount"
    assert settler.steps()[0] == "Pair with RCP-2026-00004…"
    settler.story("partners")
    settler.presses("Return")
    dialog = settler.asks()
    settler.presses("Tab")
    comes_to(dialog.field("reason").editor)
    settler.types("Same amount")
    settler.answers()
    assert left(settler) == {TOLD: -60_00, TAKEN: 45_00, OTHER: 0, "RCP-2026-00004": 0}
    proves(settler.office)


def test_what_a_later_check_settled_names_it_and_opens_it(
    settler: RecoupmentRobot, desk: ClaimDesk
) -> None:
    post(settler.office, desk, "C", plb("WO", "60", "ICN3"))
    settler.opens_tab("closed")
    settler.goes_to(TOLD)
    (settled,) = settler.detail.history
    assert (settled.other, settled.remittance) == ("RCP-2026-00004", "REM-2026-00003")
    assert not settled.may_be_taken_apart
    settler.story("history")
    settler.presses("Return")
    settler.rests()
    row = settler.listed.view.picking.current_row
    assert row is not None
    assert row.number == "RCP-2026-00004"
    settler.story("history")
    settler.presses("Down", "Return")
    settler.rests()
    assert isinstance(settler.front, RemittanceScreen)
    assert settler.page.row.number == "REM-2026-00003"
    settler.does("Alt+Left")
    assert settler.listed.view.picking.current_row is not None


def test_words_find_an_item_by_reference_and_amount(settler: RecoupmentRobot) -> None:
    settler.opens_tab()
    settler.writes("others")
    settler.sees_only(TAKEN)
    settler.does("Escape")
    settler.writes("60.00")
    settler.sees_only(TOLD)


def test_every_control_has_a_name(settler: RecoupmentRobot) -> None:
    settler.opens_tab()
    settler.goes_to(TAKEN)
    for tab in ("history", "partners", "facts"):
        assert settler.detail
        settler.pane.open_tab(tab)
    settler.does("Ctrl+Shift+X")
    settler.asks()
    assert unnamed(settler.part) == []
    settler.presses("Escape")


def test_signs_are_those_of_the_remittance_and_two_kinds_of_money_are_two_sums(
    settler: RecoupmentRobot,
) -> None:
    def shown(view: str) -> tuple[dict[str, Money], str]:
        state = FilterState() if view == "all" else FilterState().with_values(VIEW, (view,))
        found = settler.office.read(lambda work: page_of(work, state, Span(0, 50, "open")))
        return dict(found.totals), totals_words(found.total, found.totals)

    assert shown("all") == (
        {"to_explain": Money(52_00), "will_take": Money(60_00)},
        "3 items, 52.00 to explain, 60.00 will be taken",
    )
    sums, words = shown("explain")
    assert (sums["open"], words) == (Money(-52_00), "2 items")
    rows = settler.office.read(lambda work: page_of(work, FilterState(), Span(0, 50, "open"))).rows
    assert [-one.open for one in rows] == [Money(-45_00), Money(-7_00), Money(60_00)]
