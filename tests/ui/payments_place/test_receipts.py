"""Receipts: shown, kept, written as a draft for the mail program and as files."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fscdesk.models.document import Sending
from fscdesk.models.practice import Practice
from fscdesk.services.office import Office
from fscdesk.services.patients.guarantors import GuarantorFields, edit_guarantor, guarantor
from fscdesk.services.work import Work
from fscdesk.ui.printing import PreviewDialog
from tests.support.robots.payments import PaymentsRobot
from tests.ui.payments_place.conftest import Drawer


def test_ctrl_p_shows_the_receipt_and_keeps_it(payments: PaymentsRobot, drawer: Drawer) -> None:
    payments.goes_to_row(drawer.check.payment_id)
    payments.presses("Ctrl+P")
    payments.waits(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, PreviewDialog)
    assert "RC-2026-00001" in shown.windowTitle()
    shown.close()
    payments.window.activateWindow()
    payments.waits(payments.window.isActiveWindow)
    payments.goes_to_row(drawer.check.payment_id)
    assert [line[0] for line in payments.lines("receipts")] == ["Receipt RC-2026-00001"]


def _with_addresses(work: Work) -> None:
    practice = work.db.get_one(Practice, 1)
    practice.email = "office@example.org"
    for one in (1, 2):
        row = guarantor(work, one)
        fields = GuarantorFields(row.fields.name, email="alma@example.org")
        edit_guarantor(work, row.id, fields, expected_version=row.version)


def test_the_e_mail_is_a_file_in_the_folder_that_was_chosen(
    payments: PaymentsRobot, drawer: Drawer, sqlite_books: Office, tmp_path: Path
) -> None:
    payments.elsewhere(_with_addresses)
    payments.screen.receipts.email(drawer.check.payment_id)
    payments.hears("RC-2026-00001.eml for alma@example.org is in")
    letter = message_from_bytes((tmp_path / "RC-2026-00001.eml").read_bytes())
    assert letter["To"] == "alma@example.org"
    assert sqlite_books.read(lambda work: work.db.query(Sending).count()) == 1


def test_without_an_address_it_is_refused_in_words(
    payments: PaymentsRobot, drawer: Drawer, tmp_path: Path
) -> None:
    payments.screen.receipts.email(drawer.check.payment_id)
    payments.waits(lambda: any("has no e-mail address" in one.text for one in payments.heard))
    assert not list(tmp_path.glob("*.eml"))


def test_receipts_of_ticked_payments_go_to_a_folder(
    payments: PaymentsRobot, drawer: Drawer, tmp_path: Path
) -> None:
    payments.presses("Home", "Space", "Down", "Space")
    payments.listed.body.bar.buttons["receipts"].click()
    payments.hears("2 receipts written to")
    assert sorted(one.name for one in tmp_path.glob("RC*.pdf")) == [
        "RC-2026-00001.pdf",
        "RC-2026-00002.pdf",
    ]
