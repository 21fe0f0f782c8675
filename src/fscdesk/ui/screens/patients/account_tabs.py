"""The tabs of an account: which there are, and how each is made when it is opened first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtGui import QGuiApplication

from fscdesk.services.claims.listing import ClaimRow
from fscdesk.services.patients.movements import AccountRow
from fscdesk.services.patients.queries import PatientDetail
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_reading import AccountStanding
from fscdesk.ui.screens.patients.authorizations_tab import AuthorizationsTab
from fscdesk.ui.screens.patients.charge_acts import ChargeActs
from fscdesk.ui.screens.patients.charges_tab import ChargeLine, charges_spec
from fscdesk.ui.screens.patients.claims_tab import claims_spec
from fscdesk.ui.screens.patients.details_tab import DetailsTab
from fscdesk.ui.screens.patients.documents_tab import DocumentsDesk
from fscdesk.ui.screens.patients.invoices_tab import InvoicesTab
from fscdesk.ui.screens.patients.ledger import HIDDEN, ledger_spec
from fscdesk.ui.screens.patients.memo_acts import MemoActs
from fscdesk.ui.screens.patients.memos_tab import MemosTab
from fscdesk.ui.screens.patients.names_tab import NamesTab
from fscdesk.ui.screens.patients.notes_tab import NotesTab
from fscdesk.ui.screens.patients.payments_tab import PaymentsTab
from fscdesk.ui.screens.patients.plan_tab import PlanTab
from fscdesk.ui.screens.patients.policies_tab import PoliciesTab
from fscdesk.ui.screens.patients.sessions_tab import sessions_spec
from fscdesk.ui.screens.patients.statements_tab import StatementsTab
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.list_tab import ListTab

LEDGER, CHARGES, SESSIONS, PAYMENTS = "ledger", "charges", "sessions", "payments"
INVOICES, MEMOS, STATEMENTS, PLAN = "invoices", "memos", "statements", "plan"
DOCUMENTS = "documents"
NOTES, POLICIES, NAMES, DETAILS = "notes", "policies", "names", "details"
CLAIMS, AUTHORIZATIONS = "claims", "authorizations"
Plan = Callable[..., object]


class AccountTabs(TabbedParts):
    """The tabs of one patient's account. ``plan`` begins a payment plan for given charges."""

    def __init__(
        self,
        shell: Shell,
        detail: PatientDetail,
        standing: AccountStanding,
        today: Callable[[], date],
        keeping: Keeping,
        *,
        plan: Plan,
    ) -> None:
        self._shell, self._today = shell, today
        self.detail, self.standing = detail, standing
        self._keeping, self._plan = keeping, plan
        self._at_the_end = False
        super().__init__(
            "Account",
            (
                PartTab(LEDGER, "Ledger", self._ledger),
                PartTab(CHARGES, "Charges", self._charges),
                PartTab(SESSIONS, "Sessions", self._sessions),
                PartTab(CLAIMS, "Claims", self._claims),
                PartTab(PAYMENTS, "Payments", self._payments),
                PartTab(INVOICES, "Invoices", self._invoices),
                PartTab(POLICIES, "Policies", self._policies),
                PartTab(AUTHORIZATIONS, "Authorizations", self._authorizations),
                PartTab(MEMOS, "Credit memos", self._memos),
                PartTab(STATEMENTS, "Statements", self._statements),
                PartTab(PLAN, "Plan", self._plans),
                PartTab(DOCUMENTS, "Documents", self._documents),
                PartTab(NOTES, "Notes", self._notes),
                PartTab(NAMES, "Names", self._names),
                PartTab(DETAILS, "Details", self._details),
            ),
        )
        self._charge_acts = ChargeActs(shell, self)
        self._memo_acts = MemoActs(shell, self, detail.id, detail.name, today)

    def session_of_current(self) -> int | None:
        """Return the session of the charge that is current in the tab of charges."""
        part = self.made.get(CHARGES) if self.current == CHARGES else None
        row = part.list.view.picking.current_row if isinstance(part, ListTab) else None
        return row.session_id if isinstance(row, ChargeLine) else None

    def _charges(self) -> Part:
        spec = charges_spec(self._shell, self.detail.id, self._charge_acts, self._plan)
        tab: ListTab[ChargeLine] = ListTab(self._shell, spec, keeping=self._keeping)
        if self._shell.has("sessions"):
            tab.list.opened.connect(self._open_charge)
        return tab

    def _payments(self) -> Part:
        pays = self.detail.guarantor
        return PaymentsTab(self._shell, pays.id, pays.fields.name, self._keeping, self)

    def _invoices(self) -> Part:
        make = partial(self._charge_acts.invoice_account, self.detail.id)
        return InvoicesTab(
            self._shell, self.detail.id, self._keeping, make, self, self._memo_acts.issue
        )

    def _memos(self) -> Part:
        return MemosTab(self._shell, self.detail.id, self._keeping, self._memo_acts)

    def _statements(self) -> Part:
        pays = self.detail.guarantor
        return StatementsTab(self._shell, pays.id, pays.fields.name, self._keeping)

    def _plans(self) -> Part:
        return PlanTab(
            self._shell,
            self.detail.guarantor.id,
            self._keeping,
            self._plan,
            self,
            self._today,
            lambda plan_id: self._plan(replaces=plan_id),
        )

    def _documents(self) -> Part:
        return DocumentsDesk(
            self._shell,
            self.detail.id,
            self.detail.guarantor.id,
            self._keeping,
            self,
            self._today,
        )

    def _notes(self) -> Part:
        return NotesTab(self._shell, self.detail.id, self._keeping)

    def _open_charge(self, row: ChargeLine) -> None:
        if row.session_id is not None:
            self._open_session(row.session_id)

    def _ledger(self) -> Part:
        shell = self._shell
        spec = ledger_spec(
            shell.practice,
            self.detail.id,
            self.detail.header.payer,
            open_session=self._open_session if shell.has("sessions") else None,
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

    def _claims(self) -> Part:
        spec = claims_spec(self._shell.practice, self.detail.id)
        tab: ListTab[ClaimRow] = ListTab(self._shell, spec, keeping=self._keeping)
        if self._shell.has("claim"):
            tab.list.opened.connect(lambda row: self._shell.open("claim", claim=row.id))
        return tab

    def _authorizations(self) -> Part:
        return AuthorizationsTab(self._shell, self.detail.id, self._today, self._keeping)

    def _policies(self) -> Part:
        return PoliciesTab(self._shell, self.detail.id, self._today, self._keeping)

    def _names(self) -> Part:
        return NamesTab(self._shell, self.detail.id, self.detail.name, self._keeping)

    def _details(self) -> Part:
        return DetailsTab(self._shell, self.detail, self.standing, self._today)

    def _open_session(self, session_id: int) -> None:
        self._shell.open("sessions", session=session_id)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._shell.messages.info("The explanation is copied.")
