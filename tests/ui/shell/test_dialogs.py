"""The first start, the address of a shared practice, and pages before they are printed."""

from __future__ import annotations

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import keyring
import pytest
from keyring.errors import NoKeyringError
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from fscdesk.services.errors import Problem
from fscdesk.ui.dialogs.shared_address import SharedAddress, SharedForm
from fscdesk.ui.dialogs.welcome import (
    Choice,
    ConnectPractice,
    CreatePractice,
    ExploreDemo,
    WelcomeDialog,
)
from fscdesk.ui.messages import Message, Messages
from fscdesk.ui.printing import MOST_PIXELS, ZOOMS, Pages, PreviewDialog
from tests.support.named import unnamed


class Beginning:
    """Notes what the dialog asked for; refuses once where it is told to."""

    def __init__(self) -> None:
        self.asked: list[Choice] = []
        self.refusal: Problem | None = None

    def carry_out(self, choice: Choice) -> None:
        """Note it, or refuse."""
        self.asked.append(choice)
        if self.refusal is not None:
            raise self.refusal


@pytest.fixture
def beginning() -> Beginning:
    return Beginning()


@pytest.fixture
def first(qtbot: QtBot, look: QApplication, beginning: Beginning) -> WelcomeDialog:
    dialog = WelcomeDialog(beginning.carry_out, save_password=lambda _address, _password: None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_the_demo_is_one_key_away(first: WelcomeDialog, beginning: Beginning, qtbot: QtBot) -> None:
    focused = QApplication.focusWidget()
    assert focused is first.ways[0]
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert first.choice == ExploreDemo()
    assert not first.isVisible()


def test_a_refusal_is_shown_and_nothing_is_lost(
    first: WelcomeDialog, beginning: Beginning, tmp_path: Path
) -> None:
    beginning.refusal = Problem("That folder is on a network drive.", hint="Nothing was created.")
    first.ways[1].click()
    first.name.set_value("Fictional Springs")
    first.zone.set_value("America/Denver")
    first.create_at(tmp_path / "springs.fscdesk")
    assert first.refusal.text() == "That folder is on a network drive. Nothing was created."
    assert (first.choice, first.isVisible()) == (None, True)
    beginning.refusal = None
    first.create_at(tmp_path / "springs.fscdesk")
    assert first.choice == CreatePractice(
        "Fictional Springs", ZoneInfo("America/Denver"), tmp_path / "springs.fscdesk"
    )


def test_a_practice_without_a_name_is_not_created(
    first: WelcomeDialog, beginning: Beginning
) -> None:
    first.ways[1].click()
    first.creation.save()
    assert first.name.sentence.text() == "Name of the practice is missing."
    assert beginning.asked == []


def test_every_page_of_the_first_start_has_names(first: WelcomeDialog) -> None:
    assert unnamed(first) == []


def test_connecting_gives_the_address_and_forgets_the_password(
    qtbot: QtBot, look: QApplication, beginning: Beginning
) -> None:
    kept: list[tuple[SharedAddress, str]] = []
    dialog = WelcomeDialog(
        beginning.carry_out, save_password=lambda address, word: kept.append((address, word))
    )
    qtbot.addWidget(dialog)
    form = dialog.shared
    form.host.set_value("db.example.org")
    form.database.set_value("springs")
    form.user.set_value("dana")
    form.password.set_value("fictional password")
    form.save()
    address = SharedAddress("db.example.org", 5432, "springs", "dana")
    assert dialog.choice == ConnectPractice(address)
    assert kept == [(address, "fictional password")]
    assert form.password.value() == ""
    assert "fictional" not in repr(dialog.choice)


def test_no_keyring_is_said_under_the_password(
    qtbot: QtBot, look: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: str) -> None:
        raise NoKeyringError

    monkeypatch.setattr(keyring, "set_password", refuse)
    form, told = SharedForm(), list[object]()
    qtbot.addWidget(form)
    form.connected.connect(told.append)
    for field, words in (
        (form.host, "db.example.org"),
        (form.database, "springs"),
        (form.user, "dana"),
        (form.password, "fictional password"),
    ):
        field.set_value(words)
    form.save()
    assert "no keyring" in form.password.sentence.text()
    assert told == []


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_port_is_a_number_that_exists(qtbot: QtBot, port: str) -> None:
    form = SharedForm()
    qtbot.addWidget(form)
    form.port.set_value(port)
    assert form.port.fault() == f"{port} is not a port. Most servers use 5432."


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (
            SharedAddress("db.example.org", 5432, "springs", "dana", "/ca a.pem"),
            "postgresql://dana@db.example.org:5432/springs?sslmode=verify-full&sslrootcert=%2Fca%20a.pem",
        ),
        (
            SharedAddress("db.example.org", 5433, "a/b", "d@na"),
            "postgresql://d%40na@db.example.org:5433/a%2Fb?sslmode=verify-full&sslrootcert=system",
        ),
        (
            SharedAddress("127.0.0.1", 5432, "springs", "dana"),
            "postgresql://dana@127.0.0.1:5432/springs",
        ),
        (SharedAddress("::1", 5432, "springs", "dana"), "postgresql://dana@[::1]:5432/springs"),
        (
            SharedAddress("/run/postgresql", 5432, "springs", "dana"),
            "postgresql://dana@:5432/springs?host=%2Frun%2Fpostgresql",
        ),
    ],
)
def test_only_this_computer_goes_without_a_certificate(address: SharedAddress, url: str) -> None:
    assert address.url() == url


