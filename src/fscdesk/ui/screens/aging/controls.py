"""The line above the matrix: the day, how to age, what a row is, how wide the buckets are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from fscdesk.services.reports.aging_sums import AgeBy, By
from fscdesk.ui import icons, theme
from fscdesk.ui.actions import Menu
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.chip import Chip
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.screens.aging.day_popup import DayPopup
from fscdesk.ui.screens.aging.question import AGES, WIDTHS, Question
from fscdesk.ui.text import Label, day_text

GAP, BELOW = 12, 12


class FindField(QLineEdit):
    """Finds a row while typed in; Enter goes to the next one, Esc and Down back to the rows."""

    leave = Signal()
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(placeholderText="Find a row")
        self.setAccessibleName("Find a row")
        self.setProperty("compact", True)
        glass = QAction(icons.icon("search", "text3", 14), "Find a row", self)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.leave.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(170), super().sizeHint().height())


class Controls(QWidget):
    """Shows a ``Question`` and tells when a person changed it. Wraps where the line is narrow."""

    changed = Signal(object)
    """Question."""

    def __init__(self, patient: str) -> None:
        super().__init__()
        self._question = Question()
        self._today: date | None = None
        self._popup: DayPopup | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.day = Chip("As of", "…")
        self.ages = Segmented("Age by", [(age.value, word) for age, word in AGES.items()])
        self.rows = Segmented(
            "Rows",
            [
                (By.PAYER.value, "Payer"),
                (By.PATIENT.value, patient),
                (By.GUARANTOR.value, "Guarantor"),
                (By.PROVIDER.value, "Clinician"),
                (By.SESSION.value, "Session"),
            ],
        )
        self.width_chip = Chip("Buckets", "30 days")
        self.field = FindField()
        self._groups = [
            self._group(self.day),
            self._group(Label("Age by", "small"), self.ages),
            self._group(Label("Rows", "small"), self.rows),
            self._group(self.field),
        ]
        self._last = self._group(self.width_chip)
        self.day.clicked.connect(self.pick_day)
        self.day.cleared.connect(lambda: self._change(replace(self._question, as_of=None)))
        self.ages.chosen.connect(
            lambda key: self._change(replace(self._question, age_by=AgeBy(key)))
        )
        self.rows.chosen.connect(lambda key: self._change(replace(self._question, by=By(key))))
        self.width_chip.clicked.connect(self._pick_width)
        theme.changed.connect(self._place)

    def show_question(self, question: Question, today: date | None) -> None:
        """Show a question without telling."""
        self._question = question
        self._today = today or self._today
        day = question.as_of or self._today
        self.day.show_value(day_text(day) or "…", is_set=question.as_of is not None)
        self.ages.set_value(question.age_by.value)
        self.rows.set_value(question.by.value)
        self.width_chip.show_value(f"{question.bucket_days} days", is_set=False)
        self._place()

    def pick_day(self) -> None:
        """Open the popup of the day."""
        if self._today is None:
            return
        popup = DayPopup(self._question.as_of or self._today, self._today, self)
        popup.picked.connect(lambda day: self._change(replace(self._question, as_of=day)))
        popup.closed.connect(popup.deleteLater)
        popup.open_under(self.day)
        self._popup = popup

    def seek(self, text: str = "") -> None:
        """Open the find field, with ``text`` at its end."""
        self.field.show()
        self._groups[-1].show()
        self._place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.field.insert(text)
        else:
            self.field.selectAll()

    def end_finding(self) -> bool:
        """Fold the find field; False if it was folded."""
        was = not self.field.isHidden()
        self.field.hide()
        self.field.clear()
        self._place()
        return was

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.now.px(420), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _group(self, *parts: QWidget) -> QWidget:
        made = QWidget(self)
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for part in parts:
            line.addWidget(part)
        return made

    def _place(self) -> None:
        """Put the groups in lines, the buckets at the right end of the last one."""
        high = theme.now.size.control_small
        x, y, right = LEFT, 0, self.width() - RIGHT
        shown = [group for group in self._groups if group is not self._groups[-1]]
        if not self.field.isHidden():
            shown.append(self._groups[-1])
        self._groups[-1].setVisible(not self.field.isHidden())
        for group in (*shown, self._last):
            wide = group.sizeHint().width()
            if x > LEFT and x + wide > right:
                x, y = LEFT, y + high + 8
            at = max(x, right - wide) if group is self._last else x
            group.setGeometry(at, y, wide, high)
            x += wide + GAP
        self.setFixedHeight(y + high + BELOW)

    def _pick_width(self) -> None:
        menu = Menu(self)
        for days in WIDTHS:
            line = menu.add(
                f"{days} days",
                lambda days=days: self._change(  # type: ignore[misc]
                    replace(self._question, bucket_days=days)
                ),
            )
            line.setCheckable(True)
            line.setChecked(days == self._question.bucket_days)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.width_chip.mapToGlobal(QPoint(0, self.width_chip.height() + 4)))

    def _change(self, question: Question) -> None:
        if question != self._question:
            self.show_question(question, self._today)
            self.changed.emit(question)
