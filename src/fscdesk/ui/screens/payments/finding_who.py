"""Finds who paid, or whose money it is: clients with who pays for them, and payers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold
from fscdesk.services.patients.queries import PatientFilter, PatientRow, page_of_patients
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import reason_field
from fscdesk.ui.forms.fields import Field, TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec

FIND_AFTER_MS = 120
MOST = 200
_INTO = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Who:
    """A client with the guarantor who pays, or a payer. ``payer`` is the name of who pays."""

    id: int
    name: str
    number: str
    payer: str
    guarantor_id: int | None
    patient_id: int | None
    payer_id: int | None


class WhoDialog(ActDialog):
    """A field, the list of what is found, a reason, and more fields where there are any.

    Typing finds, Down goes on to the rows, Enter goes on to the next field.
    """

    def __init__(
        self,
        shell: Shell,
        title: str,
        sentence: str,
        verbs: tuple[str, str],
        parent: QWidget | None = None,
        *,
        with_payers: bool = True,
    ) -> None:
        super().__init__(title, sentence, verbs[0], verbs[1], parent)
        self.setFixedWidth(theme.now.size.dialog_medium)
        self.field = TextField("Find", optional=True, example="Name or number")
        self.list: ListPart[Who] = ListPart(
            shell.desk, _spec(shell.practice.patient, with_payers=with_payers)
        )
        self.list.setMinimumHeight(theme.now.px(200))
        self.reason = reason_field()
        self._checked: list[Field] = []
        self._going_on = False
        self.fields.addWidget(self.field)
        self.fields.addWidget(self.list, 1)
        self._below = 0
        self.add(self.reason)
        self._below = 1
        self._pause = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._pause.timeout.connect(self._find)
        self.field.edit.textEdited.connect(lambda _text: self._pause.start())
        self.field.edit.installEventFilter(self)
        self.list.opened.connect(lambda _row: self._go_on())
        self.list.current_changed.connect(lambda _row: self._look())
        self.list.answered.connect(self._on_answered)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def add(self, *fields: Field) -> None:
        """Add fields between the list and the reason, each checked before the act."""
        for field in fields:
            self._checked.append(field)
            self.fields.insertWidget(self.fields.count() - self._below, field)
            if field is not self.reason:
                QWidget.setTabOrder(self.list, field.editor)
                QWidget.setTabOrder(field.editor, self.reason.editor)

    def who(self) -> Who:
        """Who is chosen; only after ``wanted``."""
        found: Who = self.list.view.picking.current_row
        return found

    def accept(self) -> None:
        faulty = [one for one in self._checked if not one.check()]
        self.fit()
        if faulty:
            faulty[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QLineEdit) and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress and not event.modifiers()
            if pressed and event.key() in _INTO and self.list.model.total:
                self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if pressed and event.key() in _ENTER:
                self._going_on = True
                self._go_on_when_found()
                return True
        return super().eventFilter(watched, event)

    def _go_on_when_found(self) -> None:
        """Go on as soon as what is on view is what was typed."""
        found = self.list.model.settled and self.list.state.text == self.field.value()
        if self._going_on and found and not self._pause.isActive():
            self._go_on()

    def _go_on(self) -> None:
        self._going_on = False
        if self.list.view.picking.current_row is not None:
            first = self._checked[1 if len(self._checked) > 1 else 0]
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _find(self) -> None:
        self.list.go_to(None)
        self.list.filter_by(FilterState(text=self.field.value()))

    def _on_answered(self) -> None:
        if self.list.view.picking.current_row is None and self.list.model.total:
            self.list.view.picking.go(0)
        self._look()
        self._go_on_when_found()

    def _look(self) -> None:
        chosen = self.list.view.picking.current_row
        self.judge("" if chosen is not None else "Choose one first")


def _spec(patient: str, *, with_payers: bool) -> ListSpec[Who]:
    columns: tuple[Column[Who], ...] = (
        Column("name", patient, lambda row: row.name, names=True, sortable=False),
        Column("number", "Number", lambda row: row.number, width=84, sortable=False),
        Column("pays", "Who pays", lambda row: row.payer, width=170, sortable=False),
    )
    noun = patient.lower()
    return ListSpec(
        key="find-who",
        name=f"{patient}s",
        columns=columns,
        query=lambda work, state, span: _page(work, state, span, with_payers=with_payers),
        noun=(noun, f"{noun}s"),
        ticking=False,
        totals=False,
        title=False,
        line=False,
        empty=Empty(f"There is no {noun} yet.", "users"),
        none_words=lambda state: f"Nobody has “{state.text}” in the name or number.",
    )


def _page(work: Work, state: FilterState, span: Span, *, with_payers: bool) -> Page[Who]:
    wanted = PatientFilter(text=state.text.strip())
    found = [_of_client(row) for row in page_of_patients(work, wanted, Span(0, MOST, "name")).rows]
    if with_payers:
        words = fold(state.text).split()
        found = [
            Who(
                -row.id, row.fields.name, row.fields.payer_code, row.fields.name, None, None, row.id
            )
            for row in payers(work)
            if words and all(word in fold(row.fields.name) for word in words)
        ] + found
    part = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), part, {})


def _of_client(row: PatientRow) -> Who:
    return Who(row.id, row.name, row.number, row.guarantor, row.guarantor_id, row.id, None)
