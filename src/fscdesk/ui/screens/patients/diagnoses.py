"""The diagnoses of a patient in the order of a claim: added, ended, put in another order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.icd10 import fault_of, look_up_all, plain
from fscdesk.services.errors import Problem
from fscdesk.services.patients.coverage import (
    DiagnosisRow,
    add_diagnosis,
    end_diagnosis,
    order_diagnoses,
)
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.on_day import DayDialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.bound import sentence_of
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.fields import Sentence
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.diagnosis_field import DiagnosisField
from fscdesk.ui.text import ElidedLabel, Label, day_text


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a code that a patient has, and why a claim may not carry it, if so."""

    words: str = ""
    fault: str = ""


class DiagnosesPart(QWidget):
    """One line for each diagnosis, and a line to add one."""

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shell, self._patient_id, self._today = shell, patient_id, today
        self._rows: tuple[DiagnosisRow, ...] = ()
        self._told: list[tuple[ElidedLabel, Sentence]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        column.addWidget(Line())
        column.addSpacing(4)
        column.addWidget(Label("Diagnoses", "section"))
        self._note = Label("Claims carry them in this order.", "hint", wrap=True)
        column.addWidget(self._note)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column.addLayout(self._lines)
        self.since = DateField("From", today(), today=today)
        window = shell if isinstance(shell, QWidget) else self
        self.code = DiagnosisField(shell.desk, window, lambda: self.since.value() or self._today())
        self.add = Button("Add", compact=False, on=self.code.enter)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.code, 1)
        across.addWidget(self.since, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, theme.now.line("small") + 4, 0, 0)
        foot.addWidget(self.add)
        foot.addStretch(1)
        across.addLayout(foot)
        column.addLayout(across)
        self.code.entered.connect(self._add)
        self.since.changed.connect(self.code.look_again)

    def show_rows(self, rows: tuple[DiagnosisRow, ...]) -> None:
        """Show the diagnoses, in their order."""
        if rows == self._rows and self._lines.count():
            return
        self._rows = rows
        self._told.clear()
        while self._lines.count():
            item = self._lines.takeAt(0)
            line = item.widget() if item is not None else None
            if line is not None:
                line.hide()
                line.deleteLater()
        for place, row in enumerate(rows):
            self._lines.addWidget(self._line(place, row))
        none = "None yet. A claim needs at least one."
        self._note.setText("Claims carry them in this order." if rows else none)
        if rows:
            today = self._today()
            self._shell.desk.ask(
                self, lambda _work: _told_of(rows, today), partial(self._tell, rows)
            )

    def _tell(self, rows: tuple[DiagnosisRow, ...], told: tuple[Told, ...]) -> None:
        """Put words and faults to the lines, if they are still the same ones."""
        if rows == self._rows:
            for (words, fault), one in zip(self._told, told, strict=True):
                words.setText(f"{one.words}{', ' if one.words else ''}{words.text()}")
                fault.say(one.fault)

    def _line(self, place: int, row: DiagnosisRow) -> QWidget:
        line, fault = QWidget(), Sentence()
        down = QVBoxLayout(line)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        across = QHBoxLayout()
        down.addLayout(across)
        down.addWidget(fault)
        across.setSpacing(4)
        until = f" to {day_text(row.valid_to)}" if row.valid_to else ""
        number = Label(f"{place + 1}", "hint")
        number.setFixedWidth(theme.now.px(16))
        across.addWidget(number)
        across.addWidget(Label(row.code, "strong"))
        across.addSpacing(8)
        words = ElidedLabel(f"from {day_text(row.valid_from)}{until}", "small")
        self._told.append((words, fault))
        across.addWidget(words, 1)
        up = IconButton("arrow-up", f"Put {row.code} earlier", on=partial(self._up, place))
        up.setEnabled(place > 0)
        across.addWidget(up)
        end = Button(
            "End…",
            kind="quiet",
            compact=True,
            tip=f"End {row.code}",
            on=partial(self._ask_end, row),
        )
        end.setAccessibleName(f"End {row.code}")
        end.off_because("It has ended." if row.valid_to else "")
        across.addWidget(end)
        return line

    def _add(self) -> None:
        code, since = self.code.value(), self.since.value()
        if not self.since.check() or since is None:
            return
        if not code:
            self.code.show_fault("The code is missing.")
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
            return

        def done(_id: int) -> None:
            self.code.clear()
            self._shell.messages.info(f"{code.upper()} is added.")

        def refused(fault: BaseException) -> None:
            if isinstance(fault, Problem):
                self.code.show_fault(sentence_of(fault))
                self.code.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._shell.messages.refused(fault)

        patient_id = self._patient_id
        self._shell.desk.act(
            self,
            lambda work: add_diagnosis(work, patient_id, code, valid_from=since),
            done,
            refused,
        )

    def _up(self, place: int) -> None:
        order = [row.id for row in self._rows]
        order[place - 1], order[place] = order[place], order[place - 1]
        patient_id = self._patient_id
        self._act(lambda work: order_diagnoses(work, patient_id, order), "The order is saved.")

    def _ask_end(self, row: DiagnosisRow) -> None:
        dialog = DayDialog(
            f"End {row.code}?",
            "Claims for sessions after that day no longer carry it.",
            "Last day",
            ("End it", "Keep it"),
            today=self._today,
            parent=self,
        )
        dialog.accepted.connect(lambda: self._end(row, dialog.day()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _end(self, row: DiagnosisRow, last: date) -> None:
        self._act(
            lambda work: end_diagnosis(work, row, last), f"{row.code} ends on {day_text(last)}."
        )

    def _act(self, change: Callable[[Work], None], sentence: str) -> None:
        messages = self._shell.messages
        self._shell.desk.act(self, change, lambda _none: messages.info(sentence), messages.refused)


def _told_of(rows: Sequence[DiagnosisRow], today: date) -> tuple[Told, ...]:
    """Look the codes up: one in force is judged by today, an ended one by its last day."""
    try:
        known = look_up_all([row.code for row in rows])
        return tuple(
            Told(
                known[plain(row.code)].words if plain(row.code) in known else "",
                fault_of(row.code, row.valid_to or max(today, row.valid_from)),
            )
            for row in rows
        )
    except Problem:  # without the table the codes stand alone; the field says so when it is used
        return tuple(Told() for _row in rows)
