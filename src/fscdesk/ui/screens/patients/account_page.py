"""The account of one patient: the one place for his position, and for everything it comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.models.values import GuarantorId
from fscdesk.services.billing.statements import preview_statement
from fscdesk.services.patients.movements import AccountRow
from fscdesk.services.patients.queries import PatientDetail
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.services.work import Work
from fscdesk.ui.forms.card import Line
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_head import AccountHead
from fscdesk.ui.screens.patients.details_tab import DetailsTab
from fscdesk.ui.screens.patients.figures import AccountFigure, FigureStrip
from fscdesk.ui.screens.patients.ledger import HIDDEN, ledger_spec
from fscdesk.ui.screens.patients.names_tab import NamesTab
from fscdesk.ui.screens.patients.policies_tab import PoliciesTab
from fscdesk.ui.screens.patients.sessions_tab import sessions_spec
from fscdesk.ui.screens.patients.wording import (
    client_hint,
    has_statement,
    payer_hint,
    payment_hint,
    statement_hint,
)
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.list_tab import ListTab

LEDGER, SESSIONS, POLICIES, NAMES, DETAILS = "ledger", "sessions", "policies", "names", "details"


class AccountPage(Part):
    """Title, figures, tabs. Made for one patient; `show_detail` brings it up to date."""

    def __init__(
        self,
        shell: Shell,
        detail: PatientDetail,
        today: Callable[[], date],
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shell, self._today, self._keeping = shell, today, keeping
        self.detail = detail
        self._at_the_end = False
        self.head = AccountHead(shell.practice, self.statement)
        self.figures = FigureStrip()
        self.figures.chosen.connect(self.open_tab)
        self.tabs = TabbedParts(
            "Account",
            (
                PartTab(LEDGER, "Ledger", self._ledger),
                PartTab(SESSIONS, "Sessions", self._sessions),
                PartTab(POLICIES, "Policies", self._policies),
                PartTab(NAMES, "Names", self._names),
                PartTab(DETAILS, "Details", self._details),
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, Line(), self.figures):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)
        self.show_detail(detail)
        self.tabs.open(LEDGER)

    # For the screen

    def show_detail(self, detail: PatientDetail) -> None:
        """Show the patient as he stands now; lists look again by themselves."""
        self.detail = detail
        header, word = detail.header, self._shell.practice.patient
        self.head.show_detail(detail)
        payer = "payer" if header.payer == "Payer" else header.payer
        balance = f"{word.lower()} + {payer}" + (" − credit" if header.unapplied else "")
        credit_hint = "to be applied" if header.unapplied else "nothing to apply"
        self.figures.show_figures(
            (
                AccountFigure(f"{word} owes", header.client_owes, client_hint(header), SESSIONS),
                AccountFigure(
                    f"{header.payer} owes", header.payer_owes, payer_hint(header), SESSIONS
                ),
                AccountFigure("Account balance", header.balance, balance, LEDGER),
                AccountFigure("Unapplied credit", header.unapplied, credit_hint, LEDGER),
                AccountFigure("Last payment", header.last_payment, payment_hint(header), LEDGER),
                AccountFigure("Last statement", header.last_statement_due, statement_hint(header)),
            )
        )
        self.tabs.show_counts(
            {
                SESSIONS: header.sessions,
                POLICIES: len(detail.policies),
                NAMES: len(detail.aliases),
            }
        )
        details = self.tabs.made.get(DETAILS)
        if isinstance(details, DetailsTab):
            details.show_detail(detail)

    def open_tab(self, key: str) -> None:
        """Bring a tab to the front and put the cursor into it."""
        if key in self.tabs.tabs.keys:
            self.tabs.open(key)
            self.tabs.enter()

    def statement(self) -> None:
        """Preview the statement of who pays, as of today; nothing is kept."""
        detail = self.detail
        if not has_statement(detail.header):
            self._shell.messages.info(f"{detail.name} has no sessions, so there is no statement.")
            return
        preview(self._shell, self, detail)

    def explain(self) -> None:
        """Explain the balance after the current movement (Ctrl+E)."""
        self.tabs.open(LEDGER)
        part = self.tabs.part
        if isinstance(part, ListTab):
            if not part.list.pane_shown:
                part.list.toggle_pane()
            if part.list.view.picking.current_row is None:
                part.list.view.picking.do("last")

    # The part in front

    def new_verb(self) -> str:
        return self.tabs.new_verb()

    def new(self) -> None:
        self.tabs.new()

    def save(self) -> None:
        self.tabs.save()

    def can_save(self) -> bool:
        return self.tabs.can_save()

    def find_(self) -> None:
        self.tabs.find_()

    def refresh(self) -> None:
        self.tabs.refresh()

    def export(self) -> None:
        self.tabs.export()

    def escape(self) -> bool:
        return self.tabs.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.tabs.panes()

    def enter(self) -> None:
        self.tabs.enter()

    # Tabs

    def _ledger(self) -> Part:
        shell = self._shell
        go = self._open_session if shell.has("sessions") else None
        spec = ledger_spec(
            shell.practice,
            self.detail.id,
            self.detail.header.payer,
            open_session=go,
            copy=self._copy,
        )
        tab: ListTab[AccountRow] = ListTab(shell, spec, keeping=self._keeping)
        tab.list.filter_by(HIDDEN)
        tab.list.answered.connect(lambda: self._to_the_end(tab.list))
        return tab

    def _to_the_end(self, ledger: ListPart[AccountRow]) -> None:
        """Make the newest movement current when the ledger is shown first: it is at the foot."""
        last = ledger.model.total - 1
        if self._at_the_end or last < 0:
            return
        if ledger.model.row_at(last) is None:
            ledger.view.scrollToBottom()  # what is looked at is asked for
            return
        self._at_the_end = True
        ledger.view.picking.go(last)

    def _sessions(self) -> Part:
        spec = sessions_spec(self._shell.practice, self.detail.id)
        tab: ListTab[SessionRow] = ListTab(self._shell, spec, keeping=self._keeping)
        if self._shell.has("sessions"):
            tab.list.opened.connect(lambda row: self._open_session(row.id))
        return tab

    def _policies(self) -> Part:
        return PoliciesTab(self._shell, self.detail.id, self._today, self._keeping)

    def _names(self) -> Part:
        return NamesTab(self._shell, self.detail.id, self.detail.name, self._keeping)

    def _details(self) -> Part:
        return DetailsTab(self._shell, self.detail, self._today)

    def _open_session(self, session_id: int) -> None:
        self._shell.open("sessions", session=session_id)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._shell.messages.info("The explanation is copied.")


def preview(shell: Shell, owner: QWidget, detail: PatientDetail) -> None:
    """Show the statement of the guarantor of a patient as of today."""
    number, pays = detail.guarantor.number, GuarantorId(detail.guarantor.id)

    def draw(work: Work) -> tuple[bytes, date]:
        day = work.today()
        return preview_statement(work, as_of=day, guarantor_id=pays), day

    def show(drawn: tuple[bytes, date]) -> None:
        pdf, day = drawn
        title = f"Statement of {detail.guarantor.fields.name}"
        shell.preview(pdf, title, f"statement-{number}-{day.isoformat()}.pdf")

    shell.desk.ask(owner, draw, show, shell.messages.refused)
