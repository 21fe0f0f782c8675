"""A payer's check offers the claims that were sent; what was never billed comes last, in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fscdesk.models.payer import Payer
from fscdesk.services.office import Office
from fscdesk.ui import theme
from tests.support.claims import add_claim_desk, ready
from tests.support.era_matching import send_claim
from tests.support.robots.payment_entry import entry_window


def test_enter_takes_the_claim_that_was_sent_before_the_older_session_that_was_not(
    sqlite_books: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    desk = sqlite_books.write(add_claim_desk).value
    send_claim(sqlite_books, desk)
    sqlite_books.write(lambda work: ready(work, desk, day=date(2026, 2, 2)))
    payer = sqlite_books.read(lambda work: work.db.get_one(Payer, desk.payer).short_name)
    theme.apply(qapp)
    with entry_window(qtbot, sqlite_books, tmp_path) as entry:
        entry.opens()
        entry.heads(payer, "481516", "91.40", "4/8")
        box = entry.screen.finding.box
        assert box.accessibleDescription() == "Enter takes Alma Anyone, 03/02"
        entry.takes()
        assert [one.partition(",")[0] for one in entry.names()[:1]] == [
            "Claim CLM-2026-00001 of Alma Anyone"
        ]
        assert entry.fault() == ""
        entry.screen.grid.leave()
        entry.screen.finding.begin()
        assert box.accessibleDescription() == "Enter takes Alma Anyone, 02/02, not billed"
        entry.takes()
        assert entry.fault().startswith("No claim of 02/02 was sent for Alma Anyone.")
