"""Choosing by hand which charge a line is about: in the pane, by key, undone and taken back."""

from __future__ import annotations

from fscdesk.models.remittance import RemittanceStatus
from fscdesk.services.office import Office
from fscdesk.services.remittances.charge_choices import lines_to_place
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.ui.screens.remittances.choosing_charge import ChargeField
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, STRANGER, SentClaim, send_claim
from tests.support.eras import claim, era, service
from tests.support.focus import comes_to
from tests.support.named import unnamed
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot

CHOOSE, BACK = "Choose the charge…", "Take the choice back"


def strange(sent: SentClaim, code: str = "90837") -> EraClaim:
    """What the payer says of Alma's sessions under a name that nobody knows."""
    lines = [service(code, "160", cas="CO45=38.60 PR3=30", day=day) for day in sent.days]
    return claim("ZZ9", *lines, patient=STRANGER, payer_number="ICN9")


def look(books: Office, one: int) -> RemittancePage:
    return books.read(lambda work: remittance_page(work, one))


def field(robot: RemittanceRobot) -> ChargeField:
    """The field in the pane, as soon as it has the keys and shows what fits."""
    found = robot.screen.pane.ask.findChildren(ChargeField)
    shown = [one for one in found if not one.isHidden()]
    assert len(shown) == 1
    comes_to(shown[0].edit)
    robot.waits(shown[0].popup.isVisible)
    return shown[0]


def titles(one: ChargeField) -> list[str]:
    return [line.title for line in one.list.lines]


def test_what_fits_is_offered_at_once_and_enter_places_line_after_line(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk, sessions=2)
    one = read(robot.office, era(strange(sent, "90834")))
    robot.opens(one)
    assert robot.marks() == ["Not ours"]
    robot.does("Ctrl+Shift+M")
    first = field(robot)
    words = robot.screen.pane.ask.words.text()
    assert words == (
        "Line 1 of 2. The payer speaks of 160.00 on 03/02/2026, and pays 91.40. Code 90834."
    )
    assert titles(first) == ["Alma Anyone, 03/02/2026"]
    assert first.list.lines[0].detail == "90837, 160.00, 130.00 open, CLM-2026-00001"
    robot.does("Return")
    assert robot.newest().text == (
        "Line 1 of ZZ9: Alma Anyone, 03/02/2026. You billed 90837, the payer says 90834."
    )
    second = field(robot)
    assert titles(second)[0] == "Alma Anyone, 03/09/2026"
    robot.does("Return")
    assert not robot.asked()
    comes_to(robot.sheet)
    assert robot.marks() == ["Post"]
    assert robot.claim.patient == "Alma Anyone"
    robot.does("Ctrl+Return")
    assert look(robot.office, one).row.status is RemittanceStatus.POSTED
    proves(robot.office)


def test_letters_find_other_clients_and_what_cannot_be_is_told_under_the_field(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    sent = send_claim(robot.office, desk, sessions=2)
    one = read(robot.office, era(strange(sent)))
    robot.opens(one)
    robot.does("Ctrl+Shift+M")
    shown = field(robot)
    robot.types("alma")
    robot.waits(lambda: len(titles(shown)) == 2)
    assert shown.list.lines[1].detail.endswith("another day")
    robot.does("Down", "Return")
    assert shown.sentence.text() == (
        "The payer speaks of 160.00 on 03/02/2026; this one has another day."
    )
    assert robot.asked()
    assert {line.charge_id for line in look(robot.office, one).claims[0].lines} == {None}
    robot.does("Escape")
    if robot.asked():
        robot.does("Escape")
    assert not robot.asked()
    comes_to(robot.sheet)


def test_a_choice_is_undone_and_taken_back(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    sent = send_claim(robot.office, desk)
    one = read(robot.office, era(strange(sent)))
    robot.opens(one)
    assert not robot.offers(BACK)
    robot.does("Ctrl+Shift+M")
    field(robot)
    robot.does("Return")
    assert robot.marks() == ["Post"]
    robot.does("Ctrl+Z")
    assert robot.marks() == ["Not ours"]
    assert robot.newest().text == "Line 1 of ZZ9 has no chosen charge any more."
    robot.does("Ctrl+Shift+M")
    field(robot)
    robot.does("Return")
    assert robot.marks() == ["Post"]
    robot.runs(BACK)
    assert robot.marks() == ["Not ours"]
    assert robot.newest().text == "The choice for 1 line of CLM-2026-00001 is taken back."


def test_only_what_waits_for_a_charge_offers_it(robot: RemittanceRobot, desk: ClaimDesk) -> None:
    sent = send_claim(robot.office, desk)
    line = service("90837", "160", cas="CO45=38.60 PR3=30", day=sent.days[0])
    known = claim(sent.account, line, patient=ALMA, payer_number="ICN1")
    one = read(robot.office, era(known))
    robot.opens(one)
    assert robot.marks() == ["Post"]
    assert not robot.offers(CHOOSE)
    row = look(robot.office, one).claims[0]
    assert robot.office.read(lambda work: lines_to_place(work, row.id)) == ()


def test_esc_leaves_it_and_another_question_takes_its_place(
    robot: RemittanceRobot, desk: ClaimDesk
) -> None:
    one = read(robot.office, era(strange(send_claim(robot.office, desk))))
    robot.opens(one)
    robot.does("Ctrl+Shift+M")
    field(robot)
    assert unnamed(robot.screen) == []
    robot.screen.pane.ask.leave()
    robot.runs("Set aside…")
    comes_to(robot.screen.pane.ask.reason.edit)
    assert all(found.isHidden() for found in robot.screen.pane.ask.findChildren(ChargeField))
    robot.types("Not our client")
    robot.does("Return")
    assert look(robot.office, one).claims[0].words == "Not our client"
