"""The Ledger tab: one account from day to day, with its running balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.chart import AccountType, NamedAccount, named_account
from fscdesk.services.accounting.cost_centres import cost_centres
from fscdesk.services.accounting.ledgers import AccountLedger, LedgerRow, account_ledger
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.screens.accounting.account_field import AccountField
from fscdesk.ui.screens.accounting.part import HeldPart, Rooms
from fscdesk.ui.screens.accounting.tabs import JOURNAL
from fscdesk.ui.screens.accounting.wording import credit, debit, kind_mark
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import Figure
from fscdesk.ui.tables.detail_pane import FigureWell
from fscdesk.ui.tables.filter_state import Days, FilterState
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, DayFilter, Empty, ListSpec, View

FIRST: Final = "1000"
"""The account that is shown before another one is chosen: the bank."""
ALL, DAY, CENTRE = "all", "day", "centre"
NOUN = ("line", "lines")
_EVER: Final = date(9999, 12, 31)
_CREDITS: Final = frozenset({AccountType.LIABILITY, AccountType.EQUITY, AccountType.INCOME})
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TOPICS = frozenset(
    {Topic.BOOKS, Topic.BANK, Topic.LEDGER, Topic.PAYMENTS, Topic.SESSIONS, Topic.REMITTANCES}
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A line of the account. ``balance`` is read as the account's type reads it."""

    id: int
    row: LedgerRow
    balance: Money


