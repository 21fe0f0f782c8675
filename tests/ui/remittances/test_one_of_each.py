"""One remittance with a claim in each state, worked through by keyboard as a biller does."""

from __future__ import annotations

from datetime import date

import pytest

from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.remittance import RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, plb, reversal_of, service
from tests.support.focus import comes_to
from tests.support.robots.billing import proves
from tests.support.robots.remittances import RemittanceRobot
from tests.ui.remittances.test_page import look, strange

CODES, FEE = ("90837", "90834", "90832", "90847"), Money(121_40)
STATES = [
    *("Take back", "Post", "Post, then ask payer", "Denied CO-16", "Posted before"),
    *("Not ours", "Recoupment"),
]


def says(
    one: SentClaim, number: str, cas: str, code: str = "90837", *, status: str = "1"
) -> EraClaim:
    lines = [service(code, "160", cas=cas, day=day, allowed="") for day in one.days]
    return claim(one.account, *lines, status=status, patient=ALMA, payer_number=number)


@pytest.fixture
def each(robot: RemittanceRobot, desk: ClaimDesk) -> int:
    """A check in which a payer says something of everything."""
    office: Office = robot.office

    def agreed(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=desk.payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        for code in CODES:
            fee = Fee(schedule_id=one.id, code=code, charged=Money(160_00), expected=FEE)
            work.db.add(fee)

    office.write(agreed)
    back, low, refused, twice = (send_claim(office, desk, code=one) for one in CODES)
    usual = "CO45=38.60 PR3=30"
    paid, before = says(back, "ICN1", usual), says(twice, "ICN4", usual, CODES[3])
    first = read(office, era(paid, before, trace="A"), "a.835")
    office.write(lambda work: post_remittance(work, first))
    text = era(
        reversal_of(paid),
        says(back, "ICN1B", usual),
        says(low, "ICN2", "CO45=58.60 PR3=30", CODES[1]),
        says(refused, "ICN3", "CO16=160", CODES[2], status="4"),
        before,
        strange(),
        plb=[plb("WO", "25", "ICN0")],
        trace="B",
    )
    return read(office, text, "b.835")


def test_a_biller_goes_through_all_of_it_and_leaves_nothing(
    robot: RemittanceRobot, each: int
) -> None:
    robot.window.resize(1180, 720)
    robot.does("Ctrl+5")
    comes_to(robot.list.list.view)
    robot.does("Return")
    assert robot.page.row.id == each
    comes_to(robot.sheet)
    assert {"expected", "allowed"} <= {place.key for place, _ in robot.sheet.columns()}
    assert robot.marks()[:6] == STATES[:6]
    walked = [robot.sheet.current]
    for _ in range(8):
        robot.does("Return")
        if robot.sheet.current == walked[-1]:
            break
        walked.append(robot.sheet.current)
    assert walked == [0, 2, 3, 4, 5], "each that needs a look, once, in order"
    assert robot.newest().text.startswith("Nothing else needs a look. Ctrl+Enter: Post ")
    assert robot.button() == "Post 4 of 6 claims, 46.40"
    robot.does("Ctrl+Return")
    assert look(robot.office, each).row.status is RemittanceStatus.PARTLY
    comes_to(robot.sheet)
    assert robot.screen.primary() is None
    assert "What is left cannot be posted now" in robot.notice()
    proves(robot.office)
    robot.does("Home", "Ctrl+J")
    assert robot.sheet.current == 4, "what was said before comes next"
    for _ in range(2):
        robot.runs("Set aside…")
        comes_to(robot.screen.pane.ask.reason.edit)
        robot.types("Known")
        robot.does("Return")
        comes_to(robot.sheet)
        robot.does("Ctrl+J")
    assert look(robot.office, each).row.status is RemittanceStatus.POSTED
    assert robot.notice() == ""
    proves(robot.office)
    robot.does("Alt+Left")
    robot.waits(lambda: "Every remittance is posted." in robot.labels(robot.list))
