"""Explain this balance: the pane beside the account, from each open charge to now (Ctrl+E)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fscdesk.services.billing.explaining import Explanation, Step, Told, explain
from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button, IconButton
from fscdesk.ui.forms.card import EmptyState, Line
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.explain_giving import ExplainGiving, Identity
from fscdesk.ui.screens.patients.explained_list import ExplainedList, spoken
from fscdesk.ui.tables.button_foot import ButtonFoot
from fscdesk.ui.tables.detail import Figure
from fscdesk.ui.tables.detail_pane import FigureWell
from fscdesk.ui.text import ElidedLabel, Label, day_text

WIDE, SIDE = 408, 16
TOPICS = frozenset({Topic.LEDGER, Topic.SESSIONS, Topic.PAYMENTS, Topic.PLANS, Topic.IMPORTS})
OpenSource = Callable[[Told, Step | None], object]


class ExplainPane(QWidget):
    """One sentence for each movement, the newest open charge first, with the running sum.

    It looks again when the books change. ``open_source`` opens what a sentence comes from.
    """

    closed = Signal()

    def __init__(
        self, shell: Shell, patient_id: int, open_source: OpenSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shell, self.patient_id = shell, patient_id
        self.giving = ExplainGiving(shell, self)
        self.found: Explanation | None = None
        self._session: int | None = None
        self._asking: Latest[Explanation] = Latest(
            shell.desk, self, self._show, shell.messages.refused
        )
        self._build(open_source)
        self.setAccessibleName("Explain this balance")
        shell.desk.changed.connect(self._on_changed)
        theme.changed.connect(self._fit)
        self._fit()

    # For the account

    def start(self, session_id: int | None = None) -> None:
        """Ask for the sentences and take the focus; the cursor goes to a session's charge."""
        self._session = session_id
        self.setVisible(True)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        patient_id = self.patient_id
        self._asking.ask(lambda work: explain(work, patient_id=patient_id))

    def waiting(self) -> bool:
        """Whether the sentences are on their way."""
        return self._asking.waiting

    def print_(self) -> None:
        """Print the sentences of the charge with the cursor, as the client's page."""
        if self.found is not None and self.found.charges:
            self.giving.print_(self.patient_id, self.list.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(theme.now.px(WIDE), 400)

    # Building

    def _build(self, open_source: OpenSource) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(SIDE, 0, SIDE, 0)
        self.heading = ElidedLabel("Explain this balance", "section")
        head.addWidget(self.heading, 1)
        head.addWidget(IconButton("x", "Close", key="Esc", on=self.closed.emit))
        column.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(SIDE, 0, SIDE, 4)
        self.line = ElidedLabel("", "hint")
        self.well = FigureWell()
        self.well.hide()
        self.identity = Label("", "small", wrap=True)
        self.identity.hide()
        for part in (self.line, self.well, self.identity):
            inner.addWidget(part)
        column.addLayout(inner)
        column.addWidget(self._columns())
        column.addWidget(Line())
        self.list = ExplainedList()
        self.list.opened.connect(open_source)
        self.list.moved.connect(self._follow)
        self.area = QScrollArea()
        self.area.setWidget(self.list)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.list.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        column.addWidget(self.area, 1)
        self.nothing = EmptyState("circle-check", "Nothing is open on this account.")
        self.nothing.hide()
        column.addWidget(self.nothing, 1)
        column.addWidget(Line())
        below = QVBoxLayout()
        below.setContentsMargins(SIDE, 6, SIDE, 0)
        below.addWidget(
            Label("Each sentence is one entry. → goes into it, Enter opens it.", "hint")
        )
        self.foot = ButtonFoot()
        self.print_button = Button(
            "Print for the client", "printer", "primary", tip="Ctrl+Enter", on=self.print_
        )
        self.email_button = Button("E-mail as a file…", "mail", on=self._email)
        self.copy_button = Button("Copy text", "copy", on=self._copy)
        self.who_button = Button("Who is calling?", "user", on=self._identify)
        self.who_button.setToolTip("Shows date of birth and phone; that is put on record")
        self.foot.show_buttons(
            (self.print_button, self.email_button, self.copy_button, self.who_button)
        )
        below.addWidget(self.foot)
        column.addLayout(below)

    def _columns(self) -> QWidget:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(SIDE, 2, 22, 2)
        line.addWidget(Label("Newest open charge first", "caption"), 1)
        for words in ("Change", "Open after"):
            label = Label(words, "caption")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(theme.now.px(68))
            line.addWidget(label)
        return whole

    def _fit(self) -> None:
        self.setFixedWidth(theme.now.px(WIDE))

    # What happens

    def _show(self, found: Explanation) -> None:
        self.found = found
        word = self._shell.practice.patient
        self.line.setText(f"{found.patient}, as of {day_text(found.as_of)}")
        figures = [
            Figure(f"{word} owes", found.client_owes),
            Figure(_payers(found), found.payer_owes),
            Figure("In all", found.total),
        ]
        if found.at_agency:
            figures.append(Figure("At an agency", found.at_agency))
        self.well.show_figures(tuple(figures))
        self.list.show_told(found)
        self.nothing.setVisible(not found.charges)
        self.area.setVisible(bool(found.charges))
        if self._session is not None:
            self.list.go_to_session(self._session)
            self._session = None
        self._follow()

    def _follow(self) -> None:
        told = self.list.current
        reason = "" if told is not None else "Nothing is open, so there is nothing to explain."
        if told is not None and told.charge_id is not None and not told.client:
            reason = f"Nothing of it is the {self._shell.practice.patient.lower()}’s to pay."
        for button in (self.print_button, self.email_button):
            button.off_because(reason)
        self.copy_button.off_because("" if told is not None else reason)

    def _email(self) -> None:
        self.giving.email(self.patient_id, self.list.current)

    def _copy(self) -> None:
        if self.found is not None:
            QGuiApplication.clipboard().setText(spoken(self.found))
            self._shell.messages.info("The explanation is copied.")

    def _identify(self) -> None:
        self.giving.identity(self.patient_id, self._show_identity)

    def _show_identity(self, found: Identity) -> None:
        born = day_text(found.birth_date) or "not known"
        self.identity.setText(f"Born {born}, phone {found.phone or 'not known'}.")
        self.identity.show()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & TOPICS and self.isVisible():
            self._asking.again()


def _payers(found: Explanation) -> str:
    """Return who owes the payers' part: the one payer by name, else all of them."""
    names = {one.payer_name for one in found.charges if one.payer and one.payer_name}
    return f"{names.pop()} owes" if len(names) == 1 else "Payers owe"
