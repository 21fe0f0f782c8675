"""The Underpaid tab at the keyboard: what is short, what the payer gave so far, what is done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from fscdesk.models.claim import Claim
from fscdesk.models.fee import Fee, FeeSchedule
from fscdesk.models.values import Money
from fscdesk.services.claims.underpaid import UnderpaymentDetail
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.accepting_less import accept_less
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.underpayments import (
    UnderpaymentFilter,
    page_of_underpayments,
    underpayment_counts,
)
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.screens.payments.screen import UNDERPAID, PaymentsScreen
from fscdesk.ui.screens.remittances.underpayment_history import HistoryPage
from fscdesk.ui.tables import list_menus
from fscdesk.ui.tables.list_screen import ListPart
from tests.support.claims import ClaimDesk
from tests.support.era_day import read
from tests.support.era_matching import ALMA, SentClaim, send_claim
from tests.support.eras import claim, era, service
from tests.support.focus import comes_to
from tests.support.robots.office import DiaryScreen
from tests.support.robots.remittances import RemittanceRobot


@pytest.fixture
def sent(sqlite_books: Office, desk: ClaimDesk) -> SentClaim:
    """Alma's claim; the payer has agreed to allow 140.00 for 90837."""

    def act(work: Work) -> None:
        one = FeeSchedule(name="2026", payer_id=desk.payer, valid_from=date(2026, 1, 1))
        work.db.add(one)
        work.db.flush()
        fee = Fee(schedule_id=one.id, code="90837", charged=Money(160_00), expected=Money(140_00))
        work.db.add(fee)

    sqlite_books.write(act)
    return send_claim(sqlite_books, desk)


def answer(books: Office, sent: SentClaim, cas: str = "CO45=38.60 PR3=30") -> int:
    """Read and post a file about the claim; returns its remittance."""
    line = service("90837", "160", cas=cas, day=sent.days[0])
    text = era(claim(sent.account, line, patient=ALMA, payer_number="ICN1"))
    made = read(books, text)
    books.write(lambda work: post_remittance(work, made))
    return made


def listed(robot: RemittanceRobot) -> ListPart[Any]:
    """The Underpaid tab's list, which is in front."""
    assert isinstance(robot.front, PaymentsScreen)
    assert robot.front.tabs.current == UNDERPAID
    return robot.front.part.list


def opens(robot: RemittanceRobot, view: str = "open") -> None:
    """Come to the tab, with the keys in its rows."""
    robot.window.open("payments", tab=UNDERPAID, view=view)
    robot.rests()
    if listed(robot).model.total:
        comes_to(listed(robot).view)


def column(robot: RemittanceRobot, key: str) -> list[str]:
    """A column of the list, from the top."""
    model = listed(robot).model
    section = model.section_of(key)
    return [str(model.index(at, section).data()) for at in range(model.rowCount())]


def detail(robot: RemittanceRobot) -> UnderpaymentDetail:
    """What the pane shows, once it belongs to the current row."""
    pane = listed(robot).pane
    assert pane is not None
    robot.waits(lambda: pane.foot.isEnabled() and pane._detail is not None)
    found = pane._detail
    assert isinstance(found, UnderpaymentDetail)
    return found


def diary(robot: RemittanceRobot) -> dict[str, object]:
    """What the place in front was opened on last."""
    robot.waits(lambda: isinstance(robot.front, DiaryScreen))
    assert isinstance(robot.front, DiaryScreen)
    return robot.front.asked[-1]


