"""Typed EOBs among the remittances: who typed them, and what can be done with one."""

from __future__ import annotations

import pytest

from fscdesk.models.payment import PaymentMethod
from fscdesk.models.remittance import RemittanceStatus
from fscdesk.models.values import Money
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.detail import RemittancePage, remittance_page
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from fscdesk.ui.screens.remittances.head import facts_of
from tests.support.claims import ClaimDesk
from tests.support.era_matching import send_claim
from tests.support.focus import comes_to
from tests.support.payments import DAY
from tests.support.robots.remittances import RemittanceRobot


@pytest.fixture
def typed(robot: RemittanceRobot, desk: ClaimDesk) -> int:
    """An EOB that pays one line and denies the other."""
    sent = send_claim(robot.office, desk, sessions=2)
    new = NewPayment(
        Money(91_40), PaymentMethod.CHECK, DAY, payer_id=desk.payer, reference="0000481516"
    )
    lines = [
        EobLine(sent.charges[0], Money(91_40), Money(38_60)),
        EobLine(sent.charges[1], denied="PR-204"),
    ]

    def act(work: Work) -> int:
        post_eob(work, new, lines)
        return 1

    return robot.office.write(act).value


def look(books: Office, one: int) -> RemittancePage:
    return books.read(lambda work: remittance_page(work, one))


def test_the_list_says_who_typed_it(robot: RemittanceRobot, typed: int) -> None:
    robot.opens_list()
    robot.rests()
    assert typed
    (read,) = robot.column("read")
    assert ", typed by " in read


def test_its_page_shows_its_lines_and_offers_only_to_undo_it_whole(
    robot: RemittanceRobot, typed: int
) -> None:
    robot.opens(typed)
    head, paid, denied = robot.sheet.sheet.rows
    assert (head.name, head.note) == ("Alma Anyone", "claim CLM-2026-00001")
    assert (paid.cells["paid"], paid.cells["off"]) == ("91.40", "38.60")
    assert look(robot.office, typed).claims[0].lines[1].denied == "PR-204"
    assert denied.cells["session"] == "03/09/2026"
    facts = dict(facts_of(look(robot.office, typed)))
    assert facts["Typed by"]
    assert (facts["File"], facts["Posted as"]) == ("Typed EOB", "PAY-2026-00001")
    for words in ("Match again", "835 text", "Take this claim back…", "Set aside…"):
        assert not robot.offers(words), words
    assert robot.offers("Undo this remittance…")


def test_undone_it_says_so_and_is_not_posted_from_here(robot: RemittanceRobot, typed: int) -> None:
    robot.opens(typed)
    robot.runs("Undo this remittance…")
    comes_to(robot.screen.pane.ask.reason.edit)
    robot.types("Wrong month")
    robot.does("Return")
    assert look(robot.office, typed).row.status is RemittanceStatus.UNDONE
    assert "It can be typed in anew." in robot.newest().text
    assert robot.notice().startswith("Undone: nothing of it is in the books")
    for words in ("Match again", "Undo this remittance…", "Set aside…"):
        assert not robot.offers(words), words
