"""The list of refunds with their clock, and what can be done with one: pay, call off, void."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.payments.queries import (
    RefundFilter,
    RefundRow,
    page_of_refunds,
    refund_counts,
)
from fscdesk.services.payments.refund_list import VIEWS
from fscdesk.services.payments.refunding import cancel_refund, pay_refund
from fscdesk.services.payments.voiding_refunds import void_refund
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.unapplied_list import OpenPayment
from fscdesk.ui.screens.payments.wording import (
    by_method,
    days_words,
    method_word,
    refund_mark,
    stated,
)
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct, View
from fscdesk.ui.text import count_text, day_text

VIEW = "view"
NOUN = ("refund", "refunds")
TOPICS = frozenset({Topic.PAYMENTS, Topic.APPROVALS})
LONGEST_REFERENCE = 100
_FIRST = ("open", "waiting", "overdue", "paid", "all")
_GOOD_NEWS = {
    "open": "No refund waits to be paid.",
    "waiting": "No refund waits for approval.",
    "overdue": "No refund is overdue.",
}


class RefundActs(QObject):
    """The acts on one refund. ``open_request`` shows its request in the approvals."""

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        today: Callable[[], date],
        open_request: Callable[[int], object],
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today
        self.open_request = open_request

    def pay(self, row: RefundRow) -> None:
        """Ask on which day it went out, and record it."""
        dialog = FieldsDialog(
            f"Pay refund {row.number} of {stated(row.amount)}",
            f"It goes to {row.to_name} {by_method(row.method.value)}, and leaves the"
            " bank on the day below.",
            ("Record as paid", "Posting…"),
            self._window,
        )
        reference = TextField("Check or id", longest=LONGEST_REFERENCE, optional=True)
        dialog.row(on=DateField("Day", self._today(), today=self._today), reference=reference)
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(
                    _pay,
                    row=row,
                    on=dialog.value("on"),
                    reference=str(dialog.value("reference")),
                ),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)

    def cancel(self, row: RefundRow) -> None:
        """Ask why it is called off, and free its money."""
        dialog = FieldsDialog(
            f"Call refund {row.number} of {stated(row.amount)} off",
            "Its money is free again, for charges or for another refund.",
            ("Call it off", "Saving…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_cancel, row=row, why=str(dialog.value("reason"))),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)

    def void(self, row: RefundRow) -> None:
        """Ask why it never went out, and let the payment hold its money again."""
        dialog = FieldsDialog(
            f"Void refund {row.number} of {stated(row.amount)}",
            f"For a refund that never reached {row.to_name}: recorded by mistake, or a check that"
            f" was never cashed. Its money is left of {row.payment_number} again, from today on.",
            ("Void it", "Posting…"),
            self._window,
        )
        dialog.row(reason=reason_field())
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_void, row=row, why=str(dialog.value("reason"))),
                self._shell.messages.info,
            )
        )
        open_dialog(dialog)


def refunds_spec(acts: RefundActs, open_payment: OpenPayment) -> ListSpec[RefundRow]:
    """Return the declaration of the list; what is to be paid comes first."""
    return ListSpec(
        key="refunds",
        name="Refunds",
        title=False,
        columns=_columns(),
        query=lambda work, state, span: page_of_refunds(work, question_of(state), span),
        noun=NOUN,
        views=tuple(
            View(
                key,
                VIEWS[key],
                FilterState().with_values(VIEW, (key,)),
                good_news=_GOOD_NEWS.get(key, ""),
                counted=key in _GOOD_NEWS,
            )
            for key in _FIRST
        ),
        row_acts=(
            RowsAct(
                "pay",
                "Pay…",
                lambda rows: acts.pay(rows[0]),
                off_because=lambda rows: why_not_paid(rows[0]),
            ),
            RowsAct(
                "cancel",
                "Call off…",
                lambda rows: acts.cancel(rows[0]),
                off_because=lambda rows: why_not_paid(rows[0]),
            ),
            RowsAct(
                "void",
                "Void the refund…",
                lambda rows: acts.void(rows[0]),
                off_because=lambda rows: why_not_voided(rows[0]),
            ),
        ),
        ticking=False,
        sort="due",
        topics=TOPICS,
        empty=Empty("No refund was asked for yet.", "rotate-ccw"),
        none_words=_none_words,
        totals_words=lambda count, _totals: count_text(count, *NOUN),
        all_total=_every,
        view_counts=_counts,
        detail=_pane(acts, open_payment),
    )


def question_of(state: FilterState) -> RefundFilter:
    """Return the service's filter for what tabs and the find field say."""
    view = next(iter(state.values(VIEW)), "all")
    return RefundFilter(text=state.text.strip(), view=view)