def test_what_is_short_stands_with_its_fee_and_enter_opens_its_line(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    answer(robot.office, sent)
    opens(robot)
    assert {key: column(robot, key) for key in ("patient", "code", "expected", "short")} == {
        "patient": ["Alma Anyone"],
        "code": ["90837"],
        "expected": ["140.00"],
        "short": ["18.60"],
    }
    robot.does("Return")
    assert diary(robot) == {"claim": sent.id, "field": "line_code", "line": 1}
    robot.does("Alt+Left")
    assert listed(robot).view.picking.current_row is not None


def test_what_is_paid_right_is_not_there(robot: RemittanceRobot, sent: SentClaim) -> None:
    answer(robot.office, sent, "CO45=20 PR3=30")
    opens(robot)
    assert listed(robot).model.total == 0
    empty = listed(robot).body.empty
    assert empty is not None
    assert empty.sentence.text().startswith("No payer owes a rest of its fees.")


def test_the_pane_shows_the_history_and_a_point_opens_its_day(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    answer(robot.office, sent)
    opens(robot)
    found = detail(robot)
    assert found.claim is not None
    assert (found.claim.id, found.line, found.position) == (sent.id, 1, 1)
    pane = listed(robot).pane
    assert pane is not None
    pane.open_tab("history")
    page = pane.page("history")
    assert isinstance(page, HistoryPage)
    (row,) = page.chart.figures().rows
    assert row[1:] == ("140.00", "121.40", "−18.60")
    assert "Below the fee: 1 line" in page.facts.accessibleDescription()
    page.chart.setFocus()
    comes_to(page.chart)
    robot.does("Return")
    asked = diary(robot)
    day = date(2026, 3, 2)
    assert (asked["code"], asked["day"]) == ("90837", (day, day))


def test_the_payer_is_asked_on_a_day_and_only_denials_are_appealed(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    answer(robot.office, sent)
    opens(robot)
    detail(robot)
    pane = listed(robot).pane
    assert pane is not None
    steps = {one.words(): one.isEnabled() for one in pane.foot.buttons() if one.words()}  # type: ignore[attr-defined]
    assert steps == {
        "Ask the payer…": True,
        "Open the claim": True,
        "Remittance": True,
        "Appeal": False,
    }
    robot.presses("Ctrl+Return")
    robot.waits(lambda: robot.window.isActiveWindow() is False)
    robot.types("Ask for 18.60")
    robot.presses("Ctrl+Return")

    def planned() -> bool:
        return robot.office.read(
            lambda work: work.db.get_one(Claim, sent.id).next_action == "Ask for 18.60"
        )

    robot.waits(planned)
    robot.window.activateWindow()
    robot.waits(robot.window.isActiveWindow)
    robot.rests()


def test_a_remittance_shows_what_of_it_is_short_and_back(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    made = answer(robot.office, sent)
    robot.opens(made)
    robot.runs("Show what is short")
    assert column(robot, "patient") == ["Alma Anyone"]
    robot.does("Ctrl+Shift+K")
    assert robot.page.row.id == made


def test_a_remittance_that_pays_right_shows_nothing_short(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    made = answer(robot.office, sent, "CO45=20 PR3=30")
    robot.opens(made)
    assert not robot.offers("Show what is short")


def views(books: Office) -> tuple[int, int]:
    """How many are open, and how many are accepted."""
    found = books.read(underpayment_counts)
    return found["open"], found["accepted"]


def dialogs(robot: RemittanceRobot) -> list[FieldsDialog]:
    """The dialogs that are open."""
    return [one for one in robot.window.findChildren(FieldsDialog) if one.isVisible()]


def asked(robot: RemittanceRobot) -> FieldsDialog:
    """The dialog that is open, with the keys in its reason."""
    robot.waits(lambda: bool(dialogs(robot)) and dialogs(robot)[0].isActiveWindow())
    (found,) = dialogs(robot)
    comes_to(found.field("reason").editor)
    return found


def test_an_underpayment_is_accepted_with_a_reason_and_opened_again_by_undo(
    robot: RemittanceRobot, sent: SentClaim
) -> None:
    answer(robot.office, sent)
    opens(robot)
    robot.presses("Ctrl+Shift+C")
    dialog = asked(robot)
    robot.presses("Return")
    assert dialog.isVisible(), "nothing is done without a reason"
    assert views(robot.office) == (1, 0)
    comes_to(dialog.field("reason").editor)
    robot.types("The contract changed")
    robot.presses("Return")
    robot.waits(lambda: views(robot.office) == (0, 1))
    robot.waits(lambda: not dialogs(robot))
    robot.window.activateWindow()  # offscreen has no window manager that would
    robot.waits(robot.window.isActiveWindow)
    robot.rests()
    assert robot.newest().text == "90837 of 03/02/2026 is accepted as it was paid."
    assert listed(robot).model.total == 0
    robot.does("Ctrl+Z")
    robot.waits(lambda: views(robot.office) == (1, 0))
    robot.rests()
    assert column(robot, "short") == ["18.60"]


def test_what_was_accepted_has_its_view_and_is_taken_up_again(
    robot: RemittanceRobot, sent: SentClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(robot.office, sent)
    (row,) = robot.office.read(
        lambda work: page_of_underpayments(work, UnderpaymentFilter(), Span(0, 1, "day"))
    ).rows
    robot.office.write(lambda work: accept_less(work, [row.line_id], "The contract changed"))
    opens(robot, "accepted")
    assert column(robot, "mark") == ["Accepted"]
    found = detail(robot)
    assert found.row.accepted_why == "The contract changed"
    shown: list[QMenu] = []
    monkeypatch.setattr(list_menus, "pop", lambda menu, at: shown.append(menu))
    robot.presses("Shift+F10")
    robot.waits(lambda: bool(shown))
    entries = {one.text().split("\t")[0]: one for one in shown[0].actions()}
    assert not entries["Accept…"].isEnabled()
    entries["Take it up again"].trigger()
    robot.waits(lambda: views(robot.office) == (1, 0))
    robot.rests()
    assert robot.newest().text == "90837 of 03/02/2026 is open again."