class LedgerPart(HeldPart):
    """Ctrl+L chooses the account, Enter on a line opens its entry.

    Shown on ``account`` (its number) it shows that one.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms, self._shell = rooms, rooms.shell
        self._account = NamedAccount(FIRST, "")
        self._goes_on = False
        self._wanted = FIRST
        self.ledger: ListTab[Posting] = ListTab(self._shell, self._spec(), keeping=rooms.keeping)
        super().__init__(self.ledger)
        self.list = self.ledger.list
        self.field = AccountField("Account", self._shell.desk, also_kept=True)
        self.field.setFixedWidth(theme.now.px(280))
        self.field.editor.installEventFilter(self)
        self.field.chosen.connect(self.show_account)
        self.well = FigureWell()
        self.well.setAccessibleDescription("The account in these days")
        self.list.put_above(self._top())
        self.list.opened.connect(self._on_opened)
        self.list.answered.connect(self._on_answered)
        action(self, "Choose the account", self._choose, "Ctrl+L")
        self._load(FIRST)

    def show_account(self, account: NamedAccount) -> None:
        """Show the lines of another account."""
        self._account, self._wanted = account, account.code
        self.field.hold(account)
        self.list.spec = replace(self.list.spec, name=f"Ledger {account.code} {account.name}")
        self.list.ask_again()

    def show_what(self, what: Mapping[str, Any]) -> None:
        account = what.get("account")
        if account is not None and str(account) != self._wanted:
            self._load(str(account))
        kept = what.get("filters")
        if isinstance(kept, str):
            self.list.filter_by(FilterState.from_json(kept), str(what.get("view", "")))
        if isinstance(what.get("row"), int):
            self.list.go_to(what["row"])

    def here(self) -> Mapping[str, object]:
        return {
            "account": self._account.code,
            "view": self.list.views.current.key if self.list.views is not None else "",
            "filters": self.list.state.to_json(),
            "row": self.list.view.picking.current_id,
        }

    def panes(self) -> tuple[QWidget, ...]:
        return (self.field.editor, *self.inner.panes())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter take the account and go on into its lines."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _ENTER
        ):
            if not event.isAutoRepeat():
                self._goes_on = self.field.edit.isModified()
                self.field.settle()
                if not self._goes_on:
                    self.list.view.setFocus()
            return True
        return super().eventFilter(watched, event)

    # Building

    def _top(self) -> QWidget:
        top = QWidget()
        line = QHBoxLayout(top)
        line.setContentsMargins(24, 8, 16, 0)
        line.setSpacing(16)
        line.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.well, 1)
        return top

    def _spec(self) -> ListSpec[Posting]:
        return ListSpec(
            key="account-ledger",
            name="Ledger",
            title=False,
            columns=_columns(),
            query=self._page,
            noun=NOUN,
            filters=(
                DayFilter(DAY, "Days"),
                ChoiceFilter(CENTRE, "Cost centre", ask=_centres, always=False, single=True),
            ),
            views=tuple(
                View(
                    key,
                    name,
                    FilterState().with_days(DAY, Days(word=key)) if key != ALL else FilterState(),
                    counted=False,
                )
                for key, name in (
                    ("this_year", "This year"),
                    ("this_month", "This month"),
                    ("last_month", "Last month"),
                    ("last_year", "Last year"),
                    (ALL, "All"),
                )
            ),
            ticking=False,
            totals=False,
            searching=False,
            sort="on",
            topics=_TOPICS,
            empty=Empty("Nothing is posted on this account yet.", "book-open"),
            none_words=lambda _state: "Nothing is posted on this account in these days.",
        )

    # Asking

    def _page(self, work: Work, state: FilterState, span: Span) -> Page[Posting]:
        account = self._account
        found = _ledger(work, account.code, state, span.start, span.size)
        rows = tuple(
            Posting(row.line_id, row, _as_read(account, row.balance)) for row in found.page.rows
        )
        return Page(span.start, found.page.total, rows)

    def _load(self, code: str) -> None:
        self._wanted = code

        def named(found: NamedAccount) -> None:
            if code == self._wanted:  # answers may come in another order
                self.show_account(found)

        self._shell.desk.ask(
            self, lambda work: named_account(work, code), named, self._shell.messages.refused
        )

    def _on_answered(self) -> None:
        """After an account was chosen by Enter go on into its lines, once they are there."""
        if self._goes_on and not self.field.edit.isModified():
            self._goes_on = False
            self.list.view.setFocus()
        self._ask_sums()

    def _ask_sums(self) -> None:
        account, state = self._account, self.list.state
        self._shell.desk.ask(
            self,
            lambda work: _ledger(work, account.code, state, 0, 0),
            partial(self._show_sums, account),
        )

    def _show_sums(self, account: NamedAccount, found: AccountLedger) -> None:
        if account.code != self._account.code:
            return
        self.well.show_figures(
            (
                Figure("Opening balance", _as_read(account, found.opening), plain=True),
                Figure("Debit", found.debits),
                Figure("Credit", abs(found.credits)),
                Figure("Closing balance", _as_read(account, found.closing), plain=True),
            )
        )

    # What happens

    def _choose(self) -> None:
        self.field.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_opened(self, posting: Posting) -> None:
        self._rooms.go(JOURNAL, entry=posting.row.entry_id)


def _ledger(work: Work, code: str, state: FilterState, start: int, size: int) -> AccountLedger:
    first, last = state.ends(DAY, work.today())
    return account_ledger(
        work,
        code,
        first=first,
        last=last or _EVER,
        start=start,
        size=size,
        cost_centre=next(iter(state.values(CENTRE)), None),
    )


def _as_read(account: NamedAccount, balance: Money) -> Money:
    """Return a balance as the account's type reads it: what is owed and earned is positive."""
    return -balance if account.type in _CREDITS and balance != ZERO else balance


def _centres(work: Work, _state: FilterState) -> list[Choice]:
    return [Choice(one.code, f"{one.code} {one.name}") for one in cost_centres(work)]


def _columns() -> tuple[Column[Posting], ...]:
    return (
        date_column("on", "Date", lambda one: one.row.on, priority=1, sortable=False),
        Column(
            "number", "Entry", lambda one: one.row.number, width=104, priority=2, sortable=False
        ),
        Column(
            "memo",
            "Memo",
            lambda one: ", ".join(part for part in (one.row.memo, one.row.note) if part),
            names=True,
            priority=1,
            sortable=False,
        ),
        badge_column(
            "kind",
            "Kind",
            lambda one: kind_mark(one.row.kind),
            width=140,
            priority=4,
            sortable=False,
        ),
        Column(
            "centre",
            "Cost centre",
            lambda one: one.row.cost_centre or "",
            width=96,
            priority=6,
            sortable=False,
        ),
        money_column("debit", "Debit", lambda one: debit(one.row.amount), sortable=False),
        money_column("credit", "Credit", lambda one: credit(one.row.amount), sortable=False),
        money_column(
            "balance",
            "Balance",
            lambda one: one.balance,
            width=104,
            priority=1,
            states_zero=True,
            plain_negative=True,
            sortable=False,
        ),
    )
