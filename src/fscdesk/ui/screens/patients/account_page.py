"""The account of one patient: the one place for his position, and for everything it comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import GuarantorId, Money
from fscdesk.services.billing.explaining import Step, Told
from fscdesk.services.billing.statements import preview_statement
from fscdesk.services.ledger.sources import DocumentOf
from fscdesk.services.patients.queries import PatientDetail, patient_detail
from fscdesk.services.work import Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.card import Line
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.account_head import AccountHead
from fscdesk.ui.screens.patients.account_reading import AccountStanding, standing_of
from fscdesk.ui.screens.patients.account_tabs import (
    AUTHORIZATIONS,
    CHARGES,
    CLAIMS,
    DETAILS,
    INVOICES,
    LEDGER,
    MEMOS,
    NAMES,
    NOTES,
    PAYMENTS,
    PLAN,
    POLICIES,
    SESSIONS,
    STATEMENTS,
    AccountTabs,
)
from fscdesk.ui.screens.patients.details_tab import DetailsTab
from fscdesk.ui.screens.patients.document_acts import DocumentActs
from fscdesk.ui.screens.patients.explain_pane import ExplainPane
from fscdesk.ui.screens.patients.figures import AccountFigure, FigureStrip
from fscdesk.ui.screens.patients.one_primary import OnePrimary
from fscdesk.ui.screens.patients.plan_wizard import PlanWizard
from fscdesk.ui.screens.patients.wording import (
    client_hint,
    client_owes,
    has_statement,
    payer_hint,
    payment_hint,
    plan_hint,
    statement_hint,
)
from fscdesk.ui.tabbed_parts import TabbedParts
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.text import day_text

__all__ = ["AccountPage", "AccountView", "account_of", "preview"]
_WAYS_ONLY = frozenset({LEDGER, CHARGES, SESSIONS, CLAIMS})
"""Tabs whose panes lead to other places and do nothing themselves."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """Everything that stands over an account and in its forms."""

    detail: PatientDetail
    standing: AccountStanding


def account_of(work: Work, patient_id: int) -> AccountView:
    """Return an account as its page shows it. Raises Problem when there is none."""
    return AccountView(patient_detail(work, patient_id), standing_of(work, patient_id))


class AccountPage(Part):
    """Title, figures, tabs; the explanation beside them, the plan wizard in their place.

    Made for one patient; `show_view` brings it up to date.
    """

    def __init__(
        self,
        shell: Shell,
        view: AccountView,
        today: Callable[[], date],
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shell = shell
        self.detail, self.standing = view.detail, view.standing
        self._came_from: QWidget | None = None
        self._within: list[TabbedParts] = []
        self.papers = DocumentActs(shell, self, view.detail.id, today)
        self.head = AccountHead(shell, self.statement, self.papers.superbill, self.enter_payment)
        self.figures = FigureStrip()
        self.figures.chosen.connect(self.open_tab)
        self.tabs = AccountTabs(shell, view.detail, view.standing, today, keeping, plan=self.plan)
        self.explain_pane = ExplainPane(shell, view.detail.id, self._open_source)
        self.explain_pane.hide()
        self.explain_pane.closed.connect(self.close_explanation)
        self.wizard = PlanWizard(shell, view.detail.id, today)
        self.wizard.done.connect(self._on_planned)
        self.wizard.left.connect(self._leave_wizard)
        self._print = action(self, "Print the explanation", self.explain_pane.print_)
        self._print.setVisible(False)
        self._build()
        self._filled = OnePrimary(self, (self.explain_pane,))
        self.tabs.opened.connect(self._on_tab)
        self.show_view(view)
        self.tabs.open(LEDGER)

    # For the screen

    def show_view(self, view: AccountView) -> None:
        """Show the patient as he stands now; lists look again by themselves."""
        detail, standing = self.detail, self.standing = view.detail, view.standing
        header, word = detail.header, self._shell.practice.patient
        self.tabs.detail, self.tabs.standing = detail, standing
        self.head.show_account(detail, standing)
        payer = "payer" if header.payer == "Payer" else header.payer
        balance = f"{word.lower()} + {payer}"
        credit_hint = "to be applied" if header.unapplied else "nothing to apply"
        figures = [
            AccountFigure(f"{word} owes", client_owes(header), client_hint(header), SESSIONS),
            AccountFigure(f"{header.payer} owes", header.payer_owes, payer_hint(header), SESSIONS),
            AccountFigure("Account balance", header.balance, balance, LEDGER),
            AccountFigure("Unapplied credit", header.unapplied, credit_hint, PAYMENTS),
            AccountFigure("Last payment", header.last_payment, payment_hint(header), PAYMENTS),
            AccountFigure(
                "Last statement", header.last_statement_due, statement_hint(header), STATEMENTS
            ),
        ]
        due: Money | None = standing.due_now if standing.plan else None
        figures.append(AccountFigure("Due now, plan", due, plan_hint(standing), PLAN))
        self.figures.show_figures(tuple(figures))
        self.tabs.show_counts(
            {
                SESSIONS: header.sessions,
                PAYMENTS: standing.payments,
                INVOICES: standing.invoices,
                MEMOS: standing.memos,
                PLAN: standing.plans,
                NOTES: len(standing.notes),
                POLICIES: len(detail.policies),
                CLAIMS: standing.claims,
                AUTHORIZATIONS: standing.authorizations,
                NAMES: len(detail.aliases),
            }
        )
        details = self.tabs.made.get(DETAILS)
        if isinstance(details, DetailsTab):
            details.show_account(detail, standing)

    def show_detail(self, detail: PatientDetail) -> None:
        """Show another reading of the same patient, with what else stood over him."""
        self.show_view(AccountView(detail, self.standing))

    def open_tab(self, key: str, record: int | None = None) -> None:
        """Bring a tab to the front and put the cursor into it, on a record of its list."""
        if key in self.tabs.tabs.keys:
            self._leave_wizard()
            self.tabs.open(key)
            part = self.tabs.part
            if record is not None and isinstance(part, ListTab | ListAndForm):
                part.list.go_to(record)
            self.tabs.enter()

    def statement(self) -> None:
        """Preview the statement of who pays, as of today; nothing is kept."""
        detail = self.detail
        if not has_statement(detail.header):
            self._shell.messages.info(f"{detail.name} has no sessions, so there is no statement.")
            return
        preview(self._shell, self, detail)

    def enter_payment(self) -> None:
        """Go to the entry of a payment of who pays here."""
        self._shell.open("payment-entry", guarantor_id=self.detail.guarantor.id)

    def explain(self) -> None:
        """Explain the balance beside the tabs, newest open charge first (Ctrl+E)."""
        self._leave_wizard()
        focused = QApplication.focusWidget()
        if focused is not None and not self.explain_pane.isAncestorOf(focused):
            self._came_from = focused
        self.rule.show()
        self.explain_pane.start(self.tabs.session_of_current())

    def close_explanation(self) -> None:
        """Close the explanation; the focus goes back to where it was."""
        self.explain_pane.hide()
        self.rule.hide()
        before, self._came_from = self._came_from, None
        if before is not None and before.isVisible() and self.isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tabs.enter()

    def plan(self, charge_ids: Collection[int] = (), *, replaces: int | None = None) -> None:
        """Begin a payment plan for what is open, for given charges, or in place of another."""
        if not self.planning():
            self._body.setCurrentWidget(self.wizard)
            self.head.show_payment(on=False)
            self.wizard.start(charge_ids, replaces=replaces)
        else:
            self.wizard.begin()

    def planning(self) -> bool:
        """Whether the plan wizard is in front."""
        return self._body.currentWidget() is self.wizard

    def primary(self) -> QAction | None:
        """What Ctrl+Enter does here: the wizard's step, or the page of the explanation."""
        if self.planning():
            return self.wizard.primary()
        focused = QApplication.focusWidget()
        inside = focused is not None and self.explain_pane.isAncestorOf(focused)
        return self._print if inside and self.explain_pane.isVisible() else None

    # The part in front

    def new_verb(self) -> str:
        return "" if self.planning() else self.tabs.new_verb()

    def new(self) -> None:
        self.tabs.new()

    def save(self) -> None:
        self.tabs.save()

    def can_save(self) -> bool:
        return not self.planning() and self.tabs.can_save()

    def find_(self) -> None:
        self.tabs.find_()

    def refresh(self) -> None:
        (self.wizard if self.planning() else self.tabs).refresh()

    def export(self) -> None:
        self.tabs.export()

    def escape(self) -> bool:
        if self.planning():
            return self.wizard.escape()
        if self.tabs.escape():
            return True
        if self.explain_pane.isVisible():
            self.close_explanation()
            return True
        return False

    def panes(self) -> tuple[QWidget, ...]:
        if self.planning():
            return self.wizard.panes()
        beside = (self.explain_pane.list,) if self.explain_pane.isVisible() else ()
        return (*self.tabs.panes(), *beside)

    def enter(self) -> None:
        if self.planning():
            self.wizard.begin()
        elif self.explain_pane.isVisible():
            self.explain_pane.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tabs.enter()

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, Line(), self.figures):
            column.addWidget(part)
        desk = QWidget()
        across = QHBoxLayout(desk)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rule = Line(upright=True)
        self.rule.setParent(desk)
        self.rule.hide()
        across.addWidget(self.tabs, 1)
        across.addWidget(self.rule)
        across.addWidget(self.explain_pane)
        self._body = QStackedWidget()
        self._body.addWidget(desk)
        self._body.addWidget(self.wizard)
        column.addWidget(self._body, 1)

    # What happens

    def _on_tab(self, key: str) -> None:
        part = self.tabs.part
        self._filled.watch(part, yields=key in _WAYS_ONLY)
        if isinstance(part, TabbedParts) and part not in self._within:
            self._within.append(part)
            part.opened.connect(lambda _key: self._filled.watch(part.part))

    def _on_planned(self) -> None:
        self._leave_wizard()
        self.open_tab(PLAN)

    def _leave_wizard(self) -> None:
        if self.planning():
            self._body.setCurrentIndex(0)
            self.head.show_payment(on=True)
            self.tabs.enter()

    def _open_source(self, told: Told, step: Step | None) -> None:
        """Open the document behind a sentence, or where it stands in the ledger."""
        shell = self._shell
        if step is not None and step.opens is DocumentOf.PAYMENT and shell.has("payments"):
            shell.open("payments", payment=step.id)
        elif told.session_id is not None and shell.has("sessions") and _is_of_charge(step):
            shell.open("sessions", session=told.session_id)
        elif step is not None:
            self._show_in_ledger(step)

    def _show_in_ledger(self, step: Step) -> None:
        self.tabs.open(LEDGER)
        part = self.tabs.part
        if isinstance(part, ListTab):
            rows = [one for one in part.list.model.loaded() if one.entry_id == step.entry_id]
            if rows:
                part.list.go_to(rows[0].id)
            else:
                self._shell.messages.note(
                    f"{step.document} stands in the ledger on {day_text(step.day)}; what was"
                    " taken back is hidden there."
                )
        self.tabs.enter()


def _is_of_charge(step: Step | None) -> bool:
    return step is None or step.opens is DocumentOf.CHARGE


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