def test_a_name_that_only_begins_like_loopback_is_far_away() -> None:
    assert not SharedAddress("localhost.example.org", 5432, "a", "b").on_this_computer
    assert not SharedAddress("127.example.org", 5432, "a", "b").on_this_computer


def pdf(pages: int, size: tuple[float, float] = (612, 792)) -> bytes:
    """Pages with their number on them."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for number in range(pages):
        canvas.drawString(72, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.fixture
def preview(qtbot: QtBot, look: QApplication) -> PreviewDialog:
    dialog = PreviewDialog(pdf(3), "Statement", "statement.pdf", Messages())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_pages_turn_and_stop_at_the_ends(preview: PreviewDialog) -> None:
    assert preview.where.text() == "Page 1 of 3"
    assert not preview.before.isEnabled()
    for _ in range(5):
        QTest.keyClick(preview, Qt.Key.Key_PageDown)
    assert preview.where.text() == "Page 3 of 3"
    assert not preview.after.isEnabled()
    preview.turn(-99)
    assert preview.view.number == 0
    for _ in ZOOMS:
        preview.turn(zoom=1)
    assert preview.percent.text() == "200 %"
    assert not preview.larger.isEnabled()
    assert unnamed(preview) == []


def test_a_page_as_large_as_a_field_is_drawn_small(qapp: QApplication) -> None:
    pages = Pages(pdf(1, (14_000, 14_000)))
    picture = pages.picture(0, 300)
    pages.close()
    assert picture.width() * picture.height() <= MOST_PIXELS * 1.01


def test_what_is_no_pdf_is_refused_with_a_sentence(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="damaged"):
        Pages(b"not a page")


def test_printing_gives_every_page_that_was_asked_for(
    preview: PreviewDialog, tmp_path: Path
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFromTo(2, 3)
    preview.print_to(printer)
    printed = Pages((tmp_path / "printed.pdf").read_bytes())
    assert printed.count == 2
    picture = printed.picture(0, 72)
    printed.close()
    dark = sum(
        picture.pixelColor(x, y).lightness() < 128
        for x in range(picture.width())
        for y in range(picture.height())
    )
    assert dark > 20  # the words are there


@pytest.mark.parametrize("paper", [QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Legal])
def test_pages_are_printed_at_their_own_size_whatever_the_paper(
    qtbot: QtBot, look: QApplication, tmp_path: Path, paper: QPageSize.PageSizeId
) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792), invariant=1)
    canvas.rect(100, 792 - 700, 400, 600, fill=1)  # from (100, 100) to (500, 700)
    canvas.showPage()
    canvas.save()
    dialog = PreviewDialog(buffer.getvalue(), "Form", "form.pdf", Messages())
    qtbot.addWidget(dialog)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(paper))
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_to(printer)
    printed = Pages((tmp_path / "printed.pdf").read_bytes())
    picture = printed.picture(0, 72)
    printed.close()

    def dark(x: int, y: int) -> bool:
        return picture.pixelColor(x, y).lightness() < 128

    across = [x for x in range(picture.width()) if dark(x, 400)]
    down = [y for y in range(picture.height()) if dark(300, y)]
    assert [across[0], across[-1] + 1] == pytest.approx([100, 500], abs=1)
    assert [down[0], down[-1] + 1] == pytest.approx([100, 700], abs=1)


def test_saving_keeps_all_of_the_file_or_says_so(
    qtbot: QtBot, look: QApplication, tmp_path: Path
) -> None:
    messages, heard = Messages(), list[Message]()
    messages.said.connect(heard.append)
    content = pdf(1)
    dialog = PreviewDialog(content, "Statement", "statement.pdf", messages)
    qtbot.addWidget(dialog)
    assert dialog.save_to(tmp_path / "kept.pdf")
    assert (tmp_path / "kept.pdf").read_bytes() == content
    assert not dialog.save_to(tmp_path / "no such folder" / "kept.pdf")
    assert [message.text for message in heard] == ["The pages were not saved there."]