def why_not_paid(row: RefundRow) -> str:
    """Return why a refund cannot be paid now, or ""."""
    words = {
        "waiting": f"A second person approves {row.number} first.",
        "paid": f"{row.number} was paid on {day_text(row.paid_on)}.",
        "cancelled": f"{row.number} was called off. Ask for a new refund in Unapplied.",
    }
    return words.get(row.status.value, "")


def why_not_voided(row: RefundRow) -> str:
    """Return why there is nothing of a refund to void, or ""."""
    words = {
        "waiting": f"{row.number} was not paid. Withdraw its request instead.",
        "approved": f"{row.number} was not paid. Call it off instead.",
        "cancelled": f"{row.number} was called off already.",
    }
    return words.get(row.status.value, "")


def _none_words(state: FilterState) -> str:
    text = state.text.strip()
    return f"No refunds with “{text}”." if text else "No refunds here."


def _every(work: Work) -> int:
    return refund_counts(work)["all"]


def _counts(work: Work, states: Mapping[str, FilterState]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for key, state in states.items():
        wanted = question_of(state)
        found[key] = refund_counts(work, replace(wanted, view="all"))[wanted.view]
    return found


def _columns() -> tuple[Column[RefundRow], ...]:
    return (
        Column("number", "Number", lambda row: row.number, width=136, priority=4),
        Column("to", "Goes to", lambda row: row.to_name, names=True, priority=1),
        Column("payment", "Out of", lambda row: row.payment_number, width=136, priority=6),
        Column("method", "Method", lambda row: method_word(row.method.value), width=84, priority=7),
        badge_column("status", "Status", refund_mark, width=160, priority=2),
        date_column("found", "Found", lambda row: row.found_on, shown=False, priority=8),
        date_column("due", "Due", lambda row: row.due_on, priority=3),
        Column(
            "left",
            "Time left",
            lambda row: days_words(row.days_left),
            Kind.AGE,
            value=lambda row: row.days_left,
            width=88,
            priority=4,
            sortable=False,
        ),
        date_column("paid", "Paid", lambda row: row.paid_on, shown=False, priority=8),
        money_column("amount", "Amount", lambda row: row.amount, priority=1),
    )


def _pane(acts: RefundActs, open_payment: OpenPayment) -> DetailSpec[RefundRow, RefundRow]:
    def head(row: RefundRow) -> PaneHead:
        return PaneHead(
            name=row.to_name,
            line=f"{row.number}, {method_word(row.method.value)}, due {day_text(row.due_on)}",
            badges=(refund_mark(row),),
            figures=(
                Figure("Amount", row.amount),
                Figure("Time left", text=days_words(row.days_left) or "–"),
            ),
            next_steps=_steps(row, acts),
            more=(
                NextStep(
                    f"Open {row.payment_number}",
                    partial(open_payment, row.payment_id, row.payment_number),
                ),
            ),
        )

    return DetailSpec(
        ask=lambda _work, row: row,
        head=head,
        tabs=(PaneTab("facts", "", lambda: FactsPage("Facts", _facts)),),
        nothing="Choose a refund to see its clock.",
    )


def _steps(row: RefundRow, acts: RefundActs) -> tuple[NextStep, ...]:
    if row.status.value == "waiting" and row.request_id is not None:
        return (
            NextStep(
                f"Open request {row.request_number}", partial(acts.open_request, row.request_id)
            ),
        )
    if row.status.value == "paid":
        return (NextStep("Void the refund…", partial(acts.void, row), quiet=True),)
    if row.status.value != "approved":
        return ()
    return (
        NextStep(f"Pay {stated(row.amount)}…", partial(acts.pay, row)),
        NextStep("Call off…", partial(acts.cancel, row)),
    )


def _facts(row: RefundRow) -> list[Section]:
    what = (
        ("Reason", row.reason),
        ("Out of payment", row.payment_number),
        ("Found on", day_text(row.found_on)),
        ("Due on", day_text(row.due_on)),
        ("Paid on", day_text(row.paid_on)),
        ("Check or id", row.reference),
        ("Request", row.request_number),
    )
    return [Section("The refund", tuple(Fact(label, (word,)) for label, word in what if word))]


def _pay(work: Work, *, row: RefundRow, on: date, reference: str) -> str:
    pay_refund(work, row.id, on=on, reference=reference, expected_version=row.version)
    return (
        f"Refund {row.number}: {stated(row.amount)} went to {row.to_name} on {day_text(on)}."
        f" That much less is left of {row.payment_number}."
    )


def _cancel(work: Work, *, row: RefundRow, why: str) -> str:
    cancel_refund(work, row.id, reason=why, expected_version=row.version)
    return f"Refund {row.number} is called off; {stated(row.amount)} is free again."


def _void(work: Work, *, row: RefundRow, why: str) -> str:
    void_refund(work, row.id, reason=why, expected_version=row.version)
    left = f"{stated(row.amount)} is left of {row.payment_number} again"
    return f"Refund {row.number} is voided; {left}."
