"""The Payments place: remittances, received money, what is left of it, what goes back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.banking.deposit_book import deposits_to_make
from fscdesk.services.payments.detail import PaymentDetail
from fscdesk.services.payments.queries import credit_counts, payment_detail, refund_counts
from fscdesk.services.payments.requests import ItemRow
from fscdesk.services.remittances.recoupment_list import item_counts
from fscdesk.services.remittances.underpayments import underpayment_counts
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import TitleLine
from fscdesk.ui.keeping_store import keeping_in_books
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.screen import Screen, Shell
from fscdesk.ui.screens.deposits.part import DepositsPart
from fscdesk.ui.screens.payments.approval_acts import ApprovalActs
from fscdesk.ui.screens.payments.approvals_list import approvals_spec
from fscdesk.ui.screens.payments.clearing_acts import ClearingActs
from fscdesk.ui.screens.payments.clearing_lines import clearing_spec
from fscdesk.ui.screens.payments.comparison_lines import comparison_spec
from fscdesk.ui.screens.payments.correcting_acts import CorrectingActs
from fscdesk.ui.screens.payments.credit_acts import CreditActs
from fscdesk.ui.screens.payments.payment_acts import PaymentActs
from fscdesk.ui.screens.payments.payment_asking import GUARANTOR, VIEW, ask_names
from fscdesk.ui.screens.payments.payment_list import (
    DETAIL_TOPICS,
    ENTRY,
    PaymentWays,
    payments_spec,
)
from fscdesk.ui.screens.payments.payment_pane import CREDIT
from fscdesk.ui.screens.payments.receipts import AskFolder, Receipts
from fscdesk.ui.screens.payments.refunds_list import RefundActs, refunds_spec
from fscdesk.ui.screens.payments.unapplied_list import of_payment, unapplied_spec
from fscdesk.ui.screens.payments.waiting import remittances_waiting, waiting_for_me
from fscdesk.ui.screens.remittances.reading import AskFiles
from fscdesk.ui.screens.remittances.recoupments_list import RecoupmentsPart
from fscdesk.ui.screens.remittances.remittances_list import RemittancesPart
from fscdesk.ui.screens.remittances.underpayments_list import underpayments_part
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.pane_tab import PaneTab

UNDERPAID, DEPOSITS = "underpaid", "deposits"
REMITTANCES, PAYMENTS, UNAPPLIED, CLEARING, COMPARED, RECOUPMENTS, REFUNDS, APPROVALS = (
    "remittances",
    "payments",
    "unapplied",
    "clearing",
    "compared",
    "recoupments",
    "refunds",
    "approvals",
)
PATIENTS = "patients"
TABS = {
    REMITTANCES: "Remittances",
    UNDERPAID: "Underpaid",
    PAYMENTS: "Payments",
    UNAPPLIED: "Unapplied",
    DEPOSITS: "Deposits",
    CLEARING: "SimplePractice",
    COMPARED: "Compared",
    RECOUPMENTS: "Recoupments",
    REFUNDS: "Refunds",
    APPROVALS: "Approvals",
}
_COUNTED = frozenset(
    {
        *(Topic.PAYMENTS, Topic.LEDGER, Topic.APPROVALS, Topic.IMPORTS, Topic.REMITTANCES),
        Topic.BANK,
    }
)


class PaymentsScreen(Screen):
    """Ten lists behind tabs. Opened with ``tab`` and, in any tab, ``view``, ``text`` and ``row``.

    ``payment``, ``refund``, ``request`` and ``deposit`` (ids) show that one; ``guarantor`` shows
    what that account paid, ``account`` (a bank account) the deposits to it; ``new`` goes on to
    the entry. Nothing: the remittances where some wait, else as it was left.
    """

    title = "Payments"

    def __init__(
        self,
        shell: Shell,
        parent: QWidget | None = None,
        *,
        keeping: Keeping | None = None,
        ask_folder: AskFolder | None = None,
        ask_files: AskFiles | None = None,
    ) -> None:
        super().__init__(shell, parent)
        self._ask_files = ask_files
        self._today = OfficeDay(shell.practice.zone)
        self._keeping = keeping or keeping_in_books()
        self.receipts = Receipts(shell, self, ask_folder)
        self.acts = PaymentActs(shell, self, self._today)
        self.correcting = CorrectingActs(shell, self, self._today)
        self.credits = CreditActs(shell, self, self._today)
        self.refunds = RefundActs(shell, self, self._today, self.open_request)
        self.approvals = ApprovalActs(shell, self)
        self.clearing = ClearingActs(shell, self)
        self.tabs = TabbedParts(
            self.title, [PartTab(key, word, partial(self._make, key)) for key, word in TABS.items()]
        )
        self.head = TitleLine(self.title)
        self.enter_button: Button | None = None
        if shell.has(ENTRY):
            self.enter_button = Button("Enter payment", "plus", tip="Ctrl+N", on=self.new)
            self.head.add(self.enter_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.tabs, 1)
        self._commands()
        # The window puts the focus on the first control after a screen was shown; then comes this.
        self._focus_soon = QTimer(self, singleShot=True, interval=0)
        self._focus_soon.timeout.connect(self._on_focus)
        self._new_soon = QTimer(self, singleShot=True, interval=0)
        self._new_soon.timeout.connect(self.new)
        self.tabs.opened.connect(lambda _key: self._on_focus())
        shell.desk.changed.connect(self._on_changed)
        self.tabs.open(PAYMENTS)

    @property
    def part(self) -> PaneTab[Any]:
        """The tab in front."""
        front = self.tabs.part
        assert isinstance(front, PaneTab)
        return front

    def tab(self, key: str) -> PaneTab[Any]:
        """Bring a tab to the front, and return it."""
        self.tabs.open(key)
        return self.part

    # What the window asks for

    def primary(self) -> QAction | None:
        """Return the first step of the pane: apply, receipt, pay, approve."""
        button = self.part.primary_button()
        if button is None:
            return None
        self._first.setText(button.words())
        self._first.setEnabled(button.isEnabled())
        self._first.setStatusTip(button.toolTip())
        return self._first

    def new(self) -> None:
        """Enter a payment (Ctrl+N)."""
        if self.shell.has(ENTRY):
            self.shell.open(ENTRY)

    def refresh(self) -> None:
        self.tabs.refresh()
        self._count()

    def find_(self) -> None:
        self.part.find_()

    def export(self) -> None:
        self.part.export()

    def print_(self) -> None:
        """Show the receipt of the current payment, or the slip of the deposit (Ctrl+P)."""
        part = self.part
        row = part.list.view.picking.current_row
        if isinstance(part, DepositsPart):
            part.print_slip()
        elif self.tabs.current == PAYMENTS and row is not None:
            self.receipts.show(row.id)
        else:
            self.shell.messages.note("A receipt is made of a payment. Choose one in Payments.")

    def escape(self) -> bool:
        return self.part.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.tabs.panes()

    def here(self) -> Mapping[str, object]:
        part = self.part.list
        return {
            "tab": self.tabs.current,
            "view": part.views.current.key if part.views is not None else "",
            "filters": part.state.to_json(),
            "row": part.view.picking.current_id,
        }

    def on_shown(self, **what: object) -> None:
        """Show what another screen, or the way back, asks for."""
        self._today.learn(self.shell.desk, self)
        self._count()
        number = {key: value for key, value in what.items() if type(value) is int}
        if what.get("new"):
            self._new_soon.start()
            return
        if "payment" in number:
            self.open_payment(number["payment"])
        elif "refund" in number:
            self._open_refund(number["refund"])
        elif "request" in number:
            self.open_request(number["request"])
        elif "deposit" in number:
            self._deposits().open_deposit(number["deposit"])
        elif "account" in number:
            self._deposits().open_account(number["account"], str(what.get("view") or "all"))
        elif "guarantor" in number:
            state = FilterState().with_values(GUARANTOR, (str(number["guarantor"]),))
            self.tab(PAYMENTS).look_at(state, "all")
        elif what:
            self._put_back(what, number.get("row"))
        else:
            self.shell.desk.ask(self, remittances_waiting, self._begin)
        self._focus_soon.start()

    def _begin(self, waiting: int) -> None:
        """Begin with the remittances that need somebody, while there are some."""
        if waiting:
            part = self.tab(REMITTANCES)
            if isinstance(part, RemittancesPart):
                part.needs_you()

    # Going from one tab to another

    def open_payment(self, payment_id: int, number: str = "") -> None:
        """Show one payment in its list."""
        if number:
            self.tab(PAYMENTS).look_at(FilterState(text=number), "all", payment_id)
            return
        self.shell.desk.ask(
            self,
            partial(_number_of, payment_id),
            lambda found: self.open_payment(payment_id, found),
            self.shell.messages.refused,
        )

    def open_request(self, request_id: int) -> None:
        """Show one request in the approvals."""
        self._open_in(APPROVALS, "waiting", request_id)

    def _deposits(self) -> DepositsPart:
        part = self.tab(DEPOSITS)
        assert isinstance(part, DepositsPart)
        return part

    def _open_refund(self, refund_id: int) -> None:
        self._open_in(REFUNDS, "all", refund_id)

    def _open_in(self, key: str, view: str, row_id: int) -> None:
        state = FilterState().with_values(VIEW, (view,))
        self.tab(key).look_at(state, view, row_id)

    def _open_line(self, detail: PaymentDetail, what: str, number: int) -> None:
        """Show what a line of a payment's pane names: what is left of it, or a refund."""
        if what == CREDIT:
            part = self.tab(UNAPPLIED)
            part.list.line.name_values("payment", {str(detail.row.id): detail.row.number})
            part.look_at(of_payment(detail.row.id), "all", number)
        else:
            self._open_refund(number)

    def _open_item(self, item: ItemRow) -> None:
        """Show what a request asks for: the refund, or the client of a write-off."""
        if item.noun == "refund":
            self._open_refund(item.noun_id)
        elif self.shell.has(PATIENTS):
            number = item.who.rpartition("(")[2].rstrip(")")
            self.shell.open(PATIENTS, text=number)

    def _put_back(self, what: Mapping[str, object], row: int | None) -> None:
        key = str(what.get("tab", self.tabs.current))
        part = self.tab(key if key in TABS else PAYMENTS)
        view = str(what.get("view", ""))
        kept = what.get("filters")
        if isinstance(kept, str):
            state = FilterState.from_json(kept)
        else:
            built = {one.key: one.filters for one in part.list.spec.views}
            state = built.get(view, FilterState()).with_text(str(what.get("text", "")))
        if view or kept is not None or "text" in what:
            part.look_at(state, view)
        if row is not None:
            part.list.go_to(row)

    # Building

    def _make(self, key: str) -> PaneTab[Any]:
        shell, keeping = self.shell, self._keeping
        if key == REMITTANCES:
            return RemittancesPart(shell, keeping, self._ask_files)
        if key == UNDERPAID:
            return underpayments_part(shell, self, keeping, self._today)
        if key == RECOUPMENTS:
            return RecoupmentsPart(shell, keeping)
        if key == DEPOSITS:
            return DepositsPart(shell, keeping, self._today, self.open_payment)
        if key == PAYMENTS:
            ways = PaymentWays(
                self.acts, self.correcting, self.credits, self.receipts, self._open_line
            )
            made: PaneTab[Any] = PaneTab(
                shell, payments_spec(shell, ways), keeping=keeping, follows=DETAIL_TOPICS
            )
            made.list.answered.connect(lambda: self._name(made))
            return made
        if key == UNAPPLIED:
            spec: Any = unapplied_spec(shell, self.credits, self.open_payment)
        elif key == CLEARING:
            spec = clearing_spec(shell, self.clearing, self.open_payment, self.open_request)
        elif key == COMPARED:
            spec = comparison_spec(shell)
        elif key == REFUNDS:
            spec = refunds_spec(self.refunds, self.open_payment)
        else:
            spec = approvals_spec(shell, self.approvals, self._open_item)
        return PaneTab(shell, spec, keeping=keeping)

    def _commands(self) -> None:
        """Give the window the tabs and the pane's first step, for Ctrl+K and Ctrl+/."""
        self._first = action(self, "First step", self._press_first)
        self._first.setVisible(False)
        action(self, "Next tab", partial(self._step, 1), "Ctrl+PgDown")
        action(self, "Previous tab", partial(self._step, -1), "Ctrl+PgUp")
        for key in (key for key in TABS if key != PAYMENTS):
            action(self, f"Payments: {TABS[key]}", partial(self.tab, key))

    def _step(self, step: int) -> None:
        keys = list(TABS)
        self.tab(keys[(keys.index(self.tabs.current) + step) % len(keys)])

    def _press_first(self) -> None:
        button = self.part.primary_button()
        if button is not None and button.isEnabled():
            button.click()

    # What happens

    def _name(self, part: PaneTab[Any]) -> None:
        """Say what picked payers and guarantors are called, once for each question."""
        state = part.list.state
        if not state.values(GUARANTOR) and not state.values("payer"):
            return

        def named(names: Mapping[str, Mapping[str, str]]) -> None:
            for key, words in names.items():
                part.list.line.name_values(key, words)

        self.shell.desk.ask(self, lambda work: ask_names(work, state), named)

    def _on_focus(self) -> None:
        if self.isVisible():
            self.part.enter()

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _COUNTED and self.isVisible():
            self._count()

    def _count(self) -> None:
        self.shell.desk.ask(self, _counts, self.tabs.show_counts)


def _counts(work: Work) -> Mapping[str, int]:
    return {
        REMITTANCES: remittances_waiting(work),
        UNDERPAID: underpayment_counts(work)["open"],
        UNAPPLIED: credit_counts(work)["all"],
        DEPOSITS: deposits_to_make(work),
        RECOUPMENTS: item_counts(work)["explain"],
        REFUNDS: refund_counts(work)["open"],
        APPROVALS: waiting_for_me(work),
    }


def _number_of(payment_id: int, work: Work) -> str:
    return payment_detail(work, payment_id).row.number
