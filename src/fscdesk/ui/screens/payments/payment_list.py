"""The list of payments: its columns, and everything that can be done with a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.payments.detail import PaymentDetail
from fscdesk.services.payments.queries import PaymentRow
from fscdesk.services.work import Topic
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments import payment_asking as asking
from fscdesk.ui.screens.payments.correcting_acts import CorrectingActs
from fscdesk.ui.screens.payments.credit_acts import CreditActs
from fscdesk.ui.screens.payments.dispute_acts import why_no_part, why_not_disputed
from fscdesk.ui.screens.payments.payment_acts import (
    CHARGEBACK,
    PaymentActs,
    why_not_charged_back,
    why_not_corrected,
    why_not_returned,
    why_not_voided,
)
from fscdesk.ui.screens.payments.payment_pane import (
    CREDIT,
    DOCUMENT,
    REFUND,
    TAKE_BACK,
    Open,
    payment_pane,
)
from fscdesk.ui.screens.payments.receipts import Receipts
from fscdesk.ui.screens.payments.wording import (
    ORIGINS,
    method_word,
    payment_mark,
    stated,
)
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import NextStep
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import count_text

NOUN = ("payment", "payments")
TOPICS = frozenset({Topic.PAYMENTS, Topic.LEDGER, Topic.PATIENTS, Topic.PAYERS, Topic.IMPORTS})
DETAIL_TOPICS = TOPICS | {Topic.DOCUMENTS, Topic.APPROVALS}
ENTRY = "payment-entry"


class PaymentWays:
    """Everything that can be done with a payment: in the pane, in a row's menu, by key.

    ``open_line`` opens what a line of the pane names in another tab: a credit, a refund.
    """

    def __init__(
        self,
        acts: PaymentActs,
        correcting: CorrectingActs,
        credit_acts: CreditActs,
        receipts: Receipts,
        open_line: Open,
    ) -> None:
        self.acts, self.correcting = acts, correcting
        self.credits, self.receipts = credit_acts, receipts
        self._open_line = open_line

    def next_steps(self, detail: PaymentDetail) -> Sequence[NextStep]:
        """Return the buttons of the pane: what is left is applied first."""
        row = detail.row
        receipt = NextStep("Receipt", partial(self.receipts.show, row.id), "receipt")
        free = [one for one in detail.credits if (one.balance - one.promised).cents > 0]
        if row.status.value == "returned":
            return (NextStep("Take the return back…", partial(self.acts.undo_return, row.id)),)
        if not free:
            return (receipt,)
        left = free[0].balance - free[0].promised
        apply = NextStep(f"Apply {stated(left)}…", partial(self.credits.apply, free[0].id))
        return (apply, receipt)

    def more_steps(self, detail: PaymentDetail) -> Sequence[NextStep]:
        """Return what stands behind the three dots."""
        row = detail.row
        receipts = (
            NextStep("E-mail the receipt as a file…", partial(self.receipts.email, row.id)),
            NextStep("Make another receipt", partial(self.receipts.show, row.id, anew=True)),
        )
        return (
            *receipts,
            *(
                NextStep(act.word, partial(act.act, [row]), off_because=_off(act, row))
                for act in self.row_acts()
            ),
        )

    def row_acts(self) -> tuple[RowsAct[PaymentRow], ...]:
        """Return what can be done with the current row; the same stands in its menu."""

        def one(rows: Sequence[PaymentRow]) -> PaymentRow:
            return rows[0]

        return (
            RowsAct(
                "returned",
                "Returned by the bank (NSF)…",
                lambda rows: self.acts.return_(one(rows).id),
                shortcut="Ctrl+Shift+R",
                off_because=partial(_single, why_not_returned),
            ),
            RowsAct(
                "chargeback",
                "Charged back…",
                lambda rows: self.acts.return_(one(rows).id, CHARGEBACK),
                off_because=partial(_single, why_not_charged_back),
            ),
            RowsAct(
                "chargeback-part",
                "A part charged back…",
                lambda rows: self.acts.disputes.part(one(rows).id),
                off_because=partial(_single, why_no_part),
            ),
            RowsAct(
                "dispute-won",
                "Dispute won…",
                lambda rows: self.acts.disputes.won(one(rows).id),
                off_because=partial(_single, why_not_disputed),
            ),
            RowsAct(
                "dispute-back",
                "Take the last of its dispute back…",
                lambda rows: self.acts.disputes.take_back(one(rows).id),
                off_because=partial(_single, why_not_disputed),
            ),
            RowsAct(
                "refund",
                "Refund…",
                lambda rows: self.credits.refund_of_payment(one(rows).id),
                shortcut="Ctrl+Shift+U",
                off_because=partial(_single, _nothing_left),
            ),
            RowsAct(
                "facts",
                "Correct method, number or days…",
                lambda rows: self.correcting.facts(one(rows).id),
                shortcut="Ctrl+Shift+C",
                off_because=partial(_single, why_not_corrected),
            ),
            RowsAct(
                "amount",
                "Correct the amount…",
                lambda rows: self.correcting.amount(one(rows).id),
                off_because=partial(_single, why_not_corrected),
            ),
            RowsAct(
                "payer",
                "Correct who paid…",
                lambda rows: self.correcting.payer(one(rows).id),
                off_because=partial(_single, why_not_corrected),
            ),
            RowsAct(
                "void",
                "Void…",
                lambda rows: self.acts.void(one(rows).id),
                off_because=partial(_single, why_not_voided),
            ),
        )

    def open_line(self, detail: PaymentDetail, what: str, number: int) -> None:
        """Do what Enter on a line of the pane means."""
        if what == TAKE_BACK:
            self.acts.take_back(detail.row.id, number)
        elif what == DOCUMENT:
            self.receipts.show_kept(number)
        elif what in (CREDIT, REFUND):
            self._open_line(detail, what, number)


def payments_spec(shell: Shell, ways: PaymentWays) -> ListSpec[PaymentRow]:
    """Return the declaration of the list."""
    sentence = "No payments yet. Enter the first one, or import the payment export."
    press = Press("Enter payment", lambda: shell.open(ENTRY), "plus") if shell.has(ENTRY) else None
    return ListSpec(
        key="payments",
        name="Payments",
        title=False,
        columns=_columns(),
        query=asking.ask_page,
        noun=NOUN,
        filters=asking.payment_filters(),
        views=asking.payment_views(),
        bulk=(RowsAct("receipts", "Receipts to a folder…", ways.receipts.to_folder),),
        row_acts=ways.row_acts(),
        sort="posted",
        descending=True,
        topics=TOPICS,
        empty=Empty(sentence, "banknote", press),
        none_words=none_words,
        picked_words=_picked_words,
        totals_words=_totals_words,
        all_total=asking.ask_every,
        view_counts=asking.ask_view_counts,
        detail=payment_pane(
            shell.practice.zone,
            shell.practice.patient,
            ways.next_steps,
            ways.more_steps,
            ways.open_line,
        ),
    )


def none_words(state: FilterState) -> str:
    """Return why nothing is shown."""
    text = state.text.strip()
    found = f" with “{text}”" if text else ""
    others = " that match these filters" if state.set_keys else ""
    return f"No payments{found}{others}."


def _columns() -> tuple[Column[PaymentRow], ...]:
    return (
        date_column("posted", "Posted", lambda row: row.posted_on, priority=1),
        Column("number", "Number", lambda row: row.number, width=136, priority=7),
        Column("from", "From", lambda row: row.from_name, names=True, priority=1),
        Column("method", "By", _by, width=150, priority=4),
        Column(
            "reference",
            "Check or id",
            lambda row: row.reference,
            width=116,
            priority=8,
            shown=False,
        ),
        badge_column("status", "Status", payment_mark, width=118, priority=2),
        date_column("received", "Received", lambda row: row.received_on, shown=False, priority=8),
        date_column(
            "check_on",
            "Check date",
            lambda row: row.check_on,
            shown=False,
            sortable=False,
            priority=9,
        ),
        date_column(
            "deposited", "Deposited", lambda row: row.deposited_on, shown=False, priority=8
        ),
        date_column("banked", "At the bank", lambda row: row.banked_on, shown=False, priority=9),
        Column(
            "origin",
            "Came from",
            lambda row: ORIGINS[row.origin.value],
            width=108,
            shown=False,
            priority=9,
        ),
        money_column("amount", "Amount", lambda row: row.amount, priority=2),
        money_column("unapplied", "Left", lambda row: row.unapplied, priority=3),
    )


def _by(row: PaymentRow) -> str:
    return f"{method_word(row.method.value)} {row.reference}".rstrip()


def _single(why: Callable[[PaymentRow], str], rows: Sequence[PaymentRow]) -> str:
    return why(rows[0]) if len(rows) == 1 else "One payment at a time."


def _nothing_left(row: PaymentRow) -> str:
    return "" if row.unapplied.cents > 0 else "Nothing is left of it to give back."


def _off(act: RowsAct[PaymentRow], row: PaymentRow) -> str:
    return act.off_because([row]) if act.off_because is not None else ""


def _picked_words(rows: Sequence[PaymentRow]) -> str:
    amount = sum((row.amount for row in rows), Money())
    left = sum((row.unapplied for row in rows), Money())
    return f"{stated(amount)} received, {stated(left)} left"


def _totals_words(count: int, _totals: Mapping[str, Money]) -> str:
    return count_text(count, *NOUN)
