"""The payments of who pays for an account: what came, what it paid, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.payments.listing import PaymentFilter, PaymentRow, page_of_payments
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.receipts import Receipts
from fscdesk.ui.screens.payments.wording import method_word, payment_mark
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import DayFilter, Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text

_TOPICS = frozenset({Topic.PAYMENTS, Topic.LEDGER})


class PaymentsTab(ListTab[PaymentRow]):
    """Enter opens a payment among all payments; receipts are given from here."""

    def __init__(
        self, shell: Shell, guarantor_id: int, pays: str, keeping: Keeping, window: QWidget
    ) -> None:
        spec = _spec(guarantor_id, pays, Receipts(shell, window))
        super().__init__(shell, spec, keeping=keeping)
        if shell.has("payments"):
            self.list.opened.connect(lambda row: shell.open("payments", payment=row.id))


def _spec(guarantor_id: int, pays: str, receipts: Receipts) -> ListSpec[PaymentRow]:
    columns: tuple[Column[PaymentRow], ...] = (
        date_column("posted", "Posted", lambda row: row.posted_on, priority=1),
        Column("number", "Payment", lambda row: row.number, names=True, priority=1),
        Column("method", "Method", lambda row: method_word(row.method), width=96, priority=3),
        Column("reference", "Number", lambda row: row.reference, width=110, priority=4),
        badge_column("status", "Status", payment_mark, sortable=False, priority=2),
        money_column("amount", "Amount", lambda row: row.amount, priority=1),
        money_column("unapplied", "Left", lambda row: row.unapplied, priority=2),
    )

    def query(work: Work, state: FilterState, span: Span) -> Page[PaymentRow]:
        first, last = state.ends("posted", work.today())
        wanted = PaymentFilter(
            text=state.text.strip(), from_day=first, to_day=last, guarantor_id=guarantor_id
        )
        return page_of_payments(work, wanted, span)

    def one(rows: Sequence[PaymentRow]) -> str:
        return "" if len(rows) == 1 else "One receipt at a time."

    def words(total: int, _sums: Mapping[str, Money]) -> str:
        return f"{count_text(total, 'payment')} of {pays}"

    return ListSpec(
        key="account-payments",
        name="Payments",
        columns=columns,
        query=query,
        noun=("payment", "payments"),
        filters=(DayFilter("posted", "Posted"),),
        row_acts=(
            RowsAct(
                "receipt",
                "Receipt",
                lambda rows: receipts.show(rows[0].id),
                shortcut="Ctrl+Shift+R",
                off_because=one,
            ),
            RowsAct(
                "email",
                "E-mail the receipt as a file…",
                lambda rows: receipts.email(rows[0].id),
                off_because=one,
            ),
        ),
        ticking=False,
        title=False,
        sort="posted",
        descending=True,
        topics=_TOPICS,
        empty=Empty(f"{pays} has paid nothing yet.", "banknote"),
        totals_words=words,
    )
