"""The patients: the list of all, and the account of one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.paging import Span
from fscdesk.services.patients.queries import (
    PatientFilter,
    PatientRow,
    page_of_patients,
    patient_detail,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.patients.account_page import (
    AccountPage,
    AccountView,
    account_of,
    preview,
)
from fscdesk.ui.screens.patients.asking import VIEW
from fscdesk.ui.screens.patients.list_spec import patients_spec
from fscdesk.ui.screens.patients.new_patient import NewPatientDialog
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart

PLACE = "patients"
EXPLAIN = "explain"
"""What a screen opens an account on to have its balance explained."""
_TOPICS = frozenset(
    {
        Topic.PATIENTS,
        Topic.CLAIMS,
        Topic.LEDGER,
        Topic.SESSIONS,
        Topic.IMPORTS,
        Topic.PAYERS,
        Topic.PROVIDERS,
        Topic.STATEMENTS,
        Topic.COLLECTIONS,
        Topic.INVOICES,
        Topic.NOTES,
        Topic.PAYMENTS,
        Topic.PLANS,
    }
)


def owing_patient(work: Work) -> int | None:
    """Return the patient who owes most, for pictures of an account; None in empty books."""
    page = page_of_patients(work, PatientFilter(), Span(0, 1, "client", descending=True))
    return page.rows[0].id if page.rows else None


class PatientsScreen(Screen):
    """The list and, in its place, one account. Esc goes back to the same row.

    Opened on `patient` (an id) with an optional `tab` (a tab, or EXPLAIN) it shows that
    account; on `view`, `text` or `row` the list.
    """

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.title = shell.practice.patients
        self._today = OfficeDay(shell.practice.zone)
        self._keeping = keeping_in_books()
        self.account: AccountPage | None = None
        self._wanted: tuple[int, str] | None = None
        self._way = ""
        self.list: ListPart[PatientRow] = ListPart(
            shell.desk,
            patients_spec(
                shell.practice,
                add=self._add,
                open_one=self._open,
                statement=self._statement,
                statements=self._statements if shell.has("statements") else None,
            ),
            messages=shell.messages,
            keeping=self._keeping,
            today=self._today,
        )
        self.list.opened.connect(lambda row: self._open(row.id))
        self.list.answered.connect(self._on_answered)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self._save = action(self, "Save", self.save)
        self._save.setVisible(False)
        self._plan = action(self, "Payment plan for this account", self.plan, "Ctrl+L")
        self._plan.setEnabled(False)
        shell.desk.changed.connect(self._on_changed)

    # What the window asks

    def primary(self) -> QAction | None:
        if self.account is None:
            return None
        return self.account.primary() or (self._save if self.account.can_save() else None)

    def new(self) -> None:
        """Begin a client, or on an account a policy or a spelling (Ctrl+N)."""
        if self.account is None:
            self._add()
        elif self.account.new_verb():
            self.account.new()
        else:
            self.shell.messages.info("Nothing new can be begun in this tab.")

    def refresh(self) -> None:
        """Look again (F5)."""
        if self.account is None:
            self.list.refresh()
        else:
            self._look_again()
            self.account.refresh()

    def find_(self) -> None:
        """Find in the list that is in front (Ctrl+F)."""
        (self.list if self.account is None else self.account).find_()

    def export(self) -> None:
        """Export the list that is in front (Ctrl+Shift+E)."""
        (self.list if self.account is None else self.account).export()

    def print_(self) -> None:
        """Preview the statement of the account, or of the current row (Ctrl+P)."""
        row = self.list.view.picking.current_row
        if self.account is not None:
            self.account.statement()
        elif row is not None:
            self._statement(row.id)

    def save(self) -> None:
        """Save the form in front (Ctrl+S)."""
        if self.account is not None:
            self.account.save()

    def explain(self) -> None:
        """Explain the balance of the account (Ctrl+E)."""
        if self.account is not None:
            self.account.explain()

    def plan(self) -> None:
        """Begin a payment plan for the account (Ctrl+L)."""
        if self.account is not None:
            self.account.plan()

    def escape(self) -> bool:
        if self.account is None:
            return self.list.escape()
        if self.account.escape():
            return True
        if self._way == "elsewhere":
            return False
        if self._way == "list":
            self.shell.back()
        else:
            self._show_list()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        return self.list.panes() if self.account is None else self.account.panes()

    def here(self) -> Mapping[str, object]:
        if self.account is not None:
            return {
                "patient": self.account.detail.id,
                "tab": self.account.tabs.current,
                "way": self._way,
            }
        row = self.list.view.picking.current_id
        return {"row": row} if row is not None else {"row": 0}

    def on_shown(self, **what: object) -> None:
        """Show an account (`patient`, `tab`), the list (`row`, `view`, `text`), or as it was.

        `record` is the row of the account's tab that is to be current.
        """
        self._today.learn(self.shell.desk, self)
        patient, row, record = what.get("patient"), what.get("row"), what.get("record")
        if isinstance(patient, int):
            self._way = str(what.get("way", "elsewhere"))
            shown = record if isinstance(record, int) else None
            self._load(patient, str(what.get("tab", "")), shown)
        elif isinstance(row, int):
            self._show_list()
            if row:
                self.list.go_to(row)
        elif "view" in what or "text" in what:
            self._show_list()
            view = str(what.get("view", "all"))
            state = FilterState(text=str(what.get("text", "")))
            if view != "all":
                state = state.with_values(VIEW, (view,))
            self.list.filter_by(state, view)
        else:
            self._way = ""
            self._focus()

    # Going

    def _open(self, patient_id: int) -> None:
        self.shell.open(PLACE, patient=patient_id, way="list")

    def _load(self, patient_id: int, tab: str, record: int | None = None) -> None:
        wanted = self._wanted = (patient_id, tab)
        if self.account is not None and self.account.detail.id == patient_id:
            self._bring(tab, record)
            self._look_again()
            return

        def show(view: AccountView) -> None:
            if self._wanted is wanted:
                self._show_account(view, tab, record)

        self.shell.desk.ask(self, lambda work: account_of(work, patient_id), show, self._not_found)

    def _show_account(self, view: AccountView, tab: str, record: int | None = None) -> None:
        old = self.account
        self.account = AccountPage(self.shell, view, self._today, self._keeping)
        self._plan.setEnabled(True)
        self._stack.addWidget(self.account)
        self._stack.setCurrentWidget(self.account)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self.list.go_to(view.detail.id)
        self._bring(tab, record)

    def _bring(self, tab: str, record: int | None = None) -> None:
        if self.account is not None:
            if tab == EXPLAIN:
                self.account.explain()
            elif tab:
                self.account.open_tab(tab, record)
            self._focus()

    def _show_list(self) -> None:
        self._wanted = None
        old, self.account = self.account, None
        self._plan.setEnabled(False)
        self._stack.setCurrentWidget(self.list)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._focus()

    def _focus(self) -> None:
        self._focus_soon.start()

    def _on_focus(self) -> None:
        if self.isVisible():
            if self.account is None:
                self.list.view.setFocus()
            else:
                self.account.enter()

    # Doing

    def _add(self) -> None:
        dialog = NewPatientDialog(self.shell, self._today, self)
        dialog.added.connect(self._open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _statement(self, patient_id: int) -> None:
        self.shell.desk.ask(
            self,
            lambda work: patient_detail(work, patient_id),
            lambda detail: preview(self.shell, self, detail),
            self.shell.messages.refused,
        )

    def _statements(self) -> None:
        self.shell.open("statements")

    # What happens

    def _on_answered(self) -> None:
        """Make the first row current when the list is shown first: the pane shows an account."""
        if self.list.view.picking.current_id is None and not self.list.state.text:
            self.list.view.picking.go(0)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if self.account is not None and topics & _TOPICS:
            self._look_again()

    def _look_again(self) -> None:
        account = self.account
        if account is None:
            return
        number = account.detail.id

        def show(view: AccountView) -> None:
            if self.account is account:
                account.show_view(view)

        self.shell.desk.ask(self, lambda work: account_of(work, number), show, self._not_found)

    def _not_found(self, fault: BaseException) -> None:
        if isinstance(fault, Problem) and self.account is not None:
            self._show_list()
        self.shell.messages.refused(fault)
