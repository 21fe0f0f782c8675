"""Forms, questions and the small parts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.dialogs.question import ReasonDialog
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import Card, EmptyState, TitleLine
from fscdesk.ui.forms.chip import AddChip, Chip
from fscdesk.ui.forms.fields import CheckField, ChoiceField, NoteField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.question import Answer, Question, QuestionCard, Questions
from fscdesk.ui.forms.segmented import Segmented
from tests.support.focus import comes_to
from tests.support.named import unnamed

NO_KEYS = Qt.KeyboardModifier.NoModifier
SAME_OR_NEW = (Answer("same", "Same client", "s"), Answer("new", "New client", "n"))


@pytest.fixture
def form(qtbot: QtBot, look: QApplication) -> Form:
    made = Form("Post", "Cancel")
    made.heading("Payment")
    made.row(
        payer=ChoiceField("From", [(7, "FICTA"), (8, "Example East")]), amount=MoneyField("Amount")
    )
    made.row(memo=TextField("Memo", optional=True))
    made.row(note=NoteField("Note", optional=True), ask=CheckField("Ask the payer"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_saving_checks_all_and_focuses_the_first_fault(form: Form) -> None:
    saved: list[bool] = []
    form.saved.connect(lambda: saved.append(True))
    form.save()
    assert saved == []
    assert form.field("payer").sentence.text() == "From is missing."
    assert form.field("amount").sentence.text() == "Amount is missing."
    assert QApplication.focusWidget() is form.field("payer").editor
    form.restore({"payer": "FICTA", "amount": "12.5"})
    form.save()
    assert saved == [True]


def test_a_draft_brings_everything_back(form: Form) -> None:
    draft = {
        "payer": "Example East",
        "amount": "=1+1",
        "memo": "half a se",
        "note": "two\nlines",
        "ask": "yes",
    }
    form.restore(draft)
    kept = form.draft()
    form.restore(dict.fromkeys(draft, ""))
    form.restore(kept)
    assert form.draft() == draft
    payer, amount = form.field("payer"), form.field("amount")
    assert isinstance(payer, ChoiceField)
    assert isinstance(amount, MoneyField)
    assert (payer.value(), amount.value()) == (8, Money(200))


def test_a_services_sentence_stands_under_its_field(form: Form) -> None:
    form.show_faults({"amount": "The check says 251.40."})
    assert form.field("amount").sentence.text() == "The check says 251.40."
    assert form.field("amount").editor.property("faulty")
    assert QApplication.focusWidget() is form.field("amount").editor


def test_a_working_form_takes_no_second_save(form: Form) -> None:
    saved: list[bool] = []
    form.saved.connect(lambda: saved.append(True))
    form.restore({"payer": "FICTA", "amount": "5"})
    form.working("Posting…")
    form.save()
    assert saved == []
    form.rest()
    form.save()
    assert (saved, form.primary.words()) == ([True], "Post")


def test_options_may_change_under_a_choice(qtbot: QtBot) -> None:
    field: ChoiceField[int] = ChoiceField("Payer", [(1, "FICTA"), (2, "Example East")], 2)
    qtbot.addWidget(field)
    field.set_options([(2, "Example East PPO"), (3, "Nowhere")])
    assert field.value() == 2
    field.set_options([(3, "Nowhere")])
    assert field.value() is None
    with pytest.raises(ValueError, match="not in list"):
        field.set_value(1)


@pytest.fixture
def questions(qtbot: QtBot, look: QApplication) -> Questions:
    made = Questions(
        [
            Question("a", "Is “José” the client José?", "1 row waits.", SAME_OR_NEW, "same"),
            Question("b", "Is “Pat” the client Pat?", "2 rows wait.", SAME_OR_NEW, "same"),
            Question("c", "Is “Zoe” the client Zoë?", "1 row waits.", SAME_OR_NEW),
        ]
    )
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_enter_takes_the_suggestion_a_letter_another_answer_and_both_move_on(
    questions: Questions, qtbot: QtBot
) -> None:
    given: list[tuple[str, str]] = []
    questions.answered.connect(lambda question, answer: given.append((question, answer)))
    assert questions.focus_first_open()
    _press("Return")
    comes_to(questions.cards[1])
    _press("n")
    comes_to(questions.cards[2])
    _press("Return")  # nothing is suggested here, so Enter decides nothing
    assert given == [("a", "same"), ("b", "new")]
    with qtbot.waitSignal(questions.finished):
        _press("s")
    assert questions.open_count() == 0
    assert not questions.focus_first_open()


def test_a_held_down_key_never_decides(questions: Questions) -> None:
    questions.focus_first_open()
    for key, words in ((Qt.Key.Key_Return, "\r"), (Qt.Key.Key_N, "n")):
        held = QKeyEvent(
            QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, words, autorep=True
        )
        QApplication.sendEvent(questions.cards[0], held)
    assert questions.open_count() == 3


def test_arrows_and_space_and_a_click_answer_too(questions: Questions) -> None:
    questions.focus_first_open()
    _press("Right")
    _press("Space")
    assert questions.cards[0].chosen == "new"
    _press("Up")
    comes_to(questions.cards[0])
    _press("Return")  # on an answered card Enter keeps the answer
    assert questions.cards[0].chosen == "new"
    card = questions.cards[2]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, NO_KEYS, card._rects()[1].center())
    assert card.chosen == "new"
    assert "answered: New client" in card.accessibleName()


def test_a_recount_keeps_the_focus_on_its_question(questions: Questions) -> None:
    questions.cards[1].setFocus()
    questions.show_questions([card.question for card in reversed(questions.cards)])
    assert [card.question.key for card in questions.cards if card.hasFocus()] == ["b"]
    questions.show_questions([])
    assert questions.isHidden()


def test_chip_tells_clicks_from_clearing(qtbot: QtBot, look: QApplication) -> None:
    chip, told = Chip("Status"), list[str]()
    qtbot.addWidget(chip)
    chip.clicked.connect(lambda: told.append("clicked"))
    chip.cleared.connect(lambda: told.append("cleared"))
    chip.show_value("Denied", is_set=True)
    chip.resize(chip.sizeHint())
    assert chip.accessibleName() == "Status: Denied"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, NO_KEYS, chip._cross().center())
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, NO_KEYS, chip.rect().center())
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    QTest.keyClick(chip, Qt.Key.Key_Return)
    assert told == ["cleared", "clicked", "cleared", "clicked"]


def test_segmented_moves_by_arrows_and_stops_at_the_ends(qtbot: QtBot) -> None:
    control = Segmented("Age by", [("service", "Service"), ("billing", "Billing")])
    qtbot.addWidget(control)
    told: list[str] = []
    control.chosen.connect(told.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(control, key)
    control.resize(control.sizeHint())
    QTest.mouseClick(control, Qt.MouseButton.LeftButton, NO_KEYS, control._rects()[1].center())
    assert told == ["billing", "service", "billing"]
    assert control.accessibleName() == "Age by: Billing"


def test_an_off_button_says_why(qtbot: QtBot) -> None:
    button = Button("Finish March")
    qtbot.addWidget(button)
    button.off_because("The difference is 46.75")
    assert (button.isEnabled(), button.toolTip()) == (False, "The difference is 46.75")
    button.off_because("")
    assert (button.isEnabled(), button.toolTip()) == (True, "")


def test_a_reason_turns_the_button_on(qtbot: QtBot) -> None:
    dialog = ReasonDialog(
        "Reverse?", "Both stay.", "Reverse the entry", "Keep it", ["Wrong client"]
    )
    qtbot.addWidget(dialog)
    assert not dialog.do_it.isEnabled()
    dialog._field.setCurrentText("  ")
    assert not dialog.do_it.isEnabled()
    dialog._field.setCurrentText("Wrong payer ")
    assert dialog.do_it.isEnabled()
    assert dialog.reason() == "Wrong payer"


def test_every_small_part_has_a_name_and_keeps_its_size_in_every_text_size(
    qtbot: QtBot, look: QApplication
) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    title = TitleLine("Sessions", "60 of 2,418")
    title.add(Button("Import", "file-input"), Button("Build claims", "file-text", "primary"))
    badge = Badge(theme.now.billing_status("paid"))
    icon = IconButton("x", "Close")
    chip = Chip("Payer")
    column.addWidget(title)
    for part in (badge, icon, chip, AddChip(), Card("Freshness", "last seen", "Open", str)):
        column.addWidget(part)
    column.addWidget(EmptyState("inbox", "No sessions yet.", "Import files", str))
    column.addWidget(QuestionCard(Question("a", "Same?", "", SAME_OR_NEW)))
    qtbot.addWidget(page)
    page.show()
    assert unnamed(page) == []
    for percent in theme.TEXT_SIZES:
        theme.apply(look, "dark", percent)
        look.processEvents()
        assert badge.height() == theme.now.size.badge == round(22 * percent / 100)
        assert icon.width() == icon.height() == theme.now.size.control_small
        assert chip.size() == chip.sizeHint()
        assert not page.grab().isNull()


def _press(keys: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keySequence(focused, QKeySequence(keys))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_that_has_the_focus(
    qtbot: QtBot, look: QApplication, key: Qt.Key
) -> None:
    pressed: list[str] = []
    whole = QWidget()
    column = QVBoxLayout(whole)
    first = Button("Show its entries", on=lambda: pressed.append("first"))
    off = Button("Close the month", on=lambda: pressed.append("off"))
    off.off_because("It is closed already.")
    for one in (first, off):
        column.addWidget(one)
    qtbot.addWidget(whole)
    whole.show()
    whole.activateWindow()
    first.setFocus()
    comes_to(first)
    QTest.keyClick(first, key)
    assert pressed == ["first"]
    held = QKeyEvent(QKeyEvent.Type.KeyPress, key, NO_KEYS, "", autorep=True)
    QApplication.sendEvent(first, held)
    QTest.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(off, key)
    assert pressed == ["first"]
